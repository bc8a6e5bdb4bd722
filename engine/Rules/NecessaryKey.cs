using Surveillance.Detection.Lexicons;
using Surveillance.Messages;

namespace Surveillance.Rules;

/// <summary>A score that a classifier must reach.</summary>
/// <param name="Classifier">Its name.</param>
/// <param name="AtLeast">From 0 to 1.</param>
internal readonly record struct ScoreKey(string Classifier, double AtLeast);

/// <summary>
/// What a message must have at least one of for a condition to be anything but not matched: phrases, PII types, or scores (a score that is missing
/// counts as reached, because the condition is then not evaluated). A key may let a message through for nothing; it never holds one back.
/// </summary>
/// <param name="Phrases">Any of these phrases stands somewhere in the message.</param>
/// <param name="PiiTypes">Anything of these types was found.</param>
/// <param name="Scores">Any of these scores is reached.</param>
internal sealed record NecessaryKey(IReadOnlyList<PhrasePattern> Phrases, IReadOnlyList<string> PiiTypes, IReadOnlyList<ScoreKey> Scores)
{
    /// <summary>Every message may satisfy the condition.</summary>
    internal static readonly NecessaryKey None = new([], [], []);

    internal static NecessaryKey OfPhrases(IReadOnlyList<PhrasePattern> phrases) => None with { Phrases = phrases };

    internal static NecessaryKey OfPii(IReadOnlyList<string> types) => None with { PiiTypes = types };

    internal static NecessaryKey OfScore(string classifier, double atLeast) => None with { Scores = [new ScoreKey(classifier, atLeast)] };

    internal bool IsNone => Phrases.Count + PiiTypes.Count + Scores.Count == 0;

    /// <summary>A guess how many messages have it; the lowest is the best key.</summary>
    private int Frequency => IsNone ? int.MaxValue : 4 + Phrases.Count + 400 * PiiTypes.Count + 800 * Scores.Count;

    /// <summary>The key of a condition that needs both.</summary>
    internal static NecessaryKey Best(IEnumerable<NecessaryKey> keys) => keys.MinBy(k => k.Frequency) ?? None;

    /// <summary>The key of a condition that needs any of some.</summary>
    internal static NecessaryKey AnyOf(IReadOnlyCollection<NecessaryKey> keys) => keys.Any(k => k.IsNone)
        ? None
        : new([.. keys.SelectMany(k => k.Phrases)], [.. keys.SelectMany(k => k.PiiTypes).Distinct()], [.. keys.SelectMany(k => k.Scores).Distinct()]);

    /// <summary>The key of a condition that needs so many of some: all but the others must fail before it can.</summary>
    internal static NecessaryKey AtLeast(int count, IReadOnlyCollection<NecessaryKey> keys) => AnyOf([.. keys.OrderBy(k => k.Frequency).Take(keys.Count - count + 1)]);
}

/// <summary>Which channels, directions and kinds a condition can hold on: a bit each. Like a key it may let a message through for nothing.</summary>
/// <param name="Channels">Bit n stands for the channel of number n.</param>
/// <param name="Directions">Bit n stands for the direction of number n.</param>
/// <param name="Kinds">Bit n stands for the kind of number n.</param>
internal readonly record struct AttributeMask(ulong Channels, ulong Directions, ulong Kinds)
{
    internal static readonly AttributeMask Everything = new(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue);

    internal static AttributeMask Of(AppliesTo applies) => new(Bits(applies.Channels), Bits(applies.Directions), Bits(applies.Kinds));

    internal static ulong Bits<T>(IEnumerable<T>? values) where T : struct, Enum =>
        values is null ? ulong.MaxValue : values.Aggregate(0UL, (bits, value) => bits | 1UL << Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture));

    internal AttributeMask And(AttributeMask other) => new(Channels & other.Channels, Directions & other.Directions, Kinds & other.Kinds);

    internal AttributeMask Or(AttributeMask other) => new(Channels | other.Channels, Directions | other.Directions, Kinds | other.Kinds);

    internal bool Covers(CapturedMessage message) =>
        (Channels >> (int)message.Channel & Directions >> (int)message.Direction & Kinds >> (int)message.Kind & 1) != 0;
}
