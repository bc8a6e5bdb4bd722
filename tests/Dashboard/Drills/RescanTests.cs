using Surveillance.Tests.Drills;

namespace Surveillance.Dashboard.Tests.Drills;

/// <summary>The real program rescanning after a change of a lexicon; the long forms are <c>bash tests/run.sh drill rescan</c> and <c>rule-change</c>.</summary>
public sealed class RescanTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Kill_WhileRescanning_EndsAsIfUndisturbed()
    {
        var report = await RescanDrill.RunAsync(messages: 6_000, kills: 2, seed: 5, output.WriteLine, TestContext.Current.CancellationToken);
        Assert.Equal(6_000, report.Planned);
        Assert.True(report is { Gained: > 50, Lost: > 10 }, $"{report.Gained} gained, {report.Lost} lost");
        Assert.Equal((0, 0), (report.WentBack, report.DoesNotAddUp));
        Assert.Equal((0, 0, 0, 0, 0), (report.UnlikeUndisturbed, report.CountsUnlikeUndisturbed, report.UnlikeScan, report.DeltaUnlikeScan, report.DoubledAlerts));
    }

    [Fact]
    public async Task LexiconChanges_UnderLoad_NoMessageIsJudgedByNeitherOrBoth()
    {
        var report = await RescanDrill.ChangeAsync(messages: 6_000, seed: 6, output.WriteLine, TestContext.Current.CancellationToken);
        Assert.InRange(report.BeforeTheChange, 1, 5_999);
        Assert.Equal((0, 0, 0, 0), (report.NotJudgedOnce, report.UnlikeScan, report.DeltaUnlikeScan, report.DoubledAlerts));
    }
}
