using Surveillance.Alerting;

namespace Surveillance.Dashboard.Alerts;

/// <summary>A clause of the sentence that says why a rule fired.</summary>
/// <param name="Text">The words, without a full stop.</param>
/// <param name="Number">The number of the condition it comes from; 0 when that has no evidence.</param>
/// <param name="After">What follows the number, such as " (2 words apart)"; null for nothing.</param>
public sealed record SentenceClause(string Text, int Number, string? After = null);

/// <summary>Says in one sentence why a rule fired: the conditions that held, in the order of the rule.</summary>
public static class ProofSentence
{
    private const int MostClauses = 6;

    /// <summary>The clauses, to be joined by commas and a last "and".</summary>
    /// <param name="proof">Why the match held.</param>
    /// <param name="numbers">The numbers of its conditions.</param>
    public static IReadOnlyList<SentenceClause> Of(MatchProof proof, ConditionNumbers numbers)
    {
        var clauses = new List<SentenceClause>();
        Walk(proof.When, numbers, clauses);
        // What has evidence says most; what merely describes the message comes after.
        var ordered = clauses.OrderBy(c => c.Number == 0 ? 1 : 0).ToList();
        return ordered.Count <= MostClauses ? ordered : [.. ordered.Take(MostClauses), new SentenceClause(ordered.Count == MostClauses + 1 ? "one more condition held" : $"{ordered.Count - MostClauses} more conditions held", 0)];
    }

    private static void Walk(ProofNode node, ConditionNumbers numbers, List<SentenceClause> clauses)
    {
        if (node.State != ProofState.Matched)
        {
            return;
        }
        if (node.Operator is "all" or "any" or "atLeast")
        {
            foreach (var part in node.Parts)
            {
                Walk(part, numbers, clauses);
            }
        }
        else if (node.Operator is "none")
        {
            clauses.AddRange(node.Parts.Select(part => new SentenceClause("it is not so that " + part.Says, 0)));
        }
        else
        {
            var parts = node.Parts.Where(p => p.State == ProofState.Matched).ToList();
            if (parts.Count < 2)
            {
                clauses.Add(new SentenceClause(node.Says, numbers.Find(node.Path)));
                return;
            }
            // near and sequence say how two conditions stand to each other: the two tell more than "the second of these".
            var start = clauses.Count;
            foreach (var part in parts)
            {
                Walk(part, numbers, clauses);
            }
            if (node.Value is { } value && clauses.Count > start)
            {
                clauses[^1] = clauses[^1] with { After = " (" + value + ")" };
            }
        }
    }
}
