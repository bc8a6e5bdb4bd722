using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Surveillance.Dashboard.Accounts;
using Surveillance.Dashboard.Commands;
using Surveillance.Messages;

namespace Surveillance.Dashboard.Jobs;

/// <summary><c>surveillance rescan</c>.</summary>
internal static class RescanCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="connect">Connects to the data folder's service; a host of the command's own has jobs at work.</param>
    /// <param name="shared">Further options, such as <c>--data</c>.</param>
    internal static Command Build(ConnectControl connect, params Option[] shared)
    {
        var from = Time("--from", "Only messages sent from this day or time on, such as 2026-05-01 or 2026-05-01T08:00:00Z; days are UTC", wholeDay: false);
        var to = Time("--to", "Only messages sent until this day, which is taken in whole, or before this time", wholeDay: true);
        var channel = new Option<string[]>("--channel") { Description = $"Only messages of these channels, commas between: {string.Join(", ", Names<Channel>.All)}", AllowMultipleArgumentsPerToken = true, HelpName = "CHANNELS" };
        channel.CompletionSources.Add([.. Names<Channel>.All]);
        channel.Validators.Add(result => CheckParts(result, "whatsapp,email"));
        channel.Validators.Add(CheckChannels);
        var rule = new Option<string[]>("--rule") { Description = "Only these rules, by id, commas between; one that no longer runs loses its matches", AllowMultipleArgumentsPerToken = true, HelpName = "RULES" };
        rule.Validators.Add(result => CheckParts(result, "off-channel-move,marketing-without-consent"));
        var verify = new Option<bool>("--verify") { Description = "Judge again by rules that have not changed as well; nothing but a defect makes a difference then" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Tell only what would change; raise and undo nothing" };
        var detach = new Option<bool>("--detach") { Description = "Start it, print its number and do not wait for its end" };
        var json = new Option<bool>("--json") { Description = "The result as one JSON object instead of a table" };
        var rescan = new Command(
            "rescan",
            """
            Holds the rules that run now against messages that were judged before, and tells per rule which matches are gained and lost.
            Where no service holds the data folder, the command does it itself. While a rescan that was asked for with the same options
            waits or is at work, the command follows that one. Ctrl+C leaves it at work and exits with 130. Exits with 7 when messages could
            not be judged, with 1 when the rescan could not go on, with 5 when it was paused or ended meanwhile.

            Examples:
              surveillance rescan --from 2026-05-01 --rule off-channel-move --dry-run
              surveillance rescan --channel whatsapp,email --json
            """)
        { from, to, channel, rule, verify, dryRun, detach, json };
        foreach (var option in shared) { rescan.Add(option); }
        rescan.SetAction((parsed, cancel) => RunAsync(
            connect, parsed,
            new RescanAsk(
                parsed.GetValue(from) is { } start ? Rfc3339.Format(start) : null, parsed.GetValue(to) is { } end ? Rfc3339.Format(end) : null,
                Split(parsed.GetValue(channel)), Split(parsed.GetValue(rule)), parsed.GetValue(verify), parsed.GetValue(dryRun)),
            parsed.GetValue(detach), parsed.GetValue(json), cancel));
        return rescan;
    }

    private static async Task<int> RunAsync(ConnectControl connect, ParseResult parsed, RescanAsk ask, bool detach, bool json, CancellationToken cancel)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        try
        {
            await using var client = await connect(parsed, cancel);
            var (code, job) = await ControlCall.SendAsync<JobAnswer>(client, HttpMethod.Post, "/control/rescans", ask, error, cancel, Help);
            if (job is null)
            {
                return code;
            }
            await error.WriteLineAsync($"{JobWords.Title(job.Kind, job.Id)} is on its way.");
            if (!detach)
            {
                return await new JobWatch(client, output, error, json).FollowAsync(job.Id, cancel);
            }
            await output.WriteLineAsync(json ? JsonSerializer.Serialize(job, ControlCall.Indented) : JobWords.Number(job.Id));
            await error.WriteLineAsync(JobWatch.WaysOn(job.Id, client.IsOwn));
            return ExitCodes.Ok;
        }
        catch (HttpRequestException e)
        {
            return await ControlCall.DoesNotAnswerAsync(e, error);
        }
    }

    private static string? Help(HttpStatusCode status) => status switch
    {
        HttpStatusCode.UnprocessableEntity => "`surveillance rescan --help` shows what can be asked for; the page /rules has the ids of the rules that run",
        HttpStatusCode.ServiceUnavailable => "the service is still starting: give the same command again",
        _ => null,
    };

    /// <summary>Refuses lists with nothing before, between or after commas: something may have been left out that was meant.</summary>
    private static void CheckParts(OptionResult result, string example)
    {
        foreach (var text in result.Tokens.Select(t => t.Value))
        {
            var empty = Array.FindIndex(text.Split(','), string.IsNullOrWhiteSpace);
            if (empty >= 0)
            {
                result.AddError($"{result.Option.Name}: part {JobWords.Number(empty + 1)} of \"{text}\" is empty; write {result.Option.HelpName} with one comma between, such as {example}");
            }
        }
    }

    private static string[] Split(string[]? texts) => [.. (texts ?? []).SelectMany(t => t.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct(StringComparer.Ordinal)];

    private static void CheckChannels(OptionResult result)
    {
        foreach (var word in Split([.. result.Tokens.Select(t => t.Value)]).Where(w => !Names<Channel>.TryParse(w, out _)))
        {
            var near = NearestName.Find(word, Names<Channel>.All);
            result.AddError($"--channel is one of {string.Join(", ", Names<Channel>.All)}, not {word}{(near is null ? "" : $"; did you mean `{near}`?")}");
        }
    }

    private static Option<DateTimeOffset?> Time(string name, string description, bool wholeDay) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            var text = result.Tokens is [var token] ? token.Value : "";
            if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue)
            {
                return new DateTimeOffset(day.AddDays(wholeDay ? 1 : 0).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
            }
            if (Rfc3339.TryParse(text, out var time))
            {
                return time;
            }
            result.AddError($"{name} is a day such as 2026-05-01, or a time with its offset such as 2026-05-01T08:00:00Z");
            return null;
        },
    };

    /// <summary>What is asked for, as the API takes it.</summary>
    private sealed record RescanAsk(string? From, string? To, IReadOnlyList<string> Channels, IReadOnlyList<string> Rules, bool Verify, bool DryRun);
}
