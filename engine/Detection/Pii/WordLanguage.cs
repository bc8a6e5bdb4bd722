using System.Collections.Frozen;
using System.Numerics;
using Surveillance.Detection.Language;
using Surveillance.Text;

namespace Surveillance.Detection.Pii;

/// <summary>The languages in which a context word means what its list says, as a set of bits: <c>sin</c> is a number in Canada, and "without" in Spanish.</summary>
/// <remarks>
/// A word counts in a text of any language that has no ordinary word like it: people write <c>my dni is</c>. Where the language has one, it
/// counts in capitals, as a label, or where the lists give it for that language too. Only languages that
/// <see cref="LanguageGuesser"/> tells apart by their words are known here; a text of another one takes every word.
/// </remarks>
internal static class WordLanguage
{
    /// <summary>Words of many languages (ISO 639-2).</summary>
    private const string Multiple = "mul";

    private static readonly FrozenSet<(ulong Hash, byte Language)> Ordinary =
        Words.Ordinary.SelectMany(list => list.Value.Select(word => (Folding.HashToken(Folding.Fold(word)), Of(list.Key)))).ToFrozenSet();

    /// <summary>A text whose language cannot be told.</summary>
    internal const byte Unknown = 0;

    /// <summary>The set of one language; empty where it is not known.</summary>
    /// <param name="code">ISO 639-1, or null.</param>
    internal static byte Of(string? code)
    {
        for (var i = 0; i < LanguageGuesser.ByWords.Count; i++)
        {
            if (LanguageGuesser.ByWords[i] == code) { return (byte)(1 << i); }
        }
        return Unknown;
    }

    /// <summary>Where the words of a list are at home.</summary>
    /// <param name="code">The language of the list, or <c>mul</c>.</param>
    internal static byte OfList(string code) => code == Multiple ? byte.MaxValue : Of(code);

    /// <summary>Whether a word of one language is an ordinary word of another, in which the text is written: then it says nothing.</summary>
    /// <param name="word">Where the word is at home.</param>
    /// <param name="language">The language of the text.</param>
    /// <param name="text">The text.</param>
    /// <param name="token">The word.</param>
    internal static bool IsForeign(byte word, byte language, PreparedText text, Token token) =>
        language != Unknown && (word & language) == 0
        && (Ordinary.Contains((token.Hash, language)) || LanguageGuesser.IsWordOf(token.Hash, BitOperations.TrailingZeroCount(language)))
        && !IsLabelOrCapitals(text, token);

    private static bool IsLabelOrCapitals(PreparedText text, Token token)
    {
        var folded = text.Folded;
        if (token.End < folded.Length && folded[token.End] is ':' or '#' or '=') { return true; }
        var span = text.ToOriginal(token.Start, token.End);
        foreach (var c in text.Original.AsSpan(span.Start, span.End - span.Start))
        {
            if (char.IsLower(c)) { return false; }
        }
        return true;
    }
}
