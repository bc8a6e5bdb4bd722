using Surveillance.Audit;
using Surveillance.Engine.Tests.Pipeline;
using Surveillance.Engine.Tests.Review;
using Surveillance.Pipeline;
using Surveillance.Review;
using Surveillance.Storage.Sqlite;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Storage;

public sealed class SqliteAlertReaderTests : AlertReaderContract, IAsyncDisposable
{
    private readonly SqliteWork _work = new();

    protected override IAlertReader Alerts => _work.Alerts;

    protected override IWorkStore Work => _work.Store;

    protected override IReviewDesk Desk => _work.Desk;

    protected override ManualTime Time => _work.Time;

    public ValueTask DisposeAsync() => _work.DisposeAsync();
}

public sealed class SqliteReviewDeskTests : ReviewDeskContract, IAsyncDisposable
{
    private readonly SqliteWork _work = new();

    protected override IReviewDesk Desk => _work.Desk;

    protected override IAlertReader Alerts => _work.Alerts;

    protected override IWorkStore Work => _work.Store;

    protected override IAuditLog Audit => _work.Audit;

    protected override ManualTime Time => _work.Time;

    public ValueTask DisposeAsync() => _work.DisposeAsync();

    [Fact]
    public async Task Decide_AuditCannotBeWritten_NothingHappens()
    {
        await _work.Store.CommitAsync(A.Batch(A.Judged(1, A.Match(1))), default);
        var alert = (await _work.Alerts.PageAsync(AlertFilter.Everything, AlertSort.Newest, null, 1, default))!.Items[0];
        await _work.Database.WriteAsync((connection, transaction) => connection.Execute(transaction, "CREATE TRIGGER no_audit BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END"), default);

        await Assert.ThrowsAnyAsync<Exception>(async () => await _work.Desk.DecideAsync(alert.Id, 1, new Decision(Disposition.FalsePositive, "boilerplate"), "m.okafor", default));

        var read = (await _work.Alerts.FindAsync(alert.Id, default))!;
        Assert.Equal((1, AlertStatus.Open, 1), (read.Row.Version, read.Row.Status, read.Events.Count));
    }
}

public sealed class SqliteAlertFeedTests : AlertFeedContract, IAsyncDisposable
{
    private readonly SqliteWork _work = new();

    protected override IAlertFeed Feed => _work.Feed;

    protected override IReviewDesk Desk => _work.Desk;

    protected override async Task CommitAsync(WorkBatch batch) => _work.Feed.Announce((await _work.Store.CommitAsync(batch, default)).LastEvent);

    public ValueTask DisposeAsync() => _work.DisposeAsync();

    [Fact]
    public async Task Announce_SeveralAtTheSameMoment_LeavesNoReaderAsleep()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var seen = new long[3];
        var readers = Enumerable.Range(0, seen.Length).Select(r => Task.Run(async () =>
        {
            await foreach (var item in _work.Feed.ReadAsync(0, stop.Token))
            {
                Volatile.Write(ref seen[r], item.Sequence);
            }
        })).ToArray();
        long position = 0;
        for (var round = 0; round < 100; round++)
        {
            var last = new long[4];
            for (var i = 0; i < last.Length; i++)
            {
                position++;
                last[i] = (await _work.Store.CommitAsync(A.Batch(A.Judged(position, A.Match(position, conversation: "c-" + position))), default)).LastEvent;
            }
            await Task.WhenAll(last.Select(sequence => Task.Run(() => _work.Feed.Announce(sequence))));
            await Eventually.IsTrueAsync(() => seen.All(s => s == last[^1]), "every reader sees the round");
        }
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(readers));
    }

    [Fact]
    public async Task Current_FeedOverWhatIsThere_KnowsTheLast()
    {
        await CommitAsync(A.Batch(A.Judged(1, A.Match(1))));
        Assert.Equal(1, new SqliteAlertFeed(_work.Database).Current);
    }
}

public sealed class SqliteQuarantineTests : QuarantineReaderContract, IAsyncDisposable
{
    private readonly SqliteWork _work = new();

    protected override IQuarantineReader Quarantine => _work.Quarantine;

    protected override IWorkStore Work => _work.Store;

    protected override IAuditLog Audit => _work.Audit;

    protected override IReadOnlyList<long> Retries => _work.Retries;

    public ValueTask DisposeAsync() => _work.DisposeAsync();
}
