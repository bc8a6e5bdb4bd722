using Microsoft.Data.Sqlite;
using Surveillance.Archive;
using Surveillance.Backups;
using Surveillance.Storage.Sqlite;
using Surveillance.Storage.Sqlite.Backups;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Storage.Backups;

public sealed class SqliteRestoreTests : IAsyncLifetime
{
    private readonly BackedUpFolder _room = new();

    public async ValueTask InitializeAsync()
    {
        await _room.FillAsync(30);
        await _room.BackUpAsync();
    }

    public ValueTask DisposeAsync() => _room.DisposeAsync();

    private SqliteBackup Backup => SqliteBackup.Open(_room.Path("backup"));

    private Task<RestoreReport> RestoreAsync(string target, string? confirm = null, Action<BackupStep>? progress = null, CancellationToken cancel = default) =>
        _room.Restore.RunAsync(Backup, _room.Path(target), confirm, "operator", progress, cancel);

    [Fact]
    public async Task Run_NewFolder_IsTheDataFolderThatWasBackedUp()
    {
        var report = await RestoreAsync("new");
        Assert.Equal((_room.Path("new"), null), (report.Folder, report.SetAside));
        using var data = DataFolder.Open(_room.Path("new"), "serve");
        Assert.False(data.IsNew);
        Assert.Equal(_room.Data.Ids.Person("someone"), data.Ids.Person("someone"));
        await using var archive = new SqliteMessageArchive(data.ArchiveFile, data.Ids, _room.Time);
        Assert.Equal(30, archive.LastPosition);
        await archive.AppendAsync([ArchiveItem.Of(A.Message(), default, data.Ids)], null, default);
        using var evidence = SqliteArchiveEvidence.Open(data.ArchiveFile);
        Assert.True(ArchiveVerifier.Verify(evidence, data.Ids, null, default).IsClean);
        Assert.Equal("<key/>", await File.ReadAllTextAsync(data.File("keys/key-1.xml")));
    }

    [Fact]
    public async Task Run_IsAuditedAndForItsOwnerAlone()
    {
        await RestoreAsync("new");
        Assert.Equal(["600"], Backup.Manifest.Files.Select(f => BackedUpFolder.ModeOf(_room.Path("new/" + f.Name))).Distinct());
        Assert.Equal("700", BackedUpFolder.ModeOf(_room.Path("new")));
        Assert.Equal([$"backup.make backup:{Backup.Manifest.Id}", $"backup.restore backup:{Backup.Manifest.Id}"], await BackedUpFolder.AuditOfAsync(_room.Path("new")));
    }

    [Fact]
    public async Task Run_FolderWithData_IsSetAsideOnlyWhenItsNameIsGiven()
    {
        using (DataFolder.Open(_room.Path("old"), "serve")) { }
        await File.WriteAllTextAsync(_room.Path("old/precious"), "words");
        foreach (var confirm in new[] { null, "", "yes", "backup" })
        {
            var refused = await Assert.ThrowsAsync<BackupException>(() => RestoreAsync("old", confirm));
            Assert.Equal(BackupFault.Conflict, refused.Fault);
            Assert.Contains("--confirm=old", refused.Help, StringComparison.Ordinal);
        }
        var report = await RestoreAsync("old", "old");
        Assert.Equal(_room.Path("old.before-20260504T090000Z"), report.SetAside);
        Assert.Equal("words", await File.ReadAllTextAsync(report.SetAside + "/precious"));
        Assert.False(File.Exists(_room.Path("old/precious")));
        using var data = DataFolder.Open(_room.Path("old"), "serve");
    }

    [Fact]
    public async Task Run_FolderInUse_IsRefusedAndStays()
    {
        using var old = DataFolder.Open(_room.Path("old"), "serve");
        await Assert.ThrowsAsync<DataFolderInUseException>(() => RestoreAsync("old", "old"));
        Assert.True(File.Exists(_room.Path("old/instance.key")));
    }

    [Fact]
    public async Task Run_Cancelled_LeavesWhatWasThere()
    {
        using (DataFolder.Open(_room.Path("old"), "serve")) { }
        await File.WriteAllTextAsync(_room.Path("old/precious"), "words");
        foreach (var target in new[] { "old", "new" })
        {
            using var cancel = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RestoreAsync(target, target, _ => cancel.Cancel(), cancel.Token));
        }
        Assert.Equal("words", await File.ReadAllTextAsync(_room.Path("old/precious")));
        Assert.Equal(["backup", "data", "old"], Directory.EnumerateFileSystemEntries(_room.Path("")).Select(p => System.IO.Path.GetFileName(p)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Run_AfterOneThatWasKilled_FinishesIt()
    {
        await RestoreAsync("new");
        await File.WriteAllTextAsync(_room.Path("new/restore.unfinished"), ""); // as a kill leaves it
        await File.WriteAllTextAsync(_room.Path("new/archive.db"), "half");
        Assert.Contains("cut off", Assert.Throws<IOException>(() => DataFolder.Open(_room.Path("new"), "serve")).Message, StringComparison.Ordinal);
        await RestoreAsync("new");
        using var data = DataFolder.Open(_room.Path("new"), "serve");
        using var evidence = SqliteArchiveEvidence.Open(data.ArchiveFile);
        Assert.True(ArchiveVerifier.Verify(evidence, data.Ids, null, default).IsClean);
    }

    [Fact]
    public async Task Run_FolderWithData_StaysInItsPlaceAndHeldUntilTheNewOneIsWhole()
    {
        await MakeOldAsync();
        var started = 0;
        await RestoreAsync("old", "old", _ =>
        {
            Assert.Throws<DataFolderInUseException>(() => DataFolder.Open(_room.Path("old"), "serve"));
            started++;
        });
        Assert.True(started > 0);
        Assert.Equal(["backup", "data", "old", "old.before-20260504T090000Z"], Names());
    }

    [Fact]
    public async Task Run_ServiceStartsBetweenTheTwoRenames_SaysWhereEverythingLies()
    {
        await MakeOldAsync();
        var restore = new SqliteRestore(_room.Time)
        {
            Rename = (from, to) =>
            {
                Directory.Move(from, to);
                if (from == _room.Path("old"))
                {
                    DataFolder.Open(from, "serve").Dispose();
                }
            },
        };
        var refused = await Assert.ThrowsAsync<BackupException>(() => restore.RunAsync(Backup, _room.Path("old"), "old", "operator", null, default));
        Assert.Equal(BackupFault.Conflict, refused.Fault);
        Assert.Contains($"in {_room.Path("old.restoring")}, what was there before in {_room.Path("old.before-20260504T090000Z")}", refused.Help, StringComparison.Ordinal);
        Assert.Equal("words", await File.ReadAllTextAsync(_room.Path("old.before-20260504T090000Z/precious")));
        using var restored = DataFolder.Open(_room.Path("old.restoring"), "serve");
        using var evidence = SqliteArchiveEvidence.Open(restored.ArchiveFile);
        Assert.True(ArchiveVerifier.Verify(evidence, restored.Ids, null, default).IsClean);
        Assert.True(File.Exists(_room.Path("old/instance.key")));
    }

    [Theory]
    [InlineData(1, "cannot be set aside")]
    [InlineData(2, "what was there is there again")]
    public async Task Run_ARenameFails_LeavesWhatWasThere(int which, string says)
    {
        await MakeOldAsync();
        var renames = 0;
        var restore = new SqliteRestore(_room.Time)
        {
            Rename = (from, to) =>
            {
                if (++renames == which)
                {
                    throw new IOException("no");
                }
                Directory.Move(from, to);
            },
        };
        var refused = await Assert.ThrowsAsync<BackupException>(() => restore.RunAsync(Backup, _room.Path("old"), "old", "operator", null, default));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Equal("words", await File.ReadAllTextAsync(_room.Path("old/precious")));
        Assert.Equal(["backup", "data", "old"], Names());
    }

    [Fact]
    public async Task Run_WhatLiesWhereTheNewOneIsMade_IsNeverOverwritten()
    {
        await MakeOldAsync();
        Directory.CreateDirectory(_room.Path("old.restoring"));
        await File.WriteAllTextAsync(_room.Path("old.restoring/notes"), "of somebody");
        var refused = await Assert.ThrowsAsync<BackupException>(() => RestoreAsync("old", "old"));
        Assert.Equal((BackupFault.Conflict, $"{_room.Path("old.restoring")} is in the way"), (refused.Fault, refused.Message));
        Assert.Equal("of somebody", await File.ReadAllTextAsync(_room.Path("old.restoring/notes")));
    }

    [Fact]
    public async Task Run_AfterOneThatWasKilledBesideTheFolder_FinishesIt()
    {
        await MakeOldAsync();
        Directory.CreateDirectory(_room.Path("old.restoring"));
        await File.WriteAllTextAsync(_room.Path("old.restoring/restore.unfinished"), "");
        await File.WriteAllTextAsync(_room.Path("old.restoring/archive.db"), "half");
        using (DataFolder.Open(_room.Path("old"), "serve")) { } // what was there goes on until then
        await RestoreAsync("old", "old");
        Assert.Equal(["backup", "data", "old", "old.before-20260504T090000Z"], Names());
    }

    private async Task MakeOldAsync()
    {
        using (DataFolder.Open(_room.Path("old"), "serve")) { }
        await File.WriteAllTextAsync(_room.Path("old/precious"), "words");
    }

    private IEnumerable<string> Names() => Directory.EnumerateFileSystemEntries(_room.Path("")).Select(p => System.IO.Path.GetFileName(p)).Order(StringComparer.Ordinal);

    [Fact]
    public async Task Run_FileThatChangesAfterItWasVerified_IsRefusedAndNothingStays()
    {
        var backup = Backup;
        backup.Verify(null, default);
        await File.WriteAllBytesAsync(_room.Path("backup/instance.key"), new byte[32]);
        var refused = await Assert.ThrowsAsync<BackupException>(() => _room.Restore.RunAsync(backup, _room.Path("new"), null, "operator", null, default));
        Assert.Equal(["instance.key changed after it was verified."], refused.Findings);
        Assert.False(Directory.Exists(_room.Path("new")));
    }

    [Theory]
    [InlineData("backup", BackupFault.Usage, "is the backup")]
    [InlineData("backup/data", BackupFault.Usage, "lies in the backup")]
    [InlineData("linked", BackupFault.Input, "is a symbolic link")]
    [InlineData("file", BackupFault.Input, "there is a file of the name")]
    public async Task Run_TargetThatCannotBe_SaysWhy(string target, BackupFault fault, string says)
    {
        Directory.CreateDirectory(_room.Path("elsewhere"));
        Directory.CreateSymbolicLink(_room.Path("linked"), _room.Path("elsewhere"));
        await File.WriteAllTextAsync(_room.Path("file"), "");
        var refused = await Assert.ThrowsAsync<BackupException>(() => RestoreAsync(target, target));
        Assert.Equal(fault, refused.Fault);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RefuseTarget_TooLittleRoom_SaysHowMuchIsNeeded() => Assert.Contains(
        "MB are needed", Assert.Throws<BackupException>(() => new SqliteRestore(_room.Time) { FreeBytes = _ => 17 }.RefuseTarget(Backup, _room.Path("new"), null)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("truncate", "archive.db has ")]
    [InlineData("flip", "archive.db does not have the bytes that were written")]
    [InlineData("remove", "archive.db is missing")]
    [InlineData("link", "archive.db is a symbolic link")]
    public void Verify_FileThatIsNotAsItWas_SaysWhich(string how, string says)
    {
        var file = _room.Path("backup/archive.db");
        var bytes = File.ReadAllBytes(file);
        switch (how)
        {
            case "truncate": File.WriteAllBytes(file, bytes[..^4096]); break;
            case "flip": bytes[5_000] ^= 1; File.WriteAllBytes(file, bytes); break;
            case "remove": File.Delete(file); break;
            default: File.Move(file, _room.Path("elsewhere.db")); File.CreateSymbolicLink(file, _room.Path("elsewhere.db")); break;
        }
        var refused = Assert.Throws<BackupException>(() => Backup.Verify(null, default));
        Assert.Equal(BackupFault.Broken, refused.Fault);
        Assert.Contains(says, Assert.Single(refused.Findings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("archive.db", "UPDATE contents SET body = x'00' WHERE position = 7", "The content of entry 7 does not fit its leaf.")]
    [InlineData("archive.db", "DELETE FROM entries WHERE position > 20; DELETE FROM contents WHERE position > 20; DELETE FROM seals", "Entries 1 to 20 have no seal.")]
    [InlineData("work.db", "UPDATE checkpoints SET position = 99 WHERE partition = 3", "The results (checkpoints.position) go to position 99, the archive only to 30.")]
    [InlineData("work.db", "INSERT INTO evaluations(position, known_to, activation) VALUES(31, 31, 1)", "The results (evaluations.position) go to position 31, the archive only to 30.")]
    public void Verify_DatabaseThatWasChangedTogetherWithTheManifest_SaysWhat(string file, string sql, string says)
    {
        Change(file, sql);
        SealAgain();
        var refused = Assert.Throws<BackupException>(() => Backup.Verify(null, default));
        Assert.Contains(says, refused.Findings);
    }

    [Fact]
    public async Task Verify_ArchiveCutToAnEarlierSeal_IsToldByTheManifest()
    {
        await _room.FillAsync(10);
        await _room.BackUpAsync("later");
        File.Delete(_room.Path("later/archive.db"));
        File.Copy(_room.Path("backup/archive.db"), _room.Path("later/archive.db"));
        SealAgain("later");
        var refused = Assert.Throws<BackupException>(() => SqliteBackup.Open(_room.Path("later")).Verify(null, default));
        Assert.Contains("The archive ends with entry 30, the manifest says 40; or its last seal is another.", refused.Findings);
    }

    [Fact]
    public void Verify_DamagedPages_AreFoundByTheIntegrityCheck()
    {
        var file = _room.Path("backup/work.db");
        var bytes = File.ReadAllBytes(file);
        bytes.AsSpan(4096 * 3, 4096 * 4).Fill(0x5A);
        File.WriteAllBytes(file, bytes);
        SealAgain();
        var refused = Assert.Throws<BackupException>(() => Backup.Verify(null, default));
        Assert.Equal(BackupFault.Broken, refused.Fault);
        Assert.Matches("integrity check finds [0-9]+ things wrong in work.db|A database cannot be read", Assert.Single(refused.Findings));
    }

    [Theory]
    [InlineData("absent", BackupFault.Input, "there is no folder")]
    [InlineData("plain", BackupFault.Input, "is no backup")]
    [InlineData("data", BackupFault.Broken, "written last")]
    public void Open_NoBackup_SaysWhat(string folder, BackupFault fault, string says)
    {
        Directory.CreateDirectory(_room.Path("plain"));
        var refused = Assert.Throws<BackupException>(() => SqliteBackup.Open(_room.Path(folder)));
        Assert.Equal(fault, refused.Fault);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    private void Change(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_room.Path("backup/" + file)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // rows of this test
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>Writes a manifest that fits the files: what somebody does who wants it to look whole.</summary>
    private void SealAgain(string name = "backup")
    {
        var folder = _room.Path(name);
        var manifest = BackupManifest.Read(File.ReadAllBytes(folder + "/manifest.json"));
        var files = manifest.Files.Select(f =>
        {
            var bytes = File.ReadAllBytes(folder + "/" + f.Name);
            return new BackupFile(f.Name, bytes.Length, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)));
        });
        File.WriteAllBytes(folder + "/manifest.json", (manifest with { Files = [.. files] }).Sealed().Write());
    }
}
