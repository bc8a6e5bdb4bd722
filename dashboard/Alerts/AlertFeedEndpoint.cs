using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Surveillance.Accounts;
using Surveillance.Dashboard.Description;
using Surveillance.Messages;
using Surveillance.Review;

namespace Surveillance.Dashboard.Alerts;

/// <summary>Something that happened to an alert, as a browser gets it.</summary>
/// <param name="Sequence">The event's sequence.</param>
/// <param name="Alert">The alert.</param>
/// <param name="Kind">opened, joined, decided and so on.</param>
/// <param name="At">When, RFC 3339.</param>
/// <param name="Actor">Who; null for the engine.</param>
/// <param name="Status">The status after it.</param>
/// <param name="Severity">The alert's severity.</param>
/// <param name="Rule">The alert's rule.</param>
/// <param name="Channel">The alert's channel.</param>
public sealed record FeedLine(long Sequence, string Alert, string Kind, string At, string? Actor, string Status, string Severity, string Rule, string Channel)
{
    /// <summary>Translates an item of the feed.</summary>
    /// <param name="item">The item.</param>
    public static FeedLine Of(AlertFeedItem item) => new(
        item.Sequence, item.Alert.ToString(), Names<AlertEventKind>.Of(item.Kind), Rfc3339.Format(item.At), item.Actor,
        Names<AlertStatus>.Of(item.Status), Names<Severity>.Of(item.Severity), item.RuleId, Names<Channel>.Of(item.Channel));
}

/// <summary>The answer to a browser that cannot hold a stream open.</summary>
/// <param name="Current">The last sequence.</param>
/// <param name="Items">What happened since, oldest first; the last 500 at most.</param>
public sealed record FeedSince(long Current, IReadOnlyList<FeedLine> Items);

/// <summary>Tells browsers what happens to alerts: a stream of server-sent events (WHATWG HTML, 9.2), and the same by asking again and again.</summary>
internal static class AlertFeedEndpoint
{
    private const int MostAtOnce = 500;
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    internal static void MapAlertFeed(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/events").RequireAuthorization(Scopes.AlertsRead);
        read.MapGet("", Stream).Describe(FeedOperations.Stream);
        read.MapGet("since", SinceAsync).Describe(FeedOperations.Since);
    }

    private static ServerSentEventsResult<FeedLine?> Stream(HttpContext context, IAlertFeed feed, TimeProvider time, IHostApplicationLifetime life, long? after)
    {
        context.Response.Headers["X-Accel-Buffering"] = "no"; // A proxy that gathers the stream would hold it back.
        var known = long.TryParse(context.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last : after ?? feed.Current;
        // Somebody away for long needs a fresh page, not a thousand events.
        known = Math.Max(known, feed.Current - MostAtOnce);
        // Without the second reason a stop would wait for every open page.
        var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, life.ApplicationStopping);
        context.Response.RegisterForDispose(stop);
        return TypedResults.ServerSentEvents(ItemsAsync(feed, known, time, stop.Token));
    }

    private static async IAsyncEnumerable<SseItem<FeedLine?>> ItemsAsync(IAlertFeed feed, long known, TimeProvider time, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var items = feed.ReadAsync(known, stop.Token).GetAsyncEnumerator(stop.Token);
        var next = items.MoveNextAsync().AsTask();
        try
        {
            yield return new SseItem<FeedLine?>(null, "hello") { EventId = known.ToString(CultureInfo.InvariantCulture), ReconnectionInterval = TimeSpan.FromSeconds(5) };
            while (true)
            {
                var (isThere, isSilent) = await WaitAsync(next, time, cancel);
                if (isSilent)
                {
                    yield return new SseItem<FeedLine?>(null, "alive");
                }
                else if (!isThere)
                {
                    yield break;
                }
                else
                {
                    var item = items.Current;
                    next = items.MoveNextAsync().AsTask();
                    yield return new SseItem<FeedLine?>(FeedLine.Of(item), "alert") { EventId = item.Sequence.ToString(CultureInfo.InvariantCulture) };
                }
            }
        }
        finally
        {
            // The feed may only be let go once it has answered.
            await stop.CancelAsync();
            await next.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            await items.DisposeAsync();
        }
    }

    private static async Task<(bool IsThere, bool IsSilent)> WaitAsync(Task<bool> next, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            return (await next.WaitAsync(KeepAlive, time, cancel), false);
        }
        catch (TimeoutException)
        {
            return (false, true);
        }
        catch (OperationCanceledException)
        {
            return (false, false);
        }
    }

    private static async Task<Ok<FeedSince>> SinceAsync(IAlertFeed feed, long after, CancellationToken cancel)
    {
        var current = feed.Current;
        var items = new List<FeedLine>();
        if (after < current)
        {
            await foreach (var item in feed.ReadAsync(Math.Max(after, current - MostAtOnce), cancel))
            {
                if (item.Sequence <= current)
                {
                    items.Add(FeedLine.Of(item));
                }
                if (item.Sequence >= current)
                {
                    break;
                }
            }
        }
        return TypedResults.Ok(new FeedSince(current, items));
    }
}
