using System.Globalization;
using System.Text.Json;

namespace Surveillance.Storage.Sqlite;

/// <summary>Holds a folder for one process, by a lock that goes with the process.</summary>
internal sealed class FolderLock : IDisposable
{
    internal const string LockFile = "lock";
    internal const string HolderFile = "holder.json";

    private readonly FileStream _lock;

    private FolderLock(FileStream held) => _lock = held;

    /// <summary>Takes a folder that is there.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="purpose">What the process does, for whoever finds the folder in use.</param>
    /// <exception cref="DataFolderInUseException">Another process holds it.</exception>
    internal static FolderLock Take(string path, string purpose)
    {
        FileStream held;
        try
        {
            held = new FileStream(Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (IsHeld(e))
        {
            throw new DataFolderInUseException(path, ReadHolder(path));
        }
        try
        {
            File.WriteAllText(Path.Combine(path, HolderFile), JsonSerializer.Serialize(new Holder(Environment.ProcessId, purpose)));
            return new FolderLock(held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public void Dispose() => _lock.Dispose();

    private static bool IsHeld(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020) || e.Message.Contains("being used by another process", StringComparison.Ordinal);

    /// <summary>Who held a folder last, as its file says; null where nobody says so.</summary>
    internal static (int Process, string Purpose)? HolderOf(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Holder>(File.ReadAllText(Path.Combine(path, HolderFile))) is { } holder ? (holder.Process, holder.Purpose) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private static string ReadHolder(string path) => HolderOf(path) is { } holder
        ? string.Create(CultureInfo.InvariantCulture, $"`surveillance {holder.Purpose}` (process {holder.Process})")
        : "another process";

    private sealed record Holder(int Process, string Purpose);
}
