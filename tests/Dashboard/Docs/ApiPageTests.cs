using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Surveillance.Accounts;
using Surveillance.Dashboard.Shared;
using Surveillance.Dashboard.Tests.Commands;
using Surveillance.Dashboard.Tests.Description;
using Surveillance.Tests;

namespace Surveillance.Dashboard.Tests.Docs;

/// <summary>docs/api.md: its programs run against a service, its tables name everything that there is.</summary>
public sealed partial class ApiPageTests(ApiPageTests.Fixture fixture) : IClassFixture<ApiPageTests.Fixture>
{
    private static readonly string Page = File.ReadAllText(Repository.File("docs/api.md"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Timeout = 240_000)]
    [InlineData("sh", "sample.sh", "bash", "-e")]
    [InlineData("python", "sample.py", "python3", "")]
    [InlineData("csharp", "sample.cs", "dotnet", "run")]
    public async Task Sample_AsItStands_DoesWhatItSays(string language, string file, string program, string argument)
    {
        foreach (var needed in language == "sh" ? new[] { program, "curl" } : [program])
        {
            Assert.SkipUnless(IsThere(needed), $"{needed} is not installed here, so the {language} sample of docs/api.md is not run.");
        }
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File(file), Sample(language), Cancel);
        var (code, output, error) = await RunAsync(folder.Path, program, [.. argument.Length > 0 ? [argument] : Array.Empty<string>(), file]);
        Assert.True(code == 0, $"exit {code}\n{output}\n{error}");
        Assert.Matches("\"?id\"?'?: ?['\"][a-z2-7]{26}['\"]", output);
        Assert.Matches("accepted['\"]: ?[12]", output);
        Assert.Matches("undoToken['\"]", output);
        Assert.Matches("sequence['\"]: ?[0-9]+", output);
        var made = await fixture.DecidedAsync();
        Assert.True(made > 0, "No alert was decided.");
    }

    [Fact]
    public void ProblemTable_NamesEveryKindWithItsStatus()
    {
        var rows = ProblemRow().Matches(Page).ToDictionary(m => m.Groups[1].Value, m => int.Parse(m.Groups[2].Value));
        Assert.Empty(Problems.All.Where(k => rows.GetValueOrDefault(k.Code) != k.Status).Select(k => $"docs/api.md has no row | `{k.Code}` | {k.Status} | meaning | what to do |"));
        Assert.Empty(rows.Keys.Except(Problems.All.Select(k => k.Code)));
    }

    [Fact]
    public void RouteTable_NamesEveryOperation()
    {
        var table = string.Join('\n', Page.Split('\n').TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal)));
        Assert.Empty(fixture.Document.Operations.Keys.Where(o => !Mentions(table, o.Split(' ')[0], o.Split(' ')[1])).Select(o => $"the table of routes in docs/api.md lacks `{o}`"));
    }

    private static bool Mentions(string table, string method, string path) =>
        table.Split('\n').Any(row => (row.Contains(path + "`", StringComparison.Ordinal) || (row.Contains(path[..path.LastIndexOf('/')], StringComparison.Ordinal) && row.Contains("…" + path[path.LastIndexOf('/')..] + "`", StringComparison.Ordinal)))
            && row.Contains("`" + method, StringComparison.Ordinal));

    private static string Sample(string language)
    {
        var found = Fence(language).Matches(Page);
        return found.Count == 1 ? found[0].Groups[1].Value : throw new InvalidOperationException($"docs/api.md has {found.Count} samples marked {language}.");
    }

    private static Regex Fence(string language) => new($"^```{language}\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline);

    private static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));

    private async Task<(int Code, string Output, string Error)> RunAsync(string folder, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOST"] = fixture.Service.Url;
        start.Environment["TOKEN"] = fixture.Token;
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using var process = Process.Start(start)!;
        await using var stop = Cancel.Register(() => process.Kill(entireProcessTree: true));
        var output = process.StandardOutput.ReadToEndAsync(Cancel);
        var error = process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, await output, await error);
    }

    [GeneratedRegex(@"^\| `([a-z-]+)` \| (\d{3}) \| [^|]{4,} \| [^|]{4,} \|$", RegexOptions.Multiline)]
    private static partial Regex ProblemRow();

    /// <summary>A service for every sample, and a token of it.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        public ServiceHost Service { get; private set; } = null!;

        public string Token { get; private set; } = "";

        internal ApiDocument Document { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Service = await ServiceHost.StartAsync();
            Token = (await Service.App.Services.GetRequiredService<AccountDesk>().CreateTokenAsync(
                "samples", [Scopes.IngestWrite, Scopes.ConsentWrite, Scopes.AlertsRead, Scopes.AlertsWrite], AccountDesk.Operator, default)).Secret;
            Document = await DescribedAnswers.DocumentAsync(Service.Url, default);
        }

        /// <summary>How many alerts were decided so far.</summary>
        public async Task<int> DecidedAsync()
        {
            using var client = await Service.ClientAsync(Scopes.AlertsRead);
            using var page = System.Text.Json.JsonDocument.Parse(await client.GetStringAsync("/api/v1/alerts?status=closed"));
            return page.RootElement.GetProperty("items").GetArrayLength();
        }

        public ValueTask DisposeAsync() => Service.DisposeAsync();
    }
}
