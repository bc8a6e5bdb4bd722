namespace Surveillance.Rules.Source;

/// <summary>How values of a file are shown in messages.</summary>
internal static class Shown
{
    /// <summary>A value of a message, cut at 60 characters, with control characters replaced.</summary>
    internal static string Clip(string value)
    {
        var end = value.Length <= 60 ? value.Length : char.IsHighSurrogate(value[59]) ? 59 : 60;
        var shown = string.Concat(value.AsSpan(0, end).ToString().Select(c => IsUnsafe(c) ? '\uFFFD' : c));
        return end < value.Length ? shown + "…" : shown;
    }

    /// <summary>Names parted by commas; at most twenty, then how many more there are.</summary>
    internal static string Some(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(20)) + (names.Count > 20 ? $" and {names.Count - 20} more" : "");

    /// <summary>Whether a character could steer a terminal or turn the direction of the text around it.</summary>
    internal static bool IsUnsafe(char c) => char.IsControl(c) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F' or '\u061C' or '\u2028' or '\u2029';
}
