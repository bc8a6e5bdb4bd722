using System.Text.Json;
using System.Text.RegularExpressions;

namespace Surveillance.Engine.Tests.Rules;

/// <summary>Checks a value against a JSON Schema, as far as <c>rules.schema.json</c> uses the language; a keyword that it does not know is an error.</summary>
internal static class SmallSchemaCheck
{
    internal static List<string> Errors(JsonElement root, JsonElement value) => Errors(root, root, value);

    internal static List<string> Errors(JsonElement root, JsonElement schema, JsonElement value)
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
                "$schema" or "$defs" or "title" or "description" or "default" or "examples" => true,
                "$ref" => Refer(root, wanted, value, at, errors),
                "type" => Is(value, wanted.GetString()!),
                "enum" => wanted.EnumerateArray().Any(w => w.ToString() == value.ToString() && w.ValueKind == value.ValueKind),
                "const" => wanted.ToString() == value.ToString() && wanted.ValueKind == value.ValueKind,
                "oneOf" => wanted.EnumerateArray().Count(branch => Errors(root, branch, value).Count == 0) == 1,
                "anyOf" => wanted.EnumerateArray().Any(branch => Errors(root, branch, value).Count == 0),
                "required" => value.ValueKind != JsonValueKind.Object || wanted.EnumerateArray().All(n => value.TryGetProperty(n.GetString()!, out _)),
                "properties" => Properties(root, wanted, value, at, errors),
                "additionalProperties" => value.ValueKind != JsonValueKind.Object || value.EnumerateObject().All(p => schema.GetProperty("properties").TryGetProperty(p.Name, out _)),
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
        Check(root, root.GetProperty("$defs").GetProperty(target.GetString()!["#/$defs/".Length..]), value, at, errors);
        return true;
    }

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
