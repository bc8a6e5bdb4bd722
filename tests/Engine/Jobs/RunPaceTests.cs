using Surveillance.Jobs;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Jobs;

public sealed class RunPaceTests
{
    private readonly ManualTime _time = new();
    private readonly RunPace _pace;
    private long _processed;

    public RunPaceTests()
    {
        _pace = new RunPace(_time);
        _pace.Note(0);
    }

    private void Run(int seconds, Func<int, int> each)
    {
        for (var i = 0; i < seconds; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _pace.Note(_processed += each(i));
        }
    }

    [Fact]
    public void Estimate_SteadyRun_IsRight()
    {
        Run(10, _ => 100);
        var estimate = _pace.Estimate(10_000);
        Assert.Equal(100, estimate.ItemsPerSecond, 3);
        Assert.Equal((90.0, 90.0), (estimate.Soonest!.Value.TotalSeconds, estimate.Latest!.Value.TotalSeconds));
    }

    [Fact]
    public void Estimate_UnsteadyRun_IsARangeAroundTheTruth()
    {
        Run(15, i => i < 8 ? 150 : 50);
        var estimate = _pace.Estimate(10_000);
        var truth = (10_000 - _processed) / estimate.ItemsPerSecond;
        Assert.True(estimate.Soonest < TimeSpan.FromSeconds(truth));
        Assert.True(estimate.Latest > TimeSpan.FromSeconds(truth));
    }

    [Fact]
    public void Estimate_TooEarlyOrUnplanned_SaysNothing()
    {
        Assert.Equal(default, _pace.Estimate(100));
        Run(1, _ => 10);
        Assert.Null(_pace.Estimate(100).Soonest);
        Run(10, _ => 10);
        Assert.Null(_pace.Estimate(null).Latest);
        Assert.Equal(10, _pace.Estimate(null).ItemsPerSecond, 3);
    }

    [Fact]
    public void Estimate_StandingStill_SaysNothingOfTheEnd()
    {
        Run(5, _ => 10);
        Run(40, _ => 0);
        Assert.Null(_pace.Estimate(1_000).Latest);
    }
}
