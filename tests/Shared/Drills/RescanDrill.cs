using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace Surveillance.Tests.Drills;

/// <summary>What a rescan drill found.</summary>
/// <param name="Messages">Messages kept before the rules changed.</param>
/// <param name="Kills">How often the service was killed while it rescanned.</param>
/// <param name="WentBack">How often progress was lower after a kill than before it.</param>
/// <param name="Planned">Messages that the disturbed rescan looked at.</param>
/// <param name="DoesNotAddUp">Planned less done, skipped and failed, in both runs together.</param>
/// <param name="Gained">Matches that the disturbed rescan gained.</param>
/// <param name="Lost">Matches that the disturbed rescan lost.</param>
/// <param name="UnlikeUndisturbed">Matches in which the disturbed run differs from the undisturbed one.</param>
/// <param name="CountsUnlikeUndisturbed">Rules whose counts differ between the two runs.</param>
/// <param name="UnlikeScan">Matches in which the end differs from <c>scan</c> under the new rules.</param>
/// <param name="DeltaUnlikeScan">Gained and lost matches that differ from <c>scan</c> under the old and the new rules compared.</param>
/// <param name="DoubledAlerts">Matches that belong to no alert or whose alert counts them wrongly.</param>
public sealed record RescanReport(
    int Messages, int Kills, int WentBack, long Planned, long DoesNotAddUp, int Gained, int Lost, int UnlikeUndisturbed, int CountsUnlikeUndisturbed, int UnlikeScan, int DeltaUnlikeScan,
    int DoubledAlerts);

/// <summary>What a drill of a rule change under load found.</summary>
/// <param name="Messages">Messages posted.</param>
/// <param name="BeforeTheChange">How many were kept before the activation.</param>
/// <param name="WhileRescanning">How many were kept between the activation and the end of the rescan.</param>
/// <param name="NotJudgedOnce">Messages that are not judged exactly once, by the revision in force.</param>
/// <param name="Gained">Matches that the rescan gained.</param>
/// <param name="Lost">Matches that the rescan lost.</param>
/// <param name="UnlikeScan">Matches in which the end differs from <c>scan</c> under the new rules.</param>
/// <param name="DeltaUnlikeScan">Gained and lost matches that differ from <c>scan</c> under the old and the new rules compared, over the messages before the change.</param>
/// <param name="DoubledAlerts">Matches that belong to no alert or whose alert counts them wrongly.</param>
public sealed record RuleChangeReport(
    int Messages, int BeforeTheChange, int WhileRescanning, int NotJudgedOnce, int Gained, int Lost, int UnlikeScan, int DeltaUnlikeScan, int DoubledAlerts);

/// <summary>Changes a lexicon of the real program's rules and looks at the rescan that follows: killed at random moments, and under load.</summary>
public static class RescanDrill
{
    private const int Clients = 8;
    private const int LinesPerPost = 400;
    private const int LinesPerSlowPost = 25;
    private static readonly TimeSpan SlowPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Kills the service while it rescans and compares with a rescan that nobody disturbs, and with <c>scan</c>.</summary>
    /// <param name="messages">How many messages.</param>
    /// <param name="kills">How often the service is killed.</param>
    /// <param name="seed">Seed of the traffic and of the moments.</param>
    /// <param name="say">Told what happens.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<RescanReport> RunAsync(int messages, int kills, int seed, Action<string> say, CancellationToken cancel)
    {
        using var folder = new TemporaryFolder();
        var lines = Traffic.Lines(messages, seed, Math.Max(Clients, messages / 25));
        var (oldRules, newRules) = (folder.File("old"), folder.File("new"));
        CopyRules(oldRules);
        CopyRules(newRules);
        ChangeLexicon(newRules);
        await using (var service = await StartAsync(folder.File("calm"), oldRules, cancel))
        {
            using var http = await ClientAsync(service, folder.File("calm"), cancel);
            await PostAsync(http, lines, cancel);
            await CrashDrill.WaitUntilDoneAsync(http, cancel);
            await service.StopAsync(cancel);
        }
        CopyFolder(folder.File("calm"), folder.File("disturbed"));
        say($"{lines.Count} lines posted and judged");
        await using (var service = await StartAsync(folder.File("calm"), newRules, cancel))
        {
            await UntilAsync(() => ReadRun(folder.File("calm")) is { Ended: true }, cancel);
            await service.StopAsync(cancel);
        }
        var calm = ReadRun(folder.File("calm"))!;
        say(string.Create(CultureInfo.InvariantCulture, $"rescanned {calm.Planned} undisturbed in {calm.Seconds:0.0} s"));
        var (killed, wentBack) = await DisturbAsync(folder.File("disturbed"), newRules, kills, calm.Planned, seed, say, cancel);
        var disturbed = ReadRun(folder.File("disturbed"))!;

        var (before, after) = (await ScanAsync(folder, oldRules, lines, cancel), await ScanAsync(folder, newRules, lines, cancel));
        var (a, b) = (CrashDrill.ReadResults(folder.File("calm")), CrashDrill.ReadResults(folder.File("disturbed")));
        var (gained, lost) = ReadDelta(folder.File("disturbed"));
        return new RescanReport(
            messages, killed, wentBack, disturbed.Planned, disturbed.Planned - disturbed.Processed + calm.Planned - calm.Processed, gained.Count, lost.Count,
            CrashDrill.Difference(a.Matches, b.Matches), CrashDrill.Difference(ReadCounts(folder.File("calm")), ReadCounts(folder.File("disturbed"))),
            CrashDrill.Difference(b.Matches, after),
            CrashDrill.Difference(gained, [.. after.Except(before)]) + CrashDrill.Difference(lost, [.. before.Except(after)]),
            a.DoubledAlerts + b.DoubledAlerts);
    }

    /// <summary>Changes the lexicon while messages stream in.</summary>
    /// <param name="messages">How many messages.</param>
    /// <param name="seed">Seed of the traffic.</param>
    /// <param name="say">Told what happens.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<RuleChangeReport> ChangeAsync(int messages, int seed, Action<string> say, CancellationToken cancel)
    {
        using var folder = new TemporaryFolder();
        var lines = Traffic.Lines(messages, seed, Math.Max(Clients, messages / 25));
        var (rules, old, data) = (folder.File("rules"), folder.File("old"), folder.File("data"));
        CopyRules(rules);
        CopyRules(old);
        await using (var service = await StartAsync(data, rules, cancel))
        {
            using var http = await ClientAsync(service, data, cancel);
            var sent = 0;
            // Slowly until the change is in force, so that it comes into the middle of the stream; then as fast as it goes.
            var ran = ReadActivations(data);
            var posting = PostAsync(
                http, lines, cancel, count => Interlocked.Add(ref sent, count), LinesPerSlowPost,
                async () => { if (Volatile.Read(ref sent) > lines.Count / 4 && ReadActivations(data) == ran) { await Task.Delay(SlowPause, cancel); } });
            await UntilAsync(() => Volatile.Read(ref sent) > lines.Count / 3, cancel);
            ChangeLexicon(rules);
            say($"the lexicon changed after {Volatile.Read(ref sent)} lines");
            await posting;
            await CrashDrill.WaitUntilDoneAsync(http, cancel);
            await UntilAsync(() => ReadRun(data) is { Ended: true }, cancel);
            await service.StopAsync(cancel);
        }
        var (before, after) = (await ScanAsync(folder, old, lines, cancel), await ScanAsync(folder, rules, lines, cancel));
        var results = CrashDrill.ReadResults(data);
        var (gained, lost) = ReadDelta(data);
        var (activation, earlier, during, notOnce) = ReadJudgements(data);
        say($"the change came into force at entry {activation}");
        var early = after.Concat(before).Where(k => earlier.Contains(k.Split('|')[1])).ToHashSet();
        return new RuleChangeReport(
            messages, earlier.Count, during, notOnce, gained.Count, lost.Count, CrashDrill.Difference(results.Matches, after),
            CrashDrill.Difference(gained, [.. after.Except(before).Where(early.Contains)]) + CrashDrill.Difference(lost, [.. before.Except(after).Where(early.Contains)]),
            results.DoubledAlerts);
    }

    private static async Task<(int Kills, int WentBack)> DisturbAsync(string data, string rules, int kills, long planned, int seed, Action<string> say, CancellationToken cancel)
    {
        var random = new Random(seed);
        var (killed, wentBack) = (0, 0);
        long reached = 0;
        while (true)
        {
            await using var service = await StartAsync(data, rules, cancel);
            var moment = killed < kills ? planned * (killed + random.NextDouble()) / kills : double.MaxValue;
            var ended = false;
            await UntilAsync(() => ReadRun(data) is { } run && ((ended = run.Ended) || run.Processed >= moment), cancel);
            if (ended)
            {
                await service.StopAsync(cancel);
                return (killed, wentBack);
            }
            await service.KillAsync();
            killed++;
            var processed = ReadRun(data)!.Processed;
            wentBack += processed < reached ? 1 : 0;
            reached = processed;
            say($"killed after {processed} of {planned}");
        }
    }

    private static Task<ServiceProcess> StartAsync(string data, string rules, CancellationToken cancel) =>
        ServiceProcess.ServeAsync(data, ServiceProcess.FreePort(), cancel, "--rules", rules);

    private static async Task<HttpClient> ClientAsync(ServiceProcess service, string data, CancellationToken cancel)
    {
        var (code, token, error) = await ServiceProcess.RunAsync(["tokens", "create", "--name", "drill", "--scopes", "ingest:write,consent:write", "--data", data], cancel);
        return code == 0 ? service.Client(token.Trim()) : throw new InvalidOperationException("No token: " + error);
    }

    private static Task PostAsync(
        HttpClient http, IReadOnlyList<TrafficLine> lines, CancellationToken cancel, Action<int>? sent = null, int linesPerPost = LinesPerPost, Func<Task>? pace = null) =>
        Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            var acknowledged = new HashSet<string>();
            foreach (var chunk in lines.Where(l => l.Conversation % Clients == client).Chunk(linesPerPost))
            {
                await (pace?.Invoke() ?? Task.CompletedTask);
                await CrashDrill.PostAsync(http, chunk, acknowledged, () => { }, cancel);
                sent?.Invoke(chunk.Length);
            }
        }, cancel)));

    private static Task<HashSet<string>> ScanAsync(TemporaryFolder folder, string rules, IReadOnlyList<TrafficLine> lines, CancellationToken cancel) =>
        CrashDrill.ScanAsync(folder.File("lines.ndjson"), lines, cancel, "--rules", rules);

    private static void CopyRules(string to) => CopyFolder(Path.Combine(AppContext.BaseDirectory, "rules"), to);

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".sock", StringComparison.Ordinal)))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>Puts phrases that the traffic holds into one lexicon and takes others out of another; the rules that name them take another version.</summary>
    private static void ChangeLexicon(string rules)
    {
        Change(rules, "off-channel-invitations", phrases =>
        {
            phrases.Add("lunch at the usual place");
            phrases.Add("see you at the branch");
        });
        Change(rules, "solicitation-phrases", phrases =>
        {
            foreach (var gone in phrases.Where(p => (p is JsonObject o ? o["text"]! : p!).GetValue<string>().Contains("photo", StringComparison.Ordinal)).ToArray())
            {
                phrases.Remove(gone);
            }
        });
    }

    private static void Change(string rules, string lexicon, Action<JsonArray> change)
    {
        foreach (var file in Directory.EnumerateFiles(rules, "*.json", SearchOption.AllDirectories).Where(f => File.ReadAllText(f).Contains($"\"{lexicon}\"", StringComparison.Ordinal)))
        {
            var json = JsonNode.Parse(File.ReadAllText(file))!;
            json["version"] = json["version"]!.GetValue<int>() + 1;
            if (json["phrases"] is JsonArray phrases)
            {
                change(phrases);
            }
            File.WriteAllText(file + ".new", json.ToJsonString());
            File.Move(file + ".new", file, overwrite: true);
        }
    }

    private static async Task UntilAsync(Func<bool> holds, CancellationToken cancel)
    {
        while (!holds())
        {
            await Task.Delay(5, cancel);
        }
    }

    private sealed record RunRow(bool Ended, long Planned, long Processed, double Seconds);

    private static int ReadActivations(string data)
    {
        var count = 0;
        using var archive = CrashDrill.Open(Path.Combine(data, "archive.db"));
        CrashDrill.Query(archive, "SELECT count(*) FROM entries WHERE kind = 2", row => count = row.GetInt32(0));
        return count;
    }

    /// <summary>The newest run, read past the service.</summary>
    private static RunRow? ReadRun(string data)
    {
        RunRow? run = null;
        using var work = CrashDrill.Open(Path.Combine(data, "work.db"));
        try
        {
            CrashDrill.Query(
                work,
                """
                SELECT r.state, coalesce(r.planned, 0), coalesce(sum(p.done + p.skipped + p.failed), 0), (coalesce(r.ended_at, 0) - coalesce(r.started_at, 0)) / 1e7
                FROM runs r LEFT JOIN run_parts p USING(run) GROUP BY r.run ORDER BY r.run DESC LIMIT 1
                """,
                row => run = new RunRow(row.GetInt32(0) == 4, row.GetInt64(1), row.GetInt64(2), row.GetDouble(3)));
        }
        catch (SqliteException)
        {
            return null; // the service is opening it
        }
        return run;
    }

    private static HashSet<string> ReadCounts(string data)
    {
        var counts = new HashSet<string>();
        using var work = CrashDrill.Open(Path.Combine(data, "work.db"));
        CrashDrill.Query(
            work, "SELECT rule, gained, lost, kept, decided, not_evaluated FROM rescan_rules",
            row => counts.Add(string.Join(' ', Enumerable.Range(0, 6).Select(i => Convert.ToString(row.GetValue(i), CultureInfo.InvariantCulture)))));
        return counts;
    }

    /// <summary>The matches that the newest run gained and lost, as <c>scan</c> would show them.</summary>
    private static (HashSet<string> Gained, HashSet<string> Lost) ReadDelta(string data)
    {
        var native = CrashDrill.ReadNativeIds(data);
        var delta = new[] { new HashSet<string>(), new HashSet<string>() };
        using var work = CrashDrill.Open(Path.Combine(data, "work.db"));
        CrashDrill.Query(
            work,
            """
            SELECT c.kind, m.rule, m.message, m.evidence FROM rescan_changes c JOIN matches m ON m.position = c.position AND m.rule = c.rule AND m.evidence_key = c.evidence_key
            WHERE c.run = (SELECT max(run) FROM runs)
            """,
            row => delta[row.GetInt32(0)].Add(CrashDrill.KeyOfRow(row, 1, native)));
        return (delta[0], delta[1]);
    }

    private static (long Activation, HashSet<string> Before, int During, int NotOnce) ReadJudgements(string data)
    {
        long activation = 0, end = 0, judged = 0, other = 0;
        var messages = new Dictionary<long, string>();
        using (var archive = CrashDrill.Open(Path.Combine(data, "archive.db")))
        {
            CrashDrill.Query(archive, "SELECT max(position) FROM entries WHERE kind = 2", row => activation = row.GetInt64(0));
        }
        foreach (var (position, id) in CrashDrill.ReadPositions(data))
        {
            messages[position] = id;
        }
        using var work = CrashDrill.Open(Path.Combine(data, "work.db"));
        CrashDrill.Query(work, "SELECT count(*), coalesce(sum(activation <> (SELECT max(position) FROM activations)), 0) FROM evaluations", row => (judged, other) = (row.GetInt64(0), row.GetInt64(1)));
        using (var archive = CrashDrill.Open(Path.Combine(data, "archive.db")))
        {
            long endedAt = 0;
            CrashDrill.Query(work, "SELECT ended_at FROM runs ORDER BY run DESC LIMIT 1", row => endedAt = row.GetInt64(0));
            CrashDrill.Query(archive, $"SELECT count(*) FROM entries WHERE kind = 0 AND position > {activation} AND received_at <= {endedAt}", row => end = row.GetInt64(0));
        }
        return (activation, [.. messages.Where(m => m.Key < activation).Select(m => m.Value)], (int)end, (int)(Math.Abs(messages.Count - judged) + other));
    }
}
