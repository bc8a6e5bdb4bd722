using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Surveillance.Dashboard.Alerts;
using Surveillance.Dashboard.Conversations;
using Surveillance.Dashboard.Health;
using Surveillance.Dashboard.Home;
using Surveillance.Dashboard.Jobs;
using Surveillance.Dashboard.Quarantine;
using Surveillance.Dashboard.Rules;
using Surveillance.Dashboard.Search;
using Surveillance.Dashboard.Shared;

namespace Surveillance.Dashboard;

/// <summary>Puts the pages into the host.</summary>
public static class DashboardPages
{
    private static readonly PathString[] ForPrograms = ["/api", "/events", "/webhooks", "/health/live", "/health/ready", "/metrics", "/openapi", "/control"];

    /// <summary>Adds what the pages need beside the readers of the engine, accounts and a clock.</summary>
    /// <param name="services">The host's services.</param>
    public static IServiceCollection AddDashboardPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
        // Letters of every script as they are; what means something in HTML is escaped all the same.
        services.AddWebEncoders(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.AddScoped<PageFrameReader>();
        services.AddScoped<AlertPageReader>();
        services.AddScoped<JobReader>();
        services.AddScoped<JobPageReader>();
        services.AddSingleton<MessageSearch>();
        services.AddScoped<HealthReader>();
        return services;
    }

    /// <summary>Gives people a page, and programs a problem, where an answer would be a bare status. After the handler of unexpected errors, before everything that answers a request.</summary>
    /// <param name="app">The host.</param>
    public static IApplicationBuilder UseFailurePages(this IApplicationBuilder app) => app.UseStatusCodePages(async status =>
    {
        if (IsForPeople(status.HttpContext.Request))
        {
            await Failure(status.HttpContext).ExecuteAsync(status.HttpContext);
        }
        else if (status.HttpContext.Response.StatusCode < 500)
        {
            await Problems.OfStatus(status.HttpContext.Response.StatusCode).ExecuteAsync(status.HttpContext);
        }
    });

    /// <summary>Maps every page, its forms and the live feed.</summary>
    /// <param name="routes">The host's routes.</param>
    public static IEndpointRouteBuilder MapDashboardPages(this IEndpointRouteBuilder routes)
    {
        routes.MapHome();
        routes.MapAlerts();
        routes.MapAlertFeed();
        routes.MapMessageSearch();
        routes.MapConversations();
        routes.MapRules();
        routes.MapQuarantine();
        routes.MapJobs();
        routes.MapHealthPage();
        return routes;
    }

    /// <summary>Whether the answer is read by a person: a page, not the API.</summary>
    /// <param name="request">The request.</param>
    internal static bool IsForPeople(HttpRequest request) =>
        !ForPrograms.Any(path => request.Path.StartsWithSegments(path)) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    /// <summary>The page for an answer that failed.</summary>
    /// <param name="context">The request; its response has the status.</param>
    internal static RazorComponentResult<ErrorView> Failure(HttpContext context)
    {
        var status = context.Response.StatusCode;
        var retry = HttpMethods.IsGet(context.Request.Method) ? context.Request.GetEncodedPathAndQuery() : null;
        return status switch
        {
            StatusCodes.Status400BadRequest => Pages.Error(
                "The request could not be understood", "The form had expired, or the address is damaged. Go back, load the page again and send it once more; nothing was changed.", status),
            StatusCodes.Status404NotFound => Pages.NotFound("There is no such page", "The address is wrong or out of date."),
            StatusCodes.Status405MethodNotAllowed => Pages.Error("This address only takes forms", "Open the page that the form is on.", status),
            StatusCodes.Status413PayloadTooLarge => Pages.Error("That is too much at once", "Shorten what you wrote and send it again; nothing was changed.", status),
            StatusCodes.Status429TooManyRequests => Pages.Error("Too many requests", "Wait for some seconds, then try again.", status, retry: retry),
            >= 500 => Pages.Error("Something went wrong here", "Nothing was changed. The log has the failure under the number below.", status, Pages.IdOf(context), retry),
            _ => Pages.Error("That did not work", $"The answer was {status}.", status),
        };
    }
}
