using Surveillance.Accounts;
using Surveillance.Audit;
using Surveillance.Dashboard.Accounts;
using Surveillance.Dashboard.Description;
using Surveillance.Dashboard.Shared;

namespace Surveillance.Dashboard.Search;

/// <summary>The search for programs: <c>GET /api/v1/messages</c>. The same search as the page's.</summary>
internal static class SearchApi
{
    private const string RetryAfterSeconds = "10";

    internal static void MapSearchApi(this IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/messages", FindAsync).RequireAuthorization(Scopes.MessagesRead).Describe(SearchOperations.Find);

    private static async Task<IResult> FindAsync(string? q, string? after, int? limit, HttpContext http, MessageSearch search, CancellationToken cancel)
    {
        if (limit is < 1 or > 200)
        {
            return Problems.Result(Problems.BadRequest, "`limit` is a number from 1 to 200.");
        }
        switch (await search.FindAsync(q ?? "", after, limit ?? 50, AuditActor.Of(http.User.ActorName()), http.User.Has(Scopes.AlertsRead), cancel))
        {
            case SearchOutcome.Found found:
                return TypedResults.Json(new FoundPageAnswer([.. found.Items.Select(FoundItem.Of)], found.Next, found.Total, found.Progress.IndexedTo, found.Progress.Head));
            case SearchOutcome.BadQuery bad:
                return Problems.Result(
                    Problems.BadQuery, $"Column {bad.Errors[0].Column}: {bad.Errors[0].Detail}.", null, ("column", bad.Errors[0].Column),
                    ("errors", bad.Errors.Select(e => new { pointer = "", code = Problems.BadQuery.Code, e.Detail, e.Column, e.Length }).ToArray()));
            case SearchOutcome.CursorMismatch:
                return Problems.Result(Problems.CursorMismatch, "`after` is not a cursor of this query.");
            case SearchOutcome.Unavailable unavailable:
                http.Response.Headers.RetryAfter = RetryAfterSeconds;
                return Problems.Result(Problems.SearchUnavailable, unavailable.Why);
            default:
                http.Response.Headers.RetryAfter = RetryAfterSeconds;
                return Problems.Result(Problems.SearchUnavailable, "The search took longer than ten seconds; narrow it by more words, a channel or a shorter time.");
        }
    }
}
