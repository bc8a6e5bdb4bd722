using Surveillance.Detection.Lexicons;
using Surveillance.Text;

namespace Surveillance.Engine.Tests.Detection.Lexicons;

/// <summary>The obvious twin of <see cref="PhraseMatcher"/>: tries every phrase at every token.</summary>
internal static class SlowPhraseMatcher
{
    internal static HashSet<PhraseHit> Match(IReadOnlyList<PhrasePattern> phrases, PreparedText text, int part)
    {
        var hits = new HashSet<PhraseHit>();
        for (var id = 0; id < phrases.Count; id++)
        {
            for (var first = 0; first < text.Tokens.Length; first++)
            {
                foreach (var end in Ends(phrases[id].Words, 0, text, first))
                {
                    hits.Add(new PhraseHit(id, part, first, end - 1));
                }
            }
        }
        return hits;
    }

    private static IEnumerable<int> Ends(PhraseWord[] words, int word, PreparedText text, int token)
    {
        if (word == words.Length)
        {
            return [token];
        }
        var next = new List<int>();
        if (token < text.Tokens.Length && Is(words[word], text.Folded[text.Tokens[token].Start..text.Tokens[token].End].ToString()))
        {
            next.Add(token + 1);
        }
        foreach (var alternate in text.Alternates)
        {
            if (alternate.First == token && alternate.Hash == words[word].Hash)
            {
                next.Add(token + alternate.Count);
            }
        }
        return next.SelectMany(n => Ends(words, word + 1, text, n));
    }

    private static bool Is(PhraseWord word, string token)
    {
        token = token.Replace("'", "");
        return Folding.HashToken(token) == word.Hash || word.Match switch
        {
            WordMatch.Prefix => token.StartsWith(word.Text, StringComparison.Ordinal),
            WordMatch.Stem => token.Length is >= 3 and <= Stemmer.MaxLength && Stemmer.StemOf(token) == word.Text,
            _ => false,
        };
    }
}
