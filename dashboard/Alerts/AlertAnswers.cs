using Surveillance.Alerting;
using Surveillance.Dashboard.Description;
using Surveillance.Messages;
using Surveillance.Review;

namespace Surveillance.Dashboard.Alerts;

/// <summary>An alert in a list.</summary>
/// <param name="Id">Our id of it.</param>
/// <param name="Version">Counts its changes from 1; also its ETag.</param>
/// <param name="Rule">The rule.</param>
/// <param name="RuleVersion">The rule's version as the alert was raised.</param>
/// <param name="Title">The rule's title as the alert was raised.</param>
/// <param name="Family">The rule's family.</param>
/// <param name="Severity">How grave it is.</param>
/// <param name="Status">What stage it is at.</param>
/// <param name="Disposition">How it was decided; left out until then.</param>
/// <param name="Reason">The code of the reason; left out until then.</param>
/// <param name="Standing">Whether its matches still hold.</param>
/// <param name="Channel">The channel of its first match.</param>
/// <param name="Conversation">Our id of the conversation of its first match.</param>
/// <param name="Count">How many matches it groups.</param>
/// <param name="OpenedAt">When it was opened.</param>
/// <param name="LastSentAt">When its latest message was sent.</param>
/// <param name="Assignee">Who works on it.</param>
/// <param name="Message">Our id of the message of its first match.</param>
/// <param name="Evidence">At most 20 stretches of evidence in that message.</param>
/// <param name="Run">The run of a rescan that opened it; left out where a message did.</param>
internal sealed record AlertItem(
    string Id, int Version, string Rule, int RuleVersion, string Title, string Family, [property: Words(typeof(Severity))] string Severity, [property: Words(typeof(AlertStatus))] string Status,
    [property: Words(typeof(Disposition), true)] string? Disposition, string? Reason, [property: Words(typeof(Standing), true)] string Standing, [property: Words(typeof(Channel))] string Channel,
    string Conversation, int Count, [property: Moment] string OpenedAt, [property: Moment] string LastSentAt, string? Assignee, string Message,
    IReadOnlyList<EvidenceSpan> Evidence, long? Run)
{
    internal static AlertItem Of(AlertRow row) => new(
        row.Id.ToString(), row.Version, row.RuleId, row.RuleVersion, row.RuleTitle, row.Family, Names<Severity>.Of(row.Severity), ApiWord.Of(row.Status), ApiWord.Of(row.Disposition), row.Reason,
        ApiWord.Of(row.Standing), Names<Channel>.Of(row.Channel), row.Conversation.ToString(), row.Count, Rfc3339.Format(row.OpenedAt), Rfc3339.Format(row.LastSentAt),
        row.Assignee, row.SnippetMessage.ToString(), row.SnippetEvidence, row.Run);
}

/// <summary>A page of alerts.</summary>
/// <param name="Items">The alerts.</param>
/// <param name="Next">What `after` takes for the next page; left out on the last.</param>
/// <param name="ApproxTotal">How many there are: exact up to 10,000; 10,001 means more.</param>
internal sealed record AlertPageAnswer(IReadOnlyList<AlertItem> Items, string? Next, long ApproxTotal);

/// <summary>A match of an alert.</summary>
/// <param name="Message">Our id of the message.</param>
/// <param name="Position">Its position in the archive.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Version">The rule's version.</param>
/// <param name="Standing">Whether it still holds.</param>
/// <param name="Late">Whether it was found only when something became known later.</param>
/// <param name="Evidence">What made it hold.</param>
/// <param name="Proof">Why the rule held.</param>
/// <param name="Run">The run of a rescan that found it; left out where it was found as the message came.</param>
internal sealed record AlertMemberItem(
    string Message, long Position, string Rule, int Version, [property: Words(typeof(Standing), true)] string Standing, bool Late, IReadOnlyList<EvidenceSpan> Evidence, MatchProof Proof, long? Run)
{
    internal static AlertMemberItem Of(AlertMember member) =>
        new(member.Message.ToString(), member.Position, member.RuleId, member.RuleVersion, ApiWord.Of(member.Standing), member.Late, member.Evidence, member.Proof, member.Run);
}

/// <summary>Something that happened to an alert.</summary>
/// <param name="Sequence">Its number among all events.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who: a name, or token:ID; left out for the engine.</param>
/// <param name="Kind">What.</param>
/// <param name="Status">The status after it.</param>
/// <param name="Disposition">The disposition given.</param>
/// <param name="Reason">The code of the reason given.</param>
/// <param name="Note">The note given.</param>
/// <param name="EscalatedTo">To whom it was escalated.</param>
/// <param name="Message">Our id of the message that joined or no longer holds.</param>
/// <param name="Run">The run of a rescan that did it.</param>
internal sealed record AlertEventItem(
    long Sequence, [property: Moment] string At, string? Actor, [property: Words(typeof(AlertEventKind), true)] string Kind, [property: Words(typeof(AlertStatus))] string Status,
    [property: Words(typeof(Disposition), true)] string? Disposition, string? Reason, string? Note, string? EscalatedTo, string? Message, long? Run)
{
    internal static AlertEventItem Of(AlertEvent item) => new(
        item.Sequence, Rfc3339.Format(item.At), item.Actor, ApiWord.Of(item.Kind), ApiWord.Of(item.Status), ApiWord.Of(item.Disposition), item.Reason, item.Note, item.EscalatedTo, item.Message?.ToString(), item.Run);
}

/// <summary>An alert with its matches and its history. It holds no words of messages.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Predecessor">Our id of the closed alert before it with the same rule and grouping.</param>
/// <param name="Members">Its matches by position, the latest 200.</param>
/// <param name="Events">What happened to it, oldest first, the latest 500.</param>
internal sealed record AlertAnswer(AlertItem Alert, string? Predecessor, IReadOnlyList<AlertMemberItem> Members, IReadOnlyList<AlertEventItem> Events);

/// <summary>What was decided.</summary>
/// <param name="Version">The alert's version now.</param>
/// <param name="UndoToken">Takes the decision back.</param>
/// <param name="Until">Until when it can be taken back.</param>
internal sealed record DecisionAnswer(int Version, string UndoToken, [property: Moment] string Until);

/// <summary>A decision: a disposition with a reason of it, or an escalation with a note.</summary>
internal sealed record DecisionBody : IRequestShape
{
    /// <summary>How it is decided.</summary>
    [Words(typeof(Disposition), true)] public string? Disposition { get; init; }

    /// <summary>The code of a reason of the disposition.</summary>
    public string? Reason { get; init; }

    /// <summary>At most 2,000 characters; an escalation needs one.</summary>
    public string? Note { get; init; }

    /// <summary>To whom it is escalated, at most 100 characters.</summary>
    public string? EscalateTo { get; init; }
}

/// <summary>What takes a decision back.</summary>
internal sealed record UndoBody : IRequestShape
{
    /// <summary>The token that the decision answered.</summary>
    public required string UndoToken { get; init; }
}

/// <summary>Why an alert is opened again.</summary>
internal sealed record ReopenBody : IRequestShape
{
    /// <summary>Free text, at most 2,000 characters.</summary>
    public required string Reason { get; init; }
}
