using System.Text.Json;
using Surveillance.Tests;
using Surveillance.Tests.Drills;

namespace Surveillance.Dashboard.Tests.Commands;

/// <summary><c>surveillance rules …</c> as a process: exit codes, what goes where, and no escape byte where nobody looks.</summary>
public sealed class RulesCommandTests : IDisposable
{
    private const string Rule = """
        { "id": "meet-outside", "version": 1, "family": "off-channel", "severity": "low",
          "title": "Talk moved outside", "why": "An example of the tests.", "owner": "compliance",
          "when": { "lexicon": "outside" },
          "tests": { "firesOn": [ "let us talk in the park", "a talk in the park?", "we talk in the park at noon" ], "silentOn": [ "the park is closed", "park the car, then we talk", "no talking in parks" ] } }
        """;

    private readonly TemporaryFolder _folder = new();

    public RulesCommandTests()
    {
        Directory.CreateDirectory(_folder.File("rules/off-channel"));
        Directory.CreateDirectory(_folder.File("rules/lexicons"));
        Write("off-channel/meet-outside.json", Rule);
        Write("lexicons/outside.json", """{ "id": "outside", "version": 1, "title": "Outside", "phrases": [ "talk in the park" ] }""");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Check_Good_Exits0WithTheTotals()
    {
        var (code, output, error) = await RunAsync("rules", "check");
        Assert.Equal((0, "1 rule, 1 lexicon, 0 lists: no errors, 0 warnings\n", ""), (code, output, error));
    }

    [Fact]
    public async Task Check_WhatIsShipped_HasNoFindings()
    {
        var (code, _, error) = await RunAsync("rules", "check", Path.Combine(AppContext.BaseDirectory, "rules"), "--deny-warnings");
        Assert.Equal((0, ""), (code, error));
    }

    [Fact]
    public async Task Check_Broken_Exits1WithCodePlaceMarkAndHelp()
    {
        Write("off-channel/meet-outside.json", Rule.Replace("\"outside\"", "\"outsid\"", StringComparison.Ordinal).Replace("\"severity\": \"low\"", "\"severity\": \"lov\"", StringComparison.Ordinal));
        var (code, output, error) = await RunAsync("rules", "check");
        Assert.Equal((1, "2 errors, 0 warnings\n"), (code, output));
        Assert.Contains(
            """
            error[E014]: lexicon "outsid" is not defined
              --> rules/off-channel/meet-outside.json:3:24
              3 |   "when": { "lexicon": "outsid" },
                |                        ^^^^^^^^
            """, error, StringComparison.Ordinal);
        Assert.Contains("`outside`", error, StringComparison.Ordinal);
        Assert.Contains("  --> rules/off-channel/meet-outside.json:1:76\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_BrokenAsJson_IsOneDocument()
    {
        Write("off-channel/meet-outside.json", Rule.Replace("\"outside\"", "\"outsid\"", StringComparison.Ordinal));
        var (code, output, error) = await RunAsync("rules", "check", "--json");
        Assert.Equal((1, ""), (code, error));
        using var json = JsonDocument.Parse(output);
        var finding = Assert.Single(json.RootElement.EnumerateArray());
        Assert.Equal(("E014", 3, 24), (finding.GetProperty("code").GetString(), finding.GetProperty("line").GetInt32(), finding.GetProperty("column").GetInt32()));
    }

    [Fact]
    public async Task Test_Failing_Exits1WithTheConditionThatDecided()
    {
        Write("off-channel/meet-outside.json", Rule.Replace("the park is closed", "a talk in the park is fine", StringComparison.Ordinal).Replace("let us talk in the park", "let us walk", StringComparison.Ordinal));
        var (code, output, error) = await RunAsync("rules", "test");
        Assert.Equal((1, ""), (code, error));
        Assert.Contains("FAIL  meet-outside v1", output, StringComparison.Ordinal);
        Assert.Contains("expected a match, the rule did not fire: let us walk", output, StringComparison.Ordinal);
        Assert.Contains("expected silence, the rule fired: a talk in the park is fine", output, StringComparison.Ordinal);
        Assert.Contains("not matched   when lexicon: a phrase of the lexicon outside is used", output, StringComparison.Ordinal);
        Assert.Matches("matched +when lexicon: a phrase of the lexicon outside is used .*\"talk in the park\"", output);
        Assert.EndsWith("1 rule: 4 passed, 2 failed\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_NothingToTest_Exits1AndSaysSo()
    {
        var (code, _, error) = await RunAsync("rules", "test", "--only", "nonsense");
        Assert.Equal(1, code);
        Assert.Contains("no rule's id holds `nonsense`", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_E014_TellsItAtLengthWithBothForms()
    {
        var (code, output, error) = await RunAsync("rules", "explain", "e014");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("E014", output, StringComparison.Ordinal);
        Assert.Contains("{ \"lexicon\": \"off-channel-invitations\" }", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_IsTheCommittedFile()
    {
        var (code, output, error) = await RunAsync("rules", "schema");
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(await File.ReadAllTextAsync(Repository.File("rules.schema.json"), TestContext.Current.CancellationToken), output);
    }

    private void Write(string file, string text) => File.WriteAllText(_folder.File("rules/" + file), text);

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var result = await ServiceProcess.RunAsync(arguments, TestContext.Current.CancellationToken, place: new ProcessPlace(_folder.Path));
        Assert.DoesNotContain('\u001b', result.Output + result.Error);
        return result;
    }
}
