using Surveillance.Rules.Source;

namespace Surveillance.Rules.Operators;

/// <summary>At least one condition of a list holds.</summary>
internal sealed class Any : ListCondition
{
    internal static readonly Operator Definition = new(
        "any",
        "At least one condition of the list holds.",
        """{ "any": [ { "phrase": "text me" }, { "lexicon": "off-channel-invitations" } ] }""",
        """{ "$ref": "#/$defs/conditions" }""",
        Read);

    private Any(SourceNode node, Condition[] children)
        : base(node, children, decisive: Truth.Matched, settled: Truth.Matched)
    {
    }

    public override string Operator => Definition.Name;

    public override string Says => "any of these holds";

    internal override NecessaryKey Key => NecessaryKey.AnyOf([.. Children.Select(c => c.Key)]);

    internal override AttributeMask Mask => Children.Aggregate(default(AttributeMask), (mask, c) => mask.Or(c.Mask));

    private static Any? Read(SourceNode value, SourceObject node, ConditionContext context) =>
        ConditionParser.ReadList(value, Definition.Name, context) is { } children ? new Any(node, children) : null;
}
