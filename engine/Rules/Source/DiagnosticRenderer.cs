using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Surveillance.Rules.Source;

/// <summary>Shows findings: to people as text without colours, to programs as JSON.</summary>
public static class DiagnosticRenderer
{
    /// <summary>The widest stretch of a source line that is shown, in columns of a terminal.</summary>
    private const int Widest = 140;

    private const int Context = 50;

    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The findings for people, in the order given, parted by an empty line; ends with a line feed unless empty.</summary>
    /// <param name="findings">The findings.</param>
    public static string Render(IEnumerable<Diagnostic> findings) => string.Join("\n", findings.Select(Render));

    /// <summary>A finding for people: what, where with the line of the file, why, what to write instead; ends with a line feed.</summary>
    /// <param name="finding">The finding.</param>
    public static string Render(Diagnostic finding)
    {
        var text = new StringBuilder();
        text.Append(finding.Severity == DiagnosticSeverity.Error ? "error" : "warning").Append('[').Append(finding.Code).Append("]: ").Append(finding.Message).Append('\n');
        var gutter = Math.Max(Digits(finding.Span), finding.Related is null ? 0 : Digits(finding.Related.Span));
        AppendPlace(text, finding.Span, gutter, '^', null);
        if (finding.Related is { } related)
        {
            AppendPlace(text, related.Span, gutter, '-', related.Message);
        }
        AppendField(text, "note", finding.Note);
        AppendField(text, "help", finding.Help);
        AppendField(text, "more", "surveillance rules explain " + finding.Code);
        return text.ToString();
    }

    /// <summary>The findings as a JSON array; lines and columns from 1, columns in UTF-16 units, ends exclusive.</summary>
    /// <param name="findings">The findings.</param>
    public static string ToJson(IEnumerable<Diagnostic> findings)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, s_json))
        {
            WriteJson(json, findings);
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes the findings as one JSON array.</summary>
    /// <param name="json">Stands where a value may be written.</param>
    /// <param name="findings">The findings.</param>
    public static void WriteJson(Utf8JsonWriter json, IEnumerable<Diagnostic> findings)
    {
        var roots = new Dictionary<SourceFile, SourceNode?>();
        json.WriteStartArray();
        foreach (var finding in findings)
        {
            var file = finding.Span.File;
            if (!roots.TryGetValue(file, out var root))
            {
                roots[file] = root = SourceParser.Parse(file, new Diagnostics()).Root;
            }
            json.WriteStartObject();
            json.WriteString("code", finding.Code);
            json.WriteString("severity", finding.Severity == DiagnosticSeverity.Error ? "error" : "warning");
            if (root is not null)
            {
                json.WriteString("pointer", PointerAt(root, finding.Span));
            }
            WriteSpan(json, finding.Span);
            json.WriteString("message", finding.Message);
            WriteIfAny(json, "note", finding.Note);
            WriteIfAny(json, "help", finding.Help);
            json.WriteStartArray("related");
            if (finding.Related is { } related)
            {
                json.WriteStartObject();
                WriteSpan(json, related.Span);
                json.WriteString("message", related.Message);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>The number of columns that a character takes on a terminal: 0, 1 or 2 (Unicode Standard Annex 11).</summary>
    /// <param name="rune">The character.</param>
    internal static int Width(Rune rune)
    {
        if (rune.Value < 0x300)
        {
            return 1;
        }
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format || rune.Value is >= 0xFE00 and <= 0xFE0F)
        {
            return 0;
        }
        return rune.Value is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0x303E) or (>= 0x3041 and <= 0x4DBF) or (>= 0x4E00 and <= 0xA4CF)
            or (>= 0xA960 and <= 0xA97C) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60)
            or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1F64F) or (>= 0x1F680 and <= 0x1F6FF) or (>= 0x1F900 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD)
            ? 2 : 1;
    }

    private static void AppendPlace(StringBuilder text, SourceSpan span, int gutter, char mark, string? message)
    {
        var (line, column) = span.File.Place(span.Start);
        text.Append(CultureInfo.InvariantCulture, $"  --> {span.File.Path}:{line}:{column}\n");
        if (span.File.Text.Length == 0)
        {
            AppendField(text, "note", message);
            return;
        }
        var source = span.File.Line(line);
        var (shown, indent, length) = Window(source, column - 1, Math.Min(column - 1 + Math.Max(0, span.End - span.Start), source.Length));
        var number = line.ToString(CultureInfo.InvariantCulture).PadLeft(gutter);
        text.Append("  ").Append(number).Append(" | ").Append(shown).Append('\n').Replace(" | \n", " |\n");
        text.Append("  ").Append(' ', gutter).Append(" | ").Append(' ', indent).Append(mark, Math.Max(1, length));
        text.Append(message is null ? "" : " " + message).Append('\n');
    }

    /// <summary>The stretch of a line around a place, fit for a terminal, with where the mark begins and how long it is, in columns.</summary>
    private static (string Shown, int Indent, int Length) Window(string source, int start, int end)
    {
        start = Math.Min(start, source.Length);
        end = Math.Max(start, end);
        var from = 0;
        var to = source.Length;
        if (source.Length > Widest)
        {
            from = start <= Context ? 0 : start - Context;
            to = Math.Min(source.Length, from + Widest);
            from = Boundary(source, from);
            to = Boundary(source, to);
        }
        var shown = new StringBuilder();
        var width = 0;
        var (indent, length) = (0, 0);
        if (from > 0)
        {
            shown.Append('…');
            width = 1;
        }
        for (var i = from; i < to;)
        {
            if (i == start)
            {
                indent = width;
            }
            var used = 1;
            if (source[i] == '\t')
            {
                shown.Append("    ");
                width += 4;
            }
            else if (Shown.IsUnsafe(source[i]) || !Rune.TryGetRuneAt(source, i, out var rune))
            {
                shown.Append('\uFFFD');
                width++;
            }
            else
            {
                used = rune.Utf16SequenceLength;
                shown.Append(source, i, used);
                width += Width(rune);
            }
            i += used;
            if (i > start && i <= end)
            {
                length = width - indent;
            }
        }
        if (start >= to)
        {
            indent = width;
        }
        if (to < source.Length)
        {
            shown.Append('…');
        }
        return (shown.ToString(), indent, length);
    }

    private static int Boundary(string source, int at) => at > 0 && at < source.Length && char.IsLowSurrogate(source[at]) && char.IsHighSurrogate(source[at - 1]) ? at - 1 : at;

    private static int Digits(SourceSpan span) => span.File.Place(span.Start).Line.ToString(CultureInfo.InvariantCulture).Length;

    private static void AppendField(StringBuilder text, string name, string? value)
    {
        if (value is not null)
        {
            text.Append("  ").Append(name).Append(": ").Append(value.Replace("\n", "\n        ", StringComparison.Ordinal)).Append('\n');
        }
    }

    private static void WriteSpan(Utf8JsonWriter json, SourceSpan span)
    {
        var (line, column) = span.File.Place(span.Start);
        var (endLine, endColumn) = span.File.Place(Math.Max(span.Start, span.End));
        json.WriteString("file", span.File.Path);
        json.WriteNumber("line", line);
        json.WriteNumber("column", column);
        json.WriteNumber("endLine", endLine);
        json.WriteNumber("endColumn", endColumn);
    }

    /// <summary>The way to the smallest value, or member whose name it is, that holds the span.</summary>
    private static string PointerAt(SourceNode node, SourceSpan span)
    {
        while (true)
        {
            SourceNode? inner = null;
            switch (node)
            {
                case SourceObject obj:
                    foreach (var member in obj.Members)
                    {
                        if (Holds(member.NameSpan, span))
                        {
                            return member.Value.Pointer;
                        }
                        inner ??= Holds(member.Value.Span, span) ? member.Value : null;
                    }
                    break;
                case SourceArray array:
                    inner = array.Items.FirstOrDefault(item => Holds(item.Span, span));
                    break;
            }
            if (inner is null)
            {
                return node.Pointer;
            }
            node = inner;
        }
    }

    private static bool Holds(SourceSpan outer, SourceSpan inner) => outer.Start <= inner.Start && inner.End <= outer.End && inner.Start < outer.End;

    private static void WriteIfAny(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
