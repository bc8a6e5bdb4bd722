using Surveillance.Dashboard.Description;
using Surveillance.Dashboard.Shared;

namespace Surveillance.Dashboard.Search;

/// <summary>What the search is for.</summary>
internal static class SearchOperations
{
    internal static readonly ApiOperation Find = new("Search messages")
    {
        Tag = "Messages",
        Says = "Every search is audited. The index lags behind the archive; `indexedTo` and `head` tell by how much.",
        Parameters =
        [
            new("q", "Words, phrases in quotes, and filters such as `from:`, `to:`, `channel:`, `after:` and `before:`; left out finds the latest messages."),
            new("limit", "The most items of the page, 50 when left out.") { Range = (1, 200) },
            new("after", "`next` of the page before, with the same query; left out for the first."),
        ],
        Answers = [ApiAnswer.Json<FoundPageAnswer>(200, "A page of what was found.")],
        Problems = [Problems.BadRequest, Problems.BadQuery, Problems.CursorMismatch, Problems.SearchUnavailable],
    };
}
