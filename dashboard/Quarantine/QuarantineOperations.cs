using Surveillance.Dashboard.Description;
using Surveillance.Dashboard.Shared;

namespace Surveillance.Dashboard.Quarantine;

/// <summary>What the operations on the quarantine are for.</summary>
internal static class QuarantineOperations
{
    private const string Tag = "Quarantine";

    internal static readonly ApiOperation List = new("List what could not be judged")
    {
        Tag = Tag,
        Parameters = [new("limit", "The most items of the page, 50 when left out.") { Range = (1, 200) }, new("after", "`next` of the page before; left out for the first.")],
        Answers =
        [
            ApiAnswer.Json<QuarantinePageAnswer>(
                200, "A page of the quarantine, by position.",
                """{"items":[{"message":"orugs4zanfzsa3lfonzwcz3fme","position":7,"conversation":"onxw2zjamnxw45tfojzwc5djn4","channel":"email","reason":"conflict","detail":"Another message with other content has this channel, account and id.","since":"2026-05-04T09:12:02Z","tries":1,"lastTry":"2026-05-04T09:12:02Z","retryable":false}],"approxTotal":1}"""),
        ],
        Problems = [Problems.BadRequest],
    };

    internal static readonly ApiOperation Retry = new("Judge a message again")
    {
        Tag = Tag,
        Answers = [new ApiAnswer(202, "It is judged again with what is known now.")],
        Problems = [Problems.NotFound, Problems.InvalidTransition],
    };
}
