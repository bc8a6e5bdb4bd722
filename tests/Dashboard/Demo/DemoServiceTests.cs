using Surveillance.Dashboard.Tests.Service;
using Surveillance.Tests;
using Surveillance.Tests.Drills;

namespace Surveillance.Dashboard.Tests.Demo;

/// <summary><c>serve --demo</c> as a process.</summary>
public sealed class DemoServiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 240_000)]
    public async Task ServeDemo_StoppedHalfWayAndStartedAgain_HasEveryLineOnceAndAlertsOfEveryRule()
    {
        var data = _folder.File("demo");
        var lines = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Demo", "demo.ndjson")).Count();
        var token = "";
        await using (var service = await ServeAsync(data))
        {
            token = await RunningService.TokenAsync(data, Cancel);
            using var client = service.Client(token);
            while ((await client.JsonAsync("/health/ready", Cancel)).GetProperty("head").GetInt64() < 150)
            {
                await Task.Delay(20, Cancel);
            }
            Assert.Equal(0, await service.StopAsync(Cancel));
        }
        await using (var service = await ServeAsync(data))
        {
            using var client = service.Client(token);
            await UntilSaysAsync(service, "messages sent");
            Assert.Equal(lines + 1, (await client.DoneAsync(Cancel)).GetProperty("head").GetInt64()); // and the activation
            Assert.DoesNotContain("refused", service.StandardError, StringComparison.Ordinal);
            var alerts = await client.AlertsAsync(Cancel);
            var rules = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "rules"), "*.json", SearchOption.AllDirectories)
                .Where(file => Path.GetFileName(Path.GetDirectoryName(file)) is not ("lexicons" or "lists" or "retired" or "rules")).Select(file => Path.GetFileNameWithoutExtension(file)!);
            Assert.Equal(rules.Order(StringComparer.Ordinal), alerts.Select(a => a.Text("rule")).Distinct().Order(StringComparer.Ordinal));
            Assert.True(alerts.All(a => a.GetProperty("lastSentAt").GetDateTimeOffset() <= TimeProvider.System.GetUtcNow()), "An alert lies in the future.");
            Assert.Equal(0, await service.StopAsync(Cancel));
        }
        await using var third = await ServeAsync(data);
        await UntilSaysAsync(third, "all messages are here already");
        Assert.Equal(0, await third.StopAsync(Cancel));
    }

    [Fact(Timeout = 240_000)]
    public async Task ServeDemo_FolderWithRealMessages_IsRefused()
    {
        var data = _folder.File("real");
        await using (var service = await ServiceProcess.ServeAsync(data, ServiceProcess.FreePort(), Cancel))
        {
            using var client = service.Client(await RunningService.TokenAsync(data, Cancel));
            await client.PostAsync(RunningService.Line("real", "good morning"), Cancel);
            Assert.Equal(0, await service.StopAsync(Cancel));
        }
        var (code, output, error) = await ServiceProcess.RunAsync(["serve", "--demo", "--data", data, "--urls", $"http://127.0.0.1:{ServiceProcess.FreePort()}"], Cancel);
        Assert.Equal((5, ""), (code, output));
        Assert.Contains(data, error, StringComparison.Ordinal);
        Assert.Contains("help: ", error, StringComparison.Ordinal);
    }

    private static Task<ServiceProcess> ServeAsync(string data) => ServiceProcess.ServeAsync(data, ServiceProcess.FreePort(), Cancel, "--demo", "--demo-rate", "500");

    private static async Task UntilSaysAsync(ServiceProcess service, string words)
    {
        while (!service.StandardError.Contains(words, StringComparison.Ordinal))
        {
            Assert.False(service.HasExited, service.Output);
            await Task.Delay(20, Cancel);
        }
    }
}
