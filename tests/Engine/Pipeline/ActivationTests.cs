using Surveillance.Archive;
using Surveillance.Engine.Tests.Rules;
using Surveillance.Messages;
using Surveillance.Pipeline;
using Surveillance.Rules;
using Surveillance.Tests;
using static Surveillance.Engine.Tests.Pipeline.PipelineRig;
using static Surveillance.Engine.Tests.Pipeline.PipelineTests;

namespace Surveillance.Engine.Tests.Pipeline;

/// <summary>What runs: revisions that come into force by an entry of the archive.</summary>
public sealed class ActivationTests
{
    private static (string, string) Word(int version, string word) => RigRules.Rule("word", $$"""{ "phrase": "{{word}}" }""", word, version: version);

    private static string[] Shown(PipelineRig rig) => [.. rig.Matches().Select(m => $"{m} v{m.Version}")];

    private static void Write(PipelineRig rig, (string Path, string Text) rule) => rig.WriteRule(rule.Path, rule.Text);

    [Fact]
    public async Task Activation_InTheMiddleOfABatch_JudgesWhatIsAfterItAndNothingBefore()
    {
        await using var rig = await StartedAsync(Word(1, "apple"));
        var held = new TaskCompletionSource();
        rig.Archive.BeforeRead = () => held.Task;
        string[] texts = ["apple", "pear", "apple and pear"];
        await rig.SendAsync([.. texts.Select((t, i) => ToClient($"before-{i}", i, t, "c-" + i))]);
        Write(rig, Word(2, "pear"));
        await rig.Activation.LookAsync(default);
        await rig.SendAsync([.. texts.Select((t, i) => ToClient($"after-{i}", i + 10, t, "c-" + i))]);
        held.SetResult();
        await rig.SettleAsync();

        Assert.Equal(["word on before-0 v1", "word on before-2 v1", "word on after-1 v2", "word on after-2 v2"], Shown(rig));
        var activations = rig.Work.ReadActivations(10);
        Assert.Equal([5, 1], activations.Select(a => a.Position));
        Assert.All(rig.Evaluations().Values, e => Assert.Equal(e.Message.StartsWith('b') ? 1 : 5, e.Activation));
        Assert.Equal(rig.Activation.Running, rig.Pipeline.Active);
    }

    [Fact]
    public async Task FindRevision_OfAnActivation_NamesItAndSaysWhetherItRuns()
    {
        await using var rig = await StartedAsync(Word(1, "apple"));
        await rig.JudgeAsync(ToClient("zero", 0, "hello"));
        var first = rig.Activation.Running!;
        var began = rig.Time.GetUtcNow();
        rig.Time.Advance(TimeSpan.FromHours(1));
        Write(rig, Word(2, "pear"));
        await rig.Activation.LookAsync(default);
        var status = new RuleStatus(rig.Activation, rig.Archive, rig.Work, rig.Time);

        Assert.Equal(new RevisionSummary(first.Revision.Id, began, false), await status.FindRevisionAsync(first.Activation, default));
        Assert.Equal(new RevisionSummary(rig.Activation.Running!.Revision.Id, rig.Time.GetUtcNow(), true), await status.FindRevisionAsync(rig.Activation.Running.Activation, default));
        Assert.Null(await status.FindRevisionAsync(2, default));
        Assert.Null(await status.FindRevisionAsync(4711, default));
    }

    [Fact]
    public async Task Restart_BetweenTwoActivations_JudgesByTheRevisionOfEachPosition()
    {
        await using var rig = await StartedAsync(Word(1, "apple"));
        await rig.JudgeAsync(ToClient("zero", 0, "hello"));
        rig.Work.BeforeCommit = _ => throw new IOException("The disk is away.");
        await rig.SendAsync(ToClient("one", 1, "apple"));
        Write(rig, Word(2, "pear"));
        await rig.Activation.LookAsync(default);
        await rig.SendAsync(ToClient("two", 2, "apple"), ToClient("three", 3, "pear"));

        await rig.RestartAsync(kill: true);
        await rig.SettleAsync();

        Assert.Equal(["word on one v1", "word on three v2"], Shown(rig));
        Assert.Equal(2, rig.Work.ReadActivations(10).Count);
    }

    [Fact]
    public async Task Start_SameFiles_ActivatesNothing()
    {
        await using var rig = await StartedAsync(Word(1, "apple"));
        await rig.RestartAsync();
        await rig.RestartAsync();
        Assert.Equal(1, rig.Archive.LastPosition);
    }

    [Fact]
    public async Task JudgedAgain_AfterAnActivation_IsJudgedByTheRevisionOfItsPosition()
    {
        // Only what is known has grown: what other rules would say of archived messages is for a rescan to tell.
        await using var rig = await StartedAsync(RigRules.Promotion, RigRules.Deletion, RigRules.Card);
        await rig.JudgeAsync(
            ConsentLine(ConsentState.Granted, -1_000), ToClient("offer", 10, "a special offer, card " + CardNumber), ToClient("do", 60, "done, card " + CardNumber, "c-2"));
        Write(rig, RigRules.Rule("card", """{ "phrase": "never used" }""", "never used", version: 2));
        await rig.Activation.LookAsync(default);

        await rig.JudgeAsync(ConsentLine(ConsentState.Withdrawn, 5), FromClient("ask", 30, "please delete this chat", "c-2"));

        Assert.Equal(["card on offer v1", "promotion on offer, late v1", "card on do v1", "deletion on do, late v1"], Shown(rig));
        Assert.Equal((1, 1), (rig.Evaluations()["offer"].Activation, rig.Evaluations()["do"].Activation));
        Assert.True(rig.Evaluations()["offer"].KnownTo > rig.Activation.Running!.Activation);
    }

    [Fact]
    public async Task Activation_OfRulesThatLookAtConversations_SeesWhatCameBefore()
    {
        await using var rig = await StartedAsync(RigRules.Deletion, Word(1, "apple"));
        await rig.JudgeAsync(ToClient("hello", 1, "done")); // somebody looks, so the conversation is remembered
        File.Delete(Path.Combine(rig.Rules, RigRules.Deletion.Item1));
        await rig.Activation.LookAsync(default);
        await rig.JudgeAsync(FromClient("ask", 10, "please delete this chat"));
        Write(rig, RigRules.Deletion);
        await rig.Activation.LookAsync(default);

        await rig.JudgeAsync(ToClient("do", 20, "done"));
        await rig.JudgeAsync(FromClient("late", 5, "please delete this chat"));

        Assert.Equal(["deletion on do v1"], Shown(rig));
        Assert.True(rig.Evaluations()["do"].KnownTo > rig.Evaluations()["do"].Position); // the late one was seen to be late
    }

    [Fact]
    public async Task Files_ThatStopChecking_LeaveWhatRunsAndSayWhy()
    {
        await using var rig = await StartedAsync(Word(1, "apple"));
        rig.WriteRule("off-channel/word.json", "{ \"id\": \"word\", ");
        await rig.Activation.LookAsync(default);
        await rig.JudgeAsync(ToClient("one", 1, "apple"));

        Assert.NotEmpty(rig.Activation.Problems);
        Assert.Contains("word.json", rig.Activation.Problems[0], StringComparison.Ordinal);
        Assert.Contains(rig.Pipeline.Trouble, t => t.Contains("do not check", StringComparison.Ordinal));
        Assert.Equal(["word on one v1"], Shown(rig));

        Write(rig, Word(2, "pear"));
        await rig.Activation.LookAsync(default);
        await rig.JudgeAsync(ToClient("two", 2, "pear"));

        Assert.Empty(rig.Activation.Problems);
        Assert.Empty(rig.Pipeline.Trouble);
        Assert.Equal(["word on one v1", "word on two v2"], Shown(rig));
    }

    [Fact]
    public async Task Files_ThatStopCheckingWhileStopped_LeaveWhatRanLast()
    {
        await using var rig = await StartedAsync(Word(1, "apple"));
        await rig.StopAsync();
        rig.WriteRule("off-channel/word.json", "{ \"id\": \"word\", ");

        await rig.StartAsync();
        await rig.JudgeAsync(ToClient("one", 1, "apple"));

        Assert.NotEmpty(rig.Activation.Problems);
        Assert.Equal(["word on one v1"], Shown(rig));
    }

    [Fact]
    public async Task Start_FilesDoNotCheckAndNothingRanBefore_Throws()
    {
        await using var rig = new PipelineRig(("off-channel/word.json", "{"));
        Assert.NotEmpty((await Assert.ThrowsAsync<RulesInvalidException>(rig.StartAsync)).Problems);
    }

    [Fact]
    public async Task Start_LastActivationCannotBeRead_TheNextOneJudgesItsMessages()
    {
        await using var rig = new PipelineRig(RigRules.Promotion, Word(1, "apple"));
        rig.Open();
        var unreadable = new ArchiveItem { Kind = EntryKind.Activation, Id = A.Person("an activation"), SentAt = A.Start, Canonical = new byte[] { 1, 2, 3 } };
        await rig.SendAsync(unreadable, ToClient("one", 1, "apple, at a special offer"));

        await rig.StartAsync();
        await rig.JudgeAsync(ToClient("two", 2, "apple"));
        Assert.Equal(["promotion on one v1", "word on one v1", "word on two v1"], Shown(rig));
        Assert.Equal(3, rig.Evaluations()["one"].Activation);

        await rig.JudgeAsync(ConsentLine(ConsentState.Granted, 0));
        Assert.Equal(["promotion on one, no longer v1", "word on one v1", "word on two v1"], Shown(rig));
    }

    [Fact]
    public async Task Files_Change_AreActivatedOnceTheyRest()
    {
        await using var rig = await StartedAsync(Word(1, "apple"));
        Write(rig, Word(2, "pear"));
        File.SetLastWriteTimeUtc(Path.Combine(rig.Rules, "off-channel/word.json"), new DateTime(2026, 5, 5, 0, 0, 0, DateTimeKind.Utc));

        await Eventually.IsTrueAsync(() => rig.Activation.Running!.Activation > 1, "the change is seen", () => rig.Time.Advance(TimeSpan.FromSeconds(1)));
        await rig.JudgeAsync(ToClient("two", 2, "pear"));

        Assert.Equal(["word on two v2"], Shown(rig));
    }

    [Fact]
    public async Task Files_ChangeWhileTheArchiveFails_AreActivatedLater()
    {
        await using var rig = await StartedAsync(Word(1, "apple"));
        var left = 3;
        rig.Archive.BeforeAppend = () => { if (Interlocked.Decrement(ref left) >= 0) { throw new Surveillance.Archive.ArchiveUnavailableException("full"); } };
        Write(rig, Word(2, "pear"));

        await Eventually.IsTrueAsync(() => rig.Work.ReadActivations(1)[0].Position > 1, "the activation is recorded", () => rig.Time.Advance(TimeSpan.FromSeconds(1)));
        Assert.Equal(2, rig.Activation.Running!.Activation);
    }

    [Fact]
    public async Task RecordActivation_Fails_IsRecordedLater()
    {
        await using var rig = await StartedAsync(Word(1, "apple"));
        var left = 2;
        rig.Work.BeforeRecord = () => { if (Interlocked.Decrement(ref left) >= 0) { throw new IOException("The disk is away."); } };
        Write(rig, Word(2, "pear"));

        await Eventually.IsTrueAsync(() => rig.Work.ReadActivations(1)[0].Position > 1, "the activation is recorded", () => rig.Time.Advance(TimeSpan.FromSeconds(1)));
        Assert.Equal(2, rig.Archive.LastPosition);
    }

    private static void PutModel(PipelineRig rig)
    {
        Directory.CreateDirectory(Path.Combine(rig.Models, "marketing"));
        File.Copy(Repository.At("models", "marketing", "weights.bin"), Path.Combine(rig.Models, "marketing", "weights.bin"), overwrite: true);
    }

    private const string Pitch = "Exclusive offer for you: our new 5% saver closes Friday, sign up today and get 50 pounds cashback, limited time promotion!";

    [Fact]
    public async Task MissingModel_ConditionIsNotEvaluatedAndSaidSo()
    {
        await using var rig = await StartedAsync(RigRules.Pitch, Word(1, "apple"));
        await rig.JudgeAsync(ToClient("pitch", 1, Pitch), ToClient("ticket", 2, "your golden ticket"), ToClient("apple", 3, "apple"));

        Assert.Equal(["pitch on ticket v1", "word on apple v1"], Shown(rig));
        Assert.Equal("pitch", rig.Evaluations()["pitch"].NotEvaluated);
        Assert.Equal(["marketing"], rig.Activation.MissingModels);
        Assert.Equal(["marketing"], rig.Work.ReadActivations(1)[0].MissingModels);
        Assert.Contains(rig.Pipeline.Trouble, t => t.Contains("`marketing`", StringComparison.Ordinal));
    }

    [Fact]
    public async Task MissingModel_PutThere_IsActivatedForWhatComesAfter()
    {
        await using var rig = await StartedAsync(RigRules.Pitch);
        await rig.JudgeAsync(ToClient("before", 1, Pitch));
        PutModel(rig);
        await rig.Activation.LookAsync(default);
        await rig.JudgeAsync(ToClient("after", 2, Pitch));

        Assert.Equal(["pitch on after v1"], Shown(rig));
        Assert.Empty(rig.Pipeline.Trouble);
        Assert.Null(rig.Evaluations()["after"].NotEvaluated);
    }

    [Fact]
    public async Task Start_ModelIsGone_ActivatesARevisionThatSaysSo()
    {
        await using var rig = new PipelineRig(RigRules.Pitch);
        PutModel(rig);
        await rig.StartAsync();
        await rig.JudgeAsync(ToClient("before", 1, Pitch));
        Assert.Equal(["pitch on before v1"], Shown(rig));
        await rig.StopAsync();
        Directory.Delete(Path.Combine(rig.Models, "marketing"), recursive: true);

        await rig.StartAsync();
        var after = (await rig.JudgeAsync(ToClient("after", 2, Pitch)))[0];

        Assert.Equal("pitch", rig.Evaluations()["after"].NotEvaluated);
        Assert.Equal(after - 1, rig.Evaluations()["after"].Activation);
        Assert.Equal(["marketing"], rig.Work.ReadActivations(1)[0].MissingModels);
    }
}
