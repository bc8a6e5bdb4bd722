using System.Text.Json;
using System.Text.Json.Nodes;
using Surveillance.Rules;
using Surveillance.Rules.Reading;
using Surveillance.Rules.Source;

using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Rules;

/// <summary>The two files that are made from the operators. Write them anew with the environment variable SURVEILLANCE_WRITE_GOLDEN=1.</summary>
public sealed class RuleSchemaTests
{
    private static readonly JsonElement s_schema = JsonDocument.Parse(RuleSchema.Generate()).RootElement;

    public static TheoryData<string> Operators => [.. RuleOperators.All.Select(o => o.Name)];

    [Fact]
    public void Schema_InTheRepository_IsWhatTheOperatorsGive() => AssertCommitted(Repository.At("rules.schema.json"), RuleSchema.Generate());

    [Fact]
    public void Reference_InTheRepository_IsWhatTheOperatorsGive() => AssertCommitted(Repository.At("docs", "rule-language.md"), RuleReference.Generate());

    [Theory]
    [InlineData("", nameof(RuleReader.Fields))]
    [InlineData("appliesTo", nameof(RuleReader.AppliesToFields))]
    [InlineData("alert", nameof(RuleReader.AlertFields))]
    public void Schema_OfRule_HasTheFieldsThatAreRead(string property, string fields)
    {
        var schema = property.Length == 0 ? s_schema : s_schema.GetProperty("properties").GetProperty(property);

        Assert.Equal(fields switch { "Fields" => RuleReader.Fields, "AppliesToFields" => RuleReader.AppliesToFields, _ => RuleReader.AlertFields }, PropertiesOf(schema));
    }

    [Fact]
    public void Schema_OfOtherFiles_HasTheFieldsThatAreRead()
    {
        var definitions = s_schema.GetProperty("$defs");

        Assert.Equal(LexiconReader.Fields, PropertiesOf(definitions.GetProperty("lexicon")));
        Assert.Equal(ListReader.Fields, PropertiesOf(definitions.GetProperty("list")));
        Assert.Equal(TestCaseReader.MessageFields.Order(), PropertiesOf(definitions.GetProperty("message")).Order());
        Assert.Equal(TestCaseReader.ConsentFields, PropertiesOf(definitions.GetProperty("consentEntry")));
        Assert.Equal(TestCaseReader.CaseFields, PropertiesOf(definitions.GetProperty("cases").GetProperty("items").GetProperty("oneOf")[1]));
        Assert.Equal(TestCaseReader.ParticipantFields, PropertiesOf(definitions.GetProperty("participant").GetProperty("oneOf")[1]));
        Assert.Equal(LexiconReader.PhraseFields, PropertiesOf(definitions.GetProperty("lexicon").GetProperty("properties").GetProperty("phrases").GetProperty("items").GetProperty("oneOf")[1]));
        Assert.Equal(ListReader.EntryFields, PropertiesOf(definitions.GetProperty("list").GetProperty("properties").GetProperty("entries").GetProperty("items").GetProperty("oneOf")[1]));
    }

    [Fact]
    public void Schema_References_AllLeadSomewhere()
    {
        var targets = RuleSchema.Generate().Split('"').Where(w => w.StartsWith("#/$defs/", StringComparison.Ordinal)).Select(w => w[8..]).Distinct();

        Assert.Empty(targets.Except(PropertiesOf(s_schema.GetProperty("$defs"), "")));
    }

    [Theory]
    [MemberData(nameof(Operators))]
    public void Schema_ExampleOfOperator_IsAccepted(string name)
    {
        var example = JsonNode.Parse(RuleOperators.Find(name)!.Example)!;
        var rule = JsonNode.Parse(File.ReadAllText(Repository.At("tests", "Engine", "Rules", "Errors", "one-sided-tests.json")))!;
        rule["when"] = example;

        Assert.Empty(SmallSchemaCheck.Errors(s_schema, JsonDocument.Parse(rule.ToJsonString()).RootElement));
    }

    [Theory]
    [MemberData(nameof(ErrorGalleryTests.Mistakes), MemberType = typeof(ErrorGalleryTests))]
    public void Schema_FileThatLoads_IsAccepted(string mistake)
    {
        if (ErrorGalleryTests.Load(mistake) is { Book: not null } && mistake is not ("byte-order-mark" or "folder-unknown"))
        {
            var schema = mistake.StartsWith("lexicon-", StringComparison.Ordinal) ? s_schema.GetProperty("$defs").GetProperty("lexicon")
                : mistake.StartsWith("list-", StringComparison.Ordinal) ? s_schema.GetProperty("$defs").GetProperty("list") : s_schema;

            Assert.Empty(SmallSchemaCheck.Errors(s_schema, schema, JsonDocument.Parse(File.ReadAllText(Repository.At("tests", "Engine", "Rules", "Errors", mistake + ".json"))).RootElement));
        }
    }

    [Fact]
    public void Schema_EveryFileOfTheRuleBook_IsAccepted()
    {
        var errors = new List<string>();
        foreach (var path in Directory.EnumerateFiles(Repository.At("rules"), "*.json", SearchOption.AllDirectories))
        {
            var folder = Path.GetFileName(Path.GetDirectoryName(path)!);
            if (folder is "retired" or "rules")
            {
                continue;
            }
            var schema = folder switch { "lexicons" => s_schema.GetProperty("$defs").GetProperty("lexicon"), "lists" => s_schema.GetProperty("$defs").GetProperty("list"), _ => s_schema };
            using var file = JsonDocument.Parse(File.ReadAllText(path));
            errors.AddRange(SmallSchemaCheck.Errors(s_schema, schema, file.RootElement).Select(e => Path.GetFileName(path) + ": " + e));
        }
        Assert.Empty(errors);
    }

    private static IEnumerable<string> PropertiesOf(JsonElement schema, string under = "properties") =>
        (under.Length == 0 ? schema : schema.GetProperty(under)).EnumerateObject().Select(p => p.Name);

    private static void AssertCommitted(string path, string made)
    {
        if (Environment.GetEnvironmentVariable("SURVEILLANCE_WRITE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, made);
        }
        Assert.Equal(File.ReadAllText(path), made);
    }
}
