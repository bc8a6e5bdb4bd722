using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Surveillance.Messages;
using Surveillance.Rules.Reading;

namespace Surveillance.Rules;

/// <summary>Makes <c>rules.schema.json</c>: what editors know about rule files.</summary>
/// <remarks>JSON Schema, draft 2020-12. What it accepts may still have an error, such as a name that is not defined; what it refuses has one.</remarks>
public static class RuleSchema
{
    private static readonly JsonWriterOptions s_indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>The whole file, ending with a line feed. A rule is described by its root, a lexicon by <c>#/$defs/lexicon</c>, a list by <c>#/$defs/list</c>.</summary>
    public static string Generate()
    {
        var schema = JsonNode.Parse(Rule())!.AsObject();
        var definitions = JsonNode.Parse(Definitions())!.AsObject();
        foreach (var (name, json) in ConditionSchema.Definitions)
        {
            definitions[name] = JsonNode.Parse(json);
        }
        schema["$defs"] = definitions;
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, s_indented))
        {
            schema.WriteTo(writer);
        }
        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static string Rule() => $$"""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "Rule",
          "description": "A rule of the communications surveillance: rules/family/id.json.",
          "type": "object",
          "additionalProperties": false,
          "required": ["id", "version", "family", "severity", "title", "why", "owner", "when", "tests"],
          "properties": {
            "$schema": { "type": "string", "description": "Where this schema is, for editors." },
            "id": { "$ref": "#/$defs/id", "description": "The name of the file." },
            "version": { "$ref": "#/$defs/version" },
            "family": { "enum": {{Words(RuleFamilies.All)}}, "description": "The kind of risk, which is the name of the folder." },
            "severity": { "enum": {{Words(Names<Severity>.All)}}, "description": "How much an alert matters." },
            "title": { "$ref": "#/$defs/text", "description": "What an alert says, in a line." },
            "why": { "$ref": "#/$defs/text", "description": "Why the firm looks for it, with the regulation." },
            "references": { "$ref": "#/$defs/texts", "description": "The regulations that the rule serves." },
            "misses": { "$ref": "#/$defs/text", "description": "What the rule is known not to find." },
            "owner": { "$ref": "#/$defs/text", "description": "Who answers for the rule." },
            "reviewBy": { "$ref": "#/$defs/day", "description": "The day by which the owner looks at it again. Afterwards the rule goes on working." },
            "appliesTo": {
              "type": "object",
              "additionalProperties": false,
              "description": "Which messages the rule looks at. Left out: all.",
              "properties": {
                "channel": {{OneOrMore(Names<Channel>.All, "Left out: every channel.")}},
                "direction": {{OneOrMore(Names<Direction>.All, "Left out: every direction.")}},
                "kind": {{OneOrMore(Names<MessageKind>.All, "Left out: every kind.")}}
              }
            },
            "when": { "$ref": "#/$defs/condition", "description": "What must hold." },
            "unless": { "$ref": "#/$defs/condition", "description": "What must not hold." },
            "alert": {
              "type": "object",
              "additionalProperties": false,
              "description": "Which matches make one alert.",
              "properties": {
                "groupBy": { "enum": {{Words(Names<Grouping>.All)}}, "default": "conversation", "description": "What the matches of one alert share." },
                "within": { "$ref": "#/$defs/duration", "default": "24h", "description": "How long after its first match an alert takes further ones." }
              }
            },
            "tests": {
              "type": "object",
              "additionalProperties": false,
              "required": ["firesOn", "silentOn"],
              "description": "Examples, invented, never real messages.",
              "properties": {
                "firesOn": { "$ref": "#/$defs/cases", "description": "Cases in which the rule matches on at least one message." },
                "silentOn": { "$ref": "#/$defs/cases", "description": "Cases in which the rule matches on none: look-alikes." }
              }
            }
          }
        }
        """;

    private static string Definitions() => $$"""
        {
          "lexicon": {
            "title": "Lexicon",
            "description": "A named list of phrases: rules/lexicons/id.json.",
            "type": "object",
            "additionalProperties": false,
            "required": ["id", "version", "title", "phrases"],
            "properties": {
              "$schema": { "type": "string", "description": "Where this schema is, for editors." },
              "id": { "$ref": "#/$defs/id", "description": "The name of the file." },
              "version": { "$ref": "#/$defs/version" },
              "title": { "$ref": "#/$defs/text", "description": "What it holds, in a line." },
              "phrases": {
                "type": "array",
                "minItems": 1,
                "description": "Words in order. A word of three letters or more may end in * for any ending.",
                "items": {
                  "oneOf": [
                    { "$ref": "#/$defs/text" },
                    {
                      "type": "object",
                      "additionalProperties": false,
                      "required": ["text"],
                      "properties": {
                        "text": { "$ref": "#/$defs/text", "description": "The phrase." },
                        "stem": { "type": "boolean", "default": false, "description": "Whether the endings of its words do not count." }
                      }
                    }
                  ]
                }
              }
            }
          },
          "list": {
            "title": "List",
            "description": "A named list of values such as addresses or domains: rules/lists/id.json.",
            "type": "object",
            "additionalProperties": false,
            "required": ["id", "version", "title", "entries"],
            "properties": {
              "$schema": { "type": "string", "description": "Where this schema is, for editors." },
              "id": { "$ref": "#/$defs/id", "description": "The name of the file." },
              "version": { "$ref": "#/$defs/version" },
              "title": { "$ref": "#/$defs/text", "description": "What it holds, in a line." },
              "entries": {
                "type": "array",
                "minItems": 1,
                "items": {
                  "oneOf": [
                    { "$ref": "#/$defs/text" },
                    {
                      "type": "object",
                      "additionalProperties": false,
                      "required": ["value"],
                      "properties": {
                        "value": { "$ref": "#/$defs/text", "description": "The value." },
                        "from": { "oneOf": [ { "$ref": "#/$defs/day" }, { "type": "null" } ], "description": "The first day (UTC) on which it belongs to the list." },
                        "until": { "oneOf": [ { "$ref": "#/$defs/day" }, { "type": "null" } ], "description": "The last day (UTC) on which it belongs to the list." }
                      }
                    }
                  ]
                }
              }
            }
          },
          "id": { "type": "string", "pattern": "{{BookFile.IdPattern}}", "maxLength": {{BookFile.MaxId}} },
          "version": { "type": "integer", "minimum": 1, "description": "Goes up with every change, because an alert names the version that raised it." },
          "text": { "type": "string", "pattern": "\\S" },
          "texts": { "oneOf": [ { "$ref": "#/$defs/text" }, { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/text" } } ] },
          "day": { "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "description": "Year, month, day." },
          "time": { "type": "string", "description": "A time with its offset from UTC (RFC 3339), such as 2026-05-04T09:12:00Z." },
          "cases": {
            "type": "array",
            "minItems": 1,
            "items": {
              "oneOf": [
                { "type": "string", "minLength": 1, "description": "One message with this text." },
                {
                  "type": "object",
                  "additionalProperties": false,
                  "required": ["messages"],
                  "properties": {
                    "name": { "$ref": "#/$defs/text", "description": "What the case shows." },
                    "consent": { "type": "array", "items": { "$ref": "#/$defs/consentEntry" }, "description": "What was consented before the first message." },
                    "messages": {
                      "type": "array",
                      "minItems": 1,
                      "items": { "oneOf": [ { "type": "string", "minLength": 1 }, { "$ref": "#/$defs/message" } ] },
                      "description": "The messages of a conversation in their order."
                    }
                  }
                }
              ]
            }
          },
          "consentEntry": {
            "type": "object",
            "additionalProperties": false,
            "required": ["purpose", "state"],
            "properties": {
              "subject": { "$ref": "#/$defs/text", "default": "client", "description": "The participant who said it." },
              "purpose": { "$ref": "#/$defs/text", "description": "A lower-case word such as marketing." },
              "channel": { "enum": {{Words(Names<Channel>.All)}}, "description": "Left out: every channel." },
              "account": { "$ref": "#/$defs/text", "description": "Left out: every account." },
              "state": { "enum": {{Words(Names<ConsentState>.All)}} },
              "at": { "$ref": "#/$defs/time", "description": "From when it holds. Left out: since the day before the first message." }
            }
          },
          "message": {
            "type": "object",
            "additionalProperties": false,
            "properties": {
              "text": { "type": "string", "description": "Its words." },
              "subject": { "oneOf": [ { "$ref": "#/$defs/text" }, { "type": "null" } ], "description": "Its subject line." },
              "direction": { "enum": {{Words(Names<Direction>.All)}}, "description": "Left out: as from and to tell, else the first of appliesTo, else outbound." },
              "channel": { "enum": {{Words(Names<Channel>.All)}}, "description": "Left out: the first of appliesTo, else chat." },
              "kind": { "enum": {{Words(Names<MessageKind>.All)}}, "description": "Left out: the first of appliesTo, else text, or document where there are attachments only." },
              "from": { "$ref": "#/$defs/participant", "description": "Left out: employee, or client of an inbound message." },
              "to": { "oneOf": [ { "$ref": "#/$defs/participant" }, { "type": "array", "items": { "$ref": "#/$defs/participant" } } ], "description": "Left out: client, or employee of an inbound or internal message." },
              "after": { "$ref": "#/$defs/duration", "default": "1m", "description": "Time since the message before." },
              "sentAt": { "$ref": "#/$defs/time", "description": "When it was sent, instead of after." },
              "template": {
                "type": "object",
                "additionalProperties": false,
                "required": ["name"],
                "properties": { "name": { "$ref": "#/$defs/text" }, "category": { "$ref": "#/$defs/text" } },
                "description": "The approved template that it was made from."
              },
              "attachments": {
                "type": "array",
                "items": {
                  "type": "object",
                  "additionalProperties": false,
                  "properties": {
                    "name": { "$ref": "#/$defs/text" },
                    "mediaType": { "$ref": "#/$defs/text" },
                    "sizeBytes": { "type": "integer", "minimum": 0 },
                    "sha256": { "$ref": "#/$defs/text" },
                    "text": { "$ref": "#/$defs/text", "description": "The words read out of it." }
                  }
                },
                "description": "Files sent with it."
              },
              "account": { "$ref": "#/$defs/text", "description": "The firm's account." },
              "conversation": { "$ref": "#/$defs/text", "description": "Left out: all messages of the case share one." },
              "language": { "$ref": "#/$defs/text", "description": "Its language, BCP 47." },
              "id": { "$ref": "#/$defs/text", "description": "Left out: m1, m2 and so on." },
              "about": { "$ref": "#/$defs/text", "description": "Id of the message that an edit, revoke or reaction speaks of." },
              "replyTo": { "$ref": "#/$defs/text", "description": "Id of the message that it answers." }
            }
          },
          "participant": {
            "oneOf": [
              { "type": "string", "minLength": 1, "description": "client, employee or external, with a number where there are several (client2), or a whole address." },
              {
                "type": "object",
                "additionalProperties": false,
                "required": ["address"],
                "properties": {
                  "address": { "$ref": "#/$defs/text" },
                  "role": { "enum": {{Words(Names<Role>.All)}} },
                  "name": { "$ref": "#/$defs/text" },
                  "as": { "enum": {{Words(Names<RecipientKind>.All)}} }
                }
              }
            ]
          }
        }
        """;

    private static string Words(IEnumerable<string> words) => "[" + string.Join(", ", words.Select(w => $"\"{w}\"")) + "]";

    private static string OneOrMore(IEnumerable<string> words, string description)
    {
        var item = $$"""{ "enum": {{Words(words)}} }""";
        return $$"""{ "oneOf": [ {{item}}, { "type": "array", "minItems": 1, "items": {{item}} } ], "description": "{{description}}" }""";
    }
}
