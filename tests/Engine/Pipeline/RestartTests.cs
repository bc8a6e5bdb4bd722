using Surveillance.Tests;
using static Surveillance.Engine.Tests.Pipeline.PipelineRig;

namespace Surveillance.Engine.Tests.Pipeline;

/// <summary>Whatever interrupts the pipeline, in the end everything is as if nothing had.</summary>
public sealed class RestartTests
{
    /// <summary>Runs lines through a pipeline that is never disturbed, all in one batch.</summary>
    private static async Task<string> UndisturbedAsync(object[] lines)
    {
        await using var rig = await StartedAsync(RigRules.All);
        await rig.JudgeAsync(lines);
        return rig.Everything();
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public async Task RandomTraffic_InOtherBatches_GivesTheSame(int seed)
    {
        var lines = RandomTraffic.Lines(seed, 250, RandomTraffic.Kinds.Anything).ToArray();
        await using var rig = await StartedAsync(RigRules.All);
        var random = new Random(seed);
        for (var next = 0; next < lines.Length;)
        {
            var batch = lines[next..Math.Min(lines.Length, next + random.Next(1, 12))];
            await rig.SendAsync(batch);
            next += batch.Length;
            if (random.Next(3) == 0)
            {
                await rig.SettleAsync();
            }
        }
        await rig.SettleAsync();

        Assert.Equal(await UndisturbedAsync(lines), rig.Everything());
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    [InlineData(24)]
    [InlineData(25)]
    [InlineData(26)]
    public async Task RandomTraffic_WithStopsKillsAndFailures_GivesTheSame(int seed)
    {
        var lines = RandomTraffic.Lines(seed, 250, RandomTraffic.Kinds.Anything).ToArray();
        await using var rig = await StartedAsync(RigRules.All);
        var random = new Random(seed);
        for (var next = 0; next < lines.Length;)
        {
            var batch = lines[next..Math.Min(lines.Length, next + random.Next(1, 25))];
            await rig.SendAsync(batch);
            next += batch.Length;
            switch (random.Next(5))
            {
                case 0:
                    await rig.RestartAsync();
                    break;
                case 1:
                    await rig.RestartAsync(kill: true);
                    break;
                case 2:
                    // Dies after some more commits, wherever it is then: one partition is ahead, another behind.
                    var left = random.Next(1, 20);
                    rig.Work.BeforeCommit = _ => Interlocked.Decrement(ref left) >= 0 ? Task.CompletedTask : new TaskCompletionSource().Task;
                    await Eventually.IsTrueAsync(() => Volatile.Read(ref left) < 0 || rig.Pipeline.Read().Waiting == 0, "it dies or has nothing to do");
                    await rig.RestartAsync(kill: true);
                    break;
                case 3:
                    await rig.SettleAsync();
                    break;
            }
        }
        await rig.SettleAsync();

        Assert.Equal(await UndisturbedAsync(lines), rig.Everything());
    }
}
