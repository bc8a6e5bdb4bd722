using Surveillance.Alerting;
using Surveillance.Messages;

namespace Surveillance.Review;

/// <summary>How far people are with an alert.</summary>
public enum AlertStatus
{
    /// <summary>Waits for a decision.</summary>
    Open,
    /// <summary>Put aside until a time.</summary>
    Held,
    /// <summary>Passed to somebody with more authority.</summary>
    Escalated,
    /// <summary>Decided.</summary>
    Closed,
}

/// <summary>What a person found an alert to be. The JSON form has a hyphen: <c>true-positive</c>, <c>false-positive</c>.</summary>
public enum Disposition
{
    /// <summary>The alert was right.</summary>
    TruePositive,
    /// <summary>The alert was wrong.</summary>
    FalsePositive,
}

/// <summary>Whether the matches of an alert still hold.</summary>
public enum Standing
{
    /// <summary>At least one match holds.</summary>
    Raised,
    /// <summary>What became known later undid every match; nothing is taken away.</summary>
    NoLongerRaised,
}

/// <summary>An alert as a row of the queue.</summary>
public sealed record AlertRow
{
    /// <summary>Our id of it.</summary>
    public required OpaqueId Id { get; init; }

    /// <summary>Counts the changes, from 1: what a writer must have seen (ETag, If-Match).</summary>
    public required int Version { get; init; }

    /// <summary>The rule that raised it.</summary>
    public required string RuleId { get; init; }

    /// <summary>The rule's title as it was when the alert was raised.</summary>
    public required string RuleTitle { get; init; }

    /// <summary>The version of the rule that raised it.</summary>
    public required int RuleVersion { get; init; }

    /// <summary>The rule's family, such as <c>marketing</c>.</summary>
    public required string Family { get; init; }

    /// <summary>How much it weighs.</summary>
    public required Severity Severity { get; init; }

    /// <summary>How far people are with it.</summary>
    public required AlertStatus Status { get; init; }

    /// <summary>What it was found to be; null until decided.</summary>
    public Disposition? Disposition { get; init; }

    /// <summary>The reason's code (<see cref="Reasons"/>); null until decided.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether its matches still hold.</summary>
    public Standing Standing { get; init; }

    /// <summary>Channel of its first member.</summary>
    public required Channel Channel { get; init; }

    /// <summary>Our id of the conversation of its first member.</summary>
    public required OpaqueId Conversation { get; init; }

    /// <summary>How many matches it groups, at least 1.</summary>
    public required int Count { get; init; }

    /// <summary>When it was opened, UTC.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>When its latest member was sent, UTC.</summary>
    public required DateTimeOffset LastSentAt { get; init; }

    /// <summary>User name of the person who works on it, or null.</summary>
    public string? Assignee { get; init; }

    /// <summary>Our id of the message that the snippet is cut from: its first member.</summary>
    public required OpaqueId SnippetMessage { get; init; }

    /// <summary>Evidence in that message, in order; at most 20. The words are read from the archive.</summary>
    public IReadOnlyList<EvidenceSpan> SnippetEvidence { get; init; } = [];

    /// <summary>Number of the rescan that opened it; null when its message was judged as it came.</summary>
    public long? Run { get; init; }
}

/// <summary>A match that an alert groups.</summary>
/// <param name="Message">Our id of the matched message.</param>
/// <param name="Position">Its position.</param>
/// <param name="RuleId">The rule.</param>
/// <param name="RuleVersion">The rule's version.</param>
/// <param name="Evidence">What made it hold, in order.</param>
/// <param name="Proof">Why it held.</param>
/// <param name="Standing">Whether it still holds.</param>
/// <param name="Late">Whether it was found only when something became known later.</param>
/// <param name="Run">Number of the rescan that found it, or null.</param>
public sealed record AlertMember(
    OpaqueId Message, long Position, string RuleId, int RuleVersion, IReadOnlyList<EvidenceSpan> Evidence, MatchProof Proof, Standing Standing = Standing.Raised, bool Late = false,
    long? Run = null);

/// <summary>What can happen to an alert.</summary>
public enum AlertEventKind
{
    /// <summary>The first match opened it.</summary>
    Opened,
    /// <summary>Another match joined it.</summary>
    Joined,
    /// <summary>A person closed it.</summary>
    Decided,
    /// <summary>A person passed it on.</summary>
    Escalated,
    /// <summary>A person took the last change back.</summary>
    Undone,
    /// <summary>A person opened it again.</summary>
    Reopened,
    /// <summary>No match of it holds any longer.</summary>
    NoLongerRaised,
    /// <summary>A match of it holds again.</summary>
    RaisedAgain,
}

/// <summary>Something that happened to an alert; never changed, never removed.</summary>
/// <param name="Sequence">Number over all alerts, from 1; also the id of the live feed.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Actor">User name of the person; null for the engine.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Status">The status after it.</param>
/// <param name="Disposition">The disposition after it.</param>
/// <param name="Reason">The reason's code, where a person gave one.</param>
/// <param name="Note">The person's note, or null.</param>
/// <param name="EscalatedTo">To whom it was passed, or null.</param>
/// <param name="Message">The match's message for <see cref="AlertEventKind.Opened"/> and <see cref="AlertEventKind.Joined"/>.</param>
/// <param name="Run">Number of the rescan that did it, or null.</param>
public sealed record AlertEvent(
    long Sequence, DateTimeOffset At, string? Actor, AlertEventKind Kind, AlertStatus Status,
    Disposition? Disposition = null, string? Reason = null, string? Note = null, string? EscalatedTo = null, OpaqueId? Message = null, long? Run = null);

/// <summary>An alert with everything a person needs to decide it.</summary>
/// <param name="Row">Its state.</param>
/// <param name="Members">Its matches in order of position; the latest 200.</param>
/// <param name="Events">What happened to it, oldest first; the latest 500.</param>
/// <param name="Predecessor">The closed alert of the same rule and grouping key before it, or null.</param>
public sealed record AlertDetail(AlertRow Row, IReadOnlyList<AlertMember> Members, IReadOnlyList<AlertEvent> Events, OpaqueId? Predecessor = null);

/// <summary>A reason for a decision.</summary>
/// <param name="Code">As stored and as in JSON.</param>
/// <param name="Digit">The key that picks it.</param>
/// <param name="Disposition">The disposition it belongs to.</param>
/// <param name="Title">For people.</param>
public sealed record Reason(string Code, int Digit, Disposition Disposition, string Title);

/// <summary>The reasons that a decision may give.</summary>
public static class Reasons
{
    /// <summary>All of them, by disposition and digit.</summary>
    public static IReadOnlyList<Reason> All { get; } =
    [
        new("wrong-match", 1, Disposition.FalsePositive, "Wrong match"),
        new("benign-context", 2, Disposition.FalsePositive, "Benign context"),
        new("boilerplate", 3, Disposition.FalsePositive, "Boilerplate or quoted"),
        new("business-as-usual", 4, Disposition.FalsePositive, "Business as usual"),
        new("duplicate", 5, Disposition.FalsePositive, "Duplicate"),
        new("policy-breach", 1, Disposition.TruePositive, "Policy breach"),
        new("regulatory-concern", 2, Disposition.TruePositive, "Regulatory concern"),
        new("needs-training", 3, Disposition.TruePositive, "Needs training"),
        new("needs-investigation", 4, Disposition.TruePositive, "Needs investigation"),
    ];

    /// <summary>The reason of a code under a disposition, or null.</summary>
    /// <param name="disposition">The disposition.</param>
    /// <param name="code">The code.</param>
    public static Reason? Find(Disposition disposition, string? code) => All.FirstOrDefault(r => r.Disposition == disposition && r.Code == code);

    /// <summary>The title of a code, or the code itself when it is not known any more.</summary>
    /// <param name="code">The code.</param>
    public static string TitleOf(string code) => All.FirstOrDefault(r => r.Code == code)?.Title ?? code;
}
