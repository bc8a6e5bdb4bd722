using System.Globalization;
using Surveillance.Audit;

namespace Surveillance.Jobs;

/// <summary>What came of asking something of a run.</summary>
public enum RunOutcome
{
    /// <summary>It is done, or will be within seconds.</summary>
    Accepted,
    /// <summary>There is no such run.</summary>
    Unknown,
    /// <summary>The run is in a state in which this cannot be asked.</summary>
    WrongState,
}

/// <summary>Where people watch runs and ask them to pause, go on and end. Thread-safe.</summary>
/// <param name="store">Keeps the runs.</param>
/// <param name="runner">Does them.</param>
/// <param name="time">The clock of the audit.</param>
public sealed class RunDesk(IRunStore store, RunRunner runner, TimeProvider time)
{
    /// <summary>The run of a number, or null.</summary>
    /// <param name="number">The number.</param>
    public Run? Find(long number) => store.Find(number);

    /// <summary>Runs, newest first.</summary>
    /// <param name="before">Only numbers below this one; null for the newest.</param>
    /// <param name="max">At most so many, at least 1.</param>
    public IReadOnlyList<Run> Read(long? before, int max) => store.Read(before, max);

    /// <summary>How fast a run is; nothing known unless it is at work.</summary>
    /// <param name="run">The run.</param>
    public RunEstimate Estimate(Run run) => runner.Estimate(run);

    /// <summary>Has a run stop and keep its place.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancel">Gives up.</param>
    public ValueTask<RunOutcome> PauseAsync(long number, string actor, CancellationToken cancel) =>
        StopAsync(number, RunRequest.Pause, RunState.Paused, [RunState.Queued], Audit("pause", number, actor), cancel);

    /// <summary>Has a run end; what it did until then stays.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancel">Gives up.</param>
    public ValueTask<RunOutcome> CancelAsync(long number, string actor, CancellationToken cancel) =>
        StopAsync(number, RunRequest.Cancel, RunState.Cancelled, [RunState.Queued, RunState.Paused], Audit("cancel", number, actor), cancel);

    /// <summary>Has a run go on that was paused, or that failed or was cancelled, where it was.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancel">Gives up.</param>
    public async ValueTask<RunOutcome> ResumeAsync(long number, string actor, CancellationToken cancel)
    {
        if (store.Find(number) is null)
        {
            return RunOutcome.Unknown;
        }
        if (!await store.MoveAsync(number, [RunState.Paused, RunState.Failed, RunState.Cancelled], RunState.Queued, null, Audit("resume", number, actor), cancel).ConfigureAwait(false))
        {
            return RunOutcome.WrongState;
        }
        await runner.WakeAsync(cancel).ConfigureAwait(false);
        return RunOutcome.Accepted;
    }

    /// <summary>Has what failed in a finished run tried again.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancel">Gives up.</param>
    public async ValueTask<RunOutcome> RetryAsync(long number, string actor, CancellationToken cancel)
    {
        if (store.Find(number) is not { } run)
        {
            return RunOutcome.Unknown;
        }
        if (run.Failed == 0 || !await store.MoveAsync(number, [RunState.Finished], RunState.Queued, null, Audit("retry", number, actor), cancel).ConfigureAwait(false))
        {
            return RunOutcome.WrongState;
        }
        await runner.WakeAsync(cancel).ConfigureAwait(false);
        return RunOutcome.Accepted;
    }

    /// <summary>Queues a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cancel">Gives up.</param>
    public async ValueTask<Run> QueueAsync(NewRun run, CancellationToken cancel)
    {
        var queued = await store.AddAsync(run, cancel).ConfigureAwait(false);
        await runner.WakeAsync(cancel).ConfigureAwait(false);
        return queued;
    }

    /// <summary>Ends every unfinished run of a kind and trigger, because a newer one does the same and more.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="trigger">What set them off.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The runs that end.</returns>
    public async ValueTask<IReadOnlyList<Run>> SupersedeAsync(string kind, RunTrigger trigger, CancellationToken cancel)
    {
        Run[] superseded = [.. store.ReadUnfinished().Where(r => r.Kind == kind && r.Trigger == trigger)];
        foreach (var run in superseded)
        {
            await StopAsync(run.Number, RunRequest.Supersede, RunState.Superseded, [RunState.Queued, RunState.Paused], Audit("supersede", run.Number, "system"), cancel).ConfigureAwait(false);
        }
        return superseded;
    }

    /// <summary>Every run that has not ended, oldest first.</summary>
    public IReadOnlyList<Run> ReadUnfinished() => store.ReadUnfinished();

    private async ValueTask<RunOutcome> StopAsync(long number, RunRequest request, RunState at, RunState[] atOnceFrom, AuditEntry? audit, CancellationToken cancel)
    {
        if (store.Find(number) is null)
        {
            return RunOutcome.Unknown;
        }
        if (await store.MoveAsync(number, atOnceFrom, at, null, audit, cancel).ConfigureAwait(false))
        {
            return RunOutcome.Accepted;
        }
        if (!await store.RequestAsync(number, request, audit, cancel).ConfigureAwait(false))
        {
            return RunOutcome.WrongState;
        }
        runner.Interrupt(number);
        return RunOutcome.Accepted;
    }

    private AuditEntry Audit(string verb, long number, string actor) =>
        new(actor, "job." + verb, "run:" + number.ToString(CultureInfo.InvariantCulture), null, time.GetUtcNow());
}
