using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Surveillance.Rules.Source;

/// <summary>The form of a value in which neither white space nor the order of fields counts, and its hash.</summary>
internal static class CanonicalJson
{
    /// <summary>The bytes: no white space, fields in ordinal order of their names, the first of several with one name.</summary>
    /// <param name="node">The value.</param>
    /// <param name="without">Fields of the value itself, not of values inside it, that are left out.</param>
    internal static byte[] Bytes(SourceNode node, params string[] without)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { MaxDepth = SourceParser.MaxDepth + 1 }))
        {
            Write(json, node, without);
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>SHA-256 over <see cref="Bytes"/> in 64 lower-case hex digits.</summary>
    /// <param name="node">The value.</param>
    /// <param name="without">Fields of the value itself that are left out.</param>
    internal static string Hash(SourceNode node, params string[] without) => Convert.ToHexStringLower(SHA256.HashData(Bytes(node, without)));

    private static void Write(Utf8JsonWriter json, SourceNode node, string[] without)
    {
        switch (node)
        {
            case SourceObject obj:
                json.WriteStartObject();
                foreach (var member in obj.Members.DistinctBy(m => m.Name).Where(m => !without.Contains(m.Name)).OrderBy(m => m.Name, StringComparer.Ordinal))
                {
                    json.WritePropertyName(member.Name);
                    Write(json, member.Value, []);
                }
                json.WriteEndObject();
                break;
            case SourceArray array:
                json.WriteStartArray();
                foreach (var item in array.Items)
                {
                    Write(json, item, []);
                }
                json.WriteEndArray();
                break;
            case SourceString text: json.WriteStringValue(text.Value); break;
            case SourceNumber number: json.WriteNumberValue(number.Value); break;
            case SourceBoolean boolean: json.WriteBooleanValue(boolean.Value); break;
            default: json.WriteNullValue(); break;
        }
    }
}
