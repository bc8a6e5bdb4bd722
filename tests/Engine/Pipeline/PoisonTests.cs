using System.Text;
using Surveillance.Archive;
using Surveillance.Messages;
using Surveillance.Pipeline;
using Surveillance.Tests;
using static Surveillance.Engine.Tests.Pipeline.PipelineRig;
using static Surveillance.Engine.Tests.Pipeline.PipelineTests;

namespace Surveillance.Engine.Tests.Pipeline;

/// <summary>What cannot be judged lies in quarantine with its reason, and nothing else suffers.</summary>
public sealed class PoisonTests
{
    private static string[] Shown(PipelineRig rig) => [.. rig.Matches().Select(m => m.ToString())];

    [Theory]
    [InlineData(Trap.BreaksDetection, "detection-failed")]
    [InlineData(Trap.BreaksEvaluation, "evaluation-failed")]
    public async Task Message_ThatBreaks_LiesInQuarantineAndItsConversationGoesOn(string word, string reason)
    {
        await using var rig = await StartedAsync(RigRules.All);

        await rig.JudgeAsync(ToClient("before", 1, "card " + CardNumber), ToClient("poison", 2, $"{word} card {CardNumber}"), ToClient("after", 3, "card " + CardNumber));

        Assert.Equal([("poison", reason, 1)], rig.Quarantined());
        Assert.Equal(["card on after", "card on before"], Shown(rig).Order());
        Assert.DoesNotContain("poison", rig.Evaluations().Keys);
        var item = (await rig.Quarantine.PageAsync(null, 10, default))!.Items[0];
        Assert.True(item.Retryable);
        Assert.DoesNotContain(word, item.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("4111", item.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Trap.BreaksDetection)]
    [InlineData(Trap.BreaksEvaluation)]
    public async Task Retry_CauseIsGone_JudgesIt(string word)
    {
        await using var rig = await StartedAsync(RigRules.All);
        await rig.JudgeAsync(ToClient("poison", 2, $"{word} card {CardNumber}"));

        await rig.RetryAsync("poison");
        Assert.Equal(2, rig.Quarantined()[0].Tries);
        Assert.Empty(Shown(rig));

        rig.Trap.IsSet = false;
        await rig.RetryAsync("poison");
        Assert.Empty(rig.Quarantined());
        Assert.Equal(["card on poison, late"], Shown(rig));
        Assert.Equal(RetryOutcome.NotThere, await rig.Quarantine.RetryAsync(A.Ids.Message(new NativeKey(Channel.WhatsApp, Employee, "poison")), "m.okafor", default));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LaterMessages_ThatLookBackAtPoison_AreNotEvaluatedUntilItIsJudged(bool restarted)
    {
        await using var rig = await StartedAsync(RigRules.All);
        await rig.JudgeAsync(ToClient("first", 0, "may I call you?"), FromClient("poison", 1, Trap.BreaksDetection + ", please delete this chat"));
        if (restarted)
        {
            await rig.RestartAsync();
        }
        await rig.JudgeAsync(ToClient("do", 2, "done"), ToClient("card", 3, "card " + CardNumber), ToClient("do-too", 4, "done"));

        Assert.Equal(["poison"], rig.Quarantined().Select(q => q.Message));
        Assert.Equal(["cold-call on first", "card on card"], Shown(rig));
        Assert.Equal(("deletion", null, "deletion"), (rig.Evaluations()["do"].NotEvaluated, rig.Evaluations()["card"].NotEvaluated, rig.Evaluations()["do-too"].NotEvaluated));

        rig.Trap.IsSet = false;
        await rig.RetryAsync("poison");
        Assert.Equal(["cold-call on first", "deletion on do, late", "card on card", "deletion on do-too, late"], Shown(rig));

        await rig.JudgeAsync(ToClient("do-again", 5, "done"));
        Assert.Contains("deletion on do-again", Shown(rig));
    }

    [Fact]
    public async Task OptOut_WhoseEvaluationBreaks_StillCounts()
    {
        await using var rig = await StartedAsync([.. RigRules.All, ("lexicons/opt-out-phrases.json", """{ "id": "opt-out-phrases", "version": 1, "title": "Opt-outs", "phrases": [ "no more offers" ] }""")]);
        await rig.JudgeAsync(ConsentLine(ConsentState.Granted, -1_000), FromClient("out", 1, Trap.BreaksEvaluation + " no more offers", "c-2"), ToClient("after", 2, "a special offer"));
        Assert.Equal(["out"], rig.Quarantined().Select(q => q.Message));
        Assert.Equal(["promotion on after"], Shown(rig));

        await rig.RestartAsync();
        await rig.JudgeAsync(ToClient("later", 3, "a special offer", "c-3"));
        Assert.Equal(["promotion on after", "promotion on later"], Shown(rig));
    }

    [Fact]
    public async Task OptOut_JudgedOnlyOnRetry_CountsFromItsPosition()
    {
        await using var rig = await StartedAsync([.. RigRules.All, ("lexicons/opt-out-phrases.json", """{ "id": "opt-out-phrases", "version": 1, "title": "Opt-outs", "phrases": [ "no more offers" ] }""")]);
        await rig.JudgeAsync(
            ConsentLine(ConsentState.Granted, -1_000), ToClient("before", 0, "a special offer"), FromClient("out", 1, Trap.BreaksDetection + " no more offers", "c-2"), ToClient("after", 2, "a special offer", "c-3"));
        Assert.Empty(Shown(rig));

        rig.Trap.IsSet = false;
        await rig.RetryAsync("out");
        await rig.JudgeAsync(ToClient("later", 3, "a special offer", "c-4"));

        Assert.Equal(["promotion on after, late", "promotion on later"], Shown(rig));
    }

    [Fact]
    public async Task Conflict_LiesInQuarantineAndTheFirstStays()
    {
        await using var rig = await StartedAsync(RigRules.All);
        await rig.JudgeAsync(FromClient("x", 1, "please delete this chat"));

        await rig.JudgeAsync(FromClient("x", 1, "something else, card " + CardNumber), ToClient("do", 2, "done"));

        Assert.Equal([("x", "conflict", 1)], rig.Quarantined());
        Assert.Equal(["deletion on do"], Shown(rig));
        var item = (await rig.Quarantine.PageAsync(null, 10, default))!.Items[0];
        Assert.Equal(RetryOutcome.NotRetryable, await rig.Quarantine.RetryAsync(item.Message, "m.okafor", default));
    }

    [Fact]
    public async Task Unreadable_LiesInQuarantine()
    {
        await using var rig = await StartedAsync(RigRules.All);
        await rig.JudgeAsync(ArchiveItem.Unreadable(Encoding.UTF8.GetBytes("{ not json"), A.Start, A.Ids), ToClient("m", 1, "card " + CardNumber));

        Assert.Equal("unreadable", Assert.Single(rig.Quarantined()).Reason);
        Assert.Equal(["card on m"], Shown(rig));
    }

    [Fact]
    public async Task JudgedAgain_AndBreaks_KeepsItsMatchAndLiesInQuarantine()
    {
        await using var rig = await StartedAsync(RigRules.All);
        rig.Trap.IsSet = false;
        await rig.JudgeAsync(ToClient("offer", 10, Trap.BreaksDetection + ": a special offer"));
        rig.Trap.IsSet = true;

        await rig.JudgeAsync(ConsentLine(ConsentState.Granted, 5));
        Assert.Equal(["promotion on offer"], Shown(rig));
        Assert.Equal(["offer"], rig.Quarantined().Select(q => q.Message));

        rig.Trap.IsSet = false;
        await rig.RetryAsync("offer");
        Assert.Equal(["promotion on offer, no longer"], Shown(rig));
        Assert.Empty(rig.Quarantined());
    }
}
