using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Surveillance.Accounts;
using Surveillance.Archive;
using Surveillance.Backups;
using Surveillance.Dashboard.Accounts;
using Surveillance.Dashboard.Commands;
using Surveillance.Messages;
using Surveillance.Storage.Sqlite.Backups;

namespace Surveillance.Dashboard.Backups;

/// <summary><c>surveillance restore</c>.</summary>
internal static class RestoreCommand
{
    internal static Command Build()
    {
        var folder = new Argument<string>("backup") { Description = "The folder that `surveillance backup` made", HelpName = "BACKUP" };
        var data = new Option<string?>("--data") { Description = "The data folder to make; one that is there must be empty", HelpName = "DIR" };
        var confirm = new Option<string?>("--confirm") { Description = "The name of the data folder, to set aside what is there", HelpName = "NAME" };
        var verifyOnly = new Option<bool>("--verify-only") { Description = "Verify the backup and restore nothing" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object" };
        var restore = new Command(
            "restore",
            """
            Verifies a backup (every hash, both databases, the whole chain over the archive) and makes a data folder from it. Nothing is ever overwritten.

            Examples:
              surveillance restore /backup/2026-05-04 --data /srv/surveillance
              surveillance restore /backup/2026-05-04 --verify-only
            """)
        { folder, data, confirm, verifyOnly, json };
        restore.Validators.Add(result =>
        {
            if (result.GetValue(verifyOnly) == (result.GetValue(data) is not null))
            {
                result.AddError("restore takes either --data DIR or --verify-only");
            }
        });
        restore.SetAction((parsed, cancel) => RunAsync(parsed, parsed.GetRequiredValue(folder), parsed.GetValue(data), parsed.GetValue(confirm), parsed.GetValue(json), cancel));
        return restore;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string folder, string? target, string? confirm, bool json, CancellationToken cancel)
    {
        var bar = new ProgressLine(parsed.InvocationConfiguration.Error);
        try
        {
            var backup = SqliteBackup.Open(folder);
            var restore = new SqliteRestore(TimeProvider.System);
            if (target is not null)
            {
                restore.RefuseTarget(backup, target, confirm); // before the long work
            }
            var verdict = await Task.Run(() => backup.Verify(bar.Show, cancel), cancel);
            var report = target is null ? null : await restore.RunAsync(backup, target, confirm, AccountDesk.Operator, bar.Show, cancel);
            bar.Finish();
            await ShowAsync(parsed, backup.Manifest, verdict, report, json);
            return ExitCodes.Ok;
        }
        catch (BackupException e)
        {
            bar.Finish();
            return await BackupFaults.EndAsync(parsed, e);
        }
        finally
        {
            bar.Finish();
        }
    }

    private static async Task ShowAsync(ParseResult parsed, BackupManifest manifest, ArchiveVerdict verdict, RestoreReport? report, bool json)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (json)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(
                new
                {
                    backup = manifest.Id, madeAt = Rfc3339.Format(manifest.MadeAt), hash = manifest.Hash, entries = verdict.Entries, lastPosition = verdict.LastPosition, seal = verdict.Seal,
                    toJudge = verdict.LastPosition - manifest.Checkpoints.Lowest, data = report?.Folder, setAside = report?.SetAside,
                },
                ControlCall.Indented));
            return;
        }
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"Verified: backup {manifest.Id} of {Rfc3339.Format(manifest.MadeAt)}, {verdict.Entries} entries, seal {verdict.Seal}, {BackupFaults.Size(manifest.SizeBytes)}, hash {manifest.Hash}"));
        if (report is null)
        {
            return;
        }
        await output.WriteLineAsync($"Restored: {report.Folder}");
        if (report.SetAside is not null)
        {
            await output.WriteLineAsync($"Set aside: {report.SetAside}");
        }
        await parsed.InvocationConfiguration.Error.WriteLineAsync(
            string.Create(CultureInfo.InvariantCulture, $"`surveillance serve --data {report.Folder}` judges what the results do not cover yet (up to {verdict.LastPosition - manifest.Checkpoints.Lowest} entries). ")
            + $"Have the sources send again what they sent since {Rfc3339.Format(manifest.MadeAt)}: what is here already is recognised.");
    }
}
