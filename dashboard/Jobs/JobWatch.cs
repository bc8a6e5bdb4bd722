using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Spectre.Console;
using Surveillance.Dashboard.Accounts;
using Surveillance.Dashboard.Commands;

namespace Surveillance.Dashboard.Jobs;

/// <summary>Follows a run to its end: a bar on a terminal, else a line every few seconds; then the result.</summary>
/// <param name="client">The service.</param>
/// <param name="output">Gets the result.</param>
/// <param name="error">Gets the progress and the talk.</param>
/// <param name="json">Whether the result is JSON.</param>
internal sealed class JobWatch(IControlClient client, TextWriter output, TextWriter error, bool json)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);

    /// <summary>Waits until the run has ended, or stands, and shows what came of it; gives the exit code.</summary>
    /// <param name="id">The run's number.</param>
    /// <param name="cancel">Stops watching; the run goes on.</param>
    internal async Task<int> FollowAsync(long id, CancellationToken cancel)
    {
        try
        {
            var (code, job) = IsTerminal ? await DrawAsync(id, cancel) : await TellAsync(id, cancel);
            return job is null ? code : await EndAsync(job);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await error.WriteLineAsync((client.IsOwn ? "Stopped where it is. " : "It goes on. ") + WaysOn(id, client.IsOwn));
            return ExitCodes.Interrupted;
        }
    }

    /// <summary>How to see a run again.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="isOwn">Whether no service does it.</param>
    internal static string WaysOn(long id, bool isOwn) =>
        isOwn ? $"No service holds the data folder: it goes on when `surveillance serve` starts, or with `surveillance jobs watch {id}`." : $"`surveillance jobs watch {id}` shows how far it is.";

    /// <summary>How a run that nobody is at goes on where no service holds the data folder.</summary>
    /// <param name="job">The run.</param>
    internal static string WaysOn(JobAnswer job) =>
        job.Request is { } asked ? $"No service holds the data folder: {asked} was asked for and is done when `surveillance serve` starts, or with `surveillance jobs watch {job.Id}`." : WaysOn(job.Id, isOwn: true);

    /// <summary>What to do where a job is not there or does not stand as it must.</summary>
    /// <param name="status">How the service refused.</param>
    internal static string? Help(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound => "`surveillance jobs list` shows the jobs with their numbers",
        HttpStatusCode.Conflict => "`surveillance jobs list` shows how far each job is",
        _ => null,
    };

    /// <summary>Writes the result per rule with its sum.</summary>
    /// <param name="into">Where to.</param>
    /// <param name="job">The run.</param>
    internal static void WriteRules(TextWriter into, JobAnswer job)
    {
        if (job.Rules is null or { Count: 0 })
        {
            into.WriteLine("No match was gained, lost or judged again. Only rules that changed are judged; --verify judges every rule all the same.");
            return;
        }
        var sum = new RuleAnswer("all rules", job.Matches.Gained, job.Matches.Lost, job.Matches.Kept, job.Matches.Decided, job.Matches.NotEvaluated);
        PlainTable.Write(into, ["RULE", "GAINED", "LOST", "KEPT", "DECIDED", "NOT EVALUATED"], (job.Rules ?? []).Append(sum).Select(r => new[]
        {
            r.Rule, JobWords.Number(r.Gained), JobWords.Number(r.Lost), JobWords.Number(r.Kept), JobWords.Number(r.Decided), JobWords.Number(r.NotEvaluated),
        }));
    }

    /// <summary>How far a run is, such as "12,000 of 200,000 (6 %), 1,240/s, 2 to 3 min left".</summary>
    /// <param name="job">The run.</param>
    internal static string Progress(JobAnswer job)
    {
        var words = job.State == "queued" ? "waits for the runs before it"
            : job.Planned is { } planned ? $"{JobWords.Count(job.Processed)} of {JobWords.Count(planned)} ({JobWords.Percent(job.Processed, planned)} %)" : "counting";
        words += job.Rate is > 0 and { } rate ? $", {JobWords.Count((long)Math.Ceiling(rate))}/s" : "";
        return words + (job.Eta is { } eta ? $", {JobWords.Left(eta.Soonest, eta.Latest)} left" : "");
    }

    private bool IsTerminal => ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;

    private async Task<int> EndAsync(JobAnswer job)
    {
        var title = JobWords.Title(job.Kind, job.Id);
        if (json)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(job, ControlCall.Indented));
        }
        else if (job.State == "finished" || job.Rules is { Count: > 0 })
        {
            WriteRules(output, job);
        }
        switch (job.State)
        {
            case "finished":
                var what = job.Scope?.DryRun == true ? "would be " : "";
                await error.WriteLineAsync($"{title} is finished: {JobWords.Count(job.Processed, "message")}, {what}{JobWords.Count(job.Matches.Gained)} gained, {JobWords.Count(job.Matches.Lost)} lost.");
                if (job.Failed == 0)
                {
                    return ExitCodes.Ok;
                }
                await error.WriteLineAsync($"error: {JobWords.Count(job.Failed, "message")} could not be judged\nhelp: `surveillance jobs show {job.Id}` lists them, `surveillance jobs retry {job.Id}` tries them again");
                return ExitCodes.PartlyDone;
            case "failed":
                await error.WriteLineAsync($"error: {title} could not go on: {job.Note}\nhelp: `surveillance jobs resume {job.Id}` has it go on where it was, when the reason is gone");
                return ExitCodes.Findings;
            case "paused":
                await error.WriteLineAsync($"error: {title} is paused at {Progress(job)}\nhelp: `surveillance jobs resume {job.Id}` has it go on");
                return ExitCodes.Conflict;
            default:
                await error.WriteLineAsync($"error: {title} was ended at {Progress(job)} ({job.State})\nhelp: what it did until then stays; `surveillance rescan` starts another");
                return ExitCodes.Conflict;
        }
    }

    private async Task<(int Code, JobAnswer? Job)> PollAsync(long id, Action<JobAnswer> show, CancellationToken cancel)
    {
        while (true)
        {
            var (code, job) = await ControlCall.SendAsync<JobAnswer>(client, HttpMethod.Get, "/control/jobs/" + JobWords.Number(id), null, error, cancel, Help);
            if (job is null || job.State is not ("queued" or "running"))
            {
                return (code, job);
            }
            show(job);
            await Task.Delay(Every, TimeProvider.System, cancel);
        }
    }

    private Task<(int Code, JobAnswer? Job)> TellAsync(long id, CancellationToken cancel)
    {
        long? told = null;
        return PollAsync(
            id,
            job =>
            {
                if (told is null || Stopwatch.GetElapsedTime(told.Value) >= LineEvery)
                {
                    told = Stopwatch.GetTimestamp();
                    error.WriteLine($"{JobWords.Title(job.Kind, job.Id)}: {Progress(job)}");
                }
            },
            cancel);
    }

    private Task<(int Code, JobAnswer? Job)> DrawAsync(long id, CancellationToken cancel)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        return console.Progress().AutoClear(false).HideCompleted(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 30 })
            .StartAsync(async bars =>
            {
                var bar = bars.AddTask(string.Create(CultureInfo.InvariantCulture, $"Job {id}"));
                var result = await PollAsync(id, job => Draw(bar, job), cancel);
                if (result.Job is { } end)
                {
                    Draw(bar, end);
                    bar.StopTask();
                }
                return result;
            });
    }

    private static void Draw(ProgressTask bar, JobAnswer job)
    {
        bar.Description = Markup.Escape($"{JobWords.Title(job.Kind, job.Id)}: {Progress(job)}");
        bar.MaxValue = Math.Max(1, job.Planned ?? 1);
        bar.Value = job.Planned == 0 ? 1 : Math.Max(bar.Value, job.Processed);
        bar.IsIndeterminate = job is { State: "running", Planned: null };
    }
}
