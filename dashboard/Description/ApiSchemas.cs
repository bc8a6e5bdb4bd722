using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Surveillance.Messages;

namespace Surveillance.Dashboard.Description;

/// <summary>Makes schemas say what the API does: what has no value is left out, words are listed, bodies take no unknown field.</summary>
internal static class ApiSchemas
{
    internal static async Task ShapeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancel)
    {
        var type = context.JsonTypeInfo;
        if (type.Type == typeof(CapturedLine))
        {
            schema.Type = null;
            schema.Properties = null;
            schema.OneOf =
            [
                await context.GetOrCreateSchemaAsync(typeof(MessageLine), null, cancel),
                await context.GetOrCreateSchemaAsync(typeof(ConsentLine), null, cancel),
            ];
            return;
        }
        foreach (var mark in context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(false) ?? [])
        {
            switch (mark)
            {
                case WordsAttribute words:
                    schema.Enum = [.. words.Words.Select(w => (JsonNode)JsonValue.Create(w))];
                    break;
                case MomentAttribute:
                    schema.Format = "date-time";
                    break;
            }
        }
        if (schema.Properties is not { Count: > 0 } properties || type.Kind != System.Text.Json.Serialization.Metadata.JsonTypeInfoKind.Object)
        {
            return;
        }
        schema.Required = new HashSet<string>();
        foreach (var property in type.Properties)
        {
            if (!property.IsGetNullable && properties.ContainsKey(property.Name))
            {
                schema.Required.Add(property.Name);
            }
            if (property.AttributeProvider?.GetCustomAttributes(typeof(ShapedLikeAttribute), false) is [ShapedLikeAttribute like, ..])
            {
                properties[property.Name] = await context.GetOrCreateSchemaAsync(like.Shape, null, cancel);
            }
            else if (properties.TryGetValue(property.Name, out var found) && found is OpenApiSchema { Type: { } shape } inline)
            {
                inline.Type = shape & ~JsonSchemaType.Null; // it is left out, never null
                PlainNumber(inline);
            }
        }
        if (typeof(IRequestShape).IsAssignableFrom(type.Type))
        {
            schema.AdditionalPropertiesAllowed = false;
        }
    }

    /// <summary>Takes the null out of what is one of null and something: it is left out, never null.</summary>
    internal static void LeaveOutNulls(IOpenApiSchema schema)
    {
        foreach (var (name, property) in schema.Properties?.ToList() ?? [])
        {
            if (property is OpenApiSchema { OneOf: [{ Type: JsonSchemaType.Null }, var other] })
            {
                schema.Properties![name] = other;
            }
        }
    }

    /// <summary>Numbers are never written as text.</summary>
    internal static void PlainNumber(OpenApiSchema schema)
    {
        if (schema.Type is { } type && (type.HasFlag(JsonSchemaType.Integer) || type.HasFlag(JsonSchemaType.Number)))
        {
            schema.Type = type & ~JsonSchemaType.String;
            schema.Pattern = null;
        }
    }

    /// <summary>A refusal (RFC 9457).</summary>
    internal static OpenApiSchema Problem() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "A refusal (RFC 9457). Go by its type; the words may change.",
        Required = new HashSet<string> { "type", "title", "status", "detail" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The kind: the address of a page of this service that says what to do about it." },
            ["title"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The kind in words." },
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The status of the answer." },
            ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What is wrong with this request." },
            ["instance"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Where the log has it." },
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Required = new HashSet<string> { "pointer", "code", "detail" },
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["pointer"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Where: a JSON pointer (RFC 6901), empty for the whole." },
                        ["code"] = new OpenApiSchema { Type = JsonSchemaType.String },
                        ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String },
                    },
                },
            },
        },
    };
}

/// <summary>What a body looks like, for the description alone: bodies are read by hand, so that every mistake of one is told at once.</summary>
internal interface IRequestShape;
