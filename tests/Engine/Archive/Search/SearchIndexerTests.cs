using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Surveillance.Archive;
using Surveillance.Archive.Search;
using Surveillance.Messages;
using Surveillance.Storage.Sqlite;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Archive.Search;

public sealed class SearchIndexerTests : IAsyncDisposable
{
    private static readonly IdMaker Ids = new(Encoding.ASCII.GetBytes("a secret of thirty-two characters"));
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteMessageArchive _archive;
    private readonly SqliteSearchIndex _index;

    public SearchIndexerTests()
    {
        _archive = new SqliteMessageArchive(_folder.File("archive.db"), Ids, TimeProvider.System);
        _index = new SqliteSearchIndex(_folder.File("search.db"), Ids);
    }

    public async ValueTask DisposeAsync()
    {
        _index.Dispose();
        await _archive.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Step_EntriesThatAreNoMessages_AreCountedOnlyWhereTheyWereMeantToBeOne()
    {
        await KeepAsync(A.Message("one"));
        await _archive.AppendAsync(
            [
                ArchiveItem.Unreadable(Encoding.UTF8.GetBytes("{ no json"), DateTimeOffset.UnixEpoch, Ids),
                ArchiveItem.Of(new ConsentEntry("+4915112345678", "marketing", ConsentState.Granted, DateTimeOffset.UnixEpoch), default, Ids),
            ], null, default);
        await KeepAsync(A.Message("two", id: "same"));
        await KeepAsync(A.Message("another two", id: "same"));
        await using var indexer = NewIndexer();
        Assert.Equal(5, await indexer.StepAsync(default));
        Assert.Equal((5, 1), (_index.Read().IndexedTo, _index.Read().Skipped));
        Assert.Equal([5, 4], (await _index.FindAsync(Parse("two"), null, 10, default))!.Hits.Select(h => h.Position));
        Assert.Equal(0, await indexer.StepAsync(default));
    }

    [Fact]
    public async Task Step_ContentThatCannotBeReadBack_IsSkippedAndTheRestIsIndexed()
    {
        for (var i = 0; i < 9; i++) { await KeepAsync(A.Message("rate")); }
        Damage(3, "x'00'");
        Damage(4, "x'01' || zeroblob(16) || x'00000002' || CAST('{}' AS BLOB)"); // well formed as a row, but no message
        Damage(9, "x'00'");
        await using var reopened = new SqliteMessageArchive(_folder.File("archive.db"), Ids, TimeProvider.System); // without the last entries in memory
        await using var indexer = NewIndexer(reopened);
        for (var i = 0; i < 20; i++) { await indexer.StepAsync(default); }
        Assert.Equal((9, 3), (_index.Read().IndexedTo, _index.Read().Skipped));
        Assert.Equal(6, await _index.CountAsync(Parse("rate"), default));
    }

    [Fact]
    public async Task Step_IndexOfAnotherArchive_BeginsAnew()
    {
        for (var i = 0; i < 3; i++) { await KeepAsync(A.Message("rate")); }
        await using (var indexer = NewIndexer()) { await indexer.StepAsync(default); }
        await using var other = new SqliteMessageArchive(_folder.File("restored.db"), Ids, TimeProvider.System);
        foreach (var text in new[] { "tea", "coffee", "milk", "water" })
        {
            await other.AppendAsync([ArchiveItem.Of(A.Message(text), default, Ids)], null, default);
        }
        await using var anew = NewIndexer(other);
        await anew.StepAsync(default);
        Assert.Equal(4, _index.Read().IndexedTo);
        Assert.Equal(0, await _index.CountAsync(Parse("rate"), default));
        Assert.Equal(1, await _index.CountAsync(Parse("coffee"), default));
    }

    [Fact]
    public async Task Step_IndexAheadOfTheArchive_BeginsAnew()
    {
        for (var i = 0; i < 3; i++) { await KeepAsync(A.Message("rate")); }
        await using (var indexer = NewIndexer()) { await indexer.StepAsync(default); }
        await using var restored = new SqliteMessageArchive(_folder.File("restored.db"), Ids, TimeProvider.System);
        await restored.AppendAsync([ArchiveItem.Of(A.Message("tea"), default, Ids)], null, default);
        await using var anew = NewIndexer(restored);
        Assert.Equal(1, await anew.StepAsync(default));
        Assert.Equal(0, await _index.CountAsync(Parse("rate"), default));
    }

    [Fact]
    public async Task Start_MessagesThatArrive_AreIndexedAndARebuildFindsThemAgain()
    {
        await using var indexer = NewIndexer(pace: new SearchPace { Gather = TimeSpan.Zero, Rest = 0, BusyRest = 0 });
        indexer.Start();
        for (var i = 0; i < 5; i++)
        {
            var position = await KeepAsync(A.Message("rate"));
            await Eventually.IsTrueAsync(() => _index.Read().IndexedTo >= position, "the message is indexed");
        }
        await indexer.RebuildAsync(default);
        await Eventually.IsTrueAsync(() => _index.Read().IndexedTo == 5, "everything is indexed again");
        Assert.Equal(5, await _index.CountAsync(Parse("rate"), default));
        Assert.Null(indexer.Trouble);
    }

    [Fact]
    public async Task Start_Busy_RestsLongAfterABatchAndGoesOnAllTheSame()
    {
        var time = new ManualTime();
        await KeepAsync([.. Enumerable.Range(0, 40).Select(_ => A.Message("rate"))]);
        await using var indexer = new SearchIndexer(
            _archive, _index, Ids, () => true, new SearchPace { Batch = 10, BusyRest = 1e9 }, time, NullLogger<SearchIndexer>.Instance);
        indexer.Start();
        await Eventually.IsTrueAsync(() => _index.Read().IndexedTo == 10, "the first batch is in");
        await Eventually.IsTrueAsync(() => _index.Read().IndexedTo == 40, "the others follow as the clock moves", () => time.Advance(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Start_IndexThatCannotBeWritten_SaysSoAndGoesOnWhenItCan()
    {
        var time = new ManualTime();
        await KeepAsync(A.Message("rate"));
        using var index = new SqliteSearchIndex(_folder.File("later/search.db"), Ids);
        await using var indexer = new SearchIndexer(_archive, index, Ids, () => false, new SearchPace(), time, NullLogger<SearchIndexer>.Instance);
        indexer.Start();
        await Eventually.IsTrueAsync(() => indexer.Trouble is not null, "it is in trouble");
        Directory.CreateDirectory(_folder.File("later"));
        await Eventually.IsTrueAsync(() => indexer.Trouble is null, "it goes on", () => time.Advance(TimeSpan.FromSeconds(1)));
        Assert.Equal(1, await index.CountAsync(Parse("rate"), default));
    }

    private SearchIndexer NewIndexer(IMessageArchive? archive = null, SearchPace? pace = null) =>
        new(archive ?? _archive, _index, Ids, () => false, pace ?? new SearchPace(), TimeProvider.System, NullLogger<SearchIndexer>.Instance);

    private async Task<long> KeepAsync(params CapturedMessage[] messages) =>
        (await _archive.AppendAsync([.. messages.Select(m => ArchiveItem.Of(m, default, Ids))], null, default))[^1].Position;

    private void Damage(long position, string body)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _folder.File("archive.db"), Pooling = false }.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = $"UPDATE contents SET body = CAST({body} AS BLOB) WHERE position = {position}";
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static SearchQuery Parse(string text) => SearchQueryParser.Parse(text).Query!;
}
