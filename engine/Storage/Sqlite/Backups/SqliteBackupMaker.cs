using System.Reflection;
using System.Security.Cryptography;
using Surveillance.Audit;
using Surveillance.Backups;

namespace Surveillance.Storage.Sqlite.Backups;

/// <summary>Backs up a data folder that this process holds.</summary>
/// <param name="data">The data folder.</param>
/// <param name="audit">Told before anything is copied.</param>
/// <param name="time">The clock of <see cref="BackupManifest.MadeAt"/>.</param>
public sealed class SqliteBackupMaker(DataFolder data, IAuditLog audit, TimeProvider time) : IBackupMaker
{
    private const long Headroom = 16 * 1024 * 1024;

    private static readonly string[] MadeAgain = // by whoever opens the folder, or from the archive
        ["archive.db-wal", "archive.db-shm", "work.db-wal", "work.db-shm", "search.db", "search.db-wal", "search.db-shm", "search.db-journal", "control.sock", FolderLock.LockFile, FolderLock.HolderFile];

    private int _running;

    /// <summary>Tells the free bytes of the disk that a folder lies on.</summary>
    internal Func<string, long> FreeBytes { get; init; } = FolderPlace.FreeBytes;

    /// <inheritdoc />
    public async Task<BackupManifest> MakeAsync(string folder, string actor, Action<BackupStep>? progress, CancellationToken cancel)
    {
        if (Interlocked.Exchange(ref _running, 1) == 1)
        {
            throw new BackupException(BackupFault.Conflict, "another backup of this data folder is being made", "Wait until it is done.");
        }
        try
        {
            folder = Path.GetFullPath(folder);
            RefusePlace(folder);
            var (id, at) = (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), time.GetUtcNow());
            await audit.AppendAsync(new AuditEntry(actor, "backup.make", "backup:" + id, null, at), cancel).ConfigureAwait(false);
            try
            {
                return await Task.Run(() => Make(folder, id, at, progress ?? (static _ => { }), cancel), cancel).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                var why = e is OperationCanceledException ? "cancelled" : e.GetType().Name;
                await TellAsync(new AuditEntry(actor, "backup.give-up", "backup:" + id, why, time.GetUtcNow())).ConfigureAwait(false);
                throw;
            }
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    private async Task TellAsync(AuditEntry entry)
    {
        try
        {
            await audit.AppendAsync(entry, CancellationToken.None).ConfigureAwait(false);
        }
        catch (AuditUnavailableException)
        {
            // the failure that it would tell of says more, and nothing was made that had to be recorded
        }
    }

    private void RefusePlace(string folder)
    {
        FolderPlace.RefuseLinkOrFile(folder);
        FolderPlace.RefuseSame(folder, data.Path, "the data folder");
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new BackupException(
                BackupFault.Conflict,
                File.Exists(Path.Combine(folder, BackupManifest.FileName)) ? $"{folder} holds a backup already"
                    : File.Exists(Path.Combine(folder, "work.db")) ? $"{folder} holds the beginning of a backup that was cut off"
                    : $"{folder} is not empty",
                "Give a folder that is not there yet; a backup is never overwritten.");
        }
        FolderPlace.RefuseFull(folder, Size(data.WorkFile) + Size(data.ArchiveFile) + Headroom, FreeBytes);
    }

    private static long Size(string file) => Length(file) + Length(file + "-wal");

    private static long Length(string file) => new FileInfo(file) is { Exists: true } info ? info.Length : 0;

    private BackupManifest Make(string folder, string id, DateTimeOffset at, Action<BackupStep> progress, CancellationToken cancel)
    {
        var isNew = !Directory.Exists(folder);
        try
        {
            PrivateFiles.MakeFolder(folder);
            // The results first: the archive may know more than they do, which is work to do, never less.
            Copy("work.db", data.WorkFile);
            Copy("archive.db", data.ArchiveFile);
            var names = new List<string> { "work.db", "archive.db" };
            foreach (var name in SmallFiles())
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
                PrivateFiles.Copy(data.File(name), Path.Combine(folder, name), static _ => { }, cancel);
                names.Add(name);
            }
            var files = names.ConvertAll(Hash);
            if (Directory.Exists(Path.Combine(folder, "keys")))
            {
                PrivateFiles.MakeFolder(Path.Combine(folder, "keys"));
                PrivateFiles.SyncFolder(Path.Combine(folder, "keys"));
            }
            PrivateFiles.SyncFolder(folder);
            var manifest = Describe(folder, id, at, files).Sealed();
            cancel.ThrowIfCancellationRequested();
            PrivateFiles.Write(Path.Combine(folder, BackupManifest.FileName), manifest.Write());
            if (Path.GetDirectoryName(folder) is { } parent)
            {
                PrivateFiles.SyncFolder(parent);
            }
            return manifest;
        }
        catch (Exception e)
        {
            Remove(folder, isNew);
            if (PrivateFiles.Explain(e, folder) is { } explained)
            {
                throw explained;
            }
            throw;
        }

        void Copy(string name, string source) =>
            DatabaseCopy.Copy(source, Path.Combine(folder, name), (done, of) => progress(new BackupStep("copying " + name, done, of, true)), cancel);

        BackupFile Hash(string name)
        {
            var path = Path.Combine(folder, name);
            var of = Length(path);
            var (size, sha256) = PrivateFiles.Hash(path, done => progress(new BackupStep("hashing " + name, done, of, true)), cancel);
            return new BackupFile(name, size, sha256);
        }
    }

    private IEnumerable<string> SmallFiles()
    {
        yield return DataFolder.KeyFile;
        if (File.Exists(data.File("demo.json")))
        {
            yield return "demo.json";
        }
        foreach (var key in Directory.Exists(data.File("keys")) ? Directory.GetFiles(data.File("keys")) : [])
        {
            if (BackupManifest.IsName("keys/" + Path.GetFileName(key)))
            {
                yield return "keys/" + Path.GetFileName(key);
            }
        }
    }

    private BackupManifest Describe(string folder, string id, DateTimeOffset at, IReadOnlyList<BackupFile> files)
    {
        using var archive = SqliteArchiveEvidence.OpenUnchanging(Path.Combine(folder, "archive.db"));
        var taken = files.Select(f => f.Name.Split('/')[0]).Concat(MadeAgain).ToHashSet();
        return new BackupManifest
        {
            Format = BackupManifest.CurrentFormat,
            Id = id,
            Engine = typeof(SqliteBackupMaker).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0],
            MadeAt = at,
            Files = files,
            Archive = new BackupHead(archive.LastPosition, archive.ReadLastSeal()),
            Checkpoints = WorkEvidence.ReadCheckpoints(Path.Combine(folder, "work.db")),
            NotTaken = [.. Directory.EnumerateFileSystemEntries(data.Path).Select(p => Path.GetFileName(p)!).Where(name => !taken.Contains(name)).Order(StringComparer.Ordinal)],
        };
    }

    /// <summary>Leaves the folder as it was: what is in it was made by this backup.</summary>
    private static void Remove(string folder, bool withFolder)
    {
        try
        {
            foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories) : [])
            {
                File.Delete(file);
            }
            if (Directory.Exists(Path.Combine(folder, "keys")))
            {
                Directory.Delete(Path.Combine(folder, "keys"));
            }
            if (withFolder && Directory.Exists(folder))
            {
                Directory.Delete(folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // what stays has no manifest, so nobody takes it for a backup
        }
    }
}
