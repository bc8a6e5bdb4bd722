using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Surveillance.Dashboard.Telemetry;

/// <summary>Where traces, metrics and logs are sent over OTLP, from the standard variables or our own settings. Where nothing is set, nothing of OpenTelemetry is loaded.</summary>
/// <param name="Traces">Address of the traces, or null.</param>
/// <param name="Metrics">Address of the metrics, or null.</param>
/// <param name="Logs">Address of the logs, or null.</param>
/// <param name="IsGrpc">Whether it speaks gRPC; else HTTP with protobuf.</param>
/// <param name="SampleRatio">Of the traces that begin here the share that is recorded, 0 to 1; null where the variable <c>OTEL_TRACES_SAMPLER</c> decides.</param>
/// <param name="Headers">Further headers, <c>name=value</c> with commas between; null: those of the variable <c>OTEL_EXPORTER_OTLP_HEADERS</c>.</param>
/// <param name="Problem">Why nothing is sent though an address is set; null when nothing is wrong.</param>
internal sealed record OtlpExport(Uri? Traces, Uri? Metrics, Uri? Logs, bool IsGrpc, double? SampleRatio, string? Headers, string? Problem)
{
    /// <summary>The share of the traces that is recorded where nothing says otherwise.</summary>
    internal const double DefaultSampleRatio = 0.05;

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];

    private static readonly OtlpExport Nothing = new(null, null, null, false, null, null, null);

    /// <summary>Whether anything is sent.</summary>
    internal bool IsOn => Traces is not null || Metrics is not null || Logs is not null;

    /// <summary>Reads the settings and, where an address is set, adds the exporters.</summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="isCommand">Whether the host runs for one command, which sends nothing.</param>
    internal static OtlpExport Add(WebApplicationBuilder builder, bool isCommand)
    {
        var export = isCommand ? Nothing : Read(builder.Configuration);
        if (export.IsOn)
        {
            AddExporters(builder, export);
        }
        return export;
    }

    /// <summary>Begins to listen; the container ends it and sends what waits.</summary>
    /// <param name="services">The host's services.</param>
    internal void Start(IServiceProvider services)
    {
        if (IsOn)
        {
            StartExporters(services);
        }
    }

    /// <summary>Names the span of every request by its method and route, never by its path; before everything that answers.</summary>
    /// <param name="app">The host.</param>
    internal void Name(IApplicationBuilder app)
    {
        if (IsOn)
        {
            app.Use(NameAsync);
        }
    }

    private static async Task NameAsync(HttpContext context, RequestDelegate next)
    {
        var span = Activity.Current;
        try
        {
            await next(context);
        }
        finally
        {
            if (span is { IsAllDataRequested: true })
            {
                var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
                var method = Methods.Contains(context.Request.Method) ? context.Request.Method : "_OTHER";
                span.DisplayName = route is null ? method : $"{method} /{route.TrimStart('/')}";
                span.SetTag("http.request.method", method).SetTag("http.route", route).SetTag("http.response.status_code", context.Response.StatusCode);
            }
        }
    }

    /// <summary>Reads the settings.</summary>
    /// <param name="settings">Files, environment and command line.</param>
    internal static OtlpExport Read(IConfiguration settings)
    {
        var endpoint = First(settings["OTEL_EXPORTER_OTLP_ENDPOINT"], settings["Telemetry:Otlp:Endpoint"]);
        var own = (Traces: settings["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"], Metrics: settings["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"], Logs: settings["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"]);
        if (string.Equals(settings["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase) || First(endpoint, own.Traces, own.Metrics, own.Logs) is null)
        {
            return Nothing;
        }
        var protocol = First(settings["OTEL_EXPORTER_OTLP_PROTOCOL"], settings["Telemetry:Otlp:Protocol"]) ?? "http/protobuf";
        var ratio = settings["Telemetry:Otlp:SampleRatio"];
        var problem = ProblemWithEndpoint(endpoint) ?? ProblemWithEndpoint(own.Traces) ?? ProblemWithEndpoint(own.Metrics) ?? ProblemWithEndpoint(own.Logs)
            ?? ProblemWithProtocol(protocol) ?? ProblemWithRatio(ratio);
        if (problem is not null)
        {
            return Nothing with { Problem = $"Nothing is sent over OTLP: {problem}." };
        }
        var isGrpc = protocol == "grpc";
        double? sample = First(settings["OTEL_TRACES_SAMPLER"]) is not null ? null : First(ratio) is { } given ? double.Parse(given, CultureInfo.InvariantCulture) : DefaultSampleRatio;
        return new OtlpExport(Address(own.Traces, "v1/traces"), Address(own.Metrics, "v1/metrics"), Address(own.Logs, "v1/logs"), isGrpc, sample, First(settings["Telemetry:Otlp:Headers"]), null);

        Uri? Address(string? signal, string path) => First(signal) is { } whole ? new Uri(whole) : endpoint is null ? null : isGrpc ? new Uri(endpoint) : new Uri(endpoint.TrimEnd('/') + "/" + path);
    }

    /// <summary>What is wrong with an address; null for nothing and for none.</summary>
    internal static string? ProblemWithEndpoint(string? endpoint) =>
        string.IsNullOrWhiteSpace(endpoint) || (Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0)
            ? null
            : "the address is not one such as http://localhost:4318";

    /// <summary>What is wrong with a protocol.</summary>
    internal static string? ProblemWithProtocol(string protocol) => protocol is "http/protobuf" or "grpc" ? null : "the protocol is http/protobuf or grpc";

    /// <summary>What is wrong with a share.</summary>
    internal static string? ProblemWithRatio(string? ratio) =>
        string.IsNullOrEmpty(ratio) || (double.TryParse(ratio, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1) ? null : "the sample ratio is a number from 0 to 1";

    private static string? First(params ReadOnlySpan<string?> values)
    {
        foreach (var value in values)
        {
            if (!string.IsNullOrWhiteSpace(value))
            {
                return value;
            }
        }
        return null;
    }

    // Not inlined: only these two load the packages.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddExporters(WebApplicationBuilder builder, OtlpExport export) => OtlpExporters.Add(builder, export);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StartExporters(IServiceProvider services) => OtlpExporters.Start(services);
}
