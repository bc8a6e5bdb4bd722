using System.Diagnostics;
using System.Diagnostics.Metrics;
using Surveillance.Archive;
using Surveillance.Capture;
using Surveillance.Alerting;
using Surveillance.Messages;
using Surveillance.Rescan;
using Surveillance.Rules;

namespace Surveillance.Pipeline;

/// <summary>What the pipeline measures of itself, from the durable answer to the stored result. Thread-safe; costs next to nothing while nobody listens.</summary>
/// <remarks>Tags are words of ours alone: channels, outcomes, reasons, ids of rules. Never a word, an address or an id of a message.</remarks>
public sealed class PipelineMeter
{
    /// <summary>Of so many messages one is judged with a stopwatch on every rule.</summary>
    internal const int RulesTimedEvery = 64;

    private static readonly InstrumentAdvice<double> Micros = new() { HistogramBucketBoundaries = [5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 0.01, 0.1] };
    private static readonly InstrumentAdvice<double> RuleMicros = new() { HistogramBucketBoundaries = [1e-6, 5e-6, 2.5e-5, 1e-4, 5e-4, 2.5e-3, 0.025] };
    private static readonly InstrumentAdvice<double> Latency = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3600] };

    private readonly Meter _meter;
    private readonly Counter<long> _captured, _prepared, _judged, _quarantined, _matches, _alerts, _notEvaluated, _rescanned;
    private readonly Histogram<double> _capture, _prepare, _judge, _commit, _latency, _rule;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meter">Whoever made it disposes it.</param>
    public PipelineMeter(Meter meter)
    {
        _meter = meter;
        _captured = meter.CreateCounter<long>("surveillance.capture.messages", "{message}", "Messages and consent lines handed to the archive, by channel and what became of them.");
        _capture = meter.CreateHistogram("surveillance.capture.duration", "s", "How long a request waits until what it brought is kept and synced.", [], ArchiveMeter.Seconds);
        _prepared = meter.CreateCounter<long>("surveillance.prepare.messages", "{message}", "Messages read, cut into tokens and detected.");
        _prepare = meter.CreateHistogram("surveillance.prepare.duration", "s", "How long reading, cutting into tokens and detecting take, a message.", [], Micros);
        _judged = meter.CreateCounter<long>("surveillance.judge.messages", "{message}", "Messages judged, by outcome.");
        _judge = meter.CreateHistogram("surveillance.judge.duration", "s", "How long judging takes, a message.", [], Micros);
        _commit = meter.CreateHistogram("surveillance.commit.duration", "s", "How long storing the results of a piece of work takes, waiting for its turn included.", [], ArchiveMeter.Seconds);
        _latency = meter.CreateHistogram("surveillance.message.latency", "s", "From keeping a message to storing its result.", [], Latency);
        _quarantined = meter.CreateCounter<long>("surveillance.quarantine.messages", "{message}", "Messages that could not be judged, by reason; every try counts.");
        _matches = meter.CreateCounter<long>("surveillance.rule.matches", "{match}", "New matches stored, by rule.");
        _alerts = meter.CreateCounter<long>("surveillance.alerts", "{alert}", "Alerts opened, by rule and severity.");
        _notEvaluated = meter.CreateCounter<long>("surveillance.rule.not_evaluated", "{message}", "Messages of which nobody can tell whether a rule holds, by rule.");
        _rescanned = meter.CreateCounter<long>("surveillance.rescan.messages", "{message}", "Messages that rescans had behind them, by outcome.");
        _rule = meter.CreateHistogram("surveillance.rule.duration", "s", "How long judging one rule takes, of one message in 64. The first rule that needs a fact pays for it.", [], RuleMicros);
    }

    /// <summary>Whether somebody listens to what rules cost.</summary>
    internal bool TimesRules => _rule.Enabled;

    /// <summary>Whether somebody listens to how long messages take.</summary>
    internal bool TimesMessages => _judge.Enabled || _prepare.Enabled;

    /// <summary>Tells how deep the mailboxes are and how far the partitions lag behind the archive, whenever somebody looks.</summary>
    /// <param name="depths">How many pieces of work wait in each mailbox.</param>
    /// <param name="status">How far the pipeline is.</param>
    /// <param name="time">The clock.</param>
    internal void Watch(Func<IEnumerable<int>> depths, IPipelineStatus status, TimeProvider time)
    {
        _meter.CreateObservableGauge("surveillance.mailbox.depth", () => depths().Sum(), "{piece}", "Pieces of work that wait in the mailboxes of all partitions.");
        _meter.CreateObservableGauge("surveillance.mailbox.fullest", () => depths().DefaultIfEmpty().Max(), "{piece}", "Pieces of work that wait in the fullest mailbox.");
        _meter.CreateObservableGauge("surveillance.archive.head", () => status.Read().Head, "{entry}", "Position of the last entry kept.");
        _meter.CreateObservableGauge("surveillance.lag.entries", () => status.Read().Waiting, "{entry}", "Entries kept and not judged yet.");
        _meter.CreateObservableGauge(
            "surveillance.lag.time", () => status.Read().OldestWaiting is { } oldest ? Math.Max(0, (time.GetUtcNow() - oldest).TotalSeconds) : 0, "s", "For how long the oldest of them has been kept.");
    }

    /// <summary>Notes what became of captured items.</summary>
    internal void Captured(IReadOnlyList<CaptureItem> items, IReadOnlyList<CaptureReceipt> receipts, Channel? envelope, long started)
    {
        _capture.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, Tag("outcome", "kept"));
        for (int i = 0, same; _captured.Enabled && i < items.Count; i += same)
        {
            var (channel, outcome) = (ChannelOf(items[i], envelope), receipts[i].Outcome);
            for (same = 1; i + same < items.Count && receipts[i + same].Outcome == outcome && ChannelOf(items[i + same], envelope) == channel;)
            {
                same++;
            }
            _captured.Add(same, Tag("channel", Word(channel)), Tag("outcome", Names<CaptureOutcome>.Of(outcome)));
        }
    }

    /// <summary>Notes items of which nothing was kept.</summary>
    internal void NotCaptured(IReadOnlyList<CaptureItem> items, Channel? envelope, bool isOverload, long started)
    {
        var outcome = Tag("outcome", isOverload ? "overload" : "unavailable");
        _capture.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, outcome);
        for (var i = 0; _captured.Enabled && i < items.Count; i++)
        {
            _captured.Add(1, Tag("channel", Word(ChannelOf(items[i], envelope))), outcome);
        }
    }

    /// <summary>Notes a message that was prepared.</summary>
    internal void Prepared(long started)
    {
        _prepared.Add(1);
        _prepare.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>Notes a message that was judged.</summary>
    internal void Judged(JudgedMessage judged, long started)
    {
        _judge.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        _judged.Add(1, Tag("outcome", judged.Quarantine is not null ? "quarantined" : judged.Again ? "again" : "judged"));
    }

    /// <summary>Notes what one rule cost.</summary>
    internal void Timed(Rule rule, TimeSpan took) => _rule.Record(took.TotalSeconds, Tag("rule", rule.Id));

    /// <summary>Notes what a commit stored.</summary>
    internal void Stored(WorkBatch batch, CommitResult result, long started, DateTimeOffset now)
    {
        _commit.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        if (!_latency.Enabled && !_quarantined.Enabled)
        {
            return;
        }
        foreach (var judged in batch.Judged)
        {
            if (judged is { ReceivedAt: { } received, Again: false })
            {
                _latency.Record(Math.Max(0, (now - received).TotalSeconds));
            }
            if (judged.Quarantine is { } reason)
            {
                _quarantined.Add(1, Tag("reason", reason.Code));
            }
            foreach (var rule in judged.NotEvaluated)
            {
                _notEvaluated.Add(1, Tag("rule", rule));
            }
        }
        Found(result);
    }

    /// <summary>Notes what a piece of a rescan stored.</summary>
    internal void Rescanned(RescanBatch batch, CommitResult result)
    {
        var failed = batch.Messages.Count(m => m.Failure is not null);
        Add(batch.Messages.Count - failed, "judged");
        Add(batch.Unchanged, "unchanged");
        Add(batch.Skipped, "skipped");
        Add(failed, "failed");
        Found(result);

        void Add(int count, string outcome)
        {
            if (count > 0)
            {
                _rescanned.Add(count, Tag("outcome", outcome));
            }
        }
    }

    private void Found(CommitResult result)
    {
        foreach (var match in result.NewMatches)
        {
            _matches.Add(1, Tag("rule", match.Rule));
            if (match.OpenedAlert)
            {
                _alerts.Add(1, Tag("rule", match.Rule), Tag("severity", Names<Severity>.Of(match.Severity)));
            }
        }
    }

    private static Channel? ChannelOf(CaptureItem item, Channel? envelope) => item.Message?.Channel ?? item.Consent?.Channel ?? envelope;

    private static string Word(Channel? channel) => channel is { } known ? Names<Channel>.Of(known) : "none";

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
