using Surveillance.Messages;

namespace Surveillance.Capture;

/// <summary>Why something that arrived could not be read. Carries names and numbers, never a value of it.</summary>
/// <param name="Code">A stable word such as <c>missing-field</c>.</param>
/// <param name="Detail">A sentence that says what is wrong.</param>
public sealed record CaptureRejection(string Code, string Detail);

/// <summary>One thing that arrived: exactly one of message, consent line and rejection.</summary>
/// <param name="Message">The captured message, or null.</param>
/// <param name="Consent">The consent line, or null.</param>
/// <param name="Original">The provider's bytes of this one thing, unaltered.</param>
public sealed record CaptureItem(CapturedMessage? Message, ConsentEntry? Consent, ReadOnlyMemory<byte> Original)
{
    /// <summary>Why it could not be read, or null. Such an item goes to quarantine with its bytes.</summary>
    public CaptureRejection? Rejection { get; init; }
}

/// <summary>What the items arrived in; kept once, beside them.</summary>
/// <param name="Channel">The channel whose adapter read it.</param>
/// <param name="Sha256">SHA-256 of the whole body as it came over the wire, 32 bytes.</param>
/// <param name="Verdict">What the check of the signature said, such as <c>hmac-sha256 valid</c>.</param>
/// <param name="Body">The body with the items cut out (see the adapter for how to put them back), so that words are kept in one place only. It may still name people.</param>
public sealed record CaptureEnvelope(Channel Channel, ReadOnlyMemory<byte> Sha256, string Verdict, ReadOnlyMemory<byte> Body);

/// <summary>What became of an item.</summary>
public enum CaptureOutcome
{
    /// <summary>Kept as an entry of its own.</summary>
    New,
    /// <summary>The same was kept before; nothing changed.</summary>
    Duplicate,
    /// <summary>Other content under the key of a kept message: both are kept, the later one in quarantine.</summary>
    Conflict,
    /// <summary>Could not be read: kept in quarantine.</summary>
    Quarantined,
}

/// <summary>The answer for one item.</summary>
/// <param name="Id">Our id of what was kept.</param>
/// <param name="Position">Its position in the archive; for a duplicate that of the first; 0 for what is only in quarantine.</param>
/// <param name="Outcome">What became of it.</param>
public sealed record CaptureReceipt(OpaqueId Id, long Position, CaptureOutcome Outcome);

/// <summary>The one way into the archive. Thread-safe.</summary>
public interface ICaptureDesk
{
    /// <summary>Keeps the items in order and returns once they are synced: after that nothing loses them.</summary>
    /// <param name="items">What arrived, in order; may be empty, then only the envelope is kept.</param>
    /// <param name="envelope">What they arrived in, or null for something sent to our own interface.</param>
    /// <param name="cancel">Gives up waiting; items may then have been kept all the same, and sending them again is harmless.</param>
    /// <returns>One receipt an item, in order.</returns>
    /// <exception cref="CaptureUnavailableException">Nothing was kept: overload, a full disk, or the service is stopping. The sender may try again.</exception>
    ValueTask<IReadOnlyList<CaptureReceipt>> CaptureAsync(IReadOnlyList<CaptureItem> items, CaptureEnvelope? envelope, CancellationToken cancel);
}

/// <summary>Nothing was kept and the sender should try again later.</summary>
/// <param name="message">Why, without data.</param>
/// <param name="retryAfter">How long the sender should wait.</param>
/// <param name="cause">The failure underneath, or null.</param>
public sealed class CaptureUnavailableException(string message, TimeSpan retryAfter, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>How long the sender should wait before it tries again.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;

    /// <summary>Whether too much arrives at once (429) rather than that nothing can be kept (503).</summary>
    public bool IsOverload { get; init; }
}
