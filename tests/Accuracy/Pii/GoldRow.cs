using System.Text.Json;
using Surveillance.Text;

namespace Surveillance.Accuracy.Tests.Pii;

/// <summary>A labelled text: what must be found in it, and for which types the labels are complete.</summary>
/// <param name="Id">Its id in the file.</param>
/// <param name="Text">The text.</param>
/// <param name="Scope">The types that are labelled without a gap; of others nothing is known.</param>
/// <param name="Expected">Type and span in UTF-16 units; the reference's own confidence, 1 where it gives none.</param>
internal sealed record GoldRow(string Id, string Text, IReadOnlySet<string> Scope, IReadOnlyList<(string Type, TextSpan Span, double Confidence)> Expected)
{
    /// <summary>Reads a file of rows, one JSON object a line, whose offsets count code points.</summary>
    /// <param name="path">The file.</param>
    internal static IEnumerable<GoldRow> Read(string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            using var json = JsonDocument.Parse(line);
            var row = json.RootElement;
            var text = row.GetProperty("text").GetString()!;
            var offsets = Utf16Offsets(text);
            var expected = row.TryGetProperty("expected", out var spans)
                ? spans.EnumerateArray().Select(s => (
                    s.GetProperty("entity").GetString()!,
                    new TextSpan(offsets[s.GetProperty("start").GetInt32()], offsets[s.GetProperty("end").GetInt32()]),
                    s.TryGetProperty("ref_score", out var score) && score.ValueKind == JsonValueKind.Number ? score.GetDouble() : 1)).ToArray()
                : [];
            var scope = row.TryGetProperty("scope", out var names) ? names.EnumerateArray().Select(n => n.GetString()!).ToHashSet() : [];
            if (scope.Count == 0) { scope = [.. expected.Select(e => e.Item1)]; }
            yield return new GoldRow(row.GetProperty("id").GetString()!, text, scope, expected);
        }
    }

    /// <summary>The UTF-16 offset of each code point, and of the end.</summary>
    private static List<int> Utf16Offsets(string text)
    {
        var offsets = new List<int>(text.Length + 1);
        for (var i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1) { offsets.Add(i); }
        offsets.Add(text.Length);
        return offsets;
    }
}
