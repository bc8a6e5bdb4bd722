using Surveillance.Rules.Source;

namespace Surveillance.Rules.Operators;

/// <summary>The message is in one of some languages.</summary>
internal sealed class LanguageIs : AttributeCondition
{
    internal static readonly Operator Definition = new(
        "language", "The text is in one of these languages (ISO 639-1). Not evaluated where the language cannot be told.",
        """{ "language": ["en", "de"] }""", OneOrMore("""{ "type": "string", "pattern": "^[a-z]{2,3}$" }"""), Read);

    private LanguageIs(SourceNode node, string[] languages)
        : base(node, languages)
    {
    }

    public override string Operator => Definition.Name;

    private protected override string Subject => "the language";

    internal override Outcome Evaluate(Facts facts) => facts.Hits.Language is { } language
        ? Result(facts, Values.Contains(language), language)
        : Result(facts, Truth.NotEvaluated, note: "the language is not known");

    private static LanguageIs? Read(SourceNode value, SourceObject node, ConditionContext context)
    {
        if (new FieldReader(node, context.Diagnostics, Definition.Name).TextNodes(Definition.Name, "a language such as \"en\", or a list of them", required: true) is not { } written)
        {
            return null;
        }
        var wrong = Array.FindAll(written, w => w.Value.Length is < 2 or > 3 || !w.Value.All(char.IsAsciiLetterLower));
        foreach (var text in wrong)
        {
            context.Diagnostics.Error("E024", text.Span, $"\"{Shown.Clip(text.Value)}\" is not a value of \"language\"", note: "a language is two or three lower-case letters (ISO 639), such as `en`, `de`, `zh`");
        }
        return wrong.Length > 0 ? null : new LanguageIs(node, [.. written.Select(w => w.Value)]);
    }
}
