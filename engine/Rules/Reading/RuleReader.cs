using System.Security.Cryptography;
using System.Text;
using Surveillance.Messages;
using Surveillance.Rules.Operators;
using Surveillance.Rules.Source;

namespace Surveillance.Rules.Reading;

/// <summary>Turns a rule's file into the rule.</summary>
internal static class RuleReader
{
    /// <summary>The fields of a rule file in the order in which they are written.</summary>
    internal static readonly string[] Fields =
    [
        "$schema", "id", "version", "family", "severity", "title", "why", "references", "misses", "owner", "reviewBy", "appliesTo", "when", "unless", "alert", "tests",
    ];

    /// <summary>The fields that say which messages a rule looks at.</summary>
    internal static readonly string[] AppliesToFields = ["channel", "direction", "kind"];

    /// <summary>The fields that say what makes matches one alert.</summary>
    internal static readonly string[] AlertFields = ["groupBy", "within"];

    /// <summary>The alert's time when the file says none.</summary>
    internal static readonly TimeSpan UsualWithin = TimeSpan.FromHours(24);

    /// <summary>Cases on either side under which a warning is given.</summary>
    internal const int FewCases = 3;

    /// <summary>Reads a rule; null after an error.</summary>
    /// <param name="root">The file's value.</param>
    /// <param name="folder">The name of its folder.</param>
    /// <param name="stem">The name of its file without <c>.json</c>.</param>
    /// <param name="context">What it may refer to, and where errors go.</param>
    internal static Rule? Read(SourceNode root, string folder, string stem, ConditionContext context)
    {
        var diagnostics = context.Diagnostics;
        if (BookFile.Object(root, "rule", diagnostics) is not { } node)
        {
            return null;
        }
        var fields = new FieldReader(node, diagnostics, Fields);
        var id = BookFile.Id(fields, stem, "rule", diagnostics);
        var version = fields.Integer("version", 1, int.MaxValue, required: true);
        var family = ReadFamily(fields, folder, diagnostics);
        var severity = fields.Word<Severity>("severity", required: true);
        var title = fields.Text("title", required: true);
        var why = fields.Text("why", required: true);
        var references = fields.Texts("references");
        var misses = fields.Text("misses");
        var owner = fields.Text("owner", required: true);
        var reviewBy = fields.Day("reviewBy");
        var appliesToNode = fields.Object("appliesTo");
        var appliesTo = ReadAppliesTo(appliesToNode, diagnostics);
        var when = fields.Node("when", required: true) is { } whenNode and not SourceUnreadable ? ConditionParser.Read(whenNode, context) : null;
        var unless = fields.Node("unless") is { } unlessNode and not SourceUnreadable ? ConditionParser.Read(unlessNode, context) : null;
        if (when is not null)
        {
            Contradictions.ReportOutside(appliesTo, appliesToNode, when, context);
        }
        var (grouping, within) = ReadAlert(fields.Object("alert"), diagnostics);
        var tests = ReadTests(fields, node, appliesTo, diagnostics);
        if (id is null || version is null || family is null || severity is null || title is null || why is null || owner is null || when is null || tests is null)
        {
            return null;
        }
        var referred = when.References.Concat(unless?.References ?? []).ToArray();
        string[] Named(string kind) => [.. referred.Where(r => r.Kind == kind).Select(r => r.Name).Distinct().Order(StringComparer.Ordinal)];
        var rule = new Rule
        {
            Id = id,
            Version = version.Value,
            Family = family,
            Severity = severity.Value,
            Title = title,
            Why = why,
            References = references ?? [],
            Misses = misses,
            Owner = owner,
            ReviewBy = reviewBy,
            AppliesTo = appliesTo,
            When = when,
            Unless = unless,
            Grouping = grouping,
            GroupWithin = within,
            Tests = tests,
            Path = node.Span.File.Path,
            Hash = "",
            ReferredLexicons = Named("lexicon"),
            ReferredLists = Named("list"),
            ReferredClassifiers = Named("classifier"),
        };
        return rule with { Hash = HashOf(rule, node, context) };
    }

    private static string HashOf(Rule rule, SourceObject node, ConditionContext context)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(CanonicalJson.Bytes(node, "tests", "$schema"));
        foreach (var name in rule.ReferredLexicons)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\nlexicon {name} {context.Lexicons[name].Hash}"));
        }
        foreach (var name in rule.ReferredLists)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\nlist {name} {context.Lists[name].Hash}"));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string? ReadFamily(FieldReader fields, string folder, Diagnostics diagnostics)
    {
        if (fields.TextNode("family", required: true) is not { } node)
        {
            return null;
        }
        if (!RuleFamilies.All.Contains(node.Value))
        {
            fields.UnknownWord("family", node, RuleFamilies.All);
            return null;
        }
        if (node.Value != folder)
        {
            diagnostics.Error("E021", node.Span, $"family \"{node.Value}\" differs from the folder \"{Shown.Clip(folder)}\"",
                help: RuleFamilies.All.Contains(folder) ? $"write `{folder}`, or move the file to {node.Value}/" : $"move the file to {node.Value}/");
            return null;
        }
        return node.Value;
    }

    private static AppliesTo ReadAppliesTo(SourceObject? node, Diagnostics diagnostics)
    {
        if (node is null)
        {
            return AppliesTo.Everything;
        }
        var fields = new FieldReader(node, diagnostics, AppliesToFields);
        return new AppliesTo(fields.Words<Channel>("channel"), fields.Words<Direction>("direction"), fields.Words<MessageKind>("kind"));
    }

    private static (Grouping Grouping, TimeSpan Within) ReadAlert(SourceObject? node, Diagnostics diagnostics)
    {
        if (node is null)
        {
            return (Grouping.Conversation, UsualWithin);
        }
        var fields = new FieldReader(node, diagnostics, AlertFields);
        return (fields.Word<Grouping>("groupBy") ?? Grouping.Conversation, fields.Duration("within") ?? UsualWithin);
    }

    private static RuleTests? ReadTests(FieldReader fields, SourceObject rule, AppliesTo appliesTo, Diagnostics diagnostics)
    {
        if (!fields.MeantElsewhere("tests") && rule.Find("tests") is null or { Value: SourceNull })
        {
            diagnostics.Error("E019", FieldReader.Opening(rule), "no example expected to match",
                note: "a rule without tests is not known to work", help: "add `\"tests\": { \"firesOn\": [ \"…\" ], \"silentOn\": [ \"…\" ] }`");
            return null;
        }
        if (fields.Object("tests") is not { } node)
        {
            return null;
        }
        var tests = new FieldReader(node, diagnostics, "firesOn", "silentOn");
        var firesOn = ReadCases(tests, node, "firesOn", "no example expected to match", appliesTo, diagnostics);
        var silentOn = ReadCases(tests, node, "silentOn", "no example expected to stay silent", appliesTo, diagnostics);
        return firesOn is null || silentOn is null ? null : new RuleTests(firesOn, silentOn);
    }

    private static List<RuleTestCase>? ReadCases(FieldReader tests, SourceObject node, string name, string missing, AppliesTo appliesTo, Diagnostics diagnostics)
    {
        if (tests.MeantElsewhere(name))
        {
            return null;
        }
        var member = node.Find(name);
        if (member is null or { Value: SourceNull } or { Value: SourceArray { Items.Count: 0 } })
        {
            diagnostics.Error("E019", member is null ? FieldReader.Opening(node) : member.NameSpan, missing,
                note: name == "silentOn" ? "what a rule must leave alone tells its quality" : "a rule without tests is not known to work", help: $"add `\"{name}\": [ \"…\" ]`");
            return null;
        }
        if (tests.Array(name) is not { } list)
        {
            return null;
        }
        var cases = list.Items.Select(item => TestCaseReader.Read(item, appliesTo, diagnostics)).ToArray();
        if (list.Items.Count < FewCases)
        {
            diagnostics.Warning("W019", member.NameSpan, name == "firesOn"
                ? $"only {Count(list.Items.Count)} expected to match"
                : $"only {Count(list.Items.Count)} expected to stay silent", help: name == "firesOn" ? "add other ways of saying it" : "add near-misses: ordinary messages that look alike");
        }
        return System.Array.Exists(cases, c => c is null) ? null : [.. cases.OfType<RuleTestCase>()];
    }

    private static string Count(int count) => count == 1 ? "one example" : count == 2 ? "two examples" : $"{count} examples";
}
