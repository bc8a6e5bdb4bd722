using System.Text;
using Microsoft.Data.Sqlite;
using Surveillance.Archive.Search;
using Surveillance.Engine.Tests.Archive.Search;
using Surveillance.Storage.Sqlite;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Storage;

public sealed class SqliteSearchIndexTests : SearchIndexContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("search.db");

    public void Dispose() => _folder.Dispose();

    protected override ISearchIndex OpenIndex() => new SqliteSearchIndex(Path, Ids);

    protected override ValueTask CloseAsync(ISearchIndex index)
    {
        ((SqliteSearchIndex)index).Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("not a database")]
    [InlineData("")]
    [InlineData("another program's")]
    [InlineData("another version's")]
    [InlineData("a table is missing")]
    [InlineData("cut off")]
    [InlineData("overwritten")]
    [InlineData("gone")]
    public async Task Open_FileThatIsNotAnIndexOfThisForm_SetsItAsideAndBeginsAnew(string what)
    {
        await FillAsync();
        await CloseAsync(Index);
        switch (what)
        {
            case "not a database": await File.WriteAllTextAsync(Path, new string('x', 20_000)); break;
            case "": await File.WriteAllBytesAsync(Path, []); break;
            case "another program's": Change("PRAGMA application_id=7"); break;
            case "another version's": Change("PRAGMA user_version=4711"); break;
            case "a table is missing": Change("DROP TABLE spans"); break;
            case "cut off": await File.WriteAllBytesAsync(Path, (await File.ReadAllBytesAsync(Path))[..8_192]); break;
            case "overwritten": Overwrite(); break;
            default: File.Delete(Path); break;
        }
        Index = OpenIndex();
        await RecoverAsync();
        Assert.Equal(300, (await FindAsync("rate")).Count);
        Assert.False(File.Exists(Path + ".set-aside"), "What was set aside goes when the index is complete again.");
    }

    [Fact]
    public async Task Find_FileOverwrittenWhileOpen_SaysSoOnceAndIsMadeAnew()
    {
        await FillAsync();
        await CloseAsync(Index); // what is committed goes into the file
        Index = OpenIndex();
        Assert.True(Index.Read().IndexedTo > 0);
        Overwrite();
        await Assert.ThrowsAsync<SearchUnavailableException>(() => FindAsync("rate"));
        Assert.Equal(0, Index.Read().IndexedTo);
        Assert.True(File.Exists(Path + ".set-aside"));
        await IndexAsync();
        Assert.Equal(300, (await FindAsync("rate")).Count);
    }

    [Fact]
    public async Task Find_FileDeletedWhileOpen_BeginsAnew()
    {
        await FillAsync();
        File.Delete(Path);
        Assert.Equal(0, Index.Read().IndexedTo);
        await IndexAsync();
        Assert.Equal(300, (await FindAsync("rate")).Count);
        Assert.True(File.Exists(Path));
    }

    [Fact]
    public async Task Open_NothingCanBeMadeThere_SaysSoAndGoesOnWhenItCan()
    {
        await CloseAsync(Index);
        var place = _folder.File("nowhere/search.db");
        using var index = new SqliteSearchIndex(place, Ids);
        Assert.Throws<SearchUnavailableException>(() => index.Read());
        await Assert.ThrowsAsync<SearchUnavailableException>(async () => await index.FindAsync(SearchQuery.Everything, null, 1, default));
        Directory.CreateDirectory(_folder.File("nowhere"));
        Assert.Equal(0, index.Read().IndexedTo);
    }

    [Fact]
    public async Task Remove_Messages_LeavesNoWordOfTheirsInAnyFile()
    {
        await FillAsync();
        var gone = await KeepAsync(A.Message("meet me at Zanzibar", from: new Surveillance.Messages.Participant("quorble@vexmail.example", null, "Quintavox")));
        await FillAsync();
        Assert.Contains("zanzibar", Everything(), StringComparison.Ordinal);
        Assert.Contains("quintavox", Everything(), StringComparison.Ordinal);
        await Index.RemoveAsync([gone], default);
        foreach (var word in new[] { "zanzibar", "quorble", "quintavox", Ids.Person("quorble@vexmail.example").ToString() })
        {
            Assert.DoesNotContain(word, Everything(), StringComparison.Ordinal);
        }
        Assert.Equal(600, (await FindAsync("rate")).Count);
    }

    [Fact]
    public async Task Find_SearchOfEverythingWhileAddingAndClearing_NeverBreaks()
    {
        await FillAsync();
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await Index.FindAsync(Parse("rate"), null, 200, default);
            }
        })).ToArray();
        for (var i = 0; i < 10; i++)
        {
            await Index.ClearAsync(default);
            await IndexAsync(batch: 100);
        }
        await stop.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Equal(300, (await FindAsync("rate")).Count);
    }

    private async Task FillAsync()
    {
        var messages = Enumerable.Range(0, 300).Select(i => A.Message($"the rate of number {i}")).ToList();
        await Archive.AppendAsync([.. messages.Select(m => Surveillance.Archive.ArchiveItem.Of(m, default, Ids))], null, default);
        await IndexAsync(batch: 50);
    }

    /// <summary>Indexes until the damage has been met and mended: what is damaged shows when it is looked at.</summary>
    private async Task RecoverAsync()
    {
        for (var tries = 0; tries < 3; tries++)
        {
            try
            {
                await IndexAsync();
                await FindAsync("rate");
                return;
            }
            catch (SearchUnavailableException)
            {
                continue;
            }
        }
    }

    private void Change(string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false }.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>Writes noise over every page but the first.</summary>
    private void Overwrite()
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Position = 4_096;
        var noise = new byte[file.Length - 4_096];
        new Random(3).NextBytes(noise);
        file.Write(noise);
    }

    private string Everything() => string.Concat(Directory.EnumerateFiles(_folder.Path).Select(f =>
    {
        using var file = new FileStream(f, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return Encoding.Latin1.GetString(bytes);
    }));
}
