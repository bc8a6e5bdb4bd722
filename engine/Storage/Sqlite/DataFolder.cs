using System.Security.Cryptography;
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
    /// <summary>The file of the secret under which ids are made.</summary>
    internal const string KeyFile = "instance.key";

    /// <summary>Stands in a folder into which a backup is being restored, until everything is there.</summary>
    internal const string UnfinishedRestore = "restore.unfinished";

    /// <summary>The name of the search index's file.</summary>
    internal const string SearchFileName = "search.db";

    internal const int MaxSocketBytes = 107; // sun_path of unix(7) without its final zero

    private readonly FolderLock _lock;

    private DataFolder(string path, FolderLock held, IdMaker ids, bool isNew)
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
    public string SearchFile => File(SearchFileName);

    /// <summary>The socket over which commands speak to the service that holds the folder.</summary>
    public string ControlSocket => SocketOf(Path);

    /// <summary>The socket of a folder, whether or not a service holds it.</summary>
    /// <param name="folder">The folder.</param>
    public static string SocketOf(string folder) => System.IO.Path.Combine(System.IO.Path.GetFullPath(folder), "control.sock");

    /// <summary>Whether a folder has been a data folder before.</summary>
    /// <param name="folder">The folder.</param>
    public static bool Exists(string folder) => System.IO.File.Exists(System.IO.Path.Combine(folder, KeyFile));

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
        var held = FolderLock.Take(path, purpose);
        try
        {
            if (System.IO.File.Exists(System.IO.Path.Combine(path, UnfinishedRestore)))
            {
                throw new IOException($"A restore into {path} was cut off; what lies there is not whole. Run the same `surveillance restore` again, or remove the folder.");
            }
            var key = System.IO.Path.Combine(path, KeyFile);
            var isNew = !System.IO.File.Exists(key);
            if (isNew && new FileInfo(System.IO.Path.Combine(path, "archive.db")) is { Exists: true, Length: > 0 })
            {
                throw new IOException($"{key} is missing, and the archive beside it is not empty: every id in it was made with that key. Restore the key from a backup; with another one, what was kept would no longer be found.");
            }
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

    /// <summary>Who held the folder last, as its file says; null where nobody says so.</summary>
    /// <param name="path">The folder.</param>
    internal static (int Process, string Purpose)? HolderOf(string path) => FolderLock.HolderOf(path);

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
}
