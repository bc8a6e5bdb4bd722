using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Surveillance.Messages;

namespace Surveillance.Dashboard.Shared;

/// <summary>The small JSON objects that changes are asked for with: every field is a text, and what is not known is refused with the nearest name.</summary>
internal sealed class RequestBody
{
    private const int MaxBytes = 64 * 1024;

    private readonly Dictionary<string, string?> _fields = new(StringComparer.Ordinal);

    /// <summary>The text of a field; null where it was left out.</summary>
    public string? this[string field] => _fields.GetValueOrDefault(field);

    /// <summary>Reads the body of a request, or says everything that is wrong with it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="fields">The fields it may have.</param>
    /// <param name="cancel">Ends the call.</param>
    internal static async Task<(RequestBody Body, ProblemHttpResult? Refused)> ReadAsync(HttpRequest request, string[] fields, CancellationToken cancel)
    {
        var body = new RequestBody();
        var (json, refused) = await ReadJsonAsync(request, cancel);
        using (json)
        {
            return (body, refused ?? body.Read(json!.RootElement, fields));
        }
    }

    /// <summary>Reads the body of a request as JSON of any shape, or says why it cannot be read.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancel">Ends the call.</param>
    internal static async Task<(JsonDocument? Json, ProblemHttpResult? Refused)> ReadJsonAsync(HttpRequest request, CancellationToken cancel)
    {
        if (!request.HasJsonContentType())
        {
            return (null, Problems.Result(Problems.WrongMediaType, "The body is sent as application/json."));
        }
        if (await ReadBytesAsync(request, cancel) is not { } bytes)
        {
            return (null, Problems.Result(Problems.TooLarge, $"The body has at most {MaxBytes} bytes."));
        }
        try
        {
            return (JsonDocument.Parse(bytes), null);
        }
        catch (JsonException e)
        {
            return (null, Problems.Result(Problems.MalformedBody, $"The body is not one JSON object: reading stopped at line {e.LineNumber + 1}, byte {e.BytePositionInLine}."));
        }
    }

    /// <summary>Where a field stands, and what to say of a field that there is not.</summary>
    /// <param name="field">The name as written.</param>
    /// <param name="fields">The fields that there are.</param>
    internal static (string Pointer, InputError? Unknown) Place(string field, IReadOnlyCollection<string> fields)
    {
        var pointer = "/" + field.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
        return (pointer, fields.Contains(field) ? null : new InputError(
            "unknown-field", pointer, NearestName.Find(field, fields) is { } near ? $"There is no such field; did you mean `{near}`?" : $"There is no such field; there are {string.Join(", ", fields)}."));
    }

    private ProblemHttpResult? Read(JsonElement json, string[] fields)
    {
        var errors = new List<InputError>();
        if (json.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new InputError("wrong-type", "", "The body is one JSON object."));
        }
        foreach (var field in json.ValueKind == JsonValueKind.Object ? json.EnumerateObject().ToList() : [])
        {
            var (pointer, unknown) = Place(field.Name, fields);
            if (unknown is not null)
            {
                errors.Add(unknown);
            }
            else if (field.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
            {
                errors.Add(new InputError("wrong-type", pointer, "The field is a text."));
            }
            else if (!_fields.TryAdd(field.Name, TextOf(field.Value, pointer, errors)))
            {
                errors.Add(new InputError("duplicate-field", pointer, "The field stands twice; write it once."));
            }
        }
        if (errors.Count == 0)
        {
            return null;
        }
        var (kind, detail) = Problems.Of(errors);
        return Problems.Result(kind, detail, errors);
    }

    private static string? TextOf(JsonElement value, string pointer, List<InputError> errors)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            errors.Add(new InputError("invalid-text", pointer, "The text holds half of a surrogate pair."));
            return null;
        }
    }

    private static async Task<byte[]?> ReadBytesAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength > MaxBytes)
        {
            return null;
        }
        using var buffer = new MemoryStream();
        var part = new byte[4_096];
        for (int read; (read = await request.Body.ReadAsync(part, cancel)) > 0;)
        {
            buffer.Write(part, 0, read);
            if (buffer.Length > MaxBytes)
            {
                return null;
            }
        }
        return buffer.ToArray();
    }
}
