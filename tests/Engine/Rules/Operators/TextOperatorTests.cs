using Surveillance.Detection;
using Surveillance.Messages;
using Surveillance.Rules;
using Surveillance.Tests;
using Surveillance.Text;

namespace Surveillance.Engine.Tests.Rules.Operators;

public sealed class TextOperatorTests
{
    private static string Lexicon(string options = "") => $$"""{ "lexicon": { "name": "invitations"{{options}} } }""";

    [Theory]
    [InlineData("""{ "phrase": "text me" }""", "please [text me] or [TEXT me]")]
    [InlineData("""{ "phrase": { "anyOf": ["text me", "call"] } }""", "[call] or [text me]")]
    [InlineData("""{ "phrase": { "anyOf": "promise", "stem": true } }""", "we [promised]")]
    [InlineData("""{ "lexicon": "invitations" }""", "[signed up]? [ping me] on my [personal WhatsApp]; [加我 微信]")]
    [InlineData("""{ "regex": "deal\\s+[A-Z]{2}[0-9]+" }""", "the [deal  ab12] is [Deal XY9]")]
    [InlineData("""{ "regex": { "pattern": "AB[0-9]", "caseSensitive": true } }""", "[AB1] ab2")]
    public void Words_ThatFit_AreEvidence(string when, string marked) =>
        Assert.Equal(marked, Judged.Mark(when, marked.Replace("[", "").Replace("]", "")));

    [Theory]
    [InlineData("""{ "phrase": "text me" }""", "text him")]
    [InlineData("""{ "lexicon": "invitations" }""", "the client signed the form")]
    [InlineData("""{ "regex": "^deal" }""", "a deal")]
    [InlineData("""{ "regex": { "pattern": "AB[0-9]", "caseSensitive": true } }""", "ab2")]
    public void Words_ThatDoNotFit_AreNoMatch(string when, string text) => Assert.Equal(Truth.NotMatched, Judged.By(when, A.Message(text)).State);

    [Theory]
    [InlineData("text me, ping me", 2, true)]
    [InlineData("text me, text me", 2, false)]
    [InlineData("text me; signed up; personal whatsapp", 3, true)]
    public void Lexicon_Distinct_CountsDifferentPhrases(string text, int distinct, bool matched)
    {
        var (state, why) = Judged.By(Lexicon($", \"distinct\": {distinct}"), A.Message(text));

        Assert.Equal(matched, state == Truth.Matched);
        Assert.Equal($"at least {distinct}", why.Proof.When.Threshold);
    }

    [Fact]
    public void Lexicon_Proof_NamesPhrasesByNumber() =>
        Assert.Equal("phrase 2 and 4 of invitations", Judged.By(Lexicon(), A.Message("ping me on the personal whatsapp, ping me")).Why.Proof.When.Note);

    [Theory]
    [InlineData("phrase")]
    [InlineData("lexicon")]
    [InlineData("regex")]
    public void Zones_ChooseWhereToLook(string @operator)
    {
        var message = A.Message("good morning", subject: "text me", attachments: [new Attachment("text me.txt", Text: "please text me")]);

        Assert.Equal([], Parts(message, ""));
        Assert.Equal(["subject 0-7"], Parts(message, """, "zones": ["subject"] """));
        Assert.Equal(["attachments/0/name 0-7", "attachments/0/text 7-14"], Parts(message, """, "zones": ["attachmentName", "attachmentText"] """));
        Assert.Equal(["attachments/0/name 0-7", "attachments/0/text 7-14", "subject 0-7"], Parts(message, """, "zones": ["all"] """));

        IEnumerable<string> Parts(CapturedMessage m, string zones)
        {
            var what = @operator switch { "phrase" => "\"anyOf\": \"text me\"", "lexicon" => "\"name\": \"invitations\"", _ => "\"pattern\": \"text me\"" };
            return Judged.By($$"""{ "{{@operator}}": { {{what}}{{zones}} } }""", m).Why.Evidence.Select(e => $"{e.Part} {e.Span.Start}-{e.Span.End}");
        }
    }

    [Fact]
    public void Zones_QuotedWords_CountOnlyWhereAsked()
    {
        var mail = A.Message("Fine.\n\nOn Mon, 4 May 2026 at 09:12, C. Vogel wrote:\n> please text me\n", channel: Channel.Email);

        Assert.Equal(Truth.NotMatched, Judged.By("""{ "phrase": "text me" }""", mail).State);
        Assert.Equal(Truth.NotMatched, Judged.By("""{ "regex": "text me" }""", mail).State);
        Assert.Equal(Truth.Matched, Judged.By("""{ "phrase": { "anyOf": "text me", "zones": ["quoted"] } }""", mail).State);
        Assert.Equal(Truth.Matched, Judged.By("""{ "regex": { "pattern": "text me", "zones": ["authored", "quoted"] } }""", mail).State);
    }

    [Theory]
    [InlineData("text me on my whatsapp", 3, true)]
    [InlineData("text me on my old whatsapp", 3, false)]
    [InlineData("whatsapp or text me", 2, true)]
    [InlineData("whatsapp, for once, text me", 2, false)]
    [InlineData("text me, extraordinarily-long-words whatsapp", 4, true)]
    [InlineData("text me. Whatsapp", 1, true)]
    [InlineData("text me w h a t s a p p", 1, true)]
    public void Near_CountsWords(string text, int words, bool matched)
    {
        var (state, why) = Judged.By($$"""{ "near": { "first": { "phrase": "text me" }, "second": { "phrase": "whatsapp" }, "words": {{words}} } }""", A.Message(text));

        Assert.Equal(matched, state == Truth.Matched);
        Assert.EndsWith("apart", why.Proof.When.Value);
        Assert.Equal(matched ? 2 : 0, why.Evidence.Count);
    }

    [Theory]
    [InlineData("text me via whatsapp", true)]
    [InlineData("whatsapp, text me", false)]
    public void Near_Ordered_WantsTheFirstFirst(string text, bool matched) => Assert.Equal(
        matched, Judged.By("""{ "near": { "first": { "phrase": "text me" }, "second": { "phrase": "whatsapp" }, "words": 5, "ordered": true } }""", A.Message(text)).State == Truth.Matched);

    [Theory]
    [InlineData("text me on whatsapp.", true)]
    [InlineData("text me. I am on whatsapp.", false)]
    [InlineData("Call. text me! whatsapp works, text me", true)]
    public void Near_SameSentence_EndsAtTheSentence(string text, bool matched) => Assert.Equal(
        matched, Judged.By("""{ "near": { "first": { "phrase": "text me" }, "second": { "phrase": "whatsapp" }, "words": 9, "sameSentence": true } }""", A.Message(text)).State == Truth.Matched);

    [Theory]
    [InlineData("""{ "phrase": "free" }""", """{ "phrase": "free offer" }""", "a free offer", false)]
    [InlineData("""{ "phrase": "free" }""", """{ "phrase": "free offer" }""", "free, a free offer", true)]
    [InlineData("""{ "phrase": "free" }""", """{ "phrase": "free" }""", "free", false)]
    [InlineData("""{ "phrase": "free" }""", """{ "phrase": "free" }""", "free free", true)]
    public void Near_OverlappingPlaces_AreNoPair(string first, string second, string text, bool matched) => Assert.Equal(
        matched, Judged.By($$"""{ "near": { "first": {{first}}, "second": {{second}}, "words": 5 } }""", A.Message(text)).State == Truth.Matched);

    [Fact]
    public void Near_PlacesInTwoZones_AreNoPair()
    {
        var mail = A.Message("text me\n\nOn Mon, 4 May 2026 at 09:12, C. Vogel wrote:\n> whatsapp works\n", channel: Channel.Email);
        const string when = """{ "near": { "first": { "phrase": "text me" }, "second": { "phrase": { "anyOf": "whatsapp", "zones": ["all"] } }, "words": 100 } }""";

        Assert.Equal(Truth.NotMatched, Judged.By(when, mail).State);
        Assert.Equal(Truth.NotMatched, Judged.By(when, A.Message("text me", subject: "whatsapp")).State);
    }

    [Theory]
    [InlineData("my private number is [+49 151 1234]", true)]
    [InlineData("[+49 151 1234] private", true)]
    [InlineData("my private house, and the number of the office which never closes is [+49 151 1234]", false)]
    public void Near_PiiAndRegex_ArePlacedByTheirWords(string marked, bool matched)
    {
        var (text, hits) = Judged.Pii(marked);

        foreach (var second in new[] { """{ "phrase": "private" }""", """{ "regex": "priv[a-z]+" }""" })
        {
            Assert.Equal(matched, Judged.By($$"""{ "near": { "first": { "pii": "phone" }, "second": {{second}}, "words": 4 } }""", A.Message(text), hits).State == Truth.Matched);
        }
    }

    [Fact]
    public void Near_RandomTexts_EqualsTheSlowTwin()
    {
        var random = new Random(5);
        string[] words = ["red", "blue", "x", "y.", "z\n", "red blue"];
        for (var round = 0; round < 300; round++)
        {
            var text = string.Join(' ', Enumerable.Range(0, random.Next(1, 30)).Select(_ => words[random.Next(words.Length)]));
            var (limit, ordered, sameSentence) = (random.Next(1, 6), random.Next(2) == 0, random.Next(2) == 0);
            var prepared = PreparedText.Of(text);
            int[] Places(string word) => [.. Enumerable.Range(0, prepared.Tokens.Length).Where(i => prepared.Folded[prepared.Tokens[i].Start..prepared.Tokens[i].End].SequenceEqual(word))];
            var expected = Places("red").Any(a => Places("blue").Any(b =>
                (ordered ? b - a : Math.Abs(b - a)) is var distance && distance >= 1 && distance <= limit && (!sameSentence || prepared.SameSentence(a, b))));
            var when = $$"""{ "near": { "first": { "phrase": "red" }, "second": { "phrase": "blue" }, "words": {{limit}}, "ordered": {{(ordered ? "true" : "false")}}, "sameSentence": {{(sameSentence ? "true" : "false")}} } }""";

            Assert.Equal(expected, Judged.By(when, A.Message(text)).State == Truth.Matched);
        }
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(", \"minConfidence\": 0.95", false)]
    [InlineData(", \"validated\": true", true)]
    [InlineData(", \"validated\": false", false)]
    [InlineData(", \"masked\": true", false)]
    [InlineData(", \"count\": 2", true)]
    [InlineData(", \"count\": 3", false)]
    [InlineData(", \"distinct\": 2", false)]
    [InlineData(", \"zones\": [\"subject\"]", false)]
    public void Pii_OptionsChooseWhatCounts(string options, bool matched)
    {
        var (text, hits) = Judged.Pii("card [4111 1111 1111 1111] again [4111-1111-1111-1111]", "payment-card", validated: true);

        Assert.Equal(matched, Judged.By($$"""{ "pii": { "types": ["payment-card", "iban"]{{options}} } }""", A.Message(text), hits).State == Truth.Matched);
    }

    [Theory]
    [InlineData("""{ "category": "financial" }""", false, true)]
    [InlineData("""{ "category": ["health", "financial"] }""", false, true)]
    [InlineData("""{ "category": "health", "types": "payment-card" }""", false, true)]
    [InlineData("""{ "category": "health" }""", false, false)]
    [InlineData("""{ "category": "financial" }""", true, false)]
    [InlineData("""{ "category": "financial", "solicited": true }""", true, true)]
    [InlineData("""{ "category": "financial", "solicited": true }""", false, false)]
    public void Pii_CategoryAndRequest_ChooseWhatCounts(string condition, bool solicited, bool matched)
    {
        var hits = new MessageHits { Pii = [new PiiHit("payment-card", new TextSpan(0, 4), solicited ? 0.4 : 0.9, Solicited: solicited)] };

        Assert.Equal(matched, Judged.By($$"""{ "pii": {{condition}} }""", A.Message("card"), hits).State == Truth.Matched);
    }

    [Fact]
    public void Pii_OtherType_IsNoMatch() => Assert.Equal(Truth.NotMatched, Judged.By("""{ "pii": "iban" }""", A.Message("x"), Judged.Pii("[x]").Hits).State);

    [Fact]
    public void Pii_InSubject_CountsWhereAsked()
    {
        var hits = new MessageHits { Pii = [new PiiHit("phone", new TextSpan(0, 4), 0.9, "subject")] };
        var message = A.Message("hello", subject: "1234");

        Assert.Equal(Truth.NotMatched, Judged.By("""{ "pii": "phone" }""", message, hits).State);
        Assert.Equal("subject", Assert.Single(Judged.By("""{ "pii": { "types": "phone", "zones": ["subject"] } }""", message, hits).Why.Evidence).Part);
    }

    [Theory]
    [InlineData(0.8, Truth.Matched)]
    [InlineData(0.79, Truth.NotMatched)]
    [InlineData(null, Truth.NotEvaluated)]
    public void Classifier_ComparesItsScore(double? score, Truth expected)
    {
        var (state, why) = Judged.By("""{ "classifier": { "name": "marketing", "atLeast": 0.8 } }""", A.Message(), Judged.Score(score));

        Assert.Equal(expected, state);
        Assert.Equal("at least 0.8", why.Proof.When.Threshold);
    }

    [Fact]
    public void Evidence_OfManyPlaces_IsCappedAndMarked()
    {
        var (_, why) = Judged.By("""{ "phrase": "spam" }""", A.Message(string.Concat(Enumerable.Repeat("spam ", 1000))));

        Assert.Equal(Evidence.Most, why.Evidence.Count);
        Assert.True(why.EvidenceTruncated);
        Assert.Equal(why.Evidence.Order(), why.Evidence);
    }
}
