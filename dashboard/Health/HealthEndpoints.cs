using Surveillance.Dashboard.Description;
using Surveillance.Pipeline;

namespace Surveillance.Dashboard.Health;

/// <summary>Answers of <c>/health/ready</c>.</summary>
/// <param name="Status">ready, starting or degraded.</param>
/// <param name="Head">Position of the last entry kept.</param>
/// <param name="Waiting">Entries kept and not evaluated yet.</param>
/// <param name="Trouble">What is wrong, in words; empty when nothing is.</param>
internal sealed record HealthAnswer([property: Words("ready", "starting", "degraded")] string Status, long Head, long Waiting, IReadOnlyList<string> Trouble);

/// <summary>Answers of <c>/health/live</c>.</summary>
/// <param name="Status">live.</param>
internal sealed record LiveAnswer([property: Words("live")] string Status);

/// <summary>Liveness and readiness. Neither says anything about the data.</summary>
internal static class HealthEndpoints
{
    internal static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Json(new LiveAnswer("live"))).AllowAnonymous().Describe(HealthOperations.Live);
        routes.MapGet("/health/ready", (PipelineService pipeline) =>
        {
            var progress = pipeline.Read();
            var trouble = pipeline.Trouble;
            var status = !pipeline.IsRunning ? "starting" : trouble.Count > 0 ? "degraded" : "ready";
            return TypedResults.Json(
                new HealthAnswer(status, progress.Head, progress.Waiting, trouble),
                statusCode: pipeline.IsRunning ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }).AllowAnonymous().Describe(HealthOperations.Ready);
    }
}
