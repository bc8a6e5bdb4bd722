namespace Surveillance.Backups;

/// <summary>Why a backup or a restore cannot be.</summary>
public enum BackupFault
{
    /// <summary>It is asked for wrongly, such as a backup into the data folder itself.</summary>
    Usage,
    /// <summary>Something is not there, cannot be read or cannot be written; no room is left.</summary>
    Input,
    /// <summary>Something stands in the way: the target is not empty, or in use.</summary>
    Conflict,
    /// <summary>The backup is not what was made: incomplete, altered or damaged.</summary>
    Broken,
}

/// <summary>A backup or a restore was refused or given up; what there was before is unchanged.</summary>
/// <param name="fault">Why.</param>
/// <param name="message">What is wrong, with paths and numbers.</param>
/// <param name="help">What to do; or null.</param>
/// <param name="findings">Everything found wrong, one sentence each.</param>
/// <param name="inner">The failure underneath.</param>
public sealed class BackupException(BackupFault fault, string message, string? help = null, IReadOnlyList<string>? findings = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public BackupFault Fault { get; } = fault;

    /// <summary>What to do; or null.</summary>
    public string? Help { get; } = help;

    /// <summary>Everything found wrong, one sentence each.</summary>
    public IReadOnlyList<string> Findings { get; } = findings ?? [];
}
