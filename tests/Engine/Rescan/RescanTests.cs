using Surveillance.Detection.Pii;
using Surveillance.Engine.Tests.Pipeline;
using Surveillance.Jobs;
using Surveillance.Messages;
using Surveillance.Rescan;
using Surveillance.Review;
using Surveillance.Tests;
using static Surveillance.Engine.Tests.Pipeline.PipelineRig;
using static Surveillance.Engine.Tests.Pipeline.PipelineTests;

namespace Surveillance.Engine.Tests.Rescan;

/// <summary>The archive held against other rules than those that judged it.</summary>
public sealed class RescanTests
{
    private static (string, string) Word(int version, params string[] words) => RigRules.Rule(
        "word", $$"""{ "phrase": { "anyOf": [{{string.Join(',', words.Select(w => $"\"{w}\""))}}] } }""", words[0], version: version);

    private static async Task<PipelineRig> FruitAsync()
    {
        var rig = await StartedAsync(Word(1, "apple"), RigRules.Card);
        await rig.JudgeAsync(
            ToClient("one", 1, "an apple", "c-1"), ToClient("two", 2, "a pear", "c-2"), ToClient("three", 3, "an apple, card " + CardNumber, "c-3"), ToClient("four", 4, "nothing", "c-4"));
        return rig;
    }

    private static string[] Shown(PipelineRig rig) => [.. rig.Matches().Select(m => $"{m} v{m.Version}")];

    private static void AssertAddsUp(Run run) => Assert.Equal((RunState.Finished, run.Planned), (run.State, run.Processed));

    [Fact]
    public async Task Rescan_WidenedRule_GainsAndMarksWhatItGained()
    {
        await using var rig = await FruitAsync();
        await rig.ActivateAsync(Word(2, "apple", "pear"));

        var run = await rig.RescanAsync();

        AssertAddsUp(run);
        Assert.Equal(4, run.Done);
        Assert.Equal(["word: 1 gained, 0 lost, 2 kept, 0 decided, 0 open"], rig.Results(run));
        Assert.Equal(["word on one v1", "word on two v2", "card on three v1", "word on three v1"], Shown(rig));
        var change = Assert.Single(rig.Rescans.ReadChanges(run.Number, null, null, 0, 10));
        Assert.Equal((RescanChangeKind.Gained, "word", 3), (change.Kind, change.Rule, change.Position));
        var alert = (await rig.Alerts.FindAsync(change.Alert!.Value, default))!;
        Assert.Equal((run.Number, run.Number, run.Number), (alert.Row.Run, Assert.Single(alert.Members).Run, Assert.Single(alert.Events).Run));
        Assert.Equal(rig.Activation.Running!.Revision.Id, alert.Members[0].Proof.Revision);
    }

    [Fact]
    public async Task Rescan_NarrowedRule_UndoesAndKeepsDecisions()
    {
        await using var rig = await FruitAsync();
        await CloseAlertOfAsync(rig, "one");
        await rig.ActivateAsync(Word(2, "pear"));

        var run = await rig.RescanAsync();

        Assert.Equal(["word: 1 gained, 2 lost, 0 kept, 1 decided, 0 open"], rig.Results(run));
        Assert.Equal(["word on one, no longer v1", "word on two v2", "card on three v1", "word on three, no longer v1"], Shown(rig));
        Assert.Equal(
            [(AlertStatus.Closed, Standing.NoLongerRaised), (AlertStatus.Open, Standing.Raised), (AlertStatus.Open, Standing.Raised), (AlertStatus.Open, Standing.NoLongerRaised)],
            rig.Query("SELECT status, standing FROM alerts ORDER BY first_sent_at, rule", row => ((AlertStatus)row.GetInt32(0), (Standing)row.GetInt32(1))));
    }

    [Fact]
    public async Task Rescan_Twice_ChangesNothing()
    {
        await using var rig = await FruitAsync();
        await rig.ActivateAsync(Word(2, "apple", "pear"));
        await rig.RescanAsync();
        var before = rig.Everything();

        var again = await rig.RescanAsync();
        var verified = await rig.RescanAsync(new RescanRequest { Verify = true });

        Assert.Equal(before, rig.Everything());
        AssertAddsUp(again);
        Assert.Empty(rig.Results(again));
        Assert.Equal(["card: 0 gained, 0 lost, 1 kept, 0 decided, 0 open", "word: 0 gained, 0 lost, 3 kept, 0 decided, 0 open"], rig.Results(verified));
    }

    [Fact]
    public async Task Rescan_BackToTheRuleBefore_RaisesAgain()
    {
        await using var rig = await FruitAsync();
        await rig.ActivateAsync(Word(2, "pear"));
        await rig.RescanAsync();
        await rig.ActivateAsync(Word(3, "apple"));

        var run = await rig.RescanAsync();

        Assert.Equal(["word: 2 gained, 1 lost, 0 kept, 0 decided, 0 open"], rig.Results(run));
        Assert.Equal(["word on one v1", "word on two, no longer v2", "card on three v1", "word on three v1"], Shown(rig));
        Assert.Equal(4, rig.Query("SELECT alert FROM alerts", row => row.GetInt64(0)).Count);
    }

    [Fact]
    public async Task Rescan_RetiredRule_LosesItsMatches()
    {
        await using var rig = await FruitAsync();
        File.Delete(Path.Combine(rig.Rules, RigRules.Card.Item1));
        await rig.ActivateAsync();

        var run = await rig.RescanAsync(new RescanRequest { Rules = ["card"] });

        Assert.Equal(["card: 0 gained, 1 lost, 0 kept, 0 decided, 0 open"], rig.Results(run));
    }

    [Fact]
    public async Task Rescan_DryRun_TellsTheSameAndChangesNothing()
    {
        await using var rig = await FruitAsync();
        await rig.ActivateAsync(Word(2, "pear"));
        var before = rig.Everything();

        var dry = await rig.RescanAsync(new RescanRequest { DryRun = true });

        Assert.Equal(before, rig.Everything());
        AssertAddsUp(dry);
        var real = await rig.RescanAsync();
        Assert.Equal(rig.Results(dry), rig.Results(real));
        Assert.Equal(Changes(rig, dry), Changes(rig, real));
    }

    private static string[] Changes(PipelineRig rig, Run run) =>
        [.. rig.Rescans.ReadChanges(run.Number, null, null, 0, 10_000).Select(c => $"{c.Kind} {c.Rule} {c.Position} {c.EvidenceKey}").Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Rescan_RangeAndChannel_SkipsTheRest()
    {
        await using var rig = await FruitAsync();
        await rig.JudgeAsync(A.Message("a pear", "five", Channel.Sms, sentAt: A.Start.AddMinutes(3)));
        await rig.ActivateAsync(Word(2, "apple", "pear"));

        var run = await rig.RescanAsync(new RescanRequest { From = A.Start.AddMinutes(2), To = A.Start.AddMinutes(4), Channels = [Channel.Sms] });

        AssertAddsUp(run);
        Assert.Equal((3, 1, 2), (run.Planned, run.Done, run.Skipped));
        Assert.Equal(["word on one v1", "card on three v1", "word on three v1", "word on five v2"], Shown(rig));
        var rest = await rig.RescanAsync();
        Assert.Equal(["word: 1 gained, 0 lost, 2 kept, 0 decided, 0 open"], rig.Results(rest));
    }

    [Fact]
    public async Task Rescan_OfOneRule_LeavesOthersAndIsRememberedWhenAMessageIsJudgedAgain()
    {
        await using var rig = await StartedAsync(Word(1, "apple"), RigRules.Promotion, RigRules.Card);
        await rig.JudgeAsync(ConsentLine(ConsentState.Granted, -1_000), ToClient("offer", 10, "a special offer: apple, pear, " + CardNumber));
        await rig.ActivateAsync(Word(2, "pear"), RigRules.Rule("card", """{ "phrase": "never used" }""", "never used", version: 2));

        var run = await rig.RescanAsync(new RescanRequest { Rules = ["word"] });

        Assert.Equal(["word: 1 gained, 1 lost, 0 kept, 0 decided, 0 open"], rig.Results(run));
        // The late record has the message judged again: the word by the newer rules, the card by the older ones.
        await rig.JudgeAsync(ConsentLine(ConsentState.Withdrawn, 5));
        Assert.Equal(["card on offer v1", "promotion on offer, late v1", "word on offer v2", "word on offer, no longer v1"], Shown(rig).Order(StringComparer.Ordinal));

        var rest = await rig.RescanAsync();
        Assert.Equal(["card: 0 gained, 1 lost, 0 kept, 0 decided, 0 open"], rig.Results(rest));
    }

    [Fact]
    public async Task Rescan_RuleThatLooksAtConsent_HearsOfLaterRecords()
    {
        await using var rig = await StartedAsync(RigRules.Card);
        await rig.JudgeAsync(ConsentLine(ConsentState.Granted, -1_000), ToClient("offer", 10, "a special offer"));
        await rig.ActivateAsync(RigRules.Promotion);
        var run = await rig.RescanAsync();
        Assert.Empty(rig.Results(run));

        await rig.JudgeAsync(ConsentLine(ConsentState.Withdrawn, 5));

        Assert.Equal(["promotion on offer, late v1"], Shown(rig));
        Assert.Equal(rig.Activation.Running!.Activation, rig.Evaluations()["offer"].Activation);
    }

    [Fact]
    public async Task Rescan_RuleThatLooksAtConsent_KnowsRecordsThatCameBeforeIt()
    {
        await using var rig = await StartedAsync(RigRules.Card);
        await rig.JudgeAsync(ConsentLine(ConsentState.Granted, -1_000), ToClient("offer", 10, "a special offer"), ConsentLine(ConsentState.Withdrawn, 5));
        await rig.ActivateAsync(RigRules.Promotion);

        var run = await rig.RescanAsync();

        Assert.Equal(["promotion: 1 gained, 0 lost, 0 kept, 0 decided, 0 open"], rig.Results(run));
    }

    [Fact]
    public async Task Rescan_RuleThatLooksAtConversations_SeesThem()
    {
        await using var rig = await StartedAsync(RigRules.Card);
        await rig.JudgeAsync(FromClient("ask", 1, "please delete this chat"), ToClient("do", 2, "done"), ToClient("else", 3, "done", "c-other"));
        await rig.ActivateAsync(RigRules.Deletion);

        await rig.RescanAsync();

        Assert.Equal(["deletion on do v1"], Shown(rig));
    }

    [Fact]
    public async Task Rescan_OtherPacksInForce_DetectsOnceMoreAndJudgesEveryRule()
    {
        await using var rig = await StartedAsync(RigRules.Card, Word(1, "apple"));
        rig.Trap.Detector = new PiiDetector(PiiPolicy.Of(["-payment-card"]));
        await rig.RestartAsync();
        await rig.JudgeAsync(ToClient("one", 1, "apple, card " + CardNumber));
        Assert.Equal(["word on one v1"], Shown(rig));

        rig.Trap.Detector = new PiiDetector();
        await rig.RestartAsync(); // as an upgrade does: what runs has changed though no file has
        var run = await rig.RescanAsync();

        Assert.Equal(["card: 1 gained, 0 lost, 0 kept, 0 decided, 0 open", "word: 0 gained, 0 lost, 1 kept, 0 decided, 0 open"], rig.Results(run));
        Assert.Contains("payment-card", rig.Work.ReadHits(rig.Evaluations()["one"].Position), StringComparison.Ordinal);
        Assert.Empty(rig.Results(await rig.RescanAsync()));
    }

    [Fact]
    public async Task Rescan_WhatJudgedCannotBeRead_JudgesEveryRule()
    {
        await using var rig = await StartedAsync(Word(1, "apple"));
        await rig.JudgeAsync(ToClient("one", 1, "an apple", "c-1"), ToClient("two", 2, "a pear", "c-2"));
        await rig.StopAsync();
        rig.Open();
        var unreadable = new Surveillance.Archive.ArchiveItem { Kind = Surveillance.Archive.EntryKind.Activation, Id = A.Person("an activation"), SentAt = A.Start, Canonical = new byte[] { 1, 2, 3 } };
        var at = (await rig.SendAsync(unreadable))[0];
        var (path, text) = Word(2, "pear");
        rig.WriteRule(path, text);
        await rig.StartAsync();
        await rig.SettleAsync();
        await rig.WriteAsync($"UPDATE evaluations SET activation = {at}");

        var run = await rig.RescanAsync();

        Assert.Equal(["word: 1 gained, 1 lost, 0 kept, 0 decided, 0 open"], rig.Results(run));
    }

    [Fact]
    public async Task Rescan_OfOneRule_ThatLooksAtConversations_HearsOfLateMessages()
    {
        await using var rig = await StartedAsync(RigRules.Card);
        await rig.JudgeAsync(ToClient("do", 5, "all done", "c-1"));
        await rig.ActivateAsync(RigRules.Deletion, RigRules.Promotion);
        await rig.RescanAsync(new RescanRequest { Rules = ["deletion"] });

        await rig.JudgeAsync(FromClient("ask", 1, "please delete this chat", "c-1"));

        Assert.Equal(["deletion on do, late v1"], Shown(rig));
    }

    [Fact]
    public async Task Cancel_InTheMiddleOfALongConversation_LetsGoSoon()
    {
        await using var rig = await StartedAsync(RigRules.Card);
        await rig.JudgeAsync([.. Enumerable.Range(0, 400).Select(i => (object)ToClient("m" + i, i, $"all done with part {i}", "c-1"))]);
        await rig.ActivateAsync(RigRules.Deletion);
        var number = (await rig.RescanDesk.StartAsync(new RescanRequest(), RunTrigger.Request, "operator", default)).Run!.Number;
        var reads = 0;
        rig.Archive.BeforeConversation = () => { if (Interlocked.Increment(ref reads) == 3) { rig.RunDesk.CancelAsync(number, "operator", default).AsTask().Wait(); } };
        await rig.DrainAsync();

        var run = rig.Runs.Find(number)!;
        Assert.Equal(RunState.Cancelled, run.State);
        Assert.InRange(run.Done, 0, 64);
        rig.Archive.BeforeConversation = () => { };
        await rig.RunDesk.ResumeAsync(number, "operator", default);
        await rig.DrainAsync();
        AssertAddsUp(rig.Runs.Find(number)!);
    }

    [Fact]
    public async Task Rescan_ResumedAfterANewerOneOfARule_LeavesThatRule()
    {
        await using var rig = await FruitAsync();
        await rig.ActivateAsync(Word(2, "pear"));
        var older = (await rig.RescanDesk.StartAsync(new RescanRequest { Verify = true }, RunTrigger.Request, "operator", default)).Run!.Number;
        await rig.RunDesk.PauseAsync(older, "operator", default);
        await rig.ActivateAsync(Word(3, "nothing"));
        await rig.RescanAsync(new RescanRequest { Rules = ["word"] });
        var expected = rig.Standing();

        await rig.RunDesk.ResumeAsync(older, "operator", default);
        await rig.DrainAsync();

        Assert.Equal(expected, rig.Standing());
    }

    [Fact]
    public async Task Rescan_MatchReturnsAfterItsAlertWasClosedAsUndone_WaitsAgain()
    {
        await using var rig = await FruitAsync();
        await rig.ActivateAsync(Word(2, "pear"));
        await rig.RescanAsync();
        var row = (await rig.Alerts.PageAsync(new AlertFilter(), AlertSort.Newest, null, 50, default))!.Items.First(a => a.Standing == Standing.NoLongerRaised);
        await rig.WriteAsync(
            $"""
            UPDATE alerts SET status = 3, disposition = 1 WHERE hex(id) = '{Convert.ToHexString(row.Id.ToBytes())}';
            INSERT INTO alert_events(alert, at, kind, status) SELECT alert, 0, 2, 3 FROM alerts WHERE hex(id) = '{Convert.ToHexString(row.Id.ToBytes())}'
            """);
        await rig.ActivateAsync(Word(3, "apple"));

        var run = await rig.RescanAsync();

        var alert = (await rig.Alerts.FindAsync(row.Id, default))!;
        Assert.Equal((AlertStatus.Open, null, Standing.Raised), (alert.Row.Status, alert.Row.Disposition, alert.Row.Standing));
        Assert.Equal(run.Number, alert.Members[0].Run);
        Assert.Equal([AlertEventKind.Opened, AlertEventKind.NoLongerRaised, AlertEventKind.Decided, AlertEventKind.RaisedAgain], alert.Events.Select(e => e.Kind));
    }

    [Fact]
    public async Task Start_OfAScheduleWhoseRunHasNotEnded_IsRefused()
    {
        await using var rig = await FruitAsync();
        Assert.NotNull((await rig.RescanDesk.StartAsync(new RescanRequest(), RunTrigger.Schedule, "system", default, "nightly")).Run);
        Assert.Null((await rig.RescanDesk.StartAsync(new RescanRequest(), RunTrigger.Schedule, "system", default, "nightly")).Run);
        Assert.NotNull((await rig.RescanDesk.StartAsync(new RescanRequest(), RunTrigger.Schedule, "system", default, "weekly")).Run);
        await rig.DrainAsync();
        Assert.NotNull((await rig.RescanDesk.StartAsync(new RescanRequest(), RunTrigger.Schedule, "system", default, "nightly")).Run);
    }

    [Fact]
    public async Task Start_InPlaceOfAnother_BeginsNoLaterThanThat()
    {
        await using var rig = await FruitAsync();
        await rig.RescanDesk.StartAsync(new RescanRequest { From = A.Start }, RunTrigger.Activation, "system", default);
        var later = (await rig.RescanDesk.StartAsync(new RescanRequest { From = A.Start.AddDays(1) }, RunTrigger.Activation, "system", default)).Run!;
        Assert.Equal(A.Start, RescanScope.FromJson(later.Scope).Request.From);
    }

    [Fact]
    public async Task Rescan_EntryDoesNotReadBack_IsListedAndTheRestIsDone()
    {
        await using var rig = await FruitAsync();
        await rig.ActivateAsync(Word(2, "pear"));
        rig.Archive.Damaged = 3;

        var run = await rig.RescanAsync();

        Assert.Equal((RunState.Finished, 1), (run.State, run.Failed));
        Assert.Equal(3, Assert.Single(rig.Rescans.ReadFailures(run.Number, 0, 10)).Position);
        Assert.Equal(["word: 0 gained, 2 lost, 0 kept, 0 decided, 0 open"], rig.Results(run));
        rig.Archive.Damaged = 0;
        await rig.RunDesk.RetryAsync(run.Number, "operator", default);
        await rig.DrainAsync();
        AssertAddsUp(rig.Runs.Find(run.Number)!);
        Assert.Equal(["word: 1 gained, 2 lost, 0 kept, 0 decided, 0 open"], rig.Results(run));
    }

    [Fact]
    public async Task Rescan_WhatBreaks_IsListedAndTriedAgain()
    {
        await using var rig = await StartedAsync(RigRules.Card, Word(1, "apple"));
        rig.Trap.IsSet = false;
        await rig.JudgeAsync(ToClient("bad", 1, Trap.BreaksDetection + ", a pear"), ToClient("good", 2, "a pear", "c-2"));
        await rig.ActivateAsync(Word(2, "pear"));
        await SpoilHitsAsync(rig, "bad");
        rig.Trap.IsSet = true;

        var run = await rig.RescanAsync();

        AssertAddsUp(run);
        Assert.Equal((1, 1), (run.Done, run.Failed));
        var failure = Assert.Single(rig.Rescans.ReadFailures(run.Number, 0, 10));
        Assert.Equal(2, failure.Position);
        Assert.DoesNotContain("pear", failure.Detail, StringComparison.Ordinal);
        Assert.Equal(["word on good v2"], Shown(rig));

        Assert.Equal(RunOutcome.Accepted, await rig.RunDesk.RetryAsync(run.Number, "user:m.okafor", default));
        await rig.DrainAsync();
        Assert.Equal(2, Assert.Single(rig.Rescans.ReadFailures(run.Number, 0, 10)).Tries);
        AssertAddsUp(rig.Runs.Find(run.Number)!);

        rig.Trap.IsSet = false;
        await rig.RunDesk.RetryAsync(run.Number, "user:m.okafor", default);
        await rig.DrainAsync();
        Assert.Empty(rig.Rescans.ReadFailures(run.Number, 0, 10));
        Assert.Equal((2, 0), (rig.Runs.Find(run.Number)!.Done, rig.Runs.Find(run.Number)!.Failed));
        Assert.Equal(["word on bad v2", "word on good v2"], Shown(rig));
        Assert.Equal(RunOutcome.WrongState, await rig.RunDesk.RetryAsync(run.Number, "user:m.okafor", default));
    }

    /// <summary>Has the stored hits of a message unreadable, so that it is detected once more.</summary>
    private static Task SpoilHitsAsync(PipelineRig rig, string native) => rig.WriteAsync($"UPDATE evaluations SET hits = '?' WHERE position = {rig.Evaluations()[native].Position}");

    [Fact]
    public async Task Rescan_MessageInQuarantine_IsSkipped()
    {
        await using var rig = await StartedAsync(RigRules.Card, Word(1, "apple"));
        await rig.JudgeAsync(ToClient("bad", 1, Trap.BreaksDetection + ", a pear"), ToClient("good", 2, "a pear", "c-2"));
        await rig.ActivateAsync(Word(2, "pear"));

        var run = await rig.RescanAsync();

        AssertAddsUp(run);
        Assert.Equal((1, 1, 0), (run.Done, run.Skipped, run.Failed));
        Assert.Equal(["word on good v2"], Shown(rig));
    }

    [Theory]
    [InlineData(null, "wrod", "rules", "did you mean `word`")]
    [InlineData(-1, null, "to", "not after its beginning")]
    public async Task Start_WhatCannotBe_IsRefusedWithTheField(int? days, string? rule, string field, string problem)
    {
        await using var rig = await FruitAsync();
        var answer = await rig.RescanDesk.StartAsync(
            new RescanRequest { From = days is null ? null : A.Start, To = days is { } d ? A.Start.AddDays(d) : null, Rules = rule is null ? [] : [rule] }, RunTrigger.Request, "operator", default);

        Assert.Null(answer.Run);
        Assert.Equal(field, answer.Field);
        Assert.Contains(problem, answer.Problem, StringComparison.Ordinal);
        Assert.Empty(rig.Runs.Read(null, 10));
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(34)]
    [InlineData(35)]
    [InlineData(36)]
    [InlineData(142)] // a late message that cannot be detected leaves an earlier match standing of which nobody can tell any more
    public async Task Rescan_RandomTraffic_EndsAsIfTheNewRulesHadJudgedFromTheFirst(int seed)
    {
        var lines = RandomTraffic.Lines(seed, 200, RandomTraffic.Kinds.Anything).ToArray();
        await using var fresh = await StartedAsync(RigRules.All);
        await fresh.JudgeAsync(lines);
        await using var rig = await StartedAsync(
            RigRules.OptOutWords, RigRules.Cards, RigRules.Rule("promotion", """{ "phrase": "special" }""", "special"), RigRules.Rule("extra", """{ "phrase": "hello" }""", "hello"));
        await rig.JudgeAsync(lines[..120]);
        File.Delete(Path.Combine(rig.Rules, "off-channel/extra.json"));
        await rig.ActivateAsync(RigRules.All);
        await rig.SendAsync(lines[120..160]); // while the rescan runs
        var run = rig.RescanAsync(trigger: RunTrigger.Activation);
        await rig.SendAsync(lines[160..]);
        await rig.SettleAsync(moving: true);
        await Eventually.IsTrueAsync(() => run.IsCompleted, "the rescan ends", () => rig.Time.Advance(TimeSpan.FromMilliseconds(500)));

        AssertAddsUp(await run);
        Assert.Equal(Certain(fresh), Certain(rig));
        Assert.Equal(0, rig.Query("SELECT count(*) FROM alerts a WHERE count <> (SELECT count(*) FROM matches m WHERE m.alert = a.alert)", row => row.GetInt32(0))[0]);
    }

    /// <summary>The matches that stand and of which the newest judgement could tell.</summary>
    private static string[] Certain(PipelineRig rig)
    {
        var open = rig.Evaluations().Values.Where(e => e.NotEvaluated is not null).SelectMany(e => e.NotEvaluated!.Split(','), (e, rule) => $"{rule} on {e.Message} ").ToArray();
        return [.. rig.Standing().Where(match => !open.Any(o => match.StartsWith(o, StringComparison.Ordinal)))];
    }

    [Theory]
    [InlineData(41)]
    [InlineData(42)]
    [InlineData(43)]
    [InlineData(44)]
    public async Task Rescan_StoppedAndKilledAtAnyMoment_EndsAsIfUndisturbed(int seed)
    {
        var lines = RandomTraffic.Lines(seed, 250, RandomTraffic.Kinds.Anything).ToArray();
        await using var calm = await StartedAsync(RigRules.Promotion, RigRules.Cards, RigRules.OptOutWords);
        await using var rig = await StartedAsync(RigRules.Promotion, RigRules.Cards, RigRules.OptOutWords);
        (string, string)[] changed = [.. RigRules.All, RigRules.Rule("promotion", """{ "phrase": "special" }""", "special", version: 2)];
        foreach (var each in new[] { calm, rig })
        {
            await each.JudgeAsync(lines);
            await each.ActivateAsync(changed);
        }
        var expected = await calm.RescanAsync();
        var number = (await rig.RescanDesk.StartAsync(new RescanRequest(), RunTrigger.Request, "operator", default)).Run!.Number;
        var random = new Random(seed);
        long processed = 0;
        for (var kills = 0; kills < 8; kills++)
        {
            using var stop = new CancellationTokenSource();
            var draining = rig.Runner.DrainAsync(stop.Token);
            var until = processed + random.Next(0, 60);
            await Eventually.IsTrueAsync(() => draining.IsCompleted || rig.Runs.Find(number)!.Processed >= until, "it has done some", () => rig.Time.Advance(TimeSpan.FromMilliseconds(20)));
            await stop.CancelAsync();
            await draining;
            var now = rig.Runs.Find(number)!;
            Assert.True(now.Processed >= processed);
            processed = now.Processed;
            await rig.RestartAsync(kill: random.Next(2) == 0);
        }
        await rig.DrainAsync();

        var run = rig.Runs.Find(number)!;
        AssertAddsUp(run);
        Assert.Equal((expected.Planned, expected.Done, expected.Skipped, expected.Failed), (run.Planned, run.Done, run.Skipped, run.Failed));
        Assert.Equal(calm.Results(expected), rig.Results(run));
        Assert.Equal(Changes(calm, expected), Changes(rig, run));
        Assert.Equal(calm.Standing(), rig.Standing());
    }

    [Fact]
    public async Task ActivationRescans_NewRevision_QueuesOneAndReplacesTheOneBefore()
    {
        await using var rig = await FruitAsync();
        await rig.ActivateAsync(Word(2, "pear"));
        using var stop = new CancellationTokenSource();
        var watching = Watch();
        await Eventually.IsTrueAsync(() => rig.Runs.Read(null, 10).Count == 1, "the rescan is queued", () => rig.Time.Advance(TimeSpan.FromSeconds(1)));
        await rig.ActivateAsync(Word(3, "pear", "nothing"));
        await Eventually.IsTrueAsync(() => rig.Runs.Read(null, 10).Count == 2, "the next rescan is queued", () => rig.Time.Advance(TimeSpan.FromSeconds(1)));
        await stop.CancelAsync();
        await watching;
        using var stopAgain = new CancellationTokenSource();
        var restarted = Watch(stopAgain.Token); // the program starts again: nothing more is due
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        await stopAgain.CancelAsync();
        await restarted;
        await rig.DrainAsync();

        Assert.Equal([(RunTrigger.Activation, RunState.Finished), (RunTrigger.Activation, RunState.Superseded)], rig.Runs.Read(null, 10).Select(r => (r.Trigger, r.State)));
        Assert.Equal(["word: 2 gained, 2 lost, 0 kept, 0 decided, 0 open"], rig.Results(rig.Runs.Read(null, 1)[0]));

        Task Watch(CancellationToken? token = null) => new Surveillance.Pipeline.ActivationRescans(
            rig.Activation, rig.RescanDesk, rig.Runs, rig.Archive, new Surveillance.Pipeline.ActivationRange(true, null), rig.Time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance).WatchAsync(token ?? stop.Token);
    }

    private static async Task CloseAlertOfAsync(PipelineRig rig, string native) =>
        await rig.WriteAsync($"UPDATE alerts SET status = 3, disposition = 1 WHERE alert IN (SELECT alert FROM matches WHERE position = {rig.Evaluations()[native].Position})");
}
