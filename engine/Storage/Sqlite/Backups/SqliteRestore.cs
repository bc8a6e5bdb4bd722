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
/// Where a data folder is to be set aside, the copy is made in <c>NAME.restoring</c> beside it, and only when that is whole the two change places.
/// </remarks>
/// <param name="time">The clock of the audit log and of the name under which a folder is set aside.</param>
public sealed class SqliteRestore(TimeProvider time)
{
    private const long Headroom = 16 * 1024 * 1024;
    private const string Staged = ".restoring";
    private const string CannotMove = "Its parent folder must be writable, and no disk may be mounted on it: else restore into a folder inside it, or move what is there away yourself.";

    /// <summary>Tells the free bytes of the disk that a folder lies on.</summary>
    internal Func<string, long> FreeBytes { get; init; } = FolderPlace.FreeBytes;

    /// <summary>Renames a folder.</summary>
    internal Action<string, string> Rename { get; init; } = Directory.Move;

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
        if (Directory.Exists(target) && !IsFree(target) && FolderPlace.IsMountPoint(target))
        {
            throw new BackupException(BackupFault.Input, $"{target} cannot be set aside: a disk is mounted on it", "Restore into a folder inside it, or move what is there away yourself.");
        }
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
        if (Directory.Exists(target) && !IsFree(target))
        {
            return new RestoreReport(target, await ReplaceAsync(backup, target, actor, progress, cancel).ConfigureAwait(false));
        }
        await FillAsync(backup, target, actor, null, progress, cancel).ConfigureAwait(false);
        return new RestoreReport(target, null);
    }

    /// <summary>Makes the new folder beside the old one, which stays where it is, and held, until the new one is whole.</summary>
    private async Task<string> ReplaceAsync(SqliteBackup backup, string target, string actor, Action<BackupStep>? progress, CancellationToken cancel)
    {
        var (staged, aside) = (target + Staged, $"{target}.before-{time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}");
        using var held = FolderLock.Take(target, "restore"); // no service runs in it, and none starts meanwhile
        if (Path.Exists(aside) || File.Exists(staged) || new DirectoryInfo(staged).LinkTarget is not null || (Directory.Exists(staged) && !IsFree(staged)))
        {
            throw new BackupException(BackupFault.Conflict, $"{(Path.Exists(aside) ? aside : staged)} is in the way", "Look what it is and move it away. Nothing was changed.");
        }
        await FillAsync(backup, staged, actor, "the folder that was there is set aside", progress, cancel).ConfigureAwait(false);
        Swap(staged, target, aside);
        return aside;
    }

    /// <summary>Makes a data folder of a folder that is not there or is free.</summary>
    private async Task FillAsync(SqliteBackup backup, string folder, string actor, string? note, Action<BackupStep>? progress, CancellationToken cancel)
    {
        var isNew = !Directory.Exists(folder);
        try
        {
            PrivateFiles.MakeFolder(folder);
            using (FolderLock.Take(folder, "restore"))
            {
                if (!IsFree(folder))
                {
                    throw new BackupException(BackupFault.Conflict, $"another process made a data folder of {folder} meanwhile", "Stop it and look what lies there. Nothing of it was changed.");
                }
                Clear(folder); // of a restore that was cut off
                PrivateFiles.Write(Path.Combine(folder, DataFolder.UnfinishedRestore), []);
                await Task.Run(() => Copy(backup, folder, progress ?? (static _ => { }), cancel), cancel).ConfigureAwait(false);
                await RecordAsync(backup, folder, actor, note).ConfigureAwait(false);
                File.Delete(Path.Combine(folder, DataFolder.UnfinishedRestore));
                PrivateFiles.SyncFolder(folder);
            }
        }
        catch (DataFolderInUseException)
        {
            throw;
        }
        catch (Exception e)
        {
            Undo(folder, isNew);
            if (PrivateFiles.Explain(e, folder) is { } explained)
            {
                throw explained;
            }
            throw;
        }
    }

    /// <summary>Puts the whole new folder in the place of the old one; where that cannot be, says where each of them lies.</summary>
    private void Swap(string staged, string target, string aside)
    {
        try
        {
            Rename(target, aside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Remove(staged);
            throw new BackupException(BackupFault.Input, $"{target} cannot be set aside as {aside}", CannotMove, null, e);
        }
        try
        {
            Rename(staged, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (TryPutBack(aside, target))
            {
                Remove(staged);
                throw new BackupException(BackupFault.Input, $"{staged} cannot be renamed to {target}; what was there is there again", CannotMove, null, e);
            }
            throw new BackupException(
                BackupFault.Conflict, $"another process made {target} at the moment at which the restored folder was to take its place",
                $"The restored data lies whole in {staged}, what was there before in {aside}. Stop what runs in {target}, move that folder away, and rename one of the two to {target}.", null, e);
        }
        PrivateFiles.SyncFolder(Path.GetDirectoryName(target)!);
    }

    private bool TryPutBack(string aside, string target)
    {
        try
        {
            if (!Directory.Exists(target))
            {
                Rename(aside, target);
                return true;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // then it is told where it lies
        }
        return false;
    }

    private static void Remove(string staged)
    {
        File.Create(Path.Combine(staged, DataFolder.UnfinishedRestore)).Dispose(); // should it be cut off, nobody takes the rest for a data folder
        Undo(staged, withFolder: true);
    }

    /// <summary>Whether nothing lies in a folder but what a restore that was cut off left there.</summary>
    private static bool IsFree(string target)
    {
        var names = Directory.EnumerateFileSystemEntries(target).Select(p => Path.GetFileName(p)!).Where(name => name is not (FolderLock.LockFile or FolderLock.HolderFile)).ToList();
        return names.Count == 0 || (names.Contains(DataFolder.UnfinishedRestore) && names.TrueForAll(IsOfRestore));
    }

    private static bool IsOfRestore(string name) =>
        name is "keys" or "work.db-wal" or "work.db-shm" || name.StartsWith(DataFolder.UnfinishedRestore, StringComparison.Ordinal) || BackupManifest.IsName(name);

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

    private async Task RecordAsync(SqliteBackup backup, string target, string actor, string? note)
    {
        await using var work = new WorkDatabase(Path.Combine(target, "work.db"), SqliteAuditLog.Schema);
        await new SqliteAuditLog(work).AppendAsync(
            new AuditEntry(actor, "backup.restore", "backup:" + backup.Manifest.Id, note, time.GetUtcNow()), CancellationToken.None).ConfigureAwait(false);
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

    /// <summary>Takes away what was copied.</summary>
    private static void Undo(string folder, bool withFolder)
    {
        try
        {
            if (!Directory.Exists(folder) || !IsFree(folder))
            {
                return;
            }
            using (FolderLock.Take(folder, "restore"))
            {
                if (!IsFree(folder))
                {
                    return;
                }
                Clear(folder);
                File.Delete(Path.Combine(folder, FolderLock.LockFile));
                File.Delete(Path.Combine(folder, FolderLock.HolderFile));
            }
            if (withFolder)
            {
                Directory.Delete(folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DataFolderInUseException)
        {
            // what stays says that it is not whole
        }
    }
}
