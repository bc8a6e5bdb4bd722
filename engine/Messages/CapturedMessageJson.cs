using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;

namespace Surveillance.Messages;

/// <summary>Reads and writes the captured message as JSON (RFC 8259): the ingest endpoint, NDJSON files, <c>scan</c> and the archive share it.</summary>
/// <remarks>
/// Reading refuses what it does not know, names every error of a line at once and never throws on any bytes.
/// Writing is canonical: fixed order of fields, absent fields left out, so that equal messages give equal bytes.
/// </remarks>
public static class CapturedMessageJson
{
    /// <summary>The longest text of a message or attachment, in UTF-16 units.</summary>
    public const int MaxTextLength = 1_048_576;

    /// <summary>The longest id, address, name or other short field, in UTF-16 units.</summary>
    public const int MaxShortLength = 1_000;

    /// <summary>The most participants or attachments of one message.</summary>
    public const int MaxItems = 2_000;

    /// <summary>The most bytes of an attachment's <c>content</c>, decoded.</summary>
    public const int MaxContentBytes = 10 * 1024 * 1024;

    private static readonly string[] MessageFields =
    [
        "type", "id", "channel", "account", "conversation", "sentAt", "direction", "kind", "nativeKind", "from", "to", "subject", "text",
        "language", "about", "replyTo", "template", "attachments",
    ];

    private static readonly string[] ConsentFields = ["type", "subject", "purpose", "channel", "account", "state", "at", "source"];
    private static readonly string[] ParticipantFields = ["address", "role", "name", "as"];
    private static readonly string[] SenderFields = ["address", "role", "name"];
    private static readonly string[] TemplateFields = ["name", "category"];
    private static readonly string[] AttachmentFields = ["name", "mediaType", "sizeBytes", "sha256", "text", "content"];

    /// <summary>Reads one line. Nothing of the line is kept by reference.</summary>
    /// <param name="utf8">One JSON object, UTF-8 without a byte order mark.</param>
    public static ReadLine Read(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            return Refused(new InputError("invalid-utf8", "", $"The line is not UTF-8: the first wrong byte is at offset {FirstInvalid(utf8)}."));
        }
        var fields = new Fields();
        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 8 });
            fields.ReadTop(ref reader);
        }
        catch (JsonException e)
        {
            var at = e.LineNumber is > 0 ? $"line {e.LineNumber + 1}, byte {e.BytePositionInLine}" : $"byte {e.BytePositionInLine}";
            return new ReadLine { Id = fields.Id, Errors = [new InputError("malformed-json", "", $"The line is not one JSON object: reading stopped at {at}.")] };
        }
        return fields.ToLine();
    }

    /// <summary>The canonical bytes of a message: a JSON object in UTF-8 that <see cref="Read"/> reads back.</summary>
    /// <param name="message">The message.</param>
    public static byte[] Write(CapturedMessage message)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(512);
        Write(message, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Appends the canonical bytes of a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="into">Where they go.</param>
    public static void Write(CapturedMessage message, System.Buffers.IBufferWriter<byte> into)
    {
        using var json = new Utf8JsonWriter(into, WriterOptions);
        json.WriteStartObject();
        json.WriteString("id"u8, message.Id);
        json.WriteString("channel"u8, Names<Channel>.Of(message.Channel));
        WriteIfAny(json, "account"u8, message.Account);
        json.WriteString("conversation"u8, message.Conversation);
        json.WriteString("sentAt"u8, Rfc3339.Format(message.SentAt));
        json.WriteString("direction"u8, Names<Direction>.Of(message.Direction));
        json.WriteString("kind"u8, Names<MessageKind>.Of(message.Kind));
        WriteIfAny(json, "nativeKind"u8, message.NativeKind);
        json.WritePropertyName("from"u8);
        WriteParticipant(json, message.From);
        if (message.To.Count > 0)
        {
            json.WriteStartArray("to"u8);
            foreach (var recipient in message.To)
            {
                WriteParticipant(json, recipient);
            }
            json.WriteEndArray();
        }
        WriteIfAny(json, "subject"u8, message.Subject);
        WriteIfAny(json, "text"u8, message.Text);
        WriteIfAny(json, "language"u8, message.Language);
        WriteIfAny(json, "about"u8, message.About);
        WriteIfAny(json, "replyTo"u8, message.ReplyTo);
        if (message.Template is { } template)
        {
            json.WriteStartObject("template"u8);
            json.WriteString("name"u8, template.Name);
            WriteIfAny(json, "category"u8, template.Category);
            json.WriteEndObject();
        }
        if (message.Attachments.Count > 0)
        {
            json.WriteStartArray("attachments"u8);
            foreach (var attachment in message.Attachments)
            {
                json.WriteStartObject();
                WriteIfAny(json, "name"u8, attachment.Name);
                WriteIfAny(json, "mediaType"u8, attachment.MediaType);
                if (attachment.SizeBytes is { } size)
                {
                    json.WriteNumber("sizeBytes"u8, size);
                }
                WriteIfAny(json, "sha256"u8, attachment.Sha256);
                WriteIfAny(json, "text"u8, attachment.Text);
                if (attachment.Content is { } content)
                {
                    json.WriteBase64String("content"u8, content.Span);
                }
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    /// <summary>The canonical bytes of a consent line, which <see cref="Read"/> reads back.</summary>
    /// <param name="consent">The line.</param>
    public static byte[] Write(ConsentEntry consent)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "consent");
            json.WriteString("subject"u8, consent.Subject);
            json.WriteString("purpose"u8, consent.Purpose);
            WriteIfAny(json, "channel"u8, consent.Channel is { } channel ? Names<Channel>.Of(channel) : null);
            WriteIfAny(json, "account"u8, consent.Account);
            json.WriteString("state"u8, Names<ConsentState>.Of(consent.State));
            json.WriteString("at"u8, Rfc3339.Format(consent.At));
            WriteIfAny(json, "source"u8, consent.Source);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static void WriteParticipant(Utf8JsonWriter json, Participant participant)
    {
        json.WriteStartObject();
        json.WriteString("address"u8, participant.Address);
        WriteIfAny(json, "role"u8, participant.Role is { } role ? Names<Role>.Of(role) : null);
        WriteIfAny(json, "name"u8, participant.Name);
        WriteIfAny(json, "as"u8, participant.As is { } kind ? Names<RecipientKind>.Of(kind) : null);
        json.WriteEndObject();
    }

    private static void WriteIfAny(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static ReadLine Refused(InputError error) => new() { Errors = [error] };

    private static int FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        var at = 0;
        while (at < utf8.Length && System.Text.Rune.DecodeFromUtf8(utf8[at..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            at += length;
        }
        return at;
    }

    /// <summary>A place in a line; its pointer is made only for an error.</summary>
    private readonly record struct Place(string Field, int Index = -1, string? Inner = null)
    {
        public Place In(string field) => this with { Inner = field };

        public override string ToString()
        {
            var item = Index < 0 ? "" : "/" + Index.ToString(CultureInfo.InvariantCulture);
            return "/" + Fields.Escape(Field) + item + (Inner is null ? "" : "/" + Fields.Escape(Inner));
        }
    }

    /// <summary>Known names by their length, so that a name is found without making a string of it.</summary>
    private sealed class NameTable
    {
        private readonly (byte[] Utf8, string Name, int Bit)[][] _byLength;

        public NameTable(IEnumerable<string> names)
        {
            var all = names.Distinct().Select((name, bit) => (System.Text.Encoding.UTF8.GetBytes(name), name, bit)).ToArray();
            _byLength = [.. Enumerable.Range(0, all.Max(n => n.Item1.Length) + 1).Select(length => all.Where(n => n.Item1.Length == length).ToArray())];
        }

        /// <summary>The name at the reader with a number of its own; null when it is not known or written with escapes.</summary>
        public string? Find(ref Utf8JsonReader reader, out int bit)
        {
            var span = reader.ValueSpan;
            if (!reader.ValueIsEscaped && span.Length < _byLength.Length)
            {
                foreach (var (utf8, name, number) in _byLength[span.Length])
                {
                    if (span.SequenceEqual(utf8))
                    {
                        bit = number;
                        return name;
                    }
                }
            }
            bit = -1;
            return null;
        }
    }

    private static readonly NameTable TopNames = new([.. MessageFields, .. ConsentFields]);
    private static readonly NameTable InnerNames = new([.. ParticipantFields, .. TemplateFields, .. AttachmentFields]);

    /// <summary>The fields of one line while it is read.</summary>
    private sealed class Fields
    {
        private List<InputError>? _errors;

        /// <summary>A bit for each known field that was seen; names that are not known are kept as they are.</summary>
        private uint _seen;
        private readonly List<string> _seenNames = [];
        private string? _type;
        private string? _account, _conversation, _nativeKind, _subject, _text, _language, _about, _replyTo, _purpose, _source, _consentSubject;
        private Channel? _channel;
        private Direction? _direction;
        private MessageKind? _kind;
        private ConsentState? _state;
        private DateTimeOffset? _sentAt, _at;
        private Participant? _from;
        private List<Participant>? _to;
        private List<Attachment>? _attachments;
        private MessageTemplate? _template;

        public string? Id { get; private set; }

        public void ReadTop(ref Utf8JsonReader reader)
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                Add("wrong-type", default, $"A line is one JSON object, found {Describe(reader.TokenType)}.");
                return;
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = TopNames.Find(ref reader, out var bit) ?? FieldName(ref reader);
                if (bit >= 0 ? (_seen & 1u << bit) != 0 : _seenNames.Contains(name))
                {
                    Add("duplicate-field", new Place(name), "The field stands twice; write it once.");
                    reader.Read();
                    reader.TrySkip();
                    continue;
                }
                _seen |= bit >= 0 ? 1u << bit : 0;
                _seenNames.Add(name);
                reader.Read();
                ReadField(ref reader, name);
            }
            if (reader.Read())
            {
                Add("malformed-json", default, "Something follows the object; write one object a line.");
            }
        }

        private void ReadField(ref Utf8JsonReader reader, string name)
        {
            var pointer = new Place(name);
            switch (name)
            {
                case "type": _type = Text(ref reader, pointer, MaxShortLength); break;
                case "id": Id = Text(ref reader, pointer, MaxShortLength); break;
                case "channel": _channel = Word<Channel>(ref reader, pointer); break;
                case "account": _account = Text(ref reader, pointer, MaxShortLength); break;
                case "conversation": _conversation = Text(ref reader, pointer, MaxShortLength); break;
                case "sentAt": _sentAt = Time(ref reader, pointer); break;
                case "direction": _direction = Word<Direction>(ref reader, pointer); break;
                case "kind": _kind = Word<MessageKind>(ref reader, pointer); break;
                case "nativeKind": _nativeKind = Text(ref reader, pointer, MaxShortLength); break;
                case "from": _from = ReadParticipant(ref reader, pointer, sender: true); break;
                case "to": _to = ReadList(ref reader, pointer, (ref Utf8JsonReader r, Place p) => ReadParticipant(ref r, p, sender: false)); break;
                case "subject": _subject = _consentSubject = Text(ref reader, pointer, MaxTextLength); break;
                case "text": _text = Text(ref reader, pointer, MaxTextLength); break;
                case "language": _language = Text(ref reader, pointer, MaxShortLength); break;
                case "about": _about = Text(ref reader, pointer, MaxShortLength); break;
                case "replyTo": _replyTo = Text(ref reader, pointer, MaxShortLength); break;
                case "template": _template = ReadTemplate(ref reader, pointer); break;
                case "attachments": _attachments = ReadList(ref reader, pointer, ReadAttachment); break;
                case "purpose": _purpose = Text(ref reader, pointer, MaxShortLength); break;
                case "state": _state = Word<ConsentState>(ref reader, pointer); break;
                case "at": _at = Time(ref reader, pointer); break;
                case "source": _source = Text(ref reader, pointer, MaxShortLength); break;
                default: reader.TrySkip(); break; // named below, when the type is known
            }
        }

        public ReadLine ToLine()
        {
            if (_type is not (null or "message" or "consent"))
            {
                Add("unknown-value", new Place("type"), "The type is `message` (or left out) or `consent`.");
            }
            var consent = _type == "consent";
            if (_seenNames.Count > 0 || _errors is null)
            {
                CheckFields(consent);
            }
            if (_errors is not null)
            {
                return new ReadLine { Id = Id, Errors = _errors };
            }
            return consent ? new ReadLine { Consent = ToConsent() } : new ReadLine { Id = Id, Message = ToMessage() };
        }

        private void CheckFields(bool consent)
        {
            var known = consent ? ConsentFields : MessageFields;
            foreach (var name in _seenNames)
            {
                if (!known.Contains(name))
                {
                    Add("unknown-field", new Place(name), Unknown(name, known, consent ? "a consent line" : "a message"));
                }
            }
            if (consent)
            {
                Require("subject", !string.IsNullOrWhiteSpace(_consentSubject), "the data subject's address");
                Require("purpose", !string.IsNullOrWhiteSpace(_purpose), "a lower-case word such as `marketing`");
                Require("state", _state is not null, "one of " + string.Join(", ", Names<ConsentState>.All));
                Require("at", _at is not null, "the time from which it holds, RFC 3339");
                if (!string.IsNullOrEmpty(_purpose) && _purpose.Any(c => !(char.IsAsciiLetterLower(c) || c == '-')))
                {
                    Add("unknown-value", new Place("purpose"), "A purpose is a word of lower-case letters and hyphens, such as `marketing`.");
                }
                return;
            }
            Require("id", !string.IsNullOrEmpty(Id), "the channel's own id of the message");
            Require("channel", _channel is not null, "one of " + string.Join(", ", Names<Channel>.All));
            Require("sentAt", _sentAt is not null, "the time of sending, RFC 3339");
            Require("from", _from is not null, "an object with the sender's `address`");
            if (string.IsNullOrEmpty(_text) && _attachments is not { Count: > 0 } && (_kind is null or MessageKind.Text) && !HasError("/text") && !HasError("/kind") && !HasErrorUnder("/attachments"))
            {
                Add("missing-field", new Place("text"), "A message has words, attachments or a kind other than `text`: add `text`, `attachments` or `kind`.");
            }
        }

        private CapturedMessage ToMessage()
        {
            var sender = _from!;
            if (sender.Role is null && _account is not null && PersonKey.Of(sender.Address) == PersonKey.Of(_account))
            {
                sender = sender with { Role = Role.Employee };
            }
            var to = _to ?? [];
            if (_account is not null)
            {
                for (var i = 0; i < to.Count; i++)
                {
                    if (to[i].Role is null && PersonKey.Of(to[i].Address) == PersonKey.Of(_account))
                    {
                        to[i] = to[i] with { Role = Role.Employee };
                    }
                }
            }
            return new CapturedMessage
            {
                Id = Id!,
                Channel = _channel!.Value,
                Account = _account,
                Conversation = string.IsNullOrEmpty(_conversation) ? ConversationOf(sender, to) : _conversation,
                SentAt = _sentAt!.Value,
                Direction = _direction ?? DirectionOf(sender, to),
                Kind = _kind ?? (_text is null && _attachments is { Count: > 0 } ? MessageKind.Document : MessageKind.Text),
                NativeKind = _nativeKind,
                From = sender,
                To = to,
                Subject = _subject,
                Text = _text,
                Language = _language,
                About = _about,
                ReplyTo = _replyTo,
                Template = _template,
                Attachments = _attachments ?? [],
            };
        }

        private ConsentEntry ToConsent() => new(_consentSubject!, _purpose!, _state!.Value, _at!.Value, _channel, _account, _source);

        private static Direction DirectionOf(Participant sender, List<Participant> to) => sender.Role != Role.Employee
            ? Direction.Inbound
            : to.Count > 0 && to.TrueForAll(p => p.Role == Role.Employee) ? Direction.Internal : Direction.Outbound;

        private static string ConversationOf(Participant sender, List<Participant> to) =>
            string.Join(',', to.Append(sender).Select(p => PersonKey.Of(p.Address)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

        private Participant? ReadParticipant(ref Utf8JsonReader reader, Place pointer, bool sender)
        {
            if (!StartsObject(ref reader, pointer, "an object with `address`"))
            {
                return null;
            }
            string? address = null, name = null;
            Role? role = null;
            RecipientKind? kind = null;
            var known = sender ? SenderFields : ParticipantFields;
            while (NextField(ref reader, pointer, known, sender ? "a sender" : "a recipient", out var field, out var at))
            {
                switch (field)
                {
                    case "address": address = Text(ref reader, at, MaxShortLength); break;
                    case "role": role = Word<Role>(ref reader, at); break;
                    case "name": name = Text(ref reader, at, MaxShortLength); break;
                    case "as": kind = Word<RecipientKind>(ref reader, at); break;
                }
            }
            if (string.IsNullOrWhiteSpace(address))
            {
                if (!HasError(pointer.In("address").ToString()))
                {
                    Add("missing-field", pointer.In("address"), "A participant needs an address: a number, mailbox or user id.");
                }
                return null;
            }
            return new Participant(address, role, name, kind);
        }

        private MessageTemplate? ReadTemplate(ref Utf8JsonReader reader, Place pointer)
        {
            if (!StartsObject(ref reader, pointer, "an object with `name` and `category`"))
            {
                return null;
            }
            string? name = null, category = null;
            while (NextField(ref reader, pointer, TemplateFields, "a template", out var field, out var at))
            {
                switch (field)
                {
                    case "name": name = Text(ref reader, at, MaxShortLength); break;
                    case "category": category = Text(ref reader, at, MaxShortLength); break;
                }
            }
            if (string.IsNullOrEmpty(name))
            {
                Add("missing-field", pointer.In("name"), "A template needs the provider's name of it.");
                return null;
            }
            return new MessageTemplate(name, category);
        }

        private Attachment? ReadAttachment(ref Utf8JsonReader reader, Place pointer)
        {
            if (!StartsObject(ref reader, pointer, "an object such as `{ \"name\": … }`"))
            {
                return null;
            }
            string? name = null, mediaType = null, sha256 = null, text = null;
            long? size = null;
            byte[]? content = null;
            while (NextField(ref reader, pointer, AttachmentFields, "an attachment", out var field, out var at))
            {
                switch (field)
                {
                    case "name": name = Text(ref reader, at, MaxShortLength); break;
                    case "mediaType": mediaType = Text(ref reader, at, MaxShortLength); break;
                    case "sha256": sha256 = Text(ref reader, at, MaxShortLength); break;
                    case "text": text = Text(ref reader, at, MaxTextLength); break;
                    case "sizeBytes":
                        if (reader.TokenType == JsonTokenType.Null) { break; }
                        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var bytes) && bytes >= 0) { size = bytes; }
                        else { Wrong(ref reader, at, "a whole number of bytes, 0 or more"); }
                        break;
                    case "content":
                        if (reader.TokenType == JsonTokenType.Null) { break; }
                        if (reader.TokenType != JsonTokenType.String) { Wrong(ref reader, at, "a text in base64 (RFC 4648)"); }
                        else if (reader.ValueSpan.Length > (MaxContentBytes / 3 + 1) * 4) { Add("too-long", at, $"Attachment bytes are limited to {MaxContentBytes}; leave `content` of larger ones out and give their `sha256` and `sizeBytes`."); }
                        else if (!reader.TryGetBytesFromBase64(out content)) { Add("invalid-content", at, "The content is not base64 (RFC 4648)."); }
                        break;
                }
            }
            if (sha256 is not null && (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigitLower)))
            {
                Add("unknown-value", pointer.In("sha256"), "SHA-256 is written as 64 lower-case hex digits.");
                return null;
            }
            if (content is not null)
            {
                var hash = Convert.ToHexStringLower(SHA256.HashData(content));
                if (sha256 is not null && sha256 != hash)
                {
                    Add("invalid-content", pointer.In("sha256"), "The content has another SHA-256 than the one given.");
                    return null;
                }
                sha256 = hash;
                size ??= content.Length;
                if (size != content.Length)
                {
                    Add("invalid-content", pointer.In("sizeBytes"), $"The content has {content.Length} bytes, not the number given.");
                    return null;
                }
            }
            return new Attachment(name, mediaType, size, sha256, text, content is null ? (ReadOnlyMemory<byte>?)null : content);
        }

        private delegate T? ItemReader<T>(ref Utf8JsonReader reader, Place pointer);

        private List<T>? ReadList<T>(ref Utf8JsonReader reader, Place pointer, ItemReader<T> readItem) where T : class
        {
            if (reader.TokenType == JsonTokenType.Null)
            {
                return null;
            }
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                Wrong(ref reader, pointer, "a list");
                return null;
            }
            var items = new List<T>();
            for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
            {
                if (i == MaxItems)
                {
                    Add("too-long", pointer, $"The list has more than {MaxItems} items.");
                }
                if (i >= MaxItems)
                {
                    reader.TrySkip();
                    continue;
                }
                if (readItem(ref reader, pointer with { Index = i }) is { } item)
                {
                    items.Add(item);
                }
            }
            return items;
        }

        private bool StartsObject(ref Utf8JsonReader reader, Place pointer, string wanted)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                return true;
            }
            if (reader.TokenType != JsonTokenType.Null)
            {
                Wrong(ref reader, pointer, wanted);
            }
            return false;
        }

        private bool NextField(ref Utf8JsonReader reader, Place pointer, string[] known, string of, out string field, out Place at)
        {
            (field, at) = ("", default);
            if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName)
            {
                return false;
            }
            field = InnerNames.Find(ref reader, out _) ?? FieldName(ref reader);
            at = pointer.In(field);
            reader.Read();
            if (!known.Contains(field))
            {
                Add("unknown-field", at, Unknown(field, known, of));
                reader.TrySkip();
                field = "";
            }
            return true;
        }

        private string FieldName(ref Utf8JsonReader reader)
        {
            try
            {
                return reader.GetString()!;
            }
            catch (InvalidOperationException)
            {
                Add("invalid-text", default, "A field name holds half of a surrogate pair.");
                return "\uFFFD";
            }
        }

        private string? Text(ref Utf8JsonReader reader, Place pointer, int maxLength)
        {
            if (reader.TokenType == JsonTokenType.Null)
            {
                return null;
            }
            if (reader.TokenType != JsonTokenType.String)
            {
                Wrong(ref reader, pointer, "a text");
                return null;
            }
            string value;
            try
            {
                value = reader.GetString()!;
            }
            catch (InvalidOperationException)
            {
                Add("invalid-text", pointer, "The text holds half of a surrogate pair (an escape \\uD800 to \\uDFFF without its other half), which stands for no character.");
                return null;
            }
            if (value.Length > maxLength)
            {
                Add("too-long", pointer, $"The text has {value.Length} UTF-16 units; at most {maxLength} are kept.");
                return null;
            }
            if (value.Contains('\0', StringComparison.Ordinal))
            {
                Add("invalid-text", pointer, $"The text holds the control character NUL at UTF-16 offset {value.IndexOf('\0', StringComparison.Ordinal)}; leave it out.");
                return null;
            }
            return value;
        }

        private T? Word<T>(ref Utf8JsonReader reader, Place pointer) where T : struct, Enum
        {
            if (reader.TokenType == JsonTokenType.Null)
            {
                return null;
            }
            if (reader.TokenType != JsonTokenType.String)
            {
                Wrong(ref reader, pointer, "one of " + string.Join(", ", Names<T>.All));
                return null;
            }
            if (Names<T>.TryRead(ref reader, out var value))
            {
                return value;
            }
            var near = reader.ValueSpan.Length <= 64 && Text(ref reader, pointer, 64) is { } word ? NearestName.Find(word, Names<T>.All) : null;
            if (!HasError(pointer.ToString()))
            {
                Add("unknown-value", pointer, near is null ? $"The value is one of {string.Join(", ", Names<T>.All)}." : $"The value is not known; the nearest is `{near}`.");
            }
            return null;
        }

        private DateTimeOffset? Time(ref Utf8JsonReader reader, Place pointer)
        {
            if (reader.TokenType == JsonTokenType.Null)
            {
                return null;
            }
            if (reader.TokenType != JsonTokenType.String)
            {
                Wrong(ref reader, pointer, "a time such as 2026-05-04T09:12:00Z");
                return null;
            }
            if (Text(ref reader, pointer, MaxShortLength) is { } value)
            {
                if (Rfc3339.TryParse(value, out var time))
                {
                    if (time.Year is >= 1970 and < 2200)
                    {
                        return time;
                    }
                    Add("invalid-time", pointer, "A time lies between the years 1970 and 2199; is the sender's clock set?");
                    return null;
                }
                Add("invalid-time", pointer, "A time is written as in RFC 3339, with its offset: 2026-05-04T09:12:00Z.");
            }
            return null;
        }

        private void Wrong(ref Utf8JsonReader reader, Place pointer, string wanted)
        {
            Add("wrong-type", pointer, $"Needs {wanted}, found {Describe(reader.TokenType)}.");
            reader.TrySkip();
        }

        private void Require(string field, bool present, string what)
        {
            if (!present && !HasErrorUnder("/" + field))
            {
                Add("missing-field", new Place(field), $"`{field}` is required: {what}.");
            }
        }

        private bool HasError(string pointer) => _errors?.Exists(e => e.Pointer == pointer) == true;

        private bool HasErrorUnder(string pointer) => _errors?.Exists(e => e.Pointer.StartsWith(pointer, StringComparison.Ordinal)) == true;

        private void Add(string code, Place place, string detail)
        {
            _errors ??= [];
            if (_errors.Count < 50)
            {
                _errors.Add(new InputError(code, place.Field is null ? "" : place.ToString(), detail));
            }
        }

        private static string Unknown(string name, string[] known, string of) =>
            NearestName.Find(name, known) is { } near ? $"`{Shown(name)}` is not a field of {of}; the nearest known name is `{near}`." : $"`{Shown(name)}` is not a field of {of}. Known: {string.Join(", ", known)}.";

        private static string Shown(string name) => name.Length <= 64 ? name : name[..64] + "…";

        internal static string Escape(string name) => Shown(name).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

        private static string Describe(JsonTokenType type) => type switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "a list",
            JsonTokenType.String => "a text",
            JsonTokenType.Number => "a number",
            JsonTokenType.True or JsonTokenType.False => "true or false",
            JsonTokenType.Null => "null",
            _ => "nothing",
        };
    }
}
