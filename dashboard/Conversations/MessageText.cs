using System.Globalization;
using Surveillance.Text;

namespace Surveillance.Dashboard.Conversations;

/// <summary>A stretch of a text to be marked.</summary>
/// <param name="Start">UTF-16 offset of the first unit.</param>
/// <param name="End">UTF-16 offset after the last unit.</param>
/// <param name="Number">The number of the condition that it is evidence of, from 1.</param>
/// <param name="Anchor">The HTML id of its first piece, or null.</param>
public sealed record Mark(int Start, int End, int Number, string? Anchor = null);

/// <summary>A piece of a text that is shown in one way.</summary>
/// <param name="Text">Its words; for a sign that cannot be seen, its name.</param>
/// <param name="Start">UTF-16 offset of its first unit.</param>
/// <param name="IsSign">Whether it stands for one sign that cannot be seen or would turn the line round.</param>
/// <param name="Left">How many units are left out here; 0 for ordinary pieces.</param>
/// <param name="Marks">The marks it lies in, in order of number.</param>
/// <param name="Starting">Those of <paramref name="Marks"/> that begin with it.</param>
/// <param name="Ending">Those of <paramref name="Marks"/> that end with it.</param>
public sealed record TextPiece(
    string Text, int Start, bool IsSign, int Left, IReadOnlyList<Mark> Marks, IReadOnlyList<Mark> Starting, IReadOnlyList<Mark> Ending)
{
    /// <summary>The code point of a sign, as <c>U+202E</c>.</summary>
    public string? CodePoint { get; init; }
}

/// <summary>The pieces of one zone.</summary>
/// <param name="Zone">Whose words they are.</param>
/// <param name="Pieces">In order, never empty.</param>
/// <param name="Lines">How many lines it has.</param>
public sealed record TextBlock(Zones Zone, IReadOnlyList<TextPiece> Pieces, int Lines)
{
    /// <summary>The pieces without the line breaks at either end, which only part the zone from the next.</summary>
    public IReadOnlyList<TextPiece> Shown { get; } = Trim(Pieces);

    /// <summary>Whether something in it is marked.</summary>
    public bool HasMarks { get; } = Pieces.Any(p => p.Marks.Count > 0);

    private static TextPiece[] Trim(IReadOnlyList<TextPiece> pieces)
    {
        var trimmed = pieces.ToArray();
        if (trimmed is [{ IsSign: false, Left: 0, Marks.Count: 0 }, ..])
        {
            var text = trimmed[0].Text.TrimStart('\n');
            trimmed[0] = trimmed[0] with { Text = text, Start = trimmed[0].Start + trimmed[0].Text.Length - text.Length };
        }
        if (trimmed is [.., { IsSign: false, Left: 0, Marks.Count: 0 }])
        {
            trimmed[^1] = trimmed[^1] with { Text = trimmed[^1].Text.TrimEnd('\n', ' ') };
        }
        return trimmed;
    }
}

/// <summary>Cuts the words of a message into pieces for showing. Nothing is lost: signs that cannot be seen become their names.</summary>
public static class MessageText
{
    /// <summary>How many units of a text are shown at once; of a longer text, what surrounds its marks is shown too.</summary>
    public const int ShownUnits = 20_000;

    private const int AroundMark = 400;
    private const int MostMarks = 400;

    /// <summary>Cuts a text by zones and marks; linear in the text.</summary>
    /// <param name="text">The words as captured.</param>
    /// <param name="zones">The zones, in order, covering the text; empty means that everything is authored.</param>
    /// <param name="marks">What to mark, in any order; they may overlap; what lies outside the text is left out.</param>
    public static IReadOnlyList<TextBlock> Cut(string text, IReadOnlyList<ZonedSpan> zones, IReadOnlyList<Mark> marks)
    {
        if (text.Length == 0)
        {
            return [];
        }
        var inside = Inside(text, marks);
        var shown = Shown(text.Length, inside);
        var blocks = new List<TextBlock>();
        foreach (var zone in zones.Count == 0 ? [new ZonedSpan(new TextSpan(0, text.Length), Zones.Authored)] : zones)
        {
            var pieces = Pieces(text, zone.Span.Start, Math.Min(zone.Span.End, text.Length), inside, shown);
            if (pieces.Count > 0)
            {
                blocks.Add(new TextBlock(zone.Zone, pieces, 1 + text.AsSpan(zone.Span.Start, Math.Min(zone.Span.End, text.Length) - zone.Span.Start).TrimEnd().Count('\n')));
            }
        }
        return blocks;
    }

    /// <summary>A line of about <paramref name="length"/> units around the first mark; line breaks become blanks.</summary>
    /// <param name="text">The words as captured.</param>
    /// <param name="marks">What to mark, in any order.</param>
    /// <param name="length">How many units at most.</param>
    public static IReadOnlyList<TextPiece> Snippet(string text, IReadOnlyList<Mark> marks, int length = 160)
    {
        var inside = Inside(text, marks);
        var first = inside.Count == 0 ? 0 : inside[0].Start;
        var start = first > length / 3 ? WordStart(text, first - length / 4) : 0;
        var end = Math.Min(text.Length, start + length);
        if (end < text.Length && char.IsLowSurrogate(text[end]))
        {
            end--;
        }
        var pieces = Pieces(text, start, end, inside, [(0, text.Length)]);
        var line = new List<TextPiece>(pieces.Count + 2);
        if (start > 0)
        {
            line.Add(Gap(0, start));
        }
        line.AddRange(pieces.Select(p => p.IsSign ? p : p with { Text = OneLine(p.Text) }));
        if (end < text.Length)
        {
            line.Add(Gap(end, text.Length - end));
        }
        return line;
    }

    private static List<Mark> Inside(string text, IReadOnlyList<Mark> marks)
    {
        var inside = new List<Mark>();
        foreach (var mark in marks)
        {
            var start = Math.Max(0, mark.Start);
            var end = Math.Min(text.Length, mark.End);
            // A mark never splits a pair of surrogates: it would make two unreadable halves.
            if (start > 0 && start < text.Length && char.IsLowSurrogate(text[start]) && char.IsHighSurrogate(text[start - 1]))
            {
                start--;
            }
            if (end > 0 && end < text.Length && char.IsLowSurrogate(text[end]) && char.IsHighSurrogate(text[end - 1]))
            {
                end++;
            }
            if (start < end)
            {
                inside.Add(mark with { Start = start, End = end });
            }
        }
        return [.. inside.Distinct().OrderBy(m => m.Start).ThenByDescending(m => m.End).ThenBy(m => m.Number).Take(MostMarks)];
    }

    private static List<(int Start, int End)> Shown(int length, List<Mark> marks)
    {
        var shown = new List<(int Start, int End)> { (0, Math.Min(length, ShownUnits)) };
        foreach (var mark in marks)
        {
            var (start, end) = (Math.Max(0, mark.Start - AroundMark), Math.Min(length, Math.Min(mark.End, mark.Start + ShownUnits) + AroundMark));
            if (start <= shown[^1].End)
            {
                shown[^1] = (shown[^1].Start, Math.Max(end, shown[^1].End));
            }
            else
            {
                shown.Add((start, end));
            }
        }
        return shown;
    }

    private static List<TextPiece> Pieces(string text, int start, int end, List<Mark> marks, List<(int Start, int End)> shown)
    {
        var cuts = new SortedSet<int> { start, end };
        foreach (var edge in marks.SelectMany(m => new[] { m.Start, m.End }).Concat(shown.SelectMany(s => new[] { s.Start, s.End })))
        {
            if (edge > start && edge < end)
            {
                cuts.Add(edge);
            }
        }
        var pieces = new List<TextPiece>();
        var from = start;
        foreach (var to in cuts.Skip(1))
        {
            if (!shown.Exists(s => s.Start <= from && to <= s.End))
            {
                pieces.Add(Gap(from, to - from));
            }
            else
            {
                AddPieces(text, from, to, [.. marks.Where(m => m.Start <= from && to <= m.End).OrderBy(m => m.Number)], pieces);
            }
            from = to;
        }
        return pieces;
    }

    private static void AddPieces(string text, int from, int to, Mark[] marks, List<TextPiece> pieces)
    {
        var at = from;
        for (var i = from; i < to; i++)
        {
            if (SignOf(text, i) is not { } name)
            {
                continue;
            }
            Add(at, i, text[at..i], null);
            if (name.Length > 0)
            {
                Add(i, i + 1, name, "U+" + ((int)text[i]).ToString("X4", CultureInfo.InvariantCulture));
            }
            at = i + 1;
        }
        Add(at, to, text[at..to], null);

        void Add(int start, int end, string words, string? codePoint)
        {
            if (words.Length > 0)
            {
                pieces.Add(new TextPiece(words, start, codePoint is not null, 0, marks, [.. marks.Where(m => m.Start == start)], [.. marks.Where(m => m.End == end)]) { CodePoint = codePoint });
            }
        }
    }

    private static TextPiece Gap(int start, int left) => new("…", start, false, left, [], [], []);

    // Null: show as it is. Empty: show nothing, as the carriage return before a line feed. Else the name to show.
    private static string? SignOf(string text, int i)
    {
        var c = text[i];
        switch (c)
        {
            case >= ' ' and < '\u007f' or '\n' or '\t':
                return null;
            case '\r':
                return i + 1 < text.Length && text[i + 1] == '\n' ? "" : "CR";
            case < ' ':
                return C0[c];
            case '\u007f':
                return "DEL";
            case '\u00ad':
                return "SHY";
            case '\u061c':
                return "ALM";
            case '\u200b':
                return "ZWSP";
            case '\u200e':
                return "LRM";
            case '\u200f':
                return "RLM";
            case '\u2028':
                return "LS";
            case '\u2029':
                return "PS";
            case >= '\u202a' and <= '\u202e':
                return Embeddings[c - '\u202a'];
            case '\u2060':
                return "WJ";
            case >= '\u2066' and <= '\u2069':
                return Isolates[c - '\u2066'];
            case '\ufeff':
                return "BOM";
        }
        if (char.IsSurrogate(c))
        {
            var paired = char.IsHighSurrogate(c) ? i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) : i > 0 && char.IsHighSurrogate(text[i - 1]);
            return paired ? null : "half a character";
        }
        return c <= '\u009f' && c >= '\u0080' ? "C1" : null;
    }

    private static readonly string[] C0 =
    [
        "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO", "SI",
        "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
    ];

    private static readonly string[] Embeddings = ["LRE", "RLE", "PDF", "LRO", "RLO"];
    private static readonly string[] Isolates = ["LRI", "RLI", "FSI", "PDI"];

    private static int WordStart(string text, int at)
    {
        for (var i = at; i > 0 && i > at - 20; i--)
        {
            if (char.IsWhiteSpace(text[i - 1]))
            {
                return i;
            }
        }
        return at > 0 && char.IsLowSurrogate(text[at]) ? at - 1 : at;
    }

    private static string OneLine(string text) => text.Replace('\n', ' ').Replace('\t', ' ');
}
