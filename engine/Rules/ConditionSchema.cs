using System.Text;
using Surveillance.Detection.Pii;

namespace Surveillance.Rules;

/// <summary>The part of <c>rules.schema.json</c> that the operators decide.</summary>
internal static class ConditionSchema
{
    /// <summary>The entries of <c>$defs</c> that schemas of operators refer to, each a JSON schema as JSON, in this order: condition, conditions, zones, duration, PII type, PII category.</summary>
    internal static IReadOnlyList<KeyValuePair<string, string>> Definitions =>
    [
        new("condition", Condition()),
        new("conditions", """{ "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/condition" } }"""),
        new("zones", """
            { "type": "array", "minItems": 1, "uniqueItems": true,
              "description": "Whose words count. Default: authored.",
              "items": { "enum": ["authored", "quoted", "signature", "disclaimer", "forwarded", "subject", "attachmentName", "attachmentText", "all"] } }
            """),
        new("duration", """
            { "type": "string", "pattern": "^([0-9]+[smhd]|P(?=.)([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+S)?)?)$",
              "description": "A time span such as 30m, 24h, 7d or PT30M (ISO 8601)." }
            """),
        new("piiType", $$"""{ "description": "A type of personal data: docs/pii-types.md lists them.", "enum": [{{Quoted(PiiDetector.Types)}}] }"""),
        new("piiCategory", $$"""{ "description": "Every type of personal data of that kind.", "enum": [{{Quoted(PiiDetector.Categories)}}] }"""),
    ];

    private static string Quoted(IEnumerable<string> words) => string.Join(", ", words.Select(w => $"\"{w}\""));

    /// <summary>A condition has exactly one property; naming each as a property (and not as a branch of oneOf) lets an editor report one error where one is.</summary>
    private static string Condition()
    {
        var json = new StringBuilder("""{ "type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": false, "properties": {""");
        var separator = "";
        foreach (var @operator in RuleOperators.All)
        {
            json.Append(separator).Append('"').Append(@operator.Name).Append("\": { \"description\": ")
                .Append(System.Text.Json.JsonSerializer.Serialize(@operator.Sentence)).Append(", ")
                .Append(@operator.Schema.AsSpan().TrimStart().TrimStart('{')).Append('\n');
            separator = ",";
        }
        return json.Append("} }").ToString();
    }
}
