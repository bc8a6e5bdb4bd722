using Surveillance.Health;

namespace Surveillance.Storage.Sqlite;

/// <summary>Sizes of the files of a data folder and the room around them.</summary>
/// <param name="folder">The folder's path.</param>
public sealed class DataFolderStatus(string folder) : IStorageStatus
{
    /// <inheritdoc />
    public StorageState Read()
    {
        var files = Directory.Exists(folder)
            ? new DirectoryInfo(folder).EnumerateFiles("*.db*").Where(f => f.Name.EndsWith(".db", StringComparison.Ordinal) || f.Name.EndsWith(".db-wal", StringComparison.Ordinal))
                .Select(f => (Name: f.Name.Replace("-wal", "", StringComparison.Ordinal), f.Length)).ToArray()
            : [];
        var (free, total) = RoomOf(folder);
        return new StorageState(
            [.. files.GroupBy(f => f.Name, StringComparer.Ordinal).Select(g => new StoredFile(g.Key, g.Sum(f => f.Length))).OrderByDescending(f => f.Bytes)],
            free, total, $"SQLite {SQLitePCL.raw.sqlite3_libversion().utf8_to_string()}");
    }

    /// <summary>What is free where a path lies, and how large that disk is; nulls when the system does not tell.</summary>
    internal static (long? Free, long? Total) RoomOf(string path)
    {
        try
        {
            var drive = new DriveInfo(path);
            return (drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, null);
        }
    }
}
