namespace Surveillance.Capture.Channels;

/// <summary>What a channel's adapter found in one body from its provider.</summary>
/// <param name="Items">Messages, consent lines and what could not be read, in the order of the body. An item's original is a slice of the body.</param>
/// <param name="Envelope">The body with the n-th item's bytes replaced by the number n, from 0. Where the body could not be read at all, it is one item.</param>
/// <param name="Notices">The provider's word for each part that holds no items, such as <c>account_update</c>; the envelope keeps it.</param>
public sealed record ChannelBatch(IReadOnlyList<CaptureItem> Items, ReadOnlyMemory<byte> Envelope, IReadOnlyList<string> Notices);
