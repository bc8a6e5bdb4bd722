using Surveillance.Alerting;
using Surveillance.Archive;
using Surveillance.Consent;
using Surveillance.Detection;
using Surveillance.Evaluation;
using Surveillance.Messages;
using Surveillance.Rules;

namespace Surveillance.Pipeline;

/// <summary>Judges the messages of one partition: gives the evaluator its views and turns its answer into what is stored. Used by one thread at a time.</summary>
internal sealed class MessageJudge
{
    private const int MaxBefore = 200;

    private const int MaxConversationsKnown = 8_192;

    private readonly IMessageArchive _archive;
    private readonly ConsentLedger _ledger;
    private readonly MatchMaker _matches;
    private readonly ConversationMemory _memory;

    /// <summary>What a conversation that memory does not hold had before the message that is being remembered; null outside of that.</summary>
    private IReadOnlyList<ConversationEntry>? _before;

    /// <summary>When the newest message judged of a conversation was sent; of those it does not hold the archive tells.</summary>
    private readonly Dictionary<OpaqueId, DateTimeOffset> _newest = [];

    /// <summary>A judge without memory of anything.</summary>
    /// <param name="archive">Where earlier messages of a conversation are read from when memory does not hold them.</param>
    /// <param name="ledger">Consent.</param>
    /// <param name="ids">Makes the ids of this data folder.</param>
    public MessageJudge(IMessageArchive archive, ConsentLedger ledger, IdMaker ids)
    {
        _archive = archive;
        _ledger = ledger;
        _matches = new MatchMaker(ids);
        _memory = new ConversationMemory(20_000 / 64, MaxBefore, 1_000_000, _ => _before);
    }

    /// <summary>Judges a message. A message that came late also has those judged again that were sent after it and judged before it.</summary>
    /// <param name="entry">The message.</param>
    /// <param name="active">What judges.</param>
    /// <returns>The message's result first; a poison message spoils itself alone.</returns>
    public IEnumerable<JudgedMessage> Judge(PreparedEntry entry, ActiveRevision active)
    {
        var view = View(entry, active);
        yield return JudgeSafely(entry, view, active);
        if (entry.Again || entry.Fault is not null || !active.Revision.LooksAtConversations)
        {
            yield break;
        }
        Remember(entry, view);
        if (CameInOrder(entry))
        {
            yield break;
        }
        foreach (var later in _archive.ReadAfter(entry.Conversation, entry.SentAt, entry.Position, entry.Position - 1, MaxBefore))
        {
            if (later.SentAt - entry.SentAt > active.Revision.ConversationReach)
            {
                break;
            }
            using var again = PreparedEntry.Of(later, active.Revision.Detectors, entry.Position, again: true);
            yield return JudgeSafely(again, View(again, active), active);
        }
    }

    private JudgedMessage JudgeSafely(PreparedEntry entry, IConversationView view, ActiveRevision active)
    {
        if (entry.Fault is { } fault)
        {
            return Result(entry, active) with { Quarantine = fault };
        }
        try
        {
            return JudgeOne(entry, entry.Message!, view, active);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Result(entry, active) with { Quarantine = QuarantineReasons.Of("evaluation-failed", e) };
        }
    }

    private JudgedMessage JudgeOne(PreparedEntry entry, PreparedMessage message, IConversationView view, ActiveRevision active)
    {
        var revision = active.Revision;
        var evaluation = Evaluator.Evaluate(message, entry.Hits, entry.Position, view, _ledger.At(entry.KnownTo), revision);
        var place = new JudgedPlace(entry.Position, entry.Id, entry.Conversation, message.Message, entry.KnownTo);
        var hits = entry.Hits;
        return Result(entry, active) with
        {
            Hits = hits.Pii.Count == 0 && hits.Scores.Count == 0 && !hits.OptOut && hits.Language is null ? null : HitsJson.Write(hits),
            OptOut = hits.OptOut,
            Matches = evaluation.Matches.Count == 0 ? [] : [.. evaluation.Matches.Select(m => _matches.Make(m, place))],
            NotEvaluated = evaluation.NotEvaluated.Count == 0 ? [] : [.. evaluation.NotEvaluated.Select(n => n.Rule.Id)],
            ConsentLookups = evaluation.ConsentLookups.Count == 0 ? [] : [.. evaluation.ConsentLookups.Select(l => l.Person).Distinct()],
        };
    }

    private IConversationView View(PreparedEntry entry, ActiveRevision active)
    {
        if (!active.Revision.LooksAtConversations || entry.Message is not { } message)
        {
            return EmptyConversation.Instance;
        }
        return !entry.Again && _memory.Holds(entry.Conversation)
            ? _memory.View(entry.Conversation, new ConversationEntry(entry.Position, message.Message, entry.Hits))
            : new ArchivedConversation(_archive, entry, active.Revision.Detectors);
    }

    /// <summary>Keeps the message for those after it, where its conversation is in memory or was just read from the archive.</summary>
    private void Remember(PreparedEntry entry, IConversationView view)
    {
        if (view is ArchivedConversation read)
        {
            if (!read.WasRead)
            {
                return; // nobody looked; whoever looks first reads it then
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
        KnownTo = entry.KnownTo,
        Activation = active.Activation,
        Again = entry.Again,
    };

    /// <summary>A conversation as the archive has it before a message, read when it is first looked at.</summary>
    private sealed class ArchivedConversation(IMessageArchive archive, PreparedEntry entry, DetectorSet detectors) : IConversationView
    {
        private ConversationEntry[]? _entries;

        public bool WasRead => _entries is not null;

        public int Count => Entries.Length;

        public bool IsComplete => Entries.Length < MaxBefore;

        public ConversationEntry this[int index] => Entries[index];

        private ConversationEntry[] Entries => _entries ??= [.. archive.ReadBefore(entry.Conversation, entry.SentAt, entry.Position, entry.KnownTo, MaxBefore).Select(Read)];

        private ConversationEntry Read(ArchivedEntry archived)
        {
            var message = archived.ReadMessage();
            using var prepared = new PreparedMessage(message);
            return new ConversationEntry(archived.Position, message, detectors.Detect(prepared));
        }
    }
}
