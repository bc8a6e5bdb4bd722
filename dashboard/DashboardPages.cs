using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Surveillance.Dashboard.Alerts;
using Surveillance.Dashboard.Conversations;
using Surveillance.Dashboard.Home;
using Surveillance.Dashboard.Quarantine;
using Surveillance.Dashboard.Rules;
using Surveillance.Dashboard.Shared;

namespace Surveillance.Dashboard;

/// <summary>Puts the pages into the host.</summary>
public static partial class DashboardPages
{
    private const string ErrorPath = "/error";

    /// <summary>What a browser may load: only what comes from here, and no script or style inside of a page.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    /// <summary>Adds what the pages need beside the readers of the engine, accounts and a clock.</summary>
    /// <param name="services">The host's services.</param>
    public static IServiceCollection AddDashboardPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddScoped<PageFrameReader>();
        services.AddScoped<AlertPageReader>();
        return services;
    }

    /// <summary>Headers and failures of pages. Before everything that answers a request.</summary>
    /// <param name="app">The host.</param>
    public static IApplicationBuilder UseDashboardPages(this IApplicationBuilder app)
    {
        app.Use((context, next) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            return next(context);
        });
        app.UseExceptionHandler(ErrorPath);
        app.UseStatusCodePages(async status =>
        {
            var context = status.HttpContext;
            if (IsPage(context.Request))
            {
                await Failure(context.Response.StatusCode, context).ExecuteAsync(context);
            }
        });
        return app;
    }

    /// <summary>Maps every page, its forms and the live feed.</summary>
    /// <param name="routes">The host's routes.</param>
    public static IEndpointRouteBuilder MapDashboardPages(this IEndpointRouteBuilder routes)
    {
        routes.MapHome();
        routes.MapAlerts();
        routes.MapAlertFeed();
        routes.MapConversations();
        routes.MapRules();
        routes.MapQuarantine();
        routes.Map(ErrorPath, (HttpContext context) =>
        {
            var failed = context.Features.Get<IExceptionHandlerPathFeature>();
            var status = failed?.Error is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError;
            if (status >= StatusCodes.Status500InternalServerError && failed is not null)
            {
                LogUnexpected(context.RequestServices.GetRequiredService<ILogger<PageFrame>>(), Pages.IdOf(context), failed.Endpoint?.DisplayName ?? "no endpoint", failed.Error.GetType().FullName!, failed.Error.StackTrace ?? "");
            }
            return IsPage(context.Request, failed?.Path) ? (IResult)Failure(status, context) : status switch
            {
                StatusCodes.Status413PayloadTooLarge => Problems.Result(Problems.TooLarge, "The body is larger than this address takes."),
                < 500 => Problems.Result(Problems.BadRequest, "The request is not complete or not well formed."),
                _ => TypedResults.Problem("The log has it under the trace id.", statusCode: status, title: "Something went wrong here", extensions: new Dictionary<string, object?> { ["traceId"] = Pages.IdOf(context) }),
            };
        }).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        return routes;
    }

    /// <summary>The kind and place of an error, never its words, which may hold words of a message.</summary>
    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected error {Trace} at {Endpoint}: {Kind}{Stack}")]
    private static partial void LogUnexpected(ILogger log, string trace, string endpoint, string kind, string stack);

    private static bool IsPage(HttpRequest request, PathString? path = null) =>
        !(path ?? request.Path).StartsWithSegments("/api") && !(path ?? request.Path).StartsWithSegments("/events")
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    private static RazorComponentResult<ErrorView> Failure(int status, HttpContext context)
    {
        var retry = HttpMethods.IsGet(context.Request.Method) ? (context.Features.Get<IExceptionHandlerPathFeature>()?.Path ?? context.Request.Path.ToUriComponent()) + context.Request.QueryString : null;
        return status switch
        {
            StatusCodes.Status400BadRequest => Pages.Error(
                "The request could not be understood", "The form had expired, or the address is damaged. Go back, load the page again and send it once more; nothing was changed.", status),
            StatusCodes.Status404NotFound => Pages.NotFound("There is no such page", "The address is wrong or out of date."),
            StatusCodes.Status405MethodNotAllowed => Pages.Error("This address only takes forms", "Open the page that the form is on.", status),
            StatusCodes.Status429TooManyRequests => Pages.Error("Too many requests", "Wait for some seconds, then try again.", status, retry: retry),
            >= 500 => Pages.Error("Something went wrong here", "Nothing was changed. The failure is in the log under the number below.", status, Pages.IdOf(context), retry),
            _ => Pages.Error("That did not work", $"The answer was {status}.", status),
        };
    }
}
