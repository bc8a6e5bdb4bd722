using Surveillance.Backups;
using Surveillance.Dashboard.Commands;
using Surveillance.Tests;

namespace Surveillance.Dashboard.Tests.Commands;

public sealed class ProgressLineTests
{
    [Theory]
    [InlineData(0, 0, 5, "…")]
    [InlineData(40_000_000, 100_000_000, 0.5, "40.0 of 100.0 MB")]
    [InlineData(40_000_000, 100_000_000, 4, "40.0 of 100.0 MB, 10 MB/s, 6 s left")]
    [InlineData(40_000_000, 2_840_000_000, 4, "40.0 of 2,840.0 MB, 10 MB/s, 4 min 40 s left")]
    [InlineData(40_000_000, 72_040_000_000, 4, "40.0 of 72,040.0 MB, 10 MB/s, 2 h 0 min left")]
    public void Words_OfBytes_SayRateAndTimeLeft(long done, long of, double seconds, string says) =>
        Assert.Equal(says, ProgressLine.Words(new BackupStep("copying", done, of, true), TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Words_OfEntries_CountThem() =>
        Assert.Equal("1,000 of 3,000 entries, 500 entries/s, 4 s left", ProgressLine.Words(new BackupStep("verifying", 1_000, 3_000, false), TimeSpan.FromSeconds(2)));

    [Fact]
    public void Show_ManySteps_DrawsOneLineInPlaceAndBeginsItsRateWithEachStage()
    {
        var time = new ManualTime(A.Start);
        using var error = new StringWriter();
        var line = new ProgressLine(error, draws: true, time);
        line.Show(new BackupStep("copying work.db", 1, 10_000_000, true));
        line.Show(new BackupStep("copying work.db", 2, 10_000_000, true)); // too soon
        time.Advance(TimeSpan.FromSeconds(2));
        line.Show(new BackupStep("copying work.db", 4_000_000, 10_000_000, true));
        line.Show(new BackupStep("copying archive.db", 5_000_000, 5_000_000, true));
        line.Finish();
        var drawn = error.ToString().Split('\r', StringSplitOptions.RemoveEmptyEntries).Select(l => l.TrimEnd()).ToArray();
        Assert.Equal(
            [
                "copying work.db [" + new string('.', 30) + "] 0.0 of 10.0 MB",
                "copying work.db [" + new string('#', 12) + new string('.', 18) + "] 4.0 of 10.0 MB, 2 MB/s, 3 s left",
                "copying archive.db [" + new string('#', 30) + "] 5.0 of 5.0 MB",
            ],
            drawn);
    }

    [Fact]
    public void Show_NoTerminal_DrawsNothing()
    {
        using var error = new StringWriter();
        var line = new ProgressLine(error, draws: false, new ManualTime(A.Start));
        line.Show(new BackupStep("copying", 1, 2, true));
        line.Finish();
        Assert.Equal("", error.ToString());
    }
}
