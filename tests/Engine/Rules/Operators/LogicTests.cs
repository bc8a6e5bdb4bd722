using Surveillance.Consent;
using Surveillance.Detection;
using Surveillance.Evaluation;
using Surveillance.Rules;
using Surveillance.Tests;
using Surveillance.Text;

namespace Surveillance.Engine.Tests.Rules.Operators;

public sealed class LogicTests
{
    // What stands for each value: on an outbound message without scores.
    private const string T = """{ "direction": "outbound" }""", F = """{ "direction": "inbound" }""", U = """{ "classifier": { "name": "marketing", "atLeast": 0.8 } }""";

    private static Truth Of(string when) => Judged.By(when, A.Message("text me")).State;

    private static string[] Values(string letters) => [.. letters.Select(c => c switch { 'T' => T, 'F' => F, _ => U })];

    private static Truth Expected(char letter) => letter switch { 'T' => Truth.Matched, 'F' => Truth.NotMatched, _ => Truth.NotEvaluated };

    [Theory]
    [InlineData("TT", 'T')]
    [InlineData("TU", 'U')]
    [InlineData("FU", 'F')]
    [InlineData("UF", 'F')]
    [InlineData("UU", 'U')]
    public void All_FollowsKleene(string children, char expected) => Assert.Equal(Expected(expected), Of($$"""{ "all": [{{string.Join(", ", Values(children))}}] }"""));

    [Theory]
    [InlineData("TF", 'T')]
    [InlineData("FF", 'F')]
    [InlineData("TU", 'T')]
    [InlineData("UT", 'T')]
    [InlineData("FU", 'U')]
    public void Any_FollowsKleene(string children, char expected) => Assert.Equal(Expected(expected), Of($$"""{ "any": [{{string.Join(", ", Values(children))}}] }"""));

    [Theory]
    [InlineData("T", 'F')]
    [InlineData("F", 'T')]
    [InlineData("U", 'U')]
    [InlineData("FU", 'U')]
    [InlineData("UT", 'F')]
    public void None_FollowsKleene(string children, char expected) => Assert.Equal(Expected(expected), Of($$"""{ "none": [{{string.Join(", ", Values(children))}}] }"""));

    [Theory]
    [InlineData(1, "TFF", 'T')]
    [InlineData(2, "TFT", 'T')]
    [InlineData(2, "TFF", 'F')]
    [InlineData(2, "TUF", 'U')]
    [InlineData(2, "TUT", 'T')]
    [InlineData(3, "TUF", 'F')]
    [InlineData(3, "UUU", 'U')]
    public void AtLeast_FollowsKleene(int count, string children, char expected) =>
        Assert.Equal(Expected(expected), Of($$"""{ "atLeast": { "count": {{count}}, "of": [{{string.Join(", ", Values(children))}}] } }"""));

    [Theory]
    [InlineData("T", "T", 'F')]
    [InlineData("T", "F", 'T')]
    [InlineData("T", "U", 'U')]
    [InlineData("U", "F", 'U')]
    [InlineData("U", "T", 'F')]
    [InlineData("F", "U", 'F')]
    public void Unless_ShutsOut(string when, string unless, char expected) =>
        Assert.Equal(Expected(expected), Judged.By(Judged.Revision(Values(when)[0], Values(unless)[0]), A.Message("text me")).State);

    [Fact]
    public void Evidence_OfAny_ComesFromThosePartsThatHold()
    {
        const string when = """{ "any": [ { "phrase": "text me" }, { "all": [ { "phrase": "today" }, { "direction": "inbound" } ] }, { "none": [ { "phrase": "absent" } ] } ] }""";

        Assert.Equal("[text me] today", Judged.Mark(when, "text me today"));
    }

    [Fact]
    public void Proof_NamesEveryCondition_WithItsState()
    {
        var (_, why) = Judged.By("""{ "all": [ { "phrase": "text me" }, { "any": [ { "phrase": "absent" }, { "direction": "outbound" } ] } ] }""", A.Message("text me"));

        Assert.Equal(
            ["/when all Matched", "/when/all/0 phrase Matched", "/when/all/1 any Matched", "/when/all/1/any/0 phrase NotMatched", "/when/all/1/any/1 direction Matched"],
            why.Proof.When.Tree.Select(p => $"{p.Pointer} {p.Operator} {p.State}"));
        Assert.Equal(new Evidence(new TextSpan(0, 7), null, "/when/all/0"), Assert.Single(why.Evidence));
    }

    [Fact]
    public void NotEvaluated_GivesItsReason()
    {
        var revision = Judged.Revision(U);
        using var message = new PreparedMessage(A.Message("text me"));
        var result = Evaluator.Evaluate(message, MessageHits.None, 1, EmptyConversation.Instance, new ConsentLedger(Judged.Ids.Person).At(1), revision);

        Assert.Equal("the model of the classifier marketing is missing", Assert.Single(Assert.Single(result.NotEvaluated).Reasons));
        Assert.Equal(["marketing"], revision.MissingModels);
    }
}
