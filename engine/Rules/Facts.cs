using Surveillance.Consent;
using Surveillance.Detection;
using Surveillance.Detection.Lexicons;
using Surveillance.Messages;
using Surveillance.Text;

namespace Surveillance.Rules;

/// <summary>A part of a message in which words are looked for.</summary>
/// <param name="Name">Its name (<see cref="CapturedMessage.TextOf"/>); null is the text.</param>
/// <param name="Zone">What kind of part it is; <see cref="SearchZones.Text"/> for the text.</param>
/// <param name="Text">Its words.</param>
internal readonly record struct MessagePart(string? Name, SearchZones Zone, PreparedText Text);

/// <summary>Everything that conditions may look at when they judge one message. Used by one thread; its buffers serve the next message.</summary>
internal sealed class Facts : IDisposable
{
    [ThreadStatic]
    private static Facts? s_spare;

    private readonly List<MessagePart> _parts = [];
    private readonly PhraseHits _phrases = new();
    private readonly List<ConsentLookup> _lookups = [];
    private readonly Stack<List<Occurrence>> _lists = new();
    private Dictionary<int, Facts>? _earlier;
    private Facts? _now;
    private bool _explaining;

    private Facts() { }

    /// <summary>The message.</summary>
    internal PreparedMessage Prepared { get; private set; } = null!;

    /// <summary>The message.</summary>
    internal CapturedMessage Message => Prepared.Message;

    /// <summary>What the detectors found.</summary>
    internal MessageHits Hits { get; private set; } = null!;

    /// <summary>What runs.</summary>
    internal Revision Revision { get; private set; } = null!;

    /// <summary>The conversation before the message.</summary>
    internal IConversationView Conversation { get; private set; } = null!;

    /// <summary>The ledger as known when the judged message is judged.</summary>
    internal IConsentView Ledger { get; private set; } = null!;

    /// <summary>The entry, when this is an earlier message of the conversation and not the judged one.</summary>
    internal ConversationEntry? Origin { get; private set; }

    /// <summary>The parts in which words are looked for: the text first.</summary>
    internal IReadOnlyList<MessagePart> Parts => _parts;

    /// <summary>Every phrase of the revision that stands in the message.</summary>
    internal PhraseHits Phrases => _phrases;

    /// <summary>Whether outcomes carry proofs, and everything is judged that is needed to tell why.</summary>
    internal bool Explaining
    {
        get => _now?._explaining ?? _explaining;
        set => _explaining = value;
    }

    /// <summary>Every look into the ledger so far.</summary>
    internal List<ConsentLookup> Lookups => _now?._lookups ?? _lookups;

    /// <summary>The facts of a message; to be disposed.</summary>
    internal static Facts Of(PreparedMessage message, MessageHits hits, IConversationView conversation, IConsentView ledger, Revision revision)
    {
        var facts = s_spare ?? new Facts();
        s_spare = null;
        facts.Fill(message, hits, conversation, ledger, revision);
        return facts;
    }

    /// <summary>The facts of an earlier message of the conversation, as they were when it was the newest, with today's revision and ledger.</summary>
    /// <param name="index">Its number in <see cref="Conversation"/>.</param>
    internal Facts Earlier(int index)
    {
        _earlier ??= [];
        if (!_earlier.TryGetValue(index, out var facts))
        {
            var entry = Conversation[index];
            facts = new Facts { Origin = entry, _now = _now ?? this };
            facts.Fill(new PreparedMessage(entry.Message), entry.Hits, new Before(Conversation, index + 1), Ledger, Revision);
            _earlier.Add(index, facts);
        }
        return facts;
    }

    /// <summary>Evidence in this message.</summary>
    internal Evidence Evidence(TextSpan span, string? part, Condition condition) => new(span, part, condition.Pointer, Origin?.Message.Id, Origin?.Position);

    /// <summary>The zone of a place.</summary>
    /// <param name="part">Number of the part.</param>
    /// <param name="offset">UTF-16 offset in its words as captured.</param>
    internal SearchZones ZoneAt(int part, int offset) => part == 0 ? (SearchZones)_parts[0].Text.ZoneAt(offset) : _parts[part].Zone;

    /// <summary>A list for occurrences, to be given back with <see cref="Return"/>.</summary>
    internal List<Occurrence> RentList() => _lists.TryPop(out var list) ? list : [];

    /// <summary>Takes a list back.</summary>
    internal void Return(List<Occurrence> list)
    {
        list.Clear();
        if (list.Capacity <= 4096)
        {
            _lists.Push(list);
        }
    }

    public void Dispose()
    {
        if (_earlier is not null)
        {
            foreach (var facts in _earlier.Values)
            {
                facts.Prepared.Dispose();
                facts.Dispose();
            }
            _earlier = null;
        }
        _parts.Clear();
        _lookups.Clear();
        _phrases.Clear();
        Prepared = null!;
        Hits = null!;
        Revision = null!;
        Conversation = null!;
        Ledger = null!;
        _explaining = false;
        if (_now is null)
        {
            s_spare = this;
        }
    }

    private void Fill(PreparedMessage message, MessageHits hits, IConversationView conversation, IConsentView ledger, Revision revision)
    {
        Prepared = message;
        Hits = hits;
        Conversation = conversation;
        Ledger = ledger;
        Revision = revision;
        _parts.Add(new MessagePart(null, SearchZones.Text, message.Text));
        var zones = revision.PartsLookedAt;
        if ((zones & SearchZones.Subject) != 0 && message.Message.Subject is { Length: > 0 })
        {
            AddPart("subject", SearchZones.Subject);
        }
        if ((zones & (SearchZones.AttachmentName | SearchZones.AttachmentText)) != 0)
        {
            AddAttachments(zones);
        }
        for (var i = 0; i < _parts.Count; i++)
        {
            revision.Matcher.Match(_parts[i].Text, i, _phrases);
        }
        _phrases.Sort();
    }

    private void AddAttachments(SearchZones zones)
    {
        var attachments = Message.Attachments;
        for (var i = 0; i < attachments.Count; i++)
        {
            if ((zones & SearchZones.AttachmentName) != 0 && attachments[i].Name is { Length: > 0 })
            {
                AddPart(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"attachments/{i}/name"), SearchZones.AttachmentName);
            }
            if ((zones & SearchZones.AttachmentText) != 0 && attachments[i].Text is { Length: > 0 })
            {
                AddPart(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"attachments/{i}/text"), SearchZones.AttachmentText);
            }
        }
    }

    private void AddPart(string name, SearchZones zone) => _parts.Add(new MessagePart(name, zone, Prepared.Part(name)!));

    /// <summary>What an earlier message had before it.</summary>
    private sealed class Before(IConversationView all, int skip) : IConversationView
    {
        public int Count => all.Count - skip;

        public bool IsComplete => all.IsComplete;

        public ConversationEntry this[int index] => all[skip + index];
    }
}
