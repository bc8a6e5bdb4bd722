using System.CommandLine;
using Surveillance.Dashboard.Commands;
using Surveillance.Tests;
using Surveillance.Tests.Drills;

namespace Surveillance.Dashboard.Tests.Commands;

/// <summary>Wrong use of the command line: exit code 2, nothing on standard output, and the way out on standard error.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("", "Required command", "`surveillance --help`")]
    [InlineData("srve", "'srve'", "did you mean `serve`?")]
    [InlineData("rules chek", "'chek'", "did you mean `check`?")]
    [InlineData("rules", "Required command", "`surveillance rules --help`")]
    [InlineData("scan", "'file' missing", "`surveillance scan --help`")]
    [InlineData("scan --onli pii x.ndjson", "no option --onli", "did you mean `--only`?")]
    [InlineData("scan x.ndjson --stat", "no option --stat", "did you mean `--stats`?")]
    [InlineData("rules check --jsn", "no option --jsn", "did you mean `--json`?")]
    [InlineData("rules check -v", "no option -v", "`surveillance rules check --help`")]
    [InlineData("scan x.ndjson --only pi", "--only is pii, scores or alerts", "did you mean `pii`?")]
    [InlineData("scan x.ndjson --only", "--only", "`surveillance scan --help`")]
    [InlineData("scan x.ndjson --partitions many", "--partitions is a number from 1 to 64", "`surveillance scan --help`")]
    [InlineData("scan x.ndjson --partitions 65", "--partitions is a number from 1 to 64", "`surveillance scan --help`")]
    [InlineData("scan x.ndjson --min-confidence 7", "--min-confidence is a number from 0 to 1", "`surveillance scan --help`")]
    [InlineData("scan x.ndjson --min-confidence NaN", "--min-confidence is a number from 0 to 1", "`surveillance scan --help`")]
    [InlineData("serve --demo-rate fast", "--demo-rate is a number above 0", "`surveillance serve --help`")]
    [InlineData("serve --demo-rate 0", "--demo-rate is a number above 0", "`surveillance serve --help`")]
    [InlineData("tokens create --name x", "'--scopes' is required", "`surveillance tokens create --help`")]
    [InlineData("rescan --from yesterday", "--from is a day such as 2026-05-01", "`surveillance rescan --help`")]
    [InlineData("rescan --to 2026-05-01T08:00:00", "--to is a day such as", "`surveillance rescan --help`")]
    [InlineData("rescan --channel emial", "--channel is one of", "did you mean `email`?")]
    [InlineData("rescan --channel email,,sms", "--channel: part 2 of \"email,,sms\" is empty", "such as whatsapp,email")]
    [InlineData("rescan --channel email,", "--channel: part 2 of \"email,\" is empty", "`surveillance rescan --help`")]
    [InlineData("rescan --rule ,a", "--rule: part 1 of \",a\" is empty", "`surveillance rescan --help`")]
    [InlineData("rescan --rule --dry-run", "--rule lacks its value RULES: --dry-run follows it", "`surveillance rescan --help`")]
    [InlineData("rescan --rule a --channel", "--channel lacks its value CHANNELS", "`surveillance rescan --help`")]
    [InlineData("rescan --channel --json", "--channel lacks its value CHANNELS: --json follows it", "`surveillance rescan --help`")]
    [InlineData("rescan --from --to 2026-05-01", "--from lacks its value TIME: --to follows it", "`surveillance rescan --help`")]
    [InlineData("jobs list --limit --json", "--limit lacks its value N: --json follows it", "`surveillance jobs list --help`")]
    [InlineData("jobs watch 1 --data", "--data lacks its value DIR", "`surveillance jobs watch --help`")]
    [InlineData("rescan --dryrun", "no option --dryrun", "did you mean `--dry-run`?")]
    [InlineData("jobs", "Required command", "`surveillance jobs --help`")]
    [InlineData("jobs wacth 1", "'wacth'", "did you mean `watch`?")]
    [InlineData("jobs watch", "'id' missing", "`surveillance jobs watch --help`")]
    [InlineData("jobs watch twelve", "id is the number of a job", "`surveillance jobs watch --help`")]
    [InlineData("jobs cancel 0", "id is the number of a job", "`surveillance jobs cancel --help`")]
    [InlineData("jobs list --limit 201", "--limit is a number from 1 to 200", "`surveillance jobs list --help`")]
    public void Accepts_WrongUse_SaysWhatToWrite(string arguments, string says, string helps)
    {
        using var error = new StringWriter();
        Assert.False(CommandLine.Accepts(CommandLine.Build().Parse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)), error));
        Assert.Contains(says, error.ToString(), StringComparison.Ordinal);
        Assert.Contains(helps, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rescan --rule --dry-run")]
    [InlineData("rescan --channel --json")]
    public void Accepts_ValueMissing_SaysThatAlone(string arguments)
    {
        using var error = new StringWriter();
        Assert.False(CommandLine.Accepts(CommandLine.Build().Parse(arguments.Split(' ')), error));
        Assert.Single(error.ToString().Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("rescan --rule a b --channel email,sms chat --dry-run")]
    [InlineData("rescan --verify --json")]
    [InlineData("scan - --only pii")]
    public void Accepts_ProperUse_SaysNothing(string arguments)
    {
        using var error = new StringWriter();
        Assert.True(CommandLine.Accepts(CommandLine.Build().Parse(arguments.Split(' ')), error));
        Assert.Equal("", error.ToString());
    }

    [Fact]
    public async Task Run_WrongUse_Exits2WithNothingOnStandardOutput()
    {
        var (code, output, error) = await ServiceProcess.RunAsync(["scan", "x.ndjson", "--partitions", "many"], TestContext.Current.CancellationToken);
        Assert.Equal((2, ""), (code, output));
        Assert.Equal("error: --partitions is a number from 1 to 64\nhelp: `surveillance scan --help` shows how it is used\n", error);
    }

    [Theory]
    [InlineData("nonsense", "`nonsense` is no address")]
    [InlineData("http://127.0.0.1:99999", "port up to 65535")]
    [InlineData("http://127.0.0.1:5080/path", "no path")]
    [InlineData("ftp://127.0.0.1:21", "http or https")]
    [InlineData("https://127.0.0.1:0", "needs a certificate")]
    [InlineData(";", "there is no address")]
    public void Create_AddressThatCannotBe_SaysWhyAndLetsTheFolderGo(string urls, string says)
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 2; i++)
        {
            var error = Assert.Throws<AddressException>(() => DashboardHost.Create(new HostSettings { Data = folder.File("data"), Urls = urls }));
            Assert.Contains(says, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:99999", "port up to 65535")]
    [InlineData("http://203.0.113.7:5080", "cannot listen there")]
    public async Task Serve_AddressThatCannotBe_Exits2(string urls, string says)
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = await ServiceProcess.RunAsync(["serve", "--data", folder.File("data"), "--urls", urls], TestContext.Current.CancellationToken);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.Contains("help: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Access:Loopback", "no", "it is true or false")]
    [InlineData("Access:Loopback", "", "it is true or false")]
    [InlineData("SignIn:TriesPerMinute", "many", "it is a whole number from 1")]
    [InlineData("Archive:MaxPages", "0", "it is a whole number from 1")]
    public void Create_SettingThatCannotBe_IsRefusedBeforeAnythingIsMade(string setting, string value, string says)
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<SettingException>(() => DashboardHost.Create(new HostSettings { Data = folder.File("data"), Overrides = new Dictionary<string, string?> { [setting] = value } }));
        Assert.Equal($"the setting {setting} cannot be used: {says}", error.Message);
        Assert.False(Directory.Exists(folder.File("data")));
    }

    [Fact]
    public async Task Serve_SettingThatCannotBe_Exits2()
    {
        using var folder = new TemporaryFolder();
        var place = new ProcessPlace(folder.Path, new Dictionary<string, string> { ["SURVEILLANCE_Access__Loopback"] = "no" });
        var (code, output, error) = await ServiceProcess.RunAsync(["serve", "--data", folder.File("data"), "--urls", "http://127.0.0.1:0"], TestContext.Current.CancellationToken, place: place);
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("error: the setting Access:Loopback cannot be used: it is true or false\nhelp: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scan no-such-file.ndjson", "there is no file no-such-file.ndjson")]
    [InlineData("scan .", ". is a folder")]
    [InlineData("scan -- --only", "there is no file --only")]
    [InlineData("rules check no-such-folder", "there is no folder")]
    [InlineData("models train markting", "there is no model `markting`")]
    [InlineData("tokens list --data a-file/data", "cannot be made")]
    [InlineData("serve --data a-file", "there is a file of that name")]
    public async Task Run_InputMissing_Exits3AndSaysWhich(string arguments, string says)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("a-file"), "");
        var (code, output, error) = await ServiceProcess.RunAsync(arguments.Split(' '), TestContext.Current.CancellationToken, place: new ProcessPlace(folder.Path));
        Assert.Equal((3, ""), (code, output));
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_DataFolderTooDeepForItsSocket_Exits3AndSaysByHowMuch()
    {
        using var folder = new TemporaryFolder();
        var (code, _, error) = await ServiceProcess.RunAsync(["tokens", "list", "--data", folder.File(new string('d', 120))], TestContext.Current.CancellationToken);
        Assert.Equal(3, code);
        Assert.Matches("too long by [0-9]+ bytes", error);
    }

    [Fact]
    public async Task Help_OfEveryCommand_ShowsTwoExamples()
    {
        foreach (var (path, command) in All(CommandLine.Build(), ""))
        {
            using var output = new StringWriter();
            Assert.Equal(0, await CommandLine.Build().Parse([.. path.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]).InvokeAsync(new InvocationConfiguration { Output = output }));
            var examples = output.ToString().Split('\n').SkipWhile(line => !line.Contains("Examples:", StringComparison.Ordinal)).Skip(1).TakeWhile(line => line.Trim().Length > 0).Select(line => line.Trim()).ToList();
            Assert.True(examples.Count >= 2, $"`surveillance {path} --help` shows {examples.Count} examples.");
            foreach (var example in examples)
            {
                var words = example[example.IndexOf("surveillance ", StringComparison.Ordinal)..].Split(" <")[0].Split(" >")[0].TrimEnd(')')["surveillance ".Length..];
                Assert.True(CommandLine.Build().Parse(words).Errors.Count == 0, $"The example does not parse: {example}");
                Assert.True(words.StartsWith(path, StringComparison.Ordinal), $"The example of another command: {example}");
            }
        }
    }

    private static IEnumerable<(string Path, Command Command)> All(Command command, string path) =>
        command.Subcommands.SelectMany(c => All(c, (path + " " + c.Name).Trim())).Prepend((path, command));
}
