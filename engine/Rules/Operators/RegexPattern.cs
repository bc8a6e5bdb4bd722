using System.Globalization;
using System.Text.RegularExpressions;
using Surveillance.Rules.Source;

namespace Surveillance.Rules.Operators;

/// <summary>Checks the regular expressions that authors write, and says where one is wrong inside its JSON string.</summary>
/// <remarks>
/// Patterns run on <see cref="RegexOptions.NonBacktracking"/>, which takes linear time in the text but may take very long to build the states of
/// repetitions inside repetitions (minutes for 20 characters of pattern); so counted repetitions are bounded here as well.
/// </remarks>
internal static class RegexPattern
{
    /// <summary>The longest pattern, in UTF-16 units.</summary>
    internal const int MaxLength = 1000;

    /// <summary>The most that counted repetitions may expand to; see <see cref="Walk"/>.</summary>
    internal const int MaxExpansion = 200;

    /// <summary>Reads a pattern; null after an error.</summary>
    internal static Regex? Read(SourceString written, bool caseSensitive, ConditionContext context)
    {
        var pattern = written.Value;
        var escaped = written.Span.End - written.Span.Start - 2 != pattern.Length ? $"after JSON's escapes the pattern is `{Shown.Clip(pattern)}`" : null;
        if (pattern.Length > MaxLength)
        {
            context.Diagnostics.Error("E012", written.Span, $"the pattern has {pattern.Length} characters, at most {MaxLength} are read", help: "use a lexicon for long lists of words");
            return null;
        }
        var options = RegexOptions.CultureInvariant | (caseSensitive ? RegexOptions.None : RegexOptions.IgnoreCase);
        try
        {
            _ = new Regex(pattern, options);
        }
        catch (RegexParseException e)
        {
            var (at, message) = Explain(e, pattern);
            context.Diagnostics.Error("E010", SpanOf(written, at, at + 1), message, note: escaped);
            return null;
        }
        var walk = new Walk(pattern);
        walk.Run();
        if (walk.Unsupported is { } construct)
        {
            context.Diagnostics.Error(
                "E012", SpanOf(written, construct.Start, construct.End), $"{construct.Name} `{pattern[construct.Start..construct.End]}` is not supported: patterns run in linear time",
                note: escaped, help: construct.Help);
            return null;
        }
        if (walk.Expansion > MaxExpansion)
        {
            context.Diagnostics.Error(
                "E012", SpanOf(written, walk.Largest.Start, walk.Largest.End), $"`{Shown.Clip(pattern[walk.Largest.Start..walk.Largest.End])}` repeats too much: counted repetitions may expand to {MaxExpansion} places, here they come to {walk.Expansion}",
                note: escaped, help: "use `*` or `+`, smaller counts, or `near` for words apart");
            return null;
        }
        Regex regex;
        try
        {
            regex = new Regex(pattern, options | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            context.Diagnostics.Error("E012", written.Span, "the pattern is too large or uses a construct that cannot run in linear time", note: escaped);
            return null;
        }
        if (regex.Match("") is { Success: true } || regex.Match("a b") is { Success: true, Length: 0 })
        {
            context.Diagnostics.Error("E013", written.Span, "this pattern matches empty text, so every message would match", note: escaped, help: "make at least one part of it necessary: `+` in place of `*`");
            return null;
        }
        return regex;
    }

    private static SourceSpan SpanOf(SourceString written, int start, int end)
    {
        start = Math.Clamp(start, 0, written.Value.Length);
        end = Math.Clamp(end, start, written.Value.Length);
        return new SourceSpan(written.Span.File, written.Offsets[start], end > start ? written.Offsets[end] : written.Offsets[start] + 1);
    }

    /// <summary>Where the mistake is, in the pattern, and what it is.</summary>
    private static (int At, string Message) Explain(RegexParseException e, string pattern)
    {
        var last = Math.Max(0, Math.Min(e.Offset, pattern.Length) - 1);
        return e.Error switch
        {
            RegexParseError.InsufficientClosingParentheses => (OpenGroup(pattern), "group is never closed"),
            RegexParseError.InsufficientOpeningParentheses => (last, "this parenthesis closes nothing"),
            RegexParseError.UnterminatedBracket => (OpenBracket(pattern), "character class is never closed"),
            RegexParseError.QuantifierAfterNothing => (last, "nothing stands before this quantifier"),
            RegexParseError.NestedQuantifiersNotParenthesized => (last, "a quantifier follows a quantifier"),
            RegexParseError.ReversedQuantifierRange => (last, "the quantifier's least count is above its greatest"),
            RegexParseError.ReversedCharacterRange => (last, "the range runs backwards"),
            RegexParseError.UnescapedEndingBackslash => (last, "nothing follows the backslash"),
            RegexParseError.UnrecognizedEscape => (last, "this escape is not known"),
            RegexParseError.InvalidUnicodePropertyEscape or RegexParseError.MalformedUnicodePropertyEscape => (last, "this Unicode property is not known"),
            RegexParseError.UndefinedNumberedReference or RegexParseError.UndefinedNamedReference => (last, "the group that this refers to is not there"),
            RegexParseError.InvalidGroupingConstruct => (last, "this kind of group is not known"),
            var error => (last, "the pattern is not a regular expression: " + Words(error.ToString())),
        };
    }

    private static string Words(string name) => string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? " " : "") + char.ToLowerInvariant(c) : c.ToString()));

    private static int OpenGroup(string pattern)
    {
        var open = new Stack<int>();
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\': i++; break;
                case '[': i = Walk.ClassEnd(pattern, i) - 1; break;
                case '(': open.Push(i); break;
                case ')' when open.Count > 0: open.Pop(); break;
            }
        }
        return open.TryPop(out var at) ? at : Math.Max(0, pattern.Length - 1);
    }

    private static int OpenBracket(string pattern)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\')
            {
                i++;
            }
            else if (pattern[i] == '[')
            {
                var end = Walk.ClassEnd(pattern, i);
                if (end > pattern.Length)
                {
                    return i;
                }
                i = end - 1;
            }
        }
        return Math.Max(0, pattern.Length - 1);
    }

    /// <summary>Something that cannot run in linear time.</summary>
    internal sealed record Construct(int Start, int End, string Name, string Help);

    /// <summary>
    /// Walks over a pattern that parses: finds what is not supported and estimates what counted repetitions expand to. A count repeats the places inside
    /// it; three times as much where there are counts inside, and eight times where a count stands in an unbounded repetition, because the states
    /// of the automaton grow with the combinations.
    /// </summary>
    internal sealed class Walk(string pattern)
    {
        private int _at;

        internal Construct? Unsupported { get; private set; }

        internal long Expansion { get; private set; }

        internal (int Start, int End) Largest { get; private set; }

        private long _largest;

        internal void Run() => Expansion = Alternatives(0).Counted;

        /// <summary>The offset after a character class, or past the end when it is not closed.</summary>
        internal static int ClassEnd(string pattern, int open)
        {
            var i = open + 1;
            if (i < pattern.Length && pattern[i] == '^') { i++; }
            if (i < pattern.Length && pattern[i] == ']') { i++; }
            for (; i < pattern.Length; i++)
            {
                switch (pattern[i])
                {
                    case '\\': i++; break;
                    case ']': return i + 1;
                    case '[' when i + 1 < pattern.Length && pattern[i + 1] == ':': break;
                    case '[' when pattern[i - 1] == '-': i = ClassEnd(pattern, i) - 1; break;
                }
            }
            return pattern.Length + 1;
        }

        private (long Size, long Counted) Alternatives(int depth)
        {
            long size = 0, counted = 0;
            while (_at < pattern.Length && pattern[_at] != ')')
            {
                if (pattern[_at] == '|')
                {
                    _at++;
                    continue;
                }
                var start = _at;
                var (itemSize, itemCounted) = Item(depth);
                (itemSize, itemCounted) = Quantified(start, itemSize, itemCounted);
                size = Math.Min(size + itemSize, 1_000_000);
                counted = Math.Min(counted + itemCounted, 1_000_000);
            }
            return (size, counted);
        }

        private (long Size, long Counted) Item(int depth)
        {
            switch (pattern[_at])
            {
                case '\\':
                    Escape();
                    return (1, 0);
                case '[':
                    _at = Math.Min(ClassEnd(pattern, _at), pattern.Length);
                    return (1, 0);
                case '(':
                    return Group(depth);
                default:
                    _at++;
                    return (1, 0);
            }
        }

        private (long Size, long Counted) Group(int depth)
        {
            var open = _at++;
            if (_at < pattern.Length && pattern[_at] == '?')
            {
                var rest = pattern.AsSpan(_at);
                Refuse("?=", "lookahead", "use `all`, `none` or `near` with two conditions");
                Refuse("?!", "negative lookahead", "use `none` or `unless` with a second condition");
                Refuse("?<=", "lookbehind", "use `all` or `near` with two conditions");
                Refuse("?<!", "negative lookbehind", "use `none` or `unless` with a second condition");
                Refuse("?>", "atomic group", "write `(?:…)`: nothing backtracks here");
                Refuse("?(", "conditional group", "write the two cases as alternatives");
                if (rest.StartsWith("?#"))
                {
                    while (_at < pattern.Length && pattern[_at++] != ')') { }
                    return (0, 0);
                }
                _at++;
                while (_at < pattern.Length && pattern[_at] is not (':' or '>' or '\'' or ')' or '='  or '!' or '('))
                {
                    _at++;
                }
                if (_at < pattern.Length && pattern[_at] == '\'')
                {
                    _at = Math.Max(_at, pattern.IndexOf('\'', _at + 1));
                }
                if (_at < pattern.Length && pattern[_at] is not (')' or '('))
                {
                    _at++;
                }

                void Refuse(string opening, string name, string help)
                {
                    if (pattern.AsSpan(open + 1).StartsWith(opening))
                    {
                        Unsupported ??= new Construct(open, open + 1 + opening.Length, name, help);
                    }
                }
            }
            var inside = depth < 200 ? Alternatives(depth + 1) : (1_000_000, 1_000_000);
            if (_at < pattern.Length)
            {
                _at++;
            }
            return inside;
        }

        private void Escape()
        {
            var start = _at++;
            if (_at >= pattern.Length)
            {
                return;
            }
            var c = pattern[_at++];
            switch (c)
            {
                case >= '1' and <= '9':
                    Unsupported ??= new Construct(start, _at, "backreference", "write out what it repeats, or use two conditions");
                    break;
                case 'k':
                    var close = pattern.IndexOfAny(['>', '\'', '}'], Math.Min(_at + 1, pattern.Length));
                    _at = close < 0 ? _at : close + 1;
                    Unsupported ??= new Construct(start, _at, "backreference", "write out what it repeats, or use two conditions");
                    break;
                case 'G':
                    Unsupported ??= new Construct(start, _at, "anchor", "leave it out");
                    break;
                case 'p' or 'P' when _at < pattern.Length && pattern[_at] == '{':
                    _at = pattern.IndexOf('}', _at) is var end and >= 0 ? end + 1 : _at;
                    break;
                case 'x':
                    _at = Math.Min(_at + 2, pattern.Length);
                    break;
                case 'u':
                    _at = Math.Min(_at + 4, pattern.Length);
                    break;
                case 'c':
                    _at = Math.Min(_at + 1, pattern.Length);
                    break;
            }
        }

        private (long Size, long Counted) Quantified(int start, long size, long counted)
        {
            while (_at < pattern.Length)
            {
                switch (pattern[_at])
                {
                    case '*' or '+':
                        _at++;
                        counted *= 8;
                        break;
                    case '?':
                        _at++;
                        break;
                    case '{' when Count(out var most, out var after):
                        _at = after;
                        if (most > 1)
                        {
                            counted = size * most * (counted > 0 ? 3 : 1);
                            size *= most;
                        }
                        break;
                    default:
                        return Note(start, size, counted);
                }
                size = Math.Min(size, 1_000_000);
                counted = Math.Min(counted, 1_000_000);
            }
            return Note(start, size, counted);
        }

        private (long Size, long Counted) Note(int start, long size, long counted)
        {
            if (counted > _largest)
            {
                _largest = counted;
                Largest = (start, _at);
            }
            return (size, counted);
        }

        private bool Count(out long most, out int after)
        {
            most = 0;
            after = pattern.IndexOf('}', _at) + 1;
            if (after == 0)
            {
                return false;
            }
            var parts = pattern[(_at + 1)..(after - 1)].Split(',');
            if (parts.Length > 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out most))
            {
                return false;
            }
            if (parts.Length == 2 && parts[1].Length > 0 && !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out most))
            {
                return false;
            }
            most = Math.Min(most, 1_000_000);
            return true;
        }
    }
}
