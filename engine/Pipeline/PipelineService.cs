using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Surveillance.Archive;
using Surveillance.Consent;
using Surveillance.Messages;
using Surveillance.Rescan;

namespace Surveillance.Pipeline;

/// <summary>Runs the pipeline: one dispatcher, 64 partitions, and what keeps their checkpoints near the end of the archive.</summary>
/// <remarks>
/// Start it once. A stop reads nothing more, finishes what was dealt and stores it. A dispatcher that fails starts again
/// from the checkpoints after a pause; entries that a partition stored already are not dealt to it twice.
/// </remarks>
public sealed partial class PipelineService : IPipelineStatus, IRetryQueue, IRescanPartitions, IAsyncDisposable
{
    private const int MailboxSize = 8;
    private static readonly TimeSpan AdvanceEvery = TimeSpan.FromSeconds(5);

    private readonly IMessageArchive _archive;
    private readonly IWorkStore _work;
    private readonly IRescanStore _rescans;
    private readonly RuleActivation _rules;
    private readonly ConsentLedger _ledger;
    private readonly Action<long> _announce;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Meter? _ownMeter;
    private readonly PipelineMeter _meter;
    private readonly EntryTraces? _traces;
    private readonly CancellationTokenSource _reading = new();
    private readonly CancellationTokenSource _working = new();
    private readonly Mailbox<PartitionWork>[] _mailboxes = new Mailbox<PartitionWork>[64];
    private readonly PartitionActor[] _partitions = new PartitionActor[64];
    private readonly PartitionProgress[] _progress = new PartitionProgress[64];
    private readonly ArrivalRate _arrivals;
    private Dispatcher? _dispatcher;
    private Task _dispatching = Task.CompletedTask;
    private Task _advancing = Task.CompletedTask;
    private Task[] _judging = [];
    private volatile string? _dispatcherTrouble;
    private volatile bool _hasMessages;

    /// <summary>Puts the pipeline together.</summary>
    /// <param name="archive">What it reads.</param>
    /// <param name="work">Where it stores.</param>
    /// <param name="rescans">Where rescans store.</param>
    /// <param name="rules">What judges.</param>
    /// <param name="ledger">Consent, empty before the start.</param>
    /// <param name="announce">Told of the sequence of the last alert event after each commit.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Ids and places only.</param>
    /// <param name="meter">What is measured; null where nobody listens.</param>
    /// <param name="traces">The traces that brought entries; null where nobody goes on with them.</param>
    public PipelineService(
        IMessageArchive archive, IWorkStore work, IRescanStore rescans, RuleActivation rules, ConsentLedger ledger, Action<long> announce, TimeProvider time, ILogger log,
        PipelineMeter? meter = null, EntryTraces? traces = null)
    {
        _archive = archive;
        _work = work;
        _rescans = rescans;
        _rules = rules;
        _ledger = ledger;
        _announce = announce;
        _time = time;
        _log = log;
        _arrivals = new ArrivalRate(archive, time);
        _traces = traces;
        _meter = meter ?? new PipelineMeter(_ownMeter = new Meter(ArchiveMeter.Name));
        _meter.Watch(() => _mailboxes.Select(m => m?.Depth ?? 0), this, time);
    }

    /// <inheritdoc />
    public bool IsRunning { get; private set; }

    /// <summary>What judges now; null before the first activation was read.</summary>
    public ActiveRevision? Active => _dispatcher?.Active;

    /// <inheritdoc />
    public IReadOnlyList<string> Stalls
    {
        get
        {
            var stalls = new List<string>();
            if (_dispatcherTrouble is { } dispatcher)
            {
                stalls.Add($"The dispatcher stopped ({dispatcher}) and tries again.");
            }
            var stuck = _partitions.Count(p => p?.Trouble is not null);
            if (stuck > 0)
            {
                stalls.Add($"{stuck} of 64 partitions cannot store their work or read the archive and try again: is the disk full?");
            }
            return stalls;
        }
    }

    /// <summary>What is wrong, with the rules and models too, in words; empty when nothing is.</summary>
    public IReadOnlyList<string> Trouble
    {
        get
        {
            var trouble = new List<string>(Stalls);
            trouble.AddRange(_rules.MissingModels.Select(m => $"The model `{m}` is missing: conditions on it are not evaluated."));
            trouble.AddRange(_rules.FailingTests.Select(rule => $"The rule `{rule.Key}` fails {rule.Value} of its own tests: `surveillance rules test` shows which."));
            if (_rules.Problems.Count > 0)
            {
                trouble.Add("The rule files as they are now do not check; the revision that ran before goes on running.");
            }
            return trouble;
        }
    }

    /// <summary>Starts: reads checkpoints and consent, activates the rules where none ran yet, then deals.</summary>
    /// <param name="cancel">Gives up starting.</param>
    /// <exception cref="RulesInvalidException">Nothing ever ran here and the rules do not check.</exception>
    public async Task StartAsync(CancellationToken cancel)
    {
        var checkpoints = _work.ReadCheckpoints();
        LoadLedger();
        await _rules.StartAsync(cancel).ConfigureAwait(false);
        var lookedUp = new LookedUpPersons(_work.ReadConsentLookupPersons());
        var revisions = new RevisionHistory(_archive, _rules);
        for (var i = 0; i < 64; i++)
        {
            _mailboxes[i] = new Mailbox<PartitionWork>(MailboxSize);
            _progress[i] = new PartitionProgress(checkpoints[i]);
            _partitions[i] = new PartitionActor(
                i, _mailboxes[i], _progress[i], new MessageJudge(_archive, _ledger, revisions, _rescans.FindJudgedBy, _rules.Ids, _meter), new RescanJudge(_archive, _ledger, revisions, _rescans.ReadMatchedRules, _rules.Ids),
                _work, _rescans, lookedUp, _announce, _meter, _time, _log);
        }
        _judging = [.. Enumerable.Range(0, 64).Select(i => Task.Run(() => _partitions[i].RunAsync(_working.Token), CancellationToken.None))];
        _dispatcher = new Dispatcher(_archive, _rules, _ledger, _mailboxes, _progress, _meter, _traces);
        _dispatching = Task.Run(() => DispatchAsync(checkpoints), CancellationToken.None);
        _advancing = Task.Run(AdvanceAsync, CancellationToken.None);
        IsRunning = true;
    }

    /// <summary>Stops: reads nothing more, finishes what was dealt, stores it.</summary>
    /// <param name="cancel">Stops at once; what is not stored is dealt again at the next start.</param>
    public async Task StopAsync(CancellationToken cancel)
    {
        IsRunning = false;
        await _reading.CancelAsync().ConfigureAwait(false);
        await using (cancel.Register(() => _working.Cancel()).ConfigureAwait(false))
        {
            await _dispatching.ConfigureAwait(false);
            foreach (var mailbox in _mailboxes)
            {
                mailbox?.Complete();
            }
            await Task.WhenAll(_judging).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _advancing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _rules.StopAsync().ConfigureAwait(false);
            if (!cancel.IsCancellationRequested && _dispatcher is not null)
            {
                await AdvanceIdleAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc />
    public PipelineProgress Read()
    {
        var head = _archive.LastPosition;
        var done = Done();
        var waiting = Math.Max(0, head - done);
        return new PipelineProgress(
            head, waiting, waiting == 0 ? null : _archive.FindReceivedAt(done + 1), head == 0 ? null : _archive.FindReceivedAt(head), _arrivals.OfLastHour(head), HasMessages(head));
    }

    /// <summary>Whether any entry is a message; asked of the archive until one is.</summary>
    private bool HasMessages(long head) => _hasMessages || (_hasMessages = head > 0 && _archive.HasMessages());

    /// <inheritdoc />
    public ValueTask EnqueueAsync(long position, CancellationToken cancel) => _dispatcher?.RetryAsync(position, cancel) ?? ValueTask.CompletedTask;

    /// <inheritdoc />
    public async Task WaitUntilDealtAsync(long position, CancellationToken cancel)
    {
        while (_dispatcher is not { } dispatcher || dispatcher.Dealt < position)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), _time, cancel).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public async Task JudgeAsync(RescanPiece piece, CancellationToken cancel)
    {
        var work = new RescanWork(piece);
        try
        {
            await _mailboxes[piece.Partition].SendAsync(work, cancel).ConfigureAwait(false);
        }
        catch (System.Threading.Channels.ChannelClosedException)
        {
            throw new OperationCanceledException("The pipeline stops.");
        }
        await using var giveUp = cancel.Register(work.GiveUp).ConfigureAwait(false);
        await work.Done.Task.ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            await StopAsync(CancellationToken.None).ConfigureAwait(false);
        }
        _reading.Dispose();
        _working.Dispose();
        _ownMeter?.Dispose();
    }

    /// <summary>Everything up to this position is stored by every partition.</summary>
    private long Done()
    {
        if (_dispatcher is not { } dispatcher)
        {
            return _work.ReadCheckpoints().Min();
        }
        var dealt = dispatcher.Dealt;
        return Math.Min(dealt, _progress.Min(p => p.StoredOf(dealt)));
    }

    private void LoadLedger()
    {
        for (long after = 0; ;)
        {
            var entries = _archive.ReadKind(EntryKind.Consent, after, 1_000);
            if (entries.Count == 0)
            {
                break;
            }
            foreach (var entry in entries)
            {
                _ledger.Add(entry.ReadConsent(), entry.Position);
            }
            after = entries[^1].Position;
        }
        foreach (var position in _work.ReadOptOuts(long.MaxValue))
        {
            if (_archive.Find(position) is { Kind: EntryKind.Message } entry)
            {
                _ledger.Add(OptOuts.Of(entry.ReadMessage(), position, _ledger));
            }
        }
    }

    private async Task DispatchAsync(IReadOnlyList<long> checkpoints)
    {
        for (var pause = TimeSpan.FromSeconds(1); ;)
        {
            try
            {
                await _dispatcher!.RunAsync(checkpoints, _reading.Token).ConfigureAwait(false);
                return;
            }
            catch (OperationCanceledException) when (_reading.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                _dispatcherTrouble = e.GetType().Name;
                LogDispatcherFailed(_log, _dispatcher!.Dealt, e.GetType().Name, pause.TotalSeconds);
                try
                {
                    await Task.Delay(pause, _time, _reading.Token).ConfigureAwait(false);
                    checkpoints = await SettledCheckpointsAsync().ConfigureAwait(false);
                    _dispatcherTrouble = null;
                }
                catch (OperationCanceledException)
                {
                    return;
                }
                pause = pause < TimeSpan.FromMinutes(1) ? pause * 2 : pause;
            }
        }
    }

    /// <summary>The checkpoints once every partition has stored what it was dealt, so that nothing is dealt to it a second time.</summary>
    private async Task<IReadOnlyList<long>> SettledCheckpointsAsync()
    {
        while (_progress.Any(p => !p.IsIdle))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), _time, _reading.Token).ConfigureAwait(false);
        }
        var dealt = _dispatcher!.Dealt;
        return [.. _progress.Select(p => p.StoredOf(dealt))];
    }

    private async Task AdvanceAsync()
    {
        using var timer = new PeriodicTimer(AdvanceEvery, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_reading.Token).ConfigureAwait(false))
            {
                try
                {
                    await AdvanceIdleAsync(_reading.Token).ConfigureAwait(false);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    LogAdvanceFailed(_log, e.GetType().Name); // the next tick tries again; at worst a start reads more
                }
            }
        }
        catch (OperationCanceledException)
        {
            // the stop writes the last checkpoints
        }
    }

    private long _advancedTo;

    private async Task AdvanceIdleAsync(CancellationToken cancel)
    {
        var dealt = _dispatcher!.Dealt;
        if (dealt == _advancedTo)
        {
            return;
        }
        int[] idle = [.. Enumerable.Range(0, 64).Where(i => _progress[i].IsIdle)];
        await _work.AdvanceAsync(idle, dealt, cancel).ConfigureAwait(false);
        _advancedTo = dealt;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The dispatcher stopped after entry {Position} ({Reason}); starting it again in {Seconds} s")]
    private static partial void LogDispatcherFailed(ILogger log, long position, string reason, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Checkpoints of idle partitions could not be moved ({Reason})")]
    private static partial void LogAdvanceFailed(ILogger log, string reason);

    /// <summary>How many entries came in the last sixty minutes, those before the start included. Looked up by position, so it keeps one number.</summary>
    private sealed class ArrivalRate(IMessageArchive archive, TimeProvider time)
    {
        private readonly Lock _lock = new();
        private long _before;

        /// <param name="head">Position of the last entry kept.</param>
        public long OfLastHour(long head)
        {
            lock (_lock)
            {
                var since = time.GetUtcNow() - TimeSpan.FromHours(1);
                if (IsBefore(_before + 1, head, since))
                {
                    var (earlier, later) = (_before + 1, head + 1);
                    while (later - earlier > 1)
                    {
                        var middle = earlier + (later - earlier) / 2;
                        (earlier, later) = IsBefore(middle, head, since) ? (middle, later) : (earlier, middle);
                    }
                    _before = earlier;
                }
                return head - _before;
            }
        }

        private bool IsBefore(long position, long head, DateTimeOffset since) => position <= head && archive.FindReceivedAt(position) is { } at && at < since;
    }
}
