using Surveillance.Accounts;
using Surveillance.Dashboard.Accounts;
using Surveillance.Dashboard.Description;

namespace Surveillance.Dashboard.Telemetry;

/// <summary>Serves the figures at <c>/metrics</c>: to a token with the scope, and to this machine itself.</summary>
internal static partial class MetricsEndpoint
{
    internal static void MapMetrics(this IEndpointRouteBuilder routes) => routes.MapGet("/metrics", (HttpContext http, MetricsStore metrics, ILoggerFactory logs) =>
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Text(PrometheusText.Write(metrics.Read(kind => LogFailed(logs.CreateLogger("Surveillance.Dashboard.Telemetry"), kind))), PrometheusText.MediaType);
    }).RequireScopeOrLoopback(Scopes.MetricsRead).Describe(new ApiOperation("Read the figures, in the text form of Prometheus")
    {
        Tag = "Health", Says = "Programs on this machine need no token.", Answers = [new ApiAnswer(200, "The figures.", null, "text/plain")],
    });

    [LoggerMessage(Level = LogLevel.Warning, Message = "A figure could not be read ({Kind})")]
    private static partial void LogFailed(ILogger log, string kind);
}
