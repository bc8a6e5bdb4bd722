using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Surveillance.Capture.Channels;

/// <summary>Reads a provider's JSON without ever refusing it: what is missing or of another type is null, what stands for no character becomes U+FFFD.</summary>
internal static class ProviderJson
{
    /// <summary>The member of an object; null when there is none or the element is no object. Of members with one name the last counts.</summary>
    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;

    /// <summary>The text at a path of members, or null when it is missing, empty or no text.</summary>
    public static string? Text(this JsonElement element, params ReadOnlySpan<string> path)
    {
        JsonElement? at = element;
        foreach (var name in path)
        {
            at = at?.Member(name);
        }
        return at is { ValueKind: JsonValueKind.String } text && Decode(text) is { Length: > 0 } decoded ? decoded : null;
    }

    /// <summary>A number, also one written as a text; null for anything else.</summary>
    public static long? Number(this JsonElement? element) => element switch
    {
        { ValueKind: JsonValueKind.Number } number => number.TryGetInt64(out var value) ? value : null,
        { ValueKind: JsonValueKind.String } text => long.TryParse(Decode(text), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null,
        _ => null,
    };

    /// <summary>A time in Unix seconds, as a number or a text; null for anything else.</summary>
    public static DateTimeOffset? UnixTime(this JsonElement? element) =>
        element.Number() is { } seconds and >= 0 and <= 253_402_300_799 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>
    /// The characters of a JSON string. The framework throws at bytes that are not UTF-8 and at escaped halves of a surrogate pair;
    /// a message that somebody wrote so must be captured all the same. NUL becomes U+FFFD too: databases and pages end texts at it.
    /// </summary>
    public static string Decode(JsonElement text)
    {
        var decoded = Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(text)[1..^1]);
        return Mend(decoded.Contains('\\', StringComparison.Ordinal) ? Unescape(decoded) : decoded);
    }

    private static string Unescape(string escaped)
    {
        var text = new StringBuilder(escaped.Length);
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '\\')
            {
                text.Append(escaped[i]);
                continue;
            }
            i++;
            switch (escaped[i])
            {
                case 'b': text.Append('\b'); break;
                case 'f': text.Append('\f'); break;
                case 'n': text.Append('\n'); break;
                case 'r': text.Append('\r'); break;
                case 't': text.Append('\t'); break;
                case 'u':
                    text.Append((char)ushort.Parse(escaped.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                    i += 4;
                    break;
                default: text.Append(escaped[i]); break;
            }
        }
        return text.ToString();
    }

    private static string Mend(string text)
    {
        StringBuilder? mended = null;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (text[i] == '\0' || char.IsSurrogate(text[i]))
            {
                mended ??= new StringBuilder(text);
                mended[i] = '\uFFFD';
            }
        }
        return mended?.ToString() ?? text;
    }
}
