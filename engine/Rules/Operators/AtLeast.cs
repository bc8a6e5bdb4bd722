using System.Globalization;
using Surveillance.Rules.Source;

namespace Surveillance.Rules.Operators;

/// <summary>So many conditions of a list hold.</summary>
internal sealed class AtLeast : Condition
{
    internal static readonly Operator Definition = new(
        "atLeast",
        "At least so many conditions of the list hold.",
        """{ "atLeast": { "count": 2, "of": [ { "phrase": "risk free" }, { "phrase": "guaranteed" }, { "phrase": "act now" } ] } }""",
        """
        { "type": "object", "additionalProperties": false, "required": ["count", "of"], "properties": {
            "count": { "type": "integer", "minimum": 1, "description": "How many must hold." },
            "of": { "$ref": "#/$defs/conditions" } } }
        """,
        Read);

    private readonly Condition[] _children;
    private readonly int _count;

    private AtLeast(SourceNode node, int count, Condition[] children)
        : base(node)
    {
        _count = count;
        _children = children;
    }

    public override string Operator => Definition.Name;

    public override string Says => $"at least {_count} of these hold";

    public override IReadOnlyList<Condition> Children => _children;

    internal override NecessaryKey Key => NecessaryKey.AtLeast(_count, [.. _children.Select(c => c.Key)]);

    internal override AttributeMask Mask => _children.Aggregate(default(AttributeMask), (mask, c) => mask.Or(c.Mask));

    internal override Outcome Evaluate(Facts facts)
    {
        int matched = 0, open = 0;
        var parts = facts.Explaining ? new ConditionProof[_children.Length] : [];
        for (var i = 0; i < _children.Length; i++)
        {
            var outcome = _children[i].Evaluate(facts);
            matched += outcome.State == Truth.Matched ? 1 : 0;
            open += outcome.State == Truth.NotEvaluated ? 1 : 0;
            if (outcome.Proof is { } proof)
            {
                parts[i] = proof;
            }
            else if (matched >= _count || matched + open + (_children.Length - 1 - i) < _count)
            {
                break;
            }
        }
        var state = matched >= _count ? Truth.Matched : matched + open >= _count ? Truth.NotEvaluated : Truth.NotMatched;
        return facts.Explaining
            ? new Outcome(state, ProofOf(state) with
            {
                Value = matched.ToString(CultureInfo.InvariantCulture), Threshold = string.Create(CultureInfo.InvariantCulture, $"at least {_count}"), Parts = parts,
            })
            : new Outcome(state);
    }

    private static AtLeast? Read(SourceNode value, SourceObject node, ConditionContext context)
    {
        var fields = Options.Object(value, Definition.Name, "an object with \"count\" and \"of\"", context, "count", "of");
        if (fields is null)
        {
            return null;
        }
        var count = fields.Integer("count", 1, int.MaxValue, required: true);
        var children = fields.Node("of", required: true) is { } list ? ConditionParser.ReadList(list, "of", context) : null;
        if (fields.Array("of") is { Items.Count: var given } && count > given && given > 0)
        {
            context.Diagnostics.Error(
                "E015", fields.Node("count")!.Span, $"\"at least {count} of {Options.Count(given, "condition")}\" can never be met",
                help: given == 1 ? "write the condition alone" : $"write a count of at most {given}, or `all`");
            return null;
        }
        return count is null || children is null ? null : new AtLeast(node, count.Value, children);
    }
}
