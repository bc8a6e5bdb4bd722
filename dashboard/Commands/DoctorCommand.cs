using System.Collections;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Surveillance.Dashboard.Health;
using Surveillance.Health;
using Surveillance.Storage.Sqlite;

namespace Surveillance.Dashboard.Commands;

/// <summary><c>surveillance doctor</c>: looks at everything that a service needs and says how to mend what is wrong.</summary>
internal static class DoctorCommand
{
    internal static Command Build(Option<string?> data)
    {
        var rules = new Option<string?>("--rules") { Description = "The folder of rules (default: ./rules, else the one beside the program)", HelpName = "DIR" };
        var models = new Option<string?>("--models") { Description = "The folder of models (default: ./models, else the one beside the program)", HelpName = "DIR" };
        var json = new Option<bool>("--json") { Description = "Print one JSON document" };
        var doctor = new Command(
            "doctor",
            """
            Looks at configuration, storage, clock, rules, models and the running service, and says how to mend what is wrong.
            Takes nothing and changes nothing; works beside a running service.

            Examples:
              surveillance doctor
              surveillance doctor --data /srv/surveillance --json
            """)
        { data, rules, models, json };
        doctor.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var settings = new SettingsCheck([AppContext.BaseDirectory, Directory.GetCurrentDirectory()], Environment.GetEnvironmentVariables());
            var results = new List<CheckResult>(settings.Run());
            var folders = HostFolders.Find(
                new HostSettings { Data = parsed.GetValue(data) ?? settings["Data"], Rules = parsed.GetValue(rules) ?? settings["Rules"], Models = parsed.GetValue(models) ?? settings["Models"] });
            results.AddRange(await RunAsync(settings, folders, name => Say(error, name), TimeProvider.System, cancel));
            if (parsed.GetValue(json)) { await output.WriteLineAsync(ToJson(folders, results)); }
            else if (ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected) { WriteTable(results); }
            else { await output.WriteAsync(ToText(results)); }
            await error.WriteLineAsync(Summary(results));
            return ExitCode(results);
        });
        return doctor;
    }

    /// <summary>Everything but the settings themselves.</summary>
    internal static async Task<IReadOnlyList<CheckResult>> RunAsync(SettingsCheck settings, HostFolders folders, Action<string> say, TimeProvider time, CancellationToken cancel)
    {
        var (service, isServing) = await ServiceCheck.RunAsync(folders.Data, ControlClient.Over, cancel);
        return
        [
            .. isServing ? [] : settings.TryPorts(),
            .. new DataFolderCheck(folders.Data, time).Run(say, cancel),
            Zones(),
            .. RulesCheck.Run(folders.Rules, folders.Models),
            .. service,
        ];
    }

    /// <summary>0 for nothing, 1 for findings, 3 where something could not be looked at.</summary>
    internal static int ExitCode(IReadOnlyCollection<CheckResult> results) =>
        results.Any(r => r.State == CheckState.Unreadable) ? ExitCodes.Input : results.Any(r => r.State == CheckState.Finding) ? ExitCodes.Findings : ExitCodes.Ok;

    /// <summary>A line a result, and one for its fix.</summary>
    internal static string ToText(IReadOnlyCollection<CheckResult> results) => string.Concat(results.Select(r =>
        $"{Word(r.State),-10}  {r.Area,-13}  {r.What}\n{(r.Fix is null ? "" : $"{"",-10}  {"",-13}  fix: {r.Fix}\n")}"));

    private static string ToJson(HostFolders folders, IReadOnlyCollection<CheckResult> results) => JsonSerializer.Serialize(
        new
        {
            result = ExitCode(results) switch { ExitCodes.Ok => "ok", ExitCodes.Findings => "findings", _ => "unreadable" },
            data = folders.Data, rules = folders.Rules, models = folders.Models,
            checks = results.Select(r => new { area = r.Area, state = Word(r.State), what = r.What, fix = r.Fix }),
        },
        Accounts.ControlCall.Indented);

    private static void WriteTable(IReadOnlyCollection<CheckResult> results)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("", "Area", "What", "What to do");
        var colours = Environment.GetEnvironmentVariable("NO_COLOR") is null;
        foreach (var result in results)
        {
            var style = !colours ? Style.Plain : result.State switch { CheckState.Ok => new Style(Color.Green), CheckState.Finding => new Style(Color.Yellow), _ => new Style(Color.Red) };
            table.AddRow(new Spectre.Console.Text(Word(result.State), style), new Spectre.Console.Text(result.Area), new Spectre.Console.Text(result.What), new Spectre.Console.Text(result.Fix ?? ""));
        }
        AnsiConsole.Write(table);
    }

    private static CheckResult Zones() => TimeZoneInfo.TryFindSystemTimeZoneById("Europe/London", out _)
        ? new("clock", CheckState.Ok, "The system knows time zones.")
        : new("clock", CheckState.Finding, "The system has no time zone data, so schedules cannot follow a zone.", "Install the package tzdata.");

    private static string Summary(List<CheckResult> results)
    {
        var (findings, unreadable) = (results.Count(r => r.State == CheckState.Finding), results.Count(r => r.State == CheckState.Unreadable));
        return findings + unreadable == 0
            ? string.Create(CultureInfo.InvariantCulture, $"All is well ({results.Count} checks).")
            : string.Create(CultureInfo.InvariantCulture, $"{findings} {(findings == 1 ? "finding" : "findings")}, {unreadable} not readable, of {results.Count} checks.");
    }

    private static void Say(TextWriter error, string name)
    {
        if (!Console.IsErrorRedirected)
        {
            error.WriteLine($"looking at {name}");
        }
    }

    private static string Word(CheckState state) => state.ToString().ToLowerInvariant();
}
