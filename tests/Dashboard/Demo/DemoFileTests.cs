using System.Text.Json;
using Surveillance.Dashboard.Tests.Commands;
using Surveillance.Tests.Drills;

namespace Surveillance.Dashboard.Tests.Demo;

/// <summary>The demo's messages against the table of what must become of them; a message without rules there is a look-alike.</summary>
public sealed class DemoFileTests
{
    [Fact]
    public async Task Scan_DemoFile_RaisesWhatTheTableSaysAndNothingElse()
    {
        var cancel = TestContext.Current.CancellationToken;
        var expected = (await File.ReadAllLinesAsync(Repository.File("tests/Dashboard/Demo/expected.tsv"), cancel))
            .Select(line => line.Split('\t')).ToDictionary(cells => cells[0], cells => Sorted(cells[1].Split(',', StringSplitOptions.RemoveEmptyEntries)));
        var (code, output, error) = await ServiceProcess.RunAsync(["scan", Path.Combine(AppContext.BaseDirectory, "Demo", "demo.ndjson"), "--only", "alerts"], cancel);
        Assert.Equal((0, ""), (code, error));

        var raised = new Dictionary<string, string>();
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            raised.Add(json.RootElement.GetProperty("id").GetString()!, Sorted(json.RootElement.GetProperty("alerts").EnumerateArray().Select(a => a.GetProperty("rule").GetString()!)));
        }
        Assert.True(raised.Count >= 600, $"The demo has {raised.Count} messages.");
        Assert.Equal([], expected.Keys.Except(raised.Keys));
        Assert.Equal([], from m in raised let rules = expected.GetValueOrDefault(m.Key, "") where m.Value != rules select $"{m.Key}: raised '{m.Value}', expected '{rules}'");
        Assert.True(expected.Values.Count(rules => rules.Length == 0) >= 50, "The table has hardly any look-alike.");

        var counts = raised.Values.SelectMany(rules => rules.Split(',', StringSplitOptions.RemoveEmptyEntries)).CountBy(rule => rule).ToDictionary();
        var active = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "rules"), "*.json", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(Path.GetDirectoryName(file)) is not ("lexicons" or "lists" or "retired" or "rules")).Select(file => Path.GetFileNameWithoutExtension(file)).ToList();
        Assert.Equal([], active.Where(rule => counts.GetValueOrDefault(rule) < 2));
    }

    private static string Sorted(IEnumerable<string> rules) => string.Join(',', rules.Order(StringComparer.Ordinal));
}
