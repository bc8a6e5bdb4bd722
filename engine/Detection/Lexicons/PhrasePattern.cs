using System.Diagnostics.CodeAnalysis;
using Surveillance.Text;

namespace Surveillance.Detection.Lexicons;

/// <summary>How a word of a phrase is compared.</summary>
internal enum WordMatch : byte
{
    /// <summary>The whole word.</summary>
    Exact,
    /// <summary>The word without its ending (<see cref="Stemmer"/>).</summary>
    Stem,
    /// <summary>The first letters.</summary>
    Prefix,
}

/// <summary>A word of a phrase.</summary>
/// <param name="Match">How it is compared.</param>
/// <param name="Text">The folded word without apostrophes; its stem or its first letters where those are compared.</param>
/// <param name="Hash"><see cref="Folding.HashToken"/> of the word as written.</param>
/// <param name="FormHash"><see cref="Folding.HashToken"/> of <paramref name="Text"/>.</param>
internal readonly record struct PhraseWord(WordMatch Match, string Text, ulong Hash, ulong FormHash)
{
    /// <summary>Whether a token is the word.</summary>
    /// <param name="folded">The text that the token counts in.</param>
    /// <param name="token">The token.</param>
    internal bool Is(ReadOnlySpan<char> folded, in Token token) => token.Hash == Hash || (Match != WordMatch.Exact && HasForm(folded[token.Start..token.End]));

    private bool HasForm(ReadOnlySpan<char> word)
    {
        if (Match == WordMatch.Prefix)
        {
            var n = 0;
            foreach (var c in word)
            {
                if (n == Text.Length) { return true; }
                if (c == '\'') { continue; }
                if (c != Text[n++]) { return false; }
            }
            return n == Text.Length;
        }
        Span<char> letters = stackalloc char[Stemmer.MaxLength];
        var length = Stemmer.Letters(word, letters);
        return length >= 3 && letters[..Stemmer.Stem(letters[..length])].SequenceEqual(Text);
    }
}

/// <summary>A phrase that can be looked for: words in order, next to each other whatever signs and blanks lie between.</summary>
/// <remarks>
/// A word of three letters or more that ends in <c>*</c> stands for every word with these first letters. Scripts written without blanks count
/// each character as a word, so a phrase in them matches anywhere, also over blanks. Letter case, width, accents and look-alikes do not count.
/// </remarks>
public sealed class PhrasePattern
{
    /// <summary>The most words of a phrase.</summary>
    public const int MaxWords = 64;

    /// <summary>The fewest letters before a <c>*</c>.</summary>
    public const int MinPrefix = 3;

    /// <summary>The most letters before a <c>*</c>.</summary>
    public const int MaxPrefix = 60;

    private PhrasePattern(PhraseWord[] words, string key)
    {
        Words = words;
        Key = key;
    }

    /// <summary>Two patterns with one key match the same texts.</summary>
    public string Key { get; }

    /// <summary>The words in order; at least one.</summary>
    internal PhraseWord[] Words { get; }

    /// <summary>Reads a phrase as an author writes it.</summary>
    /// <param name="text">The phrase.</param>
    /// <param name="stem">Whether the endings of its words do not count.</param>
    /// <param name="pattern">The phrase, or null.</param>
    /// <param name="problem">What is wrong with it, a statement in lower case without a full stop; null when nothing is.</param>
    public static bool TryParse(string text, bool stem, [NotNullWhen(true)] out PhrasePattern? pattern, [NotNullWhen(false)] out string? problem)
    {
        pattern = null;
        var prepared = PreparedText.Of(text);
        var folded = prepared.Folded;
        var tokens = prepared.Tokens;
        problem = tokens.Length switch
        {
            0 => "a phrase needs at least one letter or digit",
            > MaxWords => $"a phrase has at most {MaxWords} words, this one has {tokens.Length}",
            _ => null,
        };
        if (problem is not null)
        {
            return false;
        }
        var stars = folded.Count('*');
        var words = new PhraseWord[tokens.Length];
        for (var i = 0; i < tokens.Length; i++)
        {
            var token = tokens[i];
            var word = folded[token.Start..token.End].ToString().Replace("'", "", StringComparison.Ordinal);
            var unspaced = token.Flags.HasFlag(TokenFlags.Unspaced);
            if (token.End < folded.Length && folded[token.End] == '*')
            {
                stars--;
                if (unspaced || word.Length < MinPrefix)
                {
                    problem = $"`*` needs {MinPrefix} letters or more before it";
                    return false;
                }
                if (i + 1 < tokens.Length && tokens[i + 1].Start == token.End + 1)
                {
                    problem = "`*` stands at the end of a word only";
                    return false;
                }
                if (word.Length > MaxPrefix)
                {
                    problem = $"`*` has at most {MaxPrefix} letters before it";
                    return false;
                }
                words[i] = new PhraseWord(WordMatch.Prefix, word, token.Hash, Folding.HashToken(word));
                continue;
            }
            var stemmed = stem && !unspaced && word.Length is >= 3 and <= Stemmer.MaxLength && !token.Flags.HasFlag(TokenFlags.Digits) ? Stemmer.StemOf(word) : null;
            words[i] = stemmed is null
                ? new PhraseWord(WordMatch.Exact, word, token.Hash, token.Hash)
                : new PhraseWord(WordMatch.Stem, stemmed, token.Hash, Folding.HashToken(stemmed));
        }
        if (stars > 0)
        {
            problem = "`*` stands at the end of a word only";
            return false;
        }
        pattern = new PhrasePattern(words, string.Join(' ', words.Select(w => w.Match switch
        {
            WordMatch.Prefix => w.Text + "*",
            WordMatch.Stem => "~" + w.Text + ":" + w.Hash.ToString("x", System.Globalization.CultureInfo.InvariantCulture), // spaced-out readings compare with the word as written
            _ => w.Text,
        })));
        return true;
    }

    /// <inheritdoc />
    public override string ToString() => Key;
}
