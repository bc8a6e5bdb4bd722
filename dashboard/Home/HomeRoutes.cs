using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Surveillance.Accounts;
using Surveillance.Dashboard.Alerts;
using Surveillance.Dashboard.Shared;
using Surveillance.Messages;
using Surveillance.Pipeline;
using Surveillance.Review;
using Surveillance.Rules;

namespace Surveillance.Dashboard.Home;

/// <summary>What the home page shows; what the person may not know is null.</summary>
/// <param name="Progress">How far the pipeline is.</param>
/// <param name="OpenBySeverity">Open alerts, heaviest first.</param>
/// <param name="NextAlert">The first alert of the queue.</param>
/// <param name="Escalated">Escalated alerts.</param>
/// <param name="Quarantined">Messages in quarantine.</param>
/// <param name="Book">What runs.</param>
/// <param name="Sample">A command that sends a message.</param>
/// <param name="Now">The time now.</param>
public sealed record HomeModel(
    PipelineProgress Progress, IReadOnlyList<(Severity Severity, int Count)>? OpenBySeverity, OpaqueId? NextAlert, int? Escalated, int? Quarantined,
    RuleBookStatus? Book, string Sample, DateTimeOffset Now)
{
    /// <summary>Whether nothing was ever kept.</summary>
    public bool IsEmpty => !Progress.HasMessages;
}

/// <summary>The home page, help, and how somebody likes the pages.</summary>
internal static class HomeRoutes
{
    internal static void MapHome(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", ShowAsync).RequireAuthorization();
        routes.MapGet("/help/keys", (HttpContext context) => new RazorComponentResult<Keys>(new { On = Preferences.Of(context).Keys })).RequireAuthorization();
        routes.MapPost("/preferences", (HttpContext context, [FromForm] string? name, [FromForm] string? value, [FromForm] string? back) =>
        {
            Preferences.Keep(context, name, value);
            return SeeOther.Back(back, "/");
        }).RequireAuthorization();
    }

    private static async Task<RazorComponentResult<HomePage>> ShowAsync(
        HttpContext context, IAlertReader alerts, IQuarantineReader quarantine, IRuleStatus rules, IPipelineStatus pipeline, PageFrameReader frames, TimeProvider time, CancellationToken cancel)
    {
        var scopes = await frames.ScopesAsync(context);
        var mayAlerts = scopes.Contains(Scopes.AlertsRead);
        var open = AlertListQuery.Default.Filter;
        List<(Severity, int)>? bySeverity = null;
        if (mayAlerts)
        {
            bySeverity = [];
            foreach (var severity in Enum.GetValues<Severity>().Reverse())
            {
                bySeverity.Add((severity, await alerts.CountAsync(open with { Severities = [severity] }, cancel)));
            }
        }
        return Pages.Show<HomePage>(new HomeModel(
            pipeline.Read(),
            bySeverity,
            mayAlerts && await alerts.PageAsync(open, AlertSort.Priority, null, 1, cancel) is { Items: [var first, ..] } ? first.Id : null,
            mayAlerts ? await alerts.CountAsync(AlertFilter.Everything with { Statuses = [AlertStatus.Escalated] }, cancel) : null,
            mayAlerts ? await quarantine.CountAsync(cancel) : null,
            scopes.Contains(Scopes.RulesRead) ? await rules.ReadAsync(cancel) : null,
            Sample(context.Request),
            time.GetUtcNow()));
    }

    private static string Sample(HttpRequest request) =>
        $$"""
        curl {{request.Scheme}}://{{request.Host}}/api/v1/messages \
          -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \
          -d '{ "id": "first-1", "channel": "whatsapp", "conversation": "first",
                "sentAt": "2026-05-04T09:12:00Z", "direction": "outbound",
                "from": { "address": "+442079460000", "role": "employee" },
                "to": [ { "address": "+4915112345678", "role": "client" } ],
                "text": "Rather not here. Text me on my personal WhatsApp instead." }'
        """;
}
