using Surveillance.Tests.Drills;

namespace Surveillance.Dashboard.Tests.Drills;

/// <summary>The real program killed at random moments; the long form is <c>bash tests/run.sh drill crash</c>.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Kill_AtRandomMoments_LosesNothingAndRaisesNothingTwice()
    {
        var report = await CrashDrill.RunAsync(messages: 4_000, clients: 8, kills: 3, seed: 5, output.WriteLine, TestContext.Current.CancellationToken);
        Assert.Equal(3, report.Kills);
        Assert.Equal(4_000, report.Acknowledged);
        Assert.True(report.Matches > 50, $"{report.Matches} matches");
        Assert.Equal((0, 0, 0, 0, 0), (report.LostOrDoubled, report.NotEvaluated, report.UnlikeUndisturbed, report.UnlikeScan, report.DoubledAlerts));
    }
}
