using Surveillance.Audit;
using Surveillance.Pipeline;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Pipeline;

/// <summary>What everybody who shows the quarantine must do.</summary>
public abstract class QuarantineReaderContract
{
    protected abstract IQuarantineReader Quarantine { get; }

    protected abstract IWorkStore Work { get; }

    protected abstract IAuditLog Audit { get; }

    /// <summary>The positions whose retry was asked for.</summary>
    protected abstract IReadOnlyList<long> Retries { get; }

    private async Task FillAsync(int count) => await Work.CommitAsync(A.Batch([.. Enumerable.Range(1, count).Select(p => A.Poison(p * 3))]), default);

    [Fact]
    public async Task Page_ManyItems_GivesEachOnceInOrder()
    {
        await FillAsync(25);
        var positions = new List<long>();
        for (string? cursor = null; ;)
        {
            var page = (await Quarantine.PageAsync(cursor, 10, default))!;
            positions.AddRange(page.Items.Select(i => i.Position));
            if ((cursor = page.Next) is null)
            {
                break;
            }
        }
        Assert.Equal(Enumerable.Range(1, 25).Select(p => p * 3L), positions);
        Assert.Equal(25, await Quarantine.CountAsync(default));
    }

    [Fact]
    public async Task Page_ItemLeavesMeanwhile_GoesOnAfterIt()
    {
        await FillAsync(6);
        var first = (await Quarantine.PageAsync(null, 2, default))!;
        await Work.CommitAsync(A.Batch(A.JudgedAgain(6, 20), A.JudgedAgain(9, 20)), default);

        Assert.Equal([12, 15, 18], (await Quarantine.PageAsync(first.Next, 10, default))!.Items.Select(i => i.Position));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    public async Task Page_UnreadableCursor_IsNull(string cursor) => Assert.Null(await Quarantine.PageAsync(cursor, 10, default));

    [Fact]
    public async Task CountByReason_SeveralReasons_TellsTheMostFrequentFirst()
    {
        Assert.Empty(await Quarantine.CountByReasonAsync(default));
        await FillAsync(2);
        await Work.CommitAsync(A.Batch(A.Poison(1, "conflict", retryable: false)), default);

        var counts = await Quarantine.CountByReasonAsync(default);

        Assert.Equal([("evaluation-failed", 2, 2), ("conflict", 1, 0)], counts.Select(c => (c.Reason, c.Count, c.Retryable)));
        Assert.Equal((await Quarantine.PageAsync(null, 10, default))!.Items.Min(i => i.Since), counts.Min(c => c.Oldest));
    }

    [Fact]
    public async Task Retry_RetryableItem_IsQueuedAndAudited()
    {
        await FillAsync(1);

        Assert.Equal(RetryOutcome.Queued, await Quarantine.RetryAsync(A.MessageAt(3), "m.okafor", default));

        Assert.Equal([3], Retries);
        var entry = Assert.Single(await Audit.ReadAsync(0, 10, default)).Entry;
        Assert.Equal(("user:m.okafor", "quarantine.retry", "message:" + A.MessageAt(3)), (entry.Actor, entry.Action, entry.Object));
    }

    [Fact]
    public async Task Retry_Conflict_CannotHelp()
    {
        await Work.CommitAsync(A.Batch(A.Poison(1, "conflict", retryable: false)), default);

        Assert.Equal(RetryOutcome.NotRetryable, await Quarantine.RetryAsync(A.MessageAt(1), "m.okafor", default));
        Assert.Empty(Retries);
        Assert.Empty(await Audit.ReadAsync(0, 10, default));
    }

    [Fact]
    public async Task Retry_NotThere_SaysSo()
    {
        await FillAsync(1);
        await Work.CommitAsync(A.Batch(A.JudgedAgain(3, 9)), default);

        Assert.Equal(RetryOutcome.NotThere, await Quarantine.RetryAsync(A.MessageAt(3), "m.okafor", default));
        Assert.Equal(RetryOutcome.NotThere, await Quarantine.RetryAsync(A.MessageAt(99), "m.okafor", default));
        Assert.Empty(Retries);
    }
}
