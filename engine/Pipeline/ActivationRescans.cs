using Microsoft.Extensions.Logging;
using Surveillance.Archive;
using Surveillance.Jobs;
using Surveillance.Rescan;

namespace Surveillance.Pipeline;

/// <summary>What a changed revision has rescanned.</summary>
/// <param name="IsOn">Whether anything is.</param>
/// <param name="SentWithin">Only messages sent within this time before the activation; null for all.</param>
public readonly record struct ActivationRange(bool IsOn, TimeSpan? SentWithin);

/// <summary>Queues a rescan for every revision that comes into force after another one, and for the last one when the program was stopped before it could.</summary>
/// <param name="rules">What runs.</param>
/// <param name="desk">Where rescans are asked for.</param>
/// <param name="runs">The runs so far.</param>
/// <param name="archive">Where activations are kept.</param>
/// <param name="range">What to look at.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Positions only.</param>
public sealed partial class ActivationRescans(
    RuleActivation rules, RescanDesk desk, IRunStore runs, IMessageArchive archive, ActivationRange range, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private long _handled;

    /// <summary>Looks for new activations until it is stopped.</summary>
    /// <param name="cancel">Stops it.</param>
    public async Task WatchAsync(CancellationToken cancel)
    {
        if (!range.IsOn)
        {
            return;
        }
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            do
            {
                try
                {
                    await LookAsync(cancel).ConfigureAwait(false);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    LogFailed(log, e.GetType().Name); // the next tick tries again
                }
            }
            while (await timer.WaitForNextTickAsync(cancel).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // stopping
        }
    }

    private async ValueTask LookAsync(CancellationToken cancel)
    {
        if (rules.Running is not { } running || running.Activation == _handled)
        {
            return;
        }
        if (archive.FindActivation(running.Activation - 1) is not null && !WasAskedFor(running.Activation))
        {
            var from = range.SentWithin is { } within ? time.GetUtcNow() - within : (DateTimeOffset?)null;
            await desk.StartAsync(new RescanRequest { From = from }, RunTrigger.Activation, "system", cancel).ConfigureAwait(false);
            LogQueued(log, running.Activation);
        }
        _handled = running.Activation;
    }

    private bool WasAskedFor(long activation) =>
        runs.FindNewest(RescanDesk.Kind, RunTrigger.Activation) is { } newest && RescanScope.TryFromJson(newest.Scope) is { } scope && scope.Activation >= activation;

    [LoggerMessage(Level = LogLevel.Information, Message = "The archive is rescanned by the revision activated at entry {Position}")]
    private static partial void LogQueued(ILogger log, long position);

    [LoggerMessage(Level = LogLevel.Error, Message = "A rescan could not be queued ({Reason}); trying again")]
    private static partial void LogFailed(ILogger log, string reason);
}
