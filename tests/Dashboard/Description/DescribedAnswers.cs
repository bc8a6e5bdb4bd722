using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Surveillance.Tests;

namespace Surveillance.Dashboard.Tests.Description;

/// <summary>Holds every answer of the API that a test sees to the description of the API: its status, its media type, its schema, the type of its problem.</summary>
/// <param name="service">The service that answers.</param>
internal sealed class DescribedAnswers(ServiceHost service) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
{
    private static readonly SemaphoreSlim One = new(1, 1);
    private static ApiDocument? s_document;

    /// <summary>Told of every answer: its operation, its status and the code of its problem or null.</summary>
    internal Action<string, int, string?>? Seen { get; init; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var document = await DocumentAsync(service.Url, cancellationToken);
        if (document.Find(request.Method.Method, request.RequestUri!.AbsolutePath) is { } operation)
        {
            var media = response.Content.Headers.ContentType?.MediaType;
            var body = media == "text/event-stream" ? [] : await response.Content.ReadAsByteArrayAsync(cancellationToken);
            var problem = document.Check(operation, (int)response.StatusCode, media, body);
            Seen?.Invoke(operation, (int)response.StatusCode, problem);
        }
        return response;
    }

    /// <summary>The description, read once: it is the same for every host.</summary>
    internal static async Task<ApiDocument> DocumentAsync(string url, CancellationToken cancel)
    {
        await One.WaitAsync(cancel);
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri(url) };
            return s_document ??= new ApiDocument(await http.GetFromJsonAsync<JsonElement>("/openapi/v1.json", cancel));
        }
        finally
        {
            One.Release();
        }
    }
}

/// <summary>The description of the API.</summary>
internal sealed class ApiDocument
{
    private readonly List<(string Method, Regex Path, string Name)> _routes = [];
    private readonly Dictionary<string, JsonElement> _operations = [];

    internal ApiDocument(JsonElement json)
    {
        Json = json;
        foreach (var path in json.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var name = operation.Name.ToUpperInvariant() + " " + path.Name;
                _operations[name] = operation.Value;
                _routes.Add((operation.Name.ToUpperInvariant(), new Regex("^" + Regex.Replace(Regex.Escape(path.Name), @"\\\{[^}]+}", "[^/]+") + "$"), name));
            }
        }
    }

    internal JsonElement Json { get; }

    /// <summary>Every operation by its method and path.</summary>
    internal IReadOnlyDictionary<string, JsonElement> Operations => _operations;

    /// <summary>The operation that a request meets; null for what is not described.</summary>
    internal string? Find(string method, string path) => _routes.Where(r => r.Method == method && r.Path.IsMatch(path)).Select(r => r.Name).FirstOrDefault();

    /// <summary>Fails where an answer is not as described; gives the code of its problem, or null.</summary>
    internal string? Check(string operation, int status, string? media, byte[] body)
    {
        var said = $"`{operation}` answered {status} {media}";
        Assert.True(_operations[operation].GetProperty("responses").TryGetProperty(status.ToString(), out var response), $"{said}: the description does not list this status; add it where the route is described.");
        if (!response.TryGetProperty("content", out var contents))
        {
            Assert.True(body.Length == 0, $"{said}: the description says that there is no body.");
            return null;
        }
        Assert.True(media is not null && contents.TryGetProperty(media, out _), $"{said}: the description does not list this media type.");
        if (!media!.EndsWith("json", StringComparison.Ordinal))
        {
            return null;
        }
        using var json = JsonDocument.Parse(body);
        var errors = SmallSchemaCheck.Errors(Json, contents.GetProperty(media).GetProperty("schema"), json.RootElement);
        Assert.True(errors.Count == 0, $"{said}, and the body is not as described: {string.Join("; ", errors.Take(3))}");
        return media == "application/problem+json" ? json.RootElement.GetProperty("type").GetString()!.Split('/')[^1] : null;
    }
}
