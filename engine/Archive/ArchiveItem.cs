using Surveillance.Messages;

namespace Surveillance.Archive;

/// <summary>What an entry of the archive is. The numbers are stored.</summary>
public enum EntryKind
{
    /// <summary>A captured message.</summary>
    Message = 0,
    /// <summary>A consent line.</summary>
    Consent = 1,
    /// <summary>From here on another revision judges.</summary>
    Activation = 2,
    /// <summary>Content that arrived under the key of another message and differs from it.</summary>
    Conflict = 3,
    /// <summary>Something a provider sent that could not be read; its canonical bytes are what arrived.</summary>
    Unreadable = 4,
}

/// <summary>Something to be kept.</summary>
public sealed record ArchiveItem
{
    /// <summary>What it is; never <see cref="EntryKind.Conflict"/>, which the archive itself makes.</summary>
    public required EntryKind Kind { get; init; }

    /// <summary>Its id; an item with the same id is kept once.</summary>
    public required OpaqueId Id { get; init; }

    /// <summary>Its conversation; the default for what belongs to none.</summary>
    public OpaqueId Conversation { get; init; }

    /// <summary>Its author; the default for what has none.</summary>
    public OpaqueId Author { get; init; }

    /// <summary>When it was sent, UTC.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>What was sent; <see cref="MessageKind.Other"/> for what is no message.</summary>
    public MessageKind MessageKind { get; init; } = MessageKind.Other;

    /// <summary>The canonical bytes; two items of one id are the same when these are equal.</summary>
    public required ReadOnlyMemory<byte> Canonical { get; init; }

    /// <summary>What arrived, byte for byte; empty when it equals <see cref="Canonical"/>.</summary>
    public ReadOnlyMemory<byte> Original { get; init; }

    /// <summary>Id of the envelope it arrived in, or 0.</summary>
    public long Envelope { get; init; }

    /// <summary>The partition that judges a conversation: fixed for ever, 0 to 63.</summary>
    /// <param name="conversation">The conversation.</param>
    public static int PartitionOf(OpaqueId conversation) => (int)(conversation.Value & 63);

    /// <summary>A captured message to be kept.</summary>
    /// <param name="message">The message.</param>
    /// <param name="original">What arrived, byte for byte.</param>
    /// <param name="ids">Makes the ids of this data folder.</param>
    /// <param name="envelope">Id of the envelope it arrived in, or 0.</param>
    public static ArchiveItem Of(CapturedMessage message, ReadOnlyMemory<byte> original, IdMaker ids, long envelope = 0)
    {
        var canonical = CapturedMessageJson.Write(message);
        return new ArchiveItem
        {
            Kind = EntryKind.Message,
            Id = ids.Message(message.NativeKey),
            Conversation = ids.Conversation(message),
            Author = ids.Person(message.From.Address),
            SentAt = message.SentAt,
            MessageKind = message.Kind,
            Canonical = canonical,
            Original = original.Span.SequenceEqual(canonical) ? default : original,
            Envelope = envelope,
        };
    }

    /// <summary>Something unreadable to be kept. The same bytes twice are one entry.</summary>
    /// <param name="original">What arrived, byte for byte.</param>
    /// <param name="receivedAt">When it arrived, UTC.</param>
    /// <param name="ids">Makes the ids of this data folder.</param>
    public static ArchiveItem Unreadable(ReadOnlyMemory<byte> original, DateTimeOffset receivedAt, IdMaker ids) => new()
    {
        Kind = EntryKind.Unreadable,
        Id = ids.Entry('u', Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(original.Span))),
        SentAt = receivedAt,
        Canonical = original,
    };

    /// <summary>A consent line to be kept. The same line twice is one entry.</summary>
    /// <param name="consent">The line.</param>
    /// <param name="original">What arrived, byte for byte.</param>
    /// <param name="ids">Makes the ids of this data folder.</param>
    public static ArchiveItem Of(ConsentEntry consent, ReadOnlyMemory<byte> original, IdMaker ids)
    {
        var canonical = CapturedMessageJson.Write(consent);
        return new ArchiveItem
        {
            Kind = EntryKind.Consent,
            Id = ids.Entry('k', Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(canonical))),
            Author = ids.Person(consent.Subject),
            SentAt = consent.At,
            Canonical = canonical,
            Original = original.Span.SequenceEqual(canonical) ? default : original,
        };
    }
}

/// <summary>How an item was received.</summary>
public enum ReceiptState
{
    /// <summary>Kept now.</summary>
    New,
    /// <summary>Kept before; nothing changed.</summary>
    Duplicate,
    /// <summary>Another item has its id and other content; both are kept, this one for quarantine.</summary>
    Conflict,
}

/// <summary>The archive's answer for one item.</summary>
/// <param name="Id">The id under which it is kept.</param>
/// <param name="Position">The position of its entry, from 1.</param>
/// <param name="State">How it was received.</param>
public readonly record struct Receipt(OpaqueId Id, long Position, ReceiptState State);

/// <summary>An entry as kept.</summary>
/// <param name="Position">Its number, from 1; entries have no gaps.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Its id.</param>
/// <param name="Conversation">Its conversation, or the default.</param>
/// <param name="SentAt">When it was sent, UTC.</param>
/// <param name="ReceivedAt">When it was kept, UTC.</param>
/// <param name="Canonical">The canonical bytes.</param>
public sealed record ArchivedEntry(
    long Position, EntryKind Kind, OpaqueId Id, OpaqueId Conversation, DateTimeOffset SentAt, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> Canonical)
{
    /// <summary>The message of a <see cref="EntryKind.Message"/> or <see cref="EntryKind.Conflict"/> entry.</summary>
    /// <exception cref="ArchiveDamagedException">The content cannot be read back.</exception>
    public CapturedMessage ReadMessage() =>
        CapturedMessageJson.Read(Canonical.Span).Message ?? throw new ArchiveDamagedException($"The content of entry {Position} cannot be read as a message.");

    /// <summary>The consent line of a <see cref="EntryKind.Consent"/> entry.</summary>
    /// <exception cref="ArchiveDamagedException">The content cannot be read back.</exception>
    public ConsentEntry ReadConsent() =>
        CapturedMessageJson.Read(Canonical.Span).Consent ?? throw new ArchiveDamagedException($"The content of entry {Position} cannot be read as a consent line.");
}

/// <summary>What the archive keeps about an entry besides its content, for showing and proving it.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Original">What arrived, byte for byte.</param>
/// <param name="Leaf">SHA-256 over salt and content, 32 bytes.</param>
public sealed record ArchivedOriginal(ArchivedEntry Entry, ReadOnlyMemory<byte> Original, ReadOnlyMemory<byte> Leaf);

/// <summary>The body of a provider's request that held one or more messages, kept once.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Sha256">SHA-256 of the body, 32 bytes.</param>
/// <param name="Verdict">What the check of its signature said, such as <c>valid</c>.</param>
/// <param name="Body">The whole body.</param>
public sealed record Envelope(Channel Channel, ReadOnlyMemory<byte> Sha256, string Verdict, ReadOnlyMemory<byte> Body);

/// <summary>The archive cannot keep anything now. Nothing of the batch was kept, so the caller may try again.</summary>
public sealed class ArchiveUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The archive has no room for more batches now. Nothing of the batch was kept; try again later.</summary>
public sealed class ArchiveBusyException() : Exception("The archive has more batches waiting than it takes.");

/// <summary>What was kept does not read back.</summary>
public sealed class ArchiveDamagedException(string message, Exception? inner = null) : Exception(message, inner);
