using Quartz;
using Quartz.Extensibility;

namespace Surveillance.Jobs;

/// <summary>A time at which something is queued again and again.</summary>
/// <param name="Name">Its name in settings, such as <c>nightly</c>.</param>
/// <param name="Cron">When, as a Quartz cron expression: seconds, minutes, hours, day of month, month, day of week.</param>
/// <param name="Zone">The time zone the hours count in.</param>
/// <param name="Queue">Queues the run.</param>
public sealed record Schedule(string Name, string Cron, TimeZoneInfo Zone, Func<CancellationToken, ValueTask> Queue)
{
    /// <summary>What it queues, for people, such as "all messages"; null where there is nothing to say.</summary>
    public string? About { get; init; }
}

/// <summary>Drives the runner and the schedules with Quartz.NET. Runs themselves live in our own table, so the schedule is kept in memory alone.</summary>
/// <remarks>A time that passes while the program is stopped is not made up for.</remarks>
/// <param name="runner">Does the runs.</param>
/// <param name="time">The clock.</param>
public sealed class JobScheduler(RunRunner runner, TimeProvider time) : IAsyncDisposable
{
    private static readonly JobKey Drain = new("drain");

    private IReadOnlyList<Schedule> _schedules = [];
    private StandaloneSchedulerFactory? _factory;
    private IScheduler? _scheduler;

    /// <summary>The schedules with the time of the next firing, UTC; null where there is none.</summary>
    public IReadOnlyList<(Schedule Schedule, DateTimeOffset? Next)> Schedules =>
        [.. _schedules.Select(s => (s, new CronExpression(s.Cron, s.Zone).GetNextValidTimeAfter(time.GetUtcNow())))];

    /// <summary>What is wrong with a cron expression, for people; null when nothing is.</summary>
    /// <param name="cron">The expression.</param>
    /// <param name="after">A time after which it must fire.</param>
    public static string? CheckCron(string cron, DateTimeOffset after)
    {
        if (cron.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 5)
        {
            return $"it has five fields, and the first of six is seconds: `0 {cron.Trim()}`, with `?` for the day that does not count";
        }
        try
        {
            return CronExpression.Parse(cron).GetNextValidTimeAfter(after) is null ? "its time never comes again" : null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    /// <summary>Starts: goes on with unfinished runs, then does what is queued.</summary>
    /// <param name="schedules">The schedules, each with a name of its own.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task StartAsync(IReadOnlyList<Schedule> schedules, CancellationToken cancel)
    {
        _schedules = schedules;
        _factory = QuartzSchedulerBuilder.Create(quartz => quartz
            .ConfigureScheduler(options =>
            {
                options.InstanceName = "surveillance";
                options.ShutdownJobInterruption = ShutdownJobInterruption.Always;
            })
            .UseInMemoryStore()
            .UseDefaultThreadPool(maxConcurrency: 4)
            .UseTimeProvider(time)
            .UseJobFactory(new Factory(this))).Build();
        _scheduler = await _factory.GetScheduler(cancel).ConfigureAwait(false);
        await _scheduler.AddJob(JobBuilder.Create<DrainJob>().WithIdentity(Drain).StoreDurably().Build(), cancellationToken: cancel).ConfigureAwait(false);
        foreach (var schedule in schedules)
        {
            var job = JobBuilder.Create<ScheduleJob>().WithIdentity(schedule.Name, "schedules").Build();
            var trigger = TriggerBuilder.Create().WithIdentity(schedule.Name, "schedules").WithSchedule(
                CronScheduleBuilder.Create(schedule.Cron).InTimeZone(schedule.Zone).WithMisfireInstruction(CronTriggerMisfireInstruction.DoNothing)).Build();
            await _scheduler.ScheduleJob(job, trigger, cancellationToken: cancel).ConfigureAwait(false);
        }
        runner.Wake = WakeAsync;
        await _scheduler.Start(cancel).ConfigureAwait(false);
        await WakeAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Stops: interrupts what is at work and waits until it has let go. Unfinished runs go on at the next start.</summary>
    /// <param name="cancel">Stops waiting.</param>
    public async Task StopAsync(CancellationToken cancel)
    {
        runner.Wake = null;
        if (Interlocked.Exchange(ref _scheduler, null) is { } scheduler)
        {
            await scheduler.Shutdown(true, cancel).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_factory is IAsyncDisposable factory)
        {
            await factory.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask WakeAsync(CancellationToken cancel)
    {
        if (_scheduler is { } scheduler)
        {
            await scheduler.TriggerJob(Drain, cancellationToken: cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Does what is queued; a second firing waits for the first.</summary>
    [DisallowConcurrentExecution]
    private sealed class DrainJob(RunRunner runner) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await runner.DrainAsync(cancellationToken).ConfigureAwait(false);
    }

    private sealed class ScheduleJob(Schedule schedule) : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => schedule.Queue(cancellationToken);
    }

    private sealed class Factory(JobScheduler owner) : IJobFactory
    {
        public ValueTask<JobScope> CreateJob(TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken cancellationToken)
        {
            var detail = bundle.JobDetail;
            return ValueTask.FromResult(new JobScope(
                detail.Key.Equals(Drain) ? new DrainJob(owner.Runner) : new ScheduleJob(owner._schedules.First(s => s.Name == detail.Key.Name)), null));
        }

        public ValueTask ReturnJob(JobScope scope, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    private RunRunner Runner => runner;
}
