using Microsoft.Data.Sqlite;
using Surveillance.Archive;
using Surveillance.Engine.Tests.Archive;
using Surveillance.Messages;
using Surveillance.Storage.Sqlite;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Storage;

public sealed class SqliteMessageArchiveTests : MessageArchiveContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override IMessageArchive OpenArchive() => new SqliteMessageArchive(_folder.File("archive.db"), Ids, TimeProvider.System);

    protected override ValueTask CloseAsync(IMessageArchive archive) => ((SqliteMessageArchive)archive).DisposeAsync();

    [Fact]
    public async Task Append_DiskFull_KeepsNothingOfTheBatchAndGoesOnWhenThereIsRoom()
    {
        var path = _folder.File("small.db");
        var kept = 0;
        await using (var small = new SqliteMessageArchive(path, Ids, TimeProvider.System, maxPages: 60))
        {
            await Assert.ThrowsAsync<ArchiveUnavailableException>(async () =>
            {
                while (true)
                {
                    var batch = Enumerable.Range(0, 20).Select(_ => A.Message(new string('x', 500))).Select(m => ArchiveItem.Of(m, CapturedMessageJson.Write(m), Ids)).ToArray();
                    kept += (await small.AppendAsync(batch, null, default)).Count;
                }
            });
            Assert.Equal(kept, small.LastPosition);
        }
        await using var roomy = new SqliteMessageArchive(path, Ids, TimeProvider.System);
        Assert.Equal(kept, roomy.LastPosition);
        var message = A.Message();
        var receipts = await roomy.AppendAsync([ArchiveItem.Of(message, default, Ids)], null, default);
        Assert.Equal(kept + 1, receipts[0].Position);
    }

    [Fact]
    public async Task Entries_Shells_HoldNoAddressNameIdOrText()
    {
        var path = _folder.File("shells.db");
        await using (var archive = new SqliteMessageArchive(path, Ids, TimeProvider.System))
        {
            var message = A.Message("the secret words", id: "native-id-77");
            await archive.AppendAsync([ArchiveItem.Of(message, CapturedMessageJson.Write(message), Ids)], null, default);
        }
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "DELETE FROM contents; VACUUM; PRAGMA wal_checkpoint(TRUNCATE);";
            command.ExecuteNonQuery();
        }
        connection.Close();
        var bytes = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(path));
        foreach (var word in new[] { "secret words", "native-id-77", "442079460000", "4915112345678", "Vogel", "Shah" })
        {
            Assert.DoesNotContain(word, bytes, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Open_WithAnotherKey_IsRefused()
    {
        using var folder = new TemporaryFolder();
        await using (var archive = new SqliteMessageArchive(folder.File("archive.db"), A.Ids, new ManualTime()))
        {
            await archive.AppendAsync([ArchiveItem.Of(A.Message(), default, A.Ids)], null, default);
        }
        var refused = Assert.Throws<IOException>(() => new SqliteMessageArchive(folder.File("archive.db"), new IdMaker(new byte[32]), new ManualTime()));
        Assert.Contains("instance.key", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoDatabase_SaysWhichFileIsDamaged()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("archive.db"), new string('x', 10_000));
        var refused = Assert.Throws<DatabaseDamagedException>(() => new SqliteMessageArchive(folder.File("archive.db"), A.Ids, new ManualTime()));
        Assert.Contains("archive.db", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DataFolder_ArchiveWithoutItsKey_IsRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("archive.db"), "an archive");
        var refused = Assert.Throws<IOException>(() => DataFolder.Open(folder.Path, "a test"));
        Assert.Contains("instance.key", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("instance.key")));
    }
}
