using Microsoft.Data.Sqlite;
using Surveillance.Storage.Sqlite;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Storage;

public sealed class WorkDatabaseTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private WorkDatabase _database;

    public WorkDatabaseTests() => _database = Open();

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    private WorkDatabase Open() => new(_folder.File("work.db"), "CREATE TABLE IF NOT EXISTS numbers(n INTEGER PRIMARY KEY, words TEXT) STRICT");

    private static int Insert(SqliteConnection connection, SqliteTransaction transaction, int n, string? words = null) =>
        connection.Execute(transaction, "INSERT INTO numbers(n, words) VALUES($n, $words)", ("$n", n), ("$words", words));

    private Task<int> InsertAsync(int n, CancellationToken cancel = default) => _database.WriteAsync((connection, transaction) => Insert(connection, transaction, n), cancel).AsTask();

    private List<long> Numbers() => _database.Read(connection => connection.Query(null, "SELECT n FROM numbers ORDER BY n", row => row.GetInt64(0)));

    /// <summary>Keeps the writer busy until released, so that what is written meanwhile waits and forms one group.</summary>
    private async Task<(ManualResetEventSlim Release, Task Busy)> HoldWriterAsync()
    {
        var release = new ManualResetEventSlim();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var busy = _database.WriteAsync((_, _) =>
        {
            begun.SetResult();
            release.Wait();
            return 0;
        }, default).AsTask();
        await begun.Task;
        return (release, busy);
    }

    [Fact]
    public async Task Write_ReturnsWhatTheActionReturnedAfterTheCommit()
    {
        Assert.Equal(1, await InsertAsync(7));
        Assert.Equal([7], Numbers());
    }

    [Fact]
    public async Task Write_OneOfAGroupThrows_IsRolledBackAloneAndTheOthersStay()
    {
        var (release, busy) = await HoldWriterAsync();
        var first = InsertAsync(1);
        var throws = _database.WriteAsync<int>((connection, transaction) =>
        {
            Insert(connection, transaction, 2);
            throw new InvalidOperationException("on purpose");
        }, default).AsTask();
        var clashes = _database.WriteAsync((connection, transaction) => Insert(connection, transaction, 3) + Insert(connection, transaction, 1), default).AsTask();
        var last = InsertAsync(4);
        release.Set();
        await busy;

        Assert.Equal("on purpose", (await Assert.ThrowsAsync<InvalidOperationException>(() => throws)).Message);
        await Assert.ThrowsAsync<SqliteException>(() => clashes);
        await Task.WhenAll(first, last);
        Assert.Equal([1, 4], Numbers());
    }

    [Fact]
    public async Task Write_AfterAnActionThrew_GoesOn()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await _database.WriteAsync<int>((_, _) => throw new InvalidOperationException(), default));
        await InsertAsync(1);
        Assert.Equal([1], Numbers());
    }

    [Fact]
    public async Task Write_CancelledWhileItWaits_NeverRuns()
    {
        var (release, busy) = await HoldWriterAsync();
        using var cancel = new CancellationTokenSource();
        var waiting = InsertAsync(1, cancel.Token);
        var other = InsertAsync(2);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(other.IsCompleted);

        release.Set();
        await Task.WhenAll(busy, other);
        Assert.Equal([2], Numbers());
    }

    [Fact]
    public async Task Write_CancelledOnceBegun_IsFinished()
    {
        using var cancel = new CancellationTokenSource();
        var written = await _database.WriteAsync((connection, transaction) =>
        {
            cancel.Cancel();
            return Insert(connection, transaction, 1);
        }, cancel.Token);
        Assert.Equal(1, written);
        Assert.Equal([1], Numbers());
    }

    [Fact]
    public async Task Write_CancelledBefore_NeverRuns()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => InsertAsync(1, new CancellationToken(true)));
        Assert.Empty(Numbers());
    }

    [Fact]
    public async Task Read_WhileAnActionRuns_SeesOnlyWhatWasCommitted()
    {
        await InsertAsync(1);
        List<long>? within = null;
        await _database.WriteAsync((connection, transaction) =>
        {
            Insert(connection, transaction, 2);
            within = Numbers();
            return 0;
        }, default);

        Assert.Equal([1], within!);
        Assert.Equal([1, 2], Numbers());
    }

    [Fact]
    public void Read_ThatWrites_Throws()
    {
        Assert.Throws<SqliteException>(() => _database.Read(connection => connection.Execute(null, "INSERT INTO numbers(n) VALUES(1)")));
        Assert.Empty(Numbers());
    }

    [Fact]
    public async Task Write_FromManyThreads_KeepsEveryOne()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(t => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                await InsertAsync(t * 50 + i);
            }
        })));
        Assert.Equal(1_000, Numbers().Count);
    }

    [Fact]
    public async Task Write_DiskFull_KeepsNothingOfTheGroupAndGoesOnWhenThereIsRoom()
    {
        await _database.WriteAsync((connection, transaction) => connection.Execute(transaction, "PRAGMA max_page_count = 12"), default);
        var (release, busy) = await HoldWriterAsync();
        var small = InsertAsync(1);
        var large = _database.WriteAsync((connection, transaction) => Insert(connection, transaction, 2, new string('w', 200_000)), default).AsTask();
        release.Set();
        await busy;

        await Assert.ThrowsAsync<SqliteException>(() => large);
        await Assert.ThrowsAsync<SqliteException>(() => small);
        Assert.Empty(Numbers());

        await _database.WriteAsync((connection, transaction) => connection.Execute(transaction, "PRAGMA max_page_count = 100000"), default);
        await InsertAsync(3);
        Assert.Equal([3], Numbers());
    }

    [Fact]
    public async Task Dispose_WithWaitingActions_FinishesThemAndCloses()
    {
        var (release, busy) = await HoldWriterAsync();
        var waiting = Enumerable.Range(0, 10).Select(i => InsertAsync(i)).ToArray();
        var closing = _database.DisposeAsync();
        release.Set();
        await closing;
        await busy;
        await Task.WhenAll(waiting);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => InsertAsync(99));
        Assert.Throws<ObjectDisposedException>(Numbers);
        Assert.Equal(["work.db"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName)); // no journal is left behind

        _database = Open();
        Assert.Equal(10, Numbers().Count);
    }
}
