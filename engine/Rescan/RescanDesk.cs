using Surveillance.Archive;
using Surveillance.Jobs;
using Surveillance.Rules;

namespace Surveillance.Rescan;

/// <summary>What came of asking for a rescan.</summary>
/// <param name="Run">The queued run, or the one that does the same already; null when the request was refused.</param>
/// <param name="Problem">Why it was refused, for people; null when it was not.</param>
/// <param name="Field">The field of the request that is wrong, such as <c>rules</c>; null when none is.</param>
public sealed record RescanAnswer(Run? Run, string? Problem = null, string? Field = null);

/// <summary>What runs now, as a rescan needs to know it.</summary>
/// <param name="Activation">Position of its activation.</param>
/// <param name="Revision">What judges.</param>
public sealed record RescanTarget(long Activation, Revision Revision);

/// <summary>Where rescans are asked for. Thread-safe.</summary>
/// <param name="runs">Where runs are queued.</param>
/// <param name="store">What rescans found.</param>
/// <param name="archive">What is scanned.</param>
/// <param name="running">What runs now; null before the start.</param>
public sealed class RescanDesk(RunDesk runs, IRescanStore store, IMessageArchive archive, Func<RescanTarget?> running) : IDisposable
{
    private readonly SemaphoreSlim _asking = new(1, 1);

    /// <summary>The kind of job.</summary>
    public const string Kind = "rescan";

    /// <summary>Queues a rescan of what was kept until now, by what runs now. What is asked for twice is done once: while a run that was asked for with the same request waits
    /// or is at work by the same revision, the answer is that run.</summary>
    /// <param name="request">What to look at.</param>
    /// <param name="trigger">What set it off.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="schedule">Name of the schedule that asks; null where none does. While a run of it has not ended, it gets no other.</param>
    public async ValueTask<RescanAnswer> StartAsync(RescanRequest request, RunTrigger trigger, string actor, CancellationToken cancel, string? schedule = null)
    {
        if (running() is not { } target)
        {
            return new RescanAnswer(null, "No rules run yet. Try again in a moment.");
        }
        if (request.From is { } from && request.To is { } to && from >= to)
        {
            return new RescanAnswer(null, "The end of the range is not after its beginning.", "to");
        }
        var matched = request.Rules.Count == 0 ? [] : store.ReadMatchedRules();
        foreach (var rule in request.Rules)
        {
            if (target.Revision.Find(rule) is null && !matched.Contains(rule))
            {
                var near = Messages.NearestName.Find(rule, [.. target.Revision.Rules.Select(r => r.Id)]);
                return new RescanAnswer(null, $"There is no rule `{rule}`{(near is null ? "" : $"; did you mean `{near}`?")}", "rules");
            }
        }
        await _asking.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return await QueueAsync(request, target, trigger, actor, schedule, cancel).ConfigureAwait(false);
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _asking.Dispose();

    private async ValueTask<RescanAnswer> QueueAsync(RescanRequest request, RescanTarget target, RunTrigger trigger, string actor, string? schedule, CancellationToken cancel)
    {
        if (trigger == RunTrigger.Request && runs.ReadUnfinished().FirstOrDefault(r => DoesTheSame(r, request, target)) is { } same)
        {
            return new RescanAnswer(same);
        }
        var through = trigger == RunTrigger.Activation ? target.Activation : archive.LastPosition;
        if (schedule is not null && runs.ReadUnfinished().FirstOrDefault(r => r.Kind == Kind && RescanScope.TryFromJson(r.Scope)?.Schedule == schedule) is { } before)
        {
            return new RescanAnswer(null, $"Run {before.Number} of the schedule {schedule} has not ended yet.");
        }
        if (trigger == RunTrigger.Activation)
        {
            var superseded = await runs.SupersedeAsync(Kind, RunTrigger.Activation, cancel).ConfigureAwait(false);
            request = request with { From = Earliest(request.From, superseded) };
        }
        var scope = new RescanScope { Request = request, Activation = target.Activation, Through = through, Schedule = schedule };
        return new RescanAnswer(await runs.QueueAsync(new NewRun(Kind, scope.ToJson(), trigger, actor), cancel).ConfigureAwait(false));
    }

    private static bool DoesTheSame(Run run, RescanRequest request, RescanTarget target) =>
        run is { Kind: Kind, Trigger: RunTrigger.Request, State: RunState.Queued or RunState.Running, Request: RunRequest.None }
        && RescanScope.TryFromJson(run.Scope) is { } scope && scope.Activation == target.Activation
        && scope.Request with { Channels = [], Rules = [] } == request with { Channels = [], Rules = [] }
        && scope.Request.Channels.ToHashSet().SetEquals(request.Channels) && scope.Request.Rules.ToHashSet(StringComparer.Ordinal).SetEquals(request.Rules);

    /// <summary>What takes the place of other runs begins no later than they do.</summary>
    private static DateTimeOffset? Earliest(DateTimeOffset? from, IReadOnlyList<Run> superseded)
    {
        foreach (var run in superseded)
        {
            if (RescanScope.TryFromJson(run.Scope) is { } scope && (scope.Request.From is null || scope.Request.From < from))
            {
                from = scope.Request.From;
            }
        }
        return from;
    }
}
