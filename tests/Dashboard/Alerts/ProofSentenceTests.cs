using Surveillance.Alerting;
using Surveillance.Dashboard.Alerts;

namespace Surveillance.Dashboard.Tests.Alerts;

public sealed class ProofSentenceTests
{
    private static ProofNode Node(string path, string name, ProofState state, params ProofNode[] parts) => new(path, name, path + " holds", state) { Parts = parts };

    private static MatchProof Proof(ProofNode when) => new() { Rule = "r", Version = 1, VersionHash = "", Revision = "", Position = 1, When = when };

    private static string Say(ProofNode when, params string[] evidence)
    {
        var proof = Proof(when);
        var numbers = new ConditionNumbers(proof, evidence.Select(e => new EvidenceSpan(0, 1, e)));
        return string.Join("; ", ProofSentence.Of(proof, numbers).Select(c => c.Text + (c.Number > 0 ? $" ({c.Number})" : "") + c.After));
    }

    [Fact]
    public void Of_TreeWithSomeMatched_SaysTheMatchedLeavesOnly() => Assert.Equal(
        "/a holds; /c holds",
        Say(Node("", "all", ProofState.Matched, Node("/a", "phrase", ProofState.Matched), Node("/x", "any", ProofState.Matched, Node("/b", "phrase", ProofState.NotMatched), Node("/c", "phrase", ProofState.Matched)), Node("/d", "classifier", ProofState.NotEvaluated))));

    [Fact]
    public void Of_LeavesWithEvidence_ComeFirst() => Assert.Equal(
        "/b holds (1); /a holds", Say(Node("", "all", ProofState.Matched, Node("/a", "direction", ProofState.Matched), Node("/b", "phrase", ProofState.Matched)), "/b"));

    [Fact]
    public void Of_Near_SaysBothSidesAndTheDistance()
    {
        var near = Node("/near", "near", ProofState.Matched, Node("/near/first", "lexicon", ProofState.Matched), Node("/near/second", "lexicon", ProofState.Matched)) with { Value = "2 words apart" };
        Assert.Equal("/near/first holds (1); /near/second holds (2) (2 words apart)", Say(near, "/near/first", "/near/second"));
    }

    [Fact]
    public void Of_None_SaysWhatIsNotSo() => Assert.Equal("it is not so that /a holds", Say(Node("", "none", ProofState.Matched, Node("/a", "phrase", ProofState.NotMatched))));

    [Fact]
    public void Of_ManyLeaves_EndsWithHowManyMore() => Assert.EndsWith(
        "; 4 more conditions held", Say(Node("", "all", ProofState.Matched, [.. Enumerable.Range(0, 10).Select(i => Node($"/{i}", "phrase", ProofState.Matched))])), StringComparison.Ordinal);

    [Fact]
    public void Numbers_EvidenceOfAPartThatIsNotInTheTree_CountsAsTheOperators()
    {
        var proof = Proof(Node("/when", "all", ProofState.Matched, Node("/when/all/0", "near", ProofState.Matched), Node("/when/all/1", "phrase", ProofState.Matched)));
        var numbers = new ConditionNumbers(proof, [new EvidenceSpan(0, 1, "/when/all/1"), new EvidenceSpan(0, 1, "/when/all/0/near/first")]);
        Assert.Equal((1, 2, 0), (numbers.Find("/when/all/0/near/first"), numbers.Find("/when/all/1"), numbers.Find("/when/all/2")));
    }
}
