namespace Surveillance.Detection.Pii;

/// <summary>Something that may be PII, before overlaps are resolved.</summary>
/// <param name="Start">Folded offset of the first unit.</param>
/// <param name="End">Folded offset after the last unit.</param>
/// <param name="Type">Index of its type in <see cref="PiiTypes.All"/>.</param>
/// <param name="Confidence">In hundredths, 1 to 99.</param>
/// <param name="Validated">Whether a checksum or a numbering plan confirms it.</param>
/// <param name="Masked">Whether some characters are hidden.</param>
/// <param name="Form">Number of the written form that it has, or -1 where a reader found it, or <see cref="Request"/> or <see cref="MobileAtHome"/>.</param>
internal readonly record struct Candidate(int Start, int End, int Type, int Confidence, bool Validated, bool Masked, int Form)
{
    /// <summary>Stands for a form where the words ask for a value instead of holding one.</summary>
    internal const int Request = -2;

    /// <summary>Stands for a form where a telephone number is a mobile of a participant's country.</summary>
    internal const int MobileAtHome = -3;

    /// <summary>Keys that their provider's prefix tells: inside an address or behind a word for passwords they stay what they are.</summary>
    private static readonly bool[] Keys = [.. PiiTypes.All.Select(t => t is { Category: "secret", Reader: null, Near.Count: 0 })];

    private int Rank => Confidence >= LikelyKey && Keys[Type] ? Confidence + 100 : Confidence;

    private const int LikelyKey = 50;

    /// <summary>The likelier first, then the longer, then the one that comes first.</summary>
    internal static int Compare(Candidate a, Candidate b)
    {
        var order = b.Rank.CompareTo(a.Rank);
        if (order == 0) { order = (b.End - b.Start).CompareTo(a.End - a.Start); }
        if (order == 0) { order = a.Start.CompareTo(b.Start); }
        return order == 0 ? a.Type.CompareTo(b.Type) : order;
    }
}
