using Surveillance.Archive;
using Surveillance.Backups;
using Surveillance.Storage.Sqlite.Backups;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Storage.Backups;

public sealed class SqliteBackupMakerTests : IAsyncLifetime
{
    private readonly BackedUpFolder _room = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _room.DisposeAsync();

    [Fact]
    public async Task Make_HoldsEverythingThatCannotBeMadeAgain()
    {
        await _room.FillAsync(30);
        await File.WriteAllTextAsync(_room.Data.File("search.db"), "an index");
        var made = await _room.BackUpAsync();
        Assert.Equal(["archive.db", "instance.key", "keys/key-1.xml", "work.db"], made.Files.Select(f => f.Name).Order(StringComparer.Ordinal));
        Assert.Equal([], made.NotTaken);
        Assert.Equal((30, 30, 30), (made.Archive.Position, made.Checkpoints.Lowest, made.Checkpoints.Highest));
        Assert.Equal(["archive.db", "instance.key", "keys", "manifest.json", "work.db"], Names(_room.Path("backup")));
        Assert.Equal(made.Write(), await File.ReadAllBytesAsync(_room.Path("backup/manifest.json")));
        Assert.True(SqliteBackup.Open(_room.Path("backup")).Verify(null, default).IsClean);
    }

    [Fact]
    public async Task Make_IsForItsOwnerAlone()
    {
        Directory.CreateDirectory(_room.Path("backup")); // as the process leaves it, open to others
        await _room.BackUpAsync();
        Assert.Equal(["600"], Directory.GetFiles(_room.Path("backup"), "*", SearchOption.AllDirectories).Select(BackedUpFolder.ModeOf).Distinct());
        Assert.Equal(["700", "700"], new[] { "backup", "backup/keys" }.Select(f => BackedUpFolder.ModeOf(_room.Path(f))));
    }

    [Fact]
    public async Task Make_SomethingUnknownInTheDataFolder_NamesItAsNotTaken()
    {
        await File.WriteAllTextAsync(_room.Data.File("notes.txt"), "mine");
        Assert.Equal(["notes.txt"], (await _room.BackUpAsync()).NotTaken);
    }

    [Fact]
    public async Task Make_IsAuditedInTheFolderAndInTheBackup()
    {
        var made = await _room.BackUpAsync();
        Assert.Equal($"backup.make backup:{made.Id}", (await _room.Audit.ReadAsync(0, 10, default)).Select(r => r.Entry.Action + " " + r.Entry.Object).Single());
        File.Copy(_room.Path("backup/work.db"), Directory.CreateDirectory(_room.Path("copy")).FullName + "/work.db");
        Assert.Equal([$"backup.make backup:{made.Id}"], await BackedUpFolder.AuditOfAsync(_room.Path("copy")));
    }

    [Fact]
    public async Task Make_WhileEntriesAreAdded_HasOneMomentOfEach()
    {
        await _room.FillAsync(2_000);
        using var stop = new CancellationTokenSource();
        var adding = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await _room.FillAsync(20);
            }
        });
        for (var i = 0; i < 5; i++)
        {
            var made = await _room.BackUpAsync("backup" + i);
            var verdict = SqliteBackup.Open(_room.Path("backup" + i)).Verify(null, default);
            Assert.True(verdict.LastPosition >= made.Checkpoints.Highest);
        }
        await stop.CancelAsync();
        await adding;
    }

    [Fact]
    public async Task Make_Cancelled_LeavesTheFolderAsItWasAndSaysSo()
    {
        await _room.FillAsync(100);
        Directory.CreateDirectory(_room.Path("empty"));
        foreach (var name in new[] { "empty", "absent" })
        {
            using var cancel = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _room.Maker.MakeAsync(
                _room.Path(name), "operator", step => { if (step.Stage.Contains("archive.db", StringComparison.Ordinal)) { cancel.Cancel(); } }, cancel.Token));
        }
        Assert.Empty(Names(_room.Path("empty")));
        Assert.False(Directory.Exists(_room.Path("absent")));
        Assert.Equal(["backup.make", "backup.give-up", "backup.make", "backup.give-up"], (await _room.Audit.ReadAsync(0, 10, default)).Select(r => r.Entry.Action));
        await _room.BackUpAsync();
    }

    [Fact]
    public async Task Make_TwoAtOnce_RefusesTheSecond()
    {
        Task? second = null;
        await _room.Maker.MakeAsync(_room.Path("backup"), "operator", _ => second ??= _room.BackUpAsync("other"), default);
        Assert.Equal(BackupFault.Conflict, (await Assert.ThrowsAsync<BackupException>(() => second!)).Fault);
        Assert.False(Directory.Exists(_room.Path("other")));
    }

    [Theory]
    [InlineData("data", BackupFault.Usage, "is the data folder")]
    [InlineData("data/inside", BackupFault.Usage, "lies in the data folder")]
    [InlineData("", BackupFault.Usage, "holds the data folder")]
    [InlineData("linked/inside", BackupFault.Usage, "lies in the data folder")]
    [InlineData("linked", BackupFault.Input, "is a symbolic link")]
    [InlineData("nowhere", BackupFault.Input, "is a symbolic link that leads nowhere")]
    [InlineData("file", BackupFault.Input, "there is a file of the name")]
    [InlineData("full", BackupFault.Conflict, "is not empty")]
    [InlineData("made", BackupFault.Conflict, "holds a backup already")]
    [InlineData("begun", BackupFault.Conflict, "the beginning of a backup that was cut off")]
    public async Task Make_PlaceThatCannotBe_SaysWhyAndWritesNothing(string place, BackupFault fault, string says)
    {
        Directory.CreateSymbolicLink(_room.Path("linked"), _room.Data.Path);
        Directory.CreateSymbolicLink(_room.Path("nowhere"), _room.Path("not-there"));
        await File.WriteAllTextAsync(_room.Path("file"), "");
        foreach (var (folder, file) in new[] { ("full", "x"), ("made", "manifest.json"), ("begun", "work.db") })
        {
            Directory.CreateDirectory(_room.Path(folder));
            await File.WriteAllTextAsync(_room.Path(folder + "/" + file), "");
        }
        var before = Names(_room.Path(""));
        var refused = await Assert.ThrowsAsync<BackupException>(() => _room.BackUpAsync(place));
        Assert.Equal(fault, refused.Fault);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.NotNull(refused.Help);
        Assert.Equal(before, Names(_room.Path("")));
        Assert.Empty(await _room.Audit.ReadAsync(0, 10, default));
    }

    [Fact]
    public async Task Make_TooLittleRoom_SaysHowMuchIsNeeded()
    {
        var refused = await Assert.ThrowsAsync<BackupException>(() =>
            new SqliteBackupMaker(_room.Data, _room.Audit, _room.Time) { FreeBytes = _ => 3_000_000 }.MakeAsync(_room.Path("backup"), "operator", null, default));
        Assert.Equal(BackupFault.Input, refused.Fault);
        Assert.Matches("has 3.0 MB free and [0-9.,]+ MB are needed", refused.Message);
        Assert.False(Directory.Exists(_room.Path("backup")));
    }

    [Fact]
    public async Task Make_FolderThatCannotBeMade_SaysWhich()
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() =>
            new SqliteBackupMaker(_room.Data, _room.Audit, _room.Time) { FreeBytes = _ => long.MaxValue }.MakeAsync("/proc/backup", "operator", null, default));
        Assert.Contains("/proc/backup", refused.Message, StringComparison.Ordinal);
    }

    private static string[] Names(string folder) => [.. Directory.EnumerateFileSystemEntries(folder).Select(p => System.IO.Path.GetFileName(p)).Order(StringComparer.Ordinal)];
}
