using Surveillance.Pipeline;

namespace Surveillance.Engine.Tests.Pipeline;

public sealed class PartitionProgressTests
{
    [Fact]
    public void Idle_HasNothingToDoUpToWhatWasDealtToAll()
    {
        var progress = new PartitionProgress(5);
        Assert.Equal((true, 5, 9), (progress.IsIdle, progress.Stored, progress.StoredOf(9)));
        Assert.Equal(5, progress.StoredOf(3)); // it was ahead at the start
    }

    [Fact]
    public void Deal_ToAnIdleOne_BringsItToWhereThePieceBegins()
    {
        var progress = new PartitionProgress(5);
        progress.Deal(after: 40, through: 50);
        Assert.Equal((false, 40, 40, 50), (progress.IsIdle, progress.Stored, progress.StoredOf(60), progress.Dealt));

        progress.Store(50);
        Assert.Equal((true, 60), (progress.IsIdle, progress.StoredOf(60)));
    }

    [Fact]
    public void Deal_ToABusyOne_LeavesItWhereItIs()
    {
        var progress = new PartitionProgress(0);
        progress.Deal(after: 10, through: 20);
        progress.Deal(after: 30, through: 40);
        Assert.Equal(10, progress.Stored);

        progress.Store(20);
        Assert.Equal((false, 20), (progress.IsIdle, progress.Stored));
        progress.Store(15);
        Assert.Equal(20, progress.Stored);
    }

    [Fact]
    public void Deal_OfARetry_ToOneThatIsAhead_ChangesNothing()
    {
        var progress = new PartitionProgress(50);
        progress.Deal(after: 40, through: 40);
        Assert.Equal((true, 50), (progress.IsIdle, progress.Stored));
    }
}
