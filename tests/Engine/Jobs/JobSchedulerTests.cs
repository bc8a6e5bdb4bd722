using Microsoft.Extensions.Logging.Abstractions;
using Surveillance.Engine.Tests.Storage;
using Surveillance.Jobs;
using Surveillance.Storage.Sqlite;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Jobs;

/// <summary>The real scheduler, on the real clock.</summary>
public sealed class JobSchedulerTests
{
    [Fact]
    public async Task Start_UnfinishedRun_GoesOn_AndAQueuedOneIsDoneAtOnce()
    {
        await using var work = new SqliteWork();
        var store = new SqliteRunStore(work.Database, TimeProvider.System);
        var left = await store.AddAsync(new NewRun("noting", "{}", RunTrigger.Request, "operator"), default);
        await store.MoveAsync(left.Number, [RunState.Queued], RunState.Running, null, null, default); // as a kill leaves it
        var runner = new RunRunner(store, [new Noting()], TimeProvider.System, NullLogger<RunRunner>.Instance);
        await using var scheduler = new JobScheduler(runner, TimeProvider.System);
        await scheduler.StartAsync([], default);
        await Eventually.IsTrueAsync(() => store.Find(left.Number)!.State == RunState.Finished, "the run that was left goes on");

        var asked = await new RunDesk(store, runner, TimeProvider.System).QueueAsync(new NewRun("noting", "{}", RunTrigger.Request, "operator"), default);
        await Eventually.IsTrueAsync(() => store.Find(asked.Number)!.State == RunState.Finished, "the run that is asked for is done");
        await scheduler.StopAsync(default);
    }

    [Fact]
    public async Task Schedule_ItsTimeComes_Queues()
    {
        await using var work = new SqliteWork();
        var store = new SqliteRunStore(work.Database, TimeProvider.System);
        var runner = new RunRunner(store, [new Noting()], TimeProvider.System, NullLogger<RunRunner>.Instance);
        var desk = new RunDesk(store, runner, TimeProvider.System);
        await using var scheduler = new JobScheduler(runner, TimeProvider.System);
        await scheduler.StartAsync(
            [new Schedule("often", "* * * * * ?", TimeZoneInfo.Utc, async cancel => await desk.QueueAsync(new NewRun("noting", "{}", RunTrigger.Schedule, "system"), cancel))], default);

        await Eventually.IsTrueAsync(() => store.Read(null, 10) is [{ Trigger: RunTrigger.Schedule, State: RunState.Finished }, ..], "the schedule queues and the run is done");
        await scheduler.StopAsync(default);
    }

    [Fact]
    public void Schedules_SummerTimeEnds_FiresAtTheSameHourOfTheZone()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 10, 24, 12, 0, 0, TimeSpan.Zero));
        var cron = new Quartz.CronExpression("0 0 2 * * ?", TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris"));
        Assert.Equal(new DateTimeOffset(2026, 10, 26, 1, 0, 0, TimeSpan.Zero), cron.GetNextValidTimeAfter(time.GetUtcNow().AddDays(1))); // 02:00 is 01:00 UTC in winter
    }

    [Theory]
    [InlineData("0 0 2 * * ?", true)]
    [InlineData("0 30 1 ? * MON-FRI", true)]
    [InlineData("every night", false)]
    [InlineData("0 0 25 * * ?", false)]
    [InlineData("0 2 * * *", false)]
    [InlineData("0 0 2 * * ? 2020", false)]
    [InlineData("0 0 2 30 2 ?", false)]
    [InlineData("", false)]
    public void CheckCron_Expressions_SaysWhatIsWrong(string cron, bool isRight) =>
        Assert.Equal(isRight, JobScheduler.CheckCron(cron, A.Start) is null);

    private sealed class Noting : IRunWorker
    {
        public string Kind => "noting";

        public Task WorkAsync(Run run, RunPace pace, CancellationToken cancel) => Task.CompletedTask;
    }
}
