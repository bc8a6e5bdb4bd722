using System.Globalization;
using Surveillance.Messages;
using Surveillance.Rules.Source;

namespace Surveillance.Rules.Reading;

/// <summary>Turns a case of a rule's tests into captured messages and consent entries.</summary>
internal static class TestCaseReader
{
    /// <summary>The fields of a case that is written as an object.</summary>
    internal static readonly string[] CaseFields = ["name", "consent", "messages"];

    /// <summary>The fields of a consent entry in a case.</summary>
    internal static readonly string[] ConsentFields = ["subject", "purpose", "channel", "account", "state", "at"];

    /// <summary>The fields of a message in a case.</summary>
    internal static readonly string[] MessageFields =
    [
        "text", "subject", "direction", "channel", "kind", "from", "to", "after", "sentAt", "template", "attachments", "account", "conversation", "language", "id", "about", "replyTo",
    ];

    /// <summary>The fields of a participant that is written as an object.</summary>
    internal static readonly string[] ParticipantFields = ["address", "role", "name", "as"];

    /// <summary>The fields of a message's template.</summary>
    internal static readonly string[] TemplateFields = ["name", "category"];

    /// <summary>The fields of a message's attachment.</summary>
    internal static readonly string[] AttachmentFields = ["name", "mediaType", "sizeBytes", "sha256", "text"];

    /// <summary>When the first message of a case is sent, unless it says otherwise.</summary>
    internal static readonly DateTimeOffset Start = new(2026, 5, 4, 9, 0, 0, TimeSpan.Zero);

    private const int MaxMessages = 1_000;

    /// <summary>Reads a case; null after an error.</summary>
    /// <param name="node">A text, which is one message, or an object.</param>
    /// <param name="appliesTo">The rule's messages: a message that says nothing else is the first kind of these.</param>
    /// <param name="diagnostics">Takes the errors.</param>
    internal static RuleTestCase? Read(SourceNode node, AppliesTo appliesTo, Diagnostics diagnostics)
    {
        switch (node)
        {
            case SourceString { Value: var text } bare when text.Length > 0:
                return new RuleTestCase(null, [], [new Draft { Text = text }.ToMessage(1, Start, appliesTo)], bare.Span);
            case SourceString empty:
                diagnostics.Error("E025", empty.Span, "the example is empty", help: "write a message, or delete it");
                return null;
            case SourceObject obj:
                return ReadCase(obj, appliesTo, diagnostics);
            case SourceUnreadable:
                return null;
            default:
                diagnostics.Error("E006", FieldReader.Opening(node), $"an example is a text or an object with `messages`, found {FieldReader.Describe(node)}");
                return null;
        }
    }

    private static RuleTestCase? ReadCase(SourceObject node, AppliesTo appliesTo, Diagnostics diagnostics)
    {
        var fields = new FieldReader(node, diagnostics, CaseFields);
        var name = fields.Text("name");
        var whole = true;
        var consent = new List<ConsentEntry>();
        foreach (var item in fields.Array("consent")?.Items ?? [])
        {
            whole &= Add(consent, ReadConsent(item, diagnostics));
        }
        var messages = new List<CapturedMessage>();
        var list = fields.Array("messages", required: true);
        if (list is { Items.Count: 0 or > MaxMessages })
        {
            diagnostics.Error("E025", FieldReader.Opening(list), list.Items.Count == 0 ? "the example has no message" : $"the example has more than {MaxMessages} messages", help: "write at least one message");
            return null;
        }
        var time = Start;
        foreach (var item in list?.Items ?? [])
        {
            if (item is SourceString { Value.Length: > 0 } bare)
            {
                time = messages.Count == 0 ? time : Later(time, TimeSpan.FromMinutes(1));
                messages.Add(new Draft { Text = bare.Value }.ToMessage(messages.Count + 1, time, appliesTo));
                continue;
            }
            if (ReadMessage(item, diagnostics) is not { } draft)
            {
                whole = false;
                continue;
            }
            time = draft.SentAt ?? Later(time, draft.After ?? (messages.Count == 0 ? TimeSpan.Zero : TimeSpan.FromMinutes(1)));
            messages.Add(draft.ToMessage(messages.Count + 1, time, appliesTo));
        }
        return whole && list is not null ? new RuleTestCase(name, consent, messages, node.Span) : null;
    }

    private static DateTimeOffset Later(DateTimeOffset time, TimeSpan by) => DateTimeOffset.MaxValue - time > by ? time + by : DateTimeOffset.MaxValue;

    private static bool Add<T>(List<T> items, T? item) where T : class
    {
        if (item is not null)
        {
            items.Add(item);
        }
        return item is not null;
    }

    private static ConsentEntry? ReadConsent(SourceNode item, Diagnostics diagnostics)
    {
        if (AsObject(item, "a consent entry", diagnostics) is not { } node)
        {
            return null;
        }
        var fields = new FieldReader(node, diagnostics, ConsentFields);
        var subject = fields.Text("subject") ?? "client";
        var purpose = fields.Text("purpose", required: true);
        var channel = fields.Word<Channel>("channel");
        var account = fields.Text("account");
        var state = fields.Word<ConsentState>("state", required: true);
        var at = fields.Time("at");
        return purpose is null || state is null
            ? null
            : new ConsentEntry(Person(subject)?.Address ?? subject, purpose, state.Value, at ?? Start.AddDays(-1), channel, account, "test");
    }

    private static Draft? ReadMessage(SourceNode item, Diagnostics diagnostics)
    {
        if (AsObject(item, "a message", diagnostics) is not { } node)
        {
            return null;
        }
        var fields = new FieldReader(node, diagnostics, MessageFields);
        var draft = new Draft
        {
            Text = node.Find("text") is { Value: SourceString { Value: "" } } ? null : fields.Text("text"),
            Subject = fields.Text("subject"),
            Direction = fields.Word<Direction>("direction"),
            Channel = fields.Word<Channel>("channel"),
            Kind = fields.Word<MessageKind>("kind"),
            From = fields.Node("from") is { } from ? ReadParticipant(from, "from", diagnostics) : null,
            To = ReadRecipients(fields.Node("to"), diagnostics),
            After = node.Find("after") is { Value: SourceString { Value: "0s" or "0m" or "0" } } ? TimeSpan.Zero : fields.Duration("after"),
            SentAt = fields.Time("sentAt"),
            Template = ReadTemplate(fields.Object("template"), diagnostics),
            Attachments = ReadAttachments(fields.Array("attachments"), diagnostics),
            Account = fields.Text("account"),
            Conversation = fields.Text("conversation"),
            Language = fields.Text("language"),
            Id = fields.Text("id"),
            About = fields.Text("about"),
            ReplyTo = fields.Text("replyTo"),
        };
        if (draft.Text is null && draft.Subject is null && draft.Kind is null or MessageKind.Text && draft.Attachments.Count == 0 && node.Find("text") is null && node.Find("attachments") is null && node.Find("kind") is null)
        {
            diagnostics.Error("E023", FieldReader.Opening(node), "the message has no words", help: "add `\"text\": \"…\"`, `attachments`, or a `kind` other than text");
            return null;
        }
        return draft;
    }

    private static SourceObject? AsObject(SourceNode node, string what, Diagnostics diagnostics)
    {
        if (node is not (SourceObject or SourceUnreadable))
        {
            diagnostics.Error("E006", FieldReader.Opening(node), $"{what} is an object, found {FieldReader.Describe(node)}");
        }
        return node as SourceObject;
    }

    private static List<Participant>? ReadRecipients(SourceNode? node, Diagnostics diagnostics)
    {
        if (node is null)
        {
            return null;
        }
        IReadOnlyList<SourceNode> items = node is SourceArray list ? list.Items : [node];
        var people = new List<Participant>();
        foreach (var item in items)
        {
            if (ReadParticipant(item, "to", diagnostics) is { } person)
            {
                people.Add(person.As is null ? person with { As = RecipientKind.To } : person);
            }
        }
        return people;
    }

    private static Participant? ReadParticipant(SourceNode node, string field, Diagnostics diagnostics)
    {
        switch (node)
        {
            case SourceString { Value.Length: > 0 } text:
                if (Person(text.Value) is { } person)
                {
                    return person;
                }
                if (text.Value.IndexOfAny(['@', '+', '.', ':', '_']) >= 0 || text.Value.Any(char.IsAsciiDigit))
                {
                    return new Participant(text.Value);
                }
                diagnostics.Error("E024", text.Span, $"\"{Shown.Clip(text.Value)}\" is not a participant", note: "participants are client, employee or external, with a number where there are several, or whole addresses",
                    help: NearestName.Find(text.Value, Names<Role>.All) is { } near ? $"a similar name exists: `{near}`" : null);
                return null;
            case SourceObject obj:
                var fields = new FieldReader(obj, diagnostics, ParticipantFields);
                var address = fields.Text("address", required: true);
                var role = fields.Word<Role>("role");
                var name = fields.Text("name");
                var kind = fields.Word<RecipientKind>("as");
                if (address is null)
                {
                    return null;
                }
                var known = Person(address) ?? new Participant(address);
                return known with { Role = role ?? known.Role, Name = name, As = kind };
            case SourceUnreadable:
                return null;
            default:
                diagnostics.Error("E006", FieldReader.Opening(node), $"\"{field}\" needs a participant such as `client`, found {FieldReader.Describe(node)}");
                return null;
        }
    }

    /// <summary>The person of a short name: a role, and a number where there are several; null for anything else.</summary>
    internal static Participant? Person(string name)
    {
        var letters = name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return name.Length - letters.Length <= 4 && Names<Role>.TryParse(letters, out var role)
            ? new Participant($"{name}@{(role == Role.Employee ? "firm" : letters)}.example", role)
            : null;
    }

    private static MessageTemplate? ReadTemplate(SourceObject? node, Diagnostics diagnostics)
    {
        if (node is null)
        {
            return null;
        }
        var fields = new FieldReader(node, diagnostics, TemplateFields);
        var name = fields.Text("name", required: true);
        var category = fields.Text("category");
        return name is null ? null : new MessageTemplate(name, category);
    }

    private static List<Attachment> ReadAttachments(SourceArray? list, Diagnostics diagnostics)
    {
        var attachments = new List<Attachment>();
        foreach (var item in list?.Items ?? [])
        {
            if (AsObject(item, "an attachment", diagnostics) is { } node)
            {
                var fields = new FieldReader(node, diagnostics, AttachmentFields);
                attachments.Add(new Attachment(fields.Text("name"), fields.Text("mediaType"), fields.Integer("sizeBytes", 0, int.MaxValue), fields.Text("sha256"), fields.Text("text")));
            }
        }
        return attachments;
    }

    /// <summary>A message as the case says it, before what it leaves out is filled in.</summary>
    private sealed record Draft
    {
        public string? Text { get; init; }
        public string? Subject { get; init; }
        public Direction? Direction { get; init; }
        public Channel? Channel { get; init; }
        public MessageKind? Kind { get; init; }
        public Participant? From { get; init; }
        public List<Participant>? To { get; init; }
        public TimeSpan? After { get; init; }
        public DateTimeOffset? SentAt { get; init; }
        public MessageTemplate? Template { get; init; }
        public List<Attachment> Attachments { get; init; } = [];
        public string? Account { get; init; }
        public string? Conversation { get; init; }
        public string? Language { get; init; }
        public string? Id { get; init; }
        public string? About { get; init; }
        public string? ReplyTo { get; init; }

        public CapturedMessage ToMessage(int number, DateTimeOffset sentAt, AppliesTo appliesTo)
        {
            var direction = Direction ?? DirectionOf(From, To) ?? appliesTo.Directions?[0] ?? Messages.Direction.Outbound;
            var outside = direction == Messages.Direction.Internal ? Role.Employee : Role.Client;
            var sender = From ?? Person(direction == Messages.Direction.Inbound ? "client" : "employee")!;
            var to = To ?? [Person(direction switch
            {
                Messages.Direction.Outbound => "client",
                Messages.Direction.Internal when sender.Address != Person("employee2")!.Address => "employee2",
                _ => "employee",
            })! with { As = RecipientKind.To }];
            return new CapturedMessage
            {
                Id = Id ?? "m" + number.ToString(CultureInfo.InvariantCulture),
                Channel = Channel ?? appliesTo.Channels?[0] ?? Messages.Channel.Chat,
                Account = Account,
                Conversation = Conversation ?? "test",
                SentAt = sentAt,
                Direction = direction,
                Kind = Kind ?? appliesTo.Kinds?[0] ?? (Text is null && Attachments.Count > 0 ? MessageKind.Document : MessageKind.Text),
                From = sender.Role is null ? sender with { Role = direction == Messages.Direction.Inbound ? outside : Role.Employee } : sender,
                To = [.. to.Select(p => p.Role is null ? p with { Role = direction == Messages.Direction.Inbound ? Role.Employee : outside } : p)],
                Subject = Subject,
                Text = Text,
                Language = Language,
                About = About,
                ReplyTo = ReplyTo,
                Template = Template,
                Attachments = Attachments,
            };
        }

        private static Direction? DirectionOf(Participant? from, List<Participant>? to)
        {
            if (from?.Role is Role.Client or Role.External)
            {
                return Messages.Direction.Inbound;
            }
            if (to is not { Count: > 0 } || to.Exists(p => p.Role is null))
            {
                return null;
            }
            return to.TrueForAll(p => p.Role == Role.Employee)
                ? from?.Role == Role.Employee ? Messages.Direction.Internal : null
                : Messages.Direction.Outbound;
        }
    }
}
