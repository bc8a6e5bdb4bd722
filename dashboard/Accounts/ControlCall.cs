using System.CommandLine;
using System.Net;
using System.Text.Json;

namespace Surveillance.Dashboard.Accounts;

/// <summary>One call of a command to the service: sends, and on refusal says why on standard error.</summary>
internal static class ControlCall
{
    /// <summary>Wrong use of the command line.</summary>
    public const int Usage = 2;

    private const int NotFound = 3;
    private const int NotAuthorised = 4;
    private const int Conflict = 5;
    private const int Internal = 70;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>How <c>--json</c> is written.</summary>
    public static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Sends a request and hands on the answer; gives the exit code.</summary>
    /// <typeparam name="T">What the answer is read as.</typeparam>
    public static async Task<int> RunAsync<T>(
        ConnectControl connect, ParseResult parsed, HttpMethod method, string path, object? body, Action<T> show, CancellationToken cancel)
    {
        var error = parsed.InvocationConfiguration.Error;
        try
        {
            await using var client = await connect(parsed, cancel);
            var (code, answer) = await SendAsync<T>(client, method, path, body, error, cancel);
            if (code == 0)
            {
                show(answer!);
            }
            return code;
        }
        catch (HttpRequestException e)
        {
            return await DoesNotAnswerAsync(e, error);
        }
    }

    /// <summary>Sends a request; gives 0 and the answer, null where there is no content, or the exit code of a refusal that was told on standard error.</summary>
    /// <typeparam name="T">What the answer is read as.</typeparam>
    /// <param name="client">The service.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">The address, relative.</param>
    /// <param name="body">What is sent as JSON, or null.</param>
    /// <param name="error">Gets the reason of a refusal.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="help">What to do about a refusal, by its status; null where there is nothing to say.</param>
    /// <exception cref="HttpRequestException">The service does not answer.</exception>
    public static async Task<(int Code, T? Answer)> SendAsync<T>(
        IControlClient client, HttpMethod method, string path, object? body, TextWriter error, CancellationToken cancel, Func<HttpStatusCode, string?>? help = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Content = body is null ? null : JsonContent.Create(body, options: Json);
        using var response = await client.SendAsync(request, cancel);
        if (!response.IsSuccessStatusCode)
        {
            await error.WriteLineAsync("error: " + await ReadProblemAsync(response, cancel));
            if (help?.Invoke(response.StatusCode) is { } way)
            {
                await error.WriteLineAsync("help: " + way);
            }
            return (ExitCode(response.StatusCode), default);
        }
        return response.StatusCode == HttpStatusCode.NoContent
            ? (0, default)
            : (0, await response.Content.ReadFromJsonAsync<T>(Json, cancel) ?? throw new InvalidDataException("The service answered nothing."));
    }

    /// <summary>Says that the service does not answer; gives the exit code.</summary>
    public static async Task<int> DoesNotAnswerAsync(HttpRequestException failure, TextWriter error)
    {
        await error.WriteLineAsync($"error: the service that holds the data folder does not answer ({failure.HttpRequestError}). Is it stopping? Try again.");
        return NotFound;
    }

    private static async Task<string> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var text = await response.Content.ReadAsStringAsync(cancel);
        try
        {
            using var problem = JsonDocument.Parse(text);
            return problem.RootElement.GetProperty("detail").GetString() ?? response.ReasonPhrase ?? "refused";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"the service answered {(int)response.StatusCode}";
        }
    }

    private static int ExitCode(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => Usage,
        HttpStatusCode.NotFound => NotFound,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => NotAuthorised,
        HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed or HttpStatusCode.ServiceUnavailable => Conflict,
        _ => Internal,
    };
}

/// <summary>Columns for people; programs use <c>--json</c>.</summary>
internal static class PlainTable
{
    /// <summary>Writes rows under a heading, columns padded with blanks and parted by two.</summary>
    public static void Write(TextWriter into, string[] heading, IEnumerable<string[]> rows)
    {
        var all = rows.Prepend(heading).ToList();
        var widths = Enumerable.Range(0, heading.Length).Select(c => all.Max(row => row[c].Length)).ToArray();
        foreach (var row in all)
        {
            into.WriteLine(string.Join("  ", row.Select((cell, c) => cell.PadRight(widths[c]))).TrimEnd());
        }
    }
}
