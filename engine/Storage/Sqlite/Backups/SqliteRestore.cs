using System.Globalization;
using Surveillance.Audit;
using Surveillance.Backups;

namespace Surveillance.Storage.Sqlite.Backups;

/// <summary>What a restore did.</summary>
/// <param name="Folder">The data folder that is there now.</param>
/// <param name="SetAside">Where the folder that was there before lies now; null where there was none.</param>
public sealed record RestoreReport(string Folder, string? SetAside);

/// <summary>Makes a data folder from a backup.</summary>
/// <remarks>
/// While it copies, a file in the folder says so and keeps every process from taking it for a data folder; a restore that was killed is finished by another.
/// </remarks>
/// <param name="time">The clock of the audit log and of the name under which a folder is set aside.</param>
public sealed class SqliteRestore(TimeProvider time)
{
    private const long Headroom = 16 * 1024 * 1024;

    /// <summary>Tells the free bytes of the disk that a folder lies on.</summary>
    internal Func<string, long> FreeBytes { get; init; } = FolderPlace.FreeBytes;

    /// <summary>Refuses a target into which the backup cannot be restored; changes nothing.</summary>
    /// <param name="backup">The backup.</param>
    /// <param name="target">The data folder to make.</param>
    /// <param name="confirm">The name of the folder, when what is there may be set aside; or null.</param>
    /// <exception cref="BackupException">It cannot be restored there.</exception>
    /// <exception cref="DataFolderInUseException">A service runs in the folder.</exception>
    public void RefuseTarget(SqliteBackup backup, string target, string? confirm)
    {
        target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        FolderPlace.RefuseLinkOrFile(target);
        FolderPlace.RefuseSame(target, backup.Folder, "the backup");
        if (Directory.Exists(target) && !IsFree(target) && confirm != Path.GetFileName(target))
        {
            throw new BackupException(
                BackupFault.Conflict,
                confirm is null ? $"the data folder {target} is not empty" : $"--confirm={confirm} is not the name of the data folder {target}",
                $"Give a folder that is not there yet, or --confirm={Path.GetFileName(target)} to set aside what is there. Nothing was changed.");
        }
        if (Directory.Exists(target) && !IsFree(target))
        {
            FolderLock.Take(target, "restore").Dispose(); // a service that runs in it is told of before the long work
        }
        FolderPlace.RefuseFull(target, backup.Manifest.SizeBytes + Headroom, FreeBytes);
    }

    /// <summary>Restores a backup that was verified.</summary>
    /// <param name="backup">The backup; every file is compared with the manifest once more while it is copied.</param>
    /// <param name="target">The data folder to make.</param>
    /// <param name="confirm">The name of the folder, when what is there may be set aside; or null.</param>
    /// <param name="actor">Who asks, in the form of the audit log.</param>
    /// <param name="progress">Told what happens; or null.</param>
    /// <param name="cancel">Gives up; what was there before is there again.</param>
    /// <exception cref="BackupException">It cannot be restored; what was there before is unchanged.</exception>
    /// <exception cref="DataFolderInUseException">A service runs in the folder.</exception>
    public async Task<RestoreReport> RunAsync(SqliteBackup backup, string target, string? confirm, string actor, Action<BackupStep>? progress, CancellationToken cancel)
    {
        target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        RefuseTarget(backup, target, confirm);
        var (isNew, aside) = (!Directory.Exists(target), (string?)null);
        try
        {
            if (!isNew && !IsFree(target))
            {
                aside = SetAside(target);
            }
            PrivateFiles.MakeFolder(target);
            using (FolderLock.Take(target, "restore"))
            {
                Clear(target); // of a restore that was cut off
                PrivateFiles.Write(Path.Combine(target, DataFolder.UnfinishedRestore), []);
                await Task.Run(() => Copy(backup, target, progress ?? (static _ => { }), cancel), cancel).ConfigureAwait(false);
                await RecordAsync(backup, target, actor, aside is not null).ConfigureAwait(false);
                File.Delete(Path.Combine(target, DataFolder.UnfinishedRestore));
                PrivateFiles.SyncFolder(target);
            }
            return new RestoreReport(target, aside);
        }
        catch (DataFolderInUseException)
        {
            throw;
        }
        catch (Exception e)
        {
            Undo(target, isNew || aside is not null, aside);
            if (PrivateFiles.Explain(e, target) is { } explained)
            {
                throw explained;
            }
            throw;
        }
    }

    /// <summary>Whether nothing lies in a folder but what a restore that was cut off left there.</summary>
    private static bool IsFree(string target)
    {
        var names = Directory.EnumerateFileSystemEntries(target).Select(p => Path.GetFileName(p)!).Where(name => name is not (FolderLock.LockFile or FolderLock.HolderFile)).ToList();
        return names.Count == 0 || (names.Contains(DataFolder.UnfinishedRestore) && names.TrueForAll(IsOfRestore));
    }

    private static bool IsOfRestore(string name) =>
        name is "keys" or "work.db-wal" or "work.db-shm" || name.StartsWith(DataFolder.UnfinishedRestore, StringComparison.Ordinal) || BackupManifest.IsName(name);

    private string SetAside(string target)
    {
        var aside = $"{target}.before-{time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";
        using (FolderLock.Take(target, "restore")) // no service runs in it, and none starts meanwhile
        {
            try
            {
                Directory.Move(target, aside);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new BackupException(
                    BackupFault.Input, $"{target} cannot be set aside as {aside}", "Its parent folder must be writable, and no disk may be mounted on it: else restore into a folder inside it, or move what is there away yourself.", null, e);
            }
        }
        PrivateFiles.SyncFolder(Path.GetDirectoryName(target)!);
        return aside;
    }

    private static void Copy(SqliteBackup backup, string target, Action<BackupStep> progress, CancellationToken cancel)
    {
        foreach (var file in backup.Manifest.Files)
        {
            var to = Path.Combine(target, file.Name);
            PrivateFiles.MakeFolder(Path.GetDirectoryName(to)!);
            if (PrivateFiles.Copy(backup.PathOf(file.Name), to, done => progress(new BackupStep("restoring " + file.Name, done, file.SizeBytes, true)), cancel) != (file.SizeBytes, file.Sha256))
            {
                throw backup.Broken([$"{file.Name} changed after it was verified."]);
            }
        }
        if (Directory.Exists(Path.Combine(target, "keys")))
        {
            PrivateFiles.SyncFolder(Path.Combine(target, "keys"));
        }
        PrivateFiles.SyncFolder(target);
    }

    private async Task RecordAsync(SqliteBackup backup, string target, string actor, bool setAside)
    {
        await using var work = new WorkDatabase(Path.Combine(target, "work.db"), SqliteAuditLog.Schema);
        await new SqliteAuditLog(work).AppendAsync(
            new AuditEntry(actor, "backup.restore", "backup:" + backup.Manifest.Id, setAside ? "the folder that was there is set aside" : null, time.GetUtcNow()), CancellationToken.None).ConfigureAwait(false);
    }

    private static void Clear(string target)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(target).ToList())
        {
            if (Path.GetFileName(path) is "keys" && new DirectoryInfo(path).LinkTarget is null)
            {
                Directory.Delete(path, recursive: true);
            }
            else if (Path.GetFileName(path) is not (FolderLock.LockFile or FolderLock.HolderFile))
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>Takes away what was copied and puts back what was set aside.</summary>
    private static void Undo(string target, bool withFolder, string? aside)
    {
        try
        {
            if (Directory.Exists(target) && IsFree(target))
            {
                Clear(target);
                File.Delete(Path.Combine(target, FolderLock.LockFile));
                File.Delete(Path.Combine(target, FolderLock.HolderFile));
                if (withFolder)
                {
                    Directory.Delete(target);
                }
            }
            if (aside is not null && !Directory.Exists(target))
            {
                Directory.Move(aside, target);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // what stays says that it is not whole; what was set aside lies under its new name
        }
    }
}
