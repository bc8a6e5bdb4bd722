using System.Globalization;
using Surveillance.Messages;

namespace Surveillance.Rules.Source;

/// <summary>Reads the fields of one object and reports what is wrong with them. A field that could not be read gives null, once reported.</summary>
/// <remarks>Null in the file counts as the field left out. Duplicate names are the parser's to report; the first counts.</remarks>
internal sealed class FieldReader
{
    private readonly SourceObject _node;
    private readonly Diagnostics _diagnostics;
    private readonly HashSet<string> _meant = [];

    /// <summary>Reports every field whose name is not known, with the nearest known one (E004).</summary>
    /// <param name="node">The object.</param>
    /// <param name="diagnostics">Takes the errors.</param>
    /// <param name="known">The names that it may have.</param>
    internal FieldReader(SourceObject node, Diagnostics diagnostics, params string[] known)
    {
        _node = node;
        _diagnostics = diagnostics;
        foreach (var member in node.Members)
        {
            if (!known.Contains(member.Name))
            {
                var near = NearestName.Find(member.Name, known.Where(k => node.Find(k) is null)) ?? NearestName.Find(member.Name, known);
                if (near is not null)
                {
                    _meant.Add(near);
                }
                diagnostics.Error("E004", member.NameSpan, $"unknown field \"{Shown.Clip(member.Name)}\"",
                    help: near is not null ? $"a field with a similar name exists: `{near}`" : $"fields here: {Shown.Some([.. known.Where(k => k != "$schema")])}");
            }
        }
    }

    /// <summary>Whether the field is absent but a misspelt one, reported already, was most likely meant as it.</summary>
    internal bool MeantElsewhere(string name) => _meant.Contains(name) && _node.Find(name) is null;

    /// <summary>Whether the field is there.</summary>
    internal bool Has(string name) => _node.Find(name) is not null;

    /// <summary>A text; an empty one is an error.</summary>
    internal string? Text(string name, bool required = false) => TextNode(name, required)?.Value;

    /// <summary>A text with its place; an empty one is an error.</summary>
    internal SourceString? TextNode(string name, bool required = false)
    {
        if (Node(name, required) is not { } node)
        {
            return null;
        }
        if (node is not SourceString text)
        {
            return Wrong<SourceString>(name, node, "a text", node is SourceNumber or SourceBoolean ? $"write `\"{Written(node)}\"`" : null);
        }
        if (string.IsNullOrWhiteSpace(text.Value))
        {
            _diagnostics.Error("E025", text.Span, $"\"{name}\" is empty", help: required ? "write it out" : "write it out, or leave the field out");
            return null;
        }
        return text;
    }

    /// <summary>True or false.</summary>
    internal bool? Boolean(string name, bool required = false)
    {
        if (Node(name, required) is not { } node)
        {
            return null;
        }
        if (node is SourceBoolean boolean)
        {
            return boolean.Value;
        }
        var bare = node is SourceString { Value: "true" or "false" } text ? text.Value : null;
        Wrong<SourceBoolean>(name, node, "true or false", bare is null ? null : $"write `{bare}` without quotes");
        return null;
    }

    /// <summary>A whole number.</summary>
    /// <param name="name">The field.</param>
    /// <param name="min">The least value.</param>
    /// <param name="max">The greatest value.</param>
    /// <param name="required">Whether its absence is an error.</param>
    internal int? Integer(string name, int min, int max, bool required = false)
    {
        var wanted = max == int.MaxValue ? $"a whole number from {N(min)} on" : $"a whole number from {N(min)} to {N(max)}";
        if (Number(name, wanted, required) is not { } number)
        {
            return null;
        }
        if (number.Value != Math.Floor(number.Value))
        {
            Wrong<SourceNumber>(name, number, wanted);
            return null;
        }
        if (number.Value < min || number.Value > max)
        {
            _diagnostics.Error("E007", number.Span, $"\"{name}\" {Written(number)} is {(number.Value < min ? $"below {N(min)}" : $"above {N(max)}")}", note: $"\"{name}\" is {wanted}");
            return null;
        }
        return (int)number.Value;
    }

    /// <summary>A number from 0 to 1.</summary>
    internal double? Probability(string name, bool required = false)
    {
        if (Number(name, "a number from 0 to 1", required) is not { } number)
        {
            return null;
        }
        if (number.Value is < 0 or > 1)
        {
            var percent = number.Value is > 1 and <= 100 ? (number.Value / 100).ToString("0.00##", CultureInfo.InvariantCulture) : null;
            _diagnostics.Error("E007", number.Span, $"\"{name}\" {Written(number)} is {(number.Value < 0 ? "below 0" : "above 1")}",
                note: "thresholds are probabilities: 0 is never, 1 is certain", help: percent is null ? null : $"write `{percent}`");
            return null;
        }
        return number.Value;
    }

    /// <summary>Words of an enumeration, one or a list of them, each once in the order written. Never an empty array.</summary>
    internal T[]? Words<T>(string name, bool required = false) where T : struct, Enum
    {
        if (TextNodes(name, $"one of {string.Join(", ", Names<T>.All)}, or a list of them", required) is not { } nodes)
        {
            return null;
        }
        var values = new List<T>();
        var wrong = false;
        foreach (var node in nodes)
        {
            if (WordOf<T>(name, node) is not { } value)
            {
                wrong = true;
            }
            else if (!values.Contains(value))
            {
                values.Add(value);
            }
        }
        return wrong ? null : [.. values];
    }

    /// <summary>One word of an enumeration.</summary>
    internal T? Word<T>(string name, bool required = false) where T : struct, Enum =>
        TextNode(name, required) is { } node ? WordOf<T>(name, node) : null;

    /// <summary>One of the words given.</summary>
    internal string? OneOf(string name, IReadOnlyCollection<string> words, bool required = false)
    {
        if (TextNode(name, required) is not { } node)
        {
            return null;
        }
        if (words.Contains(node.Value))
        {
            return node.Value;
        }
        UnknownWord(name, node, words);
        return null;
    }

    /// <summary>Texts, one or a list of them, none empty. Never an empty array.</summary>
    internal string[]? Texts(string name, bool required = false) => TextNodes(name, "a text or a list of texts", required) is { } nodes ? [.. nodes.Select(n => n.Value)] : null;

    /// <summary>Texts with their places, one or a list of them, none empty. Never an empty array.</summary>
    /// <param name="name">The field.</param>
    /// <param name="wanted">What stands there in words, for the error.</param>
    /// <param name="required">Whether its absence is an error.</param>
    internal SourceString[]? TextNodes(string name, string wanted = "a text or a list of texts", bool required = false)
    {
        switch (Node(name, required))
        {
            case null:
                return null;
            case SourceString:
                return TextNode(name) is { } single ? [single] : null;
            case SourceArray { Items.Count: 0 } empty:
                _diagnostics.Error("E025", empty.Span, $"\"{name}\" is an empty list", note: "an empty list would match nothing", help: required ? "name at least one" : "name at least one, or leave the field out");
                return null;
            case SourceArray array:
                var texts = new List<SourceString>(array.Items.Count);
                foreach (var item in array.Items)
                {
                    if (item is not SourceString text)
                    {
                        Wrong<SourceString>(name, item, "texts only");
                    }
                    else if (string.IsNullOrWhiteSpace(text.Value))
                    {
                        _diagnostics.Error("E025", text.Span, $"a text of \"{name}\" is empty", help: "write it out, or take it out of the list");
                    }
                    else
                    {
                        texts.Add(text);
                    }
                }
                return texts.Count == array.Items.Count ? [.. texts] : null;
            case var node:
                return Wrong<SourceString[]>(name, node, wanted);
        }
    }

    /// <summary>A length of time (E017), more than nothing: <c>90s</c>, <c>30m</c>, <c>24h</c>, <c>7d</c> or as ISO 8601 writes it.</summary>
    internal TimeSpan? Duration(string name, bool required = false)
    {
        if (Node(name, required) is not { } node)
        {
            return null;
        }
        if (node is not SourceString text)
        {
            Wrong<SourceString>(name, node, "a duration such as `30m`", node is SourceNumber ? $"write `\"{Written(node)}m\"` for minutes, or s, h, d" : null);
            return null;
        }
        if (Source.Duration.TryParse(text.Value, out var value))
        {
            return value;
        }
        var meant = Source.Duration.Meant(text.Value);
        _diagnostics.Error("E017", text.Span, $"\"{Shown.Clip(text.Value)}\" is not a duration",
            help: meant is null ? "use a whole number and s, m, h or d, such as `30m`, or ISO 8601, such as `PT30M`" : $"use `{Source.Duration.Format(meant.Value)}` or `{Source.Duration.FormatIso(meant.Value)}`");
        return null;
    }

    /// <summary>A day as <c>2027-06-30</c> (E029).</summary>
    internal DateOnly? Day(string name, bool required = false)
    {
        if (TextNode(name, required) is not { } text)
        {
            return null;
        }
        if (DateOnly.TryParseExact(text.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day;
        }
        _diagnostics.Error("E029", text.Span, $"\"{Shown.Clip(text.Value)}\" is not a day", help: "write year, month and day, such as `2027-06-30`");
        return null;
    }

    /// <summary>A moment as RFC 3339 writes it, in UTC (E029).</summary>
    internal DateTimeOffset? Time(string name, bool required = false)
    {
        if (TextNode(name, required) is not { } text)
        {
            return null;
        }
        if (Rfc3339.TryParse(text.Value, out var time))
        {
            return time;
        }
        _diagnostics.Error("E029", text.Span, $"\"{Shown.Clip(text.Value)}\" is not a time", help: "write day, time and offset, such as `2026-05-04T09:12:00Z`");
        return null;
    }

    /// <summary>The value of a field whatever it is; null when it is left out or null in the file.</summary>
    internal SourceNode? Node(string name, bool required = false)
    {
        var member = _node.Find(name);
        if (member is { Value: not SourceNull })
        {
            return member.Value;
        }
        if (required && !_meant.Contains(name))
        {
            if (member is not null)
            {
                _diagnostics.Error("E023", member.Value.Span, $"\"{name}\" is required, found null");
            }
            else
            {
                _diagnostics.Error("E023", Opening(_node), $"\"{name}\" is missing", help: $"add `\"{name}\": …` to this object");
            }
        }
        return null;
    }

    /// <summary>A list.</summary>
    internal SourceArray? Array(string name, bool required = false) =>
        Node(name, required) switch { null => null, SourceArray array => array, var node => Wrong<SourceArray>(name, node, "a list") };

    /// <summary>An object.</summary>
    internal SourceObject? Object(string name, bool required = false) =>
        Node(name, required) switch { null => null, SourceObject obj => obj, var node => Wrong<SourceObject>(name, node, "an object") };

    /// <summary>Reports a value of the wrong type (E006); gives null.</summary>
    internal T? Wrong<T>(string name, SourceNode found, string wanted, string? help = null) where T : class
    {
        if (found is not SourceUnreadable)
        {
            _diagnostics.Error("E006", found is SourceObject or SourceArray ? Opening(found) : found.Span, $"\"{name}\" needs {wanted}, found {Describe(found)}", help: help);
        }
        return null;
    }

    /// <summary>The bracket that opens an object or list, so that an underline stays short.</summary>
    internal static SourceSpan Opening(SourceNode node) => node.Span with { End = Math.Min(node.Span.End, node.Span.Start + 1) };

    /// <summary>What a value is, with what is written there, for messages.</summary>
    internal static string Describe(SourceNode node) => node switch
    {
        SourceString text => $"the text \"{Shown.Clip(text.Value)}\"",
        SourceNumber => $"the number {Written(node)}",
        SourceBoolean boolean => boolean.Value ? "true" : "false",
        SourceNull => "null",
        SourceArray => "a list",
        _ => "an object",
    };

    private SourceNumber? Number(string name, string wanted, bool required)
    {
        if (Node(name, required) is not { } node)
        {
            return null;
        }
        if (node is SourceNumber number)
        {
            return number;
        }
        var quoted = node is SourceString text && double.TryParse(text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        return Wrong<SourceNumber>(name, node, wanted, quoted ? "remove the quotes" : null);
    }

    private T? WordOf<T>(string name, SourceString node) where T : struct, Enum
    {
        if (Names<T>.TryParse(node.Value, out var value))
        {
            return value;
        }
        UnknownWord(name, node, Names<T>.All);
        return null;
    }

    /// <summary>Reports a word that is none of those known (E024), with the nearest one.</summary>
    internal void UnknownWord(string name, SourceString node, IReadOnlyCollection<string> words)
    {
        var near = NearestName.Find(node.Value, words);
        _diagnostics.Error("E024", node.Span, $"\"{Shown.Clip(node.Value)}\" is not a value of \"{name}\"", note: $"values: {string.Join(", ", words)}", help: near is null ? null : $"a similar value exists: `{near}`");
    }

    private static string Written(SourceNode node) => Shown.Clip(node.Span.File.Text[node.Span.Start..node.Span.End]);

    private static string N(int value) => value.ToString(CultureInfo.InvariantCulture);
}
