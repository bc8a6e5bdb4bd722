using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Surveillance.Tests.Drills;

namespace Surveillance.Dashboard.Tests.Service;

/// <summary>What tests do with a service over HTTP, in process or not.</summary>
internal static class RunningService
{
    /// <summary>A pitch that the shipped rules know by its phrases and by the classifier.</summary>
    public const string Pitch = "Exclusive offer for you: our new 4.9% saver closes Friday, sign up today and get £75 cashback, reply YES to claim";

    /// <summary>A token of a service's data folder.</summary>
    public static async Task<string> TokenAsync(string data, CancellationToken cancel)
    {
        var (code, output, error) = await ServiceProcess.RunAsync(
            ["tokens", "create", "--name", "test", "--scopes", "ingest:write,consent:write,alerts:read,messages:read,rules:read", "--data", data], cancel);
        return code == 0 ? output.Trim() : throw new InvalidOperationException("No token: " + error);
    }

    /// <summary>An outbound message in a conversation of its own, as a line.</summary>
    public static string Line(string id, string text) =>
        $$"""{"id":"{{id}}","channel":"whatsapp","account":"+442079460000","conversation":"c-{{id}}","sentAt":"2026-05-04T09:12:00Z","from":{"address":"+442079460000","role":"employee"},"to":[{"address":"+4915112345678","role":"client"}],"text":"{{text}}"}""";

    /// <summary>Posts one message and expects it to be kept; gives our id of it.</summary>
    public static async Task<string> PostAsync(this HttpClient client, string line, CancellationToken cancel)
    {
        using var response = await client.PostAsync(new Uri("/api/v1/messages", UriKind.Relative), ServiceHost.Json(line), cancel);
        var body = await response.Content.ReadAsStringAsync(cancel);
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body).RootElement.GetProperty("id").GetString()!;
    }

    /// <summary>Posts lines as a batch.</summary>
    public static Task<HttpResponseMessage> PostBatchAsync(this HttpClient client, IEnumerable<string> lines, CancellationToken cancel) =>
        client.PostAsync(new Uri("/api/v1/messages:batch", UriKind.Relative), new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson"), cancel);

    /// <summary>The answer of an address as JSON.</summary>
    public static Task<JsonElement> JsonAsync(this HttpClient client, string path, CancellationToken cancel) =>
        client.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative), cancel);

    /// <summary>Waits until everything that was kept is judged; gives the last answer of <c>/health/ready</c>.</summary>
    public static async Task<JsonElement> DoneAsync(this HttpClient client, CancellationToken cancel)
    {
        while (true)
        {
            var health = await client.JsonAsync("/health/ready", cancel);
            if (health.GetProperty("waiting").GetInt64() == 0)
            {
                return health;
            }
            await Task.Delay(20, cancel);
        }
    }

    /// <summary>Every alert, newest first.</summary>
    public static async Task<IReadOnlyList<JsonElement>> AlertsAsync(this HttpClient client, CancellationToken cancel)
    {
        var alerts = new List<JsonElement>();
        for (string? after = null; ;)
        {
            var page = await client.JsonAsync("/api/v1/alerts?sort=newest&limit=200" + (after is null ? "" : "&after=" + Uri.EscapeDataString(after)), cancel);
            alerts.AddRange(page.GetProperty("items").EnumerateArray());
            if (!page.TryGetProperty("next", out var next) || (after = next.GetString()) is null)
            {
                return alerts;
            }
        }
    }

    /// <summary>The text of an alert's field.</summary>
    public static string Text(this JsonElement json, string field) => json.GetProperty(field).ToString();
}
