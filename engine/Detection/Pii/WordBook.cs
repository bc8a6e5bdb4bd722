using System.Collections.Frozen;
using Surveillance.Text;

namespace Surveillance.Detection.Pii;

/// <summary>What a context word says.</summary>
/// <param name="Text">The word as its pack has it.</param>
/// <param name="Near">The types it speaks for.</param>
/// <param name="Not">The types it speaks against.</param>
/// <param name="IsRunning">Whether it speaks against every type of the packs that it does not speak for: orders, tickets, versions, instants, amounts.</param>
/// <param name="Written">How it must be written as captured, or null: <c>né</c> with its accent, <c>TAN</c> in capitals, <c>account:</c> as a label.</param>
/// <param name="Strict">The types that it speaks for only when written so.</param>
/// <param name="Languages">Where it is at home, see <see cref="WordLanguage"/>.</param>
internal readonly record struct ContextWord(string Text, TypeSet Near, TypeSet Not, bool IsRunning, string? Written = null, TypeSet Strict = default, byte Languages = 0)
{
    /// <summary>How many tokens the longest phrase of several that speaks for a type has; 0 where only one word, or none, does.</summary>
    internal int Tokens { get; init; }
}

/// <summary>The context words of all packs, by the hash of one to four tokens in a row.</summary>
internal static class WordBook
{
    /// <summary>The longest run of characters of a script without blanks that is one word here.</summary>
    private const int LongestUnspaced = 6;

    /// <summary>The longest run of a script without blanks inside which words are looked for.</summary>
    private const int LongestJoined = 48;

    /// <summary>The longest word in such a run.</summary>
    private const int LongestWord = 20;

    /// <summary>The most tokens in a row that are one word here.</summary>
    private const int MostTokens = 4;

    private static readonly FrozenDictionary<ulong, ContextWord> Index = Build();

    /// <summary>The words that begin at a token, joined into one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="i">Index of the token.</param>
    /// <param name="limit">Index of the token before which they must end.</param>
    /// <param name="language">The language of the text, see <see cref="WordLanguage"/>.</param>
    /// <param name="texts">Where each word goes by its own text; may be null.</param>
    internal static ContextWord At(PreparedText text, int i, int limit, byte language = WordLanguage.Unknown, List<(string Text, TypeSet Near)>? texts = null)
    {
        var tokens = text.Tokens;
        var token = tokens[i];
        var found = default(ContextWord);
        if ((token.Flags & TokenFlags.Letters) == 0) { return found; }
        if ((token.Flags & TokenFlags.Unspaced) != 0)
        {
            for (var length = 1; length <= LongestUnspaced && i + length <= limit; length++)
            {
                var last = tokens[i + length - 1];
                if ((last.Flags & TokenFlags.Unspaced) == 0 || last.Start != token.Start + length - 1) { break; }
                Take(Folding.HashToken(text.Folded[token.Start..last.End]), ref found, texts);
            }
            return found;
        }
        if (!Index.TryGetValue(token.Hash, out var single) && text.Folded[token.Start..token.End].IndexOf('\'') is > 1 and var stem)
        {
            Index.TryGetValue(Folding.HashToken(text.Folded.Slice(token.Start, stem)), out single); // "TCKN'si", "client's"
        }
        if (single.Text is not null && !(single.IsRunning && Words.IsOtherThanUnit(text.Folded, token)))
        {
            var near = WordLanguage.IsForeign(single.Languages, language, text, token) ? default
                : single.Written is { } written && !IsWritten(text, token, written) ? single.Near - single.Strict : single.Near;
            if (!near.IsEmpty) { texts?.Add((single.Text, near)); }
            found = new ContextWord(single.Text, near, single.Not, single.IsRunning);
        }
        var joined = token.Hash;
        for (var n = i + 1; n < limit && n - i < MostTokens && tokens[n].Start - tokens[n - 1].End <= 2; n++)
        {
            joined = Words.Pair(joined, tokens[n].Hash);
            if (Take(joined, ref found, texts)) { found = found with { Tokens = n - i + 1 }; }
        }
        var folded = text.Folded;
        if (IsJoined(folded[token.Start]))
        {
            // Particles stick to the word, or no blank parts it from the next.
            // Hangul parts words by blanks; in the other scripts a word may begin anywhere in the run.
            var lastStart = IsHangul(folded[token.Start]) ? token.Start : Math.Min(token.End - 2, token.Start + LongestJoined);
            for (var start = token.Start; start <= lastStart && IsJoined(folded[start]); start++)
            {
                var hash = Folding.HashStart;
                for (var at = start; at < token.End && at - start < LongestWord && IsJoined(folded[at]); at++)
                {
                    hash = Folding.HashStep(hash, folded[at]);
                    if (start != token.Start || at < token.End - 1) { Take(Folding.HashEnd(hash), ref found, texts); } // all of it was looked up above
                }
            }
        }
        return found;
    }

    /// <summary>Whether a short word stands as its pack writes it: with an accent, or in capitals or before a colon.</summary>
    private static bool IsWritten(PreparedText text, Token token, string written)
    {
        var span = text.ToOriginal(token.Start, token.End);
        var original = text.Original.AsSpan(span.Start, span.End - span.Start);
        if (written[^1] == ':')
        {
            // "account:", "account #", "20-00-00, account": the bare word is met everywhere.
            var folded = text.Folded;
            int after = token.End, before = token.Start - 1;
            while (after < folded.Length && folded[after] == ' ' && after - token.End < 2) { after++; }
            while (before >= 0 && folded[before] is ' ' or ',' or ';' or '\n' && token.Start - before < 3) { before--; }
            return (after < folded.Length && folded[after] is ':' or '#') || (before > 2 && char.IsAsciiDigit(folded[before]) && folded[before - 2] == '-');
        }
        if (original.ContainsAnyExceptInRange('\0', '\x7F') || (token.End < text.Folded.Length && text.Folded[token.End] == ':')) { return true; }
        if (written.AsSpan().ContainsAnyExceptInRange('\0', '\x7F')) { return false; }
        return original.SequenceEqual(written);
    }

    /// <summary>Words so short that their letters as written must tell them from others, and those that count only as a label.</summary>
    private static string? WrittenOf(string word) =>
        word[^1] == ':' || word.Length <= 3 && (word.All(char.IsAsciiLetterUpper) || (word.All(c => c < 0x250) && word.Any(c => c > 0x7F))) ? word : null;

    /// <summary>Adds what a word says; gives whether it speaks for a type.</summary>
    private static bool Take(ulong hash, ref ContextWord into, List<(string Text, TypeSet Near)>? texts)
    {
        if (!Index.TryGetValue(hash, out var word)) { return false; }
        texts?.Add((word.Text, word.Near));
        into = new ContextWord(word.Text, into.Near | word.Near, into.Not | word.Not, into.IsRunning | word.IsRunning) { Tokens = into.Tokens };
        return !word.Near.IsEmpty;
    }

    private static bool IsHangul(char c) => c is >= '\uAC00' and <= '\uD7A3';

    /// <summary>Hangul, Thai, Lao, Khmer, Burmese.</summary>
    private static bool IsJoined(char c) => IsHangul(c) || c is (>= '\u0E00' and <= '\u0EFF') or (>= '\u1000' and <= '\u109F') or (>= '\u1780' and <= '\u17FF');

    private static FrozenDictionary<ulong, ContextWord> Build()
    {
        var index = new Dictionary<ulong, ContextWord>();
        foreach (var word in Words.Running) { Put(word, w => w with { IsRunning = true }); }
        foreach (var type in PiiTypes.All)
        {
            var one = TypeSet.Of(type.Index);
            foreach (var (language, words) in type.Near)
            {
                foreach (var word in words)
                {
                    var languages = WordLanguage.OfList(language);
                    Put(word, w => WrittenOf(word) is { } written
                        ? w with { Near = w.Near | one, Written = written, Strict = w.Strict | one, Languages = (byte)(w.Languages | languages) }
                        : w with { Near = w.Near | one, Languages = (byte)(w.Languages | languages) });
                }
            }
            foreach (var word in type.Not) { Put(word, w => w with { Not = w.Not | one }); }
        }
        return index.ToFrozenDictionary();

        void Put(string word, Func<ContextWord, ContextWord> change)
        {
            var prepared = PreparedText.Of(word);
            var tokens = prepared.Tokens;
            if (tokens.Length == 0) { throw new FormatException($"\"{word}\" is no context word."); }
            ulong hash;
            if ((tokens[0].Flags & TokenFlags.Unspaced) != 0) { hash = Folding.HashToken(prepared.Folded); }
            else
            {
                if (tokens.Length > MostTokens) { throw new FormatException($"\"{word}\": a context word has at most {MostTokens} words."); }
                hash = tokens[0].Hash;
                for (var i = 1; i < tokens.Length; i++) { hash = Words.Pair(hash, tokens[i].Hash); }
            }
            index[hash] = change(index.TryGetValue(hash, out var known) ? known : new ContextWord(word.TrimEnd(':'), default, default, false));
        }
    }
}

/// <summary>The words around a value: whole words, on both sides.</summary>
/// <param name="Near">Types that the words before it speak for, nearer than any word that speaks against all.</param>
/// <param name="Far">Types that words further before it speak for: behind such a word, or behind another number.</param>
/// <param name="After">Types that the words after it speak for.</param>
/// <param name="Not">Types that a word on either side speaks against.</param>
/// <param name="IsRunning">Whether a word before it speaks against all.</param>
/// <param name="Nearest">Types that a word speaks for to which no other number is nearer.</param>
internal readonly record struct Surroundings(TypeSet Near, TypeSet Far, TypeSet After, TypeSet Not, bool IsRunning, TypeSet Nearest)
{
    private const int ReachBefore = 30;
    private const int ReachAfter = 18;

    /// <summary>Reads the words around a stretch of folded text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="language">Its language, see <see cref="WordLanguage"/>.</param>
    /// <param name="start">Folded offset of the value's first unit.</param>
    /// <param name="end">Folded offset after its last unit.</param>
    /// <param name="texts">Where each word goes by its own text; may be null.</param>
    internal static Surroundings Around(PreparedText text, byte language, int start, int end, List<(string Text, TypeSet Near)>? texts = null)
    {
        var tokens = text.Tokens;
        TypeSet near = default, far = default, after = default, not = default, nearest = default;
        var running = false;
        var first = Context.FirstEndingAfter(tokens, start);
        int digits = 0, runningAt = -1;
        for (int i = first - 1, distance = 0; i >= 0 && distance < ReachBefore; i--)
        {
            var word = WordBook.At(text, i, first, language, texts);
            if (running && i + word.Tokens > runningAt && i < runningAt) { running = false; } // "tax reference": the phrase speaks for it
            if (!word.Near.IsEmpty)
            {
                if (running || digits >= 6) { far |= word.Near; }
                else { near |= word.Near; }
                if (digits < FewestOfANumber) { nearest |= word.Near; }
            }
            not |= word.Not;
            if (word.IsRunning && !running) { (running, runningAt) = (true, i); }
            distance += (tokens[i].Flags & TokenFlags.Unspaced) != 0 ? 1 : 3;
            if ((tokens[i].Flags & TokenFlags.Digits) != 0) { digits += tokens[i].End - tokens[i].Start; }
        }
        var next = first;
        while (next < tokens.Length && tokens[next].Start < end) { next++; }
        digits = 0;
        for (int i = next, distance = 0; i < tokens.Length && distance < ReachAfter && digits < 6; i++)
        {
            var word = WordBook.At(text, i, tokens.Length, language, texts);
            if (!IsLabel(text, i))
            {
                after |= word.Near;
                if (!word.Near.IsEmpty && digits < FewestOfANumber && !IsNumberBehind(tokens, i)) { nearest |= word.Near; }
            }
            not |= word.Not;
            distance += (tokens[i].Flags & TokenFlags.Unspaced) != 0 ? 1 : 3;
            if ((tokens[i].Flags & TokenFlags.Digits) != 0) { digits += tokens[i].End - tokens[i].Start; }
        }
        return new Surroundings(near, far, after, not, running, nearest);
    }

    private const int FewestOfANumber = 3;

    /// <summary>Whether a number follows a word within a few words: the word speaks of that one.</summary>
    private static bool IsNumberBehind(ReadOnlySpan<Token> tokens, int i)
    {
        for (var n = i + 1; n < tokens.Length && n <= i + 4; n++)
        {
            if ((tokens[n].Flags & TokenFlags.Digits) != 0 && tokens[n].End - tokens[n].Start >= FewestOfANumber) { return true; }
        }
        return false;
    }

    /// <summary>Whether a colon follows the word: it speaks of what comes after it.</summary>
    private static bool IsLabel(PreparedText text, int i)
    {
        var end = text.Tokens[i].End;
        return end < text.Folded.Length && text.Folded[end] == ':';
    }
}
