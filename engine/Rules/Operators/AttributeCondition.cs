using Surveillance.Rules.Source;

namespace Surveillance.Rules.Operators;

/// <summary>A condition on one property that every message has one value of: channel, direction, kind, account, language, template category.</summary>
internal abstract class AttributeCondition : Condition
{
    private protected AttributeCondition(SourceNode node, IReadOnlyList<string> values)
        : base(node) => Values = values;

    /// <summary>The values of which the message must have one, as the rule file writes them.</summary>
    internal IReadOnlyList<string> Values { get; }

    public override string Says => $"{Subject} is {Options.Join(Values, "or")}";

    /// <summary>What the values are of, for a sentence: <c>the channel</c>.</summary>
    private protected abstract string Subject { get; }

    /// <summary>The JSON schema of one word of a list, or several of them.</summary>
    private protected static string OneOrMore(string item) =>
        $$"""{ "oneOf": [ {{item}}, { "type": "array", "minItems": 1, "uniqueItems": true, "items": {{item}} } ] }""";

    /// <summary>The JSON schema of a word of a list.</summary>
    private protected static string Words(IEnumerable<string> words) => $$"""{ "enum": [{{string.Join(", ", words.Select(w => $"\"{w}\""))}}] }""";
}
