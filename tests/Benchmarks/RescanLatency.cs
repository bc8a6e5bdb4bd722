using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Surveillance.Tests;
using Surveillance.Tests.Drills;

namespace Surveillance.Benchmarks;

/// <summary>How long the durable answer of a single post takes while the archive is rescanned, against the same service without: windows in turn, same process, same load.</summary>
internal static class RescanLatency
{
    private const int Connections = 16;
    private const int PostsPerSecond = 1_000;

    /// <summary>The ratio of the 99th percentiles: the median over pairs of windows.</summary>
    internal static async Task<(double P99, double P50)> MeasureAsync(bool quick, Func<string[], Process> self, Action<string> say, CancellationToken cancel)
    {
        using var folder = new TemporaryFolder();
        var data = folder.File("data");
        await using var service = await ServiceProcess.ServeAsync(data, ServiceProcess.FreePort(), cancel);
        var (_, token, _) = await ServiceProcess.RunAsync(
            ["tokens", "create", "--name", "bench", "--scopes", "ingest:write,consent:write,alerts:read,jobs:run", "--data", data], cancel);
        using var http = service.Client(token.Trim());
        await PreloadAsync(http, Traffic.Lines(quick ? 20_000 : 60_000, 9, 2_000), cancel);
        var (p99, p50) = (new List<double>(), new List<double>());
        for (var round = -1; round < (quick ? 3 : 7); round++)
        {
            var quiet = await WindowAsync(self, service.Url, token.Trim(), cancel);
            var run = await StartAsync(http, cancel);
            var busy = await WindowAsync(self, service.Url, token.Trim(), cancel);
            var processed = await CancelAsync(http, run, cancel);
            if (round < 0)
            {
                continue; // until what is hot is compiled
            }
            p99.Add(busy.P99 / quiet.P99);
            p50.Add(busy.P50 / quiet.P50);
            say(string.Create(
                CultureInfo.InvariantCulture,
                $"durable answer at {PostsPerSecond}/s: p50 {quiet.P50:0.00} ms, p99 {quiet.P99:0.00} ms; while rescanning p50 {busy.P50:0.00} ms, p99 {busy.P99:0.00} ms ({processed:N0} messages rescanned meanwhile)"));
        }
        return (p99.Order().ElementAt(p99.Count / 2), p50.Order().ElementAt(p50.Count / 2));
    }

    private static async Task PreloadAsync(HttpClient http, IReadOnlyList<TrafficLine> lines, CancellationToken cancel)
    {
        foreach (var chunk in lines.Chunk(2_000))
        {
            using var content = new StringContent(string.Join('\n', chunk.Select(l => l.Json)), Encoding.UTF8, "application/x-ndjson");
            using var response = await http.PostAsync(new Uri("/api/v1/messages:batch", UriKind.Relative), content, cancel);
            response.EnsureSuccessStatusCode();
        }
        while ((await http.GetFromJsonAsync<JsonElement>(new Uri("/health/ready", UriKind.Relative), cancel)).GetProperty("waiting").GetInt64() > 0)
        {
            await Task.Delay(50, cancel);
        }
    }

    private static async Task<string> StartAsync(HttpClient http, CancellationToken cancel)
    {
        using var response = await http.PostAsJsonAsync(new Uri("/api/v1/rescans", UriKind.Relative), new { verify = true }, cancel);
        response.EnsureSuccessStatusCode();
        return response.Headers.Location!.OriginalString;
    }

    private static async Task<long> CancelAsync(HttpClient http, string run, CancellationToken cancel)
    {
        var job = await http.GetFromJsonAsync<JsonElement>(new Uri(run, UriKind.Relative), cancel);
        if (job.GetProperty("state").GetString() != "running")
        {
            throw new InvalidOperationException("The rescan ended before the window did: more messages are needed.");
        }
        var processed = job.GetProperty("processed").GetInt64();
        using var response = await http.PostAsync(new Uri(run + "/cancel", UriKind.Relative), null, cancel);
        while ((await http.GetFromJsonAsync<JsonElement>(new Uri(run, UriKind.Relative), cancel)).GetProperty("state").GetString() is "running" or "queued")
        {
            await Task.Delay(50, cancel);
        }
        return processed;
    }

    private static async Task<(double P50, double P99)> WindowAsync(Func<string[], Process> self, string url, string token, CancellationToken cancel)
    {
        using var client = self(["latency-client", url, token, "4", Connections.ToString(CultureInfo.InvariantCulture), PostsPerSecond.ToString(CultureInfo.InvariantCulture)]);
        var printed = (await client.StandardOutput.ReadToEndAsync(cancel)).Split(' ');
        await client.WaitForExitAsync(cancel);
        return (double.Parse(printed[0], CultureInfo.InvariantCulture), double.Parse(printed[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Posts at a steady rate for some seconds; prints the 50th and 99th percentile of the time from when a post was due to its answer, in milliseconds.</summary>
    internal static async Task ClientAsync(string url, string token, int seconds, int connections, int perSecond)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections }) { BaseAddress = new Uri(url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var run = Guid.NewGuid().ToString("N");
        var took = new List<double>();
        var clock = Stopwatch.StartNew();
        var every = TimeSpan.FromSeconds((double)connections / perSecond);
        await Task.WhenAll(Enumerable.Range(0, connections).Select(c => Task.Run(async () =>
        {
            var mine = new List<double>();
            for (var i = 0; ; i++)
            {
                var due = every * (i + (double)c / connections);
                if (due.TotalSeconds > seconds)
                {
                    break;
                }
                var started = due; // a post that comes late because the one before it took long has waited since it was due
                if (due - clock.Elapsed is { Ticks: > 0 } wait)
                {
                    await Task.Delay(wait);
                    started = clock.Elapsed; // a timer's coarseness is not the service's
                }
                var json = $$"""{"id":"{{run}}-{{c}}-{{i}}","channel":"whatsapp","account":"+442079460000","conversation":"{{run}}-{{c}}-{{i / 20}}","sentAt":"2026-05-04T09:12:00Z","from":{"address":"+447700900{{c:000}}","role":"client"},"text":"good morning, is the statement ready?"}""";
                using var content = new StringContent(json, Encoding.UTF8, "application/json");
                using var response = await http.PostAsync(new Uri("/api/v1/messages", UriKind.Relative), content);
                response.EnsureSuccessStatusCode();
                if (clock.Elapsed.TotalSeconds > 1)
                {
                    mine.Add((clock.Elapsed - started).TotalMilliseconds);
                }
            }
            lock (took)
            {
                took.AddRange(mine);
            }
        })));
        took.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{took[took.Count / 2]:0.000} {took[took.Count * 99 / 100]:0.000}"));
    }
}
