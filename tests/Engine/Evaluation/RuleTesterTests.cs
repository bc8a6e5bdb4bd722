using Surveillance.Detection;
using Surveillance.Engine.Tests.Rules.Operators;
using Surveillance.Evaluation;
using Surveillance.Rules;
using Surveillance.Rules.Source;

namespace Surveillance.Engine.Tests.Evaluation;

public sealed class RuleTesterTests
{
    private static IReadOnlyList<RuleTestResult> Run(string when, string firesOn, string silentOn)
    {
        var file = Judged.RuleFile(when);
        var book = Judged.Book(new SourceFile(file.Path, file.Text.Replace("\"a long enough example\"", firesOn).Replace("\"another example\"", silentOn)));
        return RuleTester.Run(book.Rules[0], new Revision(book, DetectorSet.Empty));
    }

    [Fact]
    public void Run_CasesAsTheyShouldBe_Pass()
    {
        var results = Run("""{ "phrase": "text me" }""", "\"text me\", { \"name\": \"second message\", \"messages\": [ { \"text\": \"hello\" }, { \"text\": \"text me\" } ] }", "\"call me\"");

        Assert.Equal([(true, true, "text me"), (true, true, "second message"), (false, true, "call me")], results.Select(r => (r.ShouldFire, r.Passed, r.Name)));
        Assert.All(results, r => Assert.Empty(r.Explanation));
    }

    [Fact]
    public void Run_CaseThatDoesNotFire_ShowsTheTreeWithValues()
    {
        var results = Run(
            """{ "all": [ { "direction": "outbound" }, { "near": { "first": { "phrase": "text me" }, "second": { "phrase": "whatsapp" }, "words": 3 } } ] }""",
            "\"text me later, on the other one, whatsapp\"", "\"call me\"");

        var failed = Assert.Single(results, r => !r.Passed);
        Assert.Equal(
            """
            not matched: r
              not matched   when all: all of these hold
                matched       1. direction: the direction is outbound [outbound]
                not matched   2. near: the second of these is at most 3 words from the first [6 words apart, asked for at most 3 words]
                  matched       1. phrase: the phrase "text me" is used "text me"
                  matched       2. phrase: the phrase "whatsapp" is used "whatsapp"

            """, failed.Explanation);
    }

    [Fact]
    public void Run_CaseThatFiresAgainstItsWill_ShowsTheMessageThatFired()
    {
        var failed = Assert.Single(Run("""{ "phrase": "call" }""", "\"call\"", "{ \"messages\": [ { \"text\": \"hello\" }, { \"text\": \"call me\" } ] }"), r => !r.Passed);

        Assert.False(failed.ShouldFire);
        Assert.Equal("matched: r\n  matched       when phrase: the phrase \"call\" is used \"call\"\n", failed.Explanation);
    }

    [Fact]
    public void Run_ConsentAndEarlierMessages_TakePart()
    {
        const string when = """{ "all": [ { "consent": { "purpose": "marketing", "state": "withdrawn" } }, { "sequence": { "first": { "phrase": "first" }, "then": { "phrase": "second" }, "within": "1h" } } ] }""";
        const string messages = """ "messages": [ { "text": "first" }, { "text": "second", "after": "AFTER" } ] """;
        const string consent = """ "consent": [ { "subject": "client", "purpose": "marketing", "state": "withdrawn", "at": "2026-03-03T00:00:00Z" } ], """;

        var results = Run(when, "{" + consent + messages.Replace("AFTER", "50m") + "}", "{" + messages.Replace("AFTER", "50m") + "}, {" + consent + messages.Replace("AFTER", "70m") + "}");

        Assert.All(results, r => Assert.True(r.Passed, r.Explanation));
    }

    [Fact]
    public void Run_RuleOfAnotherRevision_IsRefused()
    {
        var rule = Judged.Book(Judged.RuleFile("""{ "phrase": "text me" }""")).Rules[0];

        Assert.Throws<ArgumentException>(() => RuleTester.Run(rule, Judged.Revision("""{ "phrase": "text you" }""")));
    }
}
