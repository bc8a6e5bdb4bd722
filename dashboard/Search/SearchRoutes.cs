using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Surveillance.Accounts;
using Surveillance.Archive.Search;
using Surveillance.Audit;
using Surveillance.Dashboard.Accounts;
using Surveillance.Dashboard.Shared;

namespace Surveillance.Dashboard.Search;

/// <summary>The page of messages and its search.</summary>
internal static class SearchRoutes
{
    private const int PageSize = 50;

    internal static void MapMessageSearch(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/messages", ShowAsync).RequireAuthorization(Scopes.MessagesRead);
        routes.MapPost("/messages/rebuild-index", RebuildAsync).RequireAuthorization(Scopes.JobsRun);
    }

    private static async Task<RazorComponentResult<MessagesPage>> ShowAsync(string? q, string? after, HttpContext context, MessageSearch search, PageFrameReader frames, CancellationToken cancel)
    {
        var scopes = await frames.ScopesAsync(context);
        var query = new MessagesQuery(q?.Trim() ?? "", string.IsNullOrEmpty(after) ? null : after);
        var mayReadAlerts = scopes.Contains(Scopes.AlertsRead);
        var actor = AuditActor.Of(context.User.ActorName());
        var outcome = await search.FindAsync(query.Text, query.After, PageSize, actor, mayReadAlerts, cancel);
        var cursorLost = outcome is SearchOutcome.CursorMismatch;
        if (cursorLost)
        {
            query = query with { After = null };
            outcome = await search.FindAsync(query.Text, null, PageSize, actor, mayReadAlerts, cancel);
        }
        var model = new MessagesModel { Query = query, CursorLost = cursorLost, MayReadAlerts = mayReadAlerts, MayRebuild = scopes.Contains(Scopes.JobsRun) };
        model = outcome switch
        {
            SearchOutcome.Found found => model with { Rows = [.. found.Items.Select(MessageRow.Of)], Next = found.Next, Total = found.Total, Progress = found.Progress },
            SearchOutcome.BadQuery bad => model with { Errors = bad.Errors },
            SearchOutcome.Unavailable unavailable => model with { Trouble = unavailable.Why },
            _ => model with { Trouble = "The search took longer than ten seconds. Narrow it: more words, a channel, a shorter time." },
        };
        return Pages.Show<MessagesPage>(model);
    }

    // The token is bound with the form, so that a post without one is refused.
    private static async Task<SeeOther> RebuildAsync([FromForm] string? back, HttpContext context, MessageSearch search, TimeProvider time, CancellationToken cancel)
    {
        var (text, problem) = ("The search index is made anew. Searches find what is in it already.", false);
        try
        {
            await search.RebuildAsync(AuditActor.Of(context.User.ActorName()), cancel);
        }
        catch (SearchUnavailableException e)
        {
            (text, problem) = (e.Message, true);
        }
        var now = time.GetUtcNow();
        new Notice(text, null, null, now + TimeSpan.FromSeconds(15), problem).Send(context, now);
        return SeeOther.Back(back, "/messages");
    }
}
