using System.Text.Json;
using System.Text.RegularExpressions;

namespace Surveillance.Tests;

/// <summary>Checks a value against a JSON Schema, as far as <c>rules.schema.json</c> and the description of the API use the language; a keyword that it does not know is an error.</summary>
public static class SmallSchemaCheck
{
    /// <summary>What is wrong with a value, by the schema of a whole document.</summary>
    public static List<string> Errors(JsonElement root, JsonElement value) => Errors(root, root, value);

    /// <summary>What is wrong with a value, by a schema of a document that it may refer to.</summary>
    public static List<string> Errors(JsonElement root, JsonElement schema, JsonElement value)
    {
        var errors = new List<string>();
        Check(root, schema, value, "", errors);
        return errors;
    }

    private static void Check(JsonElement root, JsonElement schema, JsonElement value, string at, List<string> errors)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            var wanted = keyword.Value;
            var holds = keyword.Name switch
            {
                "$schema" or "$defs" or "title" or "description" or "default" or "examples" or "example" => true,
                "format" => wanted.GetString() != "date-time" || value.ValueKind != JsonValueKind.String || DateTimeOffset.TryParse(value.GetString(), System.Globalization.CultureInfo.InvariantCulture, out _),
                "$ref" => Refer(root, Target(root, wanted.GetString()!), value, at, errors),
                "type" => wanted.ValueKind == JsonValueKind.Array ? wanted.EnumerateArray().Any(t => Is(value, t.GetString()!)) : Is(value, wanted.GetString()!),
                "enum" => wanted.EnumerateArray().Any(w => w.ToString() == value.ToString() && w.ValueKind == value.ValueKind),
                "const" => wanted.ToString() == value.ToString() && wanted.ValueKind == value.ValueKind,
                "oneOf" => wanted.EnumerateArray().Count(branch => Errors(root, branch, value).Count == 0) == 1,
                "allOf" => wanted.EnumerateArray().All(branch => Refer(root, branch, value, at, errors)),
                "anyOf" => wanted.EnumerateArray().Any(branch => Errors(root, branch, value).Count == 0),
                "required" => value.ValueKind != JsonValueKind.Object || wanted.EnumerateArray().All(n => value.TryGetProperty(n.GetString()!, out _)),
                "properties" => Properties(root, wanted, value, at, errors),
                "additionalProperties" => wanted.ValueKind != JsonValueKind.False || value.ValueKind != JsonValueKind.Object || value.EnumerateObject().All(p => schema.GetProperty("properties").TryGetProperty(p.Name, out _)),
                "minProperties" => value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Count() >= wanted.GetInt32(),
                "maxProperties" => value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Count() <= wanted.GetInt32(),
                "items" => Items(root, wanted, value, at, errors),
                "minItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= wanted.GetInt32(),
                "maxItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() <= wanted.GetInt32(),
                "uniqueItems" => value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Select(i => i.GetRawText()).Distinct().Count() == value.GetArrayLength(),
                "minLength" => value.ValueKind != JsonValueKind.String || value.GetString()!.Length >= wanted.GetInt32(),
                "maxLength" => value.ValueKind != JsonValueKind.String || value.GetString()!.Length <= wanted.GetInt32(),
                "pattern" => value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, wanted.GetString()!),
                "minimum" => value.ValueKind != JsonValueKind.Number || value.GetDouble() >= wanted.GetDouble(),
                "maximum" => value.ValueKind != JsonValueKind.Number || value.GetDouble() <= wanted.GetDouble(),
                _ => false,
            };
            if (!holds)
            {
                errors.Add($"{at}: {keyword.Name} {wanted}");
            }
        }
    }

    private static bool Refer(JsonElement root, JsonElement target, JsonElement value, string at, List<string> errors)
    {
        Check(root, target, value, at, errors);
        return true;
    }

    private static JsonElement Target(JsonElement root, string reference) => reference[2..].Split('/').Aggregate(root, (at, name) => at.GetProperty(name));

    private static bool Properties(JsonElement root, JsonElement properties, JsonElement value, string at, List<string> errors)
    {
        foreach (var member in value.ValueKind == JsonValueKind.Object ? value.EnumerateObject().ToArray() : [])
        {
            if (properties.TryGetProperty(member.Name, out var schema))
            {
                Check(root, schema, member.Value, at + "/" + member.Name, errors);
            }
        }
        return true;
    }

    private static bool Items(JsonElement root, JsonElement schema, JsonElement value, string at, List<string> errors)
    {
        var i = 0;
        foreach (var item in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [])
        {
            Check(root, schema, item, at + "/" + i++, errors);
        }
        return true;
    }

    private static bool Is(JsonElement value, string type) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => false,
    };
}
