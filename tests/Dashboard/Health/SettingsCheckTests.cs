using System.Collections;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Surveillance.Dashboard.Health;
using Surveillance.Dashboard.Tests.Commands;
using Surveillance.Health;
using Surveillance.Tests;

namespace Surveillance.Dashboard.Tests.Health;

public sealed partial class SettingsCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private SettingsCheck Of(params (string Name, string Value)[] environment) => new([_folder.Path], new Hashtable(environment.ToDictionary(e => e.Name, e => e.Value)));

    private void WriteFile(string json) => File.WriteAllText(_folder.File("appsettings.json"), json);

    [Fact]
    public void Run_NothingSet_IsFine() => Assert.Equal(CheckState.Ok, Assert.Single(Of(("PATH", "/bin")).Run()).State);

    [Fact]
    public void Run_KnownSettings_AreFineAndTheEnvironmentWins()
    {
        WriteFile("""{ "Data": "/a", "WhatsApp": { "AppSecret": "s", "VerifyToken": "t" }, "Logging": { "LogLevel": { "Default": "Debug" } }, "Kestrel": { "Anything": 1 }, "Archive": { "MaxPages": 100 }, "Rescan": { "Schedules": { "weekly": { "Cron": "0 0 3 ? * SUN", "TimeZone": "Europe/London" } } } }""");
        var settings = Of(("SURVEILLANCE_DATA", "/b"), ("surveillance_urls", "http://127.0.0.1:0"));
        Assert.Equal(CheckState.Ok, Assert.Single(settings.Run()).State);
        Assert.Equal(("/b", "http://127.0.0.1:0"), (settings["Data"], settings["Urls"]));
    }

    [Theory]
    [InlineData("SURVEILLANCE_Url", "x", "There is no setting Url (in the environment)", "Write Urls.")]
    [InlineData("SURVEILLANCE_WhatsApp__AppSecert", "x", "There is no setting WhatsApp:AppSecert", "Write WhatsApp:AppSecret.")]
    [InlineData("SURVEILLANCE_AppSecret", "x", "There is no setting AppSecret", "Write WhatsApp:AppSecret.")]
    [InlineData("SURVEILLANCE_Something__Else", "x", "There is no setting Something:Else", "Remove it")]
    [InlineData("SURVEILLANCE_Urls", "http://127.0.0.1:99999", "port up to 65535", "Correct Urls.")]
    [InlineData("SURVEILLANCE_Archive__MaxPages", "many", "it is a whole number from 1", "Correct Archive:MaxPages.")]
    [InlineData("SURVEILLANCE_Access__Loopback", "perhaps", "it is true or false", "Correct Access:Loopback.")]
    [InlineData("SURVEILLANCE_Rescan__Schedules__weekly__Corn", "x", "There is no setting Rescan:Schedules:weekly:Corn", "Write Rescan:Schedules:weekly:Cron.")]
    [InlineData("SURVEILLANCE_Rescan__Schedules__nightly__Cron", "at two", "Rescan:Schedules:nightly:Cron", "Correct it")]
    [InlineData("SURVEILLANCE_Rescan__Schedules__nightly__TimeZone", "Europe/Lundun", "is no time zone of this machine", "Correct it")]
    [InlineData("SURVEILLANCE_Rescan__OnActivation", "sometimes", "Rescan:OnActivation", "Correct it")]
    [InlineData("SURVEILLANCE_WhatsApp__AppSecret", "the-secret-itself", "one is set alone", "Set both")]
    public void Run_Mistake_SaysWhatToWriteAndNoValueOfASecret(string name, string value, string what, string fix)
    {
        var finding = Assert.Single(Of((name, value)).Run());
        Assert.Equal(CheckState.Finding, finding.State);
        Assert.Contains(what, finding.What, StringComparison.Ordinal);
        Assert.StartsWith(fix, finding.Fix, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret-itself", finding.What + finding.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_FileIsNoJson_NamesItAndTheLine()
    {
        WriteFile("{\n  \"Data\": \"/a\"\n  \"Urls\": \"secret words\"\n}");
        var finding = Assert.Single(Of().Run());
        Assert.StartsWith(_folder.File("appsettings.json") + ":3 ", finding.What, StringComparison.Ordinal);
        Assert.DoesNotContain("secret words", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public void TryPorts_PortTaken_IsAFinding()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var settings = Of(("SURVEILLANCE_Urls", $"http://127.0.0.1:{port};http://127.0.0.1:0"));
        settings.Run();
        var result = Assert.Single(settings.TryPorts());
        Assert.Equal((CheckState.Finding, $"Another program listens on port {port}."), (result.State, result.What));
    }

    /// <summary>A port that was just given up is free, unless another test takes it in between: then the next one is tried.</summary>
    [Fact]
    public void TryPorts_PortFree_IsFine() => Assert.Contains(Enumerable.Range(0, 20), _ =>
    {
        var settings = Of(("SURVEILLANCE_Urls", $"http://127.0.0.1:{Surveillance.Tests.Drills.ServiceProcess.FreePort()}"));
        settings.Run();
        return Assert.Single(settings.TryPorts()).State == CheckState.Ok;
    });

    /// <summary>A setting that the code reads and the table lacks would be called unknown.</summary>
    [Fact]
    public void All_SettingsThatTheCodeReads_AreInTheTable()
    {
        var read = Directory.EnumerateFiles(Repository.File("dashboard"), "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
            .SelectMany(f => Reads().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value)).Distinct().ToArray();
        Assert.Contains("SignIn:TriesPerMinute", read);
        Assert.Empty(read.Except(KnownSettings.All.Select(s => s.Name)));
    }

    [Fact]
    public void All_Settings_AreInTheOperationsPage()
    {
        var page = File.ReadAllText(Repository.File("docs/operations.md"));
        Assert.All(KnownSettings.All, s => Assert.Contains($"`{s.Name.Replace("*", "NAME", StringComparison.Ordinal)}`", page, StringComparison.Ordinal));
    }

    [GeneratedRegex("""(?:onfiguration|settings)\??(?:\.GetValue(?:<[^>]+>)?\(|\[)"([A-Za-z]+(?::[A-Za-z]+)*)[",]""")]
    private static partial Regex Reads();
}
