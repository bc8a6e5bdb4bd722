using Surveillance.Engine.Tests.Health;
using Surveillance.Health;
using Surveillance.Pipeline;
using Surveillance.Storage.Sqlite;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Storage;

public sealed class SqliteSourceHistoryTests : SourceHistoryContract, IAsyncDisposable
{
    private readonly SqliteWork _work = new();

    protected override ISourceHistory History => new SqliteSourceHistory(_work.Database);

    protected override IWorkStore Work => _work.Store;

    public ValueTask DisposeAsync() => _work.DisposeAsync();

    [Fact]
    public void Status_Folder_TellsEachDatabaseWithItsLog()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("work.db"), new byte[100]);
        File.WriteAllBytes(folder.File("archive.db"), new byte[1_000]);
        File.WriteAllBytes(folder.File("archive.db-wal"), new byte[500]);
        File.WriteAllBytes(folder.File("archive.db-shm"), new byte[9_000]);
        var state = new DataFolderStatus(folder.Path).Read();
        Assert.Equal([new StoredFile("archive.db", 1_500), new StoredFile("work.db", 100)], state.Files);
        Assert.True(state.FreeBytes > 0 && state.TotalBytes >= state.FreeBytes);
        Assert.StartsWith("SQLite 3.", state.Engine, StringComparison.Ordinal);
    }

    [Fact]
    public void Status_NoFolder_HasNoFiles() => Assert.Empty(new DataFolderStatus(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"))).Read().Files);
}
