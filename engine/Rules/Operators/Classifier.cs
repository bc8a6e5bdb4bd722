using Surveillance.Rules.Source;

namespace Surveillance.Rules.Operators;

/// <summary>A classifier's score reaches a threshold.</summary>
internal sealed class Classifier : Condition
{
    internal static readonly Operator Definition = new(
        "classifier",
        "The score of the classifier is at least so high. Not evaluated while its model is missing.",
        """{ "classifier": { "name": "marketing", "atLeast": 0.8 } }""",
        """
        { "type": "object", "additionalProperties": false, "required": ["name", "atLeast"], "properties": {
            "name": { "type": "string", "minLength": 1, "description": "The name of a folder in models." },
            "atLeast": { "type": "number", "minimum": 0, "maximum": 1 } } }
        """,
        Read);

    private readonly double _atLeast;

    private Classifier(SourceNode node, string name, double atLeast)
        : base(node)
    {
        Name = name;
        _atLeast = atLeast;
    }

    public override string Operator => Definition.Name;

    public override string Says => $"the classifier {Name} gives at least {Options.Say(_atLeast)}";

    public override IEnumerable<ConditionReference> References => [new ConditionReference("classifier", Name)];

    internal string Name { get; }

    internal override NecessaryKey Key => NecessaryKey.OfScore(Name, _atLeast);

    internal override Outcome Evaluate(Facts facts)
    {
        var threshold = facts.Explaining ? "at least " + Options.Say(_atLeast) : null;
        return facts.Hits.ScoreOf(Name) is { } score
            ? Result(facts, score >= _atLeast, facts.Explaining ? Options.Say(score) : null, threshold)
            : Result(facts, Truth.NotEvaluated, null, threshold, $"the model of the classifier {Name} is missing");
    }

    private static Classifier? Read(SourceNode value, SourceObject node, ConditionContext context)
    {
        if (Options.Object(value, Definition.Name, "an object with \"name\" and \"atLeast\"", context, "name", "atLeast") is not { } fields)
        {
            return null;
        }
        var atLeast = fields.Probability("atLeast", required: true);
        if (fields.TextNode("name", required: true) is not { } name)
        {
            return null;
        }
        if (!context.Classifiers.Contains(name.Value))
        {
            context.UnknownName("classifier", name);
            return null;
        }
        if (atLeast is 0)
        {
            context.Diagnostics.Error("E015", fields.Node("atLeast")!.Span, "a score of at least 0 always holds", help: "write a threshold above 0");
            return null;
        }
        return atLeast is null ? null : new Classifier(node, name.Value, atLeast.Value);
    }
}
