using Surveillance.Dashboard.Description;
using Surveillance.Dashboard.Shared;
using Surveillance.Messages;
using Surveillance.Rescan;

namespace Surveillance.Dashboard.Jobs;

/// <summary>What the operations on jobs are for.</summary>
internal static class JobOperations
{
    private const string Tag = "Jobs";

    private static readonly ApiParameter Id = new("id", "The number of the job.");

    private static readonly ApiParameter[] Page = [new("limit", "The most items of the page, 50 when left out.") { Range = (1, 200) }, new("after", "`next` of the page before; left out for the first.")];

    internal static readonly ApiOperation List = new("List jobs, newest first")
    {
        Tag = Tag,
        Parameters = Page,
        Answers = [ApiAnswer.Json<JobsAnswer>(200, "A page of jobs, without their results per rule.")],
        Problems = [Problems.BadRequest],
    };

    internal static readonly ApiOperation Find = new("Read a job: how far it is and what came of it")
    {
        Tag = Tag,
        Parameters = [Id],
        Answers = [ApiAnswer.Json<JobAnswer>(200, "The job.")],
        Problems = [Problems.NotFound],
    };

    internal static readonly ApiOperation Changes = new("List the matches that a rescan gained or lost")
    {
        Tag = Tag,
        Parameters = [Id, .. Page, new("kind", "Only those gained, or only those lost.") { Words = Names<RescanChangeKind>.All }, new("rule", "Only those of this rule.")],
        Answers = [ApiAnswer.Json<ChangesAnswer>(200, "A page of matches.")],
        Problems = [Problems.BadRequest, Problems.NotFound],
    };

    internal static readonly ApiOperation Failures = new("List the messages that a rescan could not judge")
    {
        Tag = Tag,
        Parameters = [Id, .. Page],
        Answers = [ApiAnswer.Json<FailuresAnswer>(200, "A page of messages.")],
        Problems = [Problems.BadRequest, Problems.NotFound],
    };

    internal static readonly ApiOperation Start = new("Hold the rules that run against the archive again")
    {
        Tag = Tag,
        Says = "Without a body, against all of it. Asked for again while a job of the same scope waits or is at work, it answers with that job, so that a request may be sent again. The header Location has the address of the job.",
        Body = typeof(RescanShape),
        BodyIsOptional = true,
        BodyExample = """{"from":"2026-04-01T00:00:00Z","channels":["whatsapp"],"dryRun":true}""",
        Answers = [ApiAnswer.Json<JobAnswer>(202, "It waits for its turn, or is at work already.")],
        Problems = [Problems.MalformedBody, Problems.TooLarge, Problems.WrongMediaType, Problems.Invalid, Problems.NotReady],
    };

    internal static readonly ApiOperation Pause = Ask("Stop a job for a while");

    internal static readonly ApiOperation Resume = Ask("Have a job go on");

    internal static readonly ApiOperation Cancel = Ask("End a job");

    internal static readonly ApiOperation Retry = Ask("Try again what failed in a job");

    private static ApiOperation Ask(string summary) => new(summary)
    {
        Tag = Tag,
        Parameters = [Id],
        Answers = [ApiAnswer.Json<JobAnswer>(202, "It is asked for; the header Location has the address of the job.")],
        Problems = [Problems.NotFound, Problems.InvalidTransition],
    };
}

/// <summary>What a rescan is about; what is left out takes in everything.</summary>
internal sealed record RescanShape : IRequestShape
{
    /// <summary>Only messages sent at this time or later.</summary>
    [Moment] public string? From { get; init; }

    /// <summary>Only messages sent before this time.</summary>
    [Moment] public string? To { get; init; }

    /// <summary>Only messages of these channels.</summary>
    public IReadOnlyList<string>? Channels { get; init; }

    /// <summary>Only these rules.</summary>
    public IReadOnlyList<string>? Rules { get; init; }

    /// <summary>Whether rules that have not changed since a message was judged are judged again as well.</summary>
    public bool? Verify { get; init; }

    /// <summary>Whether to tell what would change and to change nothing.</summary>
    public bool? DryRun { get; init; }
}
