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

    [Fact]
    public async Task ServeDemo_StreamsEveryLineIntoAlertsOfEveryRule_AndSendsDuplicatesWhenStartedAgain()
    {
        var data = _folder.File("demo");
        long head;
        string token;
        await using (var service = await ServeAsync(data))
        {
            token = await RunningService.TokenAsync(data, Cancel);
            using var client = service.Client(token);
            await UntilSentAsync(service);
            head = (await client.DoneAsync(Cancel)).GetProperty("head").GetInt64();
            var alerts = await client.AlertsAsync(Cancel);
            var rules = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "rules"), "*.json", SearchOption.AllDirectories)
                .Where(file => Path.GetFileName(Path.GetDirectoryName(file)) is not ("lexicons" or "lists" or "retired" or "rules")).Select(file => Path.GetFileNameWithoutExtension(file)!);
            Assert.Equal(rules.Order(StringComparer.Ordinal), alerts.Select(a => a.Text("rule")).Distinct().Order(StringComparer.Ordinal));
            Assert.True(alerts.All(a => a.GetProperty("lastSentAt").GetDateTimeOffset() <= TimeProvider.System.GetUtcNow()), "An alert lies in the future.");
            Assert.DoesNotContain("refused", service.StandardError, StringComparison.Ordinal);
            Assert.Equal(0, await service.StopAsync(Cancel));
        }
        await using var again = await ServeAsync(data);
        await UntilSentAsync(again);
        using var reader = again.Client(token);
        Assert.Equal(head, (await reader.DoneAsync(Cancel)).GetProperty("head").GetInt64());
        Assert.Equal(0, await again.StopAsync(Cancel));
    }

    [Fact]
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

    private static async Task UntilSentAsync(ServiceProcess service)
    {
        while (!service.StandardError.Contains("messages sent", StringComparison.Ordinal))
        {
            Assert.False(service.HasExited, service.Output);
            await Task.Delay(20, Cancel);
        }
    }
}
