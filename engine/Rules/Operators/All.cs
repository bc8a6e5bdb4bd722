using Surveillance.Rules.Source;

namespace Surveillance.Rules.Operators;

/// <summary>Every condition of a list holds.</summary>
internal sealed class All : ListCondition
{
    internal static readonly Operator Definition = new(
        "all",
        "Every condition of the list holds.",
        """{ "all": [ { "direction": "outbound" }, { "phrase": "text me" } ] }""",
        """{ "$ref": "#/$defs/conditions" }""",
        Read);

    private All(SourceNode node, Condition[] children)
        : base(node, children, decisive: Truth.NotMatched, settled: Truth.NotMatched)
    {
    }

    public override string Operator => Definition.Name;

    public override string Says => "all of these hold";

    internal override NecessaryKey Key => NecessaryKey.Best(Children.Select(c => c.Key));

    internal override AttributeMask Mask => Children.Aggregate(AttributeMask.Everything, (mask, c) => mask.And(c.Mask));

    private static All? Read(SourceNode value, SourceObject node, ConditionContext context)
    {
        if (ConditionParser.ReadList(value, Definition.Name, context) is not { } children)
        {
            return null;
        }
        return Contradictions.Report(children, context) ? null : new All(node, children);
    }
}
