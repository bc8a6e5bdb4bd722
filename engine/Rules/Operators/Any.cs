using Surveillance.Rules.Source;

namespace Surveillance.Rules.Operators;

/// <summary>At least one condition of a list holds.</summary>
internal sealed class Any : Condition
{
    internal static readonly Operator Definition = new(
        "any",
        "At least one condition of the list holds.",
        """{ "any": [ { "phrase": "text me" }, { "lexicon": "off-channel-invitations" } ] }""",
        """{ "$ref": "#/$defs/conditions" }""",
        Read);

    private readonly Condition[] _children, _cheapestFirst;

    private Any(SourceNode node, Condition[] children)
        : base(node)
    {
        _children = children;
        _cheapestFirst = [.. children.OrderBy(c => c.Cost)];
    }

    public override string Operator => Definition.Name;

    public override string Says => "any of these holds";

    public override IReadOnlyList<Condition> Children => _children;

    internal override NecessaryKey Key => NecessaryKey.AnyOf([.. _children.Select(c => c.Key)]);

    internal override AttributeMask Mask => _children.Aggregate(default(AttributeMask), (mask, c) => mask.Or(c.Mask));

    internal override Outcome Evaluate(Facts facts)
    {
        if (facts.Explaining)
        {
            return Explain(facts);
        }
        var state = Truth.NotMatched;
        foreach (var child in _cheapestFirst)
        {
            switch (child.Evaluate(facts).State)
            {
                case Truth.Matched:
                    return Outcome.Matched;
                case Truth.NotEvaluated:
                    state = Truth.NotEvaluated;
                    break;
            }
        }
        return new Outcome(state);
    }

    private Outcome Explain(Facts facts)
    {
        var parts = Array.ConvertAll(_children, c => c.Evaluate(facts).Proof!);
        var state = Array.Exists(parts, p => p.State == Truth.Matched) ? Truth.Matched
            : Array.Exists(parts, p => p.State == Truth.NotEvaluated) ? Truth.NotEvaluated : Truth.NotMatched;
        return new Outcome(state, ProofOf(state) with { Parts = parts });
    }

    private static Any? Read(SourceNode value, SourceObject node, ConditionContext context) =>
        ConditionParser.ReadList(value, Definition.Name, context) is { } children ? new Any(node, children) : null;
}
