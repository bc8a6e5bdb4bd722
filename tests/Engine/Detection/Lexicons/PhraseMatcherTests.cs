using Surveillance.Detection.Lexicons;
using Surveillance.Text;

namespace Surveillance.Engine.Tests.Detection.Lexicons;

public sealed class PhraseMatcherTests
{
    private static PhrasePattern Pattern(string text, bool stem = false) =>
        PhrasePattern.TryParse(text, stem, out var pattern, out var problem) ? pattern : throw new ArgumentException(problem);

    /// <summary>The text with each hit in brackets; hits of one phrase never overlap in these tests.</summary>
    private static string Mark(PhrasePattern pattern, string text)
    {
        var prepared = PreparedText.Of(text);
        var hits = new PhraseHits();
        new PhraseMatcher([pattern]).Match(prepared, 0, hits);
        hits.Sort();
        foreach (var hit in hits.All.ToArray().Reverse())
        {
            var span = prepared.SpanOfTokens(hit.First, hit.Last);
            text = text.Insert(span.End, "]").Insert(span.Start, "[");
        }
        return text;
    }

    [Theory]
    [InlineData("text me", "please [text me] later")]
    [InlineData("text me", "TEXT ME" + " now", "[TEXT ME] now")]
    [InlineData("text me", "[text, me]!")]
    [InlineData("text me", "[text\nme]")]
    [InlineData("don't tell", "[dont tell] anyone, [don’t tell] him")]
    [InlineData("guaranteed", "[ｇｕａｒａｎｔｅｅｄ] and [guaran\u200Bteed] and [guárânteed]")]
    [InlineData("whatsapp", "on [wh@tsapp] or [w h a t s a p p] or [w.h.a.t.s.a.p.p]")]
    [InlineData("risk free", "[r1sk fr33] and [r i s k free] and [risk-free]")]
    [InlineData("加我微信", "请[加我微信]吧，或者[加 我 微 信]")]
    [InlineData("off channel 加我", "go [off channel 加我]好友")]
    [InlineData("unsubscrib*", "to [unsubscribe], [unsubscribing] or [UNSUBSCRIB]")]
    [InlineData("delet* the chat", "[deleting the chat], [deleted the chat]")]
    public void Match_PhraseInText_MarksIt(string phrase, string marked, string? expected = null)
    {
        expected ??= marked;
        Assert.Equal(expected, Mark(Pattern(phrase), expected.Replace("[", "").Replace("]", "")));
    }

    [Theory]
    [InlineData("text me", "context me")]
    [InlineData("text me", "text meh")]
    [InlineData("text me", "text him, me too")]
    [InlineData("text me", "me text")]
    [InlineData("unsubscrib*", "subscribe")]
    [InlineData("sign up", "signed up")]
    [InlineData("加我微信", "加我的微信")]
    public void Match_OtherWords_MarksNothing(string phrase, string text) => Assert.Equal(text, Mark(Pattern(phrase), text));

    [Theory]
    [InlineData("sign up", "[signed up], [signing up], [signs up], sign ups")]
    [InlineData("promise", "I [promised]; he [promises]; [promising]")]
    [InlineData("guaranteed profit", "we [guarantee profits] and [guaranteeing a] no", "we [guarantee profits] and guaranteeing a no")]
    [InlineData("delete the messages", "[deleting the message]")]
    [InlineData("promise", "a [pr0mise] and the [p r o m i s e]")]
    public void Match_StemmedPhrase_MarksOtherEndings(string phrase, string marked, string? expected = null)
    {
        expected ??= marked;
        Assert.Equal(expected, Mark(Pattern(phrase, stem: true), expected.Replace("[", "").Replace("]", "")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("—!")]
    [InlineData("*")]
    [InlineData("ab*")]
    [InlineData("微信*")]
    [InlineData("te*xt")]
    [InlineData("text *me")]
    [InlineData("text**")]
    public void TryParse_PhraseThatCannotMatch_SaysWhy(string phrase)
    {
        Assert.False(PhrasePattern.TryParse(phrase, false, out var pattern, out var problem));
        Assert.Null(pattern);
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void Match_RandomTexts_EqualsTheSlowTwin()
    {
        var random = new Random(20260504);
        string[] words =
        [
            "risk", "risks", "risking", "risked", "r1sk", "free", "fr33", "freely", "don't", "dont", "sign", "signed", "signing", "up", "ups", "the", "a", "w", "h", "t",
            "w h a t", "w.h.a.t", "what", "gu@r4nteed", "guaranteed", "guarantee", "无", "风", "险", "无风险", "promise", "promises", "401k", "@ll", "all", "tel", "tell", "telling",
        ];
        for (var round = 0; round < 400; round++)
        {
            var patterns = Enumerable.Range(0, random.Next(1, 40)).Select(_ => RandomPhrase()).OfType<PhrasePattern>().DistinctBy(p => p.Key).ToList();
            var text = PreparedText.Of(string.Join(random.Next(4) switch { 0 => ", ", 1 => "\n", _ => " " }, Enumerable.Range(0, random.Next(0, 60)).Select(_ => words[random.Next(words.Length)])));
            var hits = new PhraseHits();
            new PhraseMatcher(patterns).Match(text, 3, hits);
            hits.Sort();
            Assert.Equal(SlowPhraseMatcher.Match(patterns, text, 3).Order(), hits.All.ToArray());
        }

        PhrasePattern? RandomPhrase()
        {
            var phrase = string.Join(' ', Enumerable.Range(0, random.Next(1, 4)).Select(_ => words[random.Next(words.Length)] + (random.Next(5) == 0 ? "*" : "")));
            return PhrasePattern.TryParse(phrase, random.Next(2) == 0, out var pattern, out _) ? pattern : null;
        }
    }

    [Fact]
    public void Match_TextWithoutAnchors_AllocatesNothing()
    {
        var matcher = new PhraseMatcher([.. Enumerable.Range(0, 5000).Select(i => Pattern($"zq{i} deal", stem: i % 2 == 0)), Pattern("unsubscrib*")]);
        var text = PreparedText.Of("Good morning, the meeting moved to four; bring the signed forms please.");
        var hits = new PhraseHits();
        matcher.Match(text, 0, hits);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            hits.Clear();
            matcher.Match(text, 0, hits);
            hits.Sort();
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(hits.All.IsEmpty);
    }

    [Fact]
    public void Sort_ManyPhrases_GivesRunsInOrder()
    {
        var hits = new PhraseHits();
        hits.Add(new PhraseHit(7, 0, 4, 5));
        hits.Add(new PhraseHit(2, 1, 0, 0));
        hits.Add(new PhraseHit(7, 0, 1, 2));
        hits.Add(new PhraseHit(7, 0, 1, 2));
        hits.Sort();
        Assert.Equal(2, hits.PhraseCount);
        Assert.Equal((2, 7), (hits.PhraseAt(0), hits.PhraseAt(1)));
        Assert.Equal([new PhraseHit(7, 0, 1, 2), new PhraseHit(7, 0, 4, 5)], hits.HitsAt(1).ToArray());
    }
}
