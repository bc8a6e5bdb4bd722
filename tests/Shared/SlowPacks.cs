using System.Text;
using System.Text.RegularExpressions;
using Surveillance.Detection.Pii;

namespace Surveillance.Tests;

/// <summary>The slow, obvious twin of the packs' written forms: one .NET regular expression a form over the whole text, and the pack's check on what matches.</summary>
public static class SlowPacks
{
    private static readonly (PiiType Type, WrittenForm Form, Regex Pattern)[] Forms =
        [.. PiiTypes.All.SelectMany(t => t.Forms.Select(f => (t, f, new Regex(
            @"(?<![\w$€£¥%*^\\~.+@-])(?<![-.,+/':][\w]?)" + ToRegex(f.Format.Pattern, f.Format.Separators) + @"(?![\w%€@*=^°])(?![-,.:/+'][0-9A-Za-z])",
            RegexOptions.Compiled | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase))))];

    /// <summary>How many forms there are.</summary>
    public static int Count => Forms.Length;

    /// <summary>Runs every pattern over a text, one after the other, and counts what matches: what the work costs without gates.</summary>
    /// <param name="text">The text as captured.</param>
    public static int CountMatches(string text)
    {
        var count = 0;
        foreach (var (_, _, pattern) in Forms) { count += pattern.Count(text); }
        return count;
    }

    /// <summary>The values that a form and its check confirm, of at least a confidence by themselves.</summary>
    /// <param name="text">The text as captured, printable ASCII.</param>
    /// <param name="least">Confidence in hundredths.</param>
    public static IEnumerable<(string Type, int Start, int End)> Find(string text, int least)
    {
        foreach (var (type, form, pattern) in Forms)
        {
            if (form.Confidence + type.Prior < least) { continue; }
            foreach (Match match in pattern.Matches(text))
            {
                var separators = match.Value.Where(c => form.Format.Separators.Contains(c)).Distinct().Count();
                var plain = string.Concat(match.Value.Where(char.IsAsciiLetterOrDigit));
                if (type.Case == LetterCase.Upper && plain.Any(char.IsAsciiLetterLower)) { continue; }
                if (separators <= 1 && plain.Distinct().Count() > 1 && type.Check.Test(type.Case == LetterCase.Exact ? plain : plain.ToLowerInvariant()) == Verdict.Passes)
                {
                    yield return (type.Name, match.Index, match.Index + match.Length);
                }
            }
        }
    }

    private static string ToRegex(string pattern, string separators)
    {
        var set = "[" + Regex.Escape(separators).Replace("-", "\\-", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal) + "]";
        var regex = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '#': regex.Append("[0-9]"); break;
                case '@': regex.Append("[a-z]"); break;
                case '&': regex.Append("[0-9a-z]"); break;
                case '~': regex.Append(separators.Length == 0 ? "" : set + "?"); break;
                case '_': regex.Append(set); break;
                case '[':
                    var end = pattern.IndexOf(']', i);
                    var items = pattern[(i + 1)..end];
                    regex.Append('[').Append(items.EndsWith('-') ? items[..^1] + "\\-" : items.StartsWith('-') ? "\\-" + items[1..] : items).Append(']');
                    i = end;
                    break;
                case '{':
                    var close = pattern.IndexOf('}', i);
                    regex.Append(pattern, i, close - i + 1);
                    i = close;
                    break;
                case '?': regex.Append('?'); break;
                case '\\': regex.Append(Regex.Escape(pattern[++i].ToString())); break;
                default: regex.Append(Regex.Escape(pattern[i].ToString())); break;
            }
        }
        return regex.ToString();
    }
}
