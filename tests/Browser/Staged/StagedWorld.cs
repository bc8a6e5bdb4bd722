using System.Runtime.CompilerServices;
using Surveillance.Alerting;
using Surveillance.Archive;
using Surveillance.Health;
using Surveillance.Messages;
using Surveillance.Pipeline;
using Surveillance.Review;
using Surveillance.Rules;
using Surveillance.Tests;

namespace Surveillance.Browser.Tests.Staged;

/// <summary>Readers and a desk that hold what a test puts on the stage, so that every state of every page can be looked at. All words are invented.</summary>
internal sealed class StagedWorld(TimeProvider time) : IAlertReader, IReviewDesk, IAlertFeed, IMessageReader, IRuleStatus, IQuarantineReader, IPipelineStatus, ISourceHistory, IStorageStatus
{
    private readonly Lock _lock = new();
    private readonly List<ArchivedMessage> _messages = [];
    private readonly Dictionary<OpaqueId, AlertDetail> _alerts = [];
    private readonly Dictionary<string, (OpaqueId Alert, AlertDetail Before, long Sequence, string Actor)> _undo = [];
    private readonly List<AlertFeedItem> _feed = [];
    private readonly List<QuarantineItem> _quarantine = [];
    private StagedSearch? _search;
    private TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IdMaker Ids { get; } = new(new byte[32]);

    public JobStage Jobs { get; } = new(time);

    public IReadOnlyList<ArchivedMessage> Messages { get { lock (_lock) { return [.. _messages]; } } }

    public IReadOnlyList<OpaqueId> AlertIds { get { lock (_lock) { return [.. _alerts.Keys]; } } }

    public StagedSearch Search => _search ??= new StagedSearch(this);

    public RuleBookStatus Book { get; set; } = new("", default, 0, [], [], []);

    public Dictionary<string, RuleText> Rules { get; } = [];

    public PipelineProgress Progress { get; set; } = new(0, 0, null, null, 0, false);

    public bool Fails { get; set; }

    public int AlertCount => _alerts.Count;

    public long Current { get { lock (_lock) { return _feed.Count; } } }

    public ArchivedMessage Keep(CapturedMessage message)
    {
        lock (_lock)
        {
            var kept = new ArchivedMessage(_messages.Count + 1, Ids.Message(message.NativeKey), message, message.SentAt.AddSeconds(2));
            _messages.Add(kept);
            return kept;
        }
    }

    public AlertDetail Raise(AlertDetail alert, bool tell = true)
    {
        lock (_lock)
        {
            _alerts[alert.Row.Id] = alert;
            if (tell)
            {
                alert = Tell(alert, AlertEventKind.Opened, null, null, null, alert.Row.OpenedAt, alert.Row.SnippetMessage);
            }
            return alert;
        }
    }

    /// <summary>Has an alert look as if a rescan had opened it.</summary>
    public void Mark(OpaqueId id, long run)
    {
        lock (_lock)
        {
            var alert = _alerts[id];
            _alerts[id] = alert with
            {
                Row = alert.Row with { Run = run }, Members = [.. alert.Members.Select(m => m with { Run = run })],
                Events = [.. alert.Events.Select(e => e.Kind is AlertEventKind.Opened or AlertEventKind.Joined ? e with { Run = run } : e)],
            };
        }
    }

    /// <summary>Has an alert look as if a rescan by changed rules had undone it.</summary>
    public void Fall(OpaqueId id)
    {
        lock (_lock)
        {
            var alert = _alerts[id];
            _alerts[id] = alert with
            {
                Row = alert.Row with { Standing = Standing.NoLongerRaised }, Members = [.. alert.Members.Select(m => m with { Standing = Standing.NoLongerRaised })],
            };
        }
    }

    public void Quarantine(QuarantineItem item) => _quarantine.Add(item);

    private AlertDetail Tell(AlertDetail alert, AlertEventKind kind, string? actor, string? note, string? to, DateTimeOffset at, OpaqueId? message = null)
    {
        var sequence = _feed.Count + 1;
        alert = alert with
        {
            Events = [.. alert.Events, new AlertEvent(sequence, at, actor, kind, alert.Row.Status, alert.Row.Disposition, alert.Row.Reason, note, to, message)],
        };
        _alerts[alert.Row.Id] = alert;
        _feed.Add(new AlertFeedItem(sequence, alert.Row.Id, kind, at, actor, alert.Row.Status, alert.Row.Severity, alert.Row.RuleId, alert.Row.Channel));
        var told = _told;
        _told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        told.SetResult();
        return alert;
    }

    private List<AlertRow> Listed(AlertFilter filter, AlertSort sort)
    {
        if (Fails)
        {
            throw new InvalidOperationException("The stage is told to fail.");
        }
        lock (_lock)
        {
            var rows = _alerts.Values.Select(a => a.Row).Where(r => Lets(filter, r));
            return sort == AlertSort.Newest
                ? [.. rows.OrderByDescending(r => r.OpenedAt).ThenBy(r => r.Id.Value)]
                : [.. rows.OrderByDescending(r => r.Severity).ThenByDescending(r => r.OpenedAt).ThenBy(r => r.Id.Value)];
        }
    }

    private static bool Lets(AlertFilter filter, AlertRow row) =>
        (filter.Statuses.Count == 0 || filter.Statuses.Contains(row.Status))
        && (filter.Severities.Count == 0 || filter.Severities.Contains(row.Severity))
        && (filter.Rules.Count == 0 || filter.Rules.Contains(row.RuleId))
        && (filter.Channels.Count == 0 || filter.Channels.Contains(row.Channel))
        && (filter.Standings.Count == 0 || filter.Standings.Contains(row.Standing));

    public ValueTask<AlertPage?> PageAsync(AlertFilter filter, AlertSort sort, string? after, int count, CancellationToken cancel)
    {
        var rows = Listed(filter, sort);
        var start = 0;
        if (after is not null)
        {
            start = rows.FindIndex(r => r.Id.ToString() == after) + 1;
            if (start == 0)
            {
                return new((AlertPage?)null);
            }
        }
        var page = rows.Skip(start).Take(count).ToList();
        return new(new AlertPage(page, start + count < rows.Count ? page[^1].Id.ToString() : null));
    }

    public ValueTask<int> CountAsync(AlertFilter filter, CancellationToken cancel) => new(Math.Min(IAlertReader.CountLimit, Listed(filter, AlertSort.Newest).Count));

    public ValueTask<AlertDetail?> FindAsync(OpaqueId id, CancellationToken cancel)
    {
        lock (_lock)
        {
            return new(_alerts.GetValueOrDefault(id));
        }
    }

    public ValueTask<AlertNeighbours> NeighboursAsync(OpaqueId id, AlertFilter filter, AlertSort sort, CancellationToken cancel)
    {
        var all = Listed(AlertFilter.Everything, sort);
        var at = all.FindIndex(r => r.Id == id);
        return new(at < 0
            ? new AlertNeighbours(null, null)
            : new AlertNeighbours(all.Take(at).LastOrDefault(r => Lets(filter, r))?.Id, all.Skip(at + 1).FirstOrDefault(r => Lets(filter, r))?.Id));
    }

    public ValueTask<IReadOnlyDictionary<long, IReadOnlyList<OpaqueId>>> AlertsOfAsync(IReadOnlyCollection<long> positions, CancellationToken cancel)
    {
        lock (_lock)
        {
            return new(_alerts.Values.SelectMany(a => a.Members.Select(m => (m.Position, a.Row.Id))).Where(m => positions.Contains(m.Position)).Distinct()
                .GroupBy(m => m.Position, m => m.Id).ToDictionary(g => g.Key, g => (IReadOnlyList<OpaqueId>)[.. g]));
        }
    }

    public ValueTask<DecisionOutcome> DecideAsync(OpaqueId alert, int ifVersion, Decision decision, string actor, CancellationToken cancel)
    {
        if (decision.EscalateTo is not null && decision.Disposition is null && string.IsNullOrWhiteSpace(decision.Note))
        {
            return new(new DecisionOutcome.Invalid("note", "An escalation needs a note."));
        }
        return Change(alert, ifVersion, actor, decision.EscalateTo is null ? AlertEventKind.Decided : AlertEventKind.Escalated, decision.Note, decision.EscalateTo, row => row with
        {
            Status = decision.EscalateTo is null ? AlertStatus.Closed : AlertStatus.Escalated,
            Disposition = decision.Disposition,
            Reason = decision.Reason,
        });
    }

    public ValueTask<DecisionOutcome> ReopenAsync(OpaqueId alert, int ifVersion, string? note, string actor, CancellationToken cancel) =>
        string.IsNullOrWhiteSpace(note)
            ? new(new DecisionOutcome.Invalid("note", "Say why it is opened again."))
            : Change(alert, ifVersion, actor, AlertEventKind.Reopened, note, null, row => row with { Status = AlertStatus.Open, Disposition = null, Reason = null });

    private ValueTask<DecisionOutcome> Change(OpaqueId id, int ifVersion, string actor, AlertEventKind kind, string? note, string? to, Func<AlertRow, AlertRow> change)
    {
        lock (_lock)
        {
            if (!_alerts.TryGetValue(id, out var before))
            {
                return new(new DecisionOutcome.UnknownAlert());
            }
            if (before.Row.Version != ifVersion)
            {
                var last = before.Events[^1];
                return new(new DecisionOutcome.Stale(before.Row, last.Actor, last.At));
            }
            var row = change(before.Row) with { Version = before.Row.Version + 1 };
            var after = Tell(before with { Row = row }, kind, actor, note, to, time.GetUtcNow());
            var token = Guid.NewGuid().ToString("N");
            _undo[token] = (id, before, after.Events[^1].Sequence, actor);
            return new(new DecisionOutcome.Done(row.Version, token, time.GetUtcNow() + IReviewDesk.UndoWindow));
        }
    }

    public ValueTask<UndoOutcome> UndoAsync(OpaqueId alert, string undoToken, string actor, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (!_undo.TryGetValue(undoToken, out var undo) || undo.Alert != alert || undo.Actor != actor)
            {
                return new(UndoOutcome.Unknown);
            }
            var now = _alerts[alert];
            if (now.Events[^1].Sequence != undo.Sequence)
            {
                return new(UndoOutcome.Changed);
            }
            if (time.GetUtcNow() - now.Events[^1].At > IReviewDesk.UndoWindow)
            {
                return new(UndoOutcome.WindowPassed);
            }
            Tell(now with { Row = undo.Before.Row with { Version = now.Row.Version + 1 } }, AlertEventKind.Undone, actor, null, null, time.GetUtcNow());
            return new(UndoOutcome.Done);
        }
    }

    public async IAsyncEnumerable<AlertFeedItem> ReadAsync(long afterSequence, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            List<AlertFeedItem> items;
            Task told;
            lock (_lock)
            {
                items = [.. _feed.Skip((int)afterSequence)];
                told = _told.Task;
            }
            foreach (var item in items)
            {
                afterSequence = item.Sequence;
                yield return item;
            }
            if (items.Count == 0)
            {
                await told.WaitAsync(cancel);
            }
        }
    }

    ValueTask<ArchivedMessage?> IMessageReader.FindAsync(OpaqueId id, CancellationToken cancel)
    {
        lock (_lock)
        {
            return new(_messages.Find(m => m.Id == id));
        }
    }

    public ValueTask<IReadOnlyDictionary<OpaqueId, ArchivedMessage>> FindManyAsync(IReadOnlyCollection<OpaqueId> ids, CancellationToken cancel)
    {
        lock (_lock)
        {
            return new(_messages.Where(m => ids.Contains(m.Id)).ToDictionary(m => m.Id));
        }
    }

    public ValueTask<Archive.ConversationPage?> ConversationAsync(OpaqueId conversation, long? around, int before, int after, CancellationToken cancel)
    {
        lock (_lock)
        {
            var all = _messages.Where(m => Ids.Conversation(m.Message) == conversation).OrderBy(m => m.Message.SentAt).ThenBy(m => m.Position).ToList();
            if (all.Count == 0)
            {
                return new((Archive.ConversationPage?)null);
            }
            var at = around is null ? all.Count - 1 : Math.Max(0, all.FindIndex(m => m.Position == around));
            var (from, to) = (Math.Max(0, at - before), Math.Min(all.Count, at + after + 1));
            return new(new Archive.ConversationPage(all[from..to], from > 0, to < all.Count));
        }
    }

    public ValueTask<RevisionSummary?> FindRevisionAsync(long position, CancellationToken cancel) =>
        new(position == Book.ActivatedPosition ? new RevisionSummary(Book.Revision, Book.ActivatedAt, true) : null);

    ValueTask<RuleBookStatus> IRuleStatus.ReadAsync(CancellationToken cancel) => new(Book);

    public ValueTask<RuleText?> FindAsync(string id, int? version, CancellationToken cancel) => new(Rules.GetValueOrDefault(id));

    public ValueTask<QuarantinePage?> PageAsync(string? after, int count, CancellationToken cancel) => new(new QuarantinePage([.. _quarantine.Take(count)], null));

    public ValueTask<int> CountAsync(CancellationToken cancel) => new(_quarantine.Count);

    public ValueTask<RetryOutcome> RetryAsync(OpaqueId message, string actor, CancellationToken cancel)
    {
        var at = _quarantine.FindIndex(i => i.Message == message);
        if (at < 0)
        {
            return new(RetryOutcome.NotThere);
        }
        _quarantine.RemoveAt(at);
        return new(RetryOutcome.Queued);
    }

    public PipelineProgress Read() => Progress;

    public bool IsRunning { get; set; } = true;

    public IReadOnlyList<string> Stalls { get; set; } = [];

    public List<SourceActivity> Sources { get; } = [];

    public StorageState Storage { get; set; } = new([new StoredFile("archive.db", 86_016), new StoredFile("work.db", 53_248)], 41_200_000_000, 64_000_000_000, "SQLite 3.50.4");

    public ValueTask<IReadOnlyList<QuarantineCount>> CountByReasonAsync(CancellationToken cancel) =>
        new([.. _quarantine.GroupBy(q => q.Reason).Select(g => new QuarantineCount(g.Key, g.Count(), g.Count(q => q.Retryable), g.Min(q => q.Since)))]);

    IReadOnlyList<SourceActivity> ISourceHistory.Read(DateTimeOffset now, int hours) => Sources;

    StorageState IStorageStatus.Read() => Storage;
}
