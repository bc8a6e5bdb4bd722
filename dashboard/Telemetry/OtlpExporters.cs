using System.Diagnostics;
using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Surveillance.Archive;

namespace Surveillance.Dashboard.Telemetry;

/// <summary>Sends traces, metrics and logs over OTLP. The one file that knows OpenTelemetry; loaded only where an address is set.</summary>
internal static class OtlpExporters
{
    private const string RequestSource = "Microsoft.AspNetCore";

    /// <summary>What of a request is sent: nothing that holds an address, a query or a whole path.</summary>
    private static readonly HashSet<string> KeptOfRequests = ["http.request.method", "http.response.status_code", "http.route", "url.scheme", "network.protocol.version", "error.type"];

    private const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel";

    /// <summary>What of connections is sent: no address, and no path of a socket.</summary>
    private static readonly string[] KeptOfConnections = ["network.transport", "network.type", "network.protocol.name", "network.protocol.version", "tls.protocol.version", "server.port", "error.type"];

    internal static void Add(WebApplicationBuilder builder, OtlpExport export)
    {
        var resource = ResourceBuilder.CreateEmpty()
            .AddService("surveillance", serviceVersion: typeof(OtlpExporters).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0])
            .AddEnvironmentVariableDetector();
        if (export.Traces is { } traces)
        {
            builder.Services.AddSingleton(_ =>
            {
                var provider = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(ArchiveMeter.Name, RequestSource).AddProcessor(new RequestFilter());
                if (export.SampleRatio is { } ratio)
                {
                    provider.SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(ratio)));
                }
                return provider.AddOtlpExporter(options => Set(options, traces, export)).Build();
            });
        }
        if (export.Metrics is { } metrics)
        {
            builder.Services.AddSingleton(_ => Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(MetricsStore.Meters)
                .AddView(instrument => instrument.Meter.Name == Kestrel ? new MetricStreamConfiguration { TagKeys = KeptOfConnections } : null).AddOtlpExporter(options => Set(options, metrics, export)).Build());
        }
        if (export.Logs is { } logs)
        {
            builder.Logging.AddOpenTelemetry(options =>
            {
                options.SetResourceBuilder(resource);
                options.IncludeFormattedMessage = true;
                options.AddProcessor(new ExceptionFilter());
                options.AddOtlpExporter(exporter => Set(exporter, logs, export));
            });
        }
    }

    internal static void Start(IServiceProvider services)
    {
        services.GetService<TracerProvider>();
        services.GetService<MeterProvider>();
    }

    private static void Set(OtlpExporterOptions options, Uri endpoint, OtlpExport export)
    {
        options.Endpoint = endpoint;
        options.Protocol = export.IsGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        options.Headers = export.Headers ?? options.Headers;
    }

    /// <summary>Leaves out of requests' spans what may name somebody or let somebody in.</summary>
    private sealed class RequestFilter : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            if (data.Source.Name != RequestSource)
            {
                return;
            }
            foreach (var (name, _) in data.TagObjects.ToArray())
            {
                if (!KeptOfRequests.Contains(name))
                {
                    data.SetTag(name, null);
                }
            }
        }
    }

    /// <summary>Sends of an exception its kind alone: its words may hold words of a message.</summary>
    private sealed class ExceptionFilter : BaseProcessor<LogRecord>
    {
        public override void OnEnd(LogRecord data)
        {
            if (data.Exception is { } exception)
            {
                data.Exception = null;
                data.Attributes = [.. data.Attributes ?? [], KeyValuePair.Create<string, object?>("exception.type", exception.GetType().FullName)];
            }
        }
    }
}
