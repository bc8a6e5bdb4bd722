namespace Surveillance.Detection;

/// <summary>Finds PII in a message. Implementations are immutable and thread-safe.</summary>
public interface IPiiDetector
{
    /// <summary>The hits in order of part and start; a pure function of the message.</summary>
    /// <param name="message">The message; read, not kept.</param>
    IReadOnlyList<PiiHit> Detect(PreparedMessage message);
}
