using System.Text;
using System.Text.Json;
using Surveillance.Capture;
using Surveillance.Capture.Channels;
using Surveillance.Capture.Channels.WhatsApp;
using Surveillance.Messages;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Capture.Channels;

public sealed class WhatsAppWebhookTests : ChannelContract
{
    protected override IReadOnlyList<string> Samples => WhatsAppBodies.All;

    protected override string ExternalSamples => "capture/whatsapp-webhook";

    protected override ChannelBatch Read(ReadOnlyMemory<byte> body) => WhatsAppWebhook.Read(body);

    protected override byte[] Restore(ReadOnlyMemory<byte> envelope, IReadOnlyList<ReadOnlyMemory<byte>> originals) => WhatsAppWebhook.Restore(envelope, originals);

    [Fact]
    public void Read_Text_FillsEveryField()
    {
        var message = Single(WhatsAppBodies.Messages(WhatsAppBodies.Text("see you at ten", more: """ "context": { "from": "442079460000", "id": "wamid.Q" }, """)));

        Assert.Equal("wamid.A1", message.Id);
        Assert.Equal(Channel.WhatsApp, message.Channel);
        Assert.Equal("+442079460000", message.Account);
        Assert.Equal("4915112345678", message.Conversation);
        Assert.Equal(new DateTimeOffset(2026, 5, 4, 9, 12, 0, TimeSpan.Zero), message.SentAt);
        Assert.Equal(Direction.Inbound, message.Direction);
        Assert.Equal(MessageKind.Text, message.Kind);
        Assert.Null(message.NativeKind);
        Assert.Equal(new Participant("+4915112345678", Role.Client, "Clara Vogel"), message.From);
        Assert.Equal([new Participant("+442079460000", Role.Employee, As: RecipientKind.To)], message.To);
        Assert.Equal("see you at ten", message.Text);
        Assert.Equal("wamid.Q", message.ReplyTo);
    }

    [Fact]
    public void Read_Text_KeepsItsOwnBytes()
    {
        var text = WhatsAppBodies.Text("caf\\u00e9  \\/ ok", "wamid.A2");
        var items = ReadAll(WhatsAppBodies.Messages(WhatsAppBodies.Text("first"), text));

        Assert.Equal(text, Encoding.UTF8.GetString(items[1].Original.Span));
        Assert.Equal("café  / ok", items[1].Message!.Text);
    }

    [Theory]
    [InlineData("a \\ud83d b", "a \uFFFD b")]
    [InlineData("a \\ude00\\ud83d b", "a \uFFFD\uFFFD b")]
    [InlineData("a \\ud83d\\ude00 b", "a \uD83D\uDE00 b")]
    [InlineData("a\\u0000b", "a\uFFFDb")]
    [InlineData("\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t")]
    public void Read_Escapes_StandForCharactersOrTheReplacement(string json, string expected) =>
        Assert.Equal(expected, Single(WhatsAppBodies.Messages(WhatsAppBodies.Text(json))).Text);

    [Fact]
    public void Read_BytesThatAreNotUtf8_BecomeTheReplacement()
    {
        var body = Encoding.UTF8.GetBytes(WhatsAppBodies.Messages(WhatsAppBodies.Text("ab#cd")));
        body[Array.IndexOf(body, (byte)'#')] = 0xFF;

        var item = Assert.Single(WhatsAppWebhook.Read(body).Items);

        Assert.Equal("ab\uFFFDcd", item.Message!.Text);
        Assert.Contains((byte)0xFF, item.Original.ToArray());
    }

    [Theory]
    [InlineData("image", """ "image": { "id": "8", "caption": "the signed page" } """, "the signed page")]
    [InlineData("document", """ "document": { "id": "8", "filename": "q3.xlsx" } """, null)]
    [InlineData("button", """ "button": { "payload": "STOP", "text": "Stop promotions" } """, "Stop promotions")]
    [InlineData("interactive", """ "interactive": { "type": "list_reply", "list_reply": { "id": "1", "title": "Call me", "description": "after six" } } """, "Call me\nafter six")]
    [InlineData("location", """ "location": { "latitude": 1.5, "longitude": 2 } """, null)]
    [InlineData("unsupported", """ "errors": [ { "code": 131051 } ] """, null)]
    [InlineData("something_new", """ "something_new": { "text": "?" } """, null)]
    public void Read_OtherTypes_AreKeptWithTheProvidersWord(string type, string content, string? words)
    {
        var message = Single(WhatsAppBodies.Messages(WhatsAppBodies.Message(type, content)));

        Assert.Equal((MessageKind.Other, type, words), (message.Kind, message.NativeKind, message.Text));
    }

    [Fact]
    public void Read_TextWithoutWords_IsKeptAsOther()
    {
        var message = Single(WhatsAppBodies.Messages(WhatsAppBodies.Text("")));

        Assert.Equal((MessageKind.Other, "text", null), (message.Kind, message.NativeKind, message.Text));
    }

    [Fact]
    public void Read_Reaction_IsAboutItsMessage()
    {
        var message = Single(WhatsAppBodies.Messages(WhatsAppBodies.Message("reaction", """ "reaction": { "message_id": "wamid.Q", "emoji": "x" } """)));

        Assert.Equal(("reaction", "wamid.Q"), (message.NativeKind, message.About));
    }

    [Theory]
    [InlineData(""" "edit": { "original_message_id": "wamid.O", "message": { "type": "text", "text": { "body": "eleven, not ten" } } } """, "eleven, not ten", null)]
    [InlineData(""" "edit": { "original_message_id": "wamid.O", "message": { "type": "image", "image": { "caption": "page two" }, "context": { "id": "wamid.Q" } } } """, "page two", "image")]
    public void Read_Edit_HasTheNewWordsAndWhatItIsAbout(string content, string words, string? nativeKind)
    {
        var message = Single(WhatsAppBodies.Messages(WhatsAppBodies.Message("edit", content)));

        Assert.Equal((MessageKind.Edit, nativeKind, words, "wamid.O"), (message.Kind, message.NativeKind, message.Text, message.About));
    }

    [Fact]
    public void Read_Revoke_IsAboutItsMessage()
    {
        var message = Single(WhatsAppBodies.Messages(WhatsAppBodies.Message("revoke", """ "revoke": { "original_message_id": "wamid.O" } """)));

        Assert.Equal((MessageKind.Revoke, null, "wamid.O"), (message.Kind, message.Text, message.About));
    }

    [Fact]
    public void Read_Status_IsAnOutboundEntryAboutTheMessage()
    {
        var message = Single(WhatsAppBodies.Change("messages", $"\"statuses\": [{WhatsAppBodies.Status("delivered", """, "pricing": { "category": "marketing" }""")}]"));

        Assert.Equal("wamid.OUT9/delivered/1777886000", message.Id);
        Assert.Equal((MessageKind.Status, "delivered", "wamid.OUT9"), (message.Kind, message.NativeKind, message.About));
        Assert.Equal((Direction.Outbound, "4915112345678"), (message.Direction, message.Conversation));
        Assert.Equal(new Participant("+442079460000", Role.Employee), message.From);
        Assert.Equal([new Participant("+4915112345678", Role.Client, "Clara Vogel", RecipientKind.To)], message.To);
    }

    [Fact]
    public void Read_StatusOfAGroup_TellsItsReadersApart()
    {
        string Group(string reader) => $$"""{ "id": "wamid.G", "status": "read", "timestamp": "1777886000", "recipient_id": "group-1", "recipient_type": "group", "recipient_participant_id": "{{reader}}" }""";
        var items = ReadAll(WhatsAppBodies.Change("messages", $"\"statuses\": [{Group("4915112345678")}, {Group("4915112345679")}]"));

        Assert.Equal(["wamid.G/read/1777886000/4915112345678", "wamid.G/read/1777886000/4915112345679"], items.Select(i => i.Message!.Id));
        Assert.All(items, i => Assert.Equal("group-1", i.Message!.Conversation));
    }

    [Fact]
    public void Read_Echo_IsOutbound()
    {
        var message = Single(WhatsAppBodies.All[2]);

        Assert.Equal((Direction.Outbound, MessageKind.Text, "on my way"), (message.Direction, message.Kind, message.Text));
        Assert.Equal(("+442079460000", "+4915112345678"), (message.From.Address, message.To.Single().Address));
        Assert.Equal("4915112345678", message.Conversation);
    }

    [Fact]
    public void Read_History_GoesBothWays()
    {
        var items = ReadAll(WhatsAppBodies.All[4]);

        Assert.Equal([Direction.Outbound, Direction.Inbound], items.Select(i => i.Message!.Direction));
        Assert.All(items, i => Assert.Equal("4915112345678", i.Message!.Conversation));
        Assert.Equal("media_placeholder", items[1].Message!.NativeKind);
    }

    [Theory]
    [InlineData("stop", ConsentState.Withdrawn)]
    [InlineData("resume", ConsentState.Granted)]
    [InlineData("signup", ConsentState.Granted)]
    public void Read_Preference_IsAConsentLine(string value, ConsentState state)
    {
        var item = Assert.Single(ReadAll(WhatsAppBodies.All[3].Replace("\"stop\"", $"\"{value}\"", StringComparison.Ordinal)));

        Assert.Equal(
            new ConsentEntry("+4915112345678", "marketing", state, new DateTimeOffset(2026, 5, 4, 9, 12, 0, TimeSpan.Zero), Channel.WhatsApp, "+442079460000", "whatsapp user_preferences"),
            item.Consent);
    }

    [Theory]
    [InlineData("\"stop\"", "\"perhaps\"", "unknown-value")]
    [InlineData("\"marketing_messages\"", "\"other_messages\"", "unknown-value")]
    [InlineData("1777885920", "\"soon\"", "invalid-time")]
    public void Read_PreferenceNotUnderstood_IsRejectedAloud(string old, string other, string code) =>
        Assert.Equal(code, Assert.Single(ReadAll(WhatsAppBodies.All[3].Replace(old, other, StringComparison.Ordinal))).Rejection!.Code);

    [Theory]
    [InlineData("7", "wrong-type")]
    [InlineData("null", "wrong-type")]
    [InlineData("""{ "from": "4915112345678", "timestamp": "1777885920", "type": "text" }""", "missing-field")]
    [InlineData("""{ "from": "4915112345678", "id": "wamid.B", "type": "text" }""", "invalid-time")]
    [InlineData("""{ "from": "4915112345678", "id": "wamid.B", "timestamp": "1777885920000000", "type": "text" }""", "invalid-time")]
    [InlineData("""{ "from": "4915112345678", "id": "wamid.B", "timestamp": "-5", "type": "text" }""", "invalid-time")]
    [InlineData("""{ "from": "4915112345678", "id": "wamid.B", "timestamp": [], "\ud83d": 1, "type": "text" }""", "*")]
    public void Read_OneBadMessage_DoesNotSpoilTheOthers(string bad, string code)
    {
        var items = ReadAll(WhatsAppBodies.Messages(WhatsAppBodies.Text("before"), bad, WhatsAppBodies.Text("after", "wamid.A2")));

        Assert.Equal(["before", null, "after"], items.Select(i => i.Message?.Text));
        Assert.NotNull(items[1].Rejection);
        Assert.True(code == "*" || code == items[1].Rejection!.Code);
        Assert.Equal(bad, Encoding.UTF8.GetString(items[1].Original.Span));
    }

    [Fact]
    public void Read_TooLongAnId_IsRejectedAlone()
    {
        var items = ReadAll(WhatsAppBodies.Messages(WhatsAppBodies.Text("a", new string('i', 1_001)), WhatsAppBodies.Text("b")));

        Assert.Equal("too-long", items[0].Rejection!.Code);
        Assert.Equal("b", items[1].Message!.Text);
    }

    [Fact]
    public void Read_DeepNestingInOneMessage_DoesNotSpoilTheOthers()
    {
        var deep = WhatsAppBodies.Text("deep", "wamid.D", $"\"x\": {new string('[', 50_000)}{new string(']', 50_000)}, ");

        Assert.Equal(["deep", "after"], ReadAll(WhatsAppBodies.Messages(deep, WhatsAppBodies.Text("after"))).Select(i => i.Message?.Text));
    }

    [Fact]
    public void Read_MemberNamedTwice_LosesNeither()
    {
        var items = ReadAll(WhatsAppBodies.Change("messages", $"\"messages\": [{WhatsAppBodies.Text("one")}], \"messages\": [{WhatsAppBodies.Text("two", "wamid.A2")}]"));

        Assert.Equal(["one", "two"], items.Select(i => i.Message!.Text));
    }

    [Fact]
    public void Read_SenderKnownByUserIdAlone_IsTheContact()
    {
        var message = Single(WhatsAppBodies.Messages("""{ "id": "wamid.U", "from_user_id": "DE.900", "timestamp": "1777885920", "type": "text", "text": { "body": "hello" } }"""));

        Assert.Equal(("DE.900", "Clara Vogel", "DE.900"), (message.From.Address, message.From.Name, message.Conversation));
    }

    [Fact]
    public void Read_MessageToAGroup_IsInTheGroupsConversation()
    {
        var message = Single(WhatsAppBodies.Messages(WhatsAppBodies.Text("hello all", more: "\"group_id\": \"group-1\", ")));

        Assert.Equal(("group-1", "+4915112345678"), (message.Conversation, message.From.Address));
    }

    [Fact]
    public void Read_ManyEntriesAndChanges_KeepTheirOwnNumbers()
    {
        var first = WhatsAppBodies.Change("messages", $"\"messages\": [{WhatsAppBodies.Text("one")}]");
        var second = WhatsAppBodies.Change("messages", $"\"messages\": [{WhatsAppBodies.Text("two")}]", "+44 20 7946 0001");
        var body = first[..first.LastIndexOf(']')] + ", " + second[(second.IndexOf("[ {", StringComparison.Ordinal) + 1)..];

        Assert.Equal([("+442079460000", "one"), ("+442079460001", "two")], ReadAll(body).Select(i => (i.Message!.Account!, i.Message.Text!)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{} {}")]
    public void Read_NoBodyOfTheProvider_IsOneRejectedItem(string body)
    {
        var batch = WhatsAppWebhook.Read(Encoding.UTF8.GetBytes(body));

        Assert.Equal(body, Encoding.UTF8.GetString(Assert.Single(batch.Items).Original.Span));
        Assert.NotNull(batch.Items[0].Rejection);
    }

    [Fact]
    public void Read_ChangeWithoutMessages_IsANotice()
    {
        var batch = WhatsAppWebhook.Read(Encoding.UTF8.GetBytes(WhatsAppBodies.All[5]));

        Assert.Empty(batch.Items);
        Assert.Equal(["account_update"], batch.Notices);
        Assert.Equal(WhatsAppBodies.All[5], Encoding.UTF8.GetString(batch.Envelope.Span));
    }

    [Fact]
    public void Read_Envelope_HoldsNoWords()
    {
        var batch = WhatsAppWebhook.Read(Encoding.UTF8.GetBytes(WhatsAppBodies.Messages(WhatsAppBodies.Text("see you at ten"), WhatsAppBodies.Text("or eleven", "wamid.A2"))));

        Assert.Contains("\"messages\": [0, 1]", Encoding.UTF8.GetString(batch.Envelope.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_HugeHostileBody_TakesLinearTime()
    {
        var many = WhatsAppBodies.Messages([.. Enumerable.Repeat("{}", 400_000)]);

        Assert.Equal(400_000, ReadAll(many).Count);
    }

    [Fact]
    public void Read_ExternalSamples_AreWhatTheirManifestSays()
    {
        var folder = SampleData.Folder(ExternalSamples);
        Assert.SkipWhen(folder is null, $"There are no samples: {ExternalSamples} is not in the data folder.");
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "manifest.json")));
        foreach (var row in manifest.RootElement.EnumerateArray())
        {
            var (file, kind) = (row.GetProperty("file").GetString()!, row.GetProperty("kind").GetString()!.Split('.'));
            var items = WhatsAppWebhook.Read(File.ReadAllBytes(Path.Combine(folder, file))).Items;
            switch (kind)
            {
                case ["message", "text", ..]: Assert.True(items[0].Message is { Kind: MessageKind.Text, Text: not null }, file); break;
                case ["message", "edit" or "revoke", ..]: Assert.True(items[0].Message is { About: not null, Kind: MessageKind.Edit or MessageKind.Revoke }, file); break;
                case ["message", ..]: Assert.True(items[0].Message is not null, file); break;
                case ["status", var word, ..]: Assert.True(items[0].Message is { Kind: MessageKind.Status, About: not null } status && status.NativeKind == word, file); break;
            }
        }
    }

    private static CapturedMessage Single(string body) => Assert.Single(ReadAll(body)).Message!;

    private static IReadOnlyList<CaptureItem> ReadAll(string body) => WhatsAppWebhook.Read(Encoding.UTF8.GetBytes(body)).Items;
}
