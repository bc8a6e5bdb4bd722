namespace Surveillance.Pipeline;

/// <summary>How far the pipeline is.</summary>
/// <param name="Head">Position of the last entry kept; 0 for an empty archive.</param>
/// <param name="Waiting">How many entries are kept and not evaluated yet.</param>
/// <param name="OldestWaiting">When the oldest of them was kept, UTC; null when none waits.</param>
/// <param name="LastReceivedAt">When the last entry was kept, UTC; null for an empty archive.</param>
/// <param name="ReceivedLastHour">How many entries were kept in the last sixty minutes, whether or not the service ran all the time.</param>
/// <param name="HasMessages">Whether a message was ever kept; activations and consent lines are none.</param>
public sealed record PipelineProgress(long Head, long Waiting, DateTimeOffset? OldestWaiting, DateTimeOffset? LastReceivedAt, long ReceivedLastHour, bool HasMessages);

/// <summary>Tells how far the pipeline is. Thread-safe; answers from memory.</summary>
public interface IPipelineStatus
{
    /// <summary>How far it is now.</summary>
    PipelineProgress Read();

    /// <summary>Whether it has started and not been stopped.</summary>
    bool IsRunning { get; }

    /// <summary>What keeps it from going on, in words; empty when nothing does.</summary>
    IReadOnlyList<string> Stalls { get; }
}
