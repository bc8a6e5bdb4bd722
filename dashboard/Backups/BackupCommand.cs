using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Surveillance.Backups;
using Surveillance.Dashboard.Accounts;
using Surveillance.Dashboard.Commands;
using Surveillance.Messages;

namespace Surveillance.Dashboard.Backups;

/// <summary><c>surveillance backup</c>.</summary>
internal static class BackupCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="connect">Connects to the data folder's service; refuses a folder that is not there.</param>
    /// <param name="data">The data folder.</param>
    internal static Command Build(ConnectControl connect, Option<string?> data)
    {
        var folder = new Argument<string>("folder") { Description = "The folder to make; one that is there must be empty", HelpName = "FOLDER" };
        var json = new Option<bool>("--json") { Description = "Print the manifest" };
        var backup = new Command(
            "backup",
            """
            Copies everything that a data folder needs, while the service goes on. A backup holds every message and every key: keep it as safe as the data folder.

            Examples:
              surveillance backup /backup/2026-05-04
              surveillance backup /backup/2026-05-04 --data /srv/surveillance --json
            """)
        { folder, data, json };
        backup.SetAction((parsed, cancel) => RunAsync(connect, parsed, Path.GetFullPath(parsed.GetRequiredValue(folder)), parsed.GetValue(json), cancel));
        return backup;
    }

    private static async Task<int> RunAsync(ConnectControl connect, ParseResult parsed, string folder, bool json, CancellationToken cancel)
    {
        await using var client = await connect(parsed, cancel);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/control/backups", UriKind.Relative)) { Content = JsonContent.Create(new BackupRequest(folder), options: BackupEndpoint.Json) };
        var bar = new ProgressLine(parsed.InvocationConfiguration.Error);
        try
        {
            using var response = await client.SendAsync(request, cancel);
            response.EnsureSuccessStatusCode();
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
            while (await lines.ReadLineAsync(cancel) is { } text)
            {
                var line = JsonSerializer.Deserialize<BackupLine>(text, BackupEndpoint.Json)!;
                if (line.Step is { } step)
                {
                    bar.Show(step);
                }
                else if (line.Refused is { } refused)
                {
                    bar.Finish();
                    return await BackupFaults.EndAsync(parsed, refused.Fault, refused.Detail, refused.Help, []);
                }
                else if (line.Manifest is { } made)
                {
                    bar.Finish();
                    await ShowAsync(parsed, folder, made, json);
                    return ExitCodes.Ok;
                }
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !cancel.IsCancellationRequested)
        {
            // told below
        }
        finally
        {
            bar.Finish();
        }
        return await BackupFaults.EndAsync(parsed, BackupFault.Input, "the service that holds the data folder ended before the backup was made", "Is it stopping? What it wrote has no manifest and is no backup; try again.", []);
    }

    private static async Task ShowAsync(ParseResult parsed, string folder, BackupManifest made, bool json)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        foreach (var name in made.NotTaken)
        {
            await error.WriteLineAsync($"warning: {name} in the data folder is not known to the program and is not part of the backup");
        }
        if (json)
        {
            await output.WriteAsync(System.Text.Encoding.UTF8.GetString(made.Write()));
            return;
        }
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"Backup {made.Id} of {Rfc3339.Format(made.MadeAt)} in {folder}: {made.Archive.Position} entries, {BackupFaults.Size(made.SizeBytes)}, hash {made.Hash}"));
        await error.WriteLineAsync("It holds every message and the keys of ids and sessions: keep it as safe as the data folder. `surveillance restore FOLDER --verify-only` checks it.");
    }
}
