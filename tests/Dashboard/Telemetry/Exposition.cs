using System.Globalization;

namespace Surveillance.Dashboard.Tests.Telemetry;

/// <summary>A line with a value.</summary>
internal sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>All lines of one name.</summary>
internal sealed record Family(string Name, string Type, string? Help, List<Sample> Samples);

/// <summary>Reads the text exposition format 0.0.4 of Prometheus and minds every rule of it.</summary>
internal static class Exposition
{
    private static readonly string[] Types = ["counter", "gauge", "histogram", "summary", "untyped"];

    /// <exception cref="FormatException">The text breaks a rule; the message tells which, at which line.</exception>
    public static IReadOnlyDictionary<string, Family> Parse(string text)
    {
        Check(text.Length == 0 || text[^1] == '\n', 0, "the last line ends with a line feed");
        Check(!text.Contains('\r', StringComparison.Ordinal), 0, "lines end with a line feed alone");
        var families = new Dictionary<string, Family>();
        var seen = new HashSet<string>();
        Family? current = null;
        string? helpOf = null, help = null;
        var number = 0;
        foreach (var line in text.Split('\n')[..^1])
        {
            number++;
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                var rest = line[7..];
                var space = rest.IndexOf(' ', StringComparison.Ordinal);
                Check(space > 0, number, "HELP has a name and a text");
                (helpOf, help) = (rest[..space], Unescape(rest[(space + 1)..], "\\n", number));
                Check(IsName(helpOf, colons: true) && !families.ContainsKey(helpOf), number, "HELP comes once a name, before its samples");
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var parts = line[7..].Split(' ');
                Check(parts.Length == 2 && IsName(parts[0], colons: true) && Types.Contains(parts[1]), number, "TYPE has a name and a type");
                Check(helpOf is null || helpOf == parts[0], number, "HELP and TYPE of a name stand together");
                current = new Family(parts[0], parts[1], help, []);
                Check(families.TryAdd(parts[0], current), number, "TYPE comes once a name");
                (helpOf, help) = (null, null);
            }
            else
            {
                Check(!line.StartsWith('#') && line.Length > 0, number, "no other comments, no empty lines");
                var sample = ReadSample(line, number);
                Check(current is not null && Belongs(sample.Name, current), number, "all lines of a name stand together under its TYPE");
                Check(seen.Add(sample.Name + "|" + string.Join('|', sample.Labels.OrderBy(l => l.Key).Select(l => $"{l.Key}={l.Value}"))), number, "a name with the same labels comes once");
                current!.Samples.Add(sample);
            }
        }
        foreach (var histogram in families.Values.Where(f => f.Type == "histogram"))
        {
            CheckHistogram(histogram);
        }
        Check(families.Values.All(f => f.Samples.Count > 0), number, "a TYPE has samples");
        Check(families.Values.Where(f => f.Type == "counter").All(f => f.Name.EndsWith("_total", StringComparison.Ordinal) && f.Samples.All(s => s.Value >= 0)), number, "counters end in _total and never fall below 0");
        return families;
    }

    private static bool Belongs(string name, Family family) => family.Type == "histogram"
        ? name == family.Name + "_bucket" || name == family.Name + "_sum" || name == family.Name + "_count"
        : name == family.Name;

    private static void CheckHistogram(Family family)
    {
        foreach (var series in family.Samples.GroupBy(s => string.Join('|', s.Labels.Where(l => l.Key != "le").OrderBy(l => l.Key).Select(l => $"{l.Key}={l.Value}"))))
        {
            var buckets = series.Where(s => s.Name.EndsWith("_bucket", StringComparison.Ordinal)).ToList();
            var bounds = buckets.Select(b => Number(b.Labels["le"], 0)).ToList();
            Check(buckets.Count > 1 && bounds.SequenceEqual(bounds.Distinct().Order()) && double.IsPositiveInfinity(bounds[^1]), 0, $"buckets of {family.Name} rise to +Inf");
            Check(buckets.Zip(buckets.Skip(1)).All(p => p.First.Value <= p.Second.Value), 0, $"buckets of {family.Name} count up");
            var count = series.Single(s => s.Name == family.Name + "_count");
            Check(count.Value == buckets[^1].Value, 0, $"the count of {family.Name} is its last bucket");
            Check(series.Count(s => s.Name == family.Name + "_sum") == 1, 0, $"{family.Name} has a sum");
        }
    }

    private static Sample ReadSample(string line, int number)
    {
        var end = line.IndexOfAny(['{', ' ']);
        Check(end > 0, number, "a sample has a name and a value");
        var name = line[..end];
        Check(IsName(name, colons: true), number, $"`{name}` is a name");
        var labels = new Dictionary<string, string>();
        var at = end;
        if (line[at] == '{')
        {
            at++;
            while (line[at] != '}')
            {
                var equals = line.IndexOf("=\"", at, StringComparison.Ordinal);
                Check(equals > 0, number, "a label has a value in quotes");
                var label = line[at..equals];
                var close = equals + 2;
                while (line[close] != '"')
                {
                    close += line[close] == '\\' ? 2 : 1;
                }
                Check(IsName(label, colons: false) && !label.StartsWith("__", StringComparison.Ordinal) && labels.TryAdd(label, Unescape(line[(equals + 2)..close], "\\n\"", number)), number, $"`{label}` is a label, once");
                at = close + 1;
                Check(line[at] is ',' or '}', number, "labels are parted by commas");
                at += line[at] == ',' ? 1 : 0;
            }
            at++;
        }
        Check(line[at] == ' ', number, "a blank stands before the value");
        return new Sample(name, labels, Number(line[(at + 1)..], number));
    }

    private static double Number(string text, int line) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : throw new FormatException($"line {line}: `{text}` is no number"),
    };

    private static string Unescape(string text, string escapes, int line)
    {
        var plain = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                plain.Append(text[i]);
                continue;
            }
            Check(++i < text.Length && escapes.Contains(text[i], StringComparison.Ordinal), line, "a backslash escapes something");
            plain.Append(text[i] == 'n' ? '\n' : text[i]);
        }
        return plain.ToString();
    }

    private static bool IsName(string name, bool colons) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_' || (colons && c == ':'));

    private static void Check(bool holds, int line, string rule)
    {
        if (!holds)
        {
            throw new FormatException($"line {line}: {rule}");
        }
    }
}
