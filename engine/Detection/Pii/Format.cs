using System.Globalization;
using System.Text;

namespace Surveillance.Detection.Pii;

/// <summary>One way in which a value is written: a pattern of bounded length that begins at a given place, matched in one pass over the characters.</summary>
/// <remarks>
/// The pattern's signs: <c>#</c> a digit, <c>@</c> a letter, <c>&amp;</c> a digit or letter, <c>[a-f2]</c> one of a set, <c>~</c> a separator or nothing,
/// <c>_</c> a separator, <c>?</c> what stands before it may be missing, <c>{3}</c> and <c>{2,5}</c> repeat what stands before, <c>\</c> takes the next
/// sign as it is; everything else stands for itself. Letters count in both cases. All separators of a value are the same character; a line
/// break may stand behind a separator, or in place of a blank. The states of the match are bits of one number, so that a match costs a few steps a character.
/// </remarks>
internal sealed class Format
{
    private const int MostElements = 63;

    private readonly ulong[] _takes = new ulong[128];
    private readonly ulong _optional, _start, _final;

    /// <summary>Reads a pattern.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="separators">What <c>~</c> and <c>_</c> stand for.</param>
    /// <exception cref="FormatException">The pattern cannot be read; the message says where.</exception>
    internal Format(string pattern, string separators)
    {
        Pattern = pattern;
        Separators = separators;
        var elements = Read(pattern, separators);
        if (elements.Count is 0 or > MostElements)
        {
            throw new FormatException($"\"{pattern}\" has {elements.Count} elements; 1 to {MostElements} can be matched.");
        }
        for (var i = 0; i < elements.Count; i++)
        {
            foreach (var c in elements[i].Set) { _takes[c] |= 1UL << i; }
            if (elements[i].Optional) { _optional |= 1UL << i; }
        }
        Shortest = elements.Count(e => !e.Optional && e.Set.Any(char.IsAsciiLetterOrDigit));
        Longest = elements.Count(e => e.Set.Any(char.IsAsciiLetterOrDigit));
        _final = 1UL << elements.Count;
        _start = Close(1);
    }

    /// <summary>The pattern as its pack has it.</summary>
    internal string Pattern { get; }

    /// <summary>The fewest letters and digits of a value.</summary>
    internal int Shortest { get; }

    /// <summary>The most letters and digits of a value.</summary>
    internal int Longest { get; }

    /// <summary>The characters that may stand between groups.</summary>
    internal string Separators { get; }

    /// <summary>The state before the first character.</summary>
    internal ulong Start => _start;

    /// <summary>The state after one more character; 0 when nothing fits.</summary>
    /// <param name="state">The state before it.</param>
    /// <param name="c">The character, folded.</param>
    internal ulong Step(ulong state, char c)
    {
        if (c >= 128) { return 0; }
        state = (state & _takes[c]) << 1;
        return (state & _optional) == 0 ? state : Close(state);
    }

    /// <summary>Whether the value may end in a state.</summary>
    /// <param name="state">A state.</param>
    internal bool IsFinal(ulong state) => (state & _final) != 0;

    /// <summary>Finds the longest match that begins at an offset and that ends where a value may end.</summary>
    /// <param name="text">Folded text.</param>
    /// <param name="start">Offset of the first character.</param>
    /// <returns>The offset after the last character, or -1.</returns>
    internal int Match(ReadOnlySpan<char> text, int start)
    {
        var state = _start;
        var end = -1;
        for (var i = start; i < text.Length && state != 0; i++)
        {
            state = Step(state, text[i]);
            if ((state & _final) != 0 && Boundary.MayEnd(text, i + 1)) { end = i + 1; }
        }
        return end;
    }

    /// <summary>Whether all separators between groups are the same, and what parts them; the first of them, or <c>\0</c>.</summary>
    /// <param name="value">A value that matched.</param>
    /// <param name="separator">The separator.</param>
    internal bool IsSeparatedAlike(ReadOnlySpan<char> value, out char separator)
    {
        separator = '\0';
        var before = '\0';
        foreach (var c in value)
        {
            var sign = c == '\n' ? (before is '\0' or '\n' || char.IsAsciiLetterOrDigit(before) ? ' ' : before) : c;
            before = c;
            if (!Separators.Contains(sign)) { continue; }
            if (separator == '\0') { separator = sign; }
            else if (separator != sign) { return false; }
        }
        return true;
    }

    private ulong Close(ulong state)
    {
        for (var more = state; ;)
        {
            more = (more & _optional) << 1;
            if ((more & ~state) == 0) { return state; }
            state |= more;
        }
    }

    private readonly record struct Element(string Set, bool Optional);

    private const string Digits = "0123456789";
    private const string Letters = "abcdefghijklmnopqrstuvwxyz";

    private static List<Element> Read(string pattern, string separators)
    {
        var elements = new List<Element>();
        var last = 0;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            switch (c)
            {
                case '?':
                    for (var j = last; j < elements.Count; j++) { elements[j] = elements[j] with { Optional = true }; }
                    continue;
                case '{':
                    var close = pattern.IndexOf('}', i);
                    if (close < 0 || last != elements.Count - 1) { throw new FormatException($"\"{pattern}\": nothing to repeat at {i}."); }
                    var bounds = pattern[(i + 1)..close].Split(',');
                    var least = int.Parse(bounds[0], CultureInfo.InvariantCulture);
                    var most = int.Parse(bounds[^1], CultureInfo.InvariantCulture);
                    var repeated = elements[last];
                    elements.RemoveAt(last);
                    for (var n = 0; n < most; n++) { elements.Add(n < least ? repeated : repeated with { Optional = true }); }
                    i = close;
                    continue;
            }
            last = elements.Count;
            switch (c)
            {
                case '#': elements.Add(new(Digits, false)); break;
                case '@': elements.Add(new(Letters, false)); break;
                case '&': elements.Add(new(Digits + Letters, false)); break;
                case '~' or '_':
                    var blank = separators.Contains(' ');
                    elements.Add(new(blank ? separators + "\n" : separators, c == '~'));
                    if (blank || separators.Length > 0) { elements.Add(new("\n", true)); }
                    break;
                case '[':
                    var end = pattern.IndexOf(']', i);
                    if (end < 0) { throw new FormatException($"\"{pattern}\": the bracket at {i} is not closed."); }
                    elements.Add(new(SetOf(pattern[(i + 1)..end]), false));
                    i = end;
                    break;
                default:
                    if (c == '\\') { c = pattern[++i]; }
                    if (c >= 128) { throw new FormatException($"\"{pattern}\": only ASCII can be matched."); }
                    elements.Add(new(char.ToLowerInvariant(c).ToString(), false));
                    break;
            }
        }
        return elements;
    }

    private static string SetOf(string items)
    {
        var set = new StringBuilder();
        for (var i = 0; i < items.Length; i++)
        {
            var last = i + 2 < items.Length && items[i + 1] == '-' ? items[i + 2] : items[i];
            for (var c = items[i]; c <= last; c++) { set.Append(char.ToLowerInvariant(c)); }
            if (last != items[i]) { i += 2; }
        }
        return set.ToString();
    }
}
