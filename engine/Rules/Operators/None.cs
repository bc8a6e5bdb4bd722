using Surveillance.Rules.Source;

namespace Surveillance.Rules.Operators;

/// <summary>No condition of a list holds.</summary>
internal sealed class None : Condition
{
    internal static readonly Operator Definition = new(
        "none",
        "No condition of the list holds.",
        """{ "none": [ { "lexicon": "private-life" } ] }""",
        """{ "$ref": "#/$defs/conditions" }""",
        Read);

    private readonly Condition[] _children, _cheapestFirst;

    private None(SourceNode node, Condition[] children)
        : base(node)
    {
        _children = children;
        _cheapestFirst = [.. children.OrderBy(c => c.Cost)];
    }

    public override string Operator => Definition.Name;

    public override string Says => _children.Length == 1 ? "this does not hold" : "none of these holds";

    public override IReadOnlyList<Condition> Children => _children;

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
                case Truth.Matched:
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
        var state = Array.Exists(parts, p => p.State == Truth.Matched) ? Truth.NotMatched
            : Array.Exists(parts, p => p.State == Truth.NotEvaluated) ? Truth.NotEvaluated : Truth.Matched;
        return new Outcome(state, ProofOf(state) with { Parts = parts });
    }

    private static None? Read(SourceNode value, SourceObject node, ConditionContext context) =>
        ConditionParser.ReadList(value, Definition.Name, context) is { } children ? new None(node, children) : null;
}
