using Surveillance.Archive;
using Surveillance.Detection;
using Surveillance.Messages;

namespace Surveillance.Pipeline;

/// <summary>A message on its way to its partition: read, cut into tokens, detected. Made in parallel, because all of that looks at nothing else.</summary>
internal sealed class PreparedEntry : IDisposable
{
    /// <summary>Its position.</summary>
    public required long Position { get; init; }

    /// <summary>What it is.</summary>
    public required EntryKind Kind { get; init; }

    /// <summary>Our id of it.</summary>
    public required OpaqueId Id { get; init; }

    /// <summary>Our id of its conversation.</summary>
    public required OpaqueId Conversation { get; init; }

    /// <summary>When it was sent, UTC.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>When it was kept, UTC.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The position up to which its judgement may know the archive.</summary>
    public required long KnownTo { get; init; }

    /// <summary>Whether it was judged before.</summary>
    public bool Again { get; init; }

    /// <summary>Whether somebody asked for another try, so that it may be news to those after it.</summary>
    public bool Retried { get; init; }

    /// <summary>The message in tokens; null when it could not be prepared.</summary>
    public PreparedMessage? Message { get; private set; }

    /// <summary>What the detectors found.</summary>
    public MessageHits Hits { get; private set; } = MessageHits.None;

    /// <summary>Why it goes to quarantine; null when it can be judged.</summary>
    public QuarantineReason? Fault { get; private set; }

    /// <summary>Prepares an entry. Whatever goes wrong becomes its <see cref="Fault"/> and spoils nothing else.</summary>
    /// <param name="entry">An entry that is no consent line and no activation.</param>
    /// <param name="detectors">The detectors of the revision in force.</param>
    /// <param name="knownTo">The position up to which its judgement may know the archive.</param>
    /// <param name="again">Whether it was judged before.</param>
    /// <param name="retried">Whether somebody asked for another try.</param>
    public static PreparedEntry Of(ArchivedEntry entry, DetectorSet detectors, long knownTo, bool again = false, bool retried = false)
    {
        var prepared = new PreparedEntry
        {
            Position = entry.Position, Kind = entry.Kind, Retried = retried, Id = entry.Id, Conversation = entry.Conversation, SentAt = entry.SentAt, ReceivedAt = entry.ReceivedAt, KnownTo = knownTo, Again = again,
        };
        prepared.Prepare(entry, detectors);
        return prepared;
    }

    /// <summary>Prepares a message whose hits are known.</summary>
    /// <param name="entry">A message that was judged before.</param>
    /// <param name="hits">What the detectors found in it.</param>
    /// <param name="knownTo">The position up to which its judgement may know the archive.</param>
    public static PreparedEntry OfDetected(ArchivedEntry entry, MessageHits hits, long knownTo)
    {
        var prepared = new PreparedEntry { Position = entry.Position, Kind = entry.Kind, Id = entry.Id, Conversation = entry.Conversation, SentAt = entry.SentAt, ReceivedAt = entry.ReceivedAt, KnownTo = knownTo, Again = true };
        prepared.Hits = hits;
        try
        {
            prepared.Message = new PreparedMessage(entry.ReadMessage());
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            prepared.Fault = QuarantineReasons.Of("detection-failed", e);
        }
        return prepared;
    }

    private void Prepare(ArchivedEntry entry, DetectorSet detectors)
    {
        try
        {
            switch (entry.Kind)
            {
                case EntryKind.Unreadable:
                    Fault = new QuarantineReason("unreadable", "What the provider sent could not be read; it is kept as it came.", Retryable: false);
                    break;
                case EntryKind.Conflict:
                    Message = new PreparedMessage(entry.ReadMessage());
                    Fault = new QuarantineReason(
                        "conflict",
                        $"Another message with this channel, account and id was kept before it with other content. SHA-256 of this one: {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(entry.Canonical.Span))}.",
                        Retryable: false);
                    break;
                default:
                    Message = new PreparedMessage(entry.ReadMessage());
                    Hits = detectors.Detect(Message);
                    break;
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Fault = QuarantineReasons.Of("detection-failed", e);
        }
    }

    /// <inheritdoc />
    public void Dispose() => Message?.Dispose();
}

/// <summary>Reasons made from exceptions: their kind and place, never their words, which may hold words of a message.</summary>
internal static class QuarantineReasons
{
    /// <summary>The reason for an exception.</summary>
    /// <param name="code">What was being done.</param>
    /// <param name="e">What went wrong.</param>
    public static QuarantineReason Of(string code, Exception e)
    {
        var frame = new System.Diagnostics.StackTrace(e).GetFrame(0)?.GetMethod();
        var place = frame is null ? "" : $" in {frame.DeclaringType?.Name}.{frame.Name}";
        return new QuarantineReason(code, $"{e.GetType().Name}{place}. The message is kept; try again after the cause is mended.");
    }
}
