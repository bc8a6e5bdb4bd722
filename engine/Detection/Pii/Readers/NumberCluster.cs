using Surveillance.Text;

namespace Surveillance.Detection.Pii.Readers;

/// <summary>Digits in a row.</summary>
/// <param name="Start">Folded offset of the first digit.</param>
/// <param name="End">Folded offset after the last digit.</param>
/// <param name="Gap">What stands before it since the group before.</param>
internal readonly record struct DigitGroup(int Start, int End, Gap Gap)
{
    /// <summary>How many digits.</summary>
    internal int Length => End - Start;
}

/// <summary>What parts two groups of digits.</summary>
internal enum Gap
{
    /// <summary>Nothing: the first group.</summary>
    None,
    /// <summary>Signs without a blank.</summary>
    Tight,
    /// <summary>A blank, perhaps with signs.</summary>
    Blank,
    /// <summary>A line break.</summary>
    Line,
}

/// <summary>Groups of digits with nothing but separators between them.</summary>
/// <remarks>At most <see cref="MostGroups"/> groups; the rest of a longer row is a cluster of its own.</remarks>
internal readonly ref struct NumberCluster
{
    internal const int MostGroups = 48;

    /// <summary>The groups in order; at least one.</summary>
    internal ReadOnlySpan<DigitGroup> Groups { get; }

    /// <summary>The folded text.</summary>
    internal ReadOnlySpan<char> Text { get; }

    /// <summary>How many digits in all.</summary>
    internal int Digits { get; }

    private readonly PreparedText _prepared;

    private NumberCluster(PreparedText prepared, ReadOnlySpan<DigitGroup> groups, int digits)
    {
        _prepared = prepared;
        Text = prepared.Folded;
        Groups = groups;
        Digits = digits;
    }

    internal int Start => Groups[0].Start;

    internal int End => Groups[^1].End;

    /// <summary>The character before the first digit, or a blank.</summary>
    internal char Before => At(Start - 1);

    /// <summary>The character at an offset, or a blank outside the text and for the full-width comma and colon, which part sentences and not numbers.</summary>
    /// <param name="offset">Folded offset.</param>
    internal char At(int offset)
    {
        if ((uint)offset >= (uint)Text.Length) { return ' '; }
        var c = Text[offset];
        return c is ',' or ':' && _prepared.Original[_prepared.ToOriginal(offset, offset + 1).Start] >= '\u3000' ? ' ' : c;
    }

    /// <summary>Reads the cluster that begins at a digit.</summary>
    /// <param name="prepared">The text.</param>
    /// <param name="start">Folded offset of a digit that no digit precedes.</param>
    /// <param name="buffer">Room for <see cref="MostGroups"/> groups.</param>
    internal static NumberCluster Read(PreparedText prepared, int start, Span<DigitGroup> buffer)
    {
        var text = prepared.Folded;
        int count = 0, digits = 0;
        var gap = Gap.None;
        for (var i = start; ;)
        {
            var first = i;
            while (i < text.Length && char.IsAsciiDigit(text[i])) { i++; }
            buffer[count++] = new DigitGroup(first, i, gap);
            digits += i - first;
            if (count == buffer.Length || !TrySkipGap(text, i, out var next, out gap)) { break; }
            i = next;
        }
        return new NumberCluster(prepared, buffer[..count], digits);
    }

    /// <summary>Skips up to four separators to the next digit.</summary>
    private static bool TrySkipGap(ReadOnlySpan<char> text, int from, out int next, out Gap gap)
    {
        gap = Gap.Tight;
        next = from;
        int blanks = 0, stops = 0;
        var last = '\0';
        for (; next < text.Length && next - from <= 4; next++)
        {
            var c = text[next];
            switch (c)
            {
                case >= '0' and <= '9':
                    return next > from && (stops == 0 || blanks == 0); // a full stop and a blank end a sentence
                case ' ':
                    if (++blanks > 2) { return false; }
                    if (gap == Gap.Tight) { gap = Gap.Blank; }
                    break;
                case '\n':
                    if (gap == Gap.Line) { return false; }
                    blanks++;
                    gap = Gap.Line;
                    break;
                case '.':
                    if (++stops > 1) { return false; }
                    break;
                case '-' or '/':
                    if (c == last) { return false; }
                    break;
                case '(' or ')':
                    break;
                default:
                    return false;
            }
            last = c;
        }
        return false;
    }

    /// <summary>The digits of some groups, without separators; empty when they do not fit.</summary>
    /// <param name="first">Index of the first group.</param>
    /// <param name="last">Index of the last group, itself included.</param>
    /// <param name="into">Room for them.</param>
    internal ReadOnlySpan<char> Plain(int first, int last, Span<char> into)
    {
        var n = 0;
        for (var i = first; i <= last; i++)
        {
            var group = Groups[i];
            if (n + group.Length > into.Length) { return []; }
            Text[group.Start..group.End].CopyTo(into[n..]);
            n += group.Length;
        }
        return into[..n];
    }

    /// <summary>Whether a group may be a year: 1900 to 2099.</summary>
    /// <param name="i">Index of the group.</param>
    internal bool IsYear(int i) => Groups[i].Length == 4 && Text[Groups[i].Start..(Groups[i].Start + 2)] is "19" or "20";

    /// <summary>What stands between two groups.</summary>
    /// <param name="i">Index of the second.</param>
    internal ReadOnlySpan<char> GapBefore(int i) => Text[Groups[i - 1].End..Groups[i].Start];

    /// <summary>Whether a number may end and another begin between a group and the one before it: a blank or a bracket parts them.</summary>
    /// <param name="i">Index of the group.</param>
    internal bool IsBreak(int i) => Groups[i].Gap != Gap.Tight || GapBefore(i).ContainsAny('(', ')');

    /// <summary>Whether a character sticks to a number so that it is part of a longer token: letters of alphabets, digits, the underscore.</summary>
    /// <param name="c">A folded character.</param>
    internal static bool Sticks(char c) => c < 128 ? char.IsAsciiLetterOrDigit(c) || c == '_' : c < '\u0590' && char.IsLetter(c);
}
