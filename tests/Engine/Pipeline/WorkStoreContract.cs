using Surveillance.Alerting;
using Surveillance.Messages;
using Surveillance.Pipeline;
using Surveillance.Review;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Pipeline;

/// <summary>What every store of the pipeline's results must do.</summary>
public abstract class WorkStoreContract
{
    protected abstract IWorkStore Store { get; }

    protected abstract IAlertReader Alerts { get; }

    protected abstract IReviewDesk Desk { get; }

    protected abstract IQuarantineReader Quarantine { get; }

    protected abstract ManualTime Time { get; }

    private async Task<IReadOnlyList<AlertDetail>> ReadAlertsAsync()
    {
        var page = (await Alerts.PageAsync(AlertFilter.Everything, AlertSort.Newest, null, 200, default))!;
        var alerts = new List<AlertDetail>();
        foreach (var row in page.Items.Reverse())
        {
            alerts.Add((await Alerts.FindAsync(row.Id, default))!);
        }
        return alerts;
    }

    private async Task<AlertDetail> ReadAlertAsync() => Assert.Single(await ReadAlertsAsync());

    private async Task CommitAsync(params JudgedMessage[] judged) => await Store.CommitAsync(A.Batch(judged), default);

    private async Task CloseAsync(AlertRow alert) =>
        Assert.IsType<DecisionOutcome.Done>(await Desk.DecideAsync(alert.Id, alert.Version, new Decision(Disposition.FalsePositive, "boilerplate"), "m.okafor", default));

    /// <summary>Everything that a person can see, for comparing.</summary>
    private async Task<string> EverythingAsync()
    {
        var alerts = await ReadAlertsAsync();
        var quarantine = (await Quarantine.PageAsync(null, 200, default))!.Items;
        return string.Join('\n',
        [
            .. Store.ReadCheckpoints().Select(c => c.ToString()),
            .. alerts.Select(a => $"{a.Row with { SnippetEvidence = [] }} {string.Join(',', a.Members.Select(m => $"{m.Message} {m.Standing} {m.Late}"))} {string.Join(',', a.Events)}"),
            .. quarantine.Select(q => q.ToString()),
        ]);
    }

    [Fact]
    public void ReadCheckpoints_NothingDone_Are64Zeroes() => Assert.Equal(Enumerable.Repeat(0L, 64), Store.ReadCheckpoints());

    [Fact]
    public async Task Commit_Batch_StoresHitsMatchAlertAndCheckpointTogether()
    {
        var result = await Store.CommitAsync(new WorkBatch(7, 12, [A.Judged(10, A.Match(10)) with { Hits = "{}" }, A.Judged(12)]), default);

        var alert = await ReadAlertAsync();
        Assert.Equal("{}", Store.ReadHits(10));
        Assert.Equal(12, Store.ReadCheckpoints()[7]);
        Assert.Equal(12, Store.ReadCheckpoints().Sum());
        Assert.Equal((1, AlertStatus.Open, Standing.Raised, 1), (alert.Row.Version, alert.Row.Status, alert.Row.Standing, alert.Row.Count));
        Assert.Equal(10, Assert.Single(alert.Members).Position);
        Assert.Equal(AlertEventKind.Opened, Assert.Single(alert.Events).Kind);
        Assert.Equal(alert.Events[0].Sequence, result.LastEvent);
    }

    [Fact]
    public async Task Commit_NoEvent_SaysZero() => Assert.Equal(0, (await Store.CommitAsync(A.Batch(A.Judged(3)), default)).LastEvent);

    [Fact]
    public async Task Commit_SomethingThrows_KeepsNothingOfTheBatch()
    {
        var before = await EverythingAsync();

        await Assert.ThrowsAnyAsync<Exception>(async () => await CommitAsync(A.Judged(1, A.Match(1)) with { Hits = "{}" }, A.Poison(2), A.Judged(3, A.Match(3) with { Proof = null! })));

        Assert.Equal(before, await EverythingAsync());
        Assert.Null(Store.ReadHits(1));
    }

    [Fact]
    public async Task Commit_SameBatchTwice_ChangesNothing()
    {
        var batch = A.Batch(
            A.Judged(1, A.Match(1)), A.Judged(2, A.Match(2), A.Match(2, rule: "card-number")), A.Poison(3), A.Judged(4) with { OptOut = true, ConsentLookups = [A.Person("client")] });
        await Store.CommitAsync(batch, default);
        var before = await EverythingAsync();
        Time.Advance(TimeSpan.FromMinutes(1));

        var again = await Store.CommitAsync(batch, default);

        Assert.Equal(before, await EverythingAsync());
        Assert.Equal(0, again.LastEvent);
        Assert.Equal([4], Store.ReadOptOuts(long.MaxValue));
    }

    [Fact]
    public async Task Commit_LowerCheckpoint_NeverLowers()
    {
        await Store.CommitAsync(new WorkBatch(3, 20, []), default);
        await Store.CommitAsync(new WorkBatch(3, 0, [A.Judged(5)]), default);
        Assert.Equal(20, Store.ReadCheckpoints()[3]);
    }

    [Fact]
    public async Task Advance_SomePartitions_MovesThemOnlyForward()
    {
        await Store.CommitAsync(new WorkBatch(1, 50, []), default);

        await Store.AdvanceAsync([0, 1, 63], 30, default);

        Assert.Equal((30, 50, 0, 30), (Store.ReadCheckpoints()[0], Store.ReadCheckpoints()[1], Store.ReadCheckpoints()[2], Store.ReadCheckpoints()[63]));
    }

    [Fact]
    public async Task Commit_MatchWithinTheTimeOfTheFirst_Joins()
    {
        await CommitAsync(A.Judged(1, A.Match(1, sentAt: A.Start)));
        await CommitAsync(A.Judged(2, A.Match(2, sentAt: A.Start.AddHours(24), severity: Severity.Critical)));

        var alert = await ReadAlertAsync();
        Assert.Equal((2, 2, A.Start.AddHours(24), Severity.Critical), (alert.Row.Version, alert.Row.Count, alert.Row.LastSentAt, alert.Row.Severity));
        Assert.Equal([AlertEventKind.Opened, AlertEventKind.Joined], alert.Events.Select(e => e.Kind));
        Assert.Equal(A.MessageAt(1), alert.Row.SnippetMessage);
    }

    [Fact]
    public async Task Commit_MatchAfterTheTimeOfTheFirst_OpensAnother()
    {
        await CommitAsync(A.Judged(1, A.Match(1, sentAt: A.Start)), A.Judged(2, A.Match(2, sentAt: A.Start.AddHours(23))));
        await CommitAsync(A.Judged(3, A.Match(3, sentAt: A.Start.AddHours(24).AddTicks(1))));

        var alerts = await ReadAlertsAsync();
        Assert.Equal([2, 1], alerts.Select(a => a.Row.Count));
        Assert.Null(alerts[1].Predecessor); // the one before is not closed
    }

    [Fact]
    public async Task Commit_MatchSentBeforeTheFirst_JoinsWithinTheTime()
    {
        await CommitAsync(A.Judged(1, A.Match(1, sentAt: A.Start)));
        await CommitAsync(A.Judged(2, A.Match(2, sentAt: A.Start.AddHours(-24))));
        await CommitAsync(A.Judged(3, A.Match(3, sentAt: A.Start.AddHours(-25))));

        var alerts = await ReadAlertsAsync();
        Assert.Equal([2, 1], alerts.Select(a => a.Row.Count));
        Assert.Equal(A.Start, alerts[0].Row.LastSentAt);
    }

    [Fact]
    public async Task Commit_NewestAlertClosed_OpensOneThatNamesIt()
    {
        await CommitAsync(A.Judged(1, A.Match(1)));
        var closed = (await ReadAlertAsync()).Row;
        await CloseAsync(closed);

        await CommitAsync(A.Judged(2, A.Match(2)), A.Judged(3, A.Match(3)));

        var alerts = await ReadAlertsAsync();
        Assert.Equal([1, 2], alerts.Select(a => a.Row.Count));
        Assert.Equal([AlertStatus.Closed, AlertStatus.Open], alerts.Select(a => a.Row.Status));
        Assert.Equal(closed.Id, alerts[1].Predecessor);
    }

    [Fact]
    public async Task Commit_EscalatedAlert_TakesMore()
    {
        await CommitAsync(A.Judged(1, A.Match(1)));
        var alert = (await ReadAlertAsync()).Row;
        await Desk.DecideAsync(alert.Id, 1, new Decision(null, null, "look at this", "supervisor"), "m.okafor", default);

        await CommitAsync(A.Judged(2, A.Match(2)));

        Assert.Equal((AlertStatus.Escalated, 2), ((await ReadAlertAsync()).Row.Status, (await ReadAlertAsync()).Row.Count));
    }

    [Fact]
    public async Task Commit_OtherRuleOrKey_OpensAnother()
    {
        await CommitAsync(A.Judged(1, A.Match(1)), A.Judged(2, A.Match(2, rule: "card-number")), A.Judged(3, A.Match(3, conversation: "c-2")));
        Assert.Equal([1, 1, 1], (await ReadAlertsAsync()).Select(a => a.Row.Count));
    }

    [Fact]
    public async Task Commit_OneSenderInTwoConversations_SharesAnAlert()
    {
        await CommitAsync(A.Judged(1, A.Match(1, groupKey: A.Person("shah"))), A.Judged(2, A.Match(2, conversation: "c-2", groupKey: A.Person("shah"))));

        var alert = await ReadAlertAsync();
        Assert.Equal(2, alert.Row.Count);
        Assert.Equal(A.Conversation("c-1"), alert.Row.Conversation);
    }

    [Fact]
    public async Task Commit_KeyedByMessage_JoinsOnlyMatchesOfThatMessage()
    {
        await CommitAsync(
            A.Judged(1, A.Match(1, groupKey: A.MessageAt(1)), A.Match(1, groupKey: A.MessageAt(1), evidence: "9-12")), A.Judged(2, A.Match(2, groupKey: A.MessageAt(2))));
        Assert.Equal([2, 1], (await ReadAlertsAsync()).Select(a => a.Row.Count));
    }

    [Fact]
    public async Task Commit_SnippetOfAnAlert_IsOfItsMessageAndShort()
    {
        var spans = Enumerable.Range(0, 30).Select(i => new EvidenceSpan(i, i + 1, "/when/all/0")).Append(new EvidenceSpan(3, 9, "/when/all/1", null, A.MessageAt(1).ToString())).ToArray();
        await CommitAsync(A.Judged(2, A.Match(2, spans: spans)));

        var alert = await ReadAlertAsync();
        Assert.Equal(spans[..20], alert.Row.SnippetEvidence);
        Assert.Equal(spans, alert.Members[0].Evidence);
    }

    [Fact]
    public async Task CommitAgain_NewMatch_IsLate()
    {
        await CommitAsync(A.Judged(1));
        await CommitAsync(A.JudgedAgain(1, 9, A.Match(1)));

        var member = Assert.Single((await ReadAlertAsync()).Members);
        Assert.Equal((true, Standing.Raised), (member.Late, member.Standing));
    }

    [Fact]
    public async Task CommitAgain_SameMatch_ChangesNothing()
    {
        await CommitAsync(A.Judged(1, A.Match(1)));
        var before = await ReadAlertAsync();

        await CommitAsync(A.JudgedAgain(1, 9, A.Match(1)));

        var after = await ReadAlertAsync();
        Assert.Equal(before.Row.Version, after.Row.Version);
        Assert.Equal(before.Events, after.Events);
        Assert.False(after.Members[0].Late);
    }

    [Fact]
    public async Task CommitAgain_LostTheOnlyMatch_IsNoLongerRaisedAndStaysThere()
    {
        await CommitAsync(A.Judged(1, A.Match(1)));
        await CommitAsync(A.JudgedAgain(1, 9));

        var alert = await ReadAlertAsync();
        Assert.Equal((Standing.NoLongerRaised, AlertStatus.Open, 2, 1), (alert.Row.Standing, alert.Row.Status, alert.Row.Version, alert.Row.Count));
        Assert.Equal(Standing.NoLongerRaised, Assert.Single(alert.Members).Standing);
        Assert.Equal([AlertEventKind.Opened, AlertEventKind.NoLongerRaised], alert.Events.Select(e => e.Kind));
    }

    [Fact]
    public async Task CommitAgain_LostTwiceAndFoundTwice_TellsEachOnce()
    {
        await CommitAsync(A.Judged(1, A.Match(1)));
        foreach (var again in new[] { A.JudgedAgain(1, 9), A.JudgedAgain(1, 10), A.JudgedAgain(1, 11, A.Match(1)), A.JudgedAgain(1, 12, A.Match(1)) })
        {
            await CommitAsync(again);
        }

        var alert = await ReadAlertAsync();
        Assert.Equal(Standing.Raised, alert.Row.Standing);
        Assert.Equal(Standing.Raised, alert.Members[0].Standing);
        Assert.Equal([AlertEventKind.Opened, AlertEventKind.NoLongerRaised, AlertEventKind.RaisedAgain], alert.Events.Select(e => e.Kind));
    }

    [Fact]
    public async Task CommitAgain_LostOneOfTwo_TheAlertStaysRaised()
    {
        await CommitAsync(A.Judged(1, A.Match(1)), A.Judged(2, A.Match(2)));
        await CommitAsync(A.JudgedAgain(1, 9));

        var alert = await ReadAlertAsync();
        Assert.Equal(Standing.Raised, alert.Row.Standing);
        Assert.Equal([Standing.NoLongerRaised, Standing.Raised], alert.Members.Select(m => m.Standing));
    }

    [Fact]
    public async Task CommitAgain_LostInAClosedAlert_IsToldAndItStaysClosed()
    {
        await CommitAsync(A.Judged(1, A.Match(1)));
        await CloseAsync((await ReadAlertAsync()).Row);
        await CommitAsync(A.JudgedAgain(1, 9));

        var alert = await ReadAlertAsync();
        Assert.Equal((AlertStatus.Closed, Standing.NoLongerRaised, Disposition.FalsePositive), (alert.Row.Status, alert.Row.Standing, alert.Row.Disposition));
        Assert.Equal(AlertEventKind.NoLongerRaised, alert.Events[^1].Kind);
        Assert.Equal(AlertStatus.Closed, alert.Events[^1].Status);
    }

    [Fact]
    public async Task CommitAgain_OtherEvidence_LosesTheOldMatchAndJoinsTheNew()
    {
        await CommitAsync(A.Judged(1, A.Match(1)));
        await CommitAsync(A.JudgedAgain(1, 9, A.Match(1, evidence: "5-9")));

        var alert = await ReadAlertAsync();
        Assert.Equal(Standing.Raised, alert.Row.Standing);
        Assert.Equal([(Standing.NoLongerRaised, false), (Standing.Raised, true)], alert.Members.Select(m => (m.Standing, m.Late)));
    }

    [Fact]
    public async Task CommitAgain_RuleNotEvaluatedAnyMore_KeepsItsMatch()
    {
        await CommitAsync(A.Judged(1, A.Match(1), A.Match(1, rule: "card-number")));
        await CommitAsync(A.JudgedAgain(1, 9) with { NotEvaluated = ["off-channel-move"] });

        Assert.Equal([Standing.Raised, Standing.NoLongerRaised], (await ReadAlertsAsync()).Select(a => a.Row.Standing));
    }

    [Fact]
    public async Task CommitAgain_Fails_KeepsTheEarlierAnswerBesideTheQuarantine()
    {
        await CommitAsync(A.Judged(1, A.Match(1)));
        await CommitAsync(A.Poison(1) with { Again = true, KnownTo = 9 });

        Assert.Equal(Standing.Raised, (await ReadAlertAsync()).Row.Standing);
        Assert.Equal(1, await Quarantine.CountAsync(default));
    }

    [Fact]
    public async Task Commit_Poison_LiesInQuarantineWithItsReason()
    {
        await CommitAsync(A.Poison(1), A.Judged(2, A.Match(2)), A.Poison(3, "conflict", retryable: false));

        var items = (await Quarantine.PageAsync(null, 10, default))!.Items;
        Assert.Equal([(1L, "evaluation-failed", true, 1), (3L, "conflict", false, 1)], items.Select(i => (i.Position, i.Reason, i.Retryable, i.Tries)));
        Assert.Equal((A.MessageAt(1), A.Conversation("c-1"), Channel.WhatsApp, "It broke.", Time.GetUtcNow()), (items[0].Message, items[0].Conversation, items[0].Channel, items[0].Detail, items[0].Since));
        Assert.Null(Store.ReadHits(1));
        await ReadAlertAsync();
    }

    [Fact]
    public async Task CommitAgain_StillFails_CountsTheTryAndKeepsSince()
    {
        await CommitAsync(A.Poison(1));
        var since = Time.GetUtcNow();
        Time.Advance(TimeSpan.FromHours(1));

        await CommitAsync(A.Poison(1, "detection-failed") with { Again = true });

        var item = Assert.Single((await Quarantine.PageAsync(null, 10, default))!.Items);
        Assert.Equal((2, since, since.AddHours(1), "detection-failed"), (item.Tries, item.Since, item.LastTry, item.Reason));
    }

    [Fact]
    public async Task CommitAgain_Succeeds_LeavesQuarantine()
    {
        await CommitAsync(A.Poison(1));
        await CommitAsync(A.JudgedAgain(1, 9, A.Match(1)) with { Hits = "{}" });

        Assert.Equal(0, await Quarantine.CountAsync(default));
        Assert.Equal("{}", Store.ReadHits(1));
        await ReadAlertAsync();
    }

    [Fact]
    public async Task ReadOptOuts_UpToAPosition_GivesThemInOrder()
    {
        await CommitAsync(A.Judged(5) with { OptOut = true }, A.Judged(6));
        await CommitAsync(A.Judged(2) with { OptOut = true }, A.Judged(9) with { OptOut = true });

        Assert.Equal([2, 5, 9], Store.ReadOptOuts(long.MaxValue));
        Assert.Equal([2, 5], Store.ReadOptOuts(8));
        Assert.Empty(Store.ReadOptOuts(1));
    }

    [Fact]
    public async Task ReadOptOuts_EvaluationFailed_IsRemembered()
    {
        await CommitAsync(A.Poison(4) with { OptOut = true });
        Assert.Equal([4], Store.ReadOptOuts(long.MaxValue));
    }

    [Fact]
    public async Task ReadOptOuts_JudgedAgainWithoutOne_IsNotTakenAway()
    {
        await CommitAsync(A.Judged(4) with { OptOut = true });
        await CommitAsync(A.JudgedAgain(4, 9));
        Assert.Equal([4], Store.ReadOptOuts(long.MaxValue));
    }

    [Fact]
    public async Task FindConsentLookups_ByPersonTimeAndPosition_GivesThemInOrder()
    {
        OpaqueId vogel = A.Person("vogel"), osei = A.Person("osei");
        await CommitAsync([.. Enumerable.Range(1, 9).Select(p => A.Judged(p) with { ConsentLookups = p == 4 ? [osei] : p == 5 ? [vogel, osei] : [vogel] })]);
        await CommitAsync(A.JudgedAgain(3, 9) with { ConsentLookups = [vogel] });

        Assert.Equal([3, 5, 6, 7], Store.FindConsentLookups(vogel, A.Start.AddMinutes(3), after: 0, before: 8, max: 10));
        Assert.Equal([6, 7], Store.FindConsentLookups(vogel, A.Start.AddMinutes(3), after: 5, before: 8, max: 10));
        Assert.Equal([3, 5], Store.FindConsentLookups(vogel, A.Start.AddMinutes(3), after: 0, before: 8, max: 2));
        Assert.Equal([4, 5], Store.FindConsentLookups(osei, A.Start, after: 0, before: 100, max: 10));
        Assert.Empty(Store.FindConsentLookups(vogel, A.Start.AddMinutes(9).AddTicks(1), after: 0, before: 100, max: 10));
        Assert.Equal(new[] { vogel, osei }.Order(Comparer<OpaqueId>.Create((a, b) => a.Value.CompareTo(b.Value))), Store.ReadConsentLookupPersons().OrderBy(p => p.Value));
    }

    [Fact]
    public async Task RecordActivation_SamePositionTwice_KeepsTheFirst()
    {
        var first = new ActivatedRevision(1, "r1", A.Start, []);
        var second = new ActivatedRevision(8, "r2", A.Start.AddHours(1), ["marketing", "threats"]);
        await Store.RecordActivationAsync(first, default);
        await Store.RecordActivationAsync(second, default);
        await Store.RecordActivationAsync(second with { Revision = "other" }, default);

        var read = Store.ReadActivations(10);
        Assert.Equal([second with { MissingModels = [] }, first with { MissingModels = [] }], read.Select(a => a with { MissingModels = [] }));
        Assert.Equal(["marketing", "threats"], read[0].MissingModels);
        Assert.Equal("r2", Assert.Single(Store.ReadActivations(1)).Revision);
    }

    [Fact]
    public async Task ReadRuleFigures_CountsAlertsSinceAndTheLastMatch()
    {
        var old = Time.GetUtcNow();
        await CommitAsync(A.Judged(1, A.Match(1)), A.Judged(2, A.Match(2, rule: "card-number")));
        Time.Advance(TimeSpan.FromDays(8));
        await CommitAsync(A.Judged(3, A.Match(3)), A.Judged(4, A.Match(4, conversation: "c-2")), A.Judged(5, A.Match(5, conversation: "c-3")));

        var figures = Store.ReadRuleFigures(Time.GetUtcNow() - TimeSpan.FromDays(7));

        Assert.Equal(new RuleFigures(Time.GetUtcNow(), 2), figures["off-channel-move"]); // one of the three joined
        Assert.Equal(new RuleFigures(old, 0), figures["card-number"]);
        Assert.Equal(2, figures.Count);
    }

    [Fact]
    public async Task Commit_ManyPartitionsAtOnce_EachIsWhole()
    {
        await Task.WhenAll(Enumerable.Range(0, 64).Select(p => Task.Run(async () =>
        {
            for (var i = 1; i <= 10; i++)
            {
                var position = p * 100 + i;
                await Store.CommitAsync(new WorkBatch(p, position, [A.Judged(position, A.Match(position, conversation: "c-" + p))]), default);
            }
        })));

        Assert.Equal(Enumerable.Range(0, 64).Select(p => p * 100L + 10), Store.ReadCheckpoints());
        Assert.Equal(Enumerable.Repeat(10, 64), (await ReadAlertsAsync()).Select(a => a.Row.Count));
    }
}
