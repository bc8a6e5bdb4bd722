using Surveillance.Messages;

namespace Surveillance.Pipeline;

/// <summary>A message that could not be evaluated.</summary>
/// <param name="Message">Our id of it.</param>
/// <param name="Position">Its position.</param>
/// <param name="Conversation">Our id of its conversation.</param>
/// <param name="Channel">Where it was sent.</param>
/// <param name="Reason">A code such as <c>conflict</c> or <c>evaluation-failed</c>.</param>
/// <param name="Detail">A sentence for people; no words of the message.</param>
/// <param name="Since">Since when it lies there, UTC.</param>
/// <param name="Tries">How often it was tried, at least 1.</param>
/// <param name="LastTry">When it was last tried, UTC.</param>
/// <param name="Retryable">Whether trying again can help; a conflict is for people to settle.</param>
public sealed record QuarantineItem(
    OpaqueId Message, long Position, OpaqueId Conversation, Channel Channel, string Reason, string Detail,
    DateTimeOffset Since, int Tries, DateTimeOffset LastTry, bool Retryable = true);

/// <summary>A page of the quarantine.</summary>
/// <param name="Items">In order of position.</param>
/// <param name="Next">Cursor of the items after these; null when there are none.</param>
public sealed record QuarantinePage(IReadOnlyList<QuarantineItem> Items, string? Next);

/// <summary>How many messages lie in quarantine for one reason.</summary>
/// <param name="Reason">A code such as <c>conflict</c>.</param>
/// <param name="Count">How many.</param>
/// <param name="Retryable">How many of them another try may help.</param>
/// <param name="Oldest">Since when the first of them lies there, UTC.</param>
public sealed record QuarantineCount(string Reason, int Count, int Retryable, DateTimeOffset Oldest);

/// <summary>What came of asking for another try.</summary>
public enum RetryOutcome
{
    /// <summary>It will be tried again soon.</summary>
    Queued,
    /// <summary>It does not lie in quarantine (any more).</summary>
    NotThere,
    /// <summary>Trying again cannot help.</summary>
    NotRetryable,
}

/// <summary>Reads the quarantine for people and takes their retries. Thread-safe.</summary>
public interface IQuarantineReader
{
    /// <summary>A page of the messages that lie there; null when the cursor is unreadable.</summary>
    /// <param name="after">The cursor of the page before, or null for the first page.</param>
    /// <param name="count">How many at most, 1 to 200.</param>
    /// <param name="cancel">Ends the call.</param>
    ValueTask<QuarantinePage?> PageAsync(string? after, int count, CancellationToken cancel);

    /// <summary>How many messages lie there, at most 10,001.</summary>
    /// <param name="cancel">Ends the call.</param>
    ValueTask<int> CountAsync(CancellationToken cancel);

    /// <summary>How many messages lie there for each reason, of at most 10,001 in all, the most frequent first.</summary>
    /// <param name="cancel">Ends the call.</param>
    ValueTask<IReadOnlyList<QuarantineCount>> CountByReasonAsync(CancellationToken cancel);

    /// <summary>Has a message tried again; audited.</summary>
    /// <param name="message">Our id of it.</param>
    /// <param name="actor">User name of the person.</param>
    /// <param name="cancel">Ends the call.</param>
    ValueTask<RetryOutcome> RetryAsync(OpaqueId message, string actor, CancellationToken cancel);
}

/// <summary>Takes messages to be judged again. Thread-safe.</summary>
public interface IRetryQueue
{
    /// <summary>Has a message judged again with what is known now and by what runs now; waits while many others wait for the same.</summary>
    /// <param name="position">Its position.</param>
    /// <param name="cancel">Gives up waiting.</param>
    ValueTask EnqueueAsync(long position, CancellationToken cancel);
}
