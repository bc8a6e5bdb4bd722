using System.Text;
using Surveillance.Detection.Pii;

namespace Surveillance.Engine.Tests.Detection.Pii;

/// <summary>Every type of the packs, its example written in ways that a plain pattern misses, beside its word.</summary>
public sealed class DisguiseTests
{
    /// <summary>Types with an example that holds digits and a word that speaks for it.</summary>
    public static TheoryData<string> Types() => [.. PiiTypes.All.Where(t => t.Reader is null && t.Near.Count > 0 && t.Examples.Any(e => e.Any(char.IsAsciiDigit))).Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Find_FullWidthDigits_MarksThem(string name) => AssertFound(name, e => string.Concat(e.Select(c => char.IsAsciiDigit(c) ? (char)(c - '0' + '０') : c)));

    [Theory]
    [MemberData(nameof(Types))]
    public void Find_ArabicDigits_MarksThem(string name) => AssertFound(name, e => string.Concat(e.Select(c => char.IsAsciiDigit(c) ? (char)(c - '0' + '٠') : c)));

    [Theory]
    [MemberData(nameof(Types))]
    public void Find_ZeroWidthBetween_MarksIt(string name) => AssertFound(name, e => string.Join('\u200B', e.AsEnumerable()));

    /// <summary>Only letters and digits, each apart from the next: what people do to get past a filter.</summary>
    [Theory]
    [MemberData(nameof(Types))]
    public void Find_SpacedOut_MarksIt(string name)
    {
        var type = PiiTypes.Of(name)!;
        var plain = string.Concat(type.Examples[0].Where(char.IsAsciiLetterOrDigit));
        // Prefixed keys with their underscores are not spaced out, and a written form without separators must exist.
        if (plain.Length is < 8 or > 40 || plain.Count(char.IsAsciiDigit) * 2 < plain.Length || type.Case == LetterCase.Exact || !type.Forms.Any(f => f.Format.Match(plain.ToLowerInvariant(), 0) == plain.Length)) { return; }
        AssertFound(name, _ => string.Join(' ', plain.AsEnumerable()));
    }

    /// <summary>A line break behind the first separator.</summary>
    [Theory]
    [MemberData(nameof(Types))]
    public void Find_BrokenByALine_MarksIt(string name)
    {
        var type = PiiTypes.Of(name)!;
        foreach (var example in type.Examples)
        {
            var at = example.IndexOfAny([.. type.Forms.SelectMany(f => f.Format.Pattern.Contains('~') || f.Format.Pattern.Contains('_') ? f.Format.Separators : "").Distinct()]);
            if (at > 0 && type.Forms.Any(f => f.Format.Match(example.ToLowerInvariant(), 0) == example.Length && f.Format.IsSeparatedAlike(example, out _) && !f.Format.Pattern.Contains(example[at]))) { AssertFound(name, _ => example[..(at + 1)].TrimEnd(' ') + "\n" + example[(at + 1)..]); }
        }
    }

    [Theory]
    [InlineData("passport", "passport number [******123]")]
    [InlineData("gb-nhs", "NHS number [*** *** 5919]")]
    [InlineData("pl-pesel", "PESEL [*******1458]")]
    [InlineData("us-bank-account", "bank account [******4821]")]
    [InlineData("payment-card", "card [**** **** **** 1111]")]
    public void Find_MaskedBesideItsWord_IsOfThatTypeAndMasked(string type, string marked)
    {
        var hit = Assert.Single(Marked.Detect(marked.Replace("[", "").Replace("]", "")), h => h.Masked);
        Assert.Equal(marked.IndexOf('['), hit.Span.Start);
        Assert.Equal(type, hit.Type);
    }

    private static void AssertFound(string name, Func<string, string> disguise)
    {
        var type = PiiTypes.Of(name)!;
        var written = disguise(type.Examples[0]);
        var text = new StringBuilder(type.Near.First().Value[0]).Append(' ').Append(written).ToString();
        Assert.True(
            Marked.Detect(text).Any(h => h.Span.Start == text.Length - written.Length && h.Span.End == text.Length && h.Confidence >= PiiDetector.DefaultThreshold && (h.Type == name || (h.Alternatives?.Any(a => a.Type == name) ?? false))),
            $"{text.Replace("\n", "\\n")}: {string.Join(", ", Marked.Detect(text).Select(h => $"{h.Type} {h.Span.Start}-{h.Span.End} {h.Confidence}"))}");
    }
}
