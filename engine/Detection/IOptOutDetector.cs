namespace Surveillance.Detection;

/// <summary>Tells whether somebody takes back, or refuses, consent to be contacted for marketing.</summary>
public interface IOptOutDetector
{
    /// <summary>Whether the sender opts out in this message. Only a client or an external person can.</summary>
    /// <param name="message">The message.</param>
    bool IsOptOut(PreparedMessage message);
}
