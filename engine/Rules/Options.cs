using System.Globalization;
using Surveillance.Messages;
using Surveillance.Rules.Source;

namespace Surveillance.Rules;

/// <summary>What operators share when they read their options and put them into words.</summary>
internal static class Options
{
    /// <summary>Longer lists of values are not written out in an error.</summary>
    private const int MostShown = 40;

    /// <summary>One word or several of a fixed list, each once; null where left out or after an error (E024).</summary>
    internal static string[]? SomeOf(FieldReader fields, string name, IReadOnlyList<string> words, ConditionContext context, bool required = false)
    {
        if (fields.TextNodes(name, words.Count > MostShown ? "one of its values, or a list of them" : $"one of {string.Join(", ", words)}, or a list of them", required) is not { } nodes)
        {
            return null;
        }
        var wrong = false;
        foreach (var node in nodes.Where(n => !words.Contains(n.Value)))
        {
            wrong = true;
            var near = NearestName.Find(node.Value, words);
            context.Diagnostics.Error(
                "E024", node.Span, $"\"{Shown.Clip(node.Value)}\" is not a value of \"{name}\"", note: words.Count > MostShown ? null : $"values: {string.Join(", ", words)}",
                help: near is null ? null : $"a similar value exists: `{near}`");
        }
        return wrong ? null : [.. nodes.Select(n => n.Value).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The options of an operator that are written as an object; null after an error.</summary>
    internal static FieldReader? Object(SourceNode value, string @operator, string wanted, ConditionContext context, params string[] known)
    {
        switch (value)
        {
            case SourceObject written:
                return new FieldReader(written, context.Diagnostics, known);
            case SourceUnreadable:
                return null;
            default:
                context.Diagnostics.Error("E006", value is SourceArray ? FieldReader.Opening(value) : value.Span, $"\"{@operator}\" needs {wanted}, found {FieldReader.Describe(value)}");
                return null;
        }
    }

    /// <summary><c>a</c>, <c>a or b</c>, <c>a, b or c</c>.</summary>
    internal static string Join(IReadOnlyList<string> words, string last) =>
        words.Count <= 1 ? string.Concat(words) : string.Join(", ", words.Take(words.Count - 1)) + $" {last} " + words[^1];

    /// <summary>A length of time for a sentence.</summary>
    internal static string Say(TimeSpan time) => Duration.Format(time) switch
    {
        [.. var n, 's'] => Count(n, "second"),
        [.. var n, 'm'] => Count(n, "minute"),
        [.. var n, 'h'] => Count(n, "hour"),
        [.. var n, _] => Count(n, "day"),
        _ => "",
    };

    /// <summary>A number with a noun in the right form.</summary>
    internal static string Count(int n, string noun) => Count(n.ToString(CultureInfo.InvariantCulture), noun);

    /// <summary>A score or confidence, as short as it is exact to three places.</summary>
    internal static string Say(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Count(string n, string noun) => n == "1" ? $"1 {noun}" : $"{n} {noun}s";
}
