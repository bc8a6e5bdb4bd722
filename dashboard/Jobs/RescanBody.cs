using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Surveillance.Dashboard.Shared;
using Surveillance.Messages;
using Surveillance.Rescan;

namespace Surveillance.Dashboard.Jobs;

/// <summary>Reads what a program asks of a rescan: one JSON object, every field optional.</summary>
internal static class RescanBody
{
    private const int MostRules = 1_000;
    private const int LongestRule = 200;

    private static readonly string[] Fields = ["from", "to", "channels", "rules", "verify", "dryRun"];

    /// <summary>Reads the body of a request, or says everything that is wrong with it. No body at all asks for everything.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancel">Ends the call.</param>
    internal static async Task<(RescanRequest Request, ProblemHttpResult? Refused)> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentType is null && request.ContentLength is null or 0)
        {
            return (new RescanRequest(), null);
        }
        var (json, refused) = await RequestBody.ReadJsonAsync(request, cancel);
        using (json)
        {
            if (refused is not null)
            {
                return (new RescanRequest(), refused);
            }
            var errors = new List<InputError>();
            var read = Read(json!.RootElement, errors);
            if (errors.Count == 0)
            {
                return (read, null);
            }
            var (kind, detail) = Problems.Of(errors);
            return (read, Problems.Result(kind, detail, errors));
        }
    }

    private static RescanRequest Read(JsonElement json, List<InputError> errors)
    {
        var request = new RescanRequest();
        if (json.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new InputError("wrong-type", "", "The body is one JSON object."));
            return request;
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in json.EnumerateObject())
        {
            var (pointer, unknown) = RequestBody.Place(field.Name, Fields);
            if (unknown is not null)
            {
                errors.Add(unknown);
            }
            else if (!seen.Add(field.Name))
            {
                errors.Add(new InputError("duplicate-field", pointer, "The field stands twice; write it once."));
            }
            else if (field.Value.ValueKind != JsonValueKind.Null)
            {
                request = field.Name switch
                {
                    "from" => request with { From = Time(field.Value, pointer, errors) },
                    "to" => request with { To = Time(field.Value, pointer, errors) },
                    "channels" => request with { Channels = Channels(field.Value, pointer, errors) },
                    "rules" => request with { Rules = Texts(field.Value, pointer, errors) },
                    "verify" => request with { Verify = Flag(field.Value, pointer, errors) },
                    _ => request with { DryRun = Flag(field.Value, pointer, errors) },
                };
            }
        }
        return request;
    }

    private static DateTimeOffset? Time(JsonElement value, string pointer, List<InputError> errors)
    {
        if (Text(value) is { } text && Rfc3339.TryParse(text, out var time))
        {
            return time;
        }
        errors.Add(new InputError("invalid-time", pointer, "The field is a time with its offset, such as `2026-05-04T00:00:00Z` (RFC 3339)."));
        return null;
    }

    private static Channel[] Channels(JsonElement value, string pointer, List<InputError> errors)
    {
        var channels = new List<Channel>();
        var words = Texts(value, pointer, errors);
        for (var i = 0; i < words.Count; i++)
        {
            if (Names<Channel>.TryParse(words[i], out var channel))
            {
                channels.Add(channel);
            }
            else
            {
                var near = NearestName.Find(words[i], Names<Channel>.All);
                errors.Add(new InputError(
                    "unknown-value", $"{pointer}/{i}", near is null ? $"A channel is one of {string.Join(", ", Names<Channel>.All)}." : $"There is no such channel; did you mean `{near}`?"));
            }
        }
        return [.. channels.Distinct()];
    }

    private static IReadOnlyList<string> Texts(JsonElement value, string pointer, List<InputError> errors)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > MostRules || value.EnumerateArray().Any(v => Text(v) is not { Length: > 0 and <= LongestRule }))
        {
            errors.Add(new InputError("wrong-type", pointer, $"The field is a list of at most {MostRules} texts of 1 to {LongestRule} characters."));
            return [];
        }
        return [.. value.EnumerateArray().Select(v => v.GetString()!)];
    }

    private static bool Flag(JsonElement value, string pointer, List<InputError> errors)
    {
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }
        errors.Add(new InputError("wrong-type", pointer, "The field is true or false."));
        return false;
    }

    /// <summary>The text of a value; null for what is none, half of a surrogate pair included.</summary>
    private static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
