using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace Surveillance.Benchmarks;

/// <summary>Single posts from a process of their own, against the service and against an endpoint that does nothing.</summary>
internal static class PostBench
{
    /// <summary>Serves an endpoint that reads nothing and answers 202.</summary>
    internal static async Task ServeEmptyAsync(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Urls.Add(url);
        app.MapPost("/api/v1/messages", () => TypedResults.Accepted((string?)null));
        await app.RunAsync();
    }

    /// <summary>Posts for some seconds over some connections; prints the answers a second.</summary>
    internal static async Task ClientAsync(string url, string token, int seconds, int connections)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections }) { BaseAddress = new Uri(url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var run = Guid.NewGuid().ToString("N");
        var answered = 0;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(c => Task.Run(async () =>
        {
            for (var i = 0; clock.Elapsed.TotalSeconds < seconds; i++)
            {
                var json = $$"""{"id":"{{run}}-{{c}}-{{i}}","channel":"whatsapp","account":"+442079460000","conversation":"c-{{c}}","sentAt":"2026-05-04T09:12:00Z","from":{"address":"+447700900{{c:000}}","role":"client"},"text":"good morning, is the statement ready?"}""";
                using var content = new StringContent(json, Encoding.UTF8, "application/json");
                using var response = await http.PostAsync(new Uri("/api/v1/messages", UriKind.Relative), content);
                if ((int)response.StatusCode == 202)
                {
                    Interlocked.Increment(ref answered);
                }
            }
        })));
        Console.WriteLine((answered / clock.Elapsed.TotalSeconds).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture));
    }
}
