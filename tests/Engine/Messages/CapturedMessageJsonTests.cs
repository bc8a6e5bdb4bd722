using System.Text;
using Surveillance.Messages;

namespace Surveillance.Engine.Tests.Messages;

public sealed class CapturedMessageJsonTests
{
    private const string Minimal = """{"id":"m1","channel":"whatsapp","sentAt":"2026-05-04T09:12:00Z","from":{"address":"+4915112345678"},"text":"hello"}""";

    private static ReadLine Read(string json) => CapturedMessageJson.Read(Encoding.UTF8.GetBytes(json));

    [Fact]
    public void Read_RequiredFieldsOnly_DerivesTheRest()
    {
        var message = Read(Minimal).Message!;
        Assert.Equal(Direction.Inbound, message.Direction);
        Assert.Equal(MessageKind.Text, message.Kind);
        Assert.Equal("+4915112345678", message.Conversation);
    }

    [Fact]
    public void Read_SenderIsTheAccount_IsAnEmployeeWritingOut()
    {
        var message = Read("""{"id":"m1","channel":"whatsapp","account":"+44 20 7946 0000","sentAt":"2026-05-04T09:12:00Z","from":{"address":"+442079460000"},"to":[{"address":"+491511","role":"client"}],"text":"hello"}""").Message!;
        Assert.Equal(Role.Employee, message.From.Role);
        Assert.Equal(Direction.Outbound, message.Direction);
    }

    [Fact]
    public void Read_ConsentLine_GivesIt()
    {
        var consent = Read("""{"type":"consent","subject":"+4915112345678","purpose":"marketing","channel":"whatsapp","account":null,"state":"soft-opt-in","at":"2026-05-01T12:00:00+02:00","source":"web form 8812"}""").Consent!;
        Assert.Equal(ConsentState.SoftOptIn, consent.State);
        Assert.Equal(new DateTimeOffset(2026, 5, 1, 10, 0, 0, TimeSpan.Zero), consent.At);
        Assert.Equal(consent, CapturedMessageJson.Read(CapturedMessageJson.Write(consent)).Consent);
    }

    [Theory]
    [InlineData("{", "malformed-json", "")]
    [InlineData("", "malformed-json", "")]
    [InlineData("[]", "wrong-type", "")]
    [InlineData("{} {}", "malformed-json", "")]
    [InlineData("""{"id":7,"channel":"whatsapp","sentAt":"2026-05-04T09:12:00Z","from":{"address":"a"},"text":"x"}""", "wrong-type", "/id")]
    [InlineData("""{"id":"1","channel":"whatsap","sentAt":"2026-05-04T09:12:00Z","from":{"address":"a"},"text":"x"}""", "unknown-value", "/channel")]
    [InlineData("""{"id":"1","channel":"whatsapp","sentAt":"yesterday","from":{"address":"a"},"text":"x"}""", "invalid-time", "/sentAt")]
    [InlineData("""{"id":"1","channel":"whatsapp","sentAt":"2026-05-04T09:12:00","from":{"address":"a"},"text":"x"}""", "invalid-time", "/sentAt")]
    [InlineData("""{"id":"1","channel":"whatsapp","sentAt":"2026-05-04T09:12:00Z","from":{"address":"a"}}""", "missing-field", "/text")]
    [InlineData("""{"id":"1","channel":"whatsapp","sentAt":"2026-05-04T09:12:00Z","from":{},"text":"x"}""", "missing-field", "/from/address")]
    [InlineData("""{"id":"1","channel":"whatsapp","sentAt":"2026-05-04T09:12:00Z","from":{"address":"a"},"txt":"x"}""", "unknown-field", "/txt")]
    [InlineData("""{"id":"1","channel":"whatsapp","sentAt":"2026-05-04T09:12:00Z","from":{"address":"a","as":"to"},"text":"x"}""", "unknown-field", "/from/as")]
    [InlineData("""{"id":"1","id":"2","channel":"whatsapp","sentAt":"2026-05-04T09:12:00Z","from":{"address":"a"},"text":"x"}""", "duplicate-field", "/id")]
    [InlineData("""{"id":"1","channel":"whatsapp","sentAt":"2026-05-04T09:12:00Z","from":{"address":"a"},"text":"\ud800"}""", "invalid-text", "/text")]
    [InlineData("""{"id":"1","channel":"whatsapp","sentAt":"2026-05-04T09:12:00Z","from":{"address":"a"},"text":"a\u0000b"}""", "invalid-text", "/text")]
    [InlineData("""{"id":"1","channel":"whatsapp","sentAt":"2026-05-04T09:12:00Z","from":{"address":"a"},"text":"x","to":[{"address":"b","as":"too"}]}""", "unknown-value", "/to/0/as")]
    [InlineData("""{"id":"1","channel":"email","sentAt":"2026-05-04T09:12:00Z","from":{"address":"a"},"attachments":[{"name":"a","content":"!!"}]}""", "invalid-content", "/attachments/0/content")]
    [InlineData("""{"id":"1","channel":"email","sentAt":"2026-05-04T09:12:00Z","from":{"address":"a"},"attachments":[{"name":"a","sizeBytes":-1}]}""", "wrong-type", "/attachments/0/sizeBytes")]
    [InlineData("""{"type":"consent","subject":"+49","purpose":"Marketing!","state":"granted","at":"2026-05-01T10:00:00Z"}""", "unknown-value", "/purpose")]
    [InlineData("""{"type":"consent","subject":"+49","purpose":"marketing","state":"given","at":"2026-05-01T10:00:00Z"}""", "unknown-value", "/state")]
    [InlineData("""{"type":"note"}""", "unknown-value", "/type")]
    public void Read_Mistake_NamesItsPlace(string json, string code, string pointer)
    {
        var line = Read(json);
        Assert.Null(line.Message);
        Assert.Null(line.Consent);
        Assert.Contains(line.Errors, e => e.Code == code && e.Pointer == pointer);
    }

    [Fact]
    public void Read_UnknownField_SuggestsTheNearest() =>
        Assert.Contains("`text`", Read(Minimal.Replace("\"text\"", "\"txt\"", StringComparison.Ordinal)).Errors.Single(e => e.Code == "unknown-field").Detail, StringComparison.Ordinal);

    [Fact]
    public void Read_SeveralMistakes_NamesThemAll()
    {
        var errors = Read("""{"channel":"fax","sentAt":3,"text":"x","colour":"red"}""").Errors;
        Assert.Equal(["/channel", "/colour", "/from", "/id", "/sentAt"], errors.Select(e => e.Pointer).Order());
    }

    [Fact]
    public void Read_InvalidUtf8_NamesTheByte()
    {
        var bytes = Encoding.UTF8.GetBytes(Minimal);
        bytes[40] = 0xFF;
        Assert.Equal("invalid-utf8", Assert.Single(CapturedMessageJson.Read(bytes).Errors).Code);
        Assert.Contains("40", CapturedMessageJson.Read(bytes).Errors[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TextOverTheLimit_IsRefusedAndAtTheLimitIsNot()
    {
        Assert.Equal("too-long", Read(Minimal.Replace("hello", new string('7', CapturedMessageJson.MaxTextLength + 1), StringComparison.Ordinal)).Errors[0].Code);
        Assert.NotNull(Read(Minimal.Replace("hello", new string('7', CapturedMessageJson.MaxTextLength), StringComparison.Ordinal)).Message);
    }

    [Fact]
    public void Read_ContentWithWrongHash_IsRefused()
    {
        var errors = Read("""{"id":"1","channel":"email","sentAt":"2026-05-04T09:12:00Z","from":{"address":"a"},"attachments":[{"name":"a","sha256":"0000000000000000000000000000000000000000000000000000000000000000","content":"aGk="}]}""").Errors;
        Assert.Equal("/attachments/0/sha256", Assert.Single(errors).Pointer);
    }

    [Fact]
    public void Read_Errors_RepeatNoValue()
    {
        var errors = Read("""{"id":"1","channel":"+4915112345678","sentAt":"4111111111111111","from":{"address":"a","role":"secret words"},"text":"x"}""").Errors;
        Assert.All(errors, e => Assert.DoesNotMatch("4915|4111|secret", e.Detail));
    }

    [Fact]
    public void Write_WhatWasRead_IsStable()
    {
        var first = CapturedMessageJson.Write(Read(Minimal).Message!);
        Assert.Equal(first, CapturedMessageJson.Write(CapturedMessageJson.Read(first).Message!));
    }

    [Fact]
    public void OpaqueId_Written_ReadsBack()
    {
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            var bytes = new byte[16];
            random.NextBytes(bytes);
            var id = OpaqueId.FromBytes(bytes);
            Assert.True(OpaqueId.TryParse(id.ToString(), out var back));
            Assert.Equal(id, back);
            Assert.Equal(bytes, back.ToBytes());
        }
        Assert.False(OpaqueId.TryParse("not an id", out _));
        Assert.False(OpaqueId.TryParse(new string('b', 26), out _));
    }

    [Theory]
    [InlineData("+44 20 7946 0000", "+442079460000")]
    [InlineData("0044 (20) 7946-0000", "+442079460000")]
    [InlineData(" A.Shah@Example.com ", "a.shah@example.com")]
    [InlineData("wx_id_7", "wx_id_7")]
    public void PersonKey_OneAddressTypedDifferently_IsOne(string typed, string key) => Assert.Equal(key, PersonKey.Of(typed));
}
