using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Surveillance.Health;
using Surveillance.Storage.Sqlite;

namespace Surveillance.Dashboard.Health;

/// <summary>Asks the service that holds a data folder how it is, over its control socket.</summary>
internal static class ServiceCheck
{
    private const string Area = "service";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>What it says; whether there is one that listens for people.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="open">Opens a client of a socket.</param>
    /// <param name="cancel">Ends the call.</param>
    internal static async Task<(IReadOnlyList<CheckResult> Results, bool IsServing)> RunAsync(string data, Func<string, HttpClient> open, CancellationToken cancel)
    {
        var holder = Directory.Exists(data) ? DataFolderCheck.FindHolder(data) : null;
        if (holder is not { } process)
        {
            return ([new(Area, CheckState.Ok, "No service runs on this data folder.")], false);
        }
        if (process.Purpose != "serve")
        {
            return ([new(Area, CheckState.Ok, $"`surveillance {process.Purpose}` has the folder now; no service runs.")], false);
        }
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(Patience);
            using var http = open(DataFolder.SocketOf(data));
            using var response = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), limit.Token);
            var answer = await response.Content.ReadFromJsonAsync<HealthAnswer>(Json, limit.Token);
            return ([.. Tell(answer!)], true);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            return (
                [new(Area, CheckState.Finding, string.Create(CultureInfo.InvariantCulture, $"The service (process {process.Process}) holds the folder and does not answer over control.sock."), "It may be starting or stopping: try again. If it stays so, look at its log and restart it.")],
                true);
        }
    }

    private static IEnumerable<CheckResult> Tell(HealthAnswer answer)
    {
        yield return answer.Status == "starting"
            ? new(Area, CheckState.Finding, "The service answers, and its pipeline does not run yet.", "Try again; if it stays so, look at its log.")
            : new(Area, CheckState.Ok, string.Create(CultureInfo.InvariantCulture, $"The service answers: {answer.Head:N0} entries kept, {answer.Waiting:N0} wait to be evaluated."));
        foreach (var trouble in answer.Trouble)
        {
            yield return new(Area, CheckState.Finding, trouble, "The page /health of the service tells what to do.");
        }
    }
}
