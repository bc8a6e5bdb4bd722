using System.Globalization;
using System.Text.Json;
using Surveillance.Consent;
using Surveillance.Detection;
using Surveillance.Engine.Tests.Rules.Operators;
using Surveillance.Evaluation;
using Surveillance.Messages;
using Surveillance.Rules;
using Surveillance.Rules.Source;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Evaluation;

public sealed class EvaluatorTests
{
    private static readonly IConsentView NoConsent = new ConsentLedger(Judged.Ids.Person).At(0);

    private static EvaluationResult Evaluate(Revision revision, CapturedMessage message, MessageHits? hits = null)
    {
        using var prepared = new PreparedMessage(message);
        return Evaluator.Evaluate(prepared, hits ?? MessageHits.None, 1, EmptyConversation.Instance, NoConsent, revision);
    }

    private static Revision Revision(params SourceFile[] rules) => new(Judged.Book(rules), DetectorSet.Empty);

    private static IEnumerable<SourceFile> LexiconRules(int count) =>
        Enumerable.Range(0, count).Select(i => Judged.RuleFile($$"""{ "phrase": "zq{{i}} offer" }""", id: "rule-" + i.ToString("d5", CultureInfo.InvariantCulture)));

    [Fact]
    public void Evaluate_SeveralRules_MatchInOrderOfTheirIds()
    {
        var revision = Revision(
            Judged.RuleFile("""{ "direction": "outbound" }""", id: "z"), Judged.RuleFile("""{ "phrase": "text me" }""", id: "m"),
            Judged.RuleFile("""{ "any": [ { "phrase": "text" }, { "lexicon": "invitations" } ] }""", id: "a"), Judged.RuleFile("""{ "phrase": "absent" }""", id: "b"));

        Assert.Equal(["a", "m", "z"], Evaluate(revision, A.Message("text me")).Matches.Select(m => m.Rule.Id));
    }

    [Fact]
    public void Evaluate_Twice_GivesTheSameBytes()
    {
        var revision = Revision(Judged.RuleFile("""{ "all": [ { "lexicon": "invitations" }, { "consent": { "purpose": "marketing", "state": "none" } } ] }"""));
        var again = Revision(Judged.RuleFile("""{ "all": [ { "lexicon": "invitations" }, { "consent": { "purpose": "marketing", "state": "none" } } ] }"""));
        var message = A.Message("text me, text me", id: "m");

        var bytes = Bytes(revision);
        Assert.Equal(bytes, Bytes(again));
        Parallel.For(0, 50, _ => Assert.Equal(bytes, Bytes(revision)));

        string Bytes(Revision by) => JsonSerializer.Serialize(Evaluate(by, message).Matches.Select(m => new { m.Evidence, m.EvidenceKey, m.Proof }));
    }

    [Fact]
    public void EvidenceKey_SameEvidenceElsewhere_Differs()
    {
        var revision = Revision(Judged.RuleFile("""{ "lexicon": "invitations" }""", id: "a"), Judged.RuleFile("""{ "any": [ { "lexicon": "invitations" }, { "phrase": "absent" } ] }""", id: "b"));
        string Key(CapturedMessage message, int rule = 0) => Evaluate(revision, message).Matches[rule].EvidenceKey;

        var key = Key(A.Message("text me", id: "m"));
        Assert.Matches("^[0-9a-f]{64}$", key);
        Assert.Equal(key, Key(A.Message("text me again", id: "m")));
        Assert.NotEqual(key, Key(A.Message("text me", id: "n")));
        Assert.NotEqual(key, Key(A.Message("text me", id: "m", account: "other")));
        Assert.NotEqual(key, Key(A.Message(" text me", id: "m")));
        Assert.NotEqual(key, Key(A.Message("text me, text me", id: "m")));
        Assert.NotEqual(key, Key(A.Message("text me", id: "m"), rule: 1));
    }

    [Fact]
    public void EvidenceKey_OtherPointers_IsTheSame()
    {
        var plain = Revision(Judged.RuleFile("""{ "phrase": "text me" }"""));
        var nested = Revision(Judged.RuleFile("""{ "any": [ { "phrase": "text me" }, { "phrase": { "anyOf": ["text me", "call"] } } ] }"""));

        Assert.Equal(Evaluate(plain, A.Message("text me", id: "m")).Matches[0].EvidenceKey, Evaluate(nested, A.Message("text me", id: "m")).Matches[0].EvidenceKey);
    }

    [Fact]
    public void Proof_HoldsNoWordsOfTheMessage()
    {
        var revision = Revision(Judged.RuleFile("""
            { "all": [ { "regex": "secret[a-z]+" }, { "near": { "first": { "pii": "phone" }, "second": { "lexicon": "invitations" }, "words": 9 } },
                       { "consent": { "purpose": "marketing", "state": "none" } }, { "attachment": { "name": "*.doc" } }, { "participants": { "side": "to", "role": "client" } } ] }
            """));
        var (text, hits) = Judged.Pii("text me on [+49 151 555 1234], secretword");
        var message = A.Message(text, to: [new Participant("vogel@mail.example", Role.Client, "Vogel")], attachments: [new Attachment("hidden.doc")]);

        var proof = JsonSerializer.Serialize(Assert.Single(Evaluate(revision, message, hits).Matches).Proof);

        Assert.All(["text me", "555", "secretword", "vogel", "Vogel", "hidden", "+4420"], words => Assert.DoesNotContain(words, proof));
    }

    [Fact]
    public void Evaluate_ManyRules_JudgesOnlyCandidates()
    {
        var few = Revision([.. LexiconRules(10)]);
        var many = Revision([.. LexiconRules(3_000)]);

        Assert.Equal(0, Evaluate(many, A.Message("an ordinary message about an offer")).Candidates);
        Assert.Equal(1, Evaluate(few, A.Message("a zq7 offer")).Candidates);
        var result = Evaluate(many, A.Message("a zq7 offer and zq8 offers, zq2999 offer"));
        Assert.Equal(2, result.Candidates);
        Assert.Equal(["rule-00007", "rule-02999"], result.Matches.Select(m => m.Rule.Id));
    }

    [Fact]
    public void Evaluate_RulesWithoutWords_AreCandidatesByTheirAttributes()
    {
        var revision = Revision(
        [
            .. Enumerable.Range(0, 200).Select(i => Judged.RuleFile(
                $$"""{ "all": [ { "channel": "{{(i % 2 == 0 ? "email" : "whatsapp")}}" }, { "direction": "{{(i % 3 == 0 ? "inbound" : "outbound")}}" }, { "attachment": {} } ] }""", id: "rule-" + i)),
        ]);

        Assert.Equal(Enumerable.Range(0, 200).Count(i => i % 2 == 1 && i % 3 != 0), Evaluate(revision, A.Message()).Candidates);
        Assert.Equal(0, Evaluate(revision, A.Message(channel: Channel.Slack)).Candidates);
    }

    [Theory]
    [InlineData("""{ "classifier": { "name": "marketing", "atLeast": 0.8 } }""", 0.7, 0)]
    [InlineData("""{ "classifier": { "name": "marketing", "atLeast": 0.8 } }""", 0.8, 1)]
    [InlineData("""{ "classifier": { "name": "marketing", "atLeast": 0.8 } }""", null, 1)]
    [InlineData("""{ "any": [ { "classifier": { "name": "marketing", "atLeast": 0.8 } }, { "phrase": "good" } ] }""", 0.1, 1)]
    [InlineData("""{ "all": [ { "classifier": { "name": "marketing", "atLeast": 0.8 } }, { "phrase": "absent" } ] }""", 0.9, 0)]
    [InlineData("""{ "atLeast": { "count": 2, "of": [ { "phrase": "absent" }, { "phrase": "good" }, { "direction": "outbound" } ] } }""", null, 1)]
    [InlineData("""{ "atLeast": { "count": 2, "of": [ { "phrase": "absent" }, { "phrase": "gone" }, { "direction": "outbound" } ] } }""", null, 0)]
    public void Evaluate_NecessaryKey_DecidesTheCandidates(string when, double? score, int candidates) =>
        Assert.Equal(candidates, Evaluate(Revision(Judged.RuleFile(when)), A.Message("good morning"), Judged.Score(score)).Candidates);

    [Fact]
    public void Evaluate_MessageWithoutCandidates_AllocatesNothing()
    {
        var revision = Revision([.. LexiconRules(500)]);
        using var prepared = new PreparedMessage(A.Message("Good morning, the meeting moved to four; bring the signed forms please."));
        for (var i = 0; i < 200; i++)
        {
            _ = Evaluator.Evaluate(prepared, MessageHits.None, 1, EmptyConversation.Instance, NoConsent, revision);
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            _ = Evaluator.Evaluate(prepared, MessageHits.None, 1, EmptyConversation.Instance, NoConsent, revision);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Evaluate_HostileTexts_FinishAndCapTheirEvidence()
    {
        var revision = Revision(
            Judged.RuleFile("""{ "near": { "first": { "phrase": "a" }, "second": { "phrase": "a a" }, "words": 200, "sameSentence": true } }""", id: "n"),
            Judged.RuleFile("""{ "regex": "(a+ ?)+b" }""", id: "x"), Judged.RuleFile("""{ "regex": "[0-9]{13,19}" }""", id: "d"), Judged.RuleFile("""{ "lexicon": "invitations" }""", id: "l"));

        foreach (var text in new[] { string.Concat(Enumerable.Repeat("a ", 100_000)), new string('7', 1_000_000), string.Concat(Enumerable.Repeat("t e x t m e ", 50_000)), new string('\u0301', 100_000) })
        {
            Assert.All(Evaluate(revision, A.Message(text)).Matches, m => Assert.InRange(m.Evidence.Count, 0, Evidence.Most));
        }
    }

    [Fact]
    public void Id_OfARevision_ChangesWithRulesAndModels()
    {
        var rules = Judged.Book(Judged.RuleFile("""{ "phrase": "text me" }"""));
        var id = new Revision(rules, DetectorSet.Empty).Id;

        Assert.Matches("^[0-9a-f]{64}$", id);
        Assert.Equal(id, new Revision(Judged.Book(Judged.RuleFile("""{   "phrase": "text me" }""")), DetectorSet.Empty).Id);
        Assert.NotEqual(id, Revision(Judged.RuleFile("""{ "phrase": "text you" }""")).Id);
        Assert.NotEqual(id, new Revision(rules, WithModel("h1")).Id);
        Assert.NotEqual(new Revision(rules, WithModel("h2")).Id, new Revision(rules, WithModel("h1")).Id);

        static DetectorSet WithModel(string hash) => new(new Surveillance.Detection.Pii.PiiDetector(), [new Fixed("marketing", hash)], null);
    }

    [Theory]
    [InlineData("""{ "phrase": "x y" }""", false, 0)]
    [InlineData("""{ "insideServiceWindow": {} }""", true, 24)]
    [InlineData("""{ "any": [ { "phrase": "x y" }, { "none": [ { "sequence": { "first": { "insideServiceWindow": { "within": "2h" } }, "then": { "phrase": "z" }, "within": "48h" } } ] } ] }""", true, 50)]
    public void ConversationReach_IsTheLongestLookBack(string when, bool looks, int hours)
    {
        var revision = Revision(Judged.RuleFile(when));

        Assert.Equal((looks, TimeSpan.FromHours(hours)), (revision.LooksAtConversations, revision.ConversationReach));
    }

    private sealed record Fixed(string Name, string Hash) : ITextClassifier
    {
        public double Score(PreparedMessage message) => 0.5;
    }
}
