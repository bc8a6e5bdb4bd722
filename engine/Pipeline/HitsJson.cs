using System.Buffers;
using System.Text;
using System.Text.Json;
using Surveillance.Detection;

namespace Surveillance.Pipeline;

/// <summary>What the detectors found as JSON: the fields of a line of <c>scan</c>.</summary>
public static class HitsJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The hits as a JSON object of their own, canonical.</summary>
    /// <param name="hits">The hits.</param>
    public static string Write(MessageHits hits)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            WritePii(json, hits.Pii, 0);
            WriteScores(json, hits);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The hits as they are stored: null where nothing was found.</summary>
    /// <param name="hits">The hits.</param>
    public static string? Store(MessageHits hits) =>
        hits.Pii.Count == 0 && hits.Scores.Count == 0 && !hits.OptOut && hits.Language is null ? null : Write(WithoutWords(hits));

    /// <summary>The words around a hit that speak for it stood in the message: they stay out of what is stored.</summary>
    private static MessageHits WithoutWords(MessageHits hits) => hits.Pii.All(h => h.Reason is null || h.Reason.Words.Count == 0)
        ? hits : hits with { Pii = [.. hits.Pii.Select(h => h.Reason is { Words.Count: > 0 } reason ? h with { Reason = reason with { Words = [] } } : h)] };

    /// <summary>Reads what <see cref="Store"/> gave.</summary>
    /// <param name="stored">The JSON, or null.</param>
    public static MessageHits Restore(string? stored) => stored is null ? MessageHits.None : Read(stored);

    /// <summary>Writes the field <c>pii</c>.</summary>
    /// <param name="json">Stands inside an object.</param>
    /// <param name="hits">The hits.</param>
    /// <param name="minConfidence">Hits of less are left out.</param>
    public static void WritePii(Utf8JsonWriter json, IReadOnlyList<PiiHit> hits, double minConfidence)
    {
        json.WriteStartArray("pii"u8);
        foreach (var hit in hits)
        {
            if (hit.Confidence < minConfidence)
            {
                continue;
            }
            json.WriteStartObject();
            json.WriteNumber("start"u8, hit.Span.Start);
            json.WriteNumber("end"u8, hit.Span.End);
            if (hit.Part is not null)
            {
                json.WriteString("part"u8, hit.Part);
            }
            json.WriteString("type"u8, hit.Type);
            json.WriteNumber("confidence"u8, hit.Confidence);
            if (hit.Validated)
            {
                json.WriteBoolean("validated"u8, true);
            }
            if (hit.Masked)
            {
                json.WriteBoolean("masked"u8, true);
            }
            if (hit.Solicited)
            {
                json.WriteBoolean("solicited"u8, true);
            }
            if (hit.Reason is { } reason)
            {
                WriteReason(json, reason);
            }
            json.WriteStartArray("alternatives"u8);
            foreach (var alternative in hit.Alternatives ?? [])
            {
                json.WriteStartObject();
                json.WriteString("type"u8, alternative.Type);
                json.WriteNumber("confidence"u8, alternative.Confidence);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteReason(Utf8JsonWriter json, PiiReason reason)
    {
        json.WriteStartObject("reason"u8);
        json.WriteString("rule"u8, reason.Rule);
        if (reason.Check is not null)
        {
            json.WriteString("check"u8, reason.Check);
        }
        if (reason.Words.Count > 0)
        {
            json.WriteStartArray("words"u8);
            foreach (var word in reason.Words)
            {
                json.WriteStringValue(word);
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    /// <summary>Writes the fields <c>scores</c>, <c>optOut</c> and <c>language</c>.</summary>
    /// <param name="json">Stands inside an object.</param>
    /// <param name="hits">The hits.</param>
    public static void WriteScores(Utf8JsonWriter json, MessageHits hits)
    {
        json.WriteStartObject("scores"u8);
        foreach (var score in hits.Scores)
        {
            json.WriteNumber(score.Classifier, score.Score);
        }
        json.WriteEndObject();
        json.WriteBoolean("optOut"u8, hits.OptOut);
        json.WriteString("language"u8, hits.Language);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="text">The JSON.</param>
    public static MessageHits Read(string text)
    {
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        return new MessageHits
        {
            Pii = [.. root.GetProperty("pii").EnumerateArray().Select(ReadHit)],
            Scores = [.. root.GetProperty("scores").EnumerateObject().Select(p => new ClassifierScore(p.Name, p.Value.GetDouble()))],
            OptOut = root.GetProperty("optOut").GetBoolean(),
            Language = root.GetProperty("language").GetString(),
        };
    }

    private static PiiHit ReadHit(JsonElement hit)
    {
        var alternatives = hit.GetProperty("alternatives").EnumerateArray()
            .Select(a => new PiiAlternative(a.GetProperty("type").GetString()!, a.GetProperty("confidence").GetDouble())).ToArray();
        return new PiiHit(
            hit.GetProperty("type").GetString()!,
            new Text.TextSpan(hit.GetProperty("start").GetInt32(), hit.GetProperty("end").GetInt32()),
            hit.GetProperty("confidence").GetDouble(),
            hit.TryGetProperty("part", out var part) ? part.GetString() : null,
            hit.TryGetProperty("validated", out _),
            hit.TryGetProperty("masked", out _),
            alternatives.Length == 0 ? null : alternatives,
            hit.TryGetProperty("solicited", out _),
            hit.TryGetProperty("reason", out var reason) ? ReadReason(reason) : null); // hits stored before there were reasons have none
    }

    private static PiiReason ReadReason(JsonElement reason) => new(
        reason.GetProperty("rule").GetString()!,
        reason.TryGetProperty("check", out var check) ? check.GetString() : null,
        reason.TryGetProperty("words", out var words) ? [.. words.EnumerateArray().Select(w => w.GetString()!)] : []);
}
