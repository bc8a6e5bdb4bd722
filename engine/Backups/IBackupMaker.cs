namespace Surveillance.Backups;

/// <summary>How far a backup or a restore is.</summary>
/// <param name="Stage">What is being done, in a few words, such as <c>copying archive.db</c>.</param>
/// <param name="Done">How much of it is done.</param>
/// <param name="Of">How much there is; 0 when it is not known.</param>
/// <param name="InBytes">Whether both count bytes; else they count entries.</param>
public readonly record struct BackupStep(string Stage, long Done, long Of, bool InBytes);

/// <summary>Copies everything that a data folder needs while the service goes on. Thread-safe; one backup at a time.</summary>
public interface IBackupMaker
{
    /// <summary>Makes a backup: results before archive, each of one moment, so that the archive is never behind; the manifest last, so that a cut-off backup is known by its absence.</summary>
    /// <param name="folder">A folder that is not there yet or is empty. After a failure or a cancellation it is as it was.</param>
    /// <param name="actor">Who asks, in the form of the audit log. The audit entry is part of the backup.</param>
    /// <param name="progress">Told what happens, often; or null.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The manifest, after everything is synced to the disk.</returns>
    /// <exception cref="BackupException">It cannot be made.</exception>
    /// <exception cref="Audit.AuditUnavailableException">It could not be recorded, so it was not made.</exception>
    Task<BackupManifest> MakeAsync(string folder, string actor, Action<BackupStep>? progress, CancellationToken cancel);
}
