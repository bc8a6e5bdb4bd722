using Surveillance.Dashboard.Description;
using Surveillance.Dashboard.Shared;
using Surveillance.Jobs;
using Surveillance.Messages;
using Surveillance.Rescan;

namespace Surveillance.Dashboard.Jobs;

/// <summary>What a run is about, in JSON; what is left out takes in everything.</summary>
internal sealed record ScopeAnswer([property: Moment] string? From, [property: Moment] string? To, IReadOnlyList<string> Channels, IReadOnlyList<string> Rules, bool Verify, bool DryRun, long Activation, long Through);

/// <summary>The time left, in whole seconds.</summary>
internal sealed record EtaAnswer(long Soonest, long Latest);

/// <summary>Matches counted, in JSON.</summary>
internal sealed record MatchCounts(long Gained, long Lost, long Kept, long Decided, long NotEvaluated)
{
    public static MatchCounts Of(RescanRuleResult result) => new(result.Gained, result.Lost, result.Kept, result.Decided, result.NotEvaluated);
}

/// <summary>The result for one rule, in JSON.</summary>
internal sealed record RuleAnswer(string Rule, long Gained, long Lost, long Kept, long Decided, long NotEvaluated);

/// <summary>Where more is told of a run.</summary>
internal sealed record JobLinks(string Self, string Page, string Changes, string Failures);

/// <summary>A run in JSON, as the API and the commands see it.</summary>
internal sealed record JobAnswer
{
    public required long Id { get; init; }

    public required string Kind { get; init; }

    /// <summary>queued, running, paused, cancelled, finished, failed or superseded.</summary>
    [Words(typeof(RunState))] public required string State { get; init; }

    /// <summary>pause, cancel or supersede, while it was asked for and is not done yet.</summary>
    [Words("pause", "cancel", "supersede")] public string? Request { get; init; }

    [Words(typeof(RunTrigger))] public required string Trigger { get; init; }

    public required string By { get; init; }

    public ScopeAnswer? Scope { get; init; }

    [Moment] public required string CreatedAt { get; init; }

    [Moment] public string? StartedAt { get; init; }

    [Moment] public string? EndedAt { get; init; }

    public long? Planned { get; init; }

    public required long Done { get; init; }

    public required long Skipped { get; init; }

    public required long Failed { get; init; }

    public required long Processed { get; init; }

    /// <summary>Items a second; left out unless it is at work.</summary>
    public double? Rate { get; init; }

    public EtaAnswer? Eta { get; init; }

    public string? Note { get; init; }

    /// <summary>All rules together.</summary>
    public required MatchCounts Matches { get; init; }

    /// <summary>Per rule; left out in a list.</summary>
    public IReadOnlyList<RuleAnswer>? Rules { get; init; }

    /// <summary>What can be asked of it now: pause, resume, cancel, retry.</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    public required JobLinks Links { get; init; }

    /// <summary>Translates a run.</summary>
    public static JobAnswer Of(JobModel job, bool withRules)
    {
        var (run, estimate) = (job.Run, job.Estimate);
        var self = JobsApi.Path + "/" + JobWords.Number(run.Number);
        return new JobAnswer
        {
            Id = run.Number,
            Kind = run.Kind,
            State = Word.Of(run.State),
            Request = run.Request == RunRequest.None ? null : Word.Of(run.Request),
            Trigger = Word.Of(run.Trigger),
            By = run.Actor,
            Scope = job.Scope is { } s
                ? new ScopeAnswer(
                    s.Request.From is { } from ? Rfc3339.Format(from) : null, s.Request.To is { } to ? Rfc3339.Format(to) : null,
                    [.. s.Request.Channels.Select(Word.Of)], s.Request.Rules, s.Request.Verify, s.Request.DryRun, s.Activation, s.Through)
                : null,
            CreatedAt = Rfc3339.Format(run.CreatedAt),
            StartedAt = run.StartedAt is { } started ? Rfc3339.Format(started) : null,
            EndedAt = run.EndedAt is { } ended ? Rfc3339.Format(ended) : null,
            Planned = run.Planned,
            Done = run.Done,
            Skipped = run.Skipped,
            Failed = run.Failed,
            Processed = run.Processed,
            Rate = run.State == RunState.Running ? Math.Round(estimate.ItemsPerSecond, 1) : null,
            Eta = run.State == RunState.Running && estimate is { Soonest: { } soonest, Latest: { } latest } ? new EtaAnswer(Seconds(soonest), Seconds(latest)) : null,
            Note = run.Note,
            Matches = MatchCounts.Of(job.Total),
            Rules = withRules ? [.. job.Rules.Select(r => new RuleAnswer(r.Rule, r.Gained, r.Lost, r.Kept, r.Decided, r.NotEvaluated))] : null,
            Actions = [.. job.Actions.Select(Word.Of)],
            Links = new JobLinks(self, JobWords.UrlOf(run.Number), self + "/changes", self + "/failures"),
        };
    }

    private static long Seconds(TimeSpan span) => (long)Math.Ceiling(Math.Min(span.TotalSeconds, 1e9));
}

/// <summary>A page of runs, newest first.</summary>
internal sealed record JobsAnswer(IReadOnlyList<JobAnswer> Items, string? Next);

/// <summary>A page of matches that a rescan gained or lost.</summary>
internal sealed record ChangesAnswer(IReadOnlyList<ChangeAnswer> Items, string? Next);

/// <summary>A match that a rescan gained or lost, in JSON.</summary>
internal sealed record ChangeAnswer(long Number, [property: Words(typeof(RescanChangeKind))] string Kind, string Rule, long Position, string Message, string EvidenceKey, string? Alert)
{
    public static ChangeAnswer Of(RescanChange change) =>
        new(change.Number, Word.Of(change.Kind), change.Rule, change.Position, change.Message.ToString(), change.EvidenceKey, change.Alert?.ToString());
}

/// <summary>A message that a rescan could not judge, in JSON.</summary>
internal sealed record FailureAnswer(long Position, string Message, string Detail, int Tries)
{
    public static FailureAnswer Of(RescanFailure failure) => new(failure.Position, failure.Message.ToString(), failure.Detail, failure.Tries);
}

/// <summary>A page of messages that a rescan could not judge.</summary>
internal sealed record FailuresAnswer(IReadOnlyList<FailureAnswer> Items, string? Next);
