using Surveillance.Tests.Drills;

namespace Surveillance.Dashboard.Tests.Drills;

/// <summary>A backup taken while clients post, restored; the long form is <c>bash tests/run.sh drill restore</c>.</summary>
public sealed class RestoreTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Restore_OfABackupTakenUnderLoad_StartsCatchesUpAndVerifiesClean()
    {
        var report = await RestoreDrill.RunAsync(messages: 4_000, clients: 8, seed: 9, output.WriteLine, TestContext.Current.CancellationToken);
        Assert.True(report.AcknowledgedBefore >= 900, $"{report.AcknowledgedBefore} acknowledged before");
        Assert.True(report.Matches > 15, $"{report.Matches} matches");
        Assert.Equal(
            (0, 0, 0, 0, 0, 0), (report.Flaws, report.LostOrDoubled, report.NotEvaluated, report.UnlikeScan, report.DoubledAlerts, report.LostAfterResending));
    }
}
