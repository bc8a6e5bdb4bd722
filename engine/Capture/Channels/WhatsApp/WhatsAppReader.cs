using System.Text.Json;
using Surveillance.Messages;

namespace Surveillance.Capture.Channels.WhatsApp;

/// <summary>Reads the messages, statuses and preferences of one change: they share a business number and the names of the people.</summary>
internal sealed class WhatsAppReader
{
    private readonly string? _account;
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly string? _onlyContact;

    /// <param name="value">The <c>value</c> of the change.</param>
    /// <param name="business">Id of the business account, where the change names no number.</param>
    public WhatsAppReader(JsonElement value, string? business)
    {
        var number = value.Member("metadata");
        _account = number?.Text("display_phone_number") is { } shown ? Address(shown) : number?.Text("phone_number_id") ?? business;
        if (value.Member("contacts") is { ValueKind: JsonValueKind.Array } contacts)
        {
            foreach (var contact in contacts.EnumerateArray())
            {
                var (id, user) = (contact.Text("wa_id"), contact.Text("user_id"));
                if (contact.Text("profile", "name") is { } name)
                {
                    if (id is not null) { _names[id] = Shorten(name); }
                    if (user is not null) { _names[user] = Shorten(name); }
                }
                _onlyContact = contacts.GetArrayLength() == 1 ? id ?? user : null;
            }
        }
    }

    /// <summary>A message that a client sent.</summary>
    public CaptureItem ReadIncoming(JsonElement message, ReadOnlyMemory<byte> original) =>
        ReadMessage(message, original, Direction.Inbound, message.Text("from") ?? message.Text("from_user_id") ?? _onlyContact, message.Text("group_id"));

    /// <summary>A message that the firm sent from the phone application of a number that the platform serves too.</summary>
    public CaptureItem ReadEcho(JsonElement message, ReadOnlyMemory<byte> original) =>
        ReadMessage(message, original, Direction.Outbound, message.Text("to") ?? message.Text("to_user_id") ?? _onlyContact, message.Text("group_id"));

    /// <summary>A message of a conversation from before the number was connected.</summary>
    public CaptureItem ReadPast(JsonElement message, ReadOnlyMemory<byte> original, string? client) =>
        message.Text("from") is { } from && _account is not null && Address(from) == _account
            ? ReadMessage(message, original, Direction.Outbound, client, null)
            : ReadMessage(message, original, Direction.Inbound, client ?? message.Text("from"), null);

    /// <summary>The fate of a message that the firm sent. One message has many: the id adds the status and its time.</summary>
    public CaptureItem ReadStatus(JsonElement status, ReadOnlyMemory<byte> original)
    {
        if (MissingIn(status) is { } why)
        {
            return Rejected(why, original);
        }
        var group = status.Text("recipient_type") == "group" ? status.Text("recipient_id") : null;
        var client = group is null
            ? status.Text("recipient_id") ?? status.Text("recipient_user_id") ?? _onlyContact
            : status.Text("recipient_participant_id") ?? status.Text("recipient_participant_user_id");
        if (client is null && group is null)
        {
            return Rejected(Missing("recipient_id"), original);
        }
        if (status.Text("status") is not { } word)
        {
            return Rejected(Missing("status"), original);
        }
        var (id, at) = (status.Text("id")!, status.Member("timestamp").UnixTime()!.Value);
        return Checked(new CapturedMessage
        {
            Id = $"{id}/{word}/{at.ToUnixTimeSeconds()}{(group is not null && client is not null ? "/" + client : "")}",
            Channel = Channel.WhatsApp,
            Account = _account,
            Conversation = group ?? client!,
            SentAt = at,
            Direction = Direction.Outbound,
            Kind = MessageKind.Status,
            NativeKind = word,
            From = Business(),
            To = client is null ? [] : [Client(client) with { As = RecipientKind.To }],
            About = id,
        }, original);
    }

    /// <summary>What a client said about marketing from the firm.</summary>
    public CaptureItem ReadPreference(JsonElement preference, ReadOnlyMemory<byte> original)
    {
        if (preference.ValueKind != JsonValueKind.Object)
        {
            return Rejected(NoObject, original);
        }
        if ((preference.Text("wa_id") ?? preference.Text("user_id") ?? _onlyContact) is not { } client)
        {
            return Rejected(Missing("wa_id"), original);
        }
        if (preference.Member("timestamp").UnixTime() is not { } at)
        {
            return Rejected(NoTime, original);
        }
        if (preference.Text("category") is not (null or "marketing_messages"))
        {
            return Rejected(new CaptureRejection("unknown-value", "The category of a preference is known as `marketing_messages` only."), original);
        }
        ConsentState? state = preference.Text("value") switch { "stop" => ConsentState.Withdrawn, "resume" or "signup" => ConsentState.Granted, _ => null };
        return state is { } said
            ? new CaptureItem(null, new ConsentEntry(Address(client), "marketing", said, at, Channel.WhatsApp, _account, "whatsapp user_preferences"), original)
            : Rejected(new CaptureRejection("unknown-value", "The value of a preference is known as `stop`, `resume` and `signup`."), original);
    }

    private CaptureItem ReadMessage(JsonElement message, ReadOnlyMemory<byte> original, Direction direction, string? client, string? group)
    {
        if (MissingIn(message) is { } why)
        {
            return Rejected(why, original);
        }
        if (client is null && (group is null || direction == Direction.Inbound))
        {
            return Rejected(Missing(direction == Direction.Inbound ? "from" : "to"), original);
        }
        var type = message.Text("type") ?? (message.Text("text", "body") is null ? null : "text");
        var edited = type == "edit" ? message.Member("edit")?.Member("message") : null;
        var words = edited is { } content ? Words(content, content.Text("type")) : Words(message, type);
        var kind = type switch { "text" when words is not null => MessageKind.Text, "edit" => MessageKind.Edit, "revoke" => MessageKind.Revoke, _ => MessageKind.Other };
        Participant[] clients = client is null ? [] : [Client(client)];
        return Checked(new CapturedMessage
        {
            Id = message.Text("id")!,
            Channel = Channel.WhatsApp,
            Account = _account,
            Conversation = group ?? client!,
            SentAt = message.Member("timestamp").UnixTime()!.Value,
            Direction = direction,
            Kind = kind,
            NativeKind = kind switch
            {
                MessageKind.Text or MessageKind.Revoke => null,
                MessageKind.Edit => edited?.Text("type") is { } inner && inner != "text" ? inner : null,
                _ => type ?? "unknown",
            },
            From = direction == Direction.Inbound ? clients[0] : Business(),
            To = [.. (direction == Direction.Inbound ? [Business()] : clients).Select(p => p with { As = RecipientKind.To })],
            Text = words,
            About = message.Text("edit", "original_message_id") ?? message.Text("revoke", "original_message_id") ?? message.Text("reaction", "message_id"),
            ReplyTo = (edited ?? message).Text("context", "id"),
        }, original);
    }

    /// <summary>The words of a content: whatever a person typed or chose, in whichever member its type puts it.</summary>
    private static string? Words(JsonElement content, string? type) => type switch
    {
        "text" => content.Text("text", "body"),
        "image" or "video" or "audio" or "document" or "sticker" => content.Text(type, "caption"),
        "button" => content.Text("button", "text"),
        "interactive" => Joined(content.Text("interactive", "button_reply", "title"), content.Text("interactive", "list_reply", "title"),
            content.Text("interactive", "list_reply", "description"), content.Text("interactive", "nfm_reply", "body")),
        "order" => content.Text("order", "text"),
        "system" => content.Text("system", "body"),
        _ => content.Text("text", "body"),
    };

    private static string? Joined(params ReadOnlySpan<string?> lines)
    {
        var present = lines.ToArray().Where(line => line is not null).ToArray();
        return present.Length == 0 ? null : string.Join('\n', present);
    }

    private CaptureRejection? MissingIn(JsonElement thing) =>
        thing.ValueKind != JsonValueKind.Object ? NoObject
        : thing.Text("id") is null ? Missing("id")
        : thing.Member("timestamp").UnixTime() is null ? NoTime
        : _account is null ? Missing("metadata")
        : null;

    private Participant Business() => new(_account!, Role.Employee);

    private Participant Client(string id) => new(Address(id), Role.Client, _names.GetValueOrDefault(id));

    /// <summary>Passes a message only when the archive could read it back.</summary>
    private static CaptureItem Checked(CapturedMessage message, ReadOnlyMemory<byte> original) =>
        CapturedMessageJson.Read(CapturedMessageJson.Write(message)) is { Errors: [var error, ..] }
            ? Rejected(new CaptureRejection(error.Code, $"{error.Pointer}: {error.Detail}"), original)
            : new CaptureItem(message, null, original);

    private static CaptureItem Rejected(CaptureRejection why, ReadOnlyMemory<byte> original) => new(null, null, original) { Rejection = why };

    private static CaptureRejection Missing(string member) => new("missing-field", $"`{member}` is missing.");

    private static readonly CaptureRejection NoObject = new("wrong-type", "A message, status or preference is a JSON object.");

    private static readonly CaptureRejection NoTime = new("invalid-time", "`timestamp` is missing or is not a time in whole Unix seconds.");

    /// <summary>A number in E.164, from the digits that the platform sends; anything else as it is.</summary>
    private static string Address(string id)
    {
        var digits = new string([.. id.Where(char.IsAsciiDigit)]);
        return digits.Length is >= 7 and <= 15 && id.All(c => char.IsAsciiDigit(c) || c is '+' or ' ' or '-' or '(' or ')' or '.') ? "+" + digits : id;
    }

    private static string Shorten(string name)
    {
        if (name.Length <= CapturedMessageJson.MaxShortLength)
        {
            return name;
        }
        var length = CapturedMessageJson.MaxShortLength;
        return name[..(char.IsHighSurrogate(name[length - 1]) ? length - 1 : length)];
    }
}
