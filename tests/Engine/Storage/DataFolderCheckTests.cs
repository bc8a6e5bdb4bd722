using Microsoft.Data.Sqlite;
using Surveillance.Archive;
using Surveillance.Health;
using Surveillance.Messages;
using Surveillance.Storage.Sqlite;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Storage;

public sealed class DataFolderCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();

    private string Data => _folder.File("data");

    private string Archive => Path.Combine(Data, "archive.db");

    public void Dispose() => _folder.Dispose();

    private IReadOnlyList<CheckResult> Check() => [.. new DataFolderCheck(Data, _time).Run(_ => { }, default)];

    private CheckResult Finding() => Assert.Single(Check(), r => r.State == CheckState.Finding);

    /// <summary>A folder with an archive of some messages, a commit each hundred, and a work database.</summary>
    private async Task FillAsync(int messages = 400, bool close = true)
    {
        using var folder = DataFolder.Open(Data, "test");
        var archive = new SqliteMessageArchive(folder.ArchiveFile, folder.Ids, _time);
        foreach (var chunk in Enumerable.Range(0, messages).Chunk(100))
        {
            await archive.AppendAsync([.. chunk.Select(i => A.Message("words " + i + new string('x', 300))).Select(m => ArchiveItem.Of(m, CapturedMessageJson.Write(m), folder.Ids))], null, default);
        }
        var work = new WorkDatabase(folder.WorkFile, SqliteWorkStore.Schema);
        if (close)
        {
            await archive.DisposeAsync();
            await work.DisposeAsync();
        }
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Archive};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // statements of this test
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    [Fact]
    public void Run_NoFolder_IsFineAndMakesNone()
    {
        Assert.All(Check(), r => Assert.Equal(CheckState.Ok, r.State));
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task Run_WholeFolder_FindsNothingAndLeavesNothing()
    {
        await FillAsync();
        var before = Directory.GetFileSystemEntries(Data).Order().Select(f => (f, File.Exists(f) ? new FileInfo(f).Length : -1)).ToArray();

        var results = Check();

        Assert.All(results, r => Assert.True(r.State == CheckState.Ok, r.What));
        Assert.Contains(results, r => r.What.StartsWith("The last 4 seals of the archive fit its entries, up to 400", StringComparison.Ordinal));
        Assert.Contains(results, r => r.What == "No process holds the folder.");
        Assert.Equal(before, Directory.GetFileSystemEntries(Data).Order().Select(f => (f, File.Exists(f) ? new FileInfo(f).Length : -1)));
    }

    [Fact]
    public async Task Run_FolderHeld_NamesTheHolderAndReadsWhatIsBeingWritten()
    {
        using var held = DataFolder.Open(Data, "backup");
        await using var archive = new SqliteMessageArchive(held.ArchiveFile, held.Ids, _time);
        var message = A.Message();
        await archive.AppendAsync([ArchiveItem.Of(message, default, held.Ids)], null, default);

        var results = Check();

        Assert.All(results, r => Assert.True(r.State == CheckState.Ok, r.What));
        Assert.Contains(results, r => r.What == $"The folder is in use by `surveillance backup` (process {Environment.ProcessId}).");
        Assert.Contains(results, r => r.What.Contains("up to 1.", StringComparison.Ordinal));
        await archive.AppendAsync([ArchiveItem.Of(A.Message(), default, held.Ids)], null, default); // it was not kept from writing
    }

    [Fact]
    public async Task FindHolder_LetGo_IsNobody()
    {
        await FillAsync(1);
        Assert.True(File.Exists(Path.Combine(Data, "holder.json")));
        Assert.Null(DataFolderCheck.FindHolder(Data));
    }

    [Fact]
    public async Task Run_BytesOverwritten_SaysThatTheFileIsDamaged()
    {
        await FillAsync();
        using (var file = File.OpenWrite(Archive))
        {
            var noise = new byte[64 * 1024];
            new Random(1).NextBytes(noise);
            file.Position = file.Length / 2 / 4_096 * 4_096;
            file.Write(noise);
        }
        var finding = Finding();
        Assert.Matches("^archive.db is damaged: (SQLite's check finds (at least )?[0-9]+ things? wrong in it|it cannot be read as a database).$", finding.What);
        Assert.Contains("restore the last backup", finding.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_RowThatBreaksARule_IsCountedAndNotQuoted()
    {
        await FillAsync(1);
        Execute("CREATE TABLE notes(zwirbelquast TEXT); INSERT INTO notes VALUES(NULL)");
        Execute("PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE notes(zwirbelquast TEXT NOT NULL)' WHERE name = 'notes'");
        Assert.Equal("archive.db is damaged: SQLite's check finds 1 thing wrong in it.", Finding().What);
    }

    [Theory]
    [InlineData("search.db", "delete search.db, search.db-wal and search.db-shm")]
    [InlineData("work.db", "restore the last backup")]
    public async Task Run_FileDamaged_SaysWhatMendsThatFile(string name, string fix)
    {
        await FillAsync(1);
        await File.WriteAllTextAsync(Path.Combine(Data, name), "no database at all".PadRight(8_192, '!'));
        var finding = Finding();
        Assert.StartsWith(name + " is damaged: ", finding.What, StringComparison.Ordinal);
        Assert.Contains(fix, finding.Fix, StringComparison.Ordinal);
        Assert.Equal(name != "search.db", finding.Fix!.Contains("backup", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("no database at all, but long enough to be looked at as one")]
    [InlineData("SQLite format 3\0then nothing that makes sense")]
    public async Task Run_NoDatabase_SaysThatTheFileIsDamaged(string content)
    {
        await FillAsync(1);
        await File.WriteAllTextAsync(Archive, content.PadRight(8_192, '!'));
        Assert.StartsWith("archive.db is damaged: ", Finding().What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE contents SET body = zeroblob(length(body)) WHERE position = 399", "content of entry 399")]
    [InlineData("UPDATE entries SET leaf = zeroblob(32) WHERE position = 250", "seal of entries 201 to 300")]
    [InlineData("UPDATE seals SET hash = zeroblob(32) WHERE position = 100", "seal of entries 1 to 100")]
    [InlineData("DELETE FROM seals WHERE position = 400", "the last entry is 400, the last seal is of 300")]
    [InlineData("DELETE FROM entries WHERE position = 400", "the last entry is 399, the last seal is of 400")]
    [InlineData("DELETE FROM entries WHERE position = 350", "seal of entries 301 to 400")]
    public async Task Run_SomethingKeptWasChanged_SaysWhere(string change, string where)
    {
        await FillAsync();
        Execute(change);
        var finding = Finding();
        Assert.Contains(where, finding.What, StringComparison.Ordinal);
        Assert.StartsWith("The seals of archive.db do not fit", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ContentErased_StillFits()
    {
        await FillAsync();
        Execute("DELETE FROM contents WHERE position IN (399, 17)");
        Assert.All(Check(), r => Assert.True(r.State == CheckState.Ok, r.What));
    }

    [Fact]
    public async Task Run_ClockSetBack_TellsByHowMuch()
    {
        await FillAsync(1);
        var finding = Assert.Single(new DataFolderCheck(Data, new ManualTime(_time.GetUtcNow().AddHours(-2))).Run(_ => { }, default), r => r.State == CheckState.Finding);
        Assert.Equal(("clock", true), (finding.Area, finding.What.Contains("7,200 s later", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Run_KeyLost_SaysWhatHangsOnIt()
    {
        await FillAsync(1);
        File.Delete(Path.Combine(Data, "instance.key"));
        Assert.StartsWith("instance.key is missing", Finding().What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OpenToOthers_SaysHowToCloseIt()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has other rights.");
            return;
        }
        await FillAsync(1);
        File.SetUnixFileMode(Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
        Assert.Equal($"chmod 700 {Data}", Finding().Fix);
    }

    [Fact]
    public void Run_FolderIsAFile_IsUnreadable()
    {
        File.WriteAllText(Data, "");
        Assert.Equal(CheckState.Unreadable, Assert.Single(Check()).State);
    }

    [Fact]
    public async Task Run_DatabaseIsAFolder_IsUnreadable()
    {
        await FillAsync(1);
        File.Delete(Archive);
        Directory.CreateDirectory(Archive);
        Assert.Equal("archive.db is a folder.", Assert.Single(Check(), r => r.State == CheckState.Unreadable).What);
    }

    [Fact]
    public async Task Run_LogLeftByAKill_IsReadToo()
    {
        await FillAsync(100, close: false); // the connections go with the process, as a kill leaves them
        Assert.True(new FileInfo(Archive + "-wal").Length > 0);
        Assert.Contains(Check(), r => r.What.Contains("up to 100", StringComparison.Ordinal));
    }
}
