using Microsoft.AspNetCore.Diagnostics;

namespace Surveillance.Dashboard.Shared;

/// <summary>What every answer carries, and what an unexpected error answers.</summary>
internal static partial class SecurityHeaders
{
    /// <summary>Adds the headers that keep a browser from running, framing or sending anything that is not ours.</summary>
    internal static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.XFrameOptions = "DENY";
        return next(context);
    });

    /// <summary>Answers an unexpected error with its trace id alone: a problem for the API, a page for people. The log has its kind and place, never its words.</summary>
    internal static void UseUnexpectedErrors(this IApplicationBuilder app) => app.UseExceptionHandler(handler => handler.Run(async context =>
    {
        var error = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var id = System.Diagnostics.Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
        if (error is BadHttpRequestException bad)
        {
            if (DashboardPages.IsForPeople(context.Request))
            {
                context.Response.StatusCode = bad.StatusCode;
                await DashboardPages.Failure(context).ExecuteAsync(context);
                return;
            }
            var kind = bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? Problems.TooLarge : Problems.BadRequest;
            await Problems.Result(kind, kind == Problems.TooLarge ? "The body is larger than this address takes." : "The request is not complete or not well formed.").ExecuteAsync(context);
            return;
        }
        var log = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Surveillance.Dashboard");
        LogUnexpected(log, id, context.GetEndpoint()?.DisplayName ?? "no endpoint", error?.GetType().FullName ?? "unknown", error?.StackTrace ?? "");
        if (context.Request.Path.StartsWithSegments("/api") || context.Request.Path.StartsWithSegments("/webhooks"))
        {
            await TypedResults.Problem("Something unexpected went wrong; the log has it under this trace id.", statusCode: 500, title: "Unexpected error", extensions: new Dictionary<string, object?> { ["traceId"] = id }).ExecuteAsync(context);
            return;
        }
        if (DashboardPages.IsForPeople(context.Request))
        {
            await DashboardPages.Failure(context).ExecuteAsync(context);
            return;
        }
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync($"Something unexpected went wrong. The log has it under {id}.\n");
    }));

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected error {Trace} at {Endpoint}: {Kind}{Stack}")]
    private static partial void LogUnexpected(ILogger log, string trace, string endpoint, string kind, string stack);
}
