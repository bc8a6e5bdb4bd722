using System.Text;
using Surveillance.Backups;

namespace Surveillance.Engine.Tests.Backups;

public sealed class BackupManifestTests
{
    private static BackupManifest Manifest(params string[] names) => new()
    {
        Format = 1, Id = "0123456789abcdef", Engine = "1.2.3", MadeAt = new DateTimeOffset(2026, 5, 4, 9, 0, 0, TimeSpan.Zero),
        Files = [.. names.Select(n => new BackupFile(n, 17, new string('a', 64)))], Archive = new BackupHead(9, new string('b', 64)), Checkpoints = new BackupCheckpoints(3, 9), NotTaken = ["notes.txt"],
    };

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var written = Manifest("work.db", "archive.db", "instance.key", "keys/key-1.xml").Sealed();
        var read = BackupManifest.Read(written.Write());
        Assert.Equal(written.Write(), read.Write());
        Assert.Equal((4 * 17, 64), (read.SizeBytes, read.Hash!.Length));
    }

    [Theory]
    [InlineData("\"position\": 9", "\"position\": 8", "its hash does not fit")]
    [InlineData("0123456789abcdef", "0123456789abcdee", "its hash does not fit")]
    [InlineData("\"sizeBytes\": 17", "\"sizeBytes\": 18", "its hash does not fit")]
    [InlineData("\"format\": 1,", "\"format\": 1, \"more\": true,", "cannot be read at line 2")]
    [InlineData("\"engine\": \"1.2.3\",", "", "cannot be read at line")]
    [InlineData("\"files\": [", "\"files\": null, \"x\": [", "cannot be read at line")]
    [InlineData("{\n", "[\n", "cannot be read at line")]
    public void Read_Altered_IsRefused(string from, string to, string says)
    {
        var text = Encoding.UTF8.GetString(Manifest("work.db").Sealed().Write());
        Assert.Contains(from, text, StringComparison.Ordinal);
        var refused = Assert.Throws<BackupException>(() => BackupManifest.Read(Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal))));
        Assert.Equal(BackupFault.Broken, refused.Fault);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CutOff_IsRefused()
    {
        var bytes = Manifest("work.db").Sealed().Write();
        for (var length = 0; length < bytes.Length - 2; length += 7)
        {
            Assert.Equal(BackupFault.Broken, Assert.Throws<BackupException>(() => BackupManifest.Read(bytes.AsSpan(0, length))).Fault);
        }
    }

    [Fact]
    public void Read_OfANewerFormat_SaysWhichVersionItTakes()
    {
        var refused = Assert.Throws<BackupException>(() => BackupManifest.Read("""{"format":2,"engine":"2.0.0","somethingNew":[]}"""u8));
        Assert.Equal(BackupFault.Input, refused.Fault);
        Assert.Contains("format 2", refused.Message, StringComparison.Ordinal);
        Assert.Contains("2.0.0", refused.Help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../work.db")]
    [InlineData("/etc/passwd")]
    [InlineData("keys/../../x.xml")]
    [InlineData("keys/.xml")]
    [InlineData("lock")]
    [InlineData("work.db\n")]
    [InlineData("")]
    public void Read_NameThatNoBackupHolds_IsRefused(string name)
    {
        var refused = Assert.Throws<BackupException>(() => BackupManifest.Read(Manifest("work.db", name).Sealed().Write()));
        Assert.Contains("a file that no backup holds", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AFileTwice_IsRefused() =>
        Assert.Contains("twice", Assert.Throws<BackupException>(() => BackupManifest.Read(Manifest("work.db", "work.db").Sealed().Write())).Message, StringComparison.Ordinal);
}
