using Surveillance.Alerting;
using Surveillance.Messages;
using Surveillance.Pipeline;
using Surveillance.Review;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Review;

/// <summary>What everybody who reads alerts for people must do.</summary>
public abstract class AlertReaderContract
{
    private static readonly string[] Rules = ["card-number", "off-channel-move", "promotion"];
    private static readonly Channel[] Channels = [Channel.WhatsApp, Channel.Email, Channel.WeChat, Channel.Chat];
    private long _position;

    protected abstract IAlertReader Alerts { get; }

    protected abstract IWorkStore Work { get; }

    protected abstract IReviewDesk Desk { get; }

    protected abstract ManualTime Time { get; }

    /// <summary>Opens alerts, each in a conversation of its own; some share a moment.</summary>
    private async Task OpenAsync(int count)
    {
        for (var done = 0; done < count; done += 50)
        {
            var judged = Enumerable.Range(0, Math.Min(50, count - done)).Select(_ =>
            {
                var p = ++_position;
                return A.Judged(p, A.Match(p, Rules[p % 3], "c-" + p, severity: (Severity)(p * 7 % 4), channel: Channels[p % 4]));
            }).ToArray();
            await Work.CommitAsync(A.Batch(judged), default);
            Time.Advance(TimeSpan.FromSeconds(done % 100));
        }
    }

    private async Task<List<AlertRow>> WalkAsync(AlertFilter filter, AlertSort sort, int page = 37, Func<Task>? between = null)
    {
        var rows = new List<AlertRow>();
        for (string? cursor = null; ;)
        {
            var read = (await Alerts.PageAsync(filter, sort, cursor, page, default))!;
            rows.AddRange(read.Items);
            if (read.Next is null)
            {
                return rows;
            }
            Assert.Equal(page, read.Items.Count);
            cursor = read.Next;
            if (between is not null)
            {
                await between();
            }
        }
    }

    [Theory]
    [InlineData(AlertSort.Priority)]
    [InlineData(AlertSort.Newest)]
    public async Task Page_AThousandWhileOthersArrive_NoGapNoRepeat(AlertSort sort)
    {
        await OpenAsync(1_000);
        var there = (await WalkAsync(AlertFilter.Everything, sort)).Select(r => r.Id).ToArray();
        Assert.Equal(1_000, there.Distinct().Count());

        var walked = (await WalkAsync(AlertFilter.Everything, sort, between: () => OpenAsync(3))).Select(r => r.Id).ToArray();

        Assert.Equal(walked.Length, walked.Distinct().Count());
        Assert.Equal(there, walked.Where(there.Contains));
    }

    [Fact]
    public async Task Page_Newest_IsByTimeThenNumber()
    {
        await OpenAsync(300);
        var rows = await WalkAsync(AlertFilter.Everything, AlertSort.Newest, 50);

        Assert.Equal(rows.Select(r => r.OpenedAt).OrderDescending(), rows.Select(r => r.OpenedAt));
        Assert.Equal(A.MessageAt(_position), rows[0].SnippetMessage);
        Assert.Equal(A.MessageAt(1), rows[^1].SnippetMessage);
    }

    [Fact]
    public async Task Page_Priority_IsBySeverityThenTime()
    {
        await OpenAsync(300);
        var rows = await WalkAsync(AlertFilter.Everything, AlertSort.Priority, 50);

        Assert.Equal(300, rows.Count);
        Assert.Equal(rows.Select(r => (r.Severity, r.OpenedAt)).OrderDescending(), rows.Select(r => (r.Severity, r.OpenedAt)));
    }

    public static TheoryData<string> Filters => ["statuses", "two statuses", "severities", "rules", "channels", "raised", "no longer raised", "any standing", "all of them", "nothing fits"];

    private static (AlertFilter Filter, Func<AlertRow, bool> Fits) Filter(string name) => name switch
    {
        "statuses" => (new() { Statuses = [AlertStatus.Closed] }, r => r.Status == AlertStatus.Closed),
        "two statuses" => (new() { Statuses = [AlertStatus.Escalated, AlertStatus.Open] }, r => r.Status is AlertStatus.Escalated or AlertStatus.Open),
        "severities" => (new() { Severities = [Severity.Critical, Severity.Low] }, r => r.Severity is Severity.Critical or Severity.Low),
        "rules" => (new() { Rules = ["card-number", "promotion"] }, r => r.RuleId is "card-number" or "promotion"),
        "channels" => (new() { Channels = [Channel.Email] }, r => r.Channel == Channel.Email),
        "raised" => (new() { Standings = [Standing.Raised] }, r => r.Standing == Standing.Raised),
        "no longer raised" => (new() { Standings = [Standing.NoLongerRaised], Statuses = [AlertStatus.Open] }, r => r is { Standing: Standing.NoLongerRaised, Status: AlertStatus.Open }),
        "any standing" => (new() { Standings = [Standing.NoLongerRaised, Standing.Raised] }, _ => true),
        "all of them" => (
            new() { Statuses = [AlertStatus.Open], Severities = [Severity.High, Severity.Medium], Rules = ["off-channel-move"], Channels = [Channel.WhatsApp, Channel.Chat] },
            r => r is { Status: AlertStatus.Open, Severity: Severity.High or Severity.Medium, RuleId: "off-channel-move", Channel: Channel.WhatsApp or Channel.Chat }),
        _ => (new() { Rules = ["' OR 1=1 --"] }, _ => false),
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Page_Filter_ShowsWhatFits(string name)
    {
        await OpenAsync(120);
        var all = await WalkAsync(AlertFilter.Everything, AlertSort.Newest);
        foreach (var (row, i) in all.Select((r, i) => (r, i)))
        {
            if (i % 5 == 0) { await Desk.DecideAsync(row.Id, 1, new Decision(Disposition.TruePositive, "policy-breach"), "m.okafor", default); }
            if (i % 5 == 1) { await Desk.DecideAsync(row.Id, 1, new Decision(null, null, "look", "supervisor"), "m.okafor", default); }
        }
        await Work.CommitAsync(A.Batch([.. Enumerable.Range(1, 120).Where(p => p % 7 == 0).Select(p => A.JudgedAgain(p, _position + 1) with { Conversation = A.Conversation("c-" + p) })]), default);
        all = await WalkAsync(AlertFilter.Everything, AlertSort.Newest);
        Assert.Equal(17, all.Count(r => r.Standing == Standing.NoLongerRaised));
        var (filter, fits) = Filter(name);

        foreach (var sort in Enum.GetValues<AlertSort>())
        {
            var shown = await WalkAsync(filter, sort, 7);
            Assert.Equal(all.Where(fits).Select(r => r.Id).ToHashSet(), shown.Select(r => r.Id).ToHashSet());
            Assert.Equal(shown.Count, await Alerts.CountAsync(filter, default));
        }
    }

    [Fact]
    public async Task Page_CursorOfAnotherFilterOrOrder_IsNull()
    {
        await OpenAsync(10);
        var filter = new AlertFilter { Statuses = [AlertStatus.Open] };
        var cursor = (await Alerts.PageAsync(filter, AlertSort.Newest, null, 3, default))!.Next!;

        Assert.NotNull(await Alerts.PageAsync(filter, AlertSort.Newest, cursor, 3, default));
        Assert.Null(await Alerts.PageAsync(filter, AlertSort.Priority, cursor, 3, default));
        Assert.Null(await Alerts.PageAsync(AlertFilter.Everything, AlertSort.Newest, cursor, 3, default));
        Assert.Null(await Alerts.PageAsync(filter with { Rules = ["card-number"] }, AlertSort.Newest, cursor, 3, default));
        Assert.Null(await Alerts.PageAsync(filter with { Standings = [Standing.Raised] }, AlertSort.Newest, cursor, 3, default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("not a cursor at all")]
    [InlineData("AAAA")]
    [InlineData("MS4yLjMuNA")]
    public async Task Page_UnreadableCursor_IsNull(string cursor)
    {
        await OpenAsync(10);
        Assert.Null(await Alerts.PageAsync(AlertFilter.Everything, AlertSort.Newest, cursor, 3, default));
        Assert.Null(await Alerts.PageAsync(AlertFilter.Everything, AlertSort.Newest, new string('A', 5_000), 3, default));
    }

    [Fact]
    public async Task Page_Empty_HasNoNext() => Assert.Equal((0, null), await Alerts.PageAsync(AlertFilter.Everything, AlertSort.Priority, null, 50, default) is { } page ? (page.Items.Count, page.Next) : (-1, null));

    [Fact]
    public async Task Page_ExactlyFull_HasNoNext()
    {
        await OpenAsync(10);
        Assert.Null((await Alerts.PageAsync(AlertFilter.Everything, AlertSort.Priority, null, 10, default))!.Next);
    }

    [Theory]
    [InlineData(AlertSort.Priority)]
    [InlineData(AlertSort.Newest)]
    public async Task Neighbours_EveryAlert_AreThoseOfTheList(AlertSort sort)
    {
        await OpenAsync(60);
        var filter = new AlertFilter { Rules = ["card-number", "promotion"] };
        var list = (await WalkAsync(filter, sort)).Select(r => r.Id).ToArray();

        for (var i = 0; i < list.Length; i++)
        {
            var beside = await Alerts.NeighboursAsync(list[i], filter, sort, default);
            Assert.Equal((i == 0 ? (OpaqueId?)null : list[i - 1], i == list.Length - 1 ? (OpaqueId?)null : list[i + 1]), (beside.Previous, beside.Next));
        }
    }

    [Fact]
    public async Task Neighbours_AlertThatLeftTheFilter_KeepsItsPlace()
    {
        await OpenAsync(5);
        var filter = new AlertFilter { Statuses = [AlertStatus.Open] };
        var list = (await WalkAsync(filter, AlertSort.Newest)).Select(r => r.Id).ToArray();
        await Desk.DecideAsync(list[2], 1, new Decision(Disposition.TruePositive, "policy-breach"), "m.okafor", default);

        var beside = await Alerts.NeighboursAsync(list[2], filter, AlertSort.Newest, default);

        Assert.Equal((list[1], list[3]), (beside.Previous!.Value, beside.Next!.Value));
        Assert.Equal(new AlertNeighbours(null, null), await Alerts.NeighboursAsync(A.Person("nobody"), filter, AlertSort.Newest, default));
    }

    [Fact]
    public async Task Find_Unknown_IsNull() => Assert.Null(await Alerts.FindAsync(A.Person("nobody"), default));

    [Fact]
    public async Task Find_ManyMembersAndEvents_GivesTheLatest()
    {
        for (var p = 1; p <= 600; p += 50)
        {
            await Work.CommitAsync(A.Batch([.. Enumerable.Range(p, 50).Select(i => A.Judged(i, A.Match(i, sentAt: A.Start.AddSeconds(i))))]), default);
        }
        var row = Assert.Single((await Alerts.PageAsync(AlertFilter.Everything, AlertSort.Newest, null, 10, default))!.Items);

        var alert = (await Alerts.FindAsync(row.Id, default))!;

        Assert.Equal(600, alert.Row.Count);
        Assert.Equal(Enumerable.Range(401, 200).Select(i => (long)i), alert.Members.Select(m => m.Position));
        Assert.Equal(500, alert.Events.Count);
        Assert.Equal(alert.Events.Select(e => e.Sequence).Order(), alert.Events.Select(e => e.Sequence));
        Assert.Equal(A.MessageAt(600), alert.Events[^1].Message);
    }

    [Fact]
    public async Task Find_Proof_ReadsBackEqual()
    {
        var match = A.Match(1);
        match = match with
        {
            Proof = match.Proof with
            {
                Models = [new ProofModel("marketing", null, null)], Consent = [new ProofConsent("p", "marketing", "withdrawn", A.Start, 3)],
                Unless = new ProofNode("/unless", "consent", "consent is granted", ProofState.NotEvaluated) { Note = "nothing known", Value = "none", Threshold = "granted" },
            },
        };
        await Work.CommitAsync(A.Batch(A.Judged(1, match)), default);
        var row = (await Alerts.PageAsync(AlertFilter.Everything, AlertSort.Newest, null, 10, default))!.Items[0];

        Assert.Equal(match.Proof.ToJson(), (await Alerts.FindAsync(row.Id, default))!.Members[0].Proof.ToJson());
    }

    [Fact]
    public async Task Count_MoreThanTheLimit_StandsForMore()
    {
        await OpenAsync(IAlertReader.CountLimit + 40);
        Assert.Equal(IAlertReader.CountLimit, await Alerts.CountAsync(AlertFilter.Everything, default));
        Assert.InRange(await Alerts.CountAsync(new AlertFilter { Severities = [Severity.High] }, default), 2_000, 3_000);
    }

    [Fact]
    public async Task AlertsOf_Messages_GivesTheAlertsOfEachThatHasOne()
    {
        var both = A.Judged(1, A.Match(1, "card-number", "c-1"), A.Match(1, "promotion", "c-1"));
        await Work.CommitAsync(A.Batch(both, A.Judged(2, A.Match(2, "promotion", "c-1")), A.Judged(3)), default);
        var alerts = (await Alerts.PageAsync(AlertFilter.Everything, AlertSort.Newest, null, 10, default))!.Items;
        var found = await Alerts.AlertsOfAsync([1, 2, 3, 4711], default);
        Assert.Equal([1L, 2L], found.Keys.Order());
        Assert.Equal(alerts.Select(a => a.Id).ToHashSet(), found[1].ToHashSet());
        Assert.Equal([alerts.Single(a => a.RuleId == "promotion").Id], found[2]);
        Assert.Empty(await Alerts.AlertsOfAsync([], default));
    }
}
