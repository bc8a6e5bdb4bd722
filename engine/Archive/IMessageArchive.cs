using Surveillance.Messages;

namespace Surveillance.Archive;

/// <summary>Keeps every entry unaltered, once and provably, under positions without gaps. Thread-safe.</summary>
public interface IMessageArchive
{
    /// <summary>Position of the last entry that readers see; 0 when there is none. Never falls.</summary>
    long LastPosition { get; }

    /// <summary>Keeps a batch in order and returns once it is synced to the disk. What was kept before changes nothing.</summary>
    /// <param name="batch">At most 10,000 items.</param>
    /// <param name="envelope">The request they came in, kept once with the first new item; or null.</param>
    /// <param name="cancel">Gives up waiting; the batch may be kept all the same.</param>
    /// <returns>One receipt an item, in order.</returns>
    /// <exception cref="ArchiveBusyException">Too many batches wait; nothing of this one was kept.</exception>
    /// <exception cref="ArchiveUnavailableException">Nothing of the batch was kept.</exception>
    ValueTask<IReadOnlyList<Receipt>> AppendAsync(IReadOnlyList<ArchiveItem> batch, Envelope? envelope, CancellationToken cancel);

    /// <summary>The entries after a position, in order; a reader never sees an entry before the one in front of it.</summary>
    /// <param name="after">A position; 0 starts at the first.</param>
    /// <param name="max">At most so many, from 1.</param>
    /// <param name="cancel">Stops reading.</param>
    ValueTask<IReadOnlyList<ArchivedEntry>> ReadAsync(long after, int max, CancellationToken cancel);

    /// <summary>The entries of a kind after a position, in order.</summary>
    /// <param name="kind">Any kind but <see cref="EntryKind.Message"/>.</param>
    /// <param name="after">A position; 0 starts at the first.</param>
    /// <param name="max">At most so many, from 1.</param>
    IReadOnlyList<ArchivedEntry> ReadKind(EntryKind kind, long after, int max);

    /// <summary>The last activation at or before a position, or null.</summary>
    /// <param name="position">A position.</param>
    ArchivedEntry? FindActivation(long position);

    /// <summary>Completes when there is an entry after the position.</summary>
    /// <param name="after">A position.</param>
    /// <param name="cancel">Stops waiting.</param>
    Task WaitAsync(long after, CancellationToken cancel);

    /// <summary>The entry of an id, or null.</summary>
    /// <param name="id">Its id.</param>
    ArchivedEntry? Find(OpaqueId id);

    /// <summary>The entry of a position, or null.</summary>
    /// <param name="position">Its position.</param>
    ArchivedEntry? Find(long position);

    /// <summary>When the entry of a position was kept, UTC, or null; reads no content.</summary>
    /// <param name="position">Its position.</param>
    DateTimeOffset? FindReceivedAt(long position);

    /// <summary>Whether a message was ever kept; activations and consent lines are none.</summary>
    bool HasMessages();

    /// <summary>How many messages were kept, by when they were sent; reads no content.</summary>
    /// <param name="from">Only those sent at or after this time; null for all.</param>
    /// <param name="to">Only those sent before this time; null for all.</param>
    /// <param name="upTo">Only entries of at most this position.</param>
    long CountMessages(DateTimeOffset? from, DateTimeOffset? to, long upTo);

    /// <summary>The entry of an id with its original and leaf, or null.</summary>
    /// <param name="id">Its id.</param>
    ArchivedOriginal? FindOriginal(OpaqueId id);

    /// <summary>Messages of a conversation that come before a place in the order of (sentAt, position), nearest first.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="sentAt">Time of the place.</param>
    /// <param name="position">Position of the place; an entry at both is not returned.</param>
    /// <param name="upTo">Only entries of at most this position.</param>
    /// <param name="max">At most so many.</param>
    IReadOnlyList<ArchivedEntry> ReadBefore(OpaqueId conversation, DateTimeOffset sentAt, long position, long upTo, int max);

    /// <summary>Messages of a conversation that come after a place in the order of (sentAt, position), nearest first.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="sentAt">Time of the place.</param>
    /// <param name="position">Position of the place; an entry at both is not returned.</param>
    /// <param name="upTo">Only entries of at most this position.</param>
    /// <param name="max">At most so many.</param>
    IReadOnlyList<ArchivedEntry> ReadAfter(OpaqueId conversation, DateTimeOffset sentAt, long position, long upTo, int max);
}
