using Surveillance.Rules.Source;

namespace Surveillance.Rules.Operators;

/// <summary>No condition of a list holds.</summary>
internal sealed class None : ListCondition
{
    internal static readonly Operator Definition = new(
        "none",
        "No condition of the list holds.",
        """{ "none": [ { "lexicon": "private-life" } ] }""",
        """{ "$ref": "#/$defs/conditions" }""",
        Read);

    private None(SourceNode node, Condition[] children)
        : base(node, children, decisive: Truth.Matched, settled: Truth.NotMatched)
    {
    }

    public override string Operator => Definition.Name;

    public override string Says => Children.Count == 1 ? "this does not hold" : "none of these holds";

    private static None? Read(SourceNode value, SourceObject node, ConditionContext context) =>
        ConditionParser.ReadList(value, Definition.Name, context) is { } children ? new None(node, children) : null;
}
