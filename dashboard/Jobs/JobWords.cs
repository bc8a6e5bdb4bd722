using System.Globalization;
using Surveillance.Accounts;
using Surveillance.Dashboard.Alerts;
using Surveillance.Dashboard.Shared;
using Surveillance.Jobs;
using Surveillance.Rescan;

namespace Surveillance.Dashboard.Jobs;

/// <summary>The words of runs as people read them. <c>wwwroot/js/jobs.js</c> writes rates and times left the same way.</summary>
public static class JobWords
{
    /// <summary>The address of a run's page.</summary>
    /// <param name="number">Its number.</param>
    public static string UrlOf(long number) => "/jobs/" + Number(number);

    /// <summary>A number as it stands in addresses.</summary>
    /// <param name="number">The number.</param>
    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A count with its thousands parted.</summary>
    /// <param name="count">The count.</param>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count with its noun, such as "1 match" or "12 matches".</summary>
    /// <param name="count">The count.</param>
    /// <param name="one">The noun for one.</param>
    /// <param name="many">The noun for others; null adds an s.</param>
    public static string Count(long count, string one, string? many = null) => Count(count) + " " + (count == 1 ? one : many ?? one + "s");

    /// <summary>What a run is called, such as "Rescan 12".</summary>
    /// <param name="run">The run.</param>
    public static string Title(Run run) => Title(run.Kind, run.Number);

    /// <summary>What a run is called, such as "Rescan 12".</summary>
    /// <param name="kind">The kind of job.</param>
    /// <param name="number">The run's number.</param>
    public static string Title(string kind, long number) => (kind.Length == 0 ? "Job" : char.ToUpperInvariant(kind[0]) + kind[1..].Replace('-', ' ')) + " " + Number(number);

    /// <summary>How far a run is, in one word; what was asked for counts as under way.</summary>
    /// <param name="run">The run.</param>
    public static string State(Run run) => run.State switch
    {
        RunState.Running when run.Request == RunRequest.Pause => "Pausing",
        RunState.Running when run.Request is RunRequest.Cancel or RunRequest.Supersede => "Cancelling",
        _ => run.State.ToString(),
    };

    /// <summary>What set a run off.</summary>
    /// <param name="trigger">The trigger.</param>
    public static string Of(RunTrigger trigger) => trigger switch
    {
        RunTrigger.Activation => "Changed rules",
        RunTrigger.Schedule => "Schedule",
        _ => "Asked for",
    };

    /// <summary>Who asked for a run: the user's name, <c>token:ID</c>, "operator" or "engine".</summary>
    /// <param name="actor">The actor as stored.</param>
    public static string By(string actor) => actor switch
    {
        "system" => "engine",
        AccountDesk.Operator => "operator",
        _ when actor.StartsWith("user:", StringComparison.Ordinal) => Visible.Of(actor["user:".Length..]),
        _ => Visible.Of(actor),
    };

    /// <summary>What can be asked of a run.</summary>
    /// <param name="action">The action.</param>
    /// <param name="run">The run.</param>
    public static string Of(JobAction action, Run run) => action switch
    {
        JobAction.Retry => "Retry " + Count(run.Failed, "failed message"),
        _ => action.ToString(),
    };

    /// <summary>What was done when something was asked of a run.</summary>
    /// <param name="action">The action.</param>
    public static string Did(JobAction action) => action switch
    {
        JobAction.Pause => "It pauses and keeps its place.",
        JobAction.Resume => "It goes on where it was.",
        JobAction.Cancel => "It ends; what it did until now stays.",
        _ => "The failed messages are tried again.",
    };

    /// <summary>Which messages a rescan looks at, as "WhatsApp and E-mail, sent from 1 May 2026 to 4 May 2026"; a day stands for the whole of it, UTC.</summary>
    /// <param name="request">What was asked for.</param>
    public static string Messages(RescanRequest request)
    {
        var channels = request.Channels.Count == 0 ? "All messages" : string.Join(" and ", request.Channels.Select(AlertWords.Of));
        return channels + (request.From, request.To) switch
        {
            ({ } from, { } to) when IsDay(from) && to - from == TimeSpan.FromDays(1) => $", sent on {Start(from)}",
            ({ } from, { } to) => $", sent from {Start(from)} {End(to)}",
            ({ } from, null) => $", sent from {Start(from)}",
            (null, { } to) => $", sent {End(to)}",
            _ => "",
        };
    }

    /// <summary>Which rules a rescan holds against them: "all rules", a rule's id, or "4 rules".</summary>
    /// <param name="request">What was asked for.</param>
    public static string Rules(RescanRequest request) => request.Rules.Count switch { 0 => "all rules", 1 => Visible.Of(request.Rules[0]), var n => Count(n) + " rules" };

    /// <summary>What a schedule looks at, as "messages sent in the 7 days before, every rule judged again (verify)".</summary>
    /// <param name="sentWithin">Only messages sent within this time before it fires; null for all.</param>
    /// <param name="verify">Whether rules that have not changed are judged again as well.</param>
    public static string Scheduled(TimeSpan? sentWithin, bool verify) =>
        (sentWithin is { } within ? $"messages sent in the {Span(within)} before" : "all messages") + (verify ? ", every rule judged again (verify)" : ", changed rules alone");

    /// <summary>How fast, such as "1,240/s"; empty for a run that is not at work or not measured yet.</summary>
    /// <param name="run">The run.</param>
    /// <param name="estimate">How fast it is.</param>
    public static string Rate(Run run, RunEstimate estimate) => run.State == RunState.Running && estimate.ItemsPerSecond > 0 ? Count((long)Math.Ceiling(estimate.ItemsPerSecond)) + "/s" : "";

    /// <summary>The time left as a range, such as "3 to 5 min"; empty where it is not known.</summary>
    /// <param name="run">The run.</param>
    /// <param name="estimate">How fast it is.</param>
    public static string Left(Run run, RunEstimate estimate) =>
        run.State == RunState.Running && estimate is { Soonest: { } soonest, Latest: { } latest } ? Left(soonest.TotalSeconds, latest.TotalSeconds) : "";

    /// <summary>A range of times left, such as "3 to 5 min", "50 s to 2 min" or "about 4 h".</summary>
    /// <param name="soonest">Seconds.</param>
    /// <param name="latest">Seconds.</param>
    public static string Left(double soonest, double latest)
    {
        var (first, last) = (Part(soonest), Part(latest));
        return first == last ? $"about {first.Value} {first.Unit}" : first.Unit == last.Unit ? $"{first.Value} to {last.Value} {last.Unit}" : $"{first.Value} {first.Unit} to {last.Value} {last.Unit}";
    }

    /// <summary>How much is behind a run in percent, rounded down; null while it is not known.</summary>
    /// <param name="processed">How many items are behind it.</param>
    /// <param name="planned">How many there are in all; null while that is not known.</param>
    public static int? Percent(long processed, long? planned) => planned switch { null => null, 0 => 100, { } all => (int)Math.Min(100, processed * 100.0 / all) };

    /// <summary>A span in the largest unit that says it exactly.</summary>
    private static string Span(TimeSpan span) =>
        span.Ticks % TimeSpan.TicksPerDay == 0 ? Count(span.Ticks / TimeSpan.TicksPerDay, "day")
        : span.Ticks % TimeSpan.TicksPerHour == 0 ? Count(span.Ticks / TimeSpan.TicksPerHour, "hour")
        : span.Ticks % TimeSpan.TicksPerMinute == 0 ? Count(span.Ticks / TimeSpan.TicksPerMinute, "minute") : Count((long)span.TotalSeconds, "second");

    private static bool IsDay(DateTimeOffset time) => time.UtcDateTime.TimeOfDay == TimeSpan.Zero;

    private static string Start(DateTimeOffset time) => IsDay(time) ? Day(time) : Moment(time);

    /// <summary>The end of a range: the last day that it takes in, or the moment before which it ends.</summary>
    private static string End(DateTimeOffset time) => IsDay(time) && time.UtcTicks > 0 ? "to " + Day(time.AddDays(-1)) : "before " + Moment(time);

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    private static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString("d MMM yyyy HH:mm", CultureInfo.InvariantCulture) + " UTC";

    private static (long Value, string Unit) Part(double seconds) => seconds switch
    {
        < 90 => ((long)Math.Ceiling(seconds), "s"),
        < 90 * 60 => ((long)Math.Ceiling(seconds / 60), "min"),
        < 48 * 3600 => ((long)Math.Ceiling(seconds / 3600), "h"),
        _ => ((long)Math.Ceiling(seconds / 86_400), "d"),
    };
}
