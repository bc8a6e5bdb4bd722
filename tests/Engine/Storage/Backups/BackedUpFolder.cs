using Surveillance.Archive;
using Surveillance.Backups;
using Surveillance.Storage.Sqlite;
using Surveillance.Storage.Sqlite.Backups;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Storage.Backups;

/// <summary>A data folder with some entries and results, held by this process, in a folder that has room for backups beside it.</summary>
internal sealed class BackedUpFolder : IAsyncDisposable
{
    private readonly TemporaryFolder _room = new();

    internal BackedUpFolder()
    {
        Data = DataFolder.Open(Path("data"), "serve");
        Archive = new SqliteMessageArchive(Data.ArchiveFile, Data.Ids, Time);
        Work = new WorkDatabase(Data.WorkFile, SqliteWorkStore.Schema, SqliteAuditLog.Schema);
        Audit = new SqliteAuditLog(Work);
        Directory.CreateDirectory(Data.File("keys"));
        File.WriteAllText(Data.File("keys/key-1.xml"), "<key/>");
    }

    internal ManualTime Time { get; } = new(A.Start);

    internal DataFolder Data { get; }

    internal SqliteMessageArchive Archive { get; }

    internal WorkDatabase Work { get; }

    internal SqliteAuditLog Audit { get; }

    internal SqliteBackupMaker Maker => field ??= new SqliteBackupMaker(Data, Audit, Time);

    internal SqliteRestore Restore => field ??= new SqliteRestore(Time);

    internal string Path(string name) => _room.File(name);

    /// <summary>Keeps messages and says that all were judged.</summary>
    internal async Task FillAsync(int messages, long? checkpoint = null)
    {
        await Archive.AppendAsync([.. Enumerable.Range(0, messages).Select(_ => ArchiveItem.Of(A.Message(), default, Data.Ids))], null, default);
        await new SqliteWorkStore(Work, Data.Ids, Time).AdvanceAsync([.. Enumerable.Range(0, 64)], checkpoint ?? Archive.LastPosition, default);
    }

    /// <summary>A backup in a folder of a name.</summary>
    internal Task<BackupManifest> BackUpAsync(string name = "backup", CancellationToken cancel = default) => Maker.MakeAsync(Path(name), "operator", null, cancel);

    /// <summary>What the audit log of a folder's results says, oldest first.</summary>
    internal static async Task<IReadOnlyList<string>> AuditOfAsync(string folder)
    {
        await using var work = new WorkDatabase(System.IO.Path.Combine(folder, "work.db"), SqliteAuditLog.Schema);
        return [.. (await new SqliteAuditLog(work).ReadAsync(0, 100, default)).Select(r => r.Entry.Action + " " + r.Entry.Object)];
    }

    /// <summary>Who may do what with a file or folder, in octal digits.</summary>
    internal static string ModeOf(string path) => OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : Convert.ToString((int)File.GetUnixFileMode(path), 8);

    public async ValueTask DisposeAsync()
    {
        await Archive.DisposeAsync();
        await Work.DisposeAsync();
        Data.Dispose();
        _room.Dispose();
    }
}
