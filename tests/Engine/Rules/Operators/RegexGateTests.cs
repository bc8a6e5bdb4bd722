using System.Text.RegularExpressions;
using Surveillance.Rules.Operators;

namespace Surveillance.Engine.Tests.Rules.Operators;

public sealed class RegexGateTests
{
    [Theory]
    [InlineData("[0-9]{3}-[0-9]{2}")]
    [InlineData(@"\b[A-Z]{2}[0-9]{6}\b")]
    [InlineData("a1|b[0-9]+")]
    [InlineData("(?:x|y)(?:[0-9]|7)")]
    [InlineData("(?<id>[0-9]+)")]
    [InlineData("[0-9]{0,2}[0-9]")]
    [InlineData(@"\(7\)")]
    public void NeedsDigit_EveryMatchHoldsOne_SaysSo(string pattern) => Assert.True(RegexGate.NeedsDigit(pattern));

    [Theory]
    [InlineData("abc")]
    [InlineData("[0-9]?")]
    [InlineData("[0-9]*x")]
    [InlineData("[0-9]{0,3}x")]
    [InlineData("a[0-9]|b")]
    [InlineData("(?:[0-9]|b)c")]
    [InlineData("(?:[0-9])?c")]
    [InlineData("[0-9a]")]
    [InlineData("[^0-9]")]
    [InlineData(@"\d+")] // also digits that are not ASCII
    [InlineData(@"[\d]")]
    [InlineData(@"\u0031")] // not read, so not known
    [InlineData(@"\x31x")]
    [InlineData("(?i)[0-9]")]
    [InlineData("[]0-9]x")]
    [InlineData("(a|)[0-9]?")]
    public void NeedsDigit_SomeMatchMayHoldNone_SaysNo(string pattern) => Assert.False(RegexGate.NeedsDigit(pattern));

    [Fact]
    public void NeedsDigit_RandomPatterns_NeverHidesAMatch()
    {
        var random = new Random(4);
        string[] atoms = ["a", "[0-9]", "[ab]", "1", "(?:a|[0-9])", "([0-9]b)", @"\.", "[0-9a]", ".", @"\w", @"\p{L}", @"\x61", "(?:[0-9]|2|c1)"];
        string[] counts = ["", "", "?", "*", "+", "{2}", "{0,2}", "{1,3}"];
        for (var i = 0; i < 3_000; i++)
        {
            var pattern = string.Join("|", Enumerable.Range(0, random.Next(1, 3)).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => atoms[random.Next(atoms.Length)] + counts[random.Next(counts.Length)]))));
            if (!RegexGate.NeedsDigit(pattern))
            {
                continue;
            }
            foreach (var text in new[] { "aaabbb.cab", "..", "ab ba", "c" })
            {
                Assert.False(Regex.IsMatch(text, pattern), pattern);
            }
        }
    }
}
