namespace Surveillance.Audit;

/// <summary>One thing that somebody did. Holds ids and words of this program, never message text, addresses, secrets or what a person typed into a form.</summary>
/// <param name="Actor">Who: <c>user:ID</c> or <c>user:NAME</c> (names are unique), <c>token:ID</c>, <c>operator</c> (whoever may use the data folder) or <c>system</c>.</param>
/// <param name="Action">What, as <c>thing.verb</c> in lower case, such as <c>token.create</c>.</param>
/// <param name="Object">On what: <c>kind:id</c>.</param>
/// <param name="Reason">Why, as the actor said it or as the program knows it; null where none was asked for.</param>
/// <param name="At">When, UTC.</param>
public sealed record AuditEntry(string Actor, string Action, string Object, string? Reason, DateTimeOffset At);

/// <summary>An entry as it stands in the log.</summary>
/// <param name="Sequence">Its number: 1 for the first, one more for each that follows.</param>
/// <param name="Entry">What was written.</param>
public sealed record AuditRecord(long Sequence, AuditEntry Entry);

/// <summary>Who did what, when and why. Entries are added and never changed or taken away. Thread-safe.</summary>
public interface IAuditLog
{
    /// <summary>Adds an entry and returns once it is committed. Call it before the action, or let the store commit both together.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="cancel">Gives up before the entry is written; afterwards it has no effect.</param>
    /// <exception cref="AuditUnavailableException">Nothing was written, so the action must not happen.</exception>
    ValueTask AppendAsync(AuditEntry entry, CancellationToken cancel);

    /// <summary>The entries after a number, oldest first.</summary>
    /// <param name="after">Entries with a greater sequence; 0 for the beginning.</param>
    /// <param name="limit">At most so many, 1 or more.</param>
    /// <param name="cancel">Stops reading.</param>
    ValueTask<IReadOnlyList<AuditRecord>> ReadAsync(long after, int limit, CancellationToken cancel);
}

/// <summary>An audit entry could not be written; what it speaks of did not happen.</summary>
/// <param name="message">What went wrong, without data.</param>
/// <param name="cause">The failure underneath.</param>
public sealed class AuditUnavailableException(string message, Exception cause) : Exception(message, cause);

/// <summary>Writes who did something.</summary>
public static class AuditActor
{
    /// <summary>The actor of an entry: <c>token:ID</c> as it is, a user's name as <c>user:NAME</c>. Names hold no colon.</summary>
    /// <param name="name">A user's name, or <c>token:ID</c>.</param>
    public static string Of(string name) => name.StartsWith("token:", StringComparison.Ordinal) ? name : "user:" + name;
}
