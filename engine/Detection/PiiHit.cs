using Surveillance.Text;

namespace Surveillance.Detection;

/// <summary>What a recogniser found at a place of a message.</summary>
/// <param name="Type">The PII type, such as <c>payment-card</c>.</param>
/// <param name="Span">Where it stands, in the words of <paramref name="Part"/>.</param>
/// <param name="Confidence">From 0 to 1, rounded to two decimals; the default threshold of the PII detector and more is reported by default.</param>
/// <param name="Part">The part of the message; null means the text (<see cref="Messages.CapturedMessage.TextOf"/>).</param>
/// <param name="Validated">Whether a checksum or a numbering plan confirms it.</param>
/// <param name="Masked">Whether some of its characters are hidden, as in <c>•••• 1234</c>.</param>
/// <param name="Alternatives">Other types it could be, likeliest first; null when there are none.</param>
/// <param name="Solicited">Whether the words ask for such a value instead of holding one; what a request asks for is no exposure, and its confidence stays below the default threshold.</param>
/// <param name="Reason">Why it was taken for this type; null where nothing is kept of it.</param>
public sealed record PiiHit(
    string Type, TextSpan Span, double Confidence, string? Part = null, bool Validated = false, bool Masked = false, IReadOnlyList<PiiAlternative>? Alternatives = null,
    bool Solicited = false, PiiReason? Reason = null);

/// <summary>Why a hit was taken for its type. It holds words of the packs only, never of the message.</summary>
/// <param name="Rule">The written form as its pack has it, or the reader that found it.</param>
/// <param name="Check">What it passed, such as <c>Luhn</c>; null where only the shape speaks for it.</param>
/// <param name="Words">The context words around it that speak for the type.</param>
public sealed record PiiReason(string Rule, string? Check, IReadOnlyList<string> Words);

/// <summary>Another type that a hit could be.</summary>
/// <param name="Type">The PII type.</param>
/// <param name="Confidence">From 0 to 1, rounded to two decimals.</param>
public sealed record PiiAlternative(string Type, double Confidence);

/// <summary>The score of one classifier for a message.</summary>
/// <param name="Classifier">Its name, such as <c>marketing</c>.</param>
/// <param name="Score">Calibrated probability from 0 to 1 in steps of 0.001.</param>
public readonly record struct ClassifierScore(string Classifier, double Score);

/// <summary>Everything that the detectors found in one message: a pure function of the message and the detectors.</summary>
public sealed record MessageHits
{
    /// <summary>Nothing found, nothing scored.</summary>
    public static readonly MessageHits None = new();

    /// <summary>PII hits in order of part and start, of any confidence the detector keeps.</summary>
    public IReadOnlyList<PiiHit> Pii { get; init; } = [];

    /// <summary>One score for each classifier that is loaded, in order of name.</summary>
    public IReadOnlyList<ClassifierScore> Scores { get; init; } = [];

    /// <summary>Whether a client opts out of marketing contact in it.</summary>
    public bool OptOut { get; init; }

    /// <summary>The language of the text, ISO 639-1, or null when it cannot be told.</summary>
    public string? Language { get; init; }

    /// <summary>The score of a classifier, or null when it is not loaded.</summary>
    /// <param name="classifier">Its name.</param>
    public double? ScoreOf(string classifier)
    {
        foreach (var score in Scores)
        {
            if (score.Classifier == classifier)
            {
                return score.Score;
            }
        }
        return null;
    }
}
