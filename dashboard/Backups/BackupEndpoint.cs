using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using Surveillance.Accounts;
using Surveillance.Audit;
using Surveillance.Backups;
using Surveillance.Dashboard.Accounts;

namespace Surveillance.Dashboard.Backups;

/// <summary>What is asked for.</summary>
/// <param name="Folder">The folder of the backup, a full path.</param>
internal sealed record BackupRequest(string? Folder);

/// <summary>Why a backup was not made.</summary>
/// <param name="Fault">The kind of reason.</param>
/// <param name="Detail">The reason.</param>
/// <param name="Help">What to do; or null.</param>
internal sealed record BackupRefusal(BackupFault Fault, string Detail, string? Help);

/// <summary>A line of the answer: one of the three.</summary>
/// <param name="Step">How far it is.</param>
/// <param name="Manifest">What was made: the last line.</param>
/// <param name="Refused">Why nothing was made: the last line.</param>
internal sealed record BackupLine(BackupStep? Step, BackupManifest? Manifest, BackupRefusal? Refused);

/// <summary>Backups for the command line, over <c>control.sock</c> only. Who hangs up cancels the backup.</summary>
internal static class BackupEndpoint
{
    /// <summary>How the lines are written, for both sides.</summary>
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = { new JsonStringEnumConverter() } };

    internal static void MapBackups(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/control/backups", (Delegate)AnswerAsync).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription().OnlyOverControlSocket();

    private static async Task AnswerAsync(BackupRequest body, HttpContext http, IBackupMaker maker)
    {
        var lines = Channel.CreateUnbounded<BackupLine>(new UnboundedChannelOptions { SingleReader = true });
        var making = MakeAsync(body, maker, lines.Writer, http.RequestAborted);
        http.Response.ContentType = "application/x-ndjson";
        try
        {
            await foreach (var line in lines.Reader.ReadAllAsync(http.RequestAborted))
            {
                await JsonSerializer.SerializeAsync(http.Response.Body, line, Json, http.RequestAborted);
                await http.Response.WriteAsync("\n", http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
            }
        }
        finally
        {
            await making; // also after a cancellation: the folder is as it was before the answer ends
        }
    }

    private static async Task MakeAsync(BackupRequest body, IBackupMaker maker, ChannelWriter<BackupLine> lines, CancellationToken cancel)
    {
        try
        {
            var folder = body.Folder is { Length: > 0 } given && Path.IsPathRooted(given) ? given : throw new BackupException(BackupFault.Usage, "the folder of a backup is a full path");
            var made = await maker.MakeAsync(folder, AccountDesk.Operator, step => lines.TryWrite(new BackupLine(step, null, null)), cancel);
            lines.TryWrite(new BackupLine(null, made, null));
            lines.Complete();
        }
        catch (BackupException e)
        {
            lines.TryWrite(new BackupLine(null, null, new BackupRefusal(e.Fault, e.Message, e.Help)));
            lines.Complete();
        }
        catch (AuditUnavailableException e)
        {
            lines.TryWrite(new BackupLine(null, null, new BackupRefusal(BackupFault.Input, e.Message, "A backup is recorded first; make room on the disk of the data folder.")));
            lines.Complete();
        }
        catch (OperationCanceledException)
        {
            lines.Complete();
        }
        catch (Exception e)
        {
            lines.Complete(e);
        }
    }
}
