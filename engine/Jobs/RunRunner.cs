using Microsoft.Extensions.Logging;

namespace Surveillance.Jobs;

/// <summary>Does queued runs, one after the other, oldest first. What was at work when the program stopped goes on first.</summary>
/// <param name="store">Keeps the runs.</param>
/// <param name="workers">Does each kind.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Numbers and kinds only.</param>
public sealed partial class RunRunner(IRunStore store, IEnumerable<IRunWorker> workers, TimeProvider time, ILogger<RunRunner> log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, IRunWorker> _workers = workers.ToDictionary(w => w.Kind);
    private readonly Lock _lock = new();
    private (long Number, CancellationTokenSource Stop, RunPace Pace)? _current;

    /// <summary>Asks whoever drives the runner to call <see cref="DrainAsync"/>.</summary>
    public Func<CancellationToken, ValueTask>? Wake { get; set; }

    /// <summary>How fast a run is; nothing known unless it is at work.</summary>
    /// <param name="run">The run.</param>
    public RunEstimate Estimate(Run run)
    {
        lock (_lock)
        {
            return _current is { } current && current.Number == run.Number ? current.Pace.Estimate(run.Planned) : default;
        }
    }

    /// <summary>Does every run that waits, until none does.</summary>
    /// <param name="cancel">Stops; what is at work goes on the next time.</param>
    public async Task DrainAsync(CancellationToken cancel)
    {
        for (var pause = FirstPause; !cancel.IsCancellationRequested;)
        {
            try
            {
                if (Next() is not { } run)
                {
                    return;
                }
                await DoAsync(run, cancel).ConfigureAwait(false);
                pause = FirstPause;
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
            {
                LogBroken(log, e.GetType().Name, pause.TotalSeconds); // the runs cannot even be read or moved: is the disk full?
                await Task.Delay(pause, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = Longer(pause);
            }
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    internal ValueTask WakeAsync(CancellationToken cancel) => Wake?.Invoke(cancel) ?? ValueTask.CompletedTask;

    /// <summary>Has the run at work look at what is asked of it.</summary>
    internal void Interrupt(long number)
    {
        lock (_lock)
        {
            if (_current is { } current && current.Number == number)
            {
                current.Stop.Cancel();
            }
        }
    }

    private Run? Next()
    {
        var unfinished = store.ReadUnfinished();
        return unfinished.FirstOrDefault(r => r.State == RunState.Running) ?? unfinished.FirstOrDefault(r => r.State == RunState.Queued);
    }

    private async Task DoAsync(Run run, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var pace = new RunPace(time);
        lock (_lock)
        {
            _current = (run.Number, stop, pace);
        }
        try
        {
            await store.MoveAsync(run.Number, [RunState.Queued], RunState.Running, null, null, cancel).ConfigureAwait(false);
            if (await SettleAsync(run.Number, cancel).ConfigureAwait(false))
            {
                return; // asked for before the program stopped
            }
            await WorkAsync(run.Number, pace, stop.Token, cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // the program stops; the run goes on at the next start
        }
        finally
        {
            lock (_lock)
            {
                _current = null;
            }
        }
    }

    private async Task WorkAsync(long number, RunPace pace, CancellationToken stop, CancellationToken cancel)
    {
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            var run = store.Find(number)!;
            try
            {
                if (!_workers.TryGetValue(run.Kind, out var worker))
                {
                    throw new RunFailedException($"This version of the program has no job of the kind {run.Kind}.");
                }
                await worker.WorkAsync(run, pace, stop).ConfigureAwait(false);
                await store.MoveAsync(number, [RunState.Running], RunState.Finished, null, null, cancel).ConfigureAwait(false);
                LogEnded(log, run.Kind, number);
                return;
            }
            catch (RunFailedException e)
            {
                await store.MoveAsync(number, [RunState.Running], RunState.Failed, e.Message, null, cancel).ConfigureAwait(false);
                LogFailed(log, run.Kind, number);
                return;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested && !cancel.IsCancellationRequested)
            {
                await SettleAsync(number, cancel).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
            {
                LogInterrupted(log, run.Kind, number, e.GetType().Name, pause.TotalSeconds);
                try
                {
                    var note = $"Interrupted ({e.GetType().Name}); it is tried again. Is the disk full or the archive damaged?";
                    await store.NoteAsync(number, note, cancel).ConfigureAwait(false);
                    await Task.Delay(pause, time, stop).ConfigureAwait(false);
                    await store.NoteAsync(number, null, cancel).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
                {
                    await SettleAsync(number, cancel).ConfigureAwait(false);
                    return;
                }
            }
        }
    }

    /// <summary>Does what is asked of a run at work.</summary>
    private async ValueTask<bool> SettleAsync(long number, CancellationToken cancel)
    {
        var to = store.Find(number)!.Request switch
        {
            RunRequest.Pause => RunState.Paused,
            RunRequest.Cancel => RunState.Cancelled,
            RunRequest.Supersede => RunState.Superseded,
            _ => RunState.Running,
        };
        return to != RunState.Running && await store.MoveAsync(number, [RunState.Running], to, null, null, cancel).ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Runs cannot be read or moved ({Reason}); trying again in {Seconds} s")]
    private static partial void LogBroken(ILogger log, string reason, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {Number} ({Kind}) has finished")]
    private static partial void LogEnded(ILogger log, string kind, long number);

    [LoggerMessage(Level = LogLevel.Error, Message = "Run {Number} ({Kind}) cannot go on; its page says why")]
    private static partial void LogFailed(ILogger log, string kind, long number);

    [LoggerMessage(Level = LogLevel.Error, Message = "Run {Number} ({Kind}) was interrupted ({Reason}); trying again in {Seconds} s")]
    private static partial void LogInterrupted(ILogger log, string kind, long number, string reason, double seconds);
}
