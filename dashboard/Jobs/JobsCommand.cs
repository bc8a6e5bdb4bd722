using System.CommandLine;
using System.Text.Json;
using Surveillance.Dashboard.Accounts;
using Surveillance.Dashboard.Commands;
using Surveillance.Dashboard.Shared;

namespace Surveillance.Dashboard.Jobs;

/// <summary><c>surveillance jobs list|show|watch|pause|resume|cancel|retry</c>.</summary>
internal static class JobsCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="connect">Connects to the data folder's service.</param>
    /// <param name="connectAtWork">The same; a host of the command's own has jobs at work.</param>
    /// <param name="atWork">Options of verbs that may have jobs at work, such as <c>--rules</c>.</param>
    /// <param name="shared">Options that every verb takes too, such as <c>--data</c>.</param>
    internal static Command Build(ConnectControl connect, ConnectControl connectAtWork, Option[] atWork, params Option[] shared)
    {
        var jobs = new Command(
            "jobs",
            """
            What works in the background, such as rescans: how far it is, and stopping it and having it go on. `surveillance rescan`
            starts one; the page /jobs shows the same.

            Examples:
              surveillance jobs list
              surveillance jobs watch 12
            """)
        {
            List(connect), Show(connect), Watch(connectAtWork, atWork),
            Ask(connect, JobAction.Pause, "Stops a job that waits or is at work; it keeps its place."),
            Ask(connect, JobAction.Resume, "Has a job go on where it was: one that was paused or cancelled, or that could not go on."),
            Ask(connect, JobAction.Cancel, "Ends a job; what it did until then stays."),
            Ask(connect, JobAction.Retry, "Tries again what failed in a finished job."),
        };
        foreach (var verb in jobs.Subcommands)
        {
            foreach (var option in shared) { verb.Add(option); }
        }
        return jobs;
    }

    /// <summary>A job as it is where no service holds the data folder: nothing is at work there.</summary>
    private static JobAnswer AsItIs(JobAnswer job, bool isOwn) => isOwn && job.State == "running" ? job with { State = "interrupted", Rate = null } : job;

    private static Command List(ConnectControl connect)
    {
        var limit = WordOption.Number("--limit", "Show at most so many, 1 to 200", "N", 20, n => n is >= 1 and <= 200, "a number from 1 to 200");
        var json = new Option<bool>("--json") { Description = "One JSON array instead of a table" };
        var list = new Command(
            "list",
            """
            Shows the jobs, newest first. `interrupted` is a job that was at work when its service ended: where no service holds the
            data folder, nothing is at work.

            Examples:
              surveillance jobs list
              surveillance jobs list --limit 5 --json
            """)
        { limit, json };
        list.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            try
            {
                await using var client = await connect(parsed, cancel);
                var (code, answer) = await ControlCall.SendAsync<JobsAnswer>(client, HttpMethod.Get, "/control/jobs?limit=" + JobWords.Number(parsed.GetValue(limit)), null, error, cancel);
                if (answer is null)
                {
                    return code;
                }
                JobAnswer[] items = [.. answer.Items.Select(j => AsItIs(j, client.IsOwn))];
                if (parsed.GetValue(json))
                {
                    await output.WriteLineAsync(JsonSerializer.Serialize(items, ControlCall.Indented));
                }
                else
                {
                    WriteTable(output, items);
                }
                if (items.FirstOrDefault(j => j.State == "interrupted") is { } interrupted)
                {
                    await error.WriteLineAsync(JobWatch.WaysOn(interrupted));
                }
                return ExitCodes.Ok;
            }
            catch (HttpRequestException e)
            {
                return await ControlCall.DoesNotAnswerAsync(e, error);
            }
        });
        return list;
    }

    private static void WriteTable(TextWriter output, IEnumerable<JobAnswer> jobs) =>
        PlainTable.Write(output, ["ID", "KIND", "STATE", "PROGRESS", "GAINED", "LOST", "FAILED", "ASKED FOR", "BY"], jobs.Select(j => new[]
        {
            JobWords.Number(j.Id), j.Kind + (j.Scope?.DryRun == true ? " (dry run)" : ""), j.State, j.State == "queued" ? "" : JobWatch.Progress(j), JobWords.Number(j.Matches.Gained),
            JobWords.Number(j.Matches.Lost), JobWords.Number(j.Failed), j.CreatedAt, j.Trigger == "request" ? j.By : j.Trigger,
        }));

    private static Command Show(ConnectControl connect)
    {
        var id = JobArgument.Build();
        var json = new Option<bool>("--json") { Description = "One JSON object instead of text" };
        var show = new Command(
            "show",
            """
            Shows a job with its result per rule and the messages that could not be judged.
            Exits with 3 when there is no such job.

            Examples:
              surveillance jobs show 12
              surveillance jobs show 12 --json
            """)
        { id, json };
        show.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var path = "/control/jobs/" + JobWords.Number(parsed.GetRequiredValue(id));
            try
            {
                await using var client = await connect(parsed, cancel);
                var (code, job) = await ControlCall.SendAsync<JobAnswer>(client, HttpMethod.Get, path, null, error, cancel, JobWatch.Help);
                if (job is null)
                {
                    return code;
                }
                job = AsItIs(job, client.IsOwn);
                if (job.State == "interrupted")
                {
                    await error.WriteLineAsync(JobWatch.WaysOn(job));
                }
                if (parsed.GetValue(json))
                {
                    await output.WriteLineAsync(JsonSerializer.Serialize(job, ControlCall.Indented));
                    return ExitCodes.Ok;
                }
                await WriteAsync(output, job);
                var (_, failures) = job.Failed == 0 ? (0, null) : await ControlCall.SendAsync<FailuresAnswer>(client, HttpMethod.Get, path + "/failures?limit=200", null, error, cancel);
                if (failures is not null)
                {
                    await output.WriteLineAsync();
                    PlainTable.Write(output, ["POSITION", "MESSAGE", "TRIES", "WHY IT COULD NOT BE JUDGED"], failures.Items.Select(f => new[] { JobWords.Number(f.Position), f.Message, JobWords.Number(f.Tries), f.Detail }));
                }
                return ExitCodes.Ok;
            }
            catch (HttpRequestException e)
            {
                return await ControlCall.DoesNotAnswerAsync(e, error);
            }
        });
        return show;
    }

    private static async Task WriteAsync(TextWriter output, JobAnswer job)
    {
        await output.WriteLineAsync($"{JobWords.Title(job.Kind, job.Id)}: {job.State}{(job.Request is { } asked ? $" ({asked} asked for)" : "")}");
        await output.WriteLineAsync($"progress   {JobWatch.Progress(job)}");
        await output.WriteLineAsync($"messages   {JobWords.Count(job.Done)} done, {JobWords.Count(job.Skipped)} skipped, {JobWords.Count(job.Failed)} failed");
        if (job.Scope is { } scope)
        {
            var parts = new[]
            {
                scope.From is null ? null : "sent from " + scope.From, scope.To is null ? null : "sent before " + scope.To, scope.Channels.Count == 0 ? null : "channels " + string.Join(", ", scope.Channels),
                scope.Rules.Count == 0 ? null : "rules " + string.Join(", ", scope.Rules), scope.Verify ? "verify" : null, scope.DryRun ? "dry run" : null,
            };
            await output.WriteLineAsync("scope      " + (parts.All(p => p is null) ? "everything" : string.Join("; ", parts.OfType<string>())));
        }
        await output.WriteLineAsync($"asked for  {job.CreatedAt} by {job.By} ({job.Trigger})");
        if (job.StartedAt is { } started) { await output.WriteLineAsync("started    " + started); }
        if (job.EndedAt is { } ended) { await output.WriteLineAsync("ended      " + ended); }
        if (job.Note is { } note) { await output.WriteLineAsync("note       " + note); }
        await output.WriteLineAsync();
        JobWatch.WriteRules(output, job);
    }

    private static Command Watch(ConnectControl connect, Option[] atWork)
    {
        var id = JobArgument.Build();
        var json = new Option<bool>("--json") { Description = "The result as one JSON object instead of a table" };
        var watch = new Command(
            "watch",
            """
            Shows how far a job is until it has ended, then its result. Ctrl+C leaves it at work. Where no service holds the data
            folder, the command does the job itself meanwhile. Exits with 7 when messages could not be judged, with 1 when the job could
            not go on, with 5 when it was paused or ended, with 3 when there is no such job, with 130 after Ctrl+C.

            Examples:
              surveillance jobs watch 12
              surveillance jobs watch 12 --json
            """)
        { id, json };
        foreach (var option in atWork) { watch.Add(option); }
        watch.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            try
            {
                await using var client = await connect(parsed, cancel);
                return await new JobWatch(client, output, error, parsed.GetValue(json)).FollowAsync(parsed.GetRequiredValue(id), cancel);
            }
            catch (HttpRequestException e)
            {
                return await ControlCall.DoesNotAnswerAsync(e, error);
            }
        });
        return watch;
    }

    private static Command Ask(ConnectControl connect, JobAction action, string description)
    {
        var id = JobArgument.Build();
        var word = Word.Of(action);
        var ask = new Command(
            word,
            $"""
            {description}
            Exits with 5 when the job's state does not allow it, with 3 when there is no such job.

            Examples:
              surveillance jobs {word} 12
              surveillance jobs {word} 12 --data /srv/surveillance
            """)
        { id };
        ask.SetAction(async (parsed, cancel) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            try
            {
                await using var client = await connect(parsed, cancel);
                var (code, job) = await ControlCall.SendAsync<JobAnswer>(client, HttpMethod.Post, $"/control/jobs/{JobWords.Number(parsed.GetRequiredValue(id))}/{word}", null, error, cancel, JobWatch.Help);
                if (job is null)
                {
                    return code;
                }
                await error.WriteLineAsync($"{JobWords.Title(job.Kind, job.Id)}: {JobWords.Did(action)}");
                if (client.IsOwn && (action is (JobAction.Resume or JobAction.Retry) || job.Request is not null))
                {
                    await error.WriteLineAsync(JobWatch.WaysOn(job));
                }
                return ExitCodes.Ok;
            }
            catch (HttpRequestException e)
            {
                return await ControlCall.DoesNotAnswerAsync(e, error);
            }
        });
        return ask;
    }
}
