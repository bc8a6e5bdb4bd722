using FsCheck;
using FsCheck.Fluent;
using Surveillance.Detection;
using Surveillance.Detection.Pii;
using Surveillance.Messages;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Detection.Pii;

public sealed class PiiDetectorTests
{
    private static readonly PiiDetector Detector = new();

    [Fact]
    public void Types_OfThePacks_AreThoseThatRulesCanName() => Assert.Equal(PiiDetector.Types, PiiTypes.All.Select(t => t.Name));

    [Fact]
    public void Detect_EveryPart_IsRead()
    {
        using var message = new PreparedMessage(A.Message(
            "mail ines@example.org", subject: "card 4111 1111 1111 1111",
            attachments: [new Attachment("DE89370400440532013000.pdf", Text: "from 192.168.0.1"), new Attachment(null), new Attachment("a.pdf", Text: "see https://example.org/a")]));
        Assert.Equal(
            ["email in text", "payment-card in subject", "ip-address in attachments/0/text", "url in attachments/2/text"],
            Detector.Detect(message).Where(h => h.Part != "attachments/0/name").Select(h => $"{h.Type} in {h.Part ?? "text"}"));
    }

    [Fact]
    public void Detect_NameOfAttachment_IsRead()
    {
        using var message = new PreparedMessage(A.Message(null, attachments: [new Attachment("statement 4111-1111-1111-1111 .pdf")]));
        var hit = Assert.Single(Detector.Detect(message));
        Assert.Equal(("payment-card", "attachments/0/name", 10), (hit.Type, hit.Part, hit.Span.Start));
    }

    [Fact]
    public void Detect_ManyAttachments_NamesEachPart()
    {
        using var message = new PreparedMessage(A.Message(null, attachments: [.. Enumerable.Range(0, 40).Select(i => new Attachment(null, Text: $"ines{i}@example.org"))]));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"attachments/{i}/text"), Detector.Detect(message).Select(h => h.Part));
    }

    [Fact]
    public void Detect_NoWords_FindsNothing()
    {
        using var message = new PreparedMessage(A.Message(null));
        Assert.Empty(Detector.Detect(message));
    }

    [Fact]
    public void Detect_CardThatMayBeAPhone_KeepsTheOtherReading()
    {
        var hit = Assert.Single(Marked.Detect("+49 4111 1111 1111 11 or card 4111111111111111"), h => h.Type == "payment-card");
        Assert.True(hit.Validated);
        Assert.Equal(0.99, hit.Confidence);
    }

    [Fact]
    public void Detect_SpeltAddress_KeepsItsHostAsAnotherReading()
    {
        var hit = Assert.Single(Marked.Detect("write to joe(at)example.com"));
        Assert.Equal("email", hit.Type);
        Assert.Equal("url", Assert.Single(hit.Alternatives!).Type);
    }

    [Theory]
    [InlineData("good morning, see you at the desk tomorrow")]
    [InlineData("Could we move it to the other room? Room 12. It's on me: 2 coffees (large)...")]
    [InlineData("version 2.1.7 shipped, order 12345; 1,250 units @ 25.5 each, e.g. *now* [see below]")]
    [InlineData("明天见，下午3点在办公室。")]
    [InlineData("let me check order 12345678 and come back to you about the ticket, it was closed by the desk")]
    [InlineData("The 10Y is at 4.25, the 2Y at 4.10\nand the curve is 15 bp steeper than before, as we said")]
    public void Detect_MessageWithoutHits_AllocatesNothing(string text)
    {
        for (var n = 0; n < 3; n++)
        {
            using var other = new PreparedMessage(A.Message(text));
            Detector.Detect(other);
        }
        using var message = new PreparedMessage(A.Message(text)); // its first look counts
        var before = GC.GetAllocatedBytesForCurrentThread();
        var hits = Detector.Detect(message);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Empty(hits);
        Assert.Equal(0, bytes);
    }

    private static readonly string[] Pieces =
    [
        "\uFFFF",
        "4111 1111 1111 1111", "5555-5555-5555-4444", "4111111111111112", "DE89 3704 0044 0532 0130 00", "gb82west12345698765432", "ines@example.org", "joe [at] example [dot] com",
        "joe at example dot com", "https://example.org/a?b=1", "www.example.org", "example.com", "+44 7700 900123", "+1 415 555 0132", "07700 900123", "192.0.2.44", "2001:db8::1", "::",
        "•••• 1234", "**** **** **** 1234", "xxxx-1234", " ", " ", " ", "\n", "\r\n", ".", ",", ":", "-", "/", "(", ")", "+", "@", "[", "]", "#", "$", "x", "ext. 12", "0", "12", "2026-05-04", "10:30",
        "AB 12 34 56 C", "943 476 5919", "110ec58a-a0f2-4ac4-8393-c866d813b8d1", "@ines", "#q3", "12 May 2026", "05/04/2026", "Friday", "password: geh3im99", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJpbmVzIn0.c2lnbmF0dXJl", "-----BEGIN PRIVATE KEY-----", "postgres://a:b1@c.example", "she is pregnant", "Mr James Carter", "12 High Street", "send me your iban", "nhs", "dob", "pin", "code is",
        "card", "phone", "call", "order", "not", "iban", "ip", "is", "中文", "电话", "é", "\u200B", "１２３４", "\uD83D", "👍", "٤", "ﬁ", "DE", "a", "_",
    ];

    private static Arbitrary<string> Texts => Gen.ArrayOf(Gen.Elements(Pieces)).Select(p => string.Concat(p)).ToArbitrary();

    [Fact]
    public void Detect_AnyText_GivesDisjointHitsInOrderInsideIt() => Prop.ForAll(Texts, text =>
    {
        var end = 0;
        foreach (var hit in Marked.Detect(text))
        {
            Assert.True(hit.Span.Start >= end && hit.Span.End > hit.Span.Start && hit.Span.End <= text.Length);
            Assert.InRange(hit.Confidence, PiiDetector.LeastKept, 0.99);
            Assert.Equal(Math.Round(hit.Confidence, 2), hit.Confidence);
            Assert.DoesNotContain(hit.Alternatives ?? [], a => a.Type == hit.Type || a.Confidence > hit.Confidence);
            end = hit.Span.End;
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Detect_AnyTextTwice_GivesTheSame() => Prop.ForAll(Texts, text =>
        Assert.Equal(Marked.Detect(text).Select(Say), Marked.Detect(text).Select(Say))).QuickCheckThrowOnFailure();

    [Fact]
    public void Detect_TextWithInvisibleCharacters_FindsTheSameWords() => Prop.ForAll(Texts, text =>
    {
        // A zero-width space before every ASCII character must not hide anything.
        var spread = string.Concat(text.Select(c => c < 128 ? "\u200B" + c : c.ToString()));
        Assert.Equal(Words(text), Words(spread));

        static IEnumerable<string> Words(string text) => Marked.Detect(text).Select(h => h.Type + " " + text[h.Span.Start..h.Span.End].Replace("\u200B", "", StringComparison.Ordinal));
    }).QuickCheckThrowOnFailure();

    private static readonly string[] Between = [" ", " ", " ", ", ", ". ", "\n", "\r\n", "; ", " (", ") ", ": ", "，", "。", " - ", "中文", " is ", " and ", " card ", " order ", " phone ", " version ", " 12 ", " 2026-05-04 ", " 10:30 ", "\t", "\"", " <", "> ", " **** ", " @ ", " # ", " = ", "👍"];

    private static Arbitrary<string> Sentences => Gen.ArrayOf(Gen.Two(Gen.OneOf(Gen.Elements(Pieces), Generated))).Select(pairs => string.Concat(pairs.Select(p => p.Item1 + Between[(p.Item1.Length * 31 + p.Item2.Length) % Between.Length]))).ToArbitrary();

    /// <summary>Values with random digits, valid now and then.</summary>
    private static Gen<string> Generated => Gen.Elements("4### #### #### ####", "5###-####-####-####", "+447#########", "+1 4## 5## ####", "7#.1##.2##.3#", "DE## #### #### #### #### ##", "u##@mail##.example.com", "http://h##.example.org/##", "0#### ######", "##########")
        .SelectMany(shape => Gen.ArrayOf(Gen.Choose(0, 9), shape.Length).Select(digits => string.Concat(shape.Select((c, i) => c == '#' ? (char)('0' + digits[i]) : c))));

    /// <summary>What neither speaks against a value nor makes it part of a longer row.</summary>
    private static readonly string[] Neutral = [", ", "; ", "\n\n", " is ", " and ", " (", ") ", ": ", " then "];

    /// <summary>Values of every pack among words, and the digits of some of them changed.</summary>
    private static Arbitrary<string> PackValues => Gen.ArrayOf(Gen.Elements(PiiTypes.All.Where(t => t.Reader is null).SelectMany(t => t.Examples).ToArray()).SelectMany(v => Gen.Choose(0, 60).Select(n => (Item1: v, Item2: n))))
        .Select(pairs => string.Concat(pairs.Select(p => Neutral[p.Item2 % Neutral.Length] + (p.Item2 < 40 ? p.Item1 : p.Item1.Replace('3', '8'))))).ToArbitrary();

    [Fact]
    public void Detect_AnyValuesOfPacks_LosesNothingThatOnePatternEachFinds() => Prop.ForAll(PackValues, text =>
    {
        var plain = string.Concat(text.Where(c => c is '\n' or >= ' ' and < '\x7F'));
        var hits = Marked.Detect(plain);
        foreach (var slow in SlowPacks.Find(plain, 55))
        {
            // What overlaps it is likelier, or of the same type, or knows it as another reading.
            Assert.Contains(hits, h => h.Span.Start < slow.End && slow.Start < h.Span.End && (h.Type == slow.Type || h.Confidence >= 0.55 || (h.Alternatives?.Any(a => a.Type == slow.Type) ?? false)));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Detect_AnySentence_LosesNothingThatTheSlowTwinFinds() => Prop.ForAll(Sentences, text =>
    {
        var visible = text.Replace("\u200B", "", StringComparison.Ordinal); // the twin does not fold
        var lost = Lost(visible, Marked.Detect(visible)).ToArray();
        Assert.True(lost.Length == 0, string.Join("; ", lost));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    /// <summary>What the slow twin finds in a text and no hit accounts for.</summary>
    private static IEnumerable<string> Lost(string text, IReadOnlyList<PiiHit> hits) =>
        from slow in SlowPii.Find(text)
        where !text.Contains("not", StringComparison.Ordinal) || slow.Type != "phone"
        where !hits.Any(h => h.Span.Start < slow.End && slow.Start < h.Span.End && (h.Type == slow.Type || h.Confidence >= 0.75 || (h.Alternatives?.Any(a => a.Type == slow.Type) ?? false)))
        select $"{slow.Type} at {slow.Start} to {slow.End}";

    private static string Say(PiiHit hit) => $"{hit.Type} {hit.Span} {hit.Confidence} {hit.Validated} {hit.Masked} {string.Join(',', hit.Alternatives?.Select(a => a.ToString()) ?? [])}";

    public static TheoryData<string> HostilePieces() =>
    [
        ".", "1", "a.a", "@", "x", "1 ", "1.", "::", "1:", "a@", "*", "* 1 ", "http://", "http://a.co/(", "(", "[at]", "a at b dot c dot ", "a at b.com ", "a arroba b ", "a***@b.co ", "*@", "…@", "a dot ", "my code is ", "code 123456 ", "he has ", "mom's ", "b. 1.2.81 ", "send ", "+1 (", "4111 1111 ", "de89 3704 ", "1.1.1.1 ",
        "1-", "www.", "www.a.", " ", "\n", "+", "0 0", "xxx1", "a:b", "1/2/2020 ", "12 ", "123 ", "123456789 ", "A1 ", "AB 12 ", "aa:", "#a", "may 1 ", "my password is ", "he is gay ", "eyj", "-----begin private key-----", "postgres://a:b@", "0x1", "sk_live_", "Mr A ", "12 High Street ", "send card number ", "call 020 7946 0000 ", "\u200B1", "１", "中1", "中.a", "•• 1", "e\u0301",
    ];

    /// <summary>Shapes that would take a careless reader quadratic time, which is hours at this length; each takes well under a second here.</summary>
    [Theory(Timeout = 60_000)]
    [MemberData(nameof(HostilePieces))]
    public async Task Detect_HostileText_TakesLinearTime(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 400_000 / piece.Length));
        Assert.NotNull(await Task.Run(() => Marked.Detect(text), TestContext.Current.CancellationToken));
    }

    /// <summary>Many telephone numbers beside each other: looking at each pair of them would take minutes at this length.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData("0123456789 ")]
    [InlineData("+441234567890 ")]
    public async Task Detect_LongRowOfNumbers_TakesLinearTime(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 4_000_000 / piece.Length));
        Assert.NotNull(await Task.Run(() => Marked.Detect(text), TestContext.Current.CancellationToken));
    }
}
