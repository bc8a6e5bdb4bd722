using System.Net;
using System.Text.RegularExpressions;
using Surveillance.Tests;
using Surveillance.Tests.Drills;

namespace Surveillance.Dashboard.Tests.Commands;

/// <summary>One data folder and the commands that want it at the same time.</summary>
public sealed class ServeCommandTests
{
    [Fact]
    public async Task Commands_OnOneFolder_ShareItOrSayWhoHoldsIt()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var data = folder.File("data");

        // Nobody holds the folder: the command makes it and says so, does its work and lets it go.
        var (before, says) = await TokenAsync(data, cancel);
        Assert.Contains(data, says, StringComparison.Ordinal);
        var (none, nothing, refused) = await ServiceProcess.RunAsync(["tokens", "create", "--name", "x", "--scopes", "ingest:wirte", "--data", data], cancel);
        Assert.Equal((2, ""), (none, nothing));
        Assert.Contains("did you mean `ingest:write`?", refused, StringComparison.Ordinal);

        await using var service = await ServiceProcess.ServeAsync(data, ServiceProcess.FreePort(), cancel);
        Assert.Matches(
            new Regex($@"\AListening on {service.Url}\nData folder: {Regex.Escape(data)}\nRules: .+\nModels: .+\nSign in: {service.Url}/sign-in\?link=[A-Za-z0-9_-]+\z"), service.StandardOutput);
        var (during, quiet) = await TokenAsync(data, cancel);
        Assert.DoesNotContain(data, quiet, StringComparison.Ordinal);
        foreach (var token in new[] { before, during })
        {
            using var client = service.Client(token);
            using var response = await client.GetAsync(new Uri("/api/v1/alerts", UriKind.Relative), cancel);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        var (second, output, error) = await ServiceProcess.RunAsync(["serve", "--data", data, "--urls", $"http://127.0.0.1:{ServiceProcess.FreePort()}"], cancel);
        Assert.Equal((5, ""), (second, output));
        Assert.Matches(@"in use by `surveillance serve` \(process [0-9]+\)", error);
        Assert.Contains(data, error, StringComparison.Ordinal);

        var (inUse, _, address) = await ServiceProcess.RunAsync(["serve", "--data", folder.File("other"), "--urls", service.Url], cancel);
        Assert.Equal(5, inUse);
        Assert.Contains("Another program listens there", address, StringComparison.Ordinal);

        var (listed, list, _) = await ServiceProcess.RunAsync(["tokens", "list", "--data", data], cancel);
        Assert.Equal(0, listed);
        Assert.DoesNotContain("surv_", list, StringComparison.Ordinal);
        Assert.Equal(2, list.Split('\n').Count(line => line.Contains(" t ", StringComparison.Ordinal)));
        Assert.DoesNotContain('\u001b', service.Output + error + address + list);
        Assert.Equal(0, await service.StopAsync(cancel));
    }

    private static async Task<(string Token, string Says)> TokenAsync(string data, CancellationToken cancel)
    {
        var (code, output, error) = await ServiceProcess.RunAsync(["tokens", "create", "--name", "t", "--scopes", "alerts:read", "--data", data], cancel);
        Assert.Equal(0, code);
        Assert.Matches(@"\Asurv_[A-Za-z0-9_-]{43}\n\z", output);
        Assert.DoesNotContain(output.Trim(), error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output + error);
        return (output.Trim(), error);
    }
}
