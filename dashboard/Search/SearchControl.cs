using Surveillance.Accounts;
using Surveillance.Archive.Search;
using Surveillance.Dashboard.Accounts;
using Surveillance.Dashboard.Shared;

namespace Surveillance.Dashboard.Search;

/// <summary>How far the search index is, as the command line reads it.</summary>
internal sealed record IndexLine(long IndexedTo, long Head, long Skipped, string? Trouble);

/// <summary>The search index for the command line, over <c>control.sock</c> only.</summary>
internal static class SearchControl
{
    internal const string Path = "/control/search";
    internal const string RebuildPath = Path + "/rebuild";

    internal static void MapSearchControl(this IEndpointRouteBuilder routes)
    {
        var control = routes.MapGroup(Path).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription().OnlyOverControlSocket();
        control.MapGet("", (MessageSearch search) => Answer(search));
        control.MapPost("/rebuild", async (MessageSearch search, CancellationToken cancel) =>
        {
            try
            {
                await search.RebuildAsync(AccountDesk.Operator, cancel);
            }
            catch (SearchUnavailableException e)
            {
                return Problems.Result(Problems.SearchUnavailable, e.Message);
            }
            return Answer(search);
        });
    }

    private static IResult Answer(MessageSearch search)
    {
        try
        {
            var progress = search.ReadProgress();
            return TypedResults.Json(new IndexLine(progress.IndexedTo, progress.Head, progress.Skipped, progress.Trouble));
        }
        catch (SearchUnavailableException e)
        {
            return Problems.Result(Problems.SearchUnavailable, e.Message);
        }
    }
}
