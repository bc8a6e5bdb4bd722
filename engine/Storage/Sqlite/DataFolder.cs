using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Surveillance.Messages;

namespace Surveillance.Storage.Sqlite;

/// <summary>Another process holds the data folder.</summary>
/// <param name="path">The folder.</param>
/// <param name="holder">Who holds it, for people.</param>
public sealed class DataFolderInUseException(string path, string holder) : Exception($"The data folder {path} is in use by {holder}.")
{
    /// <summary>The folder.</summary>
    public string Path { get; } = path;
}

/// <summary>The folder in which one firm's data lies, held by one process at a time.</summary>
public sealed class DataFolder : IDisposable
{
    internal const int MaxSocketBytes = 107; // sun_path of unix(7) without its final zero

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held, IdMaker ids, bool isNew)
    {
        Path = path;
        IsNew = isNew;
        _lock = held;
        Ids = ids;
    }

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>Whether opening it made it.</summary>
    public bool IsNew { get; }

    /// <summary>Makes the ids of this folder.</summary>
    public IdMaker Ids { get; }

    /// <summary>The archive's file.</summary>
    public string ArchiveFile => File("archive.db");

    /// <summary>The file of results, accounts and audit.</summary>
    public string WorkFile => File("work.db");

    /// <summary>The file of the search index.</summary>
    public string SearchFile => File("search.db");

    /// <summary>The socket over which commands speak to the service that holds the folder.</summary>
    public string ControlSocket => SocketOf(Path);

    /// <summary>The socket of a folder, whether or not a service holds it.</summary>
    /// <param name="folder">The folder.</param>
    public static string SocketOf(string folder) => System.IO.Path.Combine(System.IO.Path.GetFullPath(folder), "control.sock");

    /// <summary>Takes the folder, making it with its secret key when it is new; only its owner may read it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="purpose">What the process does, for whoever finds the folder in use, such as <c>serve</c>.</param>
    /// <exception cref="DataFolderInUseException">Another process holds it.</exception>
    /// <exception cref="IOException">The folder cannot be made or written.</exception>
    public static DataFolder Open(string path, string purpose)
    {
        path = System.IO.Path.GetFullPath(path);
        var tooLong = System.Text.Encoding.UTF8.GetByteCount(SocketOf(path)) - MaxSocketBytes;
        if (tooLong > 0)
        {
            throw new IOException($"The path of the data folder {path} is too long by {tooLong} bytes: that of a socket in it may have {MaxSocketBytes}.");
        }
        try
        {
            if (OperatingSystem.IsWindows()) { Directory.CreateDirectory(path); }
            else
        {
            const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            Directory.CreateDirectory(path, owner);
            System.IO.File.SetUnixFileMode(path, owner); // also where it was there already: it holds every client's words
        }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The data folder {path} cannot be made{(System.IO.File.Exists(path) ? ": there is a file of that name" : "")}.", e);
        }
        FileStream held;
        try
        {
            held = new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (IsHeld(e))
        {
            throw new DataFolderInUseException(path, ReadHolder(path));
        }
        try
        {
            var holder = JsonSerializer.Serialize(new Holder(Environment.ProcessId, purpose));
            System.IO.File.WriteAllText(System.IO.Path.Combine(path, "holder.json"), holder);
            var key = System.IO.Path.Combine(path, "instance.key");
            var isNew = !System.IO.File.Exists(key);
            return new DataFolder(path, held, new IdMaker(ReadOrMakeKey(key)), isNew);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>A path inside the folder.</summary>
    /// <param name="name">The file's name.</param>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Leaves the control socket to its owner, also where the folder was made by somebody who let others in.</summary>
    public void CloseSocketToOthers()
    {
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(ControlSocket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    /// <summary>Lets the folder go.</summary>
    public void Dispose() => _lock.Dispose();

    private static bool IsHeld(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020) || e.Message.Contains("being used by another process", StringComparison.Ordinal);

    private static string ReadHolder(string path) => HolderOf(path) is { } holder
        ? string.Create(CultureInfo.InvariantCulture, $"`surveillance {holder.Purpose}` (process {holder.Process})")
        : "another process";

    /// <summary>Who held the folder last, as its file says; null where nobody says so.</summary>
    /// <param name="path">The folder.</param>
    internal static (int Process, string Purpose)? HolderOf(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Holder>(System.IO.File.ReadAllText(System.IO.Path.Combine(path, "holder.json"))) is { } holder ? (holder.Process, holder.Purpose) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private static byte[] ReadOrMakeKey(string path)
    {
        if (System.IO.File.Exists(path))
        {
            var key = System.IO.File.ReadAllBytes(path);
            return key.Length == 32 ? key : throw new IOException($"{path} is not a key of 32 bytes. Restore it from a backup: every id of this folder depends on it.");
        }
        var made = RandomNumberGenerator.GetBytes(32);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        using (var file = new FileStream(path + ".new", options))
        {
            file.Write(made);
            file.Flush(flushToDisk: true);
        }
        System.IO.File.Move(path + ".new", path); // whole or not there, whenever the process dies
        return made;
    }

    private sealed record Holder(int Process, string Purpose);
}
