using System.Diagnostics;
using Surveillance.Alerting;
using Surveillance.Archive;
using Surveillance.Consent;
using Surveillance.Detection;
using Surveillance.Evaluation;
using Surveillance.Messages;
using Surveillance.Rescan;
using Surveillance.Rules;

namespace Surveillance.Pipeline;

/// <summary>Judges the messages of one partition: gives the evaluator its views and turns its answer into what is stored. Used by one thread at a time.</summary>
/// <remarks>
/// A view is what the archive has of the conversation up to the position known to, whether it is remembered or read: the last 200
/// messages, and nothing from a message on that could not be detected, so that what it would have decided is not evaluated.
/// A message that is judged again is judged by what judged it last, the revision of its own position or that of a rescan: only
/// what is known has grown.
/// </remarks>
internal sealed class MessageJudge
{
    private const int MaxBefore = ArchivedConversation.Most;

    private const int MaxConversationsKnown = 8_192;

    private readonly IMessageArchive _archive;
    private readonly ConsentLedger _ledger;
    private readonly RevisionHistory _revisions;
    private readonly Func<long, JudgedBy?> _judgedBy;
    private readonly MatchMaker _matches;
    private readonly PipelineMeter _meter;
    private int _untilRulesAreTimed = Random.Shared.Next(1, PipelineMeter.RulesTimedEvery + 1); // the partitions take turns

    private Revision? _revision;
    private ConversationMemory _memory = null!;

    /// <summary>What a conversation that memory does not hold had before the message that is being remembered; null outside of that.</summary>
    private IReadOnlyList<ConversationEntry>? _before;

    /// <summary>When the newest message judged of a conversation was sent; of those it does not hold the archive tells.</summary>
    private readonly Dictionary<OpaqueId, DateTimeOffset> _newest = [];

    /// <summary>A judge without memory of anything.</summary>
    /// <param name="archive">Where earlier messages of a conversation are read from when memory does not hold them.</param>
    /// <param name="ledger">Consent.</param>
    /// <param name="revisions">What judged earlier messages.</param>
    /// <param name="judgedBy">Tells what judged a message last, by its position; null where nothing is stored.</param>
    /// <param name="ids">Makes the ids of this data folder.</param>
    /// <param name="meter">What is measured.</param>
    public MessageJudge(IMessageArchive archive, ConsentLedger ledger, RevisionHistory revisions, Func<long, JudgedBy?> judgedBy, IdMaker ids, PipelineMeter meter)
    {
        _archive = archive;
        _ledger = ledger;
        _revisions = revisions;
        _judgedBy = judgedBy;
        _matches = new MatchMaker(ids);
        _meter = meter;
    }

    /// <summary>Judges a message. One that came late, or that was tried again, also has those judged again that were sent after it and judged before.</summary>
    /// <param name="entry">The message; not kept.</param>
    /// <param name="active">What judges.</param>
    /// <param name="into">Takes the message's result, then the others'; a poison message spoils itself alone. Unchanged when an exception says that the archive could not be read.</param>
    public void Judge(PreparedEntry entry, ActiveRevision active, List<JudgedMessage> into)
    {
        Use(active.Revision);
        var view = View(entry, active.Revision);
        var result = JudgeSafely(entry, view, active);
        var later = entry.Kind == EntryKind.Message && active.Revision.LooksAtConversations ? Place(entry, view, active) : null;
        into.Add(result);
        if (later is not null)
        {
            into.AddRange(later);
        }
    }

    /// <summary>Judges a message again with what is known now; one of another partition is left to that.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="position">The message's position.</param>
    /// <param name="knownTo">The position up to which the archive is known.</param>
    /// <param name="active">What judges messages at that position.</param>
    /// <param name="into">Takes its result.</param>
    public void JudgeAgain(int partition, long position, long knownTo, ActiveRevision active, List<JudgedMessage> into)
    {
        if (_archive.Find(position) is { } entry && ArchiveItem.PartitionOf(entry.Conversation) == partition)
        {
            var by = _judgedBy(position);
            into.Add(JudgeAgain(entry, knownTo, Own(position, by, active), by));
        }
    }

    /// <summary>How far back any rule looks by which a message was judged; null where none looks at its conversation.</summary>
    private TimeSpan? ReachOf(ActiveRevision own, JudgedBy? by)
    {
        TimeSpan? reach = own.Revision.LooksAtConversations ? own.Revision.ConversationReach : null;
        foreach (var activation in by?.Rules.Values.Distinct() ?? [])
        {
            if (_revisions.Of(activation).Revision is { LooksAtConversations: true } other && (reach is null || other.ConversationReach > reach))
            {
                reach = other.ConversationReach;
            }
        }
        return reach;
    }

    /// <summary>The revision that judged a message last, or that judges it as nothing is stored of it.</summary>
    private ActiveRevision Own(long position, JudgedBy? by, ActiveRevision active) =>
        by is null ? _revisions.At(position, active) : by.Activation == active.Activation ? active : _revisions.Of(by.Activation);

    private JudgedMessage JudgeAgain(ArchivedEntry entry, long knownTo, ActiveRevision own, JudgedBy? by)
    {
        var judged = JudgeAgain(entry, knownTo, own);
        foreach (var apart in by?.Rules.GroupBy(r => r.Value, r => r.Key) ?? [])
        {
            judged = Replace(judged, JudgeAgain(entry, knownTo, _revisions.Of(apart.Key)), apart.ToHashSet(StringComparer.Ordinal));
        }
        return judged;
    }

    private JudgedMessage JudgeAgain(ArchivedEntry entry, long knownTo, ActiveRevision own)
    {
        using var prepared = PreparedEntry.Of(entry, own.Revision.Detectors, knownTo, again: true);
        return JudgeSafely(prepared, View(prepared, own.Revision), own);
    }

    /// <summary>The judgement with some rules taken from another one: a rescan of those rules alone had judged them by another revision.</summary>
    private static JudgedMessage Replace(JudgedMessage judged, JudgedMessage other, HashSet<string> rules) =>
        judged.Quarantine is not null ? judged
            : other.Quarantine is not null ? judged with { Quarantine = other.Quarantine, Matches = [] }
            : judged with
            {
                Matches = [.. judged.Matches.Where(m => !rules.Contains(m.Rule)), .. other.Matches.Where(m => rules.Contains(m.Rule))],
                NotEvaluated = [.. judged.NotEvaluated.Where(r => !rules.Contains(r)), .. other.NotEvaluated.Where(rules.Contains)],
                ConsentLookups = [.. judged.ConsentLookups.Union(other.ConsentLookups)],
            };

    /// <summary>What is remembered was detected by a revision and is used by it alone.</summary>
    private void Use(Revision revision)
    {
        if (_revision != revision)
        {
            _revision = revision;
            _memory = new ConversationMemory(20_000 / 64, MaxBefore, 1_000_000, _ => _before);
            _newest.Clear();
        }
    }

    /// <summary>Gives a message its place in its conversation: remembers it where it came in order, else judges those after it again.</summary>
    private List<JudgedMessage>? Place(PreparedEntry entry, IConversationView view, ActiveRevision active)
    {
        var isNext = !entry.Retried && CameInOrder(entry);
        if (entry.Fault is not null)
        {
            _memory.Forget(entry.Conversation); // as long as it breaks, the conversation is read
        }
        else if (!entry.Retried)
        {
            Remember(entry, view, isNext);
        }
        if (isNext)
        {
            return null;
        }
        var judged = new List<JudgedMessage>();
        foreach (var later in _archive.ReadAfter(entry.Conversation, entry.SentAt, entry.Position, entry.KnownTo, MaxBefore))
        {
            var by = _judgedBy(later.Position);
            var own = Own(later.Position, by, active);
            if (ReachOf(own, by) is { } reach && later.SentAt - entry.SentAt <= reach)
            {
                judged.Add(JudgeAgain(later, entry.KnownTo, own, by));
            }
        }
        return judged;
    }

    private JudgedMessage JudgeSafely(PreparedEntry entry, IConversationView view, ActiveRevision active)
    {
        if (!_meter.TimesMessages)
        {
            return JudgeUntimed(entry, view, active);
        }
        var started = Stopwatch.GetTimestamp();
        var judged = JudgeUntimed(entry, view, active);
        _meter.Judged(judged, started);
        return judged;
    }

    private JudgedMessage JudgeUntimed(PreparedEntry entry, IConversationView view, ActiveRevision active)
    {
        if (entry.Fault is { } fault)
        {
            return Result(entry, active) with { Quarantine = fault };
        }
        try
        {
            return JudgeOne(entry, entry.Message!, view, active);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or ConversationUnavailableException))
        {
            return Result(entry, active) with { Quarantine = QuarantineReasons.Of("evaluation-failed", e), OptOut = entry.Hits.OptOut };
        }
    }

    private JudgedMessage JudgeOne(PreparedEntry entry, PreparedMessage message, IConversationView view, ActiveRevision active)
    {
        var revision = active.Revision;
        var evaluation = Evaluator.Evaluate(message, entry.Hits, entry.Position, view, _ledger.At(entry.KnownTo), revision, timed: RuleStopwatch());
        var place = new JudgedPlace(entry.Position, entry.Id, entry.Conversation, message.Message, entry.KnownTo);
        var hits = entry.Hits;
        return Result(entry, active) with
        {
            Hits = HitsJson.Store(hits),
            OptOut = hits.OptOut,
            Matches = evaluation.Matches.Count == 0 ? [] : [.. evaluation.Matches.Select(m => _matches.Make(m, place))],
            NotEvaluated = evaluation.NotEvaluated.Count == 0 ? [] : [.. evaluation.NotEvaluated.Select(n => n.Rule.Id)],
            ConsentLookups = evaluation.ConsentLookups.Count == 0 ? [] : [.. evaluation.ConsentLookups.Select(l => l.Person).Distinct()],
        };
    }

    /// <summary>Takes the time of every rule on one message in <see cref="PipelineMeter.RulesTimedEvery"/>, where somebody listens; null on the others.</summary>
    private Action<Rule, TimeSpan>? RuleStopwatch()
    {
        if (--_untilRulesAreTimed > 0)
        {
            return null;
        }
        _untilRulesAreTimed = PipelineMeter.RulesTimedEvery;
        return _meter.TimesRules ? _meter.Timed : null;
    }

    private IConversationView View(PreparedEntry entry, Revision revision)
    {
        if (!revision.LooksAtConversations || entry.Message is not { } message)
        {
            return EmptyConversation.Instance;
        }
        if (!entry.Again && _memory.Holds(entry.Conversation))
        {
            var held = _memory.View(entry.Conversation, new ConversationEntry(entry.Position, message.Message, entry.Hits));
            if (held.IsComplete || held.Count >= MaxBefore)
            {
                return held;
            }
        }
        return new ArchivedConversation(_archive, entry, revision.Detectors);
    }

    /// <summary>Keeps the message for those after it, where its conversation is in memory or was just read whole from the archive.</summary>
    private void Remember(PreparedEntry entry, IConversationView view, bool isNext)
    {
        if (!_memory.Holds(entry.Conversation))
        {
            if (!isNext || view is not ArchivedConversation { WasRead: true, IsSound: true } read)
            {
                return; // nobody looked, or what was read is not its end; whoever looks first reads it then
            }
            _before = [.. Enumerable.Range(0, read.Count).Select(i => read[i])];
        }
        _memory.Add(entry.Conversation, new ConversationEntry(entry.Position, entry.Message!.Message, entry.Hits));
        _before = null;
    }

    private bool CameInOrder(PreparedEntry entry)
    {
        if (_newest.TryGetValue(entry.Conversation, out var newest))
        {
            if (newest > entry.SentAt)
            {
                return false;
            }
            _newest[entry.Conversation] = entry.SentAt;
            return true;
        }
        if (_newest.Count >= MaxConversationsKnown)
        {
            _newest.Clear();
        }
        var last = _archive.ReadAfter(entry.Conversation, entry.SentAt, entry.Position, entry.Position - 1, 1);
        _newest[entry.Conversation] = last.Count == 0 ? entry.SentAt : _archive.ReadBefore(entry.Conversation, DateTimeOffset.MaxValue, long.MaxValue, entry.Position, 1)[0].SentAt;
        return last.Count == 0;
    }

    private static JudgedMessage Result(PreparedEntry entry, ActiveRevision active) => new()
    {
        Position = entry.Position,
        Id = entry.Id,
        Conversation = entry.Conversation,
        Channel = entry.Message?.Message.Channel ?? Channel.Other,
        SentAt = entry.SentAt,
        ReceivedAt = entry.ReceivedAt,
        KnownTo = entry.KnownTo,
        Activation = active.Activation,
        Again = entry.Again,
    };
}
