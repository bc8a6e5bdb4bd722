using Surveillance.Rules.Source;

namespace Surveillance.Rules.Operators;

/// <summary>Every condition of a list holds.</summary>
internal sealed class All : Condition
{
    internal static readonly Operator Definition = new(
        "all",
        "Every condition of the list holds.",
        """{ "all": [ { "direction": "outbound" }, { "phrase": "text me" } ] }""",
        """{ "$ref": "#/$defs/conditions" }""",
        Read);

    private readonly Condition[] _children, _cheapestFirst;

    private All(SourceNode node, Condition[] children)
        : base(node)
    {
        _children = children;
        _cheapestFirst = [.. children.OrderBy(c => c.Cost)];
    }

    public override string Operator => Definition.Name;

    public override string Says => "all of these hold";

    public override IReadOnlyList<Condition> Children => _children;

    internal override NecessaryKey Key => NecessaryKey.Best(_children.Select(c => c.Key));

    internal override AttributeMask Mask => _children.Aggregate(AttributeMask.Everything, (mask, c) => mask.And(c.Mask));

    internal override Outcome Evaluate(Facts facts)
    {
        if (facts.Explaining)
        {
            return Explain(facts);
        }
        var state = Truth.Matched;
        foreach (var child in _cheapestFirst)
        {
            switch (child.Evaluate(facts).State)
            {
                case Truth.NotMatched:
                    return Outcome.NotMatched;
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
        var state = Array.Exists(parts, p => p.State == Truth.NotMatched) ? Truth.NotMatched
            : Array.Exists(parts, p => p.State == Truth.NotEvaluated) ? Truth.NotEvaluated : Truth.Matched;
        return new Outcome(state, ProofOf(state) with { Parts = parts });
    }

    private static All? Read(SourceNode value, SourceObject node, ConditionContext context)
    {
        if (ConditionParser.ReadList(value, Definition.Name, context) is not { } children)
        {
            return null;
        }
        return Contradictions.Report(children, context) ? null : new All(node, children);
    }
}
