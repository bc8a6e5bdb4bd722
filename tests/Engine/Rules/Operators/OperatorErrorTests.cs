using Surveillance.Rules;

namespace Surveillance.Engine.Tests.Rules.Operators;

public sealed class OperatorErrorTests
{
    public static TheoryData<string> Operators => [.. RuleOperators.All.Select(o => o.Name)];

    [Theory]
    [MemberData(nameof(Operators))]
    public void Example_OfEveryOperator_IsReadWhenItsNamesAreDefined(string name)
    {
        var example = RuleOperators.Find(name)!.Example.Replace("off-channel-invitations", "invitations").Replace("private-channels", "invitations").Replace("private-life", "invitations");

        Assert.Empty(Judged.Errors(example));
    }

    [Theory]
    [MemberData(nameof(Operators))]
    public void Read_WrongKindOfValue_IsReportedOnce(string name)
    {
        foreach (var value in new[] { "7", "true", "[[]]" })
        {
            Assert.Equal("E006", Assert.Single(Judged.Errors($$"""{ "{{name}}": {{value}} }""")).Code);
        }
    }

    [Theory]
    [InlineData("""{ "all": [ { "channel": "email" }, { "channel": "voice" } ] }""", "E015")]
    [InlineData("""{ "all": [ { "direction": "inbound" }, { "all": [ { "direction": ["outbound", "internal"] } ] } ] }""", "E015")]
    [InlineData("""{ "any": [ { "channel": "email" }, { "channel": "voice" } ] }""", null)]
    [InlineData("""{ "all": [ { "channel": ["email", "sms"] }, { "channel": ["sms", "voice"] } ] }""", null)]
    [InlineData("""{ "atLeast": { "count": 2, "of": [ { "phrase": "text me" } ] } }""", "E015")]
    [InlineData("""{ "atLeast": { "count": 0, "of": [ { "phrase": "text me" } ] } }""", "E007")]
    [InlineData("""{ "lexicon": { "name": "invitations", "distinct": 6 } }""", "E015")]
    [InlineData("""{ "classifier": { "name": "marketing", "atLeast": 0 } }""", "E015")]
    [InlineData("""{ "consent": { "purpose": "marketing", "state": ["granted", "withdrawn", "objected", "soft-opt-in", "none"] } }""", "E015")]
    [InlineData("""{ "participants": { "side": "from" } }""", "E015")]
    [InlineData("""{ "participants": { "side": "from", "role": "client", "atLeast": 2 } }""", "E015")]
    [InlineData("""{ "phrase": { "anyOf": [] } }""", "E025")]
    [InlineData("""{ "none": [] }""", "E025")]
    [InlineData("""{ "channel": [] }""", "E025")]
    [InlineData("""{ "lexicon": "invitation" }""", "E014")]
    [InlineData("""{ "participants": { "side": "to", "list": "captive" } }""", "E014")]
    [InlineData("""{ "classifier": { "name": "marketting", "atLeast": 0.5 } }""", "E014")]
    [InlineData("""{ "near": { "first": { "phrase": "a" }, "second": { "consent": { "purpose": "marketing", "state": "none" } }, "words": 3 } }""", "E009")]
    [InlineData("""{ "near": { "first": { "phrase": "a" }, "second": { "phrase": "b" }, "words": 0 } }""", "E007")]
    [InlineData("""{ "sequence": { "first": { "any": [ { "sequence": { "first": { "phrase": "a" }, "then": { "phrase": "b" }, "within": "1h" } } ] }, "then": { "phrase": "c" }, "within": "1h" } }""", "E009")]
    [InlineData("""{ "language": "English" }""", "E024")]
    [InlineData("""{ "pii": "pasport" }""", "E024")]
    public void Read_Contradiction_HasItsCode(string when, string? code) => Assert.Equal(code is null ? [] : [code], Judged.Errors(when).Select(d => d.Code));

    [Theory]
    [InlineData("""{ "channel": "voice" }""", true)]
    [InlineData("""{ "all": [ { "phrase": "text me" }, { "direction": "inbound" } ] }""", true)]
    [InlineData("""{ "any": [ { "channel": "voice" }, { "phrase": "text me" } ] }""", false)]
    [InlineData("""{ "channel": ["voice", "whatsapp"] }""", false)]
    public void Read_WhenOutsideAppliesTo_CanNeverFire(string when, bool refused)
    {
        var result = Judged.Read(Judged.RuleFile(when, appliesTo: """{ "channel": ["whatsapp", "wechat"], "direction": "outbound" }"""));

        Assert.Equal(refused ? ["E015"] : [], result.Diagnostics.Where(d => d.Severity == Surveillance.Rules.Source.DiagnosticSeverity.Error).Select(d => d.Code));
    }
}
