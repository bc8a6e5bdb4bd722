using System.Collections.Frozen;
using System.Runtime.InteropServices;
using Surveillance.Text;

namespace Surveillance.Detection.OptOut;

/// <summary>Phrases that are looked up word by word in a prepared text. A word of three or more letters may end in <c>*</c> and then stands for every word that begins so.</summary>
internal sealed class PhraseSet
{
    private const int WildcardLetters = 3;

    /// <summary>A bit is set for 12 bits of the hash of each first word, so that most words need no look-up.</summary>
    private readonly ulong[] _mayBegin = new ulong[64];
    private readonly FrozenDictionary<ulong, Word[][]> _byFirstWord;
    private readonly FrozenDictionary<ulong, Word[][]> _byBeginning;

    private readonly record struct Word(ulong Hash, string? Beginning);

    /// <summary>Folds the phrases and sorts them by their first word; those without a word are left out.</summary>
    internal PhraseSet(IEnumerable<string> phrases)
    {
        var byFirstWord = new Dictionary<ulong, List<Word[]>>();
        var byBeginning = new Dictionary<ulong, List<Word[]>>();
        foreach (var phrase in phrases)
        {
            var words = Cut(phrase);
            if (words.Length > 0)
            {
                var (index, key) = words[0].Beginning is { } beginning
                    ? (byBeginning, Folding.HashToken(beginning.AsSpan(0, WildcardLetters)))
                    : (byFirstWord, words[0].Hash);
                (CollectionsMarshal.GetValueRefOrAddDefault(index, key, out _) ??= []).Add(words);
            }
        }
        foreach (var hash in byFirstWord.Keys)
        {
            _mayBegin[hash >> 58] |= 1UL << (int)(hash >> 52);
        }
        _byFirstWord = Freeze(byFirstWord);
        _byBeginning = Freeze(byBeginning);
    }

    /// <summary>Whether a phrase begins at a token.</summary>
    /// <param name="text">The text.</param>
    /// <param name="first">Index of the token.</param>
    /// <returns>Index of the last token of the longest phrase that does, or -1.</returns>
    internal int LastOfLongestAt(PreparedText text, int first)
    {
        var token = text.Tokens[first];
        var last = -1;
        Word[][]? phrases;
        if ((_mayBegin[token.Hash >> 58] & (1UL << (int)(token.Hash >> 52))) != 0 && _byFirstWord.TryGetValue(token.Hash, out phrases))
        {
            last = Longest(text, first, phrases);
        }
        if (_byBeginning.Count > 0 && token.End - token.Start >= WildcardLetters
            && _byBeginning.TryGetValue(Folding.HashToken(text.Folded.Slice(token.Start, WildcardLetters)), out phrases))
        {
            last = Math.Max(last, Longest(text, first, phrases));
        }
        return last;
    }

    private static FrozenDictionary<ulong, Word[][]> Freeze(Dictionary<ulong, List<Word[]>> index) =>
        index.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.OrderByDescending(words => words.Length).ToArray());

    private static Word[] Cut(string phrase)
    {
        var words = new List<Word>();
        foreach (var piece in phrase.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var tokens = PreparedText.Of(piece);
            for (var i = 0; i < tokens.Tokens.Length; i++)
            {
                var token = tokens.Tokens[i];
                var word = tokens.Folded[token.Start..token.End];
                var isWildcard = i == tokens.Tokens.Length - 1 && piece.EndsWith('*') && word.Length >= WildcardLetters;
                words.Add(new Word(token.Hash, isWildcard ? word.ToString() : null));
            }
        }
        return [.. words];
    }

    private static int Longest(PreparedText text, int first, Word[][] phrases)
    {
        var tokens = text.Tokens;
        foreach (var words in phrases)
        {
            if (first + words.Length > tokens.Length)
            {
                continue;
            }
            var at = 0;
            while (at < words.Length && Fits(text, tokens[first + at], words[at]))
            {
                at++;
            }
            if (at == words.Length)
            {
                return first + words.Length - 1;
            }
        }
        return -1;
    }

    private static bool Fits(PreparedText text, Token token, Word word) =>
        word.Beginning is { } beginning ? text.Folded[token.Start..token.End].StartsWith(beginning, StringComparison.Ordinal) : token.Hash == word.Hash;
}
