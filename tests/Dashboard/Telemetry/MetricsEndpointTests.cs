using System.Net;
using Surveillance.Accounts;
using Surveillance.Dashboard.Tests.Service;

namespace Surveillance.Dashboard.Tests.Telemetry;

public sealed class MetricsEndpointTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<(HttpStatusCode Status, string Text)> GetAsync(ServiceHost service, string? token = null, params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient { BaseAddress = new Uri(service.Url) };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }
        using var answer = await client.SendAsync(request, Cancel);
        if (answer.IsSuccessStatusCode)
        {
            Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        }
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Fact(Timeout = 120_000)]
    public async Task Metrics_AfterMessages_TellEveryStage()
    {
        await using var service = await ServiceHost.StartAsync();
        using var client = await service.ClientAsync(Scopes.IngestWrite);
        await client.PostAsync(RunningService.Line("m-secretid-1", RunningService.Pitch), Cancel);
        await client.PostAsync(RunningService.Line("m-secretid-1", RunningService.Pitch), Cancel);
        (await client.PostAsync("/api/v1/messages", ServiceHost.Json(RunningService.Line("m-secretid-1", "other words")), Cancel)).Dispose();
        await client.PostBatchAsync(Enumerable.Range(0, 4_000).Select(i => RunningService.Line("b-" + i, "Zwirbelquast and weather")), Cancel);
        await service.DoneAsync();

        var (status, text) = await GetAsync(service);
        Assert.Equal(HttpStatusCode.OK, status);
        var families = Exposition.Parse(text);

        double Value(string family, params (string Label, string Value)[] labels) => families[family].Samples.Where(s => labels.All(l => s.Labels.GetValueOrDefault(l.Label) == l.Value)).Sum(s => s.Value);
        Assert.Equal(4_001, Value("surveillance_capture_messages_total", ("channel", "whatsapp"), ("outcome", "new")));
        Assert.Equal(1, Value("surveillance_capture_messages_total", ("outcome", "duplicate")));
        Assert.Equal(1, Value("surveillance_capture_messages_total", ("outcome", "conflict")));
        Assert.Equal(4_001, Value("surveillance_archive_entries_total", ("kind", "message")));
        Assert.Equal(4_002, Value("surveillance_prepare_messages_total"));
        Assert.Equal(4_001, Value("surveillance_judge_messages_total", ("outcome", "judged")));
        Assert.Equal(1, Value("surveillance_judge_messages_total", ("outcome", "quarantined")));
        Assert.Equal(1, Value("surveillance_quarantine_messages_total", ("reason", "conflict")));
        Assert.Equal(1, Value("surveillance_rule_matches_total", ("rule", "marketing-without-consent")));
        Assert.Equal(1, Value("surveillance_alerts_total", ("rule", "marketing-without-consent"), ("severity", "high")));
        Assert.Equal((0, 0), (Value("surveillance_lag_entries"), Value("surveillance_lag_time_seconds")));
        Assert.Equal(4_003, Value("surveillance_archive_head"));
        Assert.Contains("surveillance_mailbox_depth", families.Keys);
        Assert.Contains("surveillance_archive_queue_depth", families.Keys);
        Assert.Equal(4_002, families["surveillance_message_latency_seconds"].Samples.Single(s => s.Name.EndsWith("_count", StringComparison.Ordinal)).Value);
        Assert.Equal(4, families["surveillance_capture_duration_seconds"].Samples.Single(s => s.Name.EndsWith("_count", StringComparison.Ordinal)).Value);
        foreach (var family in new[] { "surveillance_archive_commit_duration_seconds", "surveillance_prepare_duration_seconds", "surveillance_judge_duration_seconds", "surveillance_commit_duration_seconds" })
        {
            Assert.Equal("histogram", families[family].Type);
        }
        Assert.Contains(families["http_server_request_duration_seconds"].Samples, s => s.Labels.GetValueOrDefault("http_route") == "/api/v1/messages");
        Assert.Contains("kestrel_active_connections", families.Keys);
        Assert.Contains("dotnet_process_memory_working_set_bytes", families.Keys);

        foreach (var secret in new[] { "secretid", "Zwirbelquast", "442079460000", "4915112345678", "cashback", service.Data })
        {
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Metrics_FromElsewhere_TakesATokenWithTheScope()
    {
        await using var service = await ServiceHost.StartAsync();
        async Task<string> TokenAsync(string scope) => (await service.ClientAsync(scope)).DefaultRequestHeaders.Authorization!.Parameter!;
        (string, string) proxied = ("X-Forwarded-For", "203.0.113.9"), renamed = ("Host", "surveillance.example");

        Assert.Equal(HttpStatusCode.OK, (await GetAsync(service)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(service, null, proxied)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(service, null, renamed)).Status);
        var (status, problem) = await GetAsync(service, await TokenAsync(Scopes.AlertsRead), proxied);
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("`metrics:read`", problem, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(service, await TokenAsync(Scopes.MetricsRead), proxied)).Status);
    }

    [Fact(Timeout = 120_000)]
    public async Task Metrics_LoopbackForbidden_TakesATokenHereToo()
    {
        await using var service = await ServiceHost.StartAsync(s => s with { Overrides = new Dictionary<string, string?> { ["Access:Loopback"] = "false" } });
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(service)).Status);
        using var client = new HttpClient { BaseAddress = new Uri(service.Url) };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/openapi/v1.json", Cancel)).StatusCode);
    }

    [Theory]
    [InlineData("surveillance.service", "Environment=SURVEILLANCE_Access__Loopback=false")]
    [InlineData("Containerfile", "ENV SURVEILLANCE_Access__Loopback=false")]
    public async Task Deploy_BehindAProxy_ForbidsLoopback(string file, string line) =>
        Assert.Contains(line, await File.ReadAllLinesAsync(Commands.Repository.File("docs/deploy/" + file), Cancel));
}
