using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Surveillance.Accounts;
using Surveillance.Dashboard.Tests.Accounts;
using Surveillance.Dashboard.Tests.Service;

namespace Surveillance.Dashboard.Tests.Description;

/// <summary>Walks the description: every status and every type of problem that it lists is really answered.</summary>
public sealed class DescribedBehaviourTests : IAsyncLifetime
{
    /// <summary>What a request alone cannot bring about; tests elsewhere see each of them.</summary>
    private static readonly string[] Elsewhere =
    [
        "GET /health/ready 503", // a service that still starts
        "POST /api/v1/messages 429 overload", "POST /api/v1/messages:batch 429 overload", "POST /webhooks/whatsapp 429 overload", // hundreds of requests at once
        "POST /api/v1/messages 503 unavailable", "POST /api/v1/messages:batch 503 unavailable", "POST /webhooks/whatsapp 503 unavailable", // a full disk
        "POST /api/v1/alerts/{id}/undo 409 too-late", // half a minute
        "POST /api/v1/quarantine/{id}/retry 202", // an error while judging
        "GET /api/v1/messages 503 search-unavailable", // an index that is being mended
        "POST /api/v1/rescans 503 not-ready", // a service that still starts
        "POST /api/v1/jobs/{id}/pause 202", "POST /api/v1/jobs/{id}/resume 202", "POST /api/v1/jobs/{id}/cancel 202", "POST /api/v1/jobs/{id}/retry 202", // a job at the right moment
    ];

    private readonly HashSet<string> _seen = [];
    private ServiceHost _service = null!;
    private ApiDocument _document = null!;
    private HttpClient _client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _service = await ServiceHost.StartAsync();
        _document = await DescribedAnswers.DocumentAsync(_service.Url, default);
        _client = await ClientAsync([.. Scopes.All]);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task EveryStatusAndProblem_ThatIsDescribed_IsAnswered()
    {
        await RefuseAsync();
        await SendAsync();
        await WebhookAsync();
        await ReadAsync();
        await DecideAsync();
        await RescanAsync();

        var described = _document.Operations.SelectMany(o => o.Value.GetProperty("responses").EnumerateObject().SelectMany(r => Answers(o.Key, r))).ToHashSet();
        Assert.Empty(Elsewhere.Except(described)); // a line of the list that stands for nothing
        Assert.Equal([], described.Except(_seen).Except(Elsewhere).Order(StringComparer.Ordinal).ToArray());
    }

    private static IEnumerable<string> Answers(string operation, JsonProperty response)
    {
        var contents = response.Value.TryGetProperty("content", out var found) ? found.EnumerateObject().ToList() : [];
        return contents.Count == 0 || contents.Exists(c => c.Name != "application/problem+json")
            ? contents.Where(c => c.Name == "application/problem+json").SelectMany(c => Codes(operation, response.Name, c)).Append($"{operation} {response.Name}")
            : contents.SelectMany(c => Codes(operation, response.Name, c));
    }

    private static IEnumerable<string> Codes(string operation, string status, JsonProperty content) =>
        content.Value.GetProperty("schema").GetProperty("properties").GetProperty("type").GetProperty("enum").EnumerateArray().Select(t => $"{operation} {status} {t.GetString()!.Split('/')[^1]}");

    /// <summary>Without a token, without the scope, and by a cookie without the header of our own pages.</summary>
    private async Task RefuseAsync()
    {
        using var nobody = ClientOf(null);
        using var powerless = await ClientAsync(Scopes.RulesRead);
        using var browser = await SignedInAsync();
        nobody.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7"); // from this machine the figures need no token
        powerless.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        foreach (var (method, path) in _document.Operations.Where(o => o.Value.TryGetProperty("security", out _)).Select(o => (o.Key.Split(' ')[0], o.Key.Split(' ')[1].Replace("{id}", "abcdefghijklmnopqrstuvwxya"))))
        {
            if (!path.StartsWith("/events", StringComparison.Ordinal))
            {
                await nobody.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancel);
            }
            await powerless.SendAsync(new HttpRequestMessage(new HttpMethod(method), path + "?after=1"), Cancel);
            if (method != "GET")
            {
                await browser.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancel);
            }
        }
        using var wrong = ClientOf("surv_of-nobody"); // /events without a token is taken for a browser's
        await wrong.GetAsync("/events", Cancel);
        await wrong.GetAsync("/events/since?after=1", Cancel);
    }

    private async Task SendAsync()
    {
        var long17 = RunningService.Line("long", "x").Replace("\"x\"", "\"" + new string('x', 1_100_000) + "\"", StringComparison.Ordinal);
        foreach (var (line, media) in new[]
        {
            (RunningService.Line("pitch", RunningService.Pitch), "application/json"), (RunningService.Line("pitch", "something else"), "application/json"), ("{", "application/json"),
            ("{}", "application/json"), ("{}", "text/plain"), (long17, "application/json"),
        })
        {
            await PostAsync("/api/v1/messages", line, media);
        }
        var move = RunningService.Line("move", "ping me on my personal whatsapp instead");
        foreach (var (lines, media) in new[] { (move, "application/x-ndjson"), ("{}", "application/x-ndjson"), ("", "application/x-ndjson"), (move, "text/plain"), (string.Concat(Enumerable.Repeat("{}\n", 5_001)), "application/x-ndjson") })
        {
            await PostAsync("/api/v1/messages:batch", lines, media);
        }
        using var broken = new StringContent("not gzip", Encoding.UTF8, "application/x-ndjson");
        broken.Headers.ContentEncoding.Add("gzip");
        await _client.PostAsync("/api/v1/messages:batch", broken, Cancel);
        await _service.DoneAsync();
    }

    private async Task WebhookAsync()
    {
        await _client.GetAsync("/webhooks/whatsapp", Cancel);
        await PostAsync("/webhooks/whatsapp", "{}");
        _service.App.Configuration["WhatsApp:AppSecret"] = "secret";
        _service.App.Configuration["WhatsApp:VerifyToken"] = "word";
        await _client.GetAsync("/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token=other&hub.challenge=1", Cancel);
        await _client.GetAsync("/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token=word&hub.challenge=1", Cancel);
        await PostAsync("/webhooks/whatsapp", "{}");
        await PostAsync("/webhooks/whatsapp", new string(' ', 3_200_000));
        using var signed = new StringContent("""{"entry":[]}""", Encoding.UTF8, "application/json");
        signed.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData("secret"u8.ToArray(), """{"entry":[]}"""u8.ToArray())));
        await _client.PostAsync("/webhooks/whatsapp", signed, Cancel);
    }

    private async Task ReadAsync()
    {
        var alert = (await _client.AlertsAsync(Cancel))[0];
        var (message, conversation) = (alert.Text("message"), alert.Text("conversation"));
        const string none = "abcdefghijklmnopqrstuvwxya";
        foreach (var path in new[]
        {
            "/api/v1/messages/" + message, "/api/v1/messages/" + none, $"/api/v1/messages/{message}/original", $"/api/v1/messages/{none}/original", "/api/v1/conversations/" + conversation,
            "/api/v1/conversations/" + none, $"/api/v1/conversations/{conversation}?before=900", "/api/v1/alerts?limit=0", "/api/v1/alerts/" + alert.Text("id"), "/api/v1/alerts/" + none, "/api/v1/quarantine",
            "/api/v1/quarantine?limit=0", "/api/v1/messages?q=personal", "/api/v1/messages?limit=0", "/api/v1/messages?q=%22open", "/api/v1/messages?q=x&after=nonsense",
            "/events/since?after=0", "/events/since?after=x", "/events?after=x", "/health/live", "/health/ready", "/metrics", "/problems/stale", "/problems/none",
        })
        {
            await _client.GetAsync(path, Cancel);
        }
        using (await _client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, Cancel)) { }
        var conflict = (await _client.JsonAsync("/api/v1/quarantine", Cancel)).GetProperty("items")[0].Text("message");
        await PostAsync($"/api/v1/quarantine/{conflict}/retry", "");
        await PostAsync($"/api/v1/quarantine/{none}/retry", "");
    }

    private async Task DecideAsync()
    {
        var id = (await _client.AlertsAsync(Cancel))[0].Text("id");
        const string decision = """{"disposition":"false-positive","reason":"boilerplate"}""", reopening = """{"reason":"More came to light."}""";
        foreach (var (verb, body) in new[] { ("decisions", decision), ("reopen", reopening), ("undo", """{"undoToken":"x"}""") })
        {
            var needsTag = verb != "undo";
            await PostAsync($"/api/v1/alerts/abcdefghijklmnopqrstuvwxya/{verb}", body, ifMatch: needsTag ? "\"1\"" : null);
            await PostAsync($"/api/v1/alerts/{id}/{verb}", "{", ifMatch: needsTag ? "\"1\"" : null);
            await PostAsync($"/api/v1/alerts/{id}/{verb}", """{"colour":"red"}""", ifMatch: needsTag ? "\"1\"" : null);
            await PostAsync($"/api/v1/alerts/{id}/{verb}", body, "text/plain", needsTag ? "\"1\"" : null);
            await PostAsync($"/api/v1/alerts/{id}/{verb}", "{\"note\":\"" + new string('x', 70_000) + "\"}", ifMatch: needsTag ? "\"1\"" : null);
            if (needsTag)
            {
                await PostAsync($"/api/v1/alerts/{id}/{verb}", body);
                await PostAsync($"/api/v1/alerts/{id}/{verb}", body, ifMatch: "nonsense");
                await PostAsync($"/api/v1/alerts/{id}/{verb}", body, ifMatch: "\"99\"");
            }
        }
        await PostAsync($"/api/v1/alerts/{id}/reopen", reopening, ifMatch: await TagAsync(id)); // it is open
        await PostAsync($"/api/v1/alerts/{id}/decisions", decision, ifMatch: await TagAsync(id));
        await PostAsync($"/api/v1/alerts/{id}/decisions", decision, ifMatch: await TagAsync(id)); // it is closed
        using var reopened = await PostAsync($"/api/v1/alerts/{id}/reopen", reopening, ifMatch: await TagAsync(id));
        var undo = "{\"undoToken\":\"" + JsonDocument.Parse(await reopened.Content.ReadAsStringAsync(Cancel)).RootElement.Text("undoToken") + "\"}";
        await PostAsync($"/api/v1/alerts/{id}/undo", undo);
        await PostAsync($"/api/v1/alerts/{id}/undo", undo); // it is undone
    }

    private async Task RescanAsync()
    {
        using var started = await PostAsync("/api/v1/rescans", """{"dryRun":true}""");
        foreach (var (body, media) in new[] { ("{", "application/json"), ("""{"colour":"red"}""", "application/json"), ("{}", "text/plain"), (new string(' ', 70_000), "application/json") })
        {
            await PostAsync("/api/v1/rescans", body, media);
        }
        var job = started.Headers.Location!.ToString();
        for (var tries = 0; (await _client.JsonAsync(job, Cancel)).Text("state") != "finished"; tries++)
        {
            Assert.True(tries < 600, "The rescan does not end.");
            await Task.Delay(50, Cancel);
        }
        foreach (var path in new[] { "", "?limit=0", job[12..], "/999", job[12..] + "/changes", job[12..] + "/changes?limit=0", "/999/changes", job[12..] + "/failures", job[12..] + "/failures?limit=0", "/999/failures" })
        {
            await _client.GetAsync("/api/v1/jobs" + path, Cancel);
        }
        foreach (var verb in new[] { "pause", "resume", "cancel", "retry" })
        {
            await PostAsync($"{job}/{verb}", "");
            await PostAsync($"/api/v1/jobs/999/{verb}", "");
        }
    }

    private async Task<string> TagAsync(string id)
    {
        using var response = await _client.GetAsync("/api/v1/alerts/" + id, Cancel);
        return response.Headers.ETag!.ToString();
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string body, string media = "application/json", string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, media) };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }
        return await _client.SendAsync(request, Cancel);
    }

    private async Task<HttpClient> ClientAsync(params string[] scopes)
    {
        var made = await _service.App.Services.GetRequiredService<AccountDesk>().CreateTokenAsync("test", scopes, AccountDesk.Operator, default);
        return ClientOf(made.Secret);
    }

    private HttpClient ClientOf(string? token)
    {
        var client = new HttpClient(Watched()) { BaseAddress = new Uri(_service.Url) };
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private DescribedAnswers Watched() => new(_service)
    {
        Seen = (operation, status, problem) => _seen.Add(string.Create(CultureInfo.InvariantCulture, $"{operation} {status}{(problem is null ? "" : " " + problem)}")),
    };

    private async Task<HttpClient> SignedInAsync()
    {
        var accounts = _service.App.Services.GetRequiredService<AccountDesk>();
        var link = (await accounts.AddUserAsync("admin-of-tests", UserRole.Administrator, AccountDesk.Operator, default))!;
        var watched = Watched();
        var cookies = new CookieContainer();
        ((SocketsHttpHandler)watched.InnerHandler!).CookieContainer = cookies;
        var browser = new HttpClient(watched) { BaseAddress = new Uri(_service.Url) };
        var html = await browser.GetStringAsync("/sign-in?link=" + link.Word, Cancel);
        using var signedIn = await browser.PostAsync(
            "/sign-in", new FormUrlEncodedContent(new Dictionary<string, string> { ["link"] = link.Word, ["__RequestVerificationToken"] = AccountsHost.FormToken(html) }), Cancel);
        Assert.InRange((int)signedIn.StatusCode, 302, 303);
        return browser;
    }
}
