using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Surveillance.Accounts;
using Surveillance.Pipeline;
using Surveillance.Review;

namespace Surveillance.Dashboard.Shared;

/// <summary>What stands around every page.</summary>
/// <param name="User">Name of the person signed in, or null.</param>
/// <param name="Scopes">What the person may do.</param>
/// <param name="Path">The path and query of the page.</param>
/// <param name="Preferences">How the person likes the pages.</param>
/// <param name="OpenAlerts">How many alerts are open, at most <see cref="IAlertReader.CountLimit"/>; null when the person may not know.</param>
/// <param name="Quarantined">How many messages lie in quarantine; null when the person may not know.</param>
/// <param name="FeedSequence">The last event that the page knows of.</param>
/// <param name="Notice">What was just done, or null.</param>
public sealed record PageFrame(
    string? User, IReadOnlySet<string> Scopes, string Path, Preferences Preferences, int? OpenAlerts, int? Quarantined, long FeedSequence, Notice? Notice);

/// <summary>Reads what stands around a page.</summary>
/// <param name="alerts">The alerts.</param>
/// <param name="quarantine">The quarantine.</param>
/// <param name="feed">What happens to alerts.</param>
/// <param name="authorization">What people may do.</param>
/// <param name="time">The clock.</param>
public sealed class PageFrameReader(IAlertReader alerts, IQuarantineReader quarantine, IAlertFeed feed, IAuthorizationService authorization, TimeProvider time)
{
    private static readonly AlertFilter Open = new() { Statuses = [AlertStatus.Open] };

    /// <summary>Reads the frame of a request.</summary>
    /// <param name="context">The request.</param>
    public async Task<PageFrame> ReadAsync(HttpContext context)
    {
        var scopes = await ScopesAsync(context);
        var mayRead = scopes.Contains(Scopes.AlertsRead);
        var sequence = feed.Current; // Before the counts: what happens meanwhile is told twice rather than never.
        return new PageFrame(
            context.User.Identity is { IsAuthenticated: true, Name: { } name } ? name : null,
            scopes,
            context.Request.GetEncodedPathAndQuery(),
            Preferences.Of(context),
            mayRead ? await alerts.CountAsync(Open, context.RequestAborted) : null,
            mayRead ? await quarantine.CountAsync(context.RequestAborted) : null,
            sequence,
            Notice.Take(context, time.GetUtcNow()));
    }

    /// <summary>What the person of a request may do.</summary>
    /// <param name="context">The request.</param>
    public async Task<IReadOnlySet<string>> ScopesAsync(HttpContext context)
    {
        var held = new HashSet<string>(StringComparer.Ordinal);
        if (context.User.Identity?.IsAuthenticated == true)
        {
            foreach (var scope in Scopes.All)
            {
                if ((await authorization.AuthorizeAsync(context.User, null, scope)).Succeeded)
                {
                    held.Add(scope);
                }
            }
        }
        return held;
    }
}
