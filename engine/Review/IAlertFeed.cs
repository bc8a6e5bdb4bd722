using Surveillance.Messages;

namespace Surveillance.Review;

/// <summary>Something that happened to an alert, small enough to be told at once. Holds no words of a message.</summary>
/// <param name="Sequence">The event's sequence (<see cref="AlertEvent.Sequence"/>).</param>
/// <param name="Alert">Our id of the alert.</param>
/// <param name="Kind">What happened.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Actor">User name of the person; null for the engine.</param>
/// <param name="Status">The status after it.</param>
/// <param name="Severity">The alert's severity.</param>
/// <param name="RuleId">The alert's rule.</param>
/// <param name="Channel">The alert's channel.</param>
public sealed record AlertFeedItem(
    long Sequence, OpaqueId Alert, AlertEventKind Kind, DateTimeOffset At, string? Actor, AlertStatus Status, Severity Severity, string RuleId, Channel Channel);

/// <summary>Tells what happens to alerts while it happens. Thread-safe; any number of readers.</summary>
public interface IAlertFeed
{
    /// <summary>The sequence of the latest committed event; 0 when there is none.</summary>
    long Current { get; }

    /// <summary>Every event after a sequence in order, then each new one soon after its commit; ends only when cancelled.</summary>
    /// <param name="afterSequence">The last sequence that the reader knows.</param>
    /// <param name="cancel">Ends the stream.</param>
    IAsyncEnumerable<AlertFeedItem> ReadAsync(long afterSequence, CancellationToken cancel);
}
