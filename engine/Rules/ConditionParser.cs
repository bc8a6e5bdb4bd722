using Surveillance.Messages;
using Surveillance.Rules.Source;

namespace Surveillance.Rules;

/// <summary>Reads condition objects: each has exactly one key, which names its operator.</summary>
internal static class ConditionParser
{
    /// <summary>The deepest nesting of conditions.</summary>
    internal const int MaxDepth = 32;

    /// <summary>Words of other rule languages, and what they are called here.</summary>
    private static readonly Dictionary<string, string> Synonyms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["and"] = "all", ["or"] = "any", ["not"] = "none", ["contains"] = "phrase", ["contain"] = "phrase", ["keyword"] = "phrase", ["keywords"] = "phrase", ["words"] = "phrase",
        ["phrases"] = "phrase", ["pattern"] = "regex", ["matches"] = "regex", ["model"] = "classifier", ["score"] = "classifier", ["entity"] = "pii",
        ["within"] = "near", ["proximity"] = "near", ["role"] = "participants", ["recipients"] = "participants", ["template"] = "templateCategory",
        ["window24h"] = "insideServiceWindow", ["followedBy"] = "sequence", ["file"] = "attachment", ["optIn"] = "consent", ["optOut"] = "consent",
    };

    /// <summary>Reads a condition and everything inside it; null after an error, which is then in the context's diagnostics.</summary>
    /// <param name="node">Where the condition stands.</param>
    /// <param name="context">What the rule book knows, and where errors go.</param>
    internal static Condition? Read(SourceNode node, ConditionContext context)
    {
        if (node is SourceUnreadable)
        {
            return null;
        }
        if (node is not SourceObject written)
        {
            context.Diagnostics.Error("E006", node is SourceArray ? FieldReader.Opening(node) : node.Span, $"a condition is an object with one operator, found {FieldReader.Describe(node)}", help: "write for example `{ \"phrase\": \"text me\" }`");
            return null;
        }
        if (Depth(node.Pointer) > MaxDepth * 2)
        {
            context.Diagnostics.Error("E009", node.Span, $"conditions are nested more than {MaxDepth} deep");
            return null;
        }
        if (written.Members.Count == 0)
        {
            context.Diagnostics.Error("E009", node.Span, "a condition has one operator, found none", help: OperatorList());
            return null;
        }
        var known = written.Members.Where(m => RuleOperators.Find(m.Name) is not null).ToList();
        var unknown = written.Members.Where(m => RuleOperators.Find(m.Name) is null).ToList();
        if (known.Count == 0)
        {
            ReportUnknown(unknown[0], context);
            return null;
        }
        if (known.Count > 1)
        {
            context.Diagnostics.Error(
                "E009", known[1].NameSpan, $"a condition has one operator, found {string.Join(" and ", known.Select(m => $"\"{m.Name}\""))}",
                help: $"wrap them: `\"all\": [ {string.Join(", ", known.Select(m => $"{{ \"{m.Name}\": … }}"))} ]`, or `any` when one of them is enough",
                related: new RelatedPlace(known[0].NameSpan, $"the first is \"{known[0].Name}\""));
            return null;
        }
        if (unknown.Count > 0)
        {
            var inside = known[0].Name;
            context.Diagnostics.Error(
                "E009", unknown[0].NameSpan, $"a condition has one operator, found \"{inside}\" and the unknown \"{Shown.Clip(unknown[0].Name)}\"",
                help: $"an option of `{inside}` stands inside its braces: `\"{inside}\": {{ …, \"{Shown.Clip(unknown[0].Name)}\": … }}`");
            return null;
        }
        return RuleOperators.Find(known[0].Name)!.Read(known[0].Value, written, context);
    }

    /// <summary>Reads a list of conditions; null after an error in any of them or where there is none.</summary>
    /// <param name="value">Where the list stands.</param>
    /// <param name="operator">The operator whose list it is.</param>
    /// <param name="context">What the rule book knows, and where errors go.</param>
    internal static Condition[]? ReadList(SourceNode value, string @operator, ConditionContext context)
    {
        if (value is SourceUnreadable)
        {
            return null;
        }
        if (value is not SourceArray list)
        {
            context.Diagnostics.Error("E006", value.Span, $"\"{@operator}\" needs a list of conditions, found {FieldReader.Describe(value)}", help: "put it in brackets: `[ … ]`");
            return null;
        }
        if (list.Items.Count == 0)
        {
            context.Diagnostics.Error("E025", value.Span, $"\"{@operator}\" is an empty list", note: "a condition over nothing would always or never hold", help: "add a condition, or take the operator out");
            return null;
        }
        var read = list.Items.Select(item => Read(item, context)).OfType<Condition>().ToArray();
        return read.Length < list.Items.Count ? null : read;
    }

    private static void ReportUnknown(SourceMember member, ConditionContext context)
    {
        var names = RuleOperators.All.Select(o => o.Name);
        var nearest = Synonyms.TryGetValue(member.Name, out var synonym) ? synonym : NearestName.Find(member.Name, names);
        if (nearest is null && NearestName.Find(member.Name, Synonyms.Keys) is { } alike)
        {
            nearest = Synonyms[alike];
        }
        context.Diagnostics.Error(
            "E008", member.NameSpan, $"\"{Shown.Clip(member.Name)}\" is not a condition", note: OperatorList(),
            help: nearest is null ? null : $"`{nearest}` is one: `{RuleOperators.Find(nearest)!.Example}`");
    }

    private static string OperatorList() => "conditions are: " + string.Join(", ", RuleOperators.All.Select(o => o.Name));

    private static int Depth(string pointer) => pointer.AsSpan().Count('/');
}
