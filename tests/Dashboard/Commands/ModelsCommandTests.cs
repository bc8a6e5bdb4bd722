using System.Security.Cryptography;
using Surveillance.Tests.Drills;

namespace Surveillance.Dashboard.Tests.Commands;

public sealed class ModelsCommandTests
{
    [Fact]
    public async Task Train_DryRun_GivesTheCommittedWeightsAgain()
    {
        var models = Repository.File("models");
        var (code, output, error) = await ServiceProcess.RunAsync(["models", "train", "marketing", "--dry-run", "--models", models], TestContext.Current.CancellationToken);
        var committed = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(models, "marketing", "weights.bin"), TestContext.Current.CancellationToken)));
        Assert.Equal((0, "Nothing was written (--dry-run).\n"), (code, error));
        Assert.EndsWith($"hash {committed}\n", output, StringComparison.Ordinal);
        Assert.Contains("average precision", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_WithoutTrainingRows_Exits3AndSaysWhatToGive()
    {
        var (code, output, error) = await ServiceProcess.RunAsync(
            ["models", "train", "marketing", "--models", Path.Combine(AppContext.BaseDirectory, "models")], TestContext.Current.CancellationToken);
        Assert.Equal((3, ""), (code, output));
        Assert.Contains("training/*.jsonl", error, StringComparison.Ordinal);
        Assert.Contains("--models", error, StringComparison.Ordinal);
    }
}
