using Surveillance.Messages;
using Surveillance.Rules;

namespace Surveillance.Evaluation;

/// <summary>The newest messages of the conversations that were active last, within bounds. One instance for each partition; used by one thread.</summary>
/// <remarks>
/// What goes over a bound falls out: the oldest message of a conversation, or the conversation least recently used. It is counted, and views of
/// such a conversation are not complete, so that conditions which would need what fell out are not evaluated instead of being false. Conversations that
/// fell out are remembered by a few bits each, in bounded memory: a new conversation may now and then be taken for one of them, never the other way round.
/// </remarks>
public sealed class ConversationMemory
{
    /// <summary>What an entry costs besides its words, in characters; a guess.</summary>
    private const int EntryOverhead = 256;

    private readonly int _conversations, _messages;
    private readonly long _characters;
    private readonly Func<OpaqueId, IReadOnlyList<ConversationEntry>?>? _refill;
    private readonly TimeSpan _reach;
    private readonly Dictionary<OpaqueId, LinkedListNode<Held>> _held = [];
    private readonly LinkedList<Held> _byUse = new();
    private ulong[]? _gone;
    private long _used;

    /// <summary>When the newest message was sent that was let go because no condition looks back so far.</summary>
    private DateTimeOffset _letGoTo = DateTimeOffset.MinValue;

    /// <summary>A memory without content.</summary>
    /// <param name="conversations">The most conversations, at least 1.</param>
    /// <param name="messages">The most messages of a conversation, at least 1.</param>
    /// <param name="characters">The most characters over all messages, each counted with some overhead.</param>
    /// <param name="refill">Gives the newest messages of a conversation that is not held, in any order, with everything up to the newest known position, or null where it cannot; null never refills.</param>
    /// <param name="reach">How far back conditions look (<see cref="Revision.ConversationReach"/>): messages sent more than twice as long before the newest are let go, which is not counted as falling out. Null keeps them.</param>
    public ConversationMemory(
        int conversations = 20_000, int messages = 200, long characters = 32 * 1024 * 1024, Func<OpaqueId, IReadOnlyList<ConversationEntry>?>? refill = null, TimeSpan? reach = null)
    {
        _reach = reach ?? TimeSpan.MaxValue;
        ArgumentOutOfRangeException.ThrowIfLessThan(conversations, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(messages, 1);
        _conversations = conversations;
        _messages = messages;
        _characters = characters;
        _refill = refill;
    }

    /// <summary>How many messages fell out so far.</summary>
    public long FellOut { get; private set; }

    /// <summary>How many conversations are held.</summary>
    public int Count => _held.Count;

    /// <summary>Whether anything of a conversation is held.</summary>
    /// <param name="conversation">Our id of the conversation.</param>
    public bool Holds(OpaqueId conversation) => _held.ContainsKey(conversation);

    /// <summary>Adds a message. One that is there already, by position, changes nothing.</summary>
    /// <param name="conversation">Our id of the conversation.</param>
    /// <param name="entry">The message.</param>
    public void Add(OpaqueId conversation, ConversationEntry entry)
    {
        var held = Touch(conversation, create: true)!;
        Insert(held, entry);
        TrimConversation(held);
        LetGo(held, entry.Message.SentAt);
        while (_byUse.Count > 1 && (_byUse.Count > _conversations || _used > _characters))
        {
            Drop(_byUse.Last!.Value);
        }
        while (_used > _characters && held.Entries.Count > 1)
        {
            DropOldest(held);
        }
    }

    /// <summary>The messages of a conversation before one of it, which may be there already or not. Holds until the next call of <see cref="Add"/>.</summary>
    /// <param name="conversation">Our id of the conversation.</param>
    /// <param name="before">The message that is judged.</param>
    public IConversationView View(OpaqueId conversation, ConversationEntry before)
    {
        if (Touch(conversation, create: false) is not { } held)
        {
            return WasDropped(conversation) || !Reaches(before) ? GoneView.Instance : EmptyConversation.Instance;
        }
        var count = held.Entries.BinarySearch(before, ByTime.Instance);
        return new HeldView(held, count < 0 ? ~count : count, held.IsComplete && Reaches(before));
    }

    /// <summary>Whether nothing was let go that a condition on the message could look back to.</summary>
    private bool Reaches(ConversationEntry before) => _letGoTo == DateTimeOffset.MinValue || before.Message.SentAt - _letGoTo > _reach;

    /// <summary>Lets go what is too old to be looked at: of the conversation in hand, and of the two that were used least recently, so that one message with a wrong time does little.</summary>
    private void LetGo(Held held, DateTimeOffset now)
    {
        if (_reach >= TimeSpan.FromDays(3_650))
        {
            return;
        }
        var limit = now.Ticks > 2 * _reach.Ticks ? now - 2 * _reach : DateTimeOffset.MinValue;
        var old = 0;
        while (old < held.Entries.Count && held.Entries[old].Message.SentAt < limit)
        {
            _used -= SizeOf(held.Entries[old]);
            _letGoTo = held.Entries[old].Message.SentAt > _letGoTo ? held.Entries[old].Message.SentAt : _letGoTo;
            old++;
        }
        held.Entries.RemoveRange(0, old);
        for (var i = 0; i < 2 && _byUse.Last is { } last && last.Value != held; i++)
        {
            var entries = last.Value.Entries;
            if (entries.Count > 0 && entries[^1].Message.SentAt >= limit)
            {
                break;
            }
            if (!last.Value.IsComplete)
            {
                MarkGone(last.Value.Conversation); // that it was not whole must stay known
            }
            foreach (var entry in entries)
            {
                _used -= SizeOf(entry);
            }
            if (entries.Count > 0 && entries[^1].Message.SentAt > _letGoTo)
            {
                _letGoTo = entries[^1].Message.SentAt;
            }
            _held.Remove(last.Value.Conversation);
            _byUse.RemoveLast();
        }
    }

    /// <summary>Lets a conversation go as if nothing of it had ever been held.</summary>
    /// <param name="conversation">Our id of the conversation.</param>
    public void Forget(OpaqueId conversation)
    {
        if (_held.Remove(conversation, out var node))
        {
            _used -= node.Value.Entries.Sum(SizeOf);
            _byUse.Remove(node);
        }
    }

    private Held? Touch(OpaqueId conversation, bool create)
    {
        if (_held.TryGetValue(conversation, out var node))
        {
            if (node != _byUse.First)
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
            }
            return node.Value;
        }
        var past = _refill is null ? null : _refill(conversation);
        if (!create && past is not { Count: > 0 })
        {
            return null;
        }
        var held = new Held(conversation) { IsComplete = past is not null || !WasDropped(conversation) };
        _held.Add(conversation, _byUse.AddFirst(held));
        foreach (var entry in past ?? [])
        {
            Insert(held, entry);
        }
        if (past is not null && past.Count >= _messages)
        {
            held.IsComplete = false; // there may be more in the archive
        }
        TrimConversation(held);
        return held;
    }

    private void Insert(Held held, ConversationEntry entry)
    {
        var entries = held.Entries;
        var at = entries.Count;
        if (at > 0 && ByTime.Instance.Compare(entries[at - 1], entry) >= 0)
        {
            at = entries.BinarySearch(entry, ByTime.Instance);
            if (at >= 0)
            {
                return;
            }
            at = ~at;
        }
        entries.Insert(at, entry);
        _used += SizeOf(entry);
    }

    private void TrimConversation(Held held)
    {
        while (held.Entries.Count > _messages)
        {
            DropOldest(held);
        }
    }

    private void DropOldest(Held held)
    {
        _used -= SizeOf(held.Entries[0]);
        held.Entries.RemoveAt(0);
        held.IsComplete = false;
        FellOut++;
    }

    private void Drop(Held held)
    {
        foreach (var entry in held.Entries)
        {
            _used -= SizeOf(entry);
        }
        FellOut += held.Entries.Count;
        _byUse.Remove(_held[held.Conversation]);
        _held.Remove(held.Conversation);
        MarkGone(held.Conversation);
    }

    private void MarkGone(OpaqueId conversation)
    {
        _gone ??= new ulong[1 << 12];
        var (first, second) = Bits(conversation);
        _gone[first >> 6] |= 1UL << first;
        _gone[second >> 6] |= 1UL << second;
    }

    private bool WasDropped(OpaqueId conversation)
    {
        if (_gone is null)
        {
            return false;
        }
        var (first, second) = Bits(conversation);
        return (_gone[first >> 6] >> first & _gone[second >> 6] >> second & 1) != 0;
    }

    /// <summary>Two places in the bits of <see cref="_gone"/>; ids are even hashes already.</summary>
    private static (int First, int Second) Bits(OpaqueId conversation) => ((int)(ulong)(conversation.Value & 0x3FFFF), (int)(ulong)(conversation.Value >> 18 & 0x3FFFF));

    private static long SizeOf(ConversationEntry entry)
    {
        var message = entry.Message;
        long size = EntryOverhead + (message.Text?.Length ?? 0) + (message.Subject?.Length ?? 0) + 32 * message.To.Count;
        for (var i = 0; i < message.Attachments.Count; i++)
        {
            size += 64 + (message.Attachments[i].Text?.Length ?? 0) + (message.Attachments[i].Content?.Length ?? 0) / 2;
        }
        return size;
    }

    /// <summary>A conversation.</summary>
    private sealed class Held(OpaqueId conversation)
    {
        internal OpaqueId Conversation { get; } = conversation;

        /// <summary>Oldest first.</summary>
        internal List<ConversationEntry> Entries { get; } = [];

        internal bool IsComplete { get; set; }
    }

    private sealed class HeldView(Held held, int count, bool isComplete) : IConversationView
    {
        public int Count => count;

        public bool IsComplete => isComplete;

        public ConversationEntry this[int index] => held.Entries[count - 1 - index];
    }

    /// <summary>Nothing is left of what there was.</summary>
    private sealed class GoneView : IConversationView
    {
        internal static readonly GoneView Instance = new();

        public int Count => 0;

        public bool IsComplete => false;

        public ConversationEntry this[int index] => throw new ArgumentOutOfRangeException(nameof(index));
    }

    private sealed class ByTime : IComparer<ConversationEntry>
    {
        internal static readonly ByTime Instance = new();

        public int Compare(ConversationEntry? x, ConversationEntry? y)
        {
            var order = x!.Message.SentAt.CompareTo(y!.Message.SentAt);
            return order != 0 ? order : x.Position.CompareTo(y.Position);
        }
    }
}
