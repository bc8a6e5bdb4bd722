using Surveillance.Jobs;
using Surveillance.Pipeline;
using Surveillance.Rescan;
using Surveillance.Rules.Source;

namespace Surveillance.Dashboard.Jobs;

/// <summary>A schedule of rescans as settings give it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cron">When.</param>
/// <param name="Zone">The time zone the hours count in.</param>
/// <param name="SentWithin">Only messages sent within this time before the firing; null for all.</param>
/// <param name="Verify">Whether rules that have not changed are judged again as well.</param>
internal sealed record RescanSchedule(string Name, string Cron, TimeZoneInfo Zone, TimeSpan? SentWithin, bool Verify);

/// <summary>
/// When the archive is rescanned without anybody asking. The settings: <c>Rescan:OnActivation</c> is <c>all</c>, <c>none</c> or a length of time such as
/// <c>90d</c>; <c>Rescan:Schedules:NAME:Cron</c>, <c>TimeZone</c>, <c>Range</c> (<c>all</c> or a length of time) and <c>Verify</c> make a schedule. Without any,
/// the schedule <c>nightly</c> checks the messages of the last seven days at two in the morning; <c>Rescan:Schedules:nightly:Cron</c> = <c>none</c> turns it off.
/// </summary>
/// <param name="OnActivation">What a changed revision has rescanned.</param>
/// <param name="Schedules">The schedules.</param>
internal sealed record RescanSettings(ActivationRange OnActivation, IReadOnlyList<RescanSchedule> Schedules)
{
    private const string NightlyCron = "0 0 2 * * ?";
    private static readonly TimeSpan NightlyRange = TimeSpan.FromDays(7);

    /// <summary>Reads the settings.</summary>
    /// <param name="configuration">Files and environment.</param>
    /// <exception cref="SettingException">One cannot be used.</exception>
    /// <param name="time">The clock; null for the system's.</param>
    public static RescanSettings Read(IConfiguration configuration, TimeProvider? time = null)
    {
        var now = (time ?? TimeProvider.System).GetUtcNow();
        var schedules = configuration.GetSection("Rescan:Schedules").GetChildren().Select(s => ReadSchedule(s, now)).OfType<RescanSchedule>().ToList();
        if (!configuration.GetSection("Rescan:Schedules:nightly").Exists())
        {
            schedules.Insert(0, new RescanSchedule("nightly", NightlyCron, TimeZoneInfo.Local, NightlyRange, Verify: true));
        }
        return new RescanSettings(
            configuration["Rescan:OnActivation"] switch
            {
                null or "" or "all" => new ActivationRange(true, null),
                "none" => new ActivationRange(false, null),
                var text => new ActivationRange(true, ReadRange("Rescan:OnActivation", text)),
            },
            schedules);
    }

    private static RescanSchedule? ReadSchedule(IConfigurationSection section, DateTimeOffset now)
    {
        var cron = section["Cron"];
        if (cron is "none")
        {
            return null;
        }
        if (cron is null && section.Key != "nightly")
        {
            throw new SettingException(section.Path + ":Cron", "is missing: write a cron expression such as `0 0 2 * * ?` (seconds, minutes, hours, day of month, month, day of week), or `none`");
        }
        cron ??= NightlyCron;
        if (JobScheduler.CheckCron(cron, now) is { } problem)
        {
            throw new SettingException(section.Path + ":Cron", $"cannot be used, `{cron}`: {problem.TrimEnd('.')}");
        }
        return new RescanSchedule(
            section.Key, cron, ReadZone(section),
            section["Range"] switch { null or "" => NightlyRange, "all" => null, var text => ReadRange(section.Path + ":Range", text) },
            section["Verify"] switch
            {
                null or "" => true,
                var text when bool.TryParse(text, out var verify) => verify,
                var text => throw new SettingException(section.Path + ":Verify", $"is `true` or `false`, not `{text}`"),
            });
    }

    private static TimeZoneInfo ReadZone(IConfigurationSection section)
    {
        if (section["TimeZone"] is not { Length: > 0 } name)
        {
            return TimeZoneInfo.Local;
        }
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? zone : throw new SettingException(section.Path + ":TimeZone", $"is no time zone of this machine: `{name}`. Write an IANA name such as `Europe/London`; is the package `tzdata` installed?");
    }

    private static TimeSpan ReadRange(string setting, string text) =>
        Duration.TryParse(text, out var range) ? range : throw new SettingException(setting, $"is `all`, {(setting.EndsWith("OnActivation", StringComparison.Ordinal) ? "`none` " : "")}or a length of time such as `90d`, not `{text}`");
}

/// <summary>Runs the jobs as long as the host runs. Started after the pipeline and stopped before it. The host of a command queues nothing by itself.</summary>
internal sealed class JobsHost(
    JobScheduler scheduler, RescanDesk desk, ActivationRescans activations, RescanSettings settings, HostSettings host, TimeProvider time) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _watching = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (host.ControlOnly)
        {
            await scheduler.StartAsync([], cancellationToken);
            return;
        }
        await scheduler.StartAsync([.. settings.Schedules.Select(ToSchedule)], cancellationToken);
        _watching = Task.Run(() => activations.WatchAsync(_stop.Token), CancellationToken.None);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _watching;
        await scheduler.StopAsync(cancellationToken);
    }

    public void Dispose() => _stop.Dispose();

    private Schedule ToSchedule(RescanSchedule schedule) => new(schedule.Name, schedule.Cron, schedule.Zone, async cancel =>
        await desk.StartAsync(
            new RescanRequest { From = schedule.SentWithin is { } within ? time.GetUtcNow() - within : null, Verify = schedule.Verify },
            RunTrigger.Schedule, "system", cancel, schedule.Name)) { About = JobWords.Scheduled(schedule.SentWithin, schedule.Verify) };
}
