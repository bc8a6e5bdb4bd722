using Surveillance.Detection;
using Surveillance.Messages;
using Surveillance.Rules;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Rules.Operators;

public sealed class AttributeOperatorTests
{
    private static readonly Participant Employee = new("+442079460000", Role.Employee), Client = new("c.vogel@mail.example.com", Role.Client);

    private static Truth Of(string when, CapturedMessage message, MessageHits? hits = null) => Judged.By(when, message, hits).State;

    [Theory]
    [InlineData("""{ "direction": "outbound" }""", true)]
    [InlineData("""{ "direction": ["inbound", "internal"] }""", false)]
    [InlineData("""{ "channel": ["wechat", "whatsapp"] }""", true)]
    [InlineData("""{ "channel": "email" }""", false)]
    [InlineData("""{ "kind": "text" }""", true)]
    [InlineData("""{ "kind": ["image", "video"] }""", false)]
    [InlineData("""{ "account": "+44 20 7946 0000" }""", true)]
    [InlineData("""{ "account": ["+442079460001"] }""", false)]
    public void Attributes_AreCompared(string when, bool matched) => Assert.Equal(matched, Of(when, A.Message()) == Truth.Matched);

    [Fact]
    public void Account_OfAMessageWithoutOne_IsNoMatch() => Assert.Equal(Truth.NotMatched, Of("""{ "account": "a" }""", A.Message(account: null)));

    [Theory]
    [InlineData("en", Truth.Matched)]
    [InlineData("fr", Truth.NotMatched)]
    [InlineData(null, Truth.NotEvaluated)]
    public void Language_UnknownIsNotEvaluated(string? language, Truth expected) =>
        Assert.Equal(expected, Of("""{ "language": ["en", "de"] }""", A.Message(), new MessageHits { Language = language }));

    [Theory]
    [InlineData("marketing", "\"marketing\"", Truth.Matched)]
    [InlineData("utility", "\"marketing\"", Truth.NotMatched)]
    [InlineData("utility", "[\"marketing\", \"utility\"]", Truth.Matched)]
    [InlineData("-", "\"none\"", Truth.Matched)]
    [InlineData("-", "\"marketing\"", Truth.NotMatched)]
    [InlineData("?", "\"marketing\"", Truth.NotEvaluated)]
    [InlineData("?", "\"none\"", Truth.NotMatched)]
    public void TemplateCategory_NoneIsNoTemplate(string category, string wanted, Truth expected) => Assert.Equal(
        expected, Of($$"""{ "templateCategory": {{wanted}} }""", A.Message(template: category switch { "-" => null, "?" => new MessageTemplate("t"), _ => new MessageTemplate("t", category) })));

    [Theory]
    [InlineData("""{ "side": "to", "role": "client" }""", Truth.Matched)]
    [InlineData("""{ "side": "from", "role": "client" }""", Truth.NotMatched)]
    [InlineData("""{ "side": "any", "role": ["client", "external"], "atLeast": 2 }""", Truth.NotEvaluated)]
    [InlineData("""{ "side": "any", "role": ["client", "external"], "atLeast": 3 }""", Truth.NotMatched)]
    [InlineData("""{ "side": "to", "domain": "example.com" }""", Truth.Matched)]
    [InlineData("""{ "side": "to", "domain": "ample.com" }""", Truth.NotMatched)]
    [InlineData("""{ "side": "to", "domain": ["gmail.com", "Mail.Example.com"], "role": "client" }""", Truth.Matched)]
    [InlineData("""{ "side": "from", "list": "captured" }""", Truth.Matched)]
    [InlineData("""{ "side": "to", "list": "captured" }""", Truth.NotMatched)]
    [InlineData("""{ "side": "to", "atLeast": 2 }""", Truth.Matched)]
    [InlineData("""{ "side": "to", "atLeast": 3 }""", Truth.NotMatched)]
    public void Participants_AreCounted(string options, Truth expected)
    {
        var message = A.Message(from: Employee, to: [Client, new Participant("+4915100000")]);

        Assert.Equal(expected, Of($$"""{ "participants": {{options}} }""", message));
    }

    [Theory]
    [InlineData(1, Truth.Matched)]
    [InlineData(2, Truth.NotMatched)]
    public void Participants_List_HoldsAtTheTimeOfSending(int month, Truth expected) => Assert.Equal(expected, Of(
        """{ "participants": { "side": "to", "list": "captured" } }""",
        A.Message(to: [new Participant("Old@example.org")], sentAt: new DateTimeOffset(2026, month, 15, 0, 0, 0, TimeSpan.Zero))));

    [Theory]
    [InlineData("{}", Truth.Matched)]
    [InlineData("""{ "name": "*.XLSX" }""", Truth.Matched)]
    [InlineData("""{ "name": "*.pdf" }""", Truth.NotMatched)]
    [InlineData("""{ "mediaType": "application/*" }""", Truth.Matched)]
    [InlineData("""{ "name": "q?.xlsx", "atLeastBytes": 100 }""", Truth.Matched)]
    [InlineData("""{ "name": "q?.xlsx", "atLeastBytes": 101 }""", Truth.NotMatched)]
    [InlineData("""{ "atLeastBytes": 5000 }""", Truth.NotEvaluated)]
    public void Attachment_PatternsAndSize(string options, Truth expected)
    {
        var message = A.Message(attachments: [new Attachment("q3.xlsx", "application/vnd.ms-excel", 100), new Attachment("x.doc", "text/plain")]);

        Assert.Equal(expected, Of($$"""{ "attachment": {{options}} }""", message));
    }

    [Fact]
    public void Attachment_Absent_IsNoMatch() => Assert.Equal(Truth.NotMatched, Of("""{ "attachment": {} }""", A.Message()));

    [Fact]
    public void Attachment_Evidence_IsItsName()
    {
        var evidence = Assert.Single(Judged.By("""{ "attachment": { "name": "*.xlsx" } }""", A.Message(attachments: [new Attachment("a.doc"), new Attachment("q3.xlsx")])).Why.Evidence);

        Assert.Equal(("attachments/1/name", 0, 7), (evidence.Part, evidence.Span.Start, evidence.Span.End));
    }

    [Fact]
    public void AppliesTo_OtherMessages_AreNotLookedAt()
    {
        var revision = Judged.Revision("""{ "phrase": "text me" }""", appliesTo: """{ "channel": "wechat", "direction": ["inbound", "outbound"] }""");

        Assert.Equal(Truth.NotMatched, Judged.By(revision, A.Message("text me")).State);
        Assert.Equal(Truth.NotMatched, Judged.By(revision, A.Message("text me", channel: Channel.WeChat, direction: Direction.Internal)).State);
        Assert.Equal(Truth.Matched, Judged.By(revision, A.Message("text me", channel: Channel.WeChat)).State);
    }
}
