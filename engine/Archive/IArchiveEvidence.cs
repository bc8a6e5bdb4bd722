using Surveillance.Messages;

namespace Surveillance.Archive;

/// <summary>An entry as it lies in a store, unread and unbelieved.</summary>
public sealed record EntryEvidence
{
    /// <summary>Its position.</summary>
    public required long Position { get; init; }

    /// <summary>What its shell says that it is.</summary>
    public required EntryKind Kind { get; init; }

    /// <summary>The id of its shell.</summary>
    public required OpaqueId Id { get; init; }

    /// <summary>The conversation of its shell, or the default.</summary>
    public required OpaqueId Conversation { get; init; }

    /// <summary>The partition of its shell.</summary>
    public required int Partition { get; init; }

    /// <summary>When it was sent, by its shell: UTC ticks.</summary>
    public required long SentAt { get; init; }

    /// <summary>SHA-256 over salt and content, by its shell.</summary>
    public required ReadOnlyMemory<byte> Leaf { get; init; }

    /// <summary>Salt and content, over which the leaf is made; null where there is none.</summary>
    public required ReadOnlyMemory<byte>? Content { get; init; }

    /// <summary>The canonical bytes in the content; null where there is none or it has no form that this program knows.</summary>
    public required ReadOnlyMemory<byte>? Canonical { get; init; }

    /// <summary>The link of the chain that ends with this entry; null where a later one holds it.</summary>
    public required ReadOnlyMemory<byte>? Seal { get; init; }
}

/// <summary>What an archive is verified from: one state of a store, read once from its beginning.</summary>
public interface IArchiveEvidence
{
    /// <summary>Position of the last entry; 0 when there is none.</summary>
    long LastPosition { get; }

    /// <summary>Position of the last link of the chain; 0 when there is none.</summary>
    long LastSeal { get; }

    /// <summary>Every entry, by position.</summary>
    IEnumerable<EntryEvidence> ReadEntries();

    /// <summary>The positions of contents that no entry has, at most 100.</summary>
    IReadOnlyList<long> ReadStrayContents();

    /// <summary>The envelopes whose body does not fit the hash kept with it.</summary>
    IEnumerable<long> ReadAlteredEnvelopes();
}
