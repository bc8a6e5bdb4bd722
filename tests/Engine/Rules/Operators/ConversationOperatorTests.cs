using Surveillance.Consent;
using Surveillance.Detection;
using Surveillance.Evaluation;
using Surveillance.Messages;
using Surveillance.Rules;
using Surveillance.Tests;
using Surveillance.Text;

namespace Surveillance.Engine.Tests.Rules.Operators;

public sealed class ConversationOperatorTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private static CapturedMessage At(double hours, string text = "hello", Direction direction = Direction.Inbound, MessageKind kind = MessageKind.Text, Participant? from = null) =>
        A.Message(text, sentAt: Now.AddHours(hours), direction: direction, kind: kind, from: from);

    [Theory]
    [InlineData(-1, true, Truth.Matched)]
    [InlineData(-24, true, Truth.Matched)]
    [InlineData(-24.001, true, Truth.NotMatched)]
    [InlineData(-24.001, false, Truth.NotMatched)]
    public void InsideServiceWindow_LooksBackSoFar(double hours, bool complete, Truth expected) => Assert.Equal(
        expected, Judged.By("""{ "insideServiceWindow": { "within": "24h" } }""", At(0, direction: Direction.Outbound), before: Judged.Before(complete, At(hours))).State);

    [Fact]
    public void InsideServiceWindow_OldestEntryIsNotOldEnough_IsNotEvaluatedUnlessComplete()
    {
        var ours = At(-2, direction: Direction.Outbound);

        Assert.Equal(Truth.NotEvaluated, Judged.By("""{ "insideServiceWindow": {} }""", At(0), before: Judged.Before(false, ours)).State);
        Assert.Equal(Truth.NotMatched, Judged.By("""{ "insideServiceWindow": {} }""", At(0), before: Judged.Before(true, ours)).State);
        Assert.Equal(Truth.NotEvaluated, Judged.By("""{ "insideServiceWindow": {} }""", At(0), before: Judged.Before(false)).State);
    }

    [Fact]
    public void InsideServiceWindow_StatusOfAMessage_IsNotTheClientWriting() =>
        Assert.Equal(Truth.NotMatched, Judged.By("""{ "insideServiceWindow": {} }""", At(0), before: Judged.Before(true, At(-1, kind: MessageKind.Status))).State);

    private static string Sequence(string by = "any", string within = "24h", string first = """{ "phrase": "delete this" }""") =>
        $$"""{ "sequence": { "first": {{first}}, "then": { "phrase": "done" }, "within": "{{within}}", "by": "{{by}}" } }""";

    [Theory]
    [InlineData(-1, "delete this", "done", Truth.Matched)]
    [InlineData(-24, "delete this", "done", Truth.Matched)]
    [InlineData(-25, "delete this", "done", Truth.NotMatched)]
    [InlineData(-1, "keep this", "done", Truth.NotMatched)]
    [InlineData(-1, "delete this", "later", Truth.NotMatched)]
    public void Sequence_FirstThenSecond(double hours, string first, string then, Truth expected) =>
        Assert.Equal(expected, Judged.By(Sequence(), At(0, then), before: Judged.Before(true, At(hours, first), At(-0.5))).State);

    [Theory]
    [InlineData("any", "other", true)]
    [InlineData("same", "other", false)]
    [InlineData("other", "other", true)]
    [InlineData("same", "same", true)]
    [InlineData("other", "same", false)]
    public void Sequence_By_LooksAtTheSender(string by, string sender, bool matched)
    {
        var earlier = At(-1, "delete this", from: new Participant(sender == "same" ? "+49 151 12345678" : "+442079460000"));

        Assert.Equal(matched, Judged.By(Sequence(by), At(0, "done"), before: Judged.Before(true, earlier)).State == Truth.Matched);
    }

    [Fact]
    public void Sequence_Evidence_NamesTheEarlierMessage()
    {
        var earlier = At(-1, "please delete this");
        var (_, why) = Judged.By(Sequence(), At(0, "done"), before: Judged.Before(true, At(-2, "delete this"), earlier, At(-0.5)));

        Assert.Equal(
            [new Evidence(new TextSpan(0, 4), null, "/when/sequence/then"), new Evidence(new TextSpan(7, 18), null, "/when/sequence/first", earlier.Id, 2)],
            why.Evidence);
        Assert.Equal("60 minutes before", why.Proof.When.Value);
    }

    [Fact]
    public void Sequence_EarlierMessagesMissing_IsNotEvaluatedOnlyWhereTheyMatter()
    {
        Assert.Equal(Truth.NotEvaluated, Judged.By(Sequence(), At(0, "done"), before: Judged.Before(false, At(-1))).State);
        Assert.Equal(Truth.Matched, Judged.By(Sequence(), At(0, "done"), before: Judged.Before(false, At(-1, "delete this"))).State);
        Assert.Equal(Truth.NotMatched, Judged.By(Sequence(), At(0, "done"), before: Judged.Before(false, At(-30), At(-1))).State);
        Assert.Equal(Truth.NotMatched, Judged.By(Sequence(), At(0, "later"), before: Judged.Before(false)).State);
    }

    [Fact]
    public void Sequence_FirstNotEvaluated_IsNotEvaluated()
    {
        var when = Sequence(first: """{ "classifier": { "name": "marketing", "atLeast": 0.5 } }""");

        Assert.Equal(Truth.NotEvaluated, Judged.By(when, At(0, "done"), before: Judged.Before(true, At(-1))).State);
        Assert.Equal(Truth.NotMatched, Judged.By(when, At(0, "done"), before: Judged.Before(true, At(-30))).State);
    }

    [Fact]
    public void Sequence_FirstMayLookBackItself()
    {
        var when = Sequence(first: """{ "all": [ { "phrase": "delete this" }, { "insideServiceWindow": { "within": "1h" } } ] }""");

        Assert.Equal(Truth.Matched, Judged.By(when, At(0, "done"), before: Judged.Before(true, At(-3), At(-2.5, "delete this", Direction.Outbound))).State);
        Assert.Equal(Truth.NotMatched, Judged.By(when, At(0, "done"), before: Judged.Before(true, At(-4), At(-2.5, "delete this", Direction.Outbound))).State);
    }

    private static IConsentView Ledger(params ConsentEntry[] entries)
    {
        var ledger = new ConsentLedger(Judged.Ids.Person);
        for (var i = 0; i < entries.Length; i++)
        {
            ledger.Add(entries[i], i + 1);
        }
        return ledger.At(long.MaxValue);
    }

    private static ConsentEntry Record(ConsentState state, string subject = "+4915112345678", double hours = -100, Channel? channel = null) => new(subject, "marketing", state, Now.AddHours(hours), channel);

    private static string Consent(string states) => $$"""{ "consent": { "purpose": "marketing", "state": {{states}} } }""";

    [Fact]
    public void Consent_StateOfTheClient_IsCompared()
    {
        var message = At(0, direction: Direction.Outbound);

        Assert.Equal(Truth.Matched, Judged.By(Consent("\"none\""), message).State);
        Assert.Equal(Truth.NotMatched, Judged.By(Consent("[\"withdrawn\", \"objected\"]"), message).State);
        Assert.Equal(Truth.NotMatched, Judged.By(Consent("\"none\""), message, ledger: Ledger(Record(ConsentState.Granted))).State);
        Assert.Equal(Truth.Matched, Judged.By(Consent("\"withdrawn\""), message, ledger: Ledger(Record(ConsentState.Granted), Record(ConsentState.Withdrawn, hours: -1))).State);
        Assert.Equal(Truth.NotMatched, Judged.By(Consent("\"withdrawn\""), message, ledger: Ledger(Record(ConsentState.Withdrawn, hours: 1))).State);
        Assert.Equal(Truth.NotMatched, Judged.By(Consent("\"withdrawn\""), message, ledger: Ledger(Record(ConsentState.Withdrawn, channel: Channel.Email))).State);
        Assert.Equal(Truth.Matched, Judged.By(Consent("\"objected\""), message, ledger: Ledger(Record(ConsentState.Objected, channel: Channel.Email))).State);
        Assert.Equal(Truth.Matched, Judged.By(Consent("\"soft-opt-in\""), message, ledger: Ledger(Record(ConsentState.SoftOptIn))).State);
    }

    [Fact]
    public void Consent_Persons_AreThoseOnTheOtherSide()
    {
        var ledger = Ledger(Record(ConsentState.Withdrawn));

        Assert.Equal(Truth.Matched, Judged.By(Consent("\"withdrawn\""), At(0, direction: Direction.Inbound), ledger: ledger).State);
        Assert.Equal(Truth.NotMatched, Judged.By(Consent("\"none\""), At(0, direction: Direction.Internal), ledger: ledger).State);
        var several = A.Message(to: [new Participant("+442079460001", Role.Employee), new Participant("x@y.example", Role.External), new Participant("+4915112345678", Role.Client)]);
        var (state, why) = Judged.By(Consent("\"withdrawn\""), several, ledger: ledger);
        Assert.Equal(Truth.Matched, state);
        Assert.Equal("none, withdrawn", why.Proof.When.Value);
        Assert.Equal(
            [new ConsentLookup(Judged.Ids.Person("x@y.example"), "marketing", "none", null, null), new ConsentLookup(Judged.Ids.Person("+4915112345678"), "marketing", "withdrawn", Now.AddHours(-100), 1)],
            why.Proof.Consent);
    }

    [Fact]
    public void Consent_LookedUpWithoutMatch_IsReportedToo()
    {
        using var message = new PreparedMessage(At(0, direction: Direction.Outbound));
        var result = Evaluator.Evaluate(message, MessageHits.None, 1, EmptyConversation.Instance, Ledger(Record(ConsentState.Granted)), Judged.Revision(Consent("\"none\"")));

        Assert.Empty(result.Matches);
        Assert.Equal("granted", Assert.Single(result.ConsentLookups).State);
    }
}
