using Surveillance.Accounts;
using Surveillance.Dashboard.Accounts;
using Surveillance.Dashboard.Description;
using Surveillance.Dashboard.Shared;
using Surveillance.Messages;
using Surveillance.Pipeline;

namespace Surveillance.Dashboard.Quarantine;

/// <summary>The quarantine for programs.</summary>
internal static class QuarantineApi
{
    internal static void MapQuarantineApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/quarantine", ListAsync).RequireAuthorization(Scopes.AlertsRead).Describe(QuarantineOperations.List);
        routes.MapPost("/api/v1/quarantine/{id}/retry", RetryAsync).RequireAuthorization(Scopes.QuarantineWrite).DisableAntiforgery().Describe(QuarantineOperations.Retry);
    }

    private static async Task<IResult> ListAsync(string? after, int? limit, IQuarantineReader quarantine, CancellationToken cancel)
    {
        if (limit is < 1 or > 200)
        {
            return Problems.Result(Problems.BadRequest, "`limit` is a number from 1 to 200.");
        }
        return await quarantine.PageAsync(after, limit ?? 50, cancel) is { } page
            ? TypedResults.Json(new QuarantinePageAnswer([.. page.Items.Select(QuarantineEntry.Of)], page.Next, await quarantine.CountAsync(cancel)))
            : Problems.Result(Problems.BadRequest, "`after` is not a cursor of this list.");
    }

    private static async Task<IResult> RetryAsync(string id, HttpContext http, IQuarantineReader quarantine, CancellationToken cancel) =>
        !OpaqueId.TryParse(id, out var key) ? Problems.Result(Problems.NotFound, "No message lies in quarantine under this id.")
            : await quarantine.RetryAsync(key, http.User.ActorName(), cancel) switch
            {
                RetryOutcome.Queued => TypedResults.Accepted((string?)null),
                RetryOutcome.NotRetryable => Problems.Result(Problems.InvalidTransition, "Trying again cannot help; a person has to settle it."),
                _ => Problems.Result(Problems.NotFound, "No message lies in quarantine under this id."),
            };
}
