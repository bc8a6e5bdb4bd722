using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Surveillance.Accounts;
using Surveillance.Archive;
using Surveillance.Dashboard.Conversations;
using Surveillance.Dashboard.Shared;
using Surveillance.Messages;
using Surveillance.Review;
using Surveillance.Rules;

namespace Surveillance.Dashboard.Alerts;

/// <summary>What the decision form sends.</summary>
/// <param name="IfMatch">The version that the person saw.</param>
/// <param name="Choice"><c>false-positive/CODE</c>, <c>true-positive/CODE</c> or <c>escalate</c>.</param>
/// <param name="Note">The note as typed.</param>
/// <param name="EscalateTo">To whom, for <c>escalate</c>.</param>
/// <param name="Ctx">The list that the person works through.</param>
/// <param name="Back">Where to go on; null means the next alert of the list.</param>
public sealed record DecisionForm(int IfMatch, string? Choice, string? Note, string? EscalateTo, string? Ctx, string? Back)
{
    /// <summary>Reads the fields; what is missing is null, or 0 for the version, which no alert has.</summary>
    /// <param name="fields">The form.</param>
    public static DecisionForm Of(IFormCollection fields)
    {
        return new DecisionForm(
            int.TryParse(fields["ifMatch"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0,
            Field("choice"), Field("note"), Field("escalateTo"), Field("ctx"), Field("back"));

        string? Field(string name) => fields[name].ToString() is { Length: > 0 } value ? value : null;
    }

    /// <summary>The decision, or null when <see cref="Choice"/> says none.</summary>
    public Decision? Read()
    {
        var note = string.IsNullOrWhiteSpace(Note) ? null : Note.Trim();
        if (Choice == "escalate")
        {
            return new Decision(null, null, note, EscalateTo);
        }
        foreach (var disposition in Enum.GetValues<Disposition>())
        {
            var start = AlertWords.CodeOf(disposition) + "/";
            if (Choice?.StartsWith(start, StringComparison.Ordinal) == true && Reasons.Find(disposition, Choice[start.Length..]) is { } reason)
            {
                return new Decision(disposition, reason.Code, note);
            }
        }
        return null;
    }

    /// <summary>The choice in words, such as "false positive: wrong match".</summary>
    public string InWords => Read() switch
    {
        { Disposition: { } d, Reason: { } reason } => AlertWords.Of(d).ToLowerInvariant() + ": " + Reasons.TitleOf(reason).ToLowerInvariant(),
        { } => "escalation",
        null => "none",
    };
}

/// <summary>What the page of an alert asks for in its address.</summary>
/// <param name="Ctx">The list that the reader comes from.</param>
/// <param name="Match">The match to explain, from 0.</param>
/// <param name="Before">How many messages before it.</param>
/// <param name="After">How many messages after it.</param>
public sealed record AlertAddress(
    [FromQuery] string? Ctx = null, [FromQuery] int? Match = null, [FromQuery] int? Before = null, [FromQuery] int? After = null);

/// <summary>The queue, the page of an alert, and the forms on them.</summary>
internal static class AlertRoutes
{
    private const int PageSize = 50;
    private const int Around = 5;
    private const int MostAround = 200;

    internal static void MapAlerts(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/alerts").RequireAuthorization(Scopes.AlertsRead);
        read.MapGet("", QueueAsync);
        read.MapGet("{id}", ShowAsync);
        var write = routes.MapGroup("/alerts").RequireAuthorization(Scopes.AlertsWrite);
        write.MapPost("{id}/decide", DecideAsync);
        write.MapPost("{id}/reopen", ReopenAsync);
        write.MapPost("{id}/undo", UndoAsync);
    }

    private static async Task<Results<RazorComponentResult<QueuePage>, SeeOther>> QueueAsync(
        HttpContext context, IAlertReader alerts, IMessageReader messages, IRuleStatus rules, PageFrameReader frames, TimeProvider time, CancellationToken cancel)
    {
        var query = AlertListQuery.Parse(context.Request.QueryString.Value);
        if (query.Density is { } density)
        {
            Preferences.Keep(context, "density", Names<Density>.Of(density));
        }
        var page = await alerts.PageAsync(query.Filter, query.Sort, query.After, PageSize, cancel);
        var cursorLost = page is null;
        if (cursorLost)
        {
            query = query with { After = null };
            page = await alerts.PageAsync(query.Filter, query.Sort, null, PageSize, cancel) ?? throw new InvalidOperationException("The first page needs no cursor.");
        }
        var counts = new Dictionary<AlertStatus, int>();
        foreach (var status in Enum.GetValues<AlertStatus>())
        {
            counts[status] = await alerts.CountAsync(query.Filter with { Statuses = [status] }, cancel);
        }
        var words = await messages.FindManyAsync([.. page!.Items.Select(a => a.SnippetMessage).Distinct()], cancel);
        var book = (await rules.ReadAsync(cancel)).Rules;
        var nothing = page.Items.Count == 0 && query.After is null;
        return Pages.Show<QueuePage>(new QueueModel
        {
            Query = query,
            Density = query.Density ?? Preferences.Of(context).Density,
            Rows = [.. page.Items.Select(a => QueueRow.Of(a, words.GetValueOrDefault(a.SnippetMessage)?.Message))],
            Next = page.Next,
            Counts = counts,
            Rules = book,
            Active = await ActiveAsync(query, book, nothing ? alerts : null, cancel),
            Now = time.GetUtcNow(),
            CanDecide = (await frames.ScopesAsync(context)).Contains(Scopes.AlertsWrite),
            IsEmpty = nothing && await alerts.CountAsync(AlertFilter.Everything, cancel) == 0,
            CursorLost = cursorLost,
        });
    }

    private static async ValueTask<IReadOnlyList<ActiveFilter>> ActiveAsync(AlertListQuery query, IReadOnlyList<RuleSummary> rules, IAlertReader? counting, CancellationToken cancel)
    {
        var active = new List<ActiveFilter>();
        if (query.Severities.Count > 0)
        {
            await AddAsync("Severity: " + string.Join(", ", query.Severities.Select(s => AlertWords.Of(s).ToLowerInvariant())), query with { Severities = [] });
        }
        if (query.Rules.Count > 0)
        {
            await AddAsync("Rule: " + string.Join(", ", query.Rules.Select(id => rules.FirstOrDefault(r => r.Id == id)?.Title ?? Visible.Of(id))), query with { Rules = [] });
        }
        if (query.Channels.Count > 0)
        {
            await AddAsync("Channel: " + string.Join(", ", query.Channels.Select(AlertWords.Of)), query with { Channels = [] });
        }
        if (query.Standing is { } standing)
        {
            await AddAsync("Standing: " + AlertWords.Of(standing).ToLowerInvariant(), query with { Standing = null });
        }
        return active;

        async ValueTask AddAsync(string title, AlertListQuery without) => active.Add(new ActiveFilter(
            title, (without with { After = null }).Url, counting is null ? null : await counting.CountAsync(without.Filter, cancel)));
    }

    private static async Task<Results<RazorComponentResult<AlertDetailPage>, RazorComponentResult<ErrorView>>> ShowAsync(
        string id, [AsParameters] AlertAddress address, HttpContext context, AlertPageReader pages, CancellationToken cancel) =>
        await pages.ReadAsync(context, id, address, cancel) is { } page ? Pages.Show<AlertDetailPage>(page) : NoAlert();

    private static async Task<Results<SeeOther, RazorComponentResult<AlertDetailPage>, RazorComponentResult<ErrorView>>> DecideAsync(
        string id, IFormCollection fields, HttpContext context, IReviewDesk desk, IAlertReader alerts, AlertPageReader pages, TimeProvider time, CancellationToken cancel)
    {
        if (!OpaqueId.TryParse(id, out var alert))
        {
            return NoAlert();
        }
        var form = DecisionForm.Of(fields);
        var list = AlertListQuery.Parse(form.Ctx).Context;
        if (form.Read() is not { } decision)
        {
            return await AgainAsync(StatusCodes.Status422UnprocessableEntity, p => p with { Problem = "Choose a reason first." });
        }
        // Asked before the decision, which may take the alert out of the list.
        var next = (await alerts.NeighboursAsync(alert, list.Filter, list.Sort, cancel)).Next;
        switch (await desk.DecideAsync(alert, form.IfMatch, decision, ActorOf(context), cancel))
        {
            case DecisionOutcome.Done done:
                var did = decision.EscalateTo is { } to && decision.Disposition is null ? "Escalated to " + to.Replace('-', ' ') : "Closed as " + form.InWords;
                new Notice(did + ".", id, done.UndoToken, done.Until).Send(context, time.GetUtcNow());
                return form.Back is not null ? SeeOther.Back(form.Back, list.Url) : new SeeOther(next is { } following ? AlertModel.UrlOf(following, list) : list.Url);
            case DecisionOutcome.Stale stale:
                return await AgainAsync(StatusCodes.Status412PreconditionFailed, p => p with
                {
                    Stale = new StaleWrite(stale.ChangedBy, AlertWords.Did(stale.Current.Status, stale.Current.Disposition, stale.Current.Reason), time.GetUtcNow() - stale.At, form.InWords),
                });
            case DecisionOutcome.Invalid invalid:
                return await AgainAsync(StatusCodes.Status422UnprocessableEntity, p => p with { Problem = invalid.Detail });
            default:
                return NoAlert();
        }

        async Task<Results<SeeOther, RazorComponentResult<AlertDetailPage>, RazorComponentResult<ErrorView>>> AgainAsync(int status, Func<AlertModel, AlertModel> with) =>
            await pages.ReadAsync(context, id, new AlertAddress(form.Ctx), cancel) is { } page ? Pages.Show<AlertDetailPage>(with(page with { Note = form.Note }), status) : NoAlert();
    }

    private static async Task<Results<SeeOther, RazorComponentResult<AlertDetailPage>, RazorComponentResult<ErrorView>>> ReopenAsync(
        string id, [FromForm] int ifMatch, [FromForm] string? note, [FromForm] string? ctx, HttpContext context, IReviewDesk desk, AlertPageReader pages, TimeProvider time, CancellationToken cancel)
    {
        if (!OpaqueId.TryParse(id, out var alert))
        {
            return NoAlert();
        }
        var outcome = await desk.ReopenAsync(alert, ifMatch, string.IsNullOrWhiteSpace(note) ? null : note.Trim(), ActorOf(context), cancel);
        if (outcome is DecisionOutcome.Done done)
        {
            new Notice("Opened again.", id, done.UndoToken, done.Until).Send(context, time.GetUtcNow());
            return new SeeOther(AlertModel.UrlOf(alert, AlertListQuery.Parse(ctx).Context));
        }
        if (outcome is DecisionOutcome.UnknownAlert || await pages.ReadAsync(context, id, new AlertAddress(ctx), cancel) is not { } page)
        {
            return NoAlert();
        }
        page = page with { Note = note };
        return outcome is DecisionOutcome.Stale stale
            ? Pages.Show<AlertDetailPage>(
                page with { Stale = new StaleWrite(stale.ChangedBy, AlertWords.Did(stale.Current.Status, stale.Current.Disposition, stale.Current.Reason), time.GetUtcNow() - stale.At, "opening it again") },
                StatusCodes.Status412PreconditionFailed)
            : Pages.Show<AlertDetailPage>(page with { Problem = ((DecisionOutcome.Invalid)outcome).Detail }, StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<Results<SeeOther, RazorComponentResult<ErrorView>>> UndoAsync(
        string id, [FromForm] string? undoToken, [FromForm] string? back, HttpContext context, IReviewDesk desk, TimeProvider time, CancellationToken cancel)
    {
        if (!OpaqueId.TryParse(id, out var alert))
        {
            return NoAlert();
        }
        var outcome = await desk.UndoAsync(alert, undoToken ?? "", ActorOf(context), cancel);
        if (outcome == UndoOutcome.Unknown)
        {
            return NoAlert();
        }
        var now = time.GetUtcNow();
        var (text, problem) = outcome switch
        {
            UndoOutcome.Done => ("Taken back.", false),
            UndoOutcome.WindowPassed => ("It was too late to take it back. You can open the alert again.", true),
            _ => ("Somebody changed the alert since, so it was not taken back.", true),
        };
        new Notice(text, null, null, now + TimeSpan.FromSeconds(20), problem).Send(context, now);
        // Back to the alert itself: what was taken back wants another decision.
        var list = back?.IndexOf("ctx=", StringComparison.Ordinal) is { } at and >= 0 ? AlertListQuery.Parse(Uri.UnescapeDataString(back[(at + 4)..].Split('&', '#')[0])).Context : null;
        return back?.StartsWith("/alerts?", StringComparison.Ordinal) == true || back == "/alerts"
            ? SeeOther.Back(back, "/alerts")
            : new SeeOther(AlertModel.UrlOf(alert, list ?? AlertListQuery.Default));
    }

    private static RazorComponentResult<ErrorView> NoAlert() =>
        Pages.NotFound("There is no such alert", "The address is wrong, or the alert is not in this data folder.");

    private static string ActorOf(HttpContext context) => context.User.Identity?.Name ?? throw new InvalidOperationException("Only somebody signed in decides.");
}
