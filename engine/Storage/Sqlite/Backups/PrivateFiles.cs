using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Surveillance.Backups;

namespace Surveillance.Storage.Sqlite.Backups;

/// <summary>Files and folders that only their owner may read, synced to the disk when they are done.</summary>
internal static class PrivateFiles
{
    private const int BlockBytes = 1024 * 1024;
    private const int NoSpace = 28, QuotaExceeded = 122, ReadOnlyDisk = 30; // ENOSPC, EDQUOT, EROFS

    /// <summary>Makes a folder, or closes one that is there to others.</summary>
    internal static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(path, owner);
        File.SetUnixFileMode(path, owner);
    }

    /// <summary>Makes a file that is not there yet.</summary>
    internal static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        return new FileStream(path, options);
    }

    /// <summary>Writes a file whole: it is there with all its bytes, or not at all.</summary>
    internal static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        using (var file = Create(path + ".new"))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        File.Move(path + ".new", path);
        SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Copies a file and gives its size and SHA-256 as they were read.</summary>
    internal static (long SizeBytes, string Sha256) Copy(string from, string to, Action<long> progress, CancellationToken cancel)
    {
        using var target = Create(to);
        var read = Read(from, block => target.Write(block), progress, cancel);
        target.Flush(flushToDisk: true);
        return read;
    }

    /// <summary>Size and SHA-256 of a file.</summary>
    internal static (long SizeBytes, string Sha256) Hash(string path, Action<long> progress, CancellationToken cancel) => Read(path, static _ => { }, progress, cancel);

    /// <summary>Has the disk keep what was written to a file.</summary>
    internal static void Sync(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Has the disk keep the names in a folder; where the system has no such call, it keeps them by itself.</summary>
    internal static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        var folder = open(path, 0);
        if (folder >= 0)
        {
            _ = fsync(folder);
            _ = close(folder);
        }
    }

    /// <summary>Says in words why a file could not be written or read; null when the failure is of another kind.</summary>
    internal static BackupException? Explain(Exception e, string path) => e switch
    {
        IOException { HResult: NoSpace or QuotaExceeded } or Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL } =>
            new BackupException(BackupFault.Input, $"the disk of {path} is full; what was written there is removed", "Make room, or give a folder on another disk.", null, e),
        IOException { HResult: ReadOnlyDisk } => new BackupException(BackupFault.Input, $"the disk of {path} is read-only", "Give a folder on a disk that can be written.", null, e),
        UnauthorizedAccessException => new BackupException(BackupFault.Input, $"{path} must not be written or read by this user", "Give the user that runs the service access to it, or give another folder.", null, e),
        Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_IOERR } sqlite =>
            new BackupException(BackupFault.Input, $"the disk of {path} cannot be read or written (SQLite {sqlite.SqliteExtendedErrorCode}); it may be full", "Look at the disk, then try again.", null, e),
        _ => null,
    };

    private static (long SizeBytes, string Sha256) Read(string path, Action<ReadOnlySpan<byte>> take, Action<long> progress, CancellationToken cancel)
    {
        using var source = new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read, BufferSize = 0, Options = FileOptions.SequentialScan });
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[BlockBytes];
        long size = 0;
        for (int read; (read = source.Read(block)) > 0;)
        {
            cancel.ThrowIfCancellationRequested();
            hash.AppendData(block, 0, read);
            take(block.AsSpan(0, read));
            size += read;
            progress(size);
        }
        return (size, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

#pragma warning disable SYSLIB1054, CA2101, IDE1006 // three plain calls of POSIX.1 under their own names
    [DllImport("libc", SetLastError = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int fsync(int file);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int file);
#pragma warning restore SYSLIB1054, CA2101, IDE1006
}
