using System.Globalization;
using Surveillance.Dashboard.Alerts;
using Surveillance.Dashboard.Jobs;
using Surveillance.Dashboard.Search;
using Surveillance.Dashboard.Shared;
using Surveillance.Health;
using Surveillance.Jobs;
using Surveillance.Pipeline;
using Surveillance.Rules;

namespace Surveillance.Dashboard.Health;

/// <summary>How something is.</summary>
public enum HealthState
{
    /// <summary>As it should be.</summary>
    Well,
    /// <summary>Somebody should look at it soon.</summary>
    Look,
    /// <summary>Something does not work until somebody acts.</summary>
    Act,
}

/// <summary>Something that needs somebody.</summary>
/// <param name="State">How much it presses.</param>
/// <param name="Part">What it is about: evaluation, sources, quarantine, rules, models, jobs, search, storage or clock.</param>
/// <param name="What">What is wrong, a sentence.</param>
/// <param name="Todo">What to do about it, a sentence.</param>
/// <param name="Link">Where that is done, or null.</param>
public sealed record HealthPoint(HealthState State, string Part, string What, string Todo, string? Link = null);

/// <summary>What is known of the service, and what follows from it.</summary>
public sealed record HealthModel
{
    /// <summary>How far the pipeline is.</summary>
    public required PipelineProgress Progress { get; init; }

    /// <summary>Whether the pipeline runs.</summary>
    public required bool IsRunning { get; init; }

    /// <summary>What keeps it from going on.</summary>
    public required IReadOnlyList<string> Stalls { get; init; }

    /// <summary>What came from each channel in the last five weeks.</summary>
    public required IReadOnlyList<SourceActivity> Sources { get; init; }

    /// <summary>What lies in quarantine.</summary>
    public required IReadOnlyList<QuarantineCount> Quarantine { get; init; }

    /// <summary>What runs.</summary>
    public required RuleBookStatus Book { get; init; }

    /// <summary>The last runs of jobs, newest first.</summary>
    public required IReadOnlyList<Run> Runs { get; init; }

    /// <summary>How far the search index is.</summary>
    public required IndexProgress Index { get; init; }

    /// <summary>How much room the data takes.</summary>
    public required StorageState Storage { get; init; }

    /// <summary>Whether the system knows time zones.</summary>
    public required bool KnowsTimeZones { get; init; }

    /// <summary>The time now, UTC.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>For how many days the free room lasts; null when nothing can be told.</summary>
    public double? DaysLeft => Storage.DaysLeft(Progress.Head, PerDay);

    /// <summary>Messages a day, the mean of the last week; of the time since the first one where that is shorter, a day at least.</summary>
    public double PerDay
    {
        get
        {
            var hours = Sources.Count == 0 ? 0 : Sources.Max(s => s.PerHour.Count - 1 - (s.PerHour.TakeWhile(h => h == 0).Count()));
            return Sources.Sum(s => s.Last(7 * 24)) / (Math.Clamp(hours, 24, 7 * 24) / 24.0);
        }
    }

    /// <summary>Everything that needs somebody, what presses most first.</summary>
    public IReadOnlyList<HealthPoint> Points => [.. HealthReport.PointsOf(this).OrderByDescending(p => p.State)];

    /// <summary>How a part is.</summary>
    /// <param name="part">The part.</param>
    public HealthState StateOf(string part) => Points.Where(p => p.Part == part).Select(p => p.State).DefaultIfEmpty(HealthState.Well).Max();
}

/// <summary>Tells what of the service's state needs somebody.</summary>
internal static class HealthReport
{
    /// <summary>A clock may differ by this much from the one that the newest entry was kept by.</summary>
    internal static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LateAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TooLateAfter = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan RunWaitsAfter = TimeSpan.FromHours(1);
    private const int RunsLookedAt = 10; // a run that failed before these is history
    private const long FarBehind = 50_000; // entries that the index takes in within a minute when nothing else wants the machine

    internal static IEnumerable<HealthPoint> PointsOf(HealthModel model) =>
        [.. Evaluation(model), .. Sources(model), .. Quarantine(model), .. Rules(model.Book), .. Jobs(model), .. Search(model.Index), .. Storage(model), .. Clock(model)];

    private static IEnumerable<HealthPoint> Evaluation(HealthModel model)
    {
        if (!model.IsRunning)
        {
            yield return new(HealthState.Act, "evaluation", "Nothing is being evaluated: the pipeline does not run.", "What is captured is kept. Start the service again; the log says why it stopped.");
        }
        foreach (var stall in model.Stalls)
        {
            yield return new(HealthState.Act, "evaluation", stall, "Look at the free room below and at the log; nothing has to be restarted once the cause is gone.");
        }
        if (model.Progress.OldestWaiting is { } oldest && model.Now - oldest >= LateAfter)
        {
            yield return new(
                model.Now - oldest >= TooLateAfter ? HealthState.Act : HealthState.Look, "evaluation",
                $"{Count(model.Progress.Waiting, "entry waits", "entries wait")} to be evaluated, the oldest for {TimeWords.Long(model.Now - oldest)}.",
                "If the number falls, wait. If it grows, more arrives than this machine evaluates: look at surveillance_judge_duration_seconds and surveillance_commit_duration_seconds in /metrics.");
        }
    }

    private static IEnumerable<HealthPoint> Sources(HealthModel model) => model.Sources.Where(s => s.IsSilent).Select(source => new HealthPoint(
        HealthState.Look, "sources", $"{AlertWords.Of(source.Channel)} has been silent for {TimeWords.Long(model.Now - source.LastReceived)}; at this time of the week it usually is not.",
        "Ask whoever runs the feed whether it still sends."));

    private static IEnumerable<HealthPoint> Quarantine(HealthModel model)
    {
        var count = model.Quarantine.Sum(q => q.Count);
        if (count > 0)
        {
            yield return new(
                HealthState.Look, "quarantine", $"{Count(count, "message lies", "messages lie")} in quarantine: kept, but not evaluated.",
                model.Quarantine.Any(q => q.Retryable > 0) ? "Try them again once the cause is mended; settle the conflicts." : "Settle them; another try does not help.", "/quarantine");
        }
    }

    private static IEnumerable<HealthPoint> Rules(RuleBookStatus book)
    {
        if (book.Problems.Count > 0)
        {
            yield return new(HealthState.Act, "rules", "The rule files as they are now do not check, so they do not run.", "What ran before goes on running. The page of rules shows what is wrong and where.", "/rules");
        }
        if (book.MissingModels.Count > 0)
        {
            yield return new(
                HealthState.Act, "models", $"Missing {(book.MissingModels.Count == 1 ? "model" : "models")}: {string.Join(", ", book.MissingModels)}. Conditions that ask {(book.MissingModels.Count == 1 ? "it" : "them")} are not evaluated.",
                "Put the file weights.bin into the model's folder, or make it with `surveillance models train NAME`.");
        }
        foreach (var rule in book.Rules.Where(r => r.NotEvaluated is not null && book.MissingModels.Count == 0))
        {
            yield return new(HealthState.Act, "rules", $"{rule.Title}: {rule.NotEvaluated}", "Correct the rule or its tests.", "/rules/" + Uri.EscapeDataString(rule.Id));
        }
        foreach (var rule in book.Rules.Where(r => r.NotEvaluated is not null && book.MissingModels.Count > 0))
        {
            yield return new(HealthState.Look, "rules", $"{rule.Title}: {rule.NotEvaluated}", "See to its model or its tests.", "/rules/" + Uri.EscapeDataString(rule.Id));
        }
    }

    private static IEnumerable<HealthPoint> Jobs(HealthModel model)
    {
        foreach (var run in model.Runs.Where(r => r.State == RunState.Running && r.Note?.StartsWith("Interrupted", StringComparison.Ordinal) == true))
        {
            yield return new(HealthState.Look, "jobs", $"{JobWords.Title(run)}: {run.Note}", "Look whether it moves; if it does not, the log says what interrupts it. It goes on by itself once the cause is gone.", "/jobs");
        }
        var failed = model.Runs.Take(RunsLookedAt).Where(r => r.State == RunState.Failed).ToList();
        if (failed.Count > 0)
        {
            yield return new(
                HealthState.Look, "jobs", $"Of the last jobs {Count(failed.Count, "could", "could")} not go on: {string.Join(", ", failed.Select(JobWords.Title))}.",
                "Its page says why. Resume it once the cause is mended: it goes on where it was.", "/jobs");
        }
        var waiting = model.Runs.Where(r => r is { State: RunState.Queued, StartedAt: null } && model.Now - r.CreatedAt > RunWaitsAfter).ToList();
        if (waiting.Count > 0)
        {
            yield return new(
                HealthState.Look, "jobs", $"{Count(waiting.Count, "job has", "jobs have")} waited for more than an hour, the oldest for {TimeWords.Long(model.Now - waiting.Min(r => r.CreatedAt))}.",
                "One goes after another: look whether the one at work moves, or pause it and let the others go first.", "/jobs");
        }
    }

    private static IEnumerable<HealthPoint> Search(IndexProgress index)
    {
        if (index.Trouble is { } trouble)
        {
            yield return new(HealthState.Look, "search", $"The search index cannot go on: {trouble.TrimEnd('.')}.", "It is tried again by itself. Capture and evaluation do not depend on it; look at the free room below and at the log.");
        }
        else if (index.Head - index.IndexedTo is > FarBehind and var behind)
        {
            yield return new(
                HealthState.Look, "search", $"The search index is {Count(behind, "entry", "entries")} behind, so searches miss the latest of them.",
                "If the number falls, wait: it is filled anew after a file that was missing or damaged, and makes way for evaluation. If it grows, look at the log.");
        }
    }

    private static IEnumerable<HealthPoint> Storage(HealthModel model)
    {
        var days = model.DaysLeft;
        if (days < 30 || model.Storage.IsNarrow)
        {
            var presses = days < 7 || model.Storage.FreeBytes < 256L << 20;
            yield return new(
                presses ? HealthState.Act : HealthState.Look, "storage",
                $"{Size(model.Storage.FreeBytes ?? 0)} are free{(days is { } left ? $", which last about {Count((long)left, "day", "days")}" : "")}.",
                "Make room or move the data folder to a larger disk. When it is full, capture answers 503 and keeps nothing more.");
        }
    }

    private static IEnumerable<HealthPoint> Clock(HealthModel model)
    {
        if (model.Progress.LastReceivedAt is { } last && last - model.Now > ClockTolerance)
        {
            yield return new(HealthState.Act, "clock", $"The newest entry was kept {TimeWords.Long(last - model.Now)} later than it is now: the clock was set back.", "Set the system's clock and keep it by NTP; times of entries cannot be corrected afterwards.");
        }
        if (!model.KnowsTimeZones)
        {
            yield return new(HealthState.Look, "clock", "The system has no time zone data, so schedules run by UTC alone.", "Install the package tzdata.");
        }
    }

    /// <summary>A number with the words for one and for many.</summary>
    internal static string Count(long count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");

    /// <summary>A size as people read it: "3.4 GB".</summary>
    internal static string Size(long bytes) => bytes switch
    {
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.#} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB"),
        < 1_000_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.#} GB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e12:0.#} TB"),
    };
}
