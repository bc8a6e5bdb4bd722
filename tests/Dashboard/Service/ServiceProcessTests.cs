using System.Net;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Surveillance.Tests;
using Surveillance.Tests.Drills;

namespace Surveillance.Dashboard.Tests.Service;

/// <summary>The real program: what it starts with, what it does without, how it stops.</summary>
public sealed class ServiceProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Data => _folder.File("data");

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 240_000)]
    public async Task Serve_WithoutModels_SaysSoAndJudgesByTheRest()
    {
        await using var service = await ServiceProcess.ServeAsync(Data, ServiceProcess.FreePort(), Cancel, "--models", _folder.File("no-models"));
        using var client = service.Client(await RunningService.TokenAsync(Data, Cancel));
        Assert.Contains("warning: The model `marketing` is missing: conditions on it are not evaluated.", service.StandardError, StringComparison.Ordinal);

        await client.PostAsync(RunningService.Line("phrases", RunningService.Pitch), Cancel);
        await client.PostAsync(RunningService.Line("no-phrases", "good morning, the sun is out"), Cancel);
        var health = await client.DoneAsync(Cancel);
        Assert.Equal("degraded", health.Text("status"));
        Assert.Contains("The model `marketing` is missing", health.Text("trouble"), StringComparison.Ordinal);

        var alert = Assert.Single(await client.AlertsAsync(Cancel));
        Assert.Equal("marketing-without-consent", alert.Text("rule"));
        var proof = (await client.JsonAsync("/api/v1/alerts/" + alert.Text("id"), Cancel)).GetProperty("members")[0].GetProperty("proof");
        var classifier = Nodes(proof.GetProperty("when")).Single(n => n.Text("operator") == "classifier");
        Assert.Equal("notEvaluated", classifier.Text("state"));
        Assert.Equal("marketing", proof.GetProperty("models")[0].Text("name"));
        Assert.Contains("Missing models: marketing", await client.GetStringAsync(new Uri("/rules", UriKind.Relative), Cancel), StringComparison.Ordinal);
        Assert.Contains(Strings("SELECT not_evaluated FROM evaluations WHERE not_evaluated IS NOT NULL"), rules => rules.Split(',').Contains("marketing-without-consent"));
    }

    [Fact(Timeout = 240_000)]
    public async Task Serve_FirstStartWithBrokenRules_Exits1WithTheDiagnosticsAlone()
    {
        Directory.CreateDirectory(_folder.File("rules/off-channel"));
        await File.WriteAllTextAsync(_folder.File("rules/off-channel/broken.json"), "{ \"id\": \"broken\", \"version\": 1", Cancel);
        var (code, output, error) = await ServiceProcess.RunAsync(
            ["serve", "--data", Data, "--urls", $"http://127.0.0.1:{ServiceProcess.FreePort()}", "--rules", _folder.File("rules")], Cancel);
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("error[E002]", error, StringComparison.Ordinal);
        Assert.Contains("--> rules/off-channel/broken.json:1:", error, StringComparison.Ordinal);
        Assert.Contains("error: the rules do not check", error, StringComparison.Ordinal);
        Assert.Contains("help: `surveillance rules check`", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 240_000)]
    public async Task Serve_Terminated_EvaluatesEverythingThatWasAcknowledged()
    {
        var service = await ServiceProcess.ServeAsync(Data, ServiceProcess.FreePort(), Cancel);
        string token;
        var acknowledged = 0;
        try
        {
            token = await RunningService.TokenAsync(Data, Cancel);
            using var client = service.Client(token);
            var lines = Traffic.Lines(2_000, seed: 21, conversations: 80).Select(l => l.Json).Chunk(100).ToList();
            Task<int>? stopping = null;
            for (var i = 0; i < lines.Count; i++)
            {
                try
                {
                    using var response = await client.PostBatchAsync(lines[i], Cancel);
                    if (!response.IsSuccessStatusCode)
                    {
                        break;
                    }
                    acknowledged += lines[i].Length;
                }
                catch (HttpRequestException)
                {
                    break; // it does not take any more
                }
                if (i == 10)
                {
                    stopping = service.StopAsync(Cancel);
                }
            }
            Assert.Equal(0, await stopping!);
        }
        finally
        {
            await service.DisposeAsync();
        }
        Assert.True(acknowledged >= 1_100, $"{acknowledged} lines");
        var left = NotJudged();
        await using var again = await ServiceProcess.ServeAsync(Data, ServiceProcess.FreePort(), Cancel);
        using var reader = again.Client(token);
        await reader.DoneAsync(Cancel);
        Assert.Equal(0, NotJudged());
        Assert.True(Count("archive.db", "SELECT count(*) FROM entries WHERE kind <> 2") >= acknowledged);
        TestContext.Current.TestOutputHelper?.WriteLine($"{acknowledged} acknowledged, {left} left for the next start");
        Assert.Equal(0, await again.StopAsync(Cancel));
    }

    [Fact(Timeout = 240_000)]
    public async Task Serve_SettingsFromFileAndEnvironment_AreUsedInTheirOrder()
    {
        var (fromFile, port) = (_folder.File("from-file"), ServiceProcess.FreePort());
        await File.WriteAllTextAsync(
            _folder.File("appsettings.json"),
            JsonSerializer.Serialize(new { Data = fromFile, Urls = $"http://127.0.0.1:{ServiceProcess.FreePort()}", WhatsApp = new { VerifyToken = "of the file" } }), Cancel);
        var place = new ProcessPlace(_folder.Path, new Dictionary<string, string> { ["XDG_DATA_HOME"] = _folder.File("unused"), ["SURVEILLANCE_Urls"] = $"http://127.0.0.1:{port}", ["SURVEILLANCE_WhatsApp__AppSecret"] = "secret" });
        await using var service = await ServiceProcess.ServeAsync(place, port, [], Cancel);
        Assert.Contains("Data folder: " + fromFile, service.StandardOutput, StringComparison.Ordinal);

        // A command finds the same folder by the same settings.
        var (code, token, says) = await ServiceProcess.RunAsync(["tokens", "create", "--name", "x", "--scopes", "alerts:read"], Cancel, place: place);
        Assert.Equal(0, code);
        Assert.DoesNotContain("no data folder", says, StringComparison.Ordinal);
        using var client = service.Client(token.Trim());
        Assert.Empty(await client.AlertsAsync(Cancel));

        Assert.Equal("4711", await client.GetStringAsync(new Uri("/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token=of%20the%20file&hub.challenge=4711", UriKind.Relative), Cancel));
        using var wrong = await client.GetAsync(new Uri("/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token=another&hub.challenge=4711", UriKind.Relative), Cancel);
        using var unsigned = await client.PostAsync(new Uri("/webhooks/whatsapp", UriKind.Relative), ServiceHost.Json("{}"), Cancel);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized), (wrong.StatusCode, unsigned.StatusCode));
    }

    [Fact(Timeout = 240_000)]
    public async Task Serve_MorePostsThanItTakesAtOnce_429WithRetryAfterAndNothingLost()
    {
        await using var service = await ServiceProcess.ServeAsync(Data, ServiceProcess.FreePort(), Cancel);
        using var client = service.Client(await RunningService.TokenAsync(Data, Cancel));
        var gate = new TaskCompletionSource();
        var held = Enumerable.Range(0, 300).Select(async i =>
        {
            using var content = new HeldContent(RunningService.Line("held-" + i, "good morning"), gate.Task);
            using var response = await client.PostAsync(new Uri("/api/v1/messages", UriKind.Relative), content, Cancel);
            return response.StatusCode;
        }).ToList();
        var refused = await UntilRefusedAsync(client);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal("/problems/overload", JsonDocument.Parse(await refused.Content.ReadAsStringAsync(Cancel)).RootElement.Text("type"));
        using var health = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);

        gate.SetResult();
        var answers = await Task.WhenAll(held);
        var kept = answers.Count(a => a == HttpStatusCode.Accepted);
        Assert.Equal(300, kept + answers.Count(a => a == HttpStatusCode.TooManyRequests));
        Assert.Equal(256, kept);
        using var afterwards = await client.PostAsync(new Uri("/api/v1/messages", UriKind.Relative), ServiceHost.Json(RunningService.Line("afterwards", "good morning")), Cancel);
        Assert.Equal(HttpStatusCode.Accepted, afterwards.StatusCode);
        await client.DoneAsync(Cancel);
        Assert.Equal(kept + 1, Count("archive.db", "SELECT count(*) FROM entries WHERE kind = 0"));
    }

    private static async Task<HttpResponseMessage> UntilRefusedAsync(HttpClient client)
    {
        for (var i = 0; i < 200; i++)
        {
            var response = await client.PostAsync(new Uri("/api/v1/messages", UriKind.Relative), ServiceHost.Json("{ not json"), Cancel);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                return response;
            }
            await Task.Delay(20, Cancel);
        }
        throw new TimeoutException("Nothing is refused.");
    }

    private static IEnumerable<JsonElement> Nodes(JsonElement node) =>
        node.TryGetProperty("parts", out var parts) ? parts.EnumerateArray().SelectMany(Nodes).Prepend(node) : [node];

    private int NotJudged()
    {
        using var connection = Open("archive.db");
        using var command = connection.CreateCommand();
        command.CommandText = "ATTACH $work AS work; SELECT count(*) FROM entries e WHERE e.kind IN (0, 3, 4) AND e.position NOT IN (SELECT position FROM work.evaluations UNION SELECT position FROM work.quarantine)";
        command.Parameters.AddWithValue("$work", Path.Combine(Data, "work.db"));
        return Convert.ToInt32(command.ExecuteScalar());
    }

    private int Count(string file, string sql) => int.Parse(Query(file, sql).Single());

    private List<string> Strings(string sql) => Query("work.db", sql);

    private List<string> Query(string file, string sql)
    {
        using var connection = Open(file);
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this file
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var values = new List<string>();
        while (reader.Read())
        {
            values.Add(reader.GetValue(0).ToString()!);
        }
        return values;
    }

    private SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(Data, file)};Pooling=False");
        connection.Open();
        return connection;
    }

    /// <summary>A body whose last byte waits.</summary>
    private sealed class HeldContent : HttpContent
    {
        private readonly byte[] _body;
        private readonly Task _gate;

        public HeldContent(string body, Task gate)
        {
            (_body, _gate) = (System.Text.Encoding.UTF8.GetBytes(body), gate);
            Headers.ContentType = new("application/json");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_body.AsMemory(0, _body.Length - 1));
            await stream.FlushAsync();
            await _gate;
            await stream.WriteAsync(_body.AsMemory(_body.Length - 1));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _body.Length;
            return true;
        }
    }
}
