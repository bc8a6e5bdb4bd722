using System.Text.Json;
using Surveillance.Dashboard.Tests.Service;
using Surveillance.Tests;
using Surveillance.Tests.Drills;

namespace Surveillance.Dashboard.Tests.Backups;

/// <summary>The commands <c>backup</c> and <c>restore</c> of the real program: what they print and how they end.</summary>
public sealed class BackupCommandTests : IDisposable
{
    private readonly TemporaryFolder _room = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Data => _room.File("data");

    public void Dispose() => _room.Dispose();

    [Fact(Timeout = 240_000)]
    public async Task Backup_WithAndWithoutAService_IsTheSame()
    {
        await using (var service = await ServiceProcess.ServeAsync(Data, ServiceProcess.FreePort(), Cancel))
        {
            using var client = service.Client(await RunningService.TokenAsync(Data, Cancel));
            await client.PostAsync(RunningService.Line("one", "good morning"), Cancel);
            await client.DoneAsync(Cancel);
            await File.WriteAllTextAsync(Path.Combine(Data, "notes.txt"), "mine", Cancel);
            var (code, output, error) = await RunAsync("backup", _room.File("during"), "--data", Data);
            Assert.Equal(0, code);
            Assert.Matches(@"\ABackup [0-9a-f]{16} of .*Z in .*/during: 2 entries, [0-9.,]+ [kM]B, hash [0-9a-f]{64}\n\z", output);
            Assert.StartsWith("warning: notes.txt in the data folder is not known to the program and is not part of the backup\n", error, StringComparison.Ordinal);
            Assert.Contains("keep it as safe as the data folder", error, StringComparison.Ordinal);
            Assert.DoesNotContain('\u001b', output + error);
            Assert.Equal((5, ""), await CodeAndOutputAsync("restore", _room.File("during"), "--data", Data, "--confirm=data"));
            Assert.Equal(0, await service.StopAsync(Cancel));
        }
        var (after, manifest, _) = await RunAsync("backup", _room.File("after"), "--data", Data, "--json");
        Assert.Equal(0, after);
        Assert.Equal(await File.ReadAllTextAsync(_room.File("after/manifest.json"), Cancel), manifest);
        Assert.Equal(2, JsonDocument.Parse(manifest).RootElement.GetProperty("archive").GetProperty("position").GetInt64());
        foreach (var backup in new[] { "during", "after" })
        {
            var (verified, says, _) = await RunAsync("restore", _room.File(backup), "--verify-only");
            Assert.Equal(0, verified);
            Assert.Matches(@"\AVerified: backup [0-9a-f]{16} of .*, 2 entries, seal [0-9a-f]{64}, .*, hash [0-9a-f]{64}\n\z", says);
        }
    }

    [Fact(Timeout = 240_000)]
    public async Task Restore_OverAFolderWithData_SetsItAsideWhenItsNameIsGiven()
    {
        await MakeAsync();
        var (code, output, error) = await RunAsync("restore", _room.File("backup"), "--data", Data);
        Assert.Equal((5, ""), (code, output));
        Assert.Equal($"error: the data folder {Data} is not empty\nhelp: Give a folder that is not there yet, or --confirm=data to set aside what is there. Nothing was changed.\n", error);

        var (done, says, next) = await RunAsync("restore", _room.File("backup"), "--data", Data, "--confirm=data");
        Assert.Equal(0, done);
        Assert.Matches(@"\AVerified: .*\nRestored: .*/data\nSet aside: .*/data\.before-[0-9]{8}T[0-9]{6}Z\n\z", says);
        Assert.Contains($"`surveillance serve --data {Data}`", next, StringComparison.Ordinal);
        await using var service = await ServiceProcess.ServeAsync(Data, ServiceProcess.FreePort(), Cancel);
        Assert.Equal(0, await service.StopAsync(Cancel));
    }

    [Fact(Timeout = 240_000)]
    public async Task Restore_BackupThatWasChanged_Exits6AndSaysWhere()
    {
        await MakeAsync();
        var archive = _room.File("backup/archive.db");
        var bytes = await File.ReadAllBytesAsync(archive, Cancel);
        bytes[^100] ^= 1;
        await File.WriteAllBytesAsync(archive, bytes, Cancel);
        var (code, output, error) = await RunAsync("restore", _room.File("backup"), "--data", _room.File("new"));
        Assert.Equal((6, ""), (code, output));
        Assert.Contains("is not as it was made\n  archive.db does not have the bytes that were written: its SHA-256 is another.\nhelp: ", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_room.File("new")));

        File.Delete(_room.File("backup/manifest.json"));
        var (incomplete, _, says) = await RunAsync("restore", _room.File("backup"), "--verify-only");
        Assert.Equal(6, incomplete);
        Assert.Contains("no complete backup", says, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("backup made --data none", 3, "there is no data folder")]
    [InlineData("restore none --verify-only", 3, "there is no folder")]
    [InlineData("restore plain --verify-only", 3, "is no backup")]
    [InlineData("restore plain", 2, "either --data DIR or --verify-only")]
    [InlineData("restore plain --data new --verify-only", 2, "either --data DIR or --verify-only")]
    [InlineData("backup", 2, "missing")]
    public async Task Commands_ThatCannotBe_SayWhyAndMakeNothing(string arguments, int expected, string says)
    {
        Directory.CreateDirectory(_room.File("plain"));
        var (code, output, error) = await ServiceProcess.RunAsync(arguments.Split(' '), Cancel, place: new ProcessPlace(_room.Path));
        Assert.Equal((expected, ""), (code, output));
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Equal(["plain"], Directory.EnumerateFileSystemEntries(_room.Path).Select(p => Path.GetFileName(p)));
    }

    [Fact(Timeout = 240_000)]
    public async Task Backup_IntoTheDataFolder_Exits2()
    {
        await MakeAsync();
        Assert.Equal((2, ""), await CodeAndOutputAsync("backup", Path.Combine(Data, "inside"), "--data", Data));
        Assert.Equal((5, ""), await CodeAndOutputAsync("backup", _room.File("backup"), "--data", Data));
    }

    /// <summary>A data folder that a command made, and a backup of it.</summary>
    private async Task MakeAsync()
    {
        await RunningService.TokenAsync(Data, Cancel);
        Assert.Equal(0, (await RunAsync("backup", _room.File("backup"), "--data", Data)).ExitCode);
    }

    private static Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => ServiceProcess.RunAsync(arguments, Cancel);

    private static async Task<(int ExitCode, string Output)> CodeAndOutputAsync(params string[] arguments)
    {
        var (code, output, _) = await RunAsync(arguments);
        return (code, output);
    }
}
