using Surveillance.Dashboard.Shared;

namespace Surveillance.Dashboard.Health;

/// <summary>The page that says in words how the service is.</summary>
internal static class HealthRoutes
{
    internal static void MapHealthPage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/health", async (HealthReader health, CancellationToken cancel) => Pages.Show<HealthPage>(await health.ReadAsync(cancel))).RequireAuthorization();
}
