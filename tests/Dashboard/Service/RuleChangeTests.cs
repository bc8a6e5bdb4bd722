using Surveillance.Accounts;
using Surveillance.Tests;

namespace Surveillance.Dashboard.Tests.Service;

/// <summary>Rule files that change while the service runs.</summary>
public sealed class RuleChangeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rules_FileBreaksAndIsMended_WhatRanGoesOnUntilItChecks()
    {
        using var folder = new TemporaryFolder();
        var rules = folder.File("rules");
        CopyShippedRules(rules);
        var file = Path.Combine(rules, "off-channel", "off-channel-move.json");
        var good = await File.ReadAllTextAsync(file, Cancel);
        await using var service = await ServiceHost.StartAsync(s => s with { Rules = rules });
        using var client = await service.ClientAsync(Scopes.IngestWrite, Scopes.AlertsRead, Scopes.RulesRead, Scopes.MessagesRead);
        var revision = await RevisionAsync(client);

        await File.WriteAllTextAsync(file, good.Replace("\"severity\"", "\"sevrity\"", StringComparison.Ordinal), Cancel);
        var page = await UntilAsync(client, p => p.Contains("candidate-problems", StringComparison.Ordinal));
        Assert.Contains("E004", page, StringComparison.Ordinal);
        Assert.Contains("off-channel-move.json", page, StringComparison.Ordinal);
        Assert.Contains("severity", page, StringComparison.Ordinal);
        Assert.Equal(revision, await RevisionAsync(client));
        var health = await client.JsonAsync("/health/ready", Cancel);
        Assert.Equal("degraded", health.Text("status"));
        Assert.Contains("do not check", health.Text("trouble"), StringComparison.Ordinal);

        await client.PostAsync(RunningService.Line("while-broken", "ping me on my personal whatsapp instead"), Cancel);
        await client.DoneAsync(Cancel);
        Assert.Equal(["off-channel-move 1"], (await client.AlertsAsync(Cancel)).Select(a => $"{a.Text("rule")} {a.Text("ruleVersion")}"));

        await File.WriteAllTextAsync(file, good.Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal), Cancel);
        await UntilAsync(client, p => !p.Contains("candidate-problems", StringComparison.Ordinal) && !p.Contains(revision, StringComparison.Ordinal));
        await client.PostAsync(RunningService.Line("after", "ping me on my personal whatsapp instead"), Cancel);
        await client.DoneAsync(Cancel);
        Assert.Equal(["1", "2"], (await client.AlertsAsync(Cancel)).Where(a => a.Text("rule") == "off-channel-move").Select(a => a.Text("ruleVersion")).Order());
        Assert.Equal("ready", (await client.JsonAsync("/health/ready", Cancel)).Text("status"));
    }

    private static async Task<string> RevisionAsync(HttpClient client)
    {
        var page = await client.GetStringAsync(new Uri("/rules", UriKind.Relative), Cancel);
        return System.Text.RegularExpressions.Regex.Match(page, "data-testid=\"revision\".*?title=\"([0-9a-f]{64})\"", System.Text.RegularExpressions.RegexOptions.Singleline).Groups[1].Value;
    }

    private static async Task<string> UntilAsync(HttpClient client, Func<string, bool> holds)
    {
        for (var i = 0; i < 200; i++)
        {
            var page = await client.GetStringAsync(new Uri("/rules", UriKind.Relative), Cancel);
            if (holds(page))
            {
                return page;
            }
            await Task.Delay(50, Cancel);
        }
        throw new TimeoutException("The page of rules does not come to say so.");
    }

    private static void CopyShippedRules(string to)
    {
        var from = Path.Combine(AppContext.BaseDirectory, "rules");
        foreach (var file in Directory.EnumerateFiles(from, "*.json", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
