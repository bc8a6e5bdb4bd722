using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Surveillance.Archive;
using Surveillance.Messages;
using Surveillance.Storage.Sqlite;

namespace Surveillance.Tests.Drills;

/// <summary>What a restore drill found.</summary>
/// <param name="Messages">Messages posted.</param>
/// <param name="AcknowledgedBefore">Messages acknowledged before the backup began.</param>
/// <param name="AcknowledgedDuring">Lines acknowledged while it was made.</param>
/// <param name="BackupMilliseconds">How long the command took, its start with it.</param>
/// <param name="RestoreMilliseconds">How long the command took, verification with it.</param>
/// <param name="BackupBytes">Size of the backup.</param>
/// <param name="Entries">Entries in the backup.</param>
/// <param name="ToJudge">Entries that its results did not cover.</param>
/// <param name="Flaws">What the verification of the restored archive finds after the restored service caught up.</param>
/// <param name="LostOrDoubled">Messages acknowledged before the backup that are not in the restored archive exactly once.</param>
/// <param name="NotEvaluated">Restored messages neither evaluated nor in quarantine.</param>
/// <param name="Matches">Matches of the restored folder.</param>
/// <param name="UnlikeScan">Matches in which it differs from <c>scan</c> over the restored archive's lines.</param>
/// <param name="DoubledAlerts">Matches that belong to no alert or whose alert counts them wrongly.</param>
/// <param name="LostAfterResending">Messages not there exactly once after the sources sent everything again.</param>
public sealed record RestoreReport(
    int Messages, int AcknowledgedBefore, int AcknowledgedDuring, long BackupMilliseconds, long RestoreMilliseconds, long BackupBytes, long Entries, long ToJudge,
    long Flaws, int LostOrDoubled, int NotEvaluated, int Matches, int UnlikeScan, int DoubledAlerts, int LostAfterResending);

/// <summary>Backs up the real program while clients post, kills it, restores the backup into a new folder, serves that, and looks at what is there.</summary>
public static class RestoreDrill
{
    private const int LinesPerPost = 40;

    /// <summary>Runs the drill.</summary>
    /// <param name="messages">How many messages.</param>
    /// <param name="clients">How many clients post at once; each conversation belongs to one.</param>
    /// <param name="seed">Seed of the traffic.</param>
    /// <param name="say">Told what happens.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<RestoreReport> RunAsync(int messages, int clients, int seed, Action<string> say, CancellationToken cancel)
    {
        using var room = new TemporaryFolder();
        var (data, backup, restored) = (room.File("data"), room.File("backup"), room.File("restored"));
        var lines = Traffic.Lines(messages, seed, Math.Max(clients, messages / 25));
        var (before, during, backedUp, backingUp) = await BackUpUnderLoadAsync(data, backup, lines, clients, say, cancel);

        var clock = Stopwatch.StartNew();
        var (code, output, error) = await ServiceProcess.RunAsync(["restore", backup, "--data", restored, "--json"], cancel);
        Expect(code, 0, "restore", error);
        var restoring = clock.ElapsedMilliseconds;
        using var report = JsonDocument.Parse(output);
        var (entries, toJudge) = (report.RootElement.GetProperty("entries").GetInt64(), report.RootElement.GetProperty("toJudge").GetInt64());
        say($"restored and verified {entries} entries in {restoring} ms, up to {toJudge} to judge");

        await ServeAsync(restored, (_, _) => Task.CompletedTask, cancel);
        var results = CrashDrill.ReadResults(restored);
        var scanned = await CrashDrill.ScanAsync(room.File("lines.ndjson"), ReadLines(restored), cancel);
        var flaws = Verify(restored);
        say($"caught up: {results.Archived.Count} messages, {results.Matches.Count} matches, {flaws} flaws");

        await ServeAsync(restored, (http, stop) => PostAsync(http, lines, clients, new HashSet<string>(), static _ => { }, stop), cancel);
        var everything = CrashDrill.ReadResults(restored);
        return new RestoreReport(
            messages, before.Count, during, backingUp, restoring, backedUp, entries, toJudge, flaws + Verify(restored),
            before.Count(id => results.Archived.GetValueOrDefault(id) != 1), results.NotEvaluated + everything.NotEvaluated, results.Matches.Count,
            CrashDrill.Difference(results.Matches, scanned), results.DoubledAlerts + everything.DoubledAlerts,
            lines.Count(l => l.Id is { } id && everything.Archived.GetValueOrDefault(id) != 1));
    }

    private static async Task<(HashSet<string> Before, int During, long Bytes, long Milliseconds)> BackUpUnderLoadAsync(
        string data, string backup, IReadOnlyList<TrafficLine> lines, int clients, Action<string> say, CancellationToken cancel)
    {
        await using var service = await ServiceProcess.ServeAsync(data, ServiceProcess.FreePort(), cancel);
        using var http = service.Client(await TokenAsync(data, cancel));
        var acknowledged = new HashSet<string>();
        var sent = 0;
        var posting = PostAsync(http, lines, clients, acknowledged, n => Interlocked.Add(ref sent, n), cancel);
        while (Volatile.Read(ref sent) < lines.Count / 4)
        {
            await Task.WhenAny(posting, Task.Delay(1, cancel));
        }
        HashSet<string> before;
        lock (acknowledged)
        {
            before = [.. acknowledged];
        }
        var first = Volatile.Read(ref sent);
        var clock = Stopwatch.StartNew();
        var (code, output, error) = await ServiceProcess.RunAsync(["backup", backup, "--data", data, "--json"], cancel);
        Expect(code, 0, "backup", error);
        var (took, during) = (clock.ElapsedMilliseconds, Volatile.Read(ref sent) - first);
        using var manifest = JsonDocument.Parse(output);
        var bytes = manifest.RootElement.GetProperty("files").EnumerateArray().Sum(f => f.GetProperty("sizeBytes").GetInt64());
        say($"backed up {bytes / 1e6:0.0} MB in {took} ms; {during} lines were acknowledged meanwhile, {before.Count} messages before");
        await posting;
        await service.KillAsync(); // what a backup is for
        return (before, during, bytes, took);
    }

    private static Task PostAsync(HttpClient http, IReadOnlyList<TrafficLine> lines, int clients, HashSet<string> acknowledged, Action<int> sent, CancellationToken cancel) =>
        Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            foreach (var chunk in lines.Where(l => l.Conversation % clients == client).Chunk(LinesPerPost))
            {
                await CrashDrill.PostAsync(http, chunk, acknowledged, static () => { }, cancel);
                sent(chunk.Length);
            }
        }, cancel)));

    private static async Task ServeAsync(string data, Func<HttpClient, CancellationToken, Task> action, CancellationToken cancel)
    {
        await using var service = await ServiceProcess.ServeAsync(data, ServiceProcess.FreePort(), cancel);
        using var http = service.Client(await TokenAsync(data, cancel));
        await action(http, cancel);
        await CrashDrill.WaitUntilDoneAsync(http, cancel);
        Expect(await service.StopAsync(cancel), 0, "serve", service.StandardError);
    }

    private static async Task<string> TokenAsync(string data, CancellationToken cancel)
    {
        var (code, token, error) = await ServiceProcess.RunAsync(["tokens", "create", "--name", "drill", "--scopes", "ingest:write,consent:write", "--data", data], cancel);
        Expect(code, 0, "tokens create", error);
        return token.Trim();
    }

    /// <summary>The messages and consent lines of a folder's archive, by position.</summary>
    private static List<TrafficLine> ReadLines(string data)
    {
        var lines = new List<TrafficLine>();
        using var archive = CrashDrill.Open(Path.Combine(data, "archive.db"));
        CrashDrill.Query(archive, "SELECT c.body FROM entries e JOIN contents c USING(position) WHERE e.kind IN (0, 1) ORDER BY e.position", row =>
        {
            var body = (byte[])row[0];
            lines.Add(new TrafficLine(0, null, Encoding.UTF8.GetString(body.AsSpan(21, BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(17))))));
        });
        return lines;
    }

    private static long Verify(string data)
    {
        using var evidence = SqliteArchiveEvidence.Open(Path.Combine(data, "archive.db"));
        return ArchiveVerifier.Verify(evidence, new IdMaker(File.ReadAllBytes(Path.Combine(data, "instance.key"))), null, default).FlawCount;
    }

    private static void Expect(int code, int wanted, string what, string error)
    {
        if (code != wanted)
        {
            throw new InvalidOperationException($"`surveillance {what}` ended with {code}: {error}");
        }
    }
}
