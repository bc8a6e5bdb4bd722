using Surveillance.Rules.Source;

namespace Surveillance.Rules.Operators;

/// <summary>The message was made from an approved template of one of some categories.</summary>
internal sealed class TemplateCategoryIs : AttributeCondition
{
    private const string NoTemplate = "none";

    internal static readonly Operator Definition = new(
        "templateCategory",
        "The message was made from an approved template of one of these categories; `none` stands for no template. Not evaluated where the category of a template is not known.",
        """{ "templateCategory": ["marketing", "none"] }""", OneOrMore("""{ "type": "string", "pattern": "^[a-z_-]+$", "examples": ["marketing", "utility", "authentication", "service", "none"] }"""), Read);

    private TemplateCategoryIs(SourceNode node, string[] categories)
        : base(node, categories)
    {
    }

    public override string Operator => Definition.Name;

    private protected override string Subject => "the template's category";

    internal override Outcome Evaluate(Facts facts) => facts.Message.Template switch
    {
        null => Result(facts, Values.Contains(NoTemplate), NoTemplate),
        { Category: { } category } => Result(facts, Values.Contains(category, StringComparer.OrdinalIgnoreCase), category),
        _ => Result(facts, Values is [NoTemplate] ? Truth.NotMatched : Truth.NotEvaluated, note: "the category of the template is not known"),
    };

    private static TemplateCategoryIs? Read(SourceNode value, SourceObject node, ConditionContext context) =>
        new FieldReader(node, context.Diagnostics, Definition.Name).Texts(Definition.Name, required: true) is { } categories ? new TemplateCategoryIs(node, categories) : null;
}
