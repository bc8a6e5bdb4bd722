using Surveillance.Accounts;
using Surveillance.Audit;
using Surveillance.Dashboard.Accounts;
using Surveillance.Dashboard.Shared;
using Surveillance.Messages;

namespace Surveillance.Dashboard.Search;

/// <summary>The search for programs: <c>GET /api/v1/messages</c>. The same search as the page's.</summary>
internal static class SearchApi
{
    private const string RetryAfterSeconds = "10";

    internal static void MapSearchApi(this IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/messages", FindAsync).RequireAuthorization(Scopes.MessagesRead);

    private static async Task<IResult> FindAsync(string? q, string? after, int? limit, HttpContext http, MessageSearch search, CancellationToken cancel)
    {
        if (limit is < 1 or > 200)
        {
            return Problems.Result(Problems.BadRequest, "`limit` is a number from 1 to 200.");
        }
        switch (await search.FindAsync(q ?? "", after, limit ?? 50, AuditActor.Of(http.User.ActorName()), http.User.Has(Scopes.AlertsRead), cancel))
        {
            case SearchOutcome.Found found:
                return TypedResults.Json(new { items = found.Items.Select(Shown), next = found.Next, approxTotal = found.Total, indexedTo = found.Progress.IndexedTo, head = found.Progress.Head });
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

    private static object Shown(FoundMessage found) => new
    {
        id = found.Id.ToString(),
        found.Position,
        conversation = found.Entry is null ? null : found.Conversation.ToString(),
        channel = found.Entry is { } kept ? Names<Channel>.Of(kept.Message.Channel) : null,
        direction = found.Entry is { } way ? Names<Direction>.Of(way.Message.Direction) : null,
        sentAt = found.Entry is { } sent ? Rfc3339.Format(sent.Message.SentAt) : null,
        receivedAt = found.Entry is { } received ? Rfc3339.Format(received.ReceivedAt) : null,
        from = found.Entry is { } from ? Shown(from.Message.From) : null,
        to = found.Entry?.Message.To.Select(Shown),
        subject = found.Entry?.Message.Subject,
        snippet = found.Entry is null ? null : string.Concat(MessageRow.Of(found).Snippet.Select(p => p.Text)),
        evidence = found.Evidence?.Spans.Select(s => new { found.Evidence.Part, s.Start, s.End }),
        alerts = found.Alerts?.Select(a => a.ToString()),
    };

    private static object Shown(Participant person) => new { person.Address, role = person.Role is { } role ? Names<Role>.Of(role) : null, person.Name };
}
