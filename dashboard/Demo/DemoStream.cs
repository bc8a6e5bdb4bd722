using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Surveillance.Accounts;
using Surveillance.Archive;
using Surveillance.Messages;

namespace Surveillance.Dashboard.Demo;

/// <summary>Sends the invented messages of <c>demo.ndjson</c> through the real ingest endpoint, one by one, their times shifted so that the last was sent now.</summary>
internal static partial class DemoStream
{
    private const string OwnFile = "demo.json"; // in the data folder

    /// <summary>Whether a data folder holds anything that the demo did not put there, so that the demo must keep away from it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="archive">Its archive.</param>
    internal static bool IsTaken(string folder, IMessageArchive archive) =>
        !File.Exists(Path.Combine(folder, OwnFile)) && archive.LastPosition > archive.ReadKind(EntryKind.Activation, 0, 100).Count;

    /// <summary>Streams until everything was sent or the host stops. Sent again after a restart, the lines are recognised as duplicates. A failure is logged; the service goes on.</summary>
    internal static async Task RunAsync(WebApplication app, string address, HostSettings settings, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, app.Lifetime.ApplicationStopping);
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Surveillance.Dashboard.Demo");
        try
        {
            await StreamAsync(app, address, settings, log, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // the host stops
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            LogFailed(log, e.GetType().Name);
        }
    }

    private static async Task StreamAsync(WebApplication app, string address, HostSettings settings, ILogger log, CancellationTokenSource stop)
    {
        var time = settings.Time;
        var lines = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Demo", "demo.ndjson"), stop.Token);
        var folder = app.Services.GetRequiredService<HostFolders>().Data;
        var shift = Shift(folder, lines, time.GetUtcNow());
        var archive = app.Services.GetRequiredService<IMessageArchive>();
        if (archive.LastPosition >= lines.Length)
        {
            LogAlreadyHere(log, folder);
            return;
        }
        var accounts = app.Services.GetRequiredService<AccountDesk>();
        var token = await accounts.CreateTokenAsync("demo", [Scopes.IngestWrite, Scopes.ConsentWrite], AccountDesk.System, stop.Token);
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Secret);
        var sent = 0;
        LogStarting(log, lines.Length, settings.DemoRate);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1 / settings.DemoRate), time);
        foreach (var line in lines)
        {
            await timer.WaitForNextTickAsync(stop.Token);
            while (true)
            {
                using var content = new StringContent(Shifted(line, shift), Encoding.UTF8, "application/json");
                using var response = await http.PostAsync(new Uri("/api/v1/messages", UriKind.Relative), content, stop.Token);
                if ((int)response.StatusCode is 429 or 503)
                {
                    await Task.Delay(response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1), time, stop.Token);
                    continue;
                }
                if (response.IsSuccessStatusCode) { sent++; }
                else { LogRefused(log, (int)response.StatusCode); }
                break;
            }
        }
        LogDone(log, sent);
        await accounts.RevokeTokenAsync(token.Token.Id, AccountDesk.System, stop.Token);
    }

    /// <summary>How far times are moved: kept in the folder, so that a line sent again is the same line.</summary>
    private static TimeSpan Shift(string folder, string[] lines, DateTimeOffset now)
    {
        var file = Path.Combine(folder, OwnFile);
        if (File.Exists(file) && JsonSerializer.Deserialize<long>(File.ReadAllText(file)) is var ticks and not 0)
        {
            return TimeSpan.FromTicks(ticks);
        }
        var last = lines.Select(TimeOf).Max();
        var shift = TimeSpan.FromSeconds(Math.Floor((now - last).TotalSeconds));
        File.WriteAllText(file, JsonSerializer.Serialize(shift.Ticks));
        return shift;
    }

    private static DateTimeOffset TimeOf(string line)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        return (root.TryGetProperty("sentAt", out var sent) ? sent : root.GetProperty("at")).GetDateTimeOffset();
    }

    private static string Shifted(string line, TimeSpan shift)
    {
        var json = JsonNode.Parse(line)!.AsObject();
        foreach (var field in new[] { "sentAt", "at" })
        {
            if (json[field] is { } time && Rfc3339.TryParse(time.GetValue<string>(), out var at))
            {
                json[field] = Rfc3339.Format(at + shift);
            }
        }
        return json.ToJsonString();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Demo: streaming {Count} invented messages at {Rate} a second")]
    private static partial void LogStarting(ILogger log, int count, double rate);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Demo: a message was refused with {Status}")]
    private static partial void LogRefused(ILogger log, int status);

    [LoggerMessage(Level = LogLevel.Information, Message = "Demo: all messages are here already; remove {Folder} to see them stream again")]
    private static partial void LogAlreadyHere(ILogger log, string folder);

    [LoggerMessage(Level = LogLevel.Error, Message = "Demo: streaming stopped ({Reason})")]
    private static partial void LogFailed(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Demo: all {Count} messages sent")]
    private static partial void LogDone(ILogger log, int count);
}
