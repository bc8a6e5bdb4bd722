using System.Globalization;
using Surveillance.Dashboard.Jobs;
using Surveillance.Jobs;
using Surveillance.Messages;
using Surveillance.Rescan;

namespace Surveillance.Browser.Tests.Staged;

/// <content>Jobs in every state, and the schedules.</content>
internal sealed partial class Stage
{
    /// <summary>When rescans start by themselves.</summary>
    public IReadOnlyList<Schedule> Schedules { get; private set; } = [];

    /// <summary>A finished rescan with gains, losses and failing messages.</summary>
    public long Finished { get; private set; }

    /// <summary>A rescan at work.</summary>
    public long Running { get; private set; }

    /// <summary>A rescan that could not go on.</summary>
    public long Broken { get; private set; }

    private void AddJobs()
    {
        var runs = World.Jobs.Runs;
        Schedules =
        [
            new Schedule("nightly", "0 30 2 * * ?", TimeZoneInfo.FindSystemTimeZoneById("Europe/London"), _ => ValueTask.CompletedTask) { About = JobWords.Scheduled(TimeSpan.FromDays(7), verify: true) },
            new Schedule("quarter", "0 0 4 1 1,4,7,10 ?", TimeZoneInfo.Utc, _ => ValueTask.CompletedTask) { About = JobWords.Scheduled(null, verify: false) },
        ];
        Put(new RescanRequest(), RunTrigger.Schedule, "system", RunState.Finished, 26, 18_390, 18_402);
        Put(new RescanRequest(), RunTrigger.Activation, "system", RunState.Superseded, 9, 4_000, 18_408);
        Put(new RescanRequest { From = _now.Date.AddDays(-30), To = _now.Date, Channels = [Channel.WhatsApp, Channel.Email], Rules = ["off-channel-move"], DryRun = true }, RunTrigger.Request, "user:m.okafor", RunState.Cancelled, 7, 1_200, 6_120);
        Broken = Put(new RescanRequest(), RunTrigger.Request, "token:5f0c2a9e77d1b3c4", RunState.Failed, 6, 512, 18_410, "The revision of position 15,220 cannot be read by this version of the program.");
        Finished = Put(new RescanRequest(), RunTrigger.Activation, "system", RunState.Finished, 3, 18_400, 18_412, failed: 2);
        Put(new RescanRequest { Rules = ["card-number-in-chat", "bank-details-out"], Verify = true }, RunTrigger.Request, "operator", RunState.Paused, 2, 9_000, 18_412);
        Running = Put(new RescanRequest(), RunTrigger.Request, "user:m.okafor", RunState.Running, 0.1, 7_734, 18_412);
        Put(new RescanRequest { From = _now.AddDays(-1) }, RunTrigger.Request, "user:m.okafor", RunState.Queued, 0, 0, null);

        RescanRuleResult[] results =
        [
            new("bank-details-out", 0, 3, 41, 3, 0), new("card-number-in-chat", 2, 0, 20, 4, 0), new("marketing-without-consent", 0, 0, 61, 12, 7), new("off-channel-move", 3, 1, 8, 2, 0),
        ];
        runs.Found(Finished, results, Changes(results), World.Messages.Take(2).Select((m, i) => new RescanFailure(m.Position, m.Id, i == 0 ? "A condition took more than its limit of time." : "The message could not be read back.", i + 1)));
        runs.Found(Running, results[..2], Changes(results[..2]));
        World.Mark(MailAlert, Finished);
    }

    private IEnumerable<RescanChange> Changes(IEnumerable<RescanRuleResult> results)
    {
        var number = 0;
        var alerts = World.AlertIds;
        foreach (var result in results)
        {
            for (var i = 0; i < result.Gained + result.Lost; i++)
            {
                var message = World.Messages[number % World.Messages.Count];
                number++;
                yield return new RescanChange(
                    number, i < result.Gained ? RescanChangeKind.Gained : RescanChangeKind.Lost, result.Rule, message.Position, message.Id,
                    "evidence-" + number.ToString(CultureInfo.InvariantCulture), alerts[number % alerts.Count]);
            }
        }
    }

    private long Put(RescanRequest request, RunTrigger trigger, string actor, RunState state, double hoursAgo, long processed, long? planned, string? note = null, long failed = 0)
    {
        var created = _now.AddHours(-hoursAgo);
        var run = new Run
        {
            Number = 0, Kind = RescanDesk.Kind, Scope = new RescanScope { Request = request, Activation = 15_220, Through = 18_412 }.ToJson(), Trigger = trigger, Actor = actor, State = state,
            CreatedAt = created, StartedAt = state == RunState.Queued ? null : created.AddSeconds(2), Planned = planned, Done = processed - failed, Skipped = planned is { } all && state == RunState.Finished ? all - processed : 0,
            Failed = failed, Note = note,
        };
        return World.Jobs.Runs.Put(run with { EndedAt = run.HasEnded ? created.AddSeconds(77) : null }).Number;
    }
}
