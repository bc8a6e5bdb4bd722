using Surveillance.Detection.Pii.Readers;

namespace Surveillance.Detection.Pii;

/// <summary>Where a value may begin and end: not inside a longer token, a decimal fraction or an amount.</summary>
internal static class Boundary
{
    /// <summary>Whether a value may begin at an offset.</summary>
    /// <param name="text">Folded text.</param>
    /// <param name="start">Offset of its first character.</param>
    internal static bool MayBegin(ReadOnlySpan<char> text, int start)
    {
        if (start == 0) { return true; }
        var before = text[start - 1];
        if (NumberCluster.Sticks(before) || before is '$' or '€' or '£' or '¥' or '%' or '*' or '^' or '\\' or '~' || (before == '&' && start > 1 && !IsBlank(text[start - 2]))) { return false; }
        // "Smith,943476…" and "17,943476…" are fields; "0,25" is a fraction.
        if (before == ',' && start > 1) { return !char.IsAsciiDigit(text[start - 2]) || IsLong(text, start); }
        if (before is '-' or '.' or ',' or '+' or '/' or '\'' or '@' or '•' or '●' or '∙')
        {
            return before is not ('.' or '+' or '@') && (start == 1 || !NumberCluster.Sticks(text[start - 2])) && !(before == '/' && start > 1 && text[start - 2] == '/');
        }
        if (before == ':' && start > 1 && char.IsAsciiDigit(text[start - 2])) { return false; }
        return !(before == ' ' && start > 1 && text[start - 2] is '$' or '€' or '£' or '¥');
    }

    /// <summary>Whether a value may end at an offset.</summary>
    /// <param name="text">Folded text.</param>
    /// <param name="end">Offset after its last character.</param>
    internal static bool MayEnd(ReadOnlySpan<char> text, int end)
    {
        if (end >= text.Length) { return true; }
        var after = text[end];
        if (NumberCluster.Sticks(after) || after is '%' or '€' or '@' or '*' or '=' or '^' or '°') { return false; }
        if (after == ',' && end + 1 < text.Length && char.IsAsciiLetter(text[end + 1])) { return true; }
        return !(after is '-' or ',' or '.' or ':' or '/' or '+' or '\'' && end + 1 < text.Length && char.IsAsciiLetterOrDigit(text[end + 1]));
    }

    /// <summary>Whether so many digits follow each other that they are no fraction.</summary>
    private static bool IsLong(ReadOnlySpan<char> text, int start)
    {
        var end = start;
        while (end < text.Length && end - start < FewestOfANumber && char.IsAsciiDigit(text[end])) { end++; }
        return end - start == FewestOfANumber;
    }

    private const int FewestOfANumber = 9;

    private static bool IsBlank(char c) => c is ' ' or '\n';
}
