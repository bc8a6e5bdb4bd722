using Surveillance.Text;

namespace Surveillance.Detection.Lexicons;

/// <summary>Finds every phrase of a revision in one pass over the tokens of a text. Immutable and thread-safe.</summary>
/// <remarks>
/// Each phrase is anchored on those two words next to each other that are likely to be rarest, or on one word where it has no two that are compared
/// whole. The pass looks up each pair and each token in a bitmap and, where that lets it through, in a table of anchors, and compares the words
/// around. Cost hardly grows with the number of phrases and is linear in the text for any text; a text in which no anchor stands allocates nothing.
/// Words with endings left open (stems, prefixes) are anchored on their first three letters, and only when no other word of the phrase serves better.
/// </remarks>
public sealed class PhraseMatcher
{
    private readonly PhraseWord[][] _phrases;

    /// <summary>For each phrase its first anchor word and how many there are: 2 for a pair.</summary>
    private readonly (int First, int Count)[] _anchors;

    private readonly AnchorTable _pairs, _exact, _stems, _prefixes;

    /// <summary>Every anchor of one word as written: another reading of a token comes as a hash, without letters that could be stemmed.</summary>
    private readonly AnchorTable _readings;

    /// <summary>The first letters of every anchor that is a stem or a prefix.</summary>
    private readonly AnchorTable _beginnings;
    private readonly ulong _prefixLengths;
    private readonly bool _hasForms;

    /// <summary>Compiles phrases.</summary>
    /// <param name="phrases">The phrases; hits name them by their index here.</param>
    public PhraseMatcher(IReadOnlyList<PhrasePattern> phrases)
    {
        _phrases = [.. phrases.Select(p => p.Words)];
        var use = new Dictionary<ulong, int>();
        foreach (var word in _phrases.SelectMany(p => p))
        {
            use[word.FormHash] = use.GetValueOrDefault(word.FormHash) + 1;
        }
        _anchors = [.. _phrases.Select(words => AnchorOf(words, use))];
        var pairs = new List<(ulong, int)>();
        var singles = new List<(PhraseWord Word, int Id)>();
        for (var id = 0; id < _phrases.Length; id++)
        {
            var (first, count) = _anchors[id];
            if (count == 2) { pairs.Add((Pair(_phrases[id][first].Hash, _phrases[id][first + 1].Hash), id)); }
            else { singles.Add((_phrases[id][first], id)); }
        }
        _pairs = new AnchorTable(pairs);
        _exact = new AnchorTable(singles.Where(a => a.Word.Match == WordMatch.Exact).Select(a => (a.Word.Hash, a.Id)));
        _readings = new AnchorTable(singles.Select(a => (a.Word.Hash, a.Id)));
        _stems = new AnchorTable(singles.Where(a => a.Word.Match == WordMatch.Stem).Select(a => (a.Word.FormHash, a.Id)));
        _prefixes = new AnchorTable(singles.Where(a => a.Word.Match == WordMatch.Prefix).Select(a => (a.Word.FormHash, a.Id)));
        _prefixLengths = singles.Where(a => a.Word.Match == WordMatch.Prefix).Aggregate(0UL, (lengths, a) => lengths | 1UL << a.Word.Text.Length);
        _beginnings = new AnchorTable(singles.Where(a => a.Word.Match != WordMatch.Exact).Select(a => (Beginning(a.Word.Text), a.Id)));
        _hasForms = !_beginnings.IsEmpty;
    }

    /// <summary>Adds every place of every phrase to the hits; the caller sorts them after the last part.</summary>
    /// <param name="text">The text.</param>
    /// <param name="part">The number that hits name the text by.</param>
    /// <param name="into">Takes the hits.</param>
    public void Match(PreparedText text, int part, PhraseHits into)
    {
        var tokens = text.Tokens;
        if (!_exact.IsEmpty)
        {
            for (var i = 0; i < tokens.Length; i++)
            {
                Look(_exact, tokens[i].Hash, i, 1, text, part, into);
            }
        }
        if (!_pairs.IsEmpty)
        {
            for (var i = 1; i < tokens.Length; i++)
            {
                Look(_pairs, Pair(tokens[i - 1].Hash, tokens[i].Hash), i - 1, 2, text, part, into);
            }
        }
        if (_hasForms)
        {
            MatchForms(text, part, into);
        }
        if (text.Alternates.Length > 0)
        {
            MatchAlternates(text, part, into);
        }
    }

    /// <summary>The anchors of which another reading of some tokens is a word; a pair of two readings is found at the first of them.</summary>
    private void MatchAlternates(PreparedText text, int part, PhraseHits into)
    {
        var tokens = text.Tokens;
        var alternates = text.Alternates;
        foreach (var alternate in alternates)
        {
            var end = alternate.First + alternate.Count;
            Look(_readings, alternate.Hash, alternate.First, alternate.Count, text, part, into);
            if (alternate.First > 0)
            {
                Look(_pairs, Pair(tokens[alternate.First - 1].Hash, alternate.Hash), alternate.First - 1, alternate.Count + 1, text, part, into);
            }
            if (end < tokens.Length)
            {
                Look(_pairs, Pair(alternate.Hash, tokens[end].Hash), alternate.First, alternate.Count + 1, text, part, into);
            }
            for (var i = FirstFrom(alternates, end); i < alternates.Length && alternates[i].First == end; i++)
            {
                Look(_pairs, Pair(alternate.Hash, alternates[i].Hash), alternate.First, alternate.Count + alternates[i].Count, text, part, into);
            }
        }
    }

    private void Look(AnchorTable anchors, ulong key, int first, int count, PreparedText text, int part, PhraseHits into)
    {
        if (anchors.MayHold(key))
        {
            Verify(anchors.Find(key), text, first, count, part, into);
        }
    }

    private void MatchForms(PreparedText text, int part, PhraseHits into)
    {
        var tokens = text.Tokens;
        var folded = text.Folded;
        Span<char> letters = stackalloc char[Stemmer.MaxLength];
        for (var i = 0; i < tokens.Length; i++)
        {
            var token = tokens[i];
            if (token.End - token.Start < 3)
            {
                continue;
            }
            var word = folded[token.Start..token.End];
            var beginning = Beginning(word);
            if (!_beginnings.MayHold(beginning) || _beginnings.Find(beginning).IsEmpty)
            {
                continue;
            }
            if (_prefixLengths != 0)
            {
                MatchPrefixes(word, text, i, part, into);
            }
            if (_stems.IsEmpty || (token.Flags & (TokenFlags.Digits | TokenFlags.Unspaced)) != 0)
            {
                continue;
            }
            var length = Stemmer.Letters(word, letters);
            if (length >= 3)
            {
                Look(_stems, Folding.HashToken(letters[..Stemmer.Stem(letters[..length])]), i, 1, text, part, into);
            }
        }
    }

    private void MatchPrefixes(ReadOnlySpan<char> word, PreparedText text, int token, int part, PhraseHits into)
    {
        var hash = Folding.HashStart;
        var length = 0;
        foreach (var c in word)
        {
            if (c == '\'')
            {
                continue;
            }
            hash = Folding.HashStep(hash, c);
            if (++length > PhrasePattern.MaxPrefix)
            {
                return;
            }
            if ((_prefixLengths >> length & 1) != 0)
            {
                Look(_prefixes, Folding.HashEnd(hash), token, 1, text, part, into);
            }
        }
    }

    /// <summary>Adds those phrases whose other words stand around an anchor.</summary>
    private void Verify(ReadOnlySpan<int> ids, PreparedText text, int first, int count, int part, PhraseHits into)
    {
        foreach (var id in ids)
        {
            var words = _phrases[id];
            var (anchor, anchorWords) = _anchors[id];
            var start = first;
            var end = first + count;
            var i = anchor - 1;
            for (; i >= 0 && StepBack(words[i], text, ref start); i--) { }
            if (i >= 0)
            {
                continue;
            }
            for (i = anchor + anchorWords; i < words.Length && StepForward(words[i], text, ref end); i++) { }
            if (i == words.Length)
            {
                into.Add(new PhraseHit(id, part, start, end - 1));
            }
        }
    }

    private static bool StepForward(in PhraseWord word, PreparedText text, ref int end)
    {
        if (end < text.Tokens.Length && word.Is(text.Folded, text.Tokens[end]))
        {
            end++;
            return true;
        }
        var alternates = text.Alternates;
        for (var i = FirstFrom(alternates, end); i < alternates.Length && alternates[i].First == end; i++)
        {
            if (alternates[i].Hash == word.Hash)
            {
                end += alternates[i].Count;
                return true;
            }
        }
        return false;
    }

    private static bool StepBack(in PhraseWord word, PreparedText text, ref int start)
    {
        if (start > 0 && word.Is(text.Folded, text.Tokens[start - 1]))
        {
            start--;
            return true;
        }
        var alternates = text.Alternates;
        for (var i = FirstFrom(alternates, start) - 1; i >= 0 && alternates[i].First >= start - 50; i--) // no reading covers more than 41 tokens
        {
            if (alternates[i].First + alternates[i].Count == start && alternates[i].Hash == word.Hash)
            {
                start = alternates[i].First;
                return true;
            }
        }
        return false;
    }

    /// <summary>Index of the first alternate that starts at a token or later.</summary>
    private static int FirstFrom(ReadOnlySpan<AlternateToken> alternates, int token)
    {
        int low = 0, high = alternates.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (alternates[middle].First < token) { low = middle + 1; }
            else { high = middle; }
        }
        return low;
    }

    /// <summary>The first three letters as a number; apostrophes do not count.</summary>
    private static ulong Beginning(ReadOnlySpan<char> word)
    {
        ulong key = 0;
        var n = 0;
        foreach (var c in word)
        {
            if (c != '\'')
            {
                key = key << 16 | c;
                if (++n == 3) { break; }
            }
        }
        return Folding.HashEnd(key);
    }

    /// <summary>One key for two words in order; as unlikely to be that of two others as a token's hash is.</summary>
    private static ulong Pair(ulong first, ulong second) => (first ^ System.Numerics.BitOperations.RotateLeft(second, 29)) * 0x9E3779B97F4A7C15;

    /// <summary>The rarest pair of words compared whole; else the rarest word.</summary>
    private static (int First, int Count) AnchorOf(PhraseWord[] words, Dictionary<ulong, int> use)
    {
        var pairs = Enumerable.Range(0, words.Length - 1).Where(i => words[i].Match == WordMatch.Exact && words[i + 1].Match == WordMatch.Exact).ToArray();
        return pairs.Length > 0
            ? (pairs.MinBy(i => (long)Commonness(words[i], use) * Commonness(words[i + 1], use)), 2)
            : (Enumerable.Range(0, words.Length).MinBy(i => Commonness(words[i], use)), 1);
    }

    /// <summary>A guess how often a word stands in messages; the phrase's word with the least is its anchor.</summary>
    private static int Commonness(in PhraseWord word, Dictionary<ulong, int> use)
    {
        var rank = Array.IndexOf(CommonWords, word.Text);
        var length = word.Text.Length;
        var guess = rank >= 0 ? 20_000 - rank * 50
            : Folding.IsUnspaced(word.Text[0]) ? 1_000
            : length switch { 1 => 4_000, 2 => 2_000, 3 => 800, 4 => 400, 5 => 200, 6 => 120, 7 => 80, _ => 50 };
        var form = word.Match switch { WordMatch.Prefix => 3, WordMatch.Stem => 2, _ => 1 };
        return guess * form + Math.Min(use[word.FormHash], 5_000); // each phrase on an anchor costs a comparison where the anchor stands
    }

    /// <summary>Words that stand in most conversations, commonest first.</summary>
    private static readonly string[] CommonWords =
    [
        "the", "to", "i", "you", "and", "a", "is", "of", "in", "for", "it", "on", "me", "we", "this", "that", "be", "your", "my", "have", "with", "if", "not", "are",
        "at", "can", "will", "so", "do", "from", "as", "or", "but", "what", "just", "was", "all", "please", "get", "there", "here", "they", "our", "no", "yes", "ok",
        "would", "when", "up", "out", "now", "know", "an", "by", "how", "he", "she", "any", "time", "has", "about", "want", "like", "let", "good", "one", "us", "im",
        "more", "go", "call", "need", "see", "send", "its", "new", "am", "thanks", "them", "been", "which", "who", "than", "then", "some", "could", "also", "did",
        "dont", "today", "day", "only", "should", "back", "think", "make", "well", "hi", "hello", "thank", "off", "over", "way", "were",
    ];
}
