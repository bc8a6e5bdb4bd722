using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Surveillance.Capture.Channels.WhatsApp;

/// <summary>
/// Cuts the body of a WhatsApp Business Platform webhook into captured messages:
/// what clients wrote, what the firm wrote from the phone application (echoes), the fate of what it sent (statuses),
/// older conversations (history) and what clients said about marketing (preferences).
/// </summary>
/// <remarks>Other changes (<c>account_update</c> and the like) speak of no message; the envelope keeps them.</remarks>
public static class WhatsAppWebhook
{
    /// <summary>The most bytes of a body that the platform sends.</summary>
    public const int MaxBodyBytes = 3 * 1024 * 1024;

    /// <summary>Deeper than any body of the platform: hostile nesting of one message must not spoil the others of its body.</summary>
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxBodyBytes };

    /// <summary>Reads a body. Never throws on any bytes: what cannot be read is an item with its reason.</summary>
    /// <param name="body">The body as sent; items keep slices of it.</param>
    public static ChannelBatch Read(ReadOnlyMemory<byte> body)
    {
        var cutter = new Cutter(body);
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            cutter.CutBody(document.RootElement);
        }
        catch (JsonException e)
        {
            return WholeBody(body, new CaptureRejection("malformed-json", $"The body is not JSON: reading stopped at line {e.LineNumber + 1}, byte {e.BytePositionInLine}."));
        }
        catch (InvalidOperationException)
        {
            // The framework cannot compare a member's name that escapes half of a surrogate pair or is not UTF-8.
            return WholeBody(body, new CaptureRejection("invalid-text", "A member's name stands for no characters."));
        }
        return new ChannelBatch(cutter.Items, cutter.Envelope(), cutter.Notices);
    }

    /// <summary>Puts the items back into their envelope, byte for byte.</summary>
    /// <param name="envelope">The envelope of a batch.</param>
    /// <param name="originals">The originals of its items, in order.</param>
    /// <returns>The body as it was sent.</returns>
    public static byte[] Restore(ReadOnlyMemory<byte> envelope, IReadOnlyList<ReadOnlyMemory<byte>> originals)
    {
        if (originals.Count == 0)
        {
            return envelope.ToArray();
        }
        using var document = JsonDocument.Parse(envelope, Options);
        var cutter = new Cutter(envelope);
        cutter.CutBody(document.RootElement);
        return cutter.Replace(i => originals[i]);
    }

    private static ChannelBatch WholeBody(ReadOnlyMemory<byte> body, CaptureRejection why) => new([new CaptureItem(null, null, body) { Rejection = why }], "0"u8.ToArray(), []);

    /// <summary>Walks over one body and remembers where its items lie.</summary>
    private sealed class Cutter(ReadOnlyMemory<byte> body)
    {
        private readonly List<Range> _places = [];

        public List<CaptureItem> Items { get; } = [];

        public List<string> Notices { get; } = [];

        public void CutBody(JsonElement root)
        {
            if (root.ValueKind != JsonValueKind.Object)
            {
                Take(root, original => new CaptureItem(null, null, original) { Rejection = new CaptureRejection("wrong-type", "A body is a JSON object.") });
                return;
            }
            foreach (var entry in Elements(root, "entry"))
            {
                var business = entry.Text("id");
                foreach (var change in Elements(entry, "changes"))
                {
                    CutChange(change, business);
                }
            }
        }

        public byte[] Envelope() => Items.Count == 0
            ? body.ToArray()
            : Replace(i => System.Text.Encoding.ASCII.GetBytes(i.ToString(System.Globalization.CultureInfo.InvariantCulture)));

        public byte[] Replace(Func<int, ReadOnlyMemory<byte>> with)
        {
            var bytes = new ArrayBufferWriter<byte>(Math.Max(1, body.Length));
            var copied = 0;
            for (var i = 0; i < _places.Count; i++)
            {
                var (start, length) = _places[i].GetOffsetAndLength(body.Length);
                bytes.Write(body.Span[copied..start]);
                bytes.Write(with(i).Span);
                copied = start + length;
            }
            bytes.Write(body.Span[copied..]);
            return bytes.WrittenSpan.ToArray();
        }

        private void CutChange(JsonElement change, string? business)
        {
            var before = Items.Count;
            foreach (var value in Members(change, "value"))
            {
                if (value.ValueKind != JsonValueKind.Object)
                {
                    continue;
                }
                var reader = new WhatsAppReader(value, business);
                foreach (var member in value.EnumerateObject())
                {
                    if (member.NameEquals("messages")) { TakeAll(member.Value, reader.ReadIncoming); }
                    else if (member.NameEquals("message_echoes")) { TakeAll(member.Value, reader.ReadEcho); }
                    else if (member.NameEquals("statuses")) { TakeAll(member.Value, reader.ReadStatus); }
                    else if (member.NameEquals("user_preferences")) { TakeAll(member.Value, reader.ReadPreference); }
                    else if (member.NameEquals("history")) { CutHistory(member.Value, reader); }
                }
            }
            if (Items.Count == before)
            {
                Notices.Add(change.Text("field") ?? "unknown");
            }
        }

        private void CutHistory(JsonElement history, WhatsAppReader reader)
        {
            if (history.ValueKind != JsonValueKind.Array)
            {
                return;
            }
            foreach (var chunk in history.EnumerateArray())
            {
                foreach (var thread in Elements(chunk, "threads"))
                {
                    var client = thread.Text("id");
                    foreach (var messages in Members(thread, "messages"))
                    {
                        TakeAll(messages, (message, original) => reader.ReadPast(message, original, client));
                    }
                }
            }
        }

        private void TakeAll(JsonElement list, Func<JsonElement, ReadOnlyMemory<byte>, CaptureItem> read)
        {
            if (list.ValueKind != JsonValueKind.Array)
            {
                return;
            }
            foreach (var element in list.EnumerateArray())
            {
                Take(element, original => read(element, original));
            }
        }

        private void Take(JsonElement element, Func<ReadOnlyMemory<byte>, CaptureItem> read)
        {
            var raw = JsonMarshal.GetRawUtf8Value(element);
            body.Span.Overlaps(raw, out var start);
            _places.Add(start..(start + raw.Length));
            var original = body.Slice(start, raw.Length);
            try
            {
                Items.Add(read(original));
            }
            catch (InvalidOperationException)
            {
                Items.Add(new CaptureItem(null, null, original) { Rejection = new CaptureRejection("invalid-text", "A member's name stands for no characters.") });
            }
        }

        private static IEnumerable<JsonElement> Elements(JsonElement owner, string name) =>
            Members(owner, name).Where(list => list.ValueKind == JsonValueKind.Array).SelectMany(list => list.EnumerateArray());

        /// <summary>Every member of a name: a name that stands twice must not hide what the first one holds.</summary>
        private static IEnumerable<JsonElement> Members(JsonElement owner, string name) => owner.ValueKind == JsonValueKind.Object
            ? owner.EnumerateObject().Where(member => member.NameEquals(name)).Select(member => member.Value)
            : [];
    }
}
