using System.Collections;
using System.Text.Json;
using Surveillance.Dashboard.Commands;
using Surveillance.Dashboard.Health;
using Surveillance.Health;
using Surveillance.Storage.Sqlite;
using Surveillance.Tests;
using Surveillance.Tests.Drills;

namespace Surveillance.Dashboard.Tests.Health;

public sealed class DoctorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Data => _folder.File("data");

    public void Dispose() => _folder.Dispose();

    private Task<IReadOnlyList<CheckResult>> RunAsync(string? data = null, string? rules = null, string? models = null)
    {
        var settings = new SettingsCheck([], new Hashtable { ["SURVEILLANCE_Urls"] = "http://127.0.0.1:0" });
        settings.Run();
        var folders = new HostFolders(data ?? Data, rules ?? Path.Combine(AppContext.BaseDirectory, "rules"), models ?? Path.Combine(AppContext.BaseDirectory, "models"));
        return DoctorCommand.RunAsync(settings, folders, _ => { }, TimeProvider.System, Cancel);
    }

    private static CheckResult Finding(IReadOnlyList<CheckResult> results, string area) => Assert.Single(results, r => r.Area == area && r.State == CheckState.Finding);

    private string WriteRule(string id, string text)
    {
        Directory.CreateDirectory(_folder.File("rules/off-channel"));
        File.WriteAllText(_folder.File($"rules/off-channel/{id}.json"), text);
        return _folder.File("rules");
    }

    private static string Rule(string id, string fires) => $$"""
        { "id": "{{id}}", "version": 1, "family": "off-channel", "severity": "high", "title": "t", "why": "w", "owner": "o",
          "when": { "phrase": "text me" }, "tests": { "firesOn": [ "{{fires}}" ], "silentOn": [ "another" ] } }
        """;

    [Fact(Timeout = 120_000)]
    public async Task Run_EmptyMachine_FindsNothing()
    {
        var results = await RunAsync();
        Assert.All(results, r => Assert.True(r.State == CheckState.Ok, r.What));
        Assert.Equal(0, DoctorCommand.ExitCode(results));
        Assert.Equal(["clock", "models", "rules", "service", "storage"], results.Select(r => r.Area).Distinct().Order());
    }

    [Fact(Timeout = 120_000)]
    public async Task Run_BesideAService_AsksItAndFindsNothing()
    {
        await using var service = await ServiceHost.StartAsync();
        var results = await RunAsync(service.Data);
        Assert.All(results, r => Assert.True(r.State == CheckState.Ok, r.What));
        Assert.Contains(results, r => r.Area == "service" && r.What.StartsWith("The service answers: 1 entries kept, 0 wait", StringComparison.Ordinal));
        Assert.Contains(results, r => r.What.StartsWith("The folder is in use by `surveillance serve`", StringComparison.Ordinal));
    }

    [Fact(Timeout = 120_000)]
    public async Task Run_ServiceWithTrouble_TellsIt()
    {
        await using var service = await ServiceHost.StartAsync(s => s with { Models = _folder.File("none") });
        var results = await RunAsync(service.Data);
        Assert.Contains("marketing", Finding(results, "service").What, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Run_HolderDoesNotAnswer_IsAFinding()
    {
        using var held = DataFolder.Open(Data, "serve");
        var results = await RunAsync();
        Assert.Contains("does not answer over control.sock", Finding(results, "service").What, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Run_ABackupHasTheFolder_IsFine()
    {
        using var held = DataFolder.Open(Data, "backup");
        Assert.Contains(await RunAsync(), r => r is { State: CheckState.Ok, What: "`surveillance backup` has the folder now; no service runs." });
    }

    [Fact]
    public async Task Run_BrokenRule_NamesFileAndFix()
    {
        var finding = Finding(await RunAsync(rules: WriteRule("broken", Rule("broken", "text me").Replace("\"why\"", "\"whi\"", StringComparison.Ordinal))), "rules");
        Assert.Contains("unknown field \"whi\"", finding.What, StringComparison.Ordinal);
        Assert.Contains("rules/off-channel/broken.json", finding.What, StringComparison.Ordinal);
        Assert.NotNull(finding.Fix);
    }

    [Fact]
    public async Task Run_ManyBrokenRules_ShowsTenAndHowManyMore()
    {
        foreach (var i in Enumerable.Range(10, 15))
        {
            WriteRule("r-" + i, "{");
        }
        var findings = (await RunAsync(rules: _folder.File("rules"))).Where(r => r.Area == "rules").ToList();
        Assert.Equal(11, findings.Count);
        Assert.Contains("more errors", findings[^1].What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_RuleFailsItsTest_NamesIt()
    {
        var finding = Finding(await RunAsync(rules: WriteRule("move", Rule("move", "nothing of the kind"))), "rules");
        Assert.Equal("The rule move fails 1 of its 2 tests.", finding.What);
    }

    [Fact]
    public async Task Run_NoRulesFolder_IsUnreadable()
    {
        var results = await RunAsync(rules: _folder.File("none"));
        Assert.Equal(3, DoctorCommand.ExitCode(results));
        Assert.Contains(results, r => r is { Area: "rules", State: CheckState.Unreadable });
    }

    [Fact]
    public async Task Run_ModelDamaged_NamesItAndWhatGoesWithout()
    {
        Directory.CreateDirectory(_folder.File("models/marketing"));
        await File.WriteAllTextAsync(_folder.File("models/marketing/weights.bin"), "no model", Cancel);
        var findings = (await RunAsync(models: _folder.File("models"))).Where(r => r is { Area: "models", State: CheckState.Finding }).ToList();
        Assert.Equal(2, findings.Count);
        Assert.StartsWith("marketing: ", findings[0].What, StringComparison.Ordinal);
        Assert.StartsWith("Rules ask for marketing", findings[1].What, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Command_Piped_IsPlainAndItsExitCodeTells()
    {
        var place = new ProcessPlace(_folder.Path, new Dictionary<string, string> { ["SURVEILLANCE_Urls"] = "http://127.0.0.1:0" });
        var (code, output, error) = await ServiceProcess.RunAsync(["doctor", "--data", Data], Cancel, place: place);
        Assert.Equal(0, code);
        Assert.DoesNotContain('\u001b', output + error);
        Assert.StartsWith("ok          configuration  Every setting is known", output, StringComparison.Ordinal);
        Assert.StartsWith("All is well (", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    [Fact(Timeout = 120_000)]
    public async Task Command_Json_IsOneDocument()
    {
        await File.WriteAllTextAsync(Data, "a file", Cancel);
        var place = new ProcessPlace(_folder.Path, new Dictionary<string, string> { ["SURVEILLANCE_Urls"] = "http://127.0.0.1:0", ["SURVEILLANCE_Rulse"] = "x" });
        var (code, output, _) = await ServiceProcess.RunAsync(["doctor", "--data", Data, "--json"], Cancel, place: place);
        var json = JsonDocument.Parse(output).RootElement;
        Assert.Equal((3, "unreadable", Data), (code, json.GetProperty("result").GetString(), json.GetProperty("data").GetString()));
        var finding = Assert.Single(json.GetProperty("checks").EnumerateArray(), c => c.GetProperty("state").GetString() == "finding");
        Assert.Equal(("configuration", "Write Rules."), (finding.GetProperty("area").GetString(), finding.GetProperty("fix").GetString()));
    }
}
