using System.Diagnostics.Metrics;
using Surveillance.Archive;
using Surveillance.Pipeline;

namespace Surveillance.Dashboard.Telemetry;

/// <summary>Puts what is measured into the host.</summary>
internal static class TelemetrySetup
{
    /// <summary>Adds the stages' instruments on the host's own meter, and the store that <c>/metrics</c> shows.</summary>
    /// <param name="services">The host's services.</param>
    internal static void AddSurveillanceMetrics(this IServiceCollection services)
    {
        services.AddSingleton(provider => new MetricsStore(provider.GetRequiredService<IMeterFactory>()));
        services.AddSingleton<EntryTraces>();
        services.AddSingleton(provider => new ArchiveMeter(provider.GetRequiredService<IMeterFactory>().Create(ArchiveMeter.Name)));
        services.AddSingleton(provider => new PipelineMeter(provider.GetRequiredService<IMeterFactory>().Create(ArchiveMeter.Name)));
    }
}
