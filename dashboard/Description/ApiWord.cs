namespace Surveillance.Dashboard.Description;

/// <summary>The word of a value in answers about alerts: its name in lower case, hyphens between its words.</summary>
internal static class ApiWord
{
    /// <summary>The word; null for null.</summary>
    internal static string? Of<T>(T? value) where T : struct, Enum => value is { } known ? Of(known) : null;

    /// <summary>The word.</summary>
    internal static string Of<T>(T value) where T : struct, Enum => Hyphenated(value.ToString());

    /// <summary>Every word, in the order of the enumeration.</summary>
    internal static IReadOnlyList<string> All<T>() where T : struct, Enum => [.. Enum.GetValues<T>().Select(Of)];

    /// <summary>The value of a word; false when there is none. Letter case counts.</summary>
    internal static bool TryParse<T>(string? word, out T value) where T : struct, Enum
    {
        foreach (var known in Enum.GetValues<T>())
        {
            if (Of(known) == word)
            {
                value = known;
                return true;
            }
        }
        value = default;
        return false;
    }

    /// <summary>A name in lower case, hyphens between its words.</summary>
    internal static string Hyphenated(string name) => string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
