using Surveillance.Audit;
using Surveillance.Messages;
using Surveillance.Pipeline;
using Surveillance.Review;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Review;

/// <summary>What every desk at which people decide alerts must do.</summary>
public abstract class ReviewDeskContract
{
    private const string Okafor = "m.okafor", Lind = "s.lind";
    private static readonly Decision Wrong = new(Disposition.FalsePositive, "boilerplate", "a footer");
    private static readonly Decision Right = new(Disposition.TruePositive, "policy-breach");
    private static readonly Decision Pass = new(null, null, "please look at this", "supervisor");

    protected abstract IReviewDesk Desk { get; }

    protected abstract IAlertReader Alerts { get; }

    protected abstract IWorkStore Work { get; }

    protected abstract IAuditLog Audit { get; }

    protected abstract ManualTime Time { get; }

    private async Task<OpaqueId> OpenAsync(long position = 1)
    {
        await Work.CommitAsync(A.Batch(A.Judged(position, A.Match(position, conversation: "c-" + position))), default);
        return (await Alerts.PageAsync(AlertFilter.Everything, AlertSort.Newest, null, 1, default))!.Items[0].Id;
    }

    private async Task<AlertDetail> ReadAsync(OpaqueId alert) => (await Alerts.FindAsync(alert, default))!;

    private async Task<DecisionOutcome.Done> DoneAsync(OpaqueId alert, int version, Decision decision, string actor = Okafor) =>
        Assert.IsType<DecisionOutcome.Done>(await Desk.DecideAsync(alert, version, decision, actor, default));

    private async Task<DecisionOutcome.Invalid> InvalidAsync(OpaqueId alert, Decision decision) => Assert.IsType<DecisionOutcome.Invalid>(await Desk.DecideAsync(alert, 1, decision, Okafor, default));

    /// <summary>Nothing of what was refused shows anywhere.</summary>
    private async Task AssertUntouchedAsync(OpaqueId alert, int version = 1, int events = 1)
    {
        var read = await ReadAsync(alert);
        Assert.Equal((version, events, events - 1), (read.Row.Version, read.Events.Count, (await Audit.ReadAsync(0, 100, default)).Count));
    }

    [Fact]
    public async Task Decide_FalsePositive_ClosesWithReasonNoteEventAndAudit()
    {
        var alert = await OpenAsync();
        Time.Advance(TimeSpan.FromMinutes(5));

        var done = await DoneAsync(alert, 1, Wrong);

        var read = await ReadAsync(alert);
        Assert.Equal((2, Time.GetUtcNow() + IReviewDesk.UndoWindow), (done.Version, done.Until));
        Assert.Equal((AlertStatus.Closed, Disposition.FalsePositive, "boilerplate", 2), (read.Row.Status, read.Row.Disposition, read.Row.Reason, read.Row.Version));
        var written = read.Events[^1];
        Assert.Equal(
            new AlertEvent(written.Sequence, Time.GetUtcNow(), Okafor, AlertEventKind.Decided, AlertStatus.Closed, Disposition.FalsePositive, "boilerplate", "a footer"), written);
        Assert.Equal(new AuditEntry("user:" + Okafor, "alert.decide", "alert:" + alert, "boilerplate", Time.GetUtcNow()), Assert.Single(await Audit.ReadAsync(0, 10, default)).Entry);
    }

    [Fact]
    public async Task Decide_TruePositive_Closes()
    {
        var alert = await OpenAsync();
        await DoneAsync(alert, 1, Right);
        Assert.Equal((AlertStatus.Closed, Disposition.TruePositive, "policy-breach"), ((await ReadAsync(alert)).Row.Status, (await ReadAsync(alert)).Row.Disposition, (await ReadAsync(alert)).Row.Reason));
    }

    [Fact]
    public async Task Decide_Escalation_PassesItOnUndecided()
    {
        var alert = await OpenAsync();
        await DoneAsync(alert, 1, Pass);

        var read = await ReadAsync(alert);
        Assert.Equal((AlertStatus.Escalated, null, null), (read.Row.Status, read.Row.Disposition, read.Row.Reason));
        Assert.Equal((AlertEventKind.Escalated, "supervisor", "please look at this"), (read.Events[^1].Kind, read.Events[^1].EscalatedTo, read.Events[^1].Note));
        Assert.Equal("alert.escalate", Assert.Single(await Audit.ReadAsync(0, 10, default)).Entry.Action);
    }

    [Fact]
    public async Task Decide_EscalatedAlert_CanBeClosed()
    {
        var alert = await OpenAsync();
        await DoneAsync(alert, 1, Pass);
        await DoneAsync(alert, 2, Right, Lind);
        Assert.Equal(AlertStatus.Closed, (await ReadAsync(alert)).Row.Status);
    }

    public static TheoryData<string, string> Incomplete => new()
    {
        { "disposition", "nothing" }, { "reason", "no reason" }, { "reason", "unknown reason" }, { "reason", "reason of the other disposition" }, { "note", "long note" },
        { "note", "escalation without a note" }, { "note", "escalation with a blank note" }, { "escalateTo", "escalation to nobody" }, { "escalateTo", "escalation to a novel" },
        { "disposition", "escalation with a disposition" }, { "reason", "escalation with a reason" },
    };

    private static Decision Refused(string name) => name switch
    {
        "nothing" => new(null, null),
        "no reason" => new(Disposition.FalsePositive, null),
        "unknown reason" => new(Disposition.FalsePositive, "because"),
        "reason of the other disposition" => new(Disposition.FalsePositive, "policy-breach"),
        "long note" => Wrong with { Note = new string('n', 2_001) },
        "escalation without a note" => Pass with { Note = null },
        "escalation with a blank note" => Pass with { Note = " \n" },
        "escalation to nobody" => Pass with { EscalateTo = " " },
        "escalation to a novel" => Pass with { EscalateTo = new string('s', 101) },
        "escalation with a disposition" => Pass with { Disposition = Disposition.TruePositive },
        _ => Pass with { Reason = "words that somebody typed" },
    };

    [Theory]
    [MemberData(nameof(Incomplete))]
    public async Task Decide_Incomplete_SaysWhatIsMissingAndWritesNothing(string field, string name)
    {
        var alert = await OpenAsync();
        Assert.Equal(field, (await InvalidAsync(alert, Refused(name))).Field);
        await AssertUntouchedAsync(alert);
    }

    [Fact]
    public async Task Decide_LongestNote_IsKept()
    {
        var alert = await OpenAsync();
        await DoneAsync(alert, 1, Wrong with { Note = new string('n', 2_000) });
        Assert.Equal(2_000, (await ReadAsync(alert)).Events[^1].Note!.Length);
    }

    [Fact]
    public async Task Decide_UnknownAlert_SaysSo() =>
        Assert.IsType<DecisionOutcome.UnknownAlert>(await Desk.DecideAsync(A.Person("nobody"), 1, Wrong, Okafor, default));

    [Fact]
    public async Task Decide_StaleVersion_NamesWhoAndWhen()
    {
        var alert = await OpenAsync();
        await DoneAsync(alert, 1, Pass, Lind);
        var at = Time.GetUtcNow();
        Time.Advance(TimeSpan.FromMinutes(1));

        var stale = Assert.IsType<DecisionOutcome.Stale>(await Desk.DecideAsync(alert, 1, Wrong, Okafor, default));

        Assert.Equal((Lind, at, 2, AlertStatus.Escalated), (stale.ChangedBy, stale.At, stale.Current.Version, stale.Current.Status));
        await AssertUntouchedAsync(alert, version: 2, events: 2);
    }

    [Fact]
    public async Task Decide_AnotherMatchJoined_IsStaleByTheEngine()
    {
        var alert = await OpenAsync();
        await Work.CommitAsync(A.Batch(A.Judged(2, A.Match(2))), default);

        var stale = Assert.IsType<DecisionOutcome.Stale>(await Desk.DecideAsync(alert, 1, Wrong, Okafor, default));

        Assert.Equal((null, 2), (stale.ChangedBy, stale.Current.Count));
    }

    [Fact]
    public async Task Decide_TwoAtOnce_OneWinsAndTheOtherIsStale()
    {
        var alert = await OpenAsync();
        var outcomes = await Task.WhenAll(new[] { Okafor, Lind, "third", "fourth" }.Select(actor => Task.Run(async () => await Desk.DecideAsync(alert, 1, Wrong, actor, default))));

        Assert.Single(outcomes.OfType<DecisionOutcome.Done>());
        Assert.Equal(3, outcomes.OfType<DecisionOutcome.Stale>().Count());
        await AssertUntouchedAsync(alert, version: 2, events: 2);
    }

    [Fact]
    public async Task Decide_ClosedAlert_Refuses()
    {
        var alert = await OpenAsync();
        await DoneAsync(alert, 1, Wrong);

        foreach (var decision in new[] { Right, Pass })
        {
            Assert.Equal("status", Assert.IsType<DecisionOutcome.Invalid>(await Desk.DecideAsync(alert, 2, decision, Lind, default)).Field);
        }
        await AssertUntouchedAsync(alert, version: 2, events: 2);
    }

    [Fact]
    public async Task Undo_WithinTheWindow_IsAsBeforeByAppending()
    {
        var alert = await OpenAsync();
        await DoneAsync(alert, 1, Pass, Lind);
        var done = await DoneAsync(alert, 2, Wrong);
        Time.Advance(IReviewDesk.UndoWindow);

        Assert.Equal(UndoOutcome.Done, await Desk.UndoAsync(alert, done.UndoToken, Okafor, default));

        var read = await ReadAsync(alert);
        Assert.Equal((AlertStatus.Escalated, null, null, 4), (read.Row.Status, read.Row.Disposition, read.Row.Reason, read.Row.Version));
        Assert.Equal([AlertEventKind.Opened, AlertEventKind.Escalated, AlertEventKind.Decided, AlertEventKind.Undone], read.Events.Select(e => e.Kind));
        Assert.Equal((Okafor, AlertStatus.Escalated), (read.Events[^1].Actor, read.Events[^1].Status));
        Assert.Equal(["alert.escalate", "alert.decide", "alert.undo"], (await Audit.ReadAsync(0, 10, default)).Select(r => r.Entry.Action));
    }

    [Fact]
    public async Task Undo_AfterTheWindow_Refuses()
    {
        var alert = await OpenAsync();
        var done = await DoneAsync(alert, 1, Wrong);
        Time.Advance(IReviewDesk.UndoWindow + TimeSpan.FromTicks(1));

        Assert.Equal(UndoOutcome.WindowPassed, await Desk.UndoAsync(alert, done.UndoToken, Okafor, default));
        await AssertUntouchedAsync(alert, version: 2, events: 2);
    }

    [Fact]
    public async Task Undo_ByAnotherPerson_IsUnknown()
    {
        var alert = await OpenAsync();
        var done = await DoneAsync(alert, 1, Wrong);

        Assert.Equal(UndoOutcome.Unknown, await Desk.UndoAsync(alert, done.UndoToken, Lind, default));
        await AssertUntouchedAsync(alert, version: 2, events: 2);
    }

    [Fact]
    public async Task Undo_AfterAnotherChange_Refuses()
    {
        var alert = await OpenAsync();
        var first = await DoneAsync(alert, 1, Pass);
        await DoneAsync(alert, 2, Right, Lind);

        Assert.Equal(UndoOutcome.Changed, await Desk.UndoAsync(alert, first.UndoToken, Okafor, default));
        await AssertUntouchedAsync(alert, version: 3, events: 3);
    }

    [Fact]
    public async Task Undo_Twice_TheSecondRefuses()
    {
        var alert = await OpenAsync();
        var done = await DoneAsync(alert, 1, Wrong);
        await Desk.UndoAsync(alert, done.UndoToken, Okafor, default);

        Assert.Equal(UndoOutcome.Changed, await Desk.UndoAsync(alert, done.UndoToken, Okafor, default));
        await AssertUntouchedAsync(alert, version: 3, events: 3);
    }

    [Fact]
    public async Task Undo_AfterTheEngineChangedIt_StillWorks()
    {
        var alert = await OpenAsync();
        var done = await DoneAsync(alert, 1, Pass);
        await Work.CommitAsync(A.Batch(A.Judged(2, A.Match(2))), default);

        Assert.Equal(UndoOutcome.Done, await Desk.UndoAsync(alert, done.UndoToken, Okafor, default));
        Assert.Equal((AlertStatus.Open, 2), ((await ReadAsync(alert)).Row.Status, (await ReadAsync(alert)).Row.Count));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a token")]
    [InlineData("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    [InlineData("00000000000000000000000000000000")]
    public async Task Undo_UnknownToken_IsUnknown(string token)
    {
        var alert = await OpenAsync();
        await DoneAsync(alert, 1, Wrong);
        Assert.Equal(UndoOutcome.Unknown, await Desk.UndoAsync(alert, token, Okafor, default));
    }

    [Fact]
    public async Task Undo_TokenOfAnotherAlert_IsUnknown()
    {
        var alert = await OpenAsync(1);
        var other = await OpenAsync(2);
        var done = await DoneAsync(alert, 1, Wrong);

        Assert.Equal(UndoOutcome.Unknown, await Desk.UndoAsync(other, done.UndoToken, Okafor, default));
        Assert.Equal(UndoOutcome.Unknown, await Desk.UndoAsync(A.Person("nobody"), done.UndoToken, Okafor, default));
    }

    [Fact]
    public async Task Reopen_ClosedAlert_IsOpenUndecidedAndSaysWhy()
    {
        var alert = await OpenAsync();
        await DoneAsync(alert, 1, Wrong);
        Time.Advance(TimeSpan.FromDays(30));

        Assert.Equal(3, Assert.IsType<DecisionOutcome.Done>(await Desk.ReopenAsync(alert, 2, " new facts ", Lind, default)).Version);

        var read = await ReadAsync(alert);
        Assert.Equal((AlertStatus.Open, null, null), (read.Row.Status, read.Row.Disposition, read.Row.Reason));
        Assert.Equal((AlertEventKind.Reopened, "new facts", Lind), (read.Events[^1].Kind, read.Events[^1].Note, read.Events[^1].Actor));
        Assert.Equal("alert.reopen", (await Audit.ReadAsync(0, 10, default))[^1].Entry.Action);
        await DoneAsync(alert, 3, Right);
    }

    [Fact]
    public async Task Reopen_EscalatedAlert_IsOpen()
    {
        var alert = await OpenAsync();
        await DoneAsync(alert, 1, Pass);
        Assert.IsType<DecisionOutcome.Done>(await Desk.ReopenAsync(alert, 2, "came back", Okafor, default));
        Assert.Equal(AlertStatus.Open, (await ReadAsync(alert)).Row.Status);
    }

    [Fact]
    public async Task Reopen_ThenUndone_IsClosedAsItWas()
    {
        var alert = await OpenAsync();
        await DoneAsync(alert, 1, Wrong);
        var opened = Assert.IsType<DecisionOutcome.Done>(await Desk.ReopenAsync(alert, 2, "new facts", Okafor, default));

        Assert.Equal(UndoOutcome.Done, await Desk.UndoAsync(alert, opened.UndoToken, Okafor, default));
        Assert.Equal((AlertStatus.Closed, Disposition.FalsePositive, "boilerplate"), ((await ReadAsync(alert)).Row.Status, (await ReadAsync(alert)).Row.Disposition, (await ReadAsync(alert)).Row.Reason));
    }

    [Fact]
    public async Task Reopen_OpenStaleUnknownOrWithoutWords_Refuses()
    {
        var alert = await OpenAsync();

        Assert.Equal("status", Assert.IsType<DecisionOutcome.Invalid>(await Desk.ReopenAsync(alert, 1, "why", Okafor, default)).Field);
        Assert.Equal("note", Assert.IsType<DecisionOutcome.Invalid>(await Desk.ReopenAsync(alert, 1, "  ", Okafor, default)).Field);
        Assert.Equal("note", Assert.IsType<DecisionOutcome.Invalid>(await Desk.ReopenAsync(alert, 1, new string('n', 2_001), Okafor, default)).Field);
        Assert.IsType<DecisionOutcome.Stale>(await Desk.ReopenAsync(alert, 7, "why", Okafor, default));
        Assert.IsType<DecisionOutcome.UnknownAlert>(await Desk.ReopenAsync(A.Person("nobody"), 1, "why", Okafor, default));
        await AssertUntouchedAsync(alert);
    }
}
