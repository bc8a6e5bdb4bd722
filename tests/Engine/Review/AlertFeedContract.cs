using Surveillance.Messages;
using Surveillance.Pipeline;
using Surveillance.Review;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Review;

/// <summary>What every live feed of alert events must do.</summary>
public abstract class AlertFeedContract
{
    private long _position;

    protected abstract IAlertFeed Feed { get; }

    protected abstract IReviewDesk Desk { get; }

    /// <summary>Commits a batch and tells the feed, as the pipeline does.</summary>
    protected abstract Task CommitAsync(WorkBatch batch);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task OpenAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var p = Interlocked.Increment(ref _position);
            await CommitAsync(A.Batch(A.Judged(p, A.Match(p, conversation: "c-" + p))));
        }
    }

    private async Task<List<AlertFeedItem>> TakeAsync(long after, int count)
    {
        var items = new List<AlertFeedItem>();
        if (count == 0)
        {
            return items;
        }
        await foreach (var item in Feed.ReadAsync(after, Cancel))
        {
            items.Add(item);
            if (items.Count == count)
            {
                break;
            }
        }
        return items;
    }

    [Fact]
    public async Task Read_AfterASequence_GivesTheRestInOrder()
    {
        await OpenAsync(5);
        var all = await TakeAsync(0, 5);

        Assert.Equal([1, 2, 3, 4, 5], all.Select(i => i.Sequence));
        Assert.Equal([4, 5], (await TakeAsync(3, 2)).Select(i => i.Sequence));
        Assert.Equal(5, Feed.Current);
    }

    [Fact]
    public async Task Read_Item_TellsTheAlertAndItsChange()
    {
        await OpenAsync(1);
        var opened = (await TakeAsync(0, 1))[0];
        await Desk.DecideAsync(opened.Alert, 1, new Decision(Disposition.FalsePositive, "boilerplate"), "m.okafor", default);

        var decided = (await TakeAsync(1, 1))[0];

        Assert.Equal((AlertEventKind.Opened, null, AlertStatus.Open, Severity.High, "off-channel-move", Channel.WhatsApp), (opened.Kind, opened.Actor, opened.Status, opened.Severity, opened.RuleId, opened.Channel));
        Assert.Equal((opened.Alert, AlertEventKind.Decided, "m.okafor", AlertStatus.Closed), (decided.Alert, decided.Kind, decided.Actor, decided.Status));
    }

    [Fact]
    public async Task Read_NothingThere_WaitsForTheNext()
    {
        var reading = TakeAsync(0, 1);
        Assert.False(reading.IsCompleted);
        await OpenAsync(1);
        Assert.Equal(1, (await reading)[0].Sequence);
    }

    [Fact]
    public async Task Read_MoreThanAPage_GivesAll()
    {
        await CommitAsync(A.Batch([.. Enumerable.Range(1, 1_300).Select(p => A.Judged(p, A.Match(p, conversation: "c-" + p)))]));
        Assert.Equal(Enumerable.Range(1, 1_300).Select(i => (long)i), (await TakeAsync(0, 1_300)).Select(i => i.Sequence));
    }

    [Fact]
    public async Task Read_SeveralReadersWhileSeveralWrite_EachSeesEveryEventOnce()
    {
        var readers = Enumerable.Range(0, 6).Select(_ => Task.Run(() => TakeAsync(0, 200))).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => OpenAsync(25))));

        foreach (var read in await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(30), Cancel))
        {
            Assert.Equal(Enumerable.Range(1, 200).Select(i => (long)i), read.Select(i => i.Sequence));
        }
    }

    [Fact]
    public async Task Read_Cancelled_Ends()
    {
        using var stop = new CancellationTokenSource();
        await OpenAsync(1);
        var seen = 0;
        var reading = Task.Run(async () =>
        {
            await foreach (var _ in Feed.ReadAsync(0, stop.Token))
            {
                seen++;
                await stop.CancelAsync();
            }
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(TimeSpan.FromSeconds(30), Cancel));
        Assert.Equal(1, seen);
    }

    [Fact]
    public async Task Read_CancelledWithMuchToRead_EndsAtOnce()
    {
        using var stop = new CancellationTokenSource();
        await OpenAsync(20);
        var seen = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Feed.ReadAsync(0, stop.Token))
            {
                if (++seen == 3)
                {
                    await stop.CancelAsync();
                }
            }
        });

        Assert.Equal(3, seen);
    }
}
