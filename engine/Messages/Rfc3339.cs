using System.Globalization;

namespace Surveillance.Messages;

/// <summary>Times as RFC 3339 writes them, kept in UTC to the tick (100 ns).</summary>
public static class Rfc3339
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd't'HH:mm:ssK", "yyyy-MM-dd HH:mm:ssK",
    ];

    /// <summary>UTC with <c>Z</c>; a fraction of a second only where there is one.</summary>
    /// <param name="time">Any time.</param>
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads a time that has an offset; the result is UTC. False for anything else.</summary>
    /// <param name="text">The time.</param>
    /// <param name="time">The time in UTC, or the default.</param>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length < 20 || !(text[^1] is 'Z' or 'z' || text[^6] is '+' or '-'))
        {
            return false;
        }
        if (text[^1] == 'z')
        {
            text = text[..^1] + "Z";
        }
        if (!DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed))
        {
            return false;
        }
        time = parsed.ToUniversalTime();
        return true;
    }
}
