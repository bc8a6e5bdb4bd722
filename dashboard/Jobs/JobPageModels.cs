using Microsoft.AspNetCore.Mvc;
using Surveillance.Archive;
using Surveillance.Dashboard.Shared;
using Surveillance.Jobs;
using Surveillance.Messages;
using Surveillance.Rescan;
using Surveillance.Rules;

namespace Surveillance.Dashboard.Jobs;

/// <summary>What the list of jobs shows.</summary>
/// <param name="Jobs">The runs, newest first.</param>
/// <param name="After">The cursor asked for, or null on the first page.</param>
/// <param name="Next">The cursor of the next page, or null.</param>
/// <param name="Schedules">The schedules with the time of the next firing.</param>
/// <param name="Form">The form of a new rescan, as typed.</param>
/// <param name="Problem">Why what was typed was refused, or null.</param>
/// <param name="Field">The field that the problem speaks of, or null.</param>
/// <param name="Rules">The rules that run.</param>
/// <param name="CanRun">Whether the person may start and stop jobs.</param>
/// <param name="Now">The time now.</param>
public sealed record JobsModel(
    IReadOnlyList<JobModel> Jobs, long? After, long? Next, IReadOnlyList<(Schedule Schedule, DateTimeOffset? Next)> Schedules, RescanForm Form, string? Problem, string? Field,
    IReadOnlyList<RuleSummary> Rules, bool CanRun, DateTimeOffset Now);

/// <summary>What the page of a job asks for in its address.</summary>
/// <param name="Kind">gained, lost, or nothing for both.</param>
/// <param name="Rule">Only changes of this rule.</param>
/// <param name="After">The number of the change to go on after.</param>
/// <param name="Failed">The position of the failing message to go on after.</param>
public sealed record JobAddress([FromQuery] string? Kind = null, [FromQuery] string? Rule = null, [FromQuery] string? After = null, [FromQuery] string? Failed = null);

/// <summary>A match that a rescan gained or lost, with its message.</summary>
/// <param name="Change">The change.</param>
/// <param name="Message">The message; null when its words are no longer here or the person may not read them.</param>
/// <param name="Conversation">Our id of its conversation, or null as above.</param>
public sealed record ChangeRow(RescanChange Change, ArchivedMessage? Message, OpaqueId? Conversation);

/// <summary>A message that a rescan could not judge.</summary>
/// <param name="Failure">Why.</param>
/// <param name="Conversation">Our id of its conversation; null when its words are no longer here or the person may not read them.</param>
public sealed record FailureRow(RescanFailure Failure, OpaqueId? Conversation);

/// <summary>What the page of a job shows.</summary>
/// <param name="Job">The run.</param>
/// <param name="Kind">The changes shown; null for both kinds.</param>
/// <param name="Rule">Only changes of this rule, or null.</param>
/// <param name="Changes">Matches gained and lost.</param>
/// <param name="After">The cursor of the changes, or null on their first page.</param>
/// <param name="Next">The cursor of the next changes, or null.</param>
/// <param name="Failures">Messages that could not be judged.</param>
/// <param name="FailedNext">The cursor of the next failing messages, or null.</param>
/// <param name="Revision">What judges in a rescan; null for a job of another kind, and where this version of the program cannot read it.</param>
/// <param name="CanRun">Whether the person may start and stop jobs.</param>
/// <param name="Now">The time now.</param>
public sealed record JobPageModel(
    JobModel Job, RescanChangeKind? Kind, string? Rule, IReadOnlyList<ChangeRow> Changes, long? After, long? Next, IReadOnlyList<FailureRow> Failures, long? FailedNext, RevisionSummary? Revision,
    bool CanRun, DateTimeOffset Now)
{
    /// <summary>The page's address with other changes.</summary>
    /// <param name="kind">gained, lost, or null for both.</param>
    /// <param name="rule">Only of this rule, or null.</param>
    /// <param name="after">Go on after this change, or null.</param>
    public string Url(RescanChangeKind? kind, string? rule, long? after = null)
    {
        string?[] parts = [kind is { } k ? "kind=" + Word.Of(k) : null, rule is null ? null : "rule=" + Uri.EscapeDataString(rule), after is { } a ? "after=" + JobWords.Number(a) : null];
        return JobWords.UrlOf(Job.Run.Number) + (parts.Any(p => p is not null) ? "?" + string.Join('&', parts.OfType<string>()) : "") + "#changes";
    }
}
