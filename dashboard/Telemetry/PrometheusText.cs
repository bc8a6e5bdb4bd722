using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Surveillance.Dashboard.Telemetry;

/// <summary>Writes figures in the text exposition format of Prometheus, version 0.0.4.</summary>
/// <remarks>Names follow the OpenTelemetry compatibility rules: dots become underscores, units are spelt out, counters end in <c>_total</c>.</remarks>
internal static class PrometheusText
{
    /// <summary>The media type.</summary>
    internal const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Writes the figures; of two instruments that come to one name with different types the first is written.</summary>
    /// <param name="figures">The figures.</param>
    internal static string Write(IReadOnlyList<InstrumentFigures> figures)
    {
        var text = new StringBuilder(64 * 1024);
        foreach (var group in figures.Where(f => f.Series.Count > 0).GroupBy(f => NameOf(f.Instrument), StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var type = TypeOf(group.First());
            if (group.First().Instrument.Description is { Length: > 0 } help)
            {
                text.Append("# HELP ").Append(group.Key).Append(' ').Append(EscapeHelp(help)).Append('\n');
            }
            text.Append("# TYPE ").Append(group.Key).Append(' ').Append(type).Append('\n');
            var written = new HashSet<string>(StringComparer.Ordinal);
            foreach (var instrument in group.Where(f => TypeOf(f) == type))
            {
                foreach (var series in instrument.Series)
                {
                    var labels = Labels(series.Tags, instrument.IsHistogram);
                    if (written.Add(labels))
                    {
                        Write(text, group.Key, labels, instrument, series);
                    }
                }
            }
        }
        return text.ToString();
    }

    private static void Write(StringBuilder text, string name, string labels, InstrumentFigures instrument, SeriesFigures series)
    {
        if (!instrument.IsHistogram)
        {
            Line(text, name, labels, Number(series.Value));
            return;
        }
        long count = 0;
        for (var i = 0; i < series.Buckets.Count; i++)
        {
            count += series.Buckets[i];
            var bound = i < instrument.Bounds.Count ? Number(instrument.Bounds[i]) : "+Inf";
            Line(text, name + "_bucket", $"{labels}{(labels.Length > 0 ? "," : "")}le=\"{bound}\"", Number(count));
        }
        Line(text, name + "_sum", labels, Number(series.Value));
        Line(text, name + "_count", labels, Number(count));
    }

    private static void Line(StringBuilder text, string name, string labels, string value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }
        text.Append(' ').Append(value).Append('\n');
    }

    private static string Labels(IReadOnlyList<KeyValuePair<string, string>> tags, bool isHistogram)
    {
        if (tags.Count == 0)
        {
            return "";
        }
        var names = new HashSet<string>(StringComparer.Ordinal);
        var labels = new List<string>(tags.Count);
        foreach (var (tag, value) in tags)
        {
            var name = Name(tag, colons: false);
            if (name.StartsWith("__", StringComparison.Ordinal) || (isHistogram && name == "le"))
            {
                name = "tag_" + name.TrimStart('_'); // what begins with two underscores, and le, belong to Prometheus
            }
            if (names.Add(name))
            {
                labels.Add($"{name}=\"{EscapeValue(value)}\"");
            }
        }
        return string.Join(',', labels);
    }

    /// <summary>The name of an instrument's figures.</summary>
    internal static string NameOf(Instrument instrument)
    {
        var name = new StringBuilder(Name(instrument.Name, colons: true));
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            "%" => "_percent",
            "1" when !IsCounter(instrument) => "_ratio",
            null or "" or "1" or ['{', ..] => "",
            var other => "_" + Name(other, colons: false),
        };
        if (!name.ToString().EndsWith(unit, StringComparison.Ordinal))
        {
            name.Append(unit);
        }
        return IsCounter(instrument) ? name.Append("_total").ToString() : name.ToString();
    }

    private static string TypeOf(InstrumentFigures figures) => figures.IsHistogram ? "histogram" : IsCounter(figures.Instrument) ? "counter" : "gauge";

    private static bool IsCounter(Instrument instrument) =>
        instrument.GetType() is { IsGenericType: true } type && (type.GetGenericTypeDefinition() == typeof(Counter<>) || type.GetGenericTypeDefinition() == typeof(ObservableCounter<>));

    private static string Name(string name, bool colons)
    {
        var clean = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c == '_' || (colons && c == ':') ? c : '_'));
        return clean.Length == 0 || char.IsAsciiDigit(clean[0]) ? "_" + clean : clean;
    }

    private static string EscapeHelp(string help) => help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string EscapeValue(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ when double.IsNaN(value) => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
