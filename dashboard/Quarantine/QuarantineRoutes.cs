using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Surveillance.Accounts;
using Surveillance.Dashboard.Shared;
using Surveillance.Messages;
using Surveillance.Pipeline;

namespace Surveillance.Dashboard.Quarantine;

/// <summary>What the quarantine shows.</summary>
/// <param name="Items">The messages.</param>
/// <param name="Count">How many lie there in all.</param>
/// <param name="After">The cursor asked for, or null on the first page.</param>
/// <param name="Next">The cursor of the next page, or null.</param>
/// <param name="Now">The time now.</param>
/// <param name="CanRetry">Whether the person may have messages tried again.</param>
/// <param name="CanRead">Whether the person may read messages.</param>
public sealed record QuarantineModel(IReadOnlyList<QuarantineItem> Items, int Count, string? After, string? Next, DateTimeOffset Now, bool CanRetry, bool CanRead);

/// <summary>The page of the quarantine and its form.</summary>
internal static class QuarantineRoutes
{
    private const int PageSize = 50;

    internal static void MapQuarantine(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/quarantine", ShowAsync).RequireAuthorization(Scopes.AlertsRead);
        routes.MapPost("/quarantine/{id}/retry", RetryAsync).RequireAuthorization(Scopes.QuarantineWrite);
    }

    private static async Task<Results<RazorComponentResult<QuarantinePage>, SeeOther>> ShowAsync(
        string? after, HttpContext context, IQuarantineReader quarantine, PageFrameReader frames, TimeProvider time, CancellationToken cancel)
    {
        if (await quarantine.PageAsync(after, PageSize, cancel) is not { } page)
        {
            return new SeeOther("/quarantine");
        }
        var scopes = await frames.ScopesAsync(context);
        return Pages.Show<QuarantinePage>(new QuarantineModel(
            page.Items, await quarantine.CountAsync(cancel), after, page.Next, time.GetUtcNow(), scopes.Contains(Scopes.QuarantineWrite), scopes.Contains(Scopes.MessagesRead)));
    }

    // The token is bound with the form, so that a post without one is refused.
    private static async Task<Results<SeeOther, RazorComponentResult<ErrorView>>> RetryAsync(
        string id, [FromForm] string? back, HttpContext context, IQuarantineReader quarantine, TimeProvider time, CancellationToken cancel)
    {
        if (!OpaqueId.TryParse(id, out var message))
        {
            return Pages.NotFound("There is no such message", "The address is wrong.");
        }
        var (text, problem) = await quarantine.RetryAsync(message, context.User.Identity!.Name!, cancel) switch
        {
            RetryOutcome.Queued => ("The message will be tried again.", false),
            RetryOutcome.NotThere => ("The message does not lie in quarantine any more.", false),
            _ => ("Trying again cannot help this message.", true),
        };
        var now = time.GetUtcNow();
        new Notice(text, null, null, now + TimeSpan.FromSeconds(15), problem).Send(context, now);
        return SeeOther.Back(back, "/quarantine");
    }
}
