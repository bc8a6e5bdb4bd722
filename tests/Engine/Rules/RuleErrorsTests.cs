using System.Text.RegularExpressions;
using Surveillance.Rules;

namespace Surveillance.Engine.Tests.Rules;

public sealed partial class RuleErrorsTests
{
    [Fact]
    public void Codes_AreThoseThatTheSourceGives()
    {
        var raised = Directory.EnumerateFiles(Repository.At("engine", "Rules"), "*.cs", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(f) != "RuleErrors.cs")
            .SelectMany(f => Code().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value))
            .Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(raised, RuleErrors.Codes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Explain_EveryText_FitsATerminal() =>
        Assert.All(RuleErrors.Codes.SelectMany(c => RuleErrors.Explain(c)!.Split('\n')).Where(l => !l.StartsWith("wrong:") && !l.StartsWith("right:")), line => Assert.InRange(line.Length, 0, 80));

    [Theory]
    [InlineData("E004", "a field that does not exist")]
    [InlineData("e004", "a field that does not exist")]
    [InlineData("W019", "few examples on one side")]
    public void Title_KnownCode_SaysWhatItIsAbout(string code, string title) => Assert.Equal(title, RuleErrors.Title(code));

    [Theory]
    [InlineData("E999")]
    [InlineData("")]
    [InlineData("off-channel-move")]
    public void Explain_UnknownCode_GivesNull(string code) => Assert.Null(RuleErrors.Explain(code));

    [GeneratedRegex("\"([EW]0[0-9]{2})\"")]
    private static partial Regex Code();
}
