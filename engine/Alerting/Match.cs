using Surveillance.Messages;

namespace Surveillance.Alerting;

/// <summary>A rule held on a message. Unique by message, rule and evidence; holds no words of a message.</summary>
public sealed record Match
{
    /// <summary>Position of the matched message.</summary>
    public required long Position { get; init; }

    /// <summary>Our id of the matched message.</summary>
    public required OpaqueId Message { get; init; }

    /// <summary>Our id of its conversation.</summary>
    public required OpaqueId Conversation { get; init; }

    /// <summary>Where it was sent.</summary>
    public required Channel Channel { get; init; }

    /// <summary>When it was sent, UTC.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>The rule.</summary>
    public required string Rule { get; init; }

    /// <summary>The rule's version.</summary>
    public required int RuleVersion { get; init; }

    /// <summary>The rule's title.</summary>
    public required string RuleTitle { get; init; }

    /// <summary>The rule's family.</summary>
    public required string Family { get; init; }

    /// <summary>How much it weighs.</summary>
    public required Severity Severity { get; init; }

    /// <summary>Matches of one rule with one key can share an alert: our id of the conversation, the sender or the message.</summary>
    public required OpaqueId GroupKey { get; init; }

    /// <summary>How long after the first member was sent another may join its alert.</summary>
    public required TimeSpan GroupWithin { get; init; }

    /// <summary>Hash over the evidence, 64 lower-case hex digits: what makes it the same match when it is found again.</summary>
    public required string EvidenceKey { get; init; }

    /// <summary>What made it hold, in order.</summary>
    public required IReadOnlyList<EvidenceSpan> Evidence { get; init; }

    /// <summary>Why it held.</summary>
    public required MatchProof Proof { get; init; }
}

/// <summary>An alert that may take another match.</summary>
/// <param name="Number">The store's number of it.</param>
/// <param name="FirstSentAt">When its first member was sent, UTC.</param>
public readonly record struct OpenAlert(long Number, DateTimeOffset FirstSentAt);

/// <summary>Decides which alert a match belongs to.</summary>
public static class AlertGrouping
{
    /// <summary>Whether a match joins the newest alert of its rule and key that is not closed; if not, it opens one.</summary>
    /// <param name="match">The match.</param>
    /// <param name="newest">The newest alert of the same rule and key that is not closed, or null.</param>
    public static bool Joins(Match match, OpenAlert? newest) =>
        newest is { } alert && (match.SentAt - alert.FirstSentAt).Duration() <= match.GroupWithin;
}
