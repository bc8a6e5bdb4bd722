using System.Globalization;
using Surveillance.Accounts;
using Surveillance.Dashboard.Accounts;
using Surveillance.Dashboard.Description;
using Surveillance.Dashboard.Shared;
using Surveillance.Messages;
using Surveillance.Review;

namespace Surveillance.Dashboard.Alerts;

/// <summary>Alerts for programs: <c>/api/v1/alerts</c>.</summary>
internal static class AlertsApi
{
    internal static void MapAlertsApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/alerts");
        api.MapGet("", ListAsync).RequireAuthorization(Scopes.AlertsRead).Describe(AlertOperations.List);
        api.MapGet("/{id}", FindAsync).RequireAuthorization(Scopes.AlertsRead).Describe(AlertOperations.Find);
        api.MapPost("/{id}/decisions", DecideAsync).RequireAuthorization(Scopes.AlertsWrite).DisableAntiforgery().Describe(AlertOperations.Decide);
        api.MapPost("/{id}/undo", UndoAsync).RequireAuthorization(Scopes.AlertsWrite).DisableAntiforgery().Describe(AlertOperations.Undo);
        api.MapPost("/{id}/reopen", ReopenAsync).RequireAuthorization(Scopes.AlertsWrite).DisableAntiforgery().Describe(AlertOperations.Reopen);
    }

    private static async Task<IResult> ListAsync(
        string[]? status, string[]? severity, string[]? rule, string[]? channel, string[]? standing, string? sort, string? after, int? limit, IAlertReader alerts, CancellationToken cancel)
    {
        if (limit is < 1 or > 200)
        {
            return Problems.Result(Problems.BadRequest, "`limit` is a number from 1 to 200.");
        }
        if (sort is not (null or "priority" or "newest"))
        {
            return Problems.Result(Problems.BadRequest, "`sort` is `priority` or `newest`.");
        }
        if (!TryWords<AlertStatus>(status, Names<AlertStatus>.TryParse, out var statuses) || !TryWords<Severity>(severity, Names<Severity>.TryParse, out var severities)
            || !TryWords<Channel>(channel, Names<Channel>.TryParse, out var channels) || !TryWords<Standing>(standing, ApiWord.TryParse, out var standings))
        {
            return Problems.Result(
                Problems.BadRequest,
                $"`status` is one of {string.Join(", ", Names<AlertStatus>.All)}; `severity` one of {string.Join(", ", Names<Severity>.All)}; `channel` one of {string.Join(", ", Names<Channel>.All)}; `standing` one of {string.Join(", ", ApiWord.All<Standing>())}.");
        }
        var filter = new AlertFilter { Statuses = statuses, Severities = severities, Rules = rule ?? [], Channels = channels, Standings = standings };
        if (await alerts.PageAsync(filter, sort == "newest" ? AlertSort.Newest : AlertSort.Priority, after, limit ?? 50, cancel) is not { } page)
        {
            return Problems.Result(Problems.BadRequest, "`after` is not a cursor of this list: a cursor is bound to its filter and sort.");
        }
        return TypedResults.Json(new AlertPageAnswer([.. page.Items.Select(AlertItem.Of)], page.Next, await alerts.CountAsync(filter, cancel)));
    }

    private static async Task<IResult> FindAsync(string id, HttpContext http, IAlertReader alerts, CancellationToken cancel)
    {
        if (!OpaqueId.TryParse(id, out var key) || await alerts.FindAsync(key, cancel) is not { } alert)
        {
            return Problems.Result(Problems.NotFound, "There is no such alert.");
        }
        http.Response.Headers.ETag = Tag(alert.Row.Version);
        return TypedResults.Json(new AlertAnswer(
            AlertItem.Of(alert.Row), alert.Predecessor?.ToString(), [.. alert.Members.Select(AlertMemberItem.Of)], [.. alert.Events.Select(AlertEventItem.Of)]));
    }

    private static async Task<IResult> DecideAsync(string id, HttpContext http, IReviewDesk desk, CancellationToken cancel)
    {
        if (ReadIfMatch(http, out var version) is { } unread)
        {
            return unread;
        }
        var (body, refused) = await RequestBody.ReadAsync(http.Request, ["disposition", "reason", "note", "escalateTo"], cancel);
        if (refused is not null)
        {
            return refused;
        }
        Disposition? disposition = body["disposition"] switch { "true-positive" => Disposition.TruePositive, "false-positive" => Disposition.FalsePositive, _ => null };
        if (body["disposition"] is not null && disposition is null)
        {
            return Problems.Result(Problems.Invalid, "The disposition is `true-positive` or `false-positive`.", [new InputError("unknown-value", "/disposition", "The disposition is `true-positive` or `false-positive`.")]);
        }
        return !OpaqueId.TryParse(id, out var key)
            ? Problems.Result(Problems.NotFound, "There is no such alert.")
            : Answer(http, await desk.DecideAsync(key, version, new Decision(disposition, body["reason"], body["note"], body["escalateTo"]), http.User.ActorName(), cancel));
    }

    private static async Task<IResult> ReopenAsync(string id, HttpContext http, IReviewDesk desk, CancellationToken cancel)
    {
        if (ReadIfMatch(http, out var version) is { } unread)
        {
            return unread;
        }
        var (body, refused) = await RequestBody.ReadAsync(http.Request, ["reason"], cancel);
        if (refused is not null)
        {
            return refused;
        }
        return !OpaqueId.TryParse(id, out var key)
            ? Problems.Result(Problems.NotFound, "There is no such alert.")
            : Answer(http, await desk.ReopenAsync(key, version, body["reason"], http.User.ActorName(), cancel) switch
            {
                DecisionOutcome.Invalid { Field: "note" } invalid => invalid with { Field = "reason" }, // as the body calls it
                var outcome => outcome,
            });
    }

    private static async Task<IResult> UndoAsync(string id, HttpContext http, IReviewDesk desk, CancellationToken cancel)
    {
        var (body, refused) = await RequestBody.ReadAsync(http.Request, ["undoToken"], cancel);
        if (refused is not null)
        {
            return refused;
        }
        return !OpaqueId.TryParse(id, out var key) ? Problems.Result(Problems.NotFound, "There is no such alert.")
            : await desk.UndoAsync(key, body["undoToken"] ?? "", http.User.ActorName(), cancel) switch
            {
                UndoOutcome.Done => TypedResults.NoContent(),
                UndoOutcome.Unknown => Problems.Result(Problems.NotFound, "There is no such decision of yours to undo."),
                UndoOutcome.WindowPassed => Problems.Result(Problems.TooLate, "The time to undo has passed; reopen the alert instead."),
                _ => Problems.Result(Problems.Stale, "Somebody changed the alert since."),
            };
    }

    private static IResult Answer(HttpContext http, DecisionOutcome outcome)
    {
        switch (outcome)
        {
            case DecisionOutcome.Done done:
                http.Response.Headers.ETag = Tag(done.Version);
                return TypedResults.Json(new DecisionAnswer(done.Version, done.UndoToken, Rfc3339.Format(done.Until)), statusCode: StatusCodes.Status201Created);
            case DecisionOutcome.Stale stale:
                return Problems.Result(
                    Problems.Stale, "The alert changed since it was read.", null, ("current", AlertItem.Of(stale.Current)), ("changedBy", stale.ChangedBy), ("changedAt", Rfc3339.Format(stale.At)));
            case DecisionOutcome.Invalid invalid:
                return Problems.Result(invalid.Field == "status" ? Problems.InvalidTransition : Problems.Invalid, invalid.Detail, [new InputError("invalid", "/" + invalid.Field, invalid.Detail)]);
            default:
                return Problems.Result(Problems.NotFound, "There is no such alert.");
        }
    }

    private static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult? ReadIfMatch(HttpContext http, out int version)
    {
        version = 0;
        var header = http.Request.Headers.IfMatch.ToString();
        return header.Length == 0 ? Problems.Result(Problems.IfMatchMissing, "A change needs If-Match with the alert's ETag.")
            : int.TryParse(header.Trim().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out version) ? null
            : Problems.Result(Problems.BadRequest, "If-Match is the ETag of the alert, such as \"3\".");
    }

    private delegate bool Read<T>(string? word, out T value);

    private static bool TryWords<T>(string[]? given, Read<T> read, out T[] values) where T : struct, Enum
    {
        values = new T[given?.Length ?? 0];
        for (var i = 0; i < values.Length; i++)
        {
            if (!read(given![i], out values[i]))
            {
                return false;
            }
        }
        return true;
    }

    private static string Tag(int version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
}
