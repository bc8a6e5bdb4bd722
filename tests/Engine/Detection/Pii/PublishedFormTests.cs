using Surveillance.Detection.Pii;

namespace Surveillance.Engine.Tests.Detection.Pii;

/// <summary>Many random valid values of every published form: kept alone, and the best explanation beside a word of the type in any of its languages.</summary>
public sealed class PublishedFormTests
{
    private const int Values = 24;
    private const int Tries = 60_000;

    /// <summary>Few values of a type may have a likelier explanation: a number that passes two authorities' checks.</summary>
    private const double LeastShare = 0.95;

    /// <summary>No outline may be missed as a whole.</summary>
    private const double LeastShareOfOutline = 0.8;

    private static readonly string[] Sentences = ["{0} {1}", "{0}: {1}", "The {0} is {1}.", "hi, for the file, {0} {1}, many thanks", "{0}\n{1}"];

    public static TheoryData<string> Types() => [.. Published.All.Select(p => p.Type).Distinct()];

    [Theory]
    [MemberData(nameof(Types))]
    public void Find_PublishedFormBesideItsWord_IsTheBestExplanation(string type)
    {
        var own = Published.All.First(p => p.Type == type).Words;
        var near = own ?? [.. PiiTypes.Of(type)!.Near.Select(n => n.Value[0])];
        var sentences = own is null ? Sentences : [.. Sentences.Where(s => !s.StartsWith("The", StringComparison.Ordinal))];
        var random = new Random(20260504);
        var tally = new Tally();
        foreach (var (outline, value, tail, _) in ValuesOf(type, random))
        {
            var text = string.Format(System.Globalization.CultureInfo.InvariantCulture, sentences[random.Next(sentences.Length)], near[random.Next(near.Length)], value + tail);
            var at = text.IndexOf(value, StringComparison.Ordinal);
            tally.Count(outline, text, Marked.Detect(text).Any(h => h.Type == type && h.Span.Start == at && h.Span.Length == value.Length && h.Confidence >= PiiDetector.DefaultThreshold));
        }
        tally.AssertEnough();
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Find_PublishedFormAlone_IsKept(string type)
    {
        var random = new Random(20260505);
        var tally = new Tally();
        foreach (var (outline, value, _, bare) in ValuesOf(type, random))
        {
            if (!bare) { continue; }
            tally.Count(outline, value, Marked.Detect(value).Any(h => h.Span.Length == value.Length && ((h.Type == type && h.Confidence >= PiiDetector.LeastKept) || (h.Alternatives?.Any(a => a.Type == type && a.Confidence >= PiiDetector.LeastKept) ?? false))));
        }
        tally.AssertEnough();
    }

    /// <summary>The values of a type: so many of each outline and separator, small letters in every fourth.</summary>
    internal static IEnumerable<(string Outline, string Value, string Tail, bool Bare)> ValuesOf(string type, Random random)
    {
        var check = PiiTypes.Of(type)!.Check;
        foreach (var published in Published.All.Where(p => p.Type == type))
        {
            foreach (var outline in published.Outlines)
            {
                foreach (var sign in outline.Contains('_') ? published.Separators : "0")
                {
                    var separator = sign == '0' ? "" : sign.ToString();
                    for (int made = 0, tries = 0; made < Values / Math.Min(4, published.Separators.Length); made++)
                    {
                        var value = Outline.Make(outline, separator, random);
                        while (check.Test(Plain(value, PiiTypes.Of(type)!.Case)) != Verdict.Passes && check != Check.None)
                        {
                            Assert.True(++tries < Tries, $"no value of {outline} passes the check");
                            value = Outline.Make(outline, separator, random);
                        }
                        var small = published.AnyCase && PiiTypes.Of(type)!.Case == LetterCase.Any && made % 4 == 3;
                        var (written, tail) = value.Split('|') is [var first, var rest] ? (first, rest) : (value, "");
                        yield return ($"{outline} {separator}", small ? written.ToLowerInvariant() : written, tail, published.Bare && !small);
                    }
                }
            }
        }
    }

    private static string Plain(string value, LetterCase letterCase)
    {
        var plain = string.Concat(value.Where(char.IsAsciiLetterOrDigit));
        return letterCase == LetterCase.Exact ? plain : plain.ToLowerInvariant();
    }

    /// <summary>How many values of each outline were found.</summary>
    private sealed class Tally
    {
        private readonly Dictionary<string, (int Found, int All)> _outlines = [];
        private readonly List<string> _missed = [];

        internal void Count(string outline, string text, bool found)
        {
            var (before, all) = _outlines.GetValueOrDefault(outline);
            _outlines[outline] = (before + (found ? 1 : 0), all + 1);
            if (!found) { _missed.Add(Explain(text)); }
        }

        internal void AssertEnough()
        {
            int found = _outlines.Values.Sum(o => o.Found), all = _outlines.Values.Sum(o => o.All);
            var poor = _outlines.Where(o => o.Value.Found < LeastShareOfOutline * o.Value.All).Select(o => $"{o.Key}: {o.Value.Found} of {o.Value.All}");
            Assert.True(found >= LeastShare * all && !poor.Any(), $"{found} of {all}; {string.Join("; ", poor)}\n{string.Join('\n', _missed.Take(40))}");
        }
    }

    private static string Explain(string text) =>
        $"{text.Replace("\n", "\\n")}   <- {string.Join(", ", Marked.Detect(text).Select(h => $"{h.Type}@{h.Span.Start}-{h.Span.End} {h.Confidence:F2} [{string.Join(' ', (h.Alternatives ?? []).Select(a => $"{a.Type} {a.Confidence:F2}"))}]"))}";
}
