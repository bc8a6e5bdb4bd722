using Surveillance.Dashboard.Description;
using Surveillance.Dashboard.Shared;
using Surveillance.Messages;
using Surveillance.Review;

namespace Surveillance.Dashboard.Alerts;

/// <summary>What the operations on alerts are for.</summary>
internal static class AlertOperations
{
    private const string Tag = "Alerts";

    private const string Example =
        """{"id":"mjqxeylpnqzhk3dfnztsa4lvmu","version":3,"rule":"off-channel-move","ruleVersion":1,"title":"Business talk moved to a channel that is not recorded","family":"off-channel","severity":"high","status":"open","standing":"raised","channel":"whatsapp","conversation":"onxw2zjamnxw45tfojzwc5djn4","count":1,"openedAt":"2026-05-04T09:12:02Z","lastSentAt":"2026-05-04T09:12:00Z","message":"orugs4zanfzsa3lfonzwcz3fme","evidence":[{"start":14,"end":22,"condition":"/when"}]}""";

    private static readonly ApiParameter IfMatch = new("If-Match", "The ETag of the alert as it was read, so that nobody's change is overwritten unseen.") { IsHeader = true, IsRequired = true };

    private static readonly ProblemKind[] BodyProblems = [Problems.MalformedBody, Problems.TooLarge, Problems.WrongMediaType, Problems.Invalid];

    internal static readonly ApiOperation List = new("List alerts")
    {
        Tag = Tag,
        Says = "Filters may be repeated: any of the values of one, and all of the filters. A cursor goes with its filter and its order.",
        Parameters =
        [
            new("status", "Only alerts of this status.") { Words = Names<AlertStatus>.All },
            new("severity", "Only alerts of this severity.") { Words = Names<Severity>.All },
            new("rule", "Only alerts of this rule."),
            new("channel", "Only alerts of this channel.") { Words = Names<Channel>.All },
            new("standing", "Only alerts some match of which holds today (`raised`), or those whose every match was undone by what became known later or by changed rules (`no-longer-raised`).") { Words = ApiWord.All<Standing>() },
            new("sort", "`priority` (default): heaviest first, then opened last; `newest`: opened last first.") { Words = ["priority", "newest"] },
            new("limit", "The most items of the page, 50 when left out.") { Range = (1, 200) },
            new("after", "`next` of the page before; left out for the first."),
        ],
        Answers = [ApiAnswer.Json<AlertPageAnswer>(200, "A page of alerts.", $$"""{"items":[{{Example}}],"approxTotal":1}""")],
        Problems = [Problems.BadRequest],
    };

    internal static readonly ApiOperation Find = new("Read an alert with its proof and its history")
    {
        Tag = Tag,
        Says = "The header ETag has its version.",
        Answers = [ApiAnswer.Json<AlertAnswer>(200, "The alert.")],
        Problems = [Problems.NotFound],
    };

    internal static readonly ApiOperation Decide = new("Close or escalate an alert")
    {
        Tag = Tag,
        Says = "Either a disposition with a reason of it, or escalateTo with a note.",
        Parameters = [IfMatch],
        Body = typeof(DecisionBody),
        BodyExample = """{"disposition":"false-positive","reason":"benign-context","note":"A joke about the weather."}""",
        Answers = [Decided(Done)],
        Problems = [Problems.BadRequest, .. BodyProblems, Problems.NotFound, Problems.InvalidTransition, Problems.Stale, Problems.IfMatchMissing],
    };

    internal static readonly ApiOperation Undo = new("Take one's own decision back within 30 seconds")
    {
        Tag = Tag,
        Body = typeof(UndoBody),
        BodyExample = """{"undoToken":"3f9a0c7e5b1d48a2"}""",
        Answers = [new ApiAnswer(204, "It is as it was.")],
        Problems = [.. BodyProblems, Problems.NotFound, Problems.TooLate, Problems.Stale],
    };

    internal static readonly ApiOperation Reopen = new("Open a closed or escalated alert again")
    {
        Tag = Tag,
        Parameters = [IfMatch],
        Body = typeof(ReopenBody),
        BodyExample = """{"reason":"New messages came to light."}""",
        Answers = [Decided("It is open; the header ETag has its new version.")],
        Problems = [Problems.BadRequest, .. BodyProblems, Problems.NotFound, Problems.InvalidTransition, Problems.Stale, Problems.IfMatchMissing],
    };

    private const string Done = "It is decided; the header ETag has its new version.";

    private static ApiAnswer Decided(string says) => ApiAnswer.Json<DecisionAnswer>(201, says, """{"version":4,"undoToken":"3f9a0c7e5b1d48a2","until":"2026-05-04T09:13:10Z"}""");
}

/// <summary>What the operations of the live feed are for.</summary>
internal static class FeedOperations
{
    private const string Tag = "Feed";

    internal static readonly ApiOperation Stream = new("Follow what happens to alerts")
    {
        Tag = Tag,
        Says = "Server-sent events: `hello` with the sequence from which the stream goes on, `alert` for each thing that happens, `alive` after 15 seconds of silence. It goes back at most 500 events.",
        Parameters = [new("after", "The sequence after which to begin; now when left out."), new("Last-Event-ID", "The same, as a browser sends it when it connects again; wins over `after`.") { IsHeader = true }],
        Answers = [new ApiAnswer(200, "The stream; the data of an `alert` is an item of /events/since.", null, "text/event-stream", "event: alert\nid: 871\ndata: {\"sequence\":871,…}\n\n")],
        Problems = [Problems.BadRequest],
    };

    internal static readonly ApiOperation Since = new("Read what happened to alerts since")
    {
        Tag = Tag,
        Parameters = [new("after", "The sequence after which to begin.") { IsRequired = true }],
        Answers = [ApiAnswer.Json<FeedSince>(200, "What happened, oldest first, at most the last 500.")],
        Problems = [Problems.BadRequest],
    };
}
