namespace Surveillance.Text;

/// <summary>A stretch of a text as captured.</summary>
/// <param name="Start">UTF-16 offset of the first unit.</param>
/// <param name="End">UTF-16 offset after the last unit; never less than <paramref name="Start"/>.</param>
public readonly record struct TextSpan(int Start, int End)
{
    /// <summary>Length in UTF-16 units.</summary>
    public int Length => End - Start;

    /// <summary>Whether the two share at least one unit.</summary>
    /// <param name="other">Another span of the same text.</param>
    public bool Overlaps(TextSpan other) => Start < other.End && other.Start < End;

    /// <summary>Whether the other lies wholly inside.</summary>
    /// <param name="other">Another span of the same text.</param>
    public bool Contains(TextSpan other) => Start <= other.Start && other.End <= End;
}

/// <summary>Whose words a stretch of a text is. Values combine as a set.</summary>
[Flags]
public enum Zones
{
    /// <summary>No zone.</summary>
    None = 0,
    /// <summary>Written by the sender for this message.</summary>
    Authored = 1,
    /// <summary>Repeated from an earlier message.</summary>
    Quoted = 2,
    /// <summary>The sender's contact block.</summary>
    Signature = 4,
    /// <summary>Legal or subscription boilerplate.</summary>
    Disclaimer = 8,
    /// <summary>A message of somebody else, passed on.</summary>
    Forwarded = 16,
    /// <summary>Every zone.</summary>
    All = Authored | Quoted | Signature | Disclaimer | Forwarded,
}

/// <summary>A stretch of a text and its zone.</summary>
/// <param name="Span">Where it lies.</param>
/// <param name="Zone">Exactly one zone.</param>
public readonly record struct ZonedSpan(TextSpan Span, Zones Zone);
