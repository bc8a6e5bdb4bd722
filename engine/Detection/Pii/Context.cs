using Surveillance.Text;

namespace Surveillance.Detection.Pii;

/// <summary>The words around a candidate: whole words, on both sides.</summary>
/// <param name="Before">Groups of the nearest word before it that belongs to any asked for.</param>
/// <param name="DistanceBefore">How far that word is: 3 for each word passed, 1 for each character of a script without blanks.</param>
/// <param name="DigitsBefore">How many digits stand between that word and the candidate.</param>
/// <param name="After">Groups of the nearest word after it that belongs to any asked for.</param>
/// <param name="DistanceAfter">How far that word is.</param>
/// <param name="AllBefore">Groups of every word before it within reach.</param>
/// <param name="AllAfter">Groups of every word after it within reach.</param>
internal readonly record struct Context(WordGroup Before, int DistanceBefore, int DigitsBefore, WordGroup After, int DistanceAfter, WordGroup AllBefore, WordGroup AllAfter)
{
    private const int ReachBefore = 27;
    private const int ReachAfter = 15;

    /// <summary>Groups on either side.</summary>
    internal WordGroup All => AllBefore | AllAfter;

    /// <summary>Reads the words around a stretch of folded text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="language">Its language, see <see cref="WordLanguage"/>.</param>
    /// <param name="start">Folded offset of the candidate's first unit.</param>
    /// <param name="end">Folded offset after its last unit.</param>
    /// <param name="asked">The groups that count.</param>
    /// <param name="also">Groups that only <see cref="AllBefore"/> and <see cref="AllAfter"/> tell of.</param>
    internal static Context Around(PreparedText text, byte language, int start, int end, WordGroup asked, WordGroup also = WordGroup.None)
    {
        var tokens = text.Tokens;
        WordGroup before = 0, after = 0, allBefore = 0, allAfter = 0;
        int distanceBefore = 0, distanceAfter = 0, digits = 0, digitsBefore = 0;
        var first = FirstEndingAfter(tokens, start);
        for (int i = first - 1, distance = 0; i >= 0 && distance < ReachBefore; i--)
        {
            var groups = GroupsAt(text, language, i, first) & (asked | also);
            if (groups != 0)
            {
                if (before == 0 && (groups & asked) != 0) { (before, distanceBefore, digitsBefore) = (groups & asked, distance, digits); }
                allBefore |= groups;
            }
            distance += (tokens[i].Flags & TokenFlags.Unspaced) != 0 ? 1 : 3;
            if ((tokens[i].Flags & TokenFlags.Digits) != 0) { digits += tokens[i].End - tokens[i].Start; }
        }
        var next = first;
        while (next < tokens.Length && tokens[next].Start < end) { next++; }
        for (int i = next, distance = 0; i < tokens.Length && distance < ReachAfter; i++)
        {
            var groups = GroupsAt(text, language, i, tokens.Length) & (asked | also);
            if (groups != 0)
            {
                if (after == 0 && (groups & asked) != 0) { (after, distanceAfter) = (groups & asked, distance); }
                allAfter |= groups;
            }
            distance += (tokens[i].Flags & TokenFlags.Unspaced) != 0 ? 1 : 3;
        }
        return new Context(before, distanceBefore, digitsBefore, after, distanceAfter, allBefore, allAfter);
    }

    /// <summary>Index of the first token that ends after an offset.</summary>
    internal static int FirstEndingAfter(ReadOnlySpan<Token> tokens, int offset)
    {
        int low = 0, high = tokens.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (tokens[middle].End <= offset) { low = middle + 1; }
            else { high = middle; }
        }
        return low;
    }

    private static WordGroup GroupsAt(PreparedText text, byte language, int i, int limit)
    {
        var tokens = text.Tokens;
        var folded = text.Folded;
        var token = tokens[i];
        if ((token.Flags & TokenFlags.Unspaced) == 0)
        {
            if ((token.Flags & TokenFlags.Letters) == 0) { return WordGroup.None; }
            var groups = Words.GroupsOf(token.Hash, language, text, token);
            if ((groups & WordGroup.Amount) != 0 && Words.IsOtherThanUnit(folded, token)) { groups &= ~WordGroup.Amount; }
            if (i + 1 < limit && tokens[i + 1].Start - token.End <= 2)
            {
                groups |= Words.GroupsOf(Words.Pair(token.Hash, tokens[i + 1].Hash), language, text, token);
            }
            return groups;
        }
        var found = Words.GroupsOf(token.Hash);
        for (var length = 2; length <= Words.LongestUnspaced && i + length <= limit; length++)
        {
            var last = tokens[i + length - 1];
            if ((last.Flags & TokenFlags.Unspaced) == 0 || last.Start != token.Start + length - 1) { break; }
            found |= Words.GroupsOf(Folding.HashToken(folded[token.Start..last.End]));
        }
        return found;
    }
}
