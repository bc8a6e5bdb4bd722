using Surveillance.Health;
using Surveillance.Messages;
using Surveillance.Pipeline;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Health;

/// <summary>What everybody who remembers the sources must do.</summary>
public abstract class SourceHistoryContract
{
    protected abstract ISourceHistory History { get; }

    protected abstract IWorkStore Work { get; }

    private static JudgedMessage Received(long position, double hours, Channel channel = Channel.WhatsApp) => A.Judged(position) with { ReceivedAt = A.Start.AddHours(hours), Channel = channel };

    [Fact]
    public void Read_NothingCame_IsEmpty() => Assert.Empty(History.Read(A.Start, 24));

    [Fact]
    public async Task Read_MessagesOfSeveralHours_AreCountedByChannelAndHour()
    {
        await Work.CommitAsync(A.Batch(Received(1, 0.1), Received(2, 0.9), Received(3, 1.5), Received(4, 2.2, Channel.Email)), default);
        await Work.CommitAsync(new WorkBatch(1, 6, [Received(6, 1.1)]), default);

        var sources = History.Read(A.Start.AddHours(2.5), 4);

        Assert.Equal([Channel.WhatsApp, Channel.Email], sources.Select(s => s.Channel));
        Assert.Equal([0, 2, 2, 0], sources[0].PerHour);
        Assert.Equal([0, 0, 0, 1], sources[1].PerHour);
        Assert.Equal(A.Start.AddHours(1.5), sources[0].LastReceived);
    }

    [Fact]
    public async Task Read_AllHoursPast_StillTellsTheLastMessage()
    {
        await Work.CommitAsync(A.Batch(Received(1, 0)), default);
        var source = Assert.Single(History.Read(A.Start.AddDays(90), 24));
        Assert.Equal((A.Start, 0), (source.LastReceived, source.PerHour.Sum()));
    }

    [Fact]
    public async Task Read_JudgedAgainOrOfUnknownTime_CountsOnce()
    {
        await Work.CommitAsync(A.Batch(Received(1, 0), A.Judged(2)), default);
        await Work.CommitAsync(A.Batch(A.JudgedAgain(1, 3) with { ReceivedAt = A.Start }), default);
        Assert.Equal(1, Assert.Single(History.Read(A.Start, 24)).PerHour.Sum());
    }

    [Fact]
    public async Task Read_InQuarantine_CountsToo()
    {
        await Work.CommitAsync(A.Batch(A.Poison(1) with { ReceivedAt = A.Start }), default);
        Assert.Equal(1, Assert.Single(History.Read(A.Start, 1)).PerHour[^1]);
    }
}
