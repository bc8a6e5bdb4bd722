using Surveillance.Text;

namespace Surveillance.Detection.Pii.Readers;

/// <summary>Puts values together that blanks or a line break split where no form has a separator, and tries every form on them.</summary>
internal static class SplitValues
{
    private const int LongestSpaced = 40;
    private const int ShortestSpaced = 8;
    private const int LongestPiece = 64;
    private const int ShortestPiece = 2;
    private const int MostBlanks = 2;

    /// <summary>Reads digits and letters that stand apart one by one: <c>9 4 3 4 7 6 5 9 1 9</c>.</summary>
    /// <param name="scan">The text, and where the candidates go.</param>
    /// <param name="i">Index of a token of one character.</param>
    internal static void ReadSpaced(PiiScan scan, int i)
    {
        var tokens = scan.Text.Tokens;
        var text = scan.Text.Folded;
        if (!IsSpacedFrom(text, tokens, i) || IsSpacedFrom(text, tokens, i - 1) || !Boundary.MayBegin(text, tokens[i].Start)) { return; }
        Span<char> joined = stackalloc char[LongestSpaced];
        int length = 0, digits = 0, last = i;
        while (true)
        {
            var c = text[tokens[last].Start];
            if (length == joined.Length || !char.IsAsciiLetterOrDigit(c)) { return; }
            joined[length++] = c;
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            if (!IsSpacedFrom(text, tokens, last)) { break; }
            last++;
        }
        if (length < ShortestSpaced || digits * 2 < length || !Boundary.MayEnd(text, tokens[last].End)) { return; }
        foreach (ref readonly var entry in FormatIndex.Of(char.IsAsciiDigit(joined[0]), RunAt(joined[..length], 0)))
        {
            if (scan.Enabled[entry.Type.Index] && entry.Form.Format.Match(joined[..length], 0) == length) { FormReader.Judge(scan, tokens[i].Start, tokens[last].End, entry, '\0', isSplit: true); }
        }
    }

    /// <summary>Reads values that a line break cuts in two: <c>943476</c> at the end of a line and <c>5919</c> at the start of the next.</summary>
    /// <remarks>Looks at each line break once, and no further from it than <see cref="LongestPiece"/>: linear time.</remarks>
    /// <param name="scan">The text, and where the candidates go.</param>
    internal static void ReadBroken(PiiScan scan)
    {
        var text = scan.Text.Folded;
        Span<char> joined = stackalloc char[2 * LongestPiece];
        for (var at = 1; at < text.Length - 1; at++)
        {
            var next = text[at..].IndexOf('\n');
            if (next < 0) { return; }
            at += next;
            int left = at, right = at + 1;
            while (left > 0 && at - left < MostBlanks && text[left - 1] == ' ') { left--; }
            while (right < text.Length && right - at <= MostBlanks && text[right] == ' ') { right++; }
            var first = left;
            while (first > 0 && left - first < LongestPiece && IsOfValue(text[first - 1])) { first--; }
            var last = right;
            while (last < text.Length && last - right < LongestPiece && IsOfValue(text[last])) { last++; }
            if (first > 0 && text[first - 1] == '\n' && last < text.Length && text[last] == '\n') { continue; } // two rows of a column
            if (left - first < ShortestPiece || last - right < ShortestPiece || !text[first..last].ContainsAnyInRange('0', '9')) { continue; }
            text[first..left].CopyTo(joined);
            text[right..last].CopyTo(joined[(left - first)..]);
            ReadJoined(scan, joined[..(left - first + last - right)], first, left - first, right);
        }
    }

    /// <summary>Tries every form on the values that reach over a cut.</summary>
    /// <param name="scan">The text, and where the candidates go.</param>
    /// <param name="joined">What stands before and after the line break.</param>
    /// <param name="first">Folded offset of the first character.</param>
    /// <param name="cut">How much of it stands before.</param>
    /// <param name="right">Folded offset of what stands after.</param>
    private static void ReadJoined(PiiScan scan, ReadOnlySpan<char> joined, int first, int cut, int right)
    {
        var text = scan.Text.Folded;
        for (var start = 0; start < cut; start += Math.Max(1, RunAt(joined, start)))
        {
            if (!char.IsAsciiLetterOrDigit(joined[start]) || (start > 0 && NumberCluster.Sticks(joined[start - 1])) || !Boundary.MayBegin(text, first + start)) { continue; }
            foreach (ref readonly var entry in FormatIndex.Of(char.IsAsciiDigit(joined[start]), RunAt(joined, start)))
            {
                if (!scan.Enabled[entry.Type.Index]) { continue; }
                var format = entry.Form.Format;
                var length = format.Match(joined, start);
                var end = right + length - cut;
                if (length > cut && Boundary.MayEnd(text, end) && format.IsSeparatedAlike(joined[start..length], out var separator))
                {
                    FormReader.Judge(scan, first + start, end, entry, separator, isSplit: true);
                }
            }
        }
    }

    private static bool IsOfValue(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '/' or '.' or '_' or '+' or '=';

    /// <summary>How many digits, or letters, follow each other from a place on.</summary>
    private static int RunAt(ReadOnlySpan<char> text, int start)
    {
        var isDigits = char.IsAsciiDigit(text[start]);
        var end = start;
        while (end < text.Length && (isDigits ? char.IsAsciiDigit(text[end]) : char.IsAsciiLetterLower(text[end]))) { end++; }
        return end - start;
    }

    /// <summary>Whether a token is a single character and so is the next, one or two blanks or a line break on.</summary>
    private static bool IsSpacedFrom(ReadOnlySpan<char> text, ReadOnlySpan<Token> tokens, int i) =>
        i >= 0 && i + 1 < tokens.Length && ((tokens[i].Flags | tokens[i + 1].Flags) & TokenFlags.Unspaced) == 0 && tokens[i].End - tokens[i].Start == 1 && tokens[i + 1].End - tokens[i + 1].Start == 1 && tokens[i + 1].Start - tokens[i].End is 1 or 2
        && text[tokens[i].End..tokens[i + 1].Start].IndexOfAnyExcept(' ', '\n') < 0;
}
