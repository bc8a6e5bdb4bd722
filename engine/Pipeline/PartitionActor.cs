using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Surveillance.Archive;
using Surveillance.Messages;
using Surveillance.Rescan;

namespace Surveillance.Pipeline;

/// <summary>Judges one partition's messages in order and commits everything that follows from a piece of work at once.</summary>
/// <remarks>
/// What a failing store keeps from being read or stored is tried again until it works: the piece waits, the mailbox fills, and the
/// dispatcher waits with it. Messages and changes of consent are taken in order of position, so that no message is judged with less
/// than it was judged with before; the checkpoint moves with what is stored, so that nothing stored is judged twice.
/// </remarks>
internal sealed partial class PartitionActor(
    int partition, Mailbox<PartitionWork> inbox, PartitionProgress progress, MessageJudge judge, RescanJudge rescanJudge, IWorkStore work, IRescanStore rescans, LookedUpPersons lookedUp,
    Action<long> announce, PipelineMeter meter, TimeProvider time, ILogger log)
{
    private const int EnoughForACommit = 256;
    private const int LookupsAtOnce = 1_000;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>Why the last try to read or store failed, for health; null when it worked.</summary>
    public string? Trouble { get; private set; }

    private List<JudgedMessage> _judged = [];

    /// <summary>The spans whose results the next commit stores.</summary>
    private readonly List<ActivityContext> _traces = [];

    /// <summary>Every message and every change of consent up to here was taken.</summary>
    private long _known = progress.Stored;

    /// <summary>Works until the mailbox is complete and empty.</summary>
    /// <param name="cancel">Stops at once; what is not committed is dealt again at the next start.</param>
    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            await WorkAsync(cancel).ConfigureAwait(false);
        }
        finally
        {
            while (inbox.TryRead(out var left))
            {
                (left as RescanWork)?.GiveUp(); // its run goes on at the next start
            }
        }
    }

    private async Task WorkAsync(CancellationToken cancel)
    {
        await foreach (var first in inbox.ReadAllAsync(cancel).ConfigureAwait(false))
        {
            var through = 0L;
            for (var piece = first; ;)
            {
                if (piece is DealtWork dealt)
                {
                    await DoAsync(dealt, cancel).ConfigureAwait(false);
                    through = Math.Max(through, dealt.Through);
                    _known = Math.Max(_known, through);
                }
                else if (piece is RescanWork rescan)
                {
                    await RescanAsync(rescan, through, cancel).ConfigureAwait(false);
                }
                if (_judged.Count >= EnoughForACommit || !inbox.TryRead(out var next))
                {
                    break;
                }
                piece = next; // one commit for what waits already
            }
            await StoreAsync(through, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Judges a piece of a rescan and stores what comes of it. What fails is told to the run, which tries again; the partition's own work goes on.</summary>
    private async Task RescanAsync(RescanWork rescan, long through, CancellationToken cancel)
    {
        if (!rescan.TryBegin())
        {
            return;
        }
        try
        {
            await StoreAsync(through, cancel).ConfigureAwait(false); // a rescan compares with what is stored
        }
        catch
        {
            rescan.Done.TrySetCanceled(CancellationToken.None);
            throw;
        }
        try
        {
            var piece = rescan.Piece;
            var batch = rescanJudge.Judge(piece, rescans.ReadJudgements([.. piece.Entries.Select(e => e.Position)]), Math.Max(_known, piece.Scope.Through));
            foreach (var message in batch.DryRun ? [] : batch.Messages)
            {
                lookedUp.Add(message.ConsentLookups);
            }
            var result = await rescans.CommitAsync(batch, cancel).ConfigureAwait(false);
            meter.Rescanned(batch, result);
            announce(result.LastEvent);
            rescan.Done.TrySetResult();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            rescan.Done.TrySetException(e);
        }
    }

    private async Task DoAsync(DealtWork dealt, CancellationToken cancel)
    {
        using var span = dealt.Trace == default ? null : EntryTraces.Begin("judge", [dealt.Trace]);
        span?.SetTag("surveillance.partition", partition).SetTag("surveillance.messages", dealt.Messages.Count);
        if (span is not null)
        {
            _traces.Add(span.Context);
        }
        var next = 0;
        foreach (var change in dealt.Consent)
        {
            await JudgeBeforeAsync(change.Position).ConfigureAwait(false);
            if (lookedUp.Contains(change.Person))
            {
                await JudgeAgainAsync(change, dealt.Revision, cancel).ConfigureAwait(false);
            }
        }
        await JudgeBeforeAsync(long.MaxValue).ConfigureAwait(false);

        async ValueTask JudgeBeforeAsync(long position)
        {
            if (next < dealt.Messages.Count && dealt.Messages[next].Position < position)
            {
                await InsistAsync(() => JudgeBefore(position), cancel).ConfigureAwait(false);
            }
        }

        ValueTask<int> JudgeBefore(long position)
        {
            for (; next < dealt.Messages.Count && dealt.Messages[next].Position < position; next++)
            {
                var from = _judged.Count;
                judge.Judge(dealt.Messages[next], dealt.Revision, _judged);
                dealt.Messages[next].Dispose();
                Note(from);
            }
            return ValueTask.FromResult(next);
        }
    }

    /// <summary>Judges those again that looked up a person's consent; the store must know of every look-up first.</summary>
    private async Task JudgeAgainAsync(ConsentChange change, ActiveRevision revision, CancellationToken cancel)
    {
        if (_judged.Any(j => j.ConsentLookups.Contains(change.Person)))
        {
            await StoreAsync(change.Position - 1, cancel).ConfigureAwait(false);
        }
        for (long after = 0; ;)
        {
            var positions = await InsistAsync(
                () => ValueTask.FromResult(work.FindConsentLookups(change.Person, change.From, after, change.Before, LookupsAtOnce)), cancel).ConfigureAwait(false);
            var done = 0;
            await InsistAsync(() =>
            {
                for (; done < positions.Count; done++)
                {
                    var from = _judged.Count;
                    judge.JudgeAgain(partition, positions[done], change.Position, revision, _judged);
                    Note(from);
                }
                return ValueTask.FromResult(done);
            }, cancel).ConfigureAwait(false);
            if (positions.Count < LookupsAtOnce)
            {
                return;
            }
            after = positions[^1];
            await StoreAsync(change.Position - 1, cancel).ConfigureAwait(false);
        }
    }

    private void Note(int from)
    {
        for (var i = from; i < _judged.Count; i++)
        {
            lookedUp.Add(_judged[i].ConsentLookups);
        }
    }

    /// <summary>Stores what was judged with the checkpoint. Where nothing was, the checkpoint can wait: doing the same once more finds nothing again.</summary>
    private async Task StoreAsync(long checkpoint, CancellationToken cancel)
    {
        if (_judged.Count > 0)
        {
            var batch = new WorkBatch(partition, checkpoint, _judged);
            var started = Stopwatch.GetTimestamp();
            using var span = EntryTraces.Begin("commit", _traces);
            var result = await InsistAsync(() => work.CommitAsync(batch, cancel), cancel).ConfigureAwait(false);
            announce(result.LastEvent);
            meter.Stored(batch, result, started, time.GetUtcNow());
            _judged = new List<JudgedMessage>(_judged.Count);
        }
        _traces.Clear();
        progress.Store(checkpoint);
    }

    private async ValueTask<T> InsistAsync<T>(Func<ValueTask<T>> attempt, CancellationToken cancel)
    {
        for (var pause = TimeSpan.FromMilliseconds(100); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                var result = await attempt().ConfigureAwait(false);
                Trouble = null;
                return result;
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
            {
                Trouble = e.GetType().Name;
                LogFailed(log, partition, progress.Stored, e.GetType().Name, pause.TotalSeconds);
                await Task.Delay(pause, time, cancel).ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Partition {Partition} could not read or store what comes after {Position} ({Reason}); trying again in {Seconds} s")]
    private static partial void LogFailed(ILogger log, int partition, long position, string reason, double seconds);
}

/// <summary>The data subjects whose consent some judgement looked up: whoever is not among them has no earlier answer to change. Thread-safe.</summary>
internal sealed class LookedUpPersons(IEnumerable<OpaqueId> known)
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<OpaqueId, byte> _persons = new(known.Select(p => KeyValuePair.Create(p, (byte)0)));

    public void Add(IReadOnlyList<OpaqueId> persons)
    {
        for (var i = 0; i < persons.Count; i++)
        {
            _persons.TryAdd(persons[i], 0);
        }
    }

    public bool Contains(OpaqueId person) => _persons.ContainsKey(person);
}
