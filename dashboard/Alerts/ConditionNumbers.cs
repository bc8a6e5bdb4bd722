using Surveillance.Alerting;

namespace Surveillance.Dashboard.Alerts;

/// <summary>Numbers the conditions of a rule that have evidence, so that a mark in the text and a line of the tree share a number.</summary>
public sealed class ConditionNumbers
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>Numbers from 1 in the order of the rule; evidence of a part of an operator counts as the operator's, unless the part stands in the tree itself.</summary>
    /// <param name="proof">Why the match held.</param>
    /// <param name="evidence">The evidence of all matches shown.</param>
    public ConditionNumbers(MatchProof proof, IEnumerable<EvidenceSpan> evidence)
    {
        var asked = evidence.Select(e => e.Condition).ToHashSet(StringComparer.Ordinal);
        Walk(proof.When, asked);
        if (proof.Unless is { } unless)
        {
            Walk(unless, asked);
        }
        foreach (var path in asked.Where(p => Find(p) == 0).Order(StringComparer.Ordinal))
        {
            _numbers[path] = _numbers.Count + 1;
        }
    }

    /// <summary>How many conditions have evidence.</summary>
    public int Count => _numbers.Count;

    /// <summary>The number of a condition, or of the nearest condition that it is a part of; 0 when neither has evidence.</summary>
    /// <param name="path">JSON pointer of the condition.</param>
    public int Find(string path)
    {
        for (var at = path; at.Length > 0; at = at[..Math.Max(0, at.LastIndexOf('/'))])
        {
            if (_numbers.TryGetValue(at, out var number))
            {
                return number;
            }
        }
        return 0;
    }

    /// <summary>The number of exactly this condition; 0 when it has no evidence.</summary>
    /// <param name="path">JSON pointer of the condition.</param>
    public int Own(string path) => _numbers.GetValueOrDefault(path);

    private void Walk(ProofNode node, HashSet<string> asked)
    {
        var own = asked.Contains(node.Path)
            || (node.Parts.Count == 0 && asked.Any(p => p.Length > node.Path.Length && p.StartsWith(node.Path, StringComparison.Ordinal) && p[node.Path.Length] == '/'));
        if (own)
        {
            _numbers.TryAdd(node.Path, _numbers.Count + 1);
        }
        foreach (var part in node.Parts)
        {
            Walk(part, asked);
        }
    }
}
