namespace Surveillance.Messages;

/// <summary>The JSON words of an enumeration: its names in lower case, words parted by hyphens where <see cref="ConsentState.SoftOptIn"/> needs it.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
public static class Names<T> where T : struct, Enum
{
    private static readonly T[] Values = Enum.GetValues<T>();
    private static readonly string[] Words = [.. Values.Select(v => typeof(T) == typeof(ConsentState) ? Hyphenated(v.ToString()) : Lower(v.ToString()))];
    private static readonly byte[][] Utf8Words = [.. Words.Select(System.Text.Encoding.UTF8.GetBytes)];

    /// <summary>Every word, in the order of the enumeration.</summary>
    public static IReadOnlyList<string> All => Words;

    /// <summary>The word of a value.</summary>
    /// <param name="value">A defined value.</param>
    public static string Of(T value) => Words[Array.IndexOf(Values, value)];

    /// <summary>The value of a word; false when there is none. Letter case counts.</summary>
    /// <param name="word">The word.</param>
    /// <param name="value">The value, or the default.</param>
    public static bool TryParse(string? word, out T value)
    {
        var i = Array.IndexOf(Words, word);
        value = i < 0 ? default : Values[i];
        return i >= 0;
    }

    /// <summary>The value of the string at the reader; false when there is none.</summary>
    /// <param name="reader">Stands at a string.</param>
    /// <param name="value">The value, or the default.</param>
    internal static bool TryRead(ref System.Text.Json.Utf8JsonReader reader, out T value)
    {
        for (var i = 0; i < Utf8Words.Length; i++)
        {
            if (reader.ValueTextEquals(Utf8Words[i]))
            {
                value = Values[i];
                return true;
            }
        }
        value = default;
        return false;
    }

    private static string Lower(string name) => name.ToLowerInvariant();

    private static string Hyphenated(string name) => Lower(string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? "-" + c : c.ToString())));
}
