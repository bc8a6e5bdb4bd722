using Surveillance.Rules.Source;

namespace Surveillance.Rules;

/// <summary>A condition over a list of conditions that one of them can decide: Kleene's conjunction, disjunction and joint denial.</summary>
/// <param name="node">Where it stands.</param>
/// <param name="children">The conditions, in the order of the rule.</param>
/// <param name="decisive">The state of a child that settles the matter.</param>
/// <param name="settled">What then holds; the opposite holds when every child is evaluated and none is decisive.</param>
internal abstract class ListCondition(SourceNode node, Condition[] children, Truth decisive, Truth settled) : Condition(node)
{
    private readonly Condition[] _cheapestFirst = [.. children.OrderBy(c => c.Cost)];
    private readonly Truth _otherwise = settled == Truth.Matched ? Truth.NotMatched : Truth.Matched;

    public override IReadOnlyList<Condition> Children => children;

    internal override Outcome Evaluate(Facts facts)
    {
        if (facts.Explaining)
        {
            return Explain(facts);
        }
        var state = _otherwise;
        foreach (var child in _cheapestFirst)
        {
            var found = child.Evaluate(facts).State;
            if (found == decisive)
            {
                return new Outcome(settled);
            }
            if (found == Truth.NotEvaluated)
            {
                state = Truth.NotEvaluated;
            }
        }
        return new Outcome(state);
    }

    private Outcome Explain(Facts facts)
    {
        var parts = Array.ConvertAll(children, c => c.Evaluate(facts).Proof!);
        var state = Array.Exists(parts, p => p.State == decisive) ? settled
            : Array.Exists(parts, p => p.State == Truth.NotEvaluated) ? Truth.NotEvaluated : _otherwise;
        return new Outcome(state, ProofOf(state) with { Parts = parts });
    }
}
