using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Surveillance.Accounts;
using Surveillance.Dashboard.Telemetry;
using Surveillance.Dashboard.Tests.Service;
using Surveillance.Tests;
using Surveillance.Tests.Drills;

namespace Surveillance.Dashboard.Tests.Telemetry;

public sealed class OtlpExportTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static OtlpExport Read(params (string Name, string Value)[] settings) =>
        OtlpExport.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Name, s => (string?)s.Value)).Build());

    [Fact(Timeout = 180_000)]
    public async Task Service_EndpointSet_SendsAllThreeSignalsAndNoWords()
    {
        await using var collector = await Collector.StartAsync();
        await using (var service = await ServiceHost.StartAsync(s => s with
        {
            Overrides = new Dictionary<string, string?>
            {
                ["Telemetry:Otlp:Endpoint"] = collector.Url, ["Telemetry:Otlp:SampleRatio"] = "1", ["Telemetry:Otlp:Headers"] = "x-tenant=larchmont",
            },
        }))
        {
            using var client = await service.ClientAsync(Scopes.IngestWrite, Scopes.AlertsRead);
            await client.PostAsync(RunningService.Line("otlp-secretid", RunningService.Pitch + " Zwirbelquast"), Cancel);
            using var bad = await client.PostAsync("/api/v1/messages", ServiceHost.Json("""{ "id": "Jabberknoll" """), Cancel);
            using var query = await client.GetAsync(new Uri("/quarantine?after=Fizzlewort", UriKind.Relative), Cancel);
            await service.DoneAsync();
        }

        Assert.Equal(["/v1/logs", "/v1/metrics", "/v1/traces"], collector.Received.Select(r => r.Path).Distinct().Order());
        Assert.All(collector.Received, r => Assert.Contains("x-tenant: larchmont", r.Headers, StringComparison.Ordinal));

        var spans = collector.Spans();
        var capture = spans.First(s => s.Name == "capture" && spans.Any(p => p.Id == s.Parent && p.Name == "POST /api/v1/messages"));
        var trace = spans.Where(s => s.Trace == capture.Trace).ToList();
        var commit = Assert.Single(trace, s => s.Name == "archive commit");
        var dispatch = Assert.Single(trace, s => s.Name == "dispatch");
        var judge = Assert.Single(trace, s => s.Name == "judge");
        var stored = Assert.Single(trace, s => s.Name == "commit");
        Assert.Equal((capture.Id, capture.Id, dispatch.Id, judge.Id), (commit.Parent, dispatch.Parent, judge.Parent, stored.Parent));

        var everything = Encoding.UTF8.GetString([.. collector.Received.SelectMany(r => r.Body)]);
        Assert.Contains("surveillance.capture.messages", everything, StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", everything, StringComparison.Ordinal);
        Assert.Contains("is in force from entry", everything, StringComparison.Ordinal);
        foreach (var secret in new[] { "Zwirbelquast", "cashback", "otlp-secretid", "442079460000", "4915112345678", "Jabberknoll", "Fizzlewort", "control.sock" })
        {
            Assert.DoesNotContain(secret, everything, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 180_000)]
    public async Task Service_NothingSet_LoadsNothingOfOpenTelemetry()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What a process has loaded is read from /proc.");
        using var folder = new TemporaryFolder();
        await using var service = await ServiceProcess.ServeAsync(folder.File("data"), ServiceProcess.FreePort(), Cancel);
        var process = JsonDocument.Parse(await File.ReadAllTextAsync(folder.File("data/holder.json"), Cancel)).RootElement.GetProperty("Process").GetInt32();
        var loaded = await File.ReadAllTextAsync($"/proc/{process}/maps", Cancel);
        Assert.Contains("surveillance.dll", loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("OpenTelemetry", loaded, StringComparison.Ordinal);
    }

    [Fact(Timeout = 180_000)]
    public async Task Service_CollectorIsNotThere_WorksAllTheSame()
    {
        await using var service = await ServiceHost.StartAsync(s => s with
        {
            Overrides = new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{ServiceProcess.FreePort()}", ["Telemetry:Otlp:SampleRatio"] = "1" },
        });
        using var client = await service.ClientAsync(Scopes.IngestWrite);
        await client.PostAsync(RunningService.Line("o-1", "good morning"), Cancel);
        await service.DoneAsync();
    }

    [Fact]
    public void Read_NothingSet_IsOff() => Assert.False(Read(("Telemetry:Otlp:SampleRatio", "0.5")).IsOn);

    [Fact]
    public void Read_Endpoint_GetsThePathOfEachSignal()
    {
        var export = Read(("Telemetry:Otlp:Endpoint", "http://collector:4318/base/"));
        Assert.Equal(
            ("http://collector:4318/base/v1/traces", "http://collector:4318/base/v1/metrics", "http://collector:4318/base/v1/logs", false, OtlpExport.DefaultSampleRatio),
            (export.Traces!.ToString(), export.Metrics!.ToString(), export.Logs!.ToString(), export.IsGrpc, export.SampleRatio));
    }

    [Fact]
    public void Read_StandardVariables_WinAndCountAsTheyAre()
    {
        var export = Read(
            ("Telemetry:Otlp:Endpoint", "http://setting"), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://variable:4317"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
            ("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://logs:9/here"), ("OTEL_TRACES_SAMPLER", "always_on"));
        Assert.Equal(("http://variable:4317/", "http://logs:9/here", true, null), (export.Traces!.ToString(), export.Logs!.ToString(), export.IsGrpc, export.SampleRatio));
    }

    [Fact]
    public void Read_OneSignalAlone_SendsThatAlone()
    {
        var export = Read(("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://traces:4318/v1/traces"));
        Assert.Equal((true, true, true), (export.Traces is not null, export.Metrics is null, export.Logs is null));
    }

    [Fact]
    public void Read_SdkDisabled_IsOff() => Assert.False(Read(("OTEL_SDK_DISABLED", "true"), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://x")).IsOn);

    [Theory]
    [InlineData("Telemetry:Otlp:Endpoint", "collector:4318", "the address is not one")]
    [InlineData("Telemetry:Otlp:Protocol", "http/json", "http/protobuf or grpc")]
    [InlineData("Telemetry:Otlp:SampleRatio", "5%", "a number from 0 to 1")]
    [InlineData("Telemetry:Otlp:SampleRatio", "1.5", "a number from 0 to 1")]
    public void Read_SettingThatCannotBe_SendsNothingAndSaysWhy(string name, string value, string says)
    {
        var settings = new Dictionary<string, string> { ["Telemetry:Otlp:Endpoint"] = "http://localhost:4318", [name] = value };
        var export = Read([.. settings.Select(s => (s.Key, s.Value))]);
        Assert.False(export.IsOn);
        Assert.Contains(says, export.Problem, StringComparison.Ordinal);
    }
}
