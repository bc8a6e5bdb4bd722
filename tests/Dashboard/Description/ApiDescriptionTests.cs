using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Surveillance.Accounts;
using Surveillance.Dashboard.Description;
using Surveillance.Dashboard.Shared;
using Surveillance.Messages;
using Surveillance.Tests;

namespace Surveillance.Dashboard.Tests.Description;

/// <summary>What <c>/openapi/v1.json</c> says, held to the routes of the app.</summary>
public sealed class ApiDescriptionTests(ApiDescriptionTests.Fixture fixture) : IClassFixture<ApiDescriptionTests.Fixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ApiDocument Document => fixture.Document;

    [Fact]
    public void Routes_ForPrograms_AreAllDescribed()
    {
        var missing = Routes().Where(r => r.Endpoint.Metadata.GetMetadata<ApiOperation>() is null).Select(r => r.Name).ToList();
        Assert.True(
            missing.Count == 0,
            $"Not described: {string.Join(", ", missing)}. Add `.Describe(new ApiOperation(\"…\") {{ … }})` where the route is mapped, as dashboard/Alerts/AlertOperations.cs does; "
            + "and a request for each of its answers to DescribedBehaviourTests.");
    }

    [Fact]
    public void Description_HoldsTheRoutesOfTheAppAndNoOther() => Assert.Equal(Routes().Select(r => r.Name).Order(StringComparer.Ordinal), Document.Operations.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Description_IsOpenApi31()
    {
        Assert.StartsWith("3.1", Document.Json.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var ids = Document.Operations.Values.Select(o => o.GetProperty("operationId").GetString()!).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void Operations_SayWhatTheyAreForWhatTheyTakeAndWhoMayCallThem()
    {
        foreach (var (name, operation) in Document.Operations)
        {
            Assert.True(operation.GetProperty("summary").GetString() is { Length: > 5 } summary && !summary.EndsWith('.'), name);
            Assert.All(operation.GetProperty("responses").EnumerateObject(), r => Assert.True(r.Value.GetProperty("description").GetString()!.Length > 5, $"{name} {r.Name}"));
            Assert.All(
                operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().ToList() : [],
                p => Assert.True(p.TryGetProperty("description", out var says) && says.GetString()!.Length > 3, $"{name}: the parameter {p.GetProperty("name")} has no description."));
            var endpoint = Routes().Single(r => r.Name == name).Endpoint;
            var scope = ApiDescription.ScopeOf(endpoint.Metadata);
            Assert.Equal(scope is not null, operation.TryGetProperty("security", out var security));
            if (scope is not null)
            {
                Assert.Contains(scope, Scopes.All);
                Assert.All(security.EnumerateArray(), s => Assert.Equal(scope, s.EnumerateObject().Single().Value[0].GetString()));
            }
        }
    }

    [Fact]
    public void Problems_AreThoseOfTheService()
    {
        var described = Document.Operations.SelectMany(o => ProblemsOf(o.Value)).Select(p => p.Code).ToHashSet();
        Assert.Empty(described.Except(Problems.All.Select(k => k.Code)));
        Assert.Equal(["already-so", "wrong-method"], Problems.All.Select(k => k.Code).Except(described).Order(StringComparer.Ordinal)); // over the control socket; where no operation is
        Assert.All(Document.Operations.SelectMany(o => ProblemsOf(o.Value)), p => Assert.Equal(Problems.All.Single(k => k.Code == p.Code).Status, p.Status));
    }

    [Fact]
    public void Examples_AreAsTheirSchemasSay()
    {
        var seen = 0;
        foreach (var (name, operation) in Document.Operations)
        {
            var contents = operation.GetProperty("responses").EnumerateObject().Select(r => r.Value).Append(operation.TryGetProperty("requestBody", out var body) ? body : default)
                .Where(r => r.ValueKind == JsonValueKind.Object && r.TryGetProperty("content", out _)).SelectMany(r => r.GetProperty("content").EnumerateObject());
            foreach (var content in contents.Where(c => c.Value.TryGetProperty("example", out _)))
            {
                var example = content.Value.GetProperty("example");
                var lines = example.ValueKind == JsonValueKind.String && content.Value.GetProperty("schema").TryGetProperty("$ref", out _)
                    ? example.GetString()!.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList() : [example];
                Assert.All(lines, line => Assert.Empty(SmallSchemaCheck.Errors(Document.Json, content.Value.GetProperty("schema"), line).Select(e => $"{name} {content.Name}: {e}")));
                seen += lines.Count;
            }
        }
        Assert.True(seen > 20, $"{seen} examples");
    }

    [Fact]
    public void References_AllLeadSomewhere()
    {
        var schemas = Document.Json.GetProperty("components").GetProperty("schemas");
        var references = System.Text.RegularExpressions.Regex.Matches(Document.Json.GetRawText(), "\"#/components/schemas/([^\"]+)\"").Select(m => m.Groups[1].Value).Distinct().ToList();
        Assert.All(references, r => Assert.True(schemas.TryGetProperty(r, out _), r));
    }

    /// <summary>The shape of a captured message is written by hand for the description; this holds it to what reads one.</summary>
    [Fact]
    public void CapturedLine_TakesWhatTheReaderTakes()
    {
        var full = A.Message("words", subject: "s", template: new MessageTemplate("t", "marketing"), attachments: [new Attachment("a", "b", 1, null, "c", null)]) with
        {
            Language = "en", About = "x", ReplyTo = "y", NativeKind = "z",
        };
        var line = JsonNode.Parse(CapturedMessageJson.Write(full))!.AsObject();
        var consent = JsonNode.Parse(CapturedMessageJson.Write(new ConsentEntry("+447700900123", "marketing", ConsentState.SoftOptIn, A.Start, Channel.Sms, "a", "b")))!.AsObject();
        foreach (var whole in new[] { line, consent })
        {
            Agree(whole);
            foreach (var field in whole.Select(p => p.Key).ToList())
            {
                var without = whole.DeepClone().AsObject();
                without.Remove(field);
                if (field is not ("type" or "text" or "kind" or "attachments")) { Agree(without); }
                var wrong = whole.DeepClone().AsObject();
                wrong[field] = 17.5;
                Agree(wrong);
            }
            var more = whole.DeepClone().AsObject();
            more["colour"] = "red";
            Agree(more);
        }

        void Agree(JsonObject value)
        {
            var text = value.ToJsonString();
            var takes = CapturedMessageJson.Read(System.Text.Encoding.UTF8.GetBytes(text)).Errors.Count == 0;
            var describes = SmallSchemaCheck.Errors(Document.Json, Document.Json.GetProperty("components").GetProperty("schemas").GetProperty("CapturedLine"), JsonDocument.Parse(text).RootElement).Count == 0;
            Assert.True(takes == describes, $"the reader {(takes ? "takes" : "refuses")} and the description {(describes ? "takes" : "refuses")}: {text}");
        }
    }

    [Fact]
    public async Task Description_IsForTokensAndForThisMachine()
    {
        using var client = await fixture.Service.ClientAsync(Scopes.AlertsRead);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/openapi/v1.json", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/openapi/v2.json", Cancel)).StatusCode);
        using var anonymous = new HttpClient { BaseAddress = new Uri(fixture.Service.Url) };
        Assert.Equal(HttpStatusCode.OK, (await anonymous.GetAsync("/openapi/v1.json", Cancel)).StatusCode); // the test is on this machine
        foreach (var (header, value) in new[] { ("X-Forwarded-For", "203.0.113.7"), ("Host", "surveillance.firm.example") })
        {
            using var elsewhere = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
            elsewhere.Headers.TryAddWithoutValidation(header, value);
            Assert.Equal(HttpStatusCode.Unauthorized, (await anonymous.SendAsync(elsewhere, Cancel)).StatusCode);
        }
    }

    /// <summary>The problems that an operation lists.</summary>
    internal static IEnumerable<(int Status, string Code)> ProblemsOf(JsonElement operation) =>
        from response in operation.GetProperty("responses").EnumerateObject()
        where response.Value.TryGetProperty("content", out var content) && content.TryGetProperty("application/problem+json", out _)
        from type in response.Value.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema").GetProperty("properties").GetProperty("type").GetProperty("enum").EnumerateArray()
        select (int.Parse(response.Name), type.GetString()!.Split('/')[^1]);

    private IEnumerable<(string Name, RouteEndpoint Endpoint)> Routes() =>
        from endpoint in fixture.Service.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where ApiDescription.IsForPrograms(endpoint.RoutePattern.RawText) && endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.IExcludeFromDescriptionMetadata>() is not { ExcludeFromDescription: true }
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        select (method + " /" + endpoint.RoutePattern.RawText!.Trim('/'), endpoint);

    /// <summary>A service and its description.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        public ServiceHost Service { get; private set; } = null!;

        internal ApiDocument Document { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Service = await ServiceHost.StartAsync();
            Document = await DescribedAnswers.DocumentAsync(Service.Url, default);
        }

        public ValueTask DisposeAsync() => Service.DisposeAsync();
    }
}
