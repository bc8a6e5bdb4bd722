using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Surveillance.Dashboard.Accounts;
using Surveillance.Dashboard.Shared;

namespace Surveillance.Dashboard.Description;

/// <summary>The description of the API (OpenAPI 3.1) at <c>/openapi/v1.json</c>, made of what the routes say of themselves.</summary>
internal static class ApiDescription
{
    /// <summary>Its address.</summary>
    internal const string Path = "/openapi/v1.json";

    /// <summary>The name of the schema of a refusal.</summary>
    internal const string ProblemSchema = "Problem";

    private const string TokenScheme = "token";
    private const string CookieScheme = "session";

    private static readonly string[] ForPrograms = ["api", "webhooks", "events", "health", "problems", "metrics"];

    internal static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = api => IsForPrograms(api.RelativePath);
        options.AddSchemaTransformer(ApiSchemas.ShapeAsync);
        options.AddOperationTransformer(DescribeAsync);
        options.AddDocumentTransformer((document, _, _) =>
        {
            Introduce(document);
            return Task.CompletedTask;
        });
    });

    /// <summary>Serves the description to every token and session, and to programs on the same machine.</summary>
    internal static void MapApiDescription(this IEndpointRouteBuilder routes) => routes.MapOpenApi("/openapi/{documentName}.json")
        .RequireAuthorization(policy => policy.RequireAssertion(context =>
            context.User.Identity?.IsAuthenticated == true || (context.Resource is HttpContext http && LoopbackAccess.IsLocal(http))));

    /// <summary>Whether a route is for programs: everything else is a page or serves one.</summary>
    /// <param name="path">Its template, with or without a leading slash.</param>
    internal static bool IsForPrograms(string? path) => path?.TrimStart('/').Split('/') is [var first, .. var rest] && ForPrograms.Contains(first) && (first != "health" || rest.Length > 0);

    /// <summary>The scope that a route asks for; null for none.</summary>
    internal static string? ScopeOf(IEnumerable<object> metadata) =>
        metadata.OfType<IAuthorizeData>().Select(a => a.Policy).LastOrDefault(p => p is not null)
        ?? metadata.OfType<AuthorizationPolicy>().SelectMany(p => p.Requirements).OfType<ScopeRequirement>().LastOrDefault()?.Scope;

    private static void Introduce(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Surveillance", Version = "v1",
            Description = "Send messages, read them back, work on alerts. JSON is UTF-8, times are RFC 3339 in UTC, offsets count UTF-16 units, our ids are 26 characters of base32. Fields without a value are left out.",
        };
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [TokenScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API token (RFC 6750): `surveillance tokens create` makes one with the scopes that it needs." },
            [CookieScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = "surveillance.session",
                Description = "The session of a signed-in browser; its scopes are those of the person's role. A change takes the header RequestVerificationToken too.",
            },
        };
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas[ProblemSchema] = ApiSchemas.Problem();
        foreach (var schema in document.Components.Schemas.Values)
        {
            ApiSchemas.LeaveOutNulls(schema);
        }
        foreach (var operation in document.Paths.Values.SelectMany(p => p.Operations?.Values.AsEnumerable() ?? []))
        {
            if (operation.Metadata is { } notes && notes.TryGetValue("scope", out var wanted))
            {
                operation.Security = [.. new[] { TokenScheme, CookieScheme }.Select(scheme => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, document)] = [(string)wanted] })];
            }
        }
    }

    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var anonymous = metadata.OfType<IAllowAnonymous>().Any();
        var scope = anonymous ? null : ScopeOf(metadata);
        operation.Metadata = scope is null ? null : new Dictionary<string, object> { ["scope"] = scope }; // for the document, which alone has the schemes
        if (metadata.OfType<ApiOperation>().LastOrDefault() is not { } described)
        {
            return; // a test refuses it
        }
        operation.OperationId = OperationId(context.Description.HttpMethod!, context.Description.RelativePath!);
        operation.Summary = described.Summary;
        operation.Description = string.Join(' ', new[] { described.Says, scope is null ? null : $"Takes the scope `{scope}`." }.OfType<string>()) is { Length: > 0 } says ? says : null;
        operation.Tags = new HashSet<OpenApiTagReference> { new(described.Tag, context.Document) };
        DescribeParameters(operation, described);
        await DescribeBodyAsync(operation, described, context, cancel);
        operation.Responses ??= [];
        foreach (var guessed in operation.Responses.Keys.Where(key => described.Answers.All(a => a.Status.ToString(System.Globalization.CultureInfo.InvariantCulture) != key)).ToList())
        {
            operation.Responses.Remove(guessed);
        }
        foreach (var answer in described.Answers)
        {
            DescribeAnswer(operation, answer);
        }
        foreach (var kinds in described.Problems.Concat(OfEvery(anonymous, scope, context.Description.HttpMethod!)).Distinct().GroupBy(k => k.Status).OrderBy(g => g.Key))
        {
            DescribeProblem(operation, context.Document!, kinds.Key, [.. kinds]);
        }
    }

    /// <summary>How every operation of its kind refuses: without a token, without the scope, and a change by a cookie without the header of our own pages.</summary>
    private static ProblemKind[] OfEvery(bool anonymous, string? scope, string method) =>
        anonymous ? [] : [Problems.NotSignedIn, .. scope is null ? [] : new[] { Problems.Forbidden }, .. HttpMethods.IsGet(method) ? [] : new[] { Problems.BadRequest }];

    private static void DescribeParameters(OpenApiOperation operation, ApiOperation described)
    {
        operation.Parameters ??= [];
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>().Where(p => p.In == ParameterLocation.Path))
        {
            parameter.Description ??= "Our id of it.";
        }
        foreach (var query in operation.Parameters.Select(p => p.Schema).OfType<OpenApiSchema>())
        {
            ApiSchemas.PlainNumber(query);
        }
        foreach (var wanted in described.Parameters)
        {
            var known = operation.Parameters.OfType<OpenApiParameter>().FirstOrDefault(p => p.Name == wanted.Name);
            if (known is null)
            {
                known = new OpenApiParameter
                {
                    Name = wanted.Name, In = wanted.IsHeader ? ParameterLocation.Header : ParameterLocation.Query, Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                };
                operation.Parameters.Add(known);
            }
            known.Description = wanted.Says;
            known.Required = wanted.IsRequired || known.In == ParameterLocation.Path;
            var words = wanted.Words?.Select(w => (JsonNode)JsonValue.Create(w)).ToList();
            if (known.Schema is OpenApiSchema { Items: OpenApiSchema items } && words is not null)
            {
                items.Enum = words;
            }
            else if (words is not null)
            {
                known.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = words };
            }
            else if (wanted.Range is var (least, greatest))
            {
                known.Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer, Minimum = least.ToString(System.Globalization.CultureInfo.InvariantCulture), Maximum = greatest.ToString(System.Globalization.CultureInfo.InvariantCulture),
                };
            }
        }
    }

    private static async Task DescribeBodyAsync(OpenApiOperation operation, ApiOperation described, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        if (described.Body is not { } type)
        {
            return;
        }
        if (context.Document!.Components?.Schemas?.ContainsKey(type.Name) != true)
        {
            context.Document.AddComponent(type.Name, await context.GetOrCreateSchemaAsync(type, null, cancel));
        }
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = !described.BodyIsOptional,
            Content = described.BodyTypes.ToDictionary(
                media => media, _ => new OpenApiMediaType { Schema = new OpenApiSchemaReference(type.Name, context.Document), Example = described.BodyExample is { } example ? ExampleOf(example) : null }),
        };
    }

    private static void DescribeAnswer(OpenApiOperation operation, ApiAnswer answer)
    {
        var key = answer.Status.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (operation.Responses!.GetValueOrDefault(key) is not OpenApiResponse response)
        {
            operation.Responses![key] = response = new OpenApiResponse();
        }
        response.Description = answer.Says;
        if (answer.MediaType is { } type && answer.Type is null)
        {
            response.Content = new Dictionary<string, OpenApiMediaType> { [type] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } } };
        }
        if (answer.Example is { } example && answer.MediaType is { } media && response.Content is { } contents && contents.TryGetValue(media, out var content))
        {
            content.Example = ExampleOf(example);
        }
    }

    /// <summary>A status with every type of problem that stands behind it.</summary>
    private static void DescribeProblem(OpenApiOperation operation, OpenApiDocument document, int status, ProblemKind[] kinds)
    {
        var key = status.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var says = string.Join(" ", kinds.Select(k => $"`{k.Code}`: {k.Title}. {k.Help}"));
        var content = new OpenApiMediaType
        {
            Schema = new OpenApiSchema
            {
                AllOf = [new OpenApiSchemaReference(ProblemSchema, document)],
                Properties = new Dictionary<string, IOpenApiSchema> { ["type"] = new OpenApiSchema { Enum = [.. kinds.Select(k => (JsonNode)JsonValue.Create("/problems/" + k.Code))] } },
            },
            Example = new JsonObject { ["type"] = "/problems/" + kinds[0].Code, ["title"] = kinds[0].Title, ["status"] = status, ["detail"] = kinds[0].Help },
        };
        var known = operation.Responses!.GetValueOrDefault(key) as OpenApiResponse; // 422 of a batch is an answer too
        operation.Responses![key] = new OpenApiResponse
        {
            Description = known?.Description is { Length: > 0 } first ? $"{first} Or a problem. {says}" : says,
            Content = new Dictionary<string, OpenApiMediaType>(known?.Content ?? new Dictionary<string, OpenApiMediaType>()) { ["application/problem+json"] = content },
        };
        if (status is 429 or 503)
        {
            ((OpenApiResponse)operation.Responses[key]).Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["Retry-After"] = new OpenApiHeader { Description = "Seconds to wait before the same is sent again.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } },
            };
        }
    }

    /// <summary>An example as JSON; words that are none, such as lines of NDJSON, as one text.</summary>
    private static JsonNode ExampleOf(string example)
    {
        try
        {
            return JsonNode.Parse(example)!;
        }
        catch (JsonException)
        {
            return JsonValue.Create(example);
        }
    }

    /// <summary>A name for programs that make code of the description: method and path in letters and hyphens.</summary>
    private static string OperationId(string method, string path) =>
        method.ToLowerInvariant() + "-" + string.Join('-', path.Replace("api/v1/", "", StringComparison.Ordinal).Split(['/', ':'], StringSplitOptions.RemoveEmptyEntries).Select(p => p.Trim('{', '}')));
}
