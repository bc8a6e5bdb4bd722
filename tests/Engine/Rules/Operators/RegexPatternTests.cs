using System.Text.Json;
using Surveillance.Rules;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Rules.Operators;

public sealed class RegexPatternTests
{
    /// <summary>The code of the one error, and what it underlines.</summary>
    private static (string Code, string Underlined) Error(string pattern)
    {
        var error = Assert.Single(Judged.Errors($$"""{ "regex": {{JsonSerializer.Serialize(pattern, s_plain)}} }"""));
        return (error.Code, error.Span.File.Text[error.Span.Start..error.Span.End]);
    }

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("ab(c", "(")]
    [InlineData("ab(c[)]|(d)", "(")]
    [InlineData("a\\(b(c", "(")]
    [InlineData("ab)c", ")")]
    [InlineData("x[abc", "[")]
    [InlineData("a**", "*")]
    [InlineData("+a", "+")]
    [InlineData("a[z-a]", "a")]
    [InlineData("\\p{Foo}x", "}")]
    public void Read_BrokenPattern_IsE010AtItsPlace(string pattern, string underlined) => Assert.Equal(("E010", underlined), Error(pattern));

    [Theory]
    [InlineData("(\\w+) \\1", "\\\\1")]
    [InlineData("(?<x>a)\\k<x>", "\\\\k<x>")]
    [InlineData("a(?=b)", "(?=")]
    [InlineData("a(?!b)", "(?!")]
    [InlineData("(?<=a)b", "(?<=")]
    [InlineData("[(?=](?<!a)b", "(?<!")]
    [InlineData("(?>a+)b", "(?>")]
    [InlineData("(?(a)b|c)", "(?(")]
    [InlineData("\\Gab", "\\\\G")]
    [InlineData("(?:.{0,50}a){30}", "(?:.{0,50}a){30}")]
    [InlineData("x(a.{0,40})+y", "(a.{0,40})+")]
    [InlineData("a{201}", "a{201}")]
    [InlineData("((a{20}){20}){20}", "((a{20}){20}){20}")]
    public void Read_PatternThatCannotRunInLinearTime_IsE012AtItsPlace(string pattern, string underlined) => Assert.Equal(("E012", underlined), Error(pattern));

    [Theory]
    [InlineData("a*")]
    [InlineData("(a|b?)")]
    [InlineData("\\b")]
    [InlineData("^")]
    [InlineData("x{0,3}")]
    public void Read_PatternOfEmptyText_IsE013(string pattern) => Assert.Equal("E013", Error(pattern).Code);

    [Fact]
    public void Read_TooLongPattern_IsE012() => Assert.Equal("E012", Error(new string('a', 1001)).Code);

    [Theory]
    [InlineData("\\b(?:\\d[ -]?){13,19}\\b")]
    [InlineData("[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}")]
    [InlineData("guarantee\\w*\\W+(?:\\w+\\W+){0,5}return")]
    [InlineData("(?<name>a+)(?i:b)(?#a {500} comment)[a-z-[aeiou]]{3}")]
    [InlineData("(a+)+$")]
    [InlineData("(.*a.*){20}x")]
    [InlineData("a{,5}b")]
    [InlineData("\\x41\\u0042\\cC\\p{Lu}")]
    [InlineData("[]a]b{2}")]
    [InlineData("a.{0,200}b")]
    public void Read_OrdinaryPattern_Runs(string pattern) => Assert.Empty(Judged.Errors($$"""{ "regex": {{JsonSerializer.Serialize(pattern, s_plain)}} }"""));

    [Fact]
    public void Read_AnyCharacters_NeverThrows()
    {
        var random = new Random(3);
        const string pieces = "ab()[]{}|*+?\\.^$-,0123:=!<>#k'pPuxcG ";
        for (var i = 0; i < 500; i++)
        {
            var pattern = new string([.. Enumerable.Range(0, random.Next(1, 14)).Select(_ => pieces[random.Next(pieces.Length)])]);
            foreach (var error in Judged.Errors($$"""{ "regex": {{JsonSerializer.Serialize(pattern, s_plain)}} }"""))
            {
                Assert.True(error.Span.Start < error.Span.End && error.Span.End <= error.Span.File.Text.Length);
                Assert.Contains(error.Code, new[] { "E010", "E012", "E013", "E025" });
            }
        }
    }

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|a)*b")]
    [InlineData("(.*a.*){20}x")]
    [InlineData("a[^b]*b|a")]
    public void Evaluate_HostileText_FinishesQuickly(string pattern)
    {
        var revision = Judged.Revision($$"""{ "regex": {{JsonSerializer.Serialize(pattern, s_plain)}} }""");

        Assert.InRange(Judged.By(revision, A.Message(new string('a', 100_000))).Why.Evidence.Count, 0, Evidence.Most);
    }
}
