using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Surveillance.Messages;

namespace Surveillance.Tests.Drills;

/// <summary>What a crash drill found.</summary>
/// <param name="Messages">Messages posted.</param>
/// <param name="Kills">How often the service was killed.</param>
/// <param name="Resent">Lines sent again because no answer had come.</param>
/// <param name="Acknowledged">Lines that were answered as kept.</param>
/// <param name="LostOrDoubled">Acknowledged messages that are not in the archive exactly once.</param>
/// <param name="NotEvaluated">Archived messages neither evaluated nor in quarantine.</param>
/// <param name="Matches">Matches of the disturbed run.</param>
/// <param name="UnlikeUndisturbed">Matches in which it differs from the undisturbed run.</param>
/// <param name="UnlikeScan">Matches in which it differs from <c>scan</c> over the same lines.</param>
/// <param name="DoubledAlerts">Matches that belong to no alert or whose alert counts them wrongly.</param>
public sealed record CrashReport(
    int Messages, int Kills, int Resent, int Acknowledged, int LostOrDoubled, int NotEvaluated, int Matches, int UnlikeUndisturbed, int UnlikeScan, int DoubledAlerts);

/// <summary>Posts traffic from several clients, kills the real program at random moments, starts it again, and compares with an undisturbed run and with <c>scan</c>.</summary>
public static class CrashDrill
{
    private const int LinesPerPost = 40;

    /// <summary>Runs the drill.</summary>
    /// <param name="messages">How many messages.</param>
    /// <param name="clients">How many clients post at once; each conversation belongs to one.</param>
    /// <param name="kills">How often the service is killed.</param>
    /// <param name="seed">Seed of the traffic and of the moments.</param>
    /// <param name="say">Told what happens.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<CrashReport> RunAsync(int messages, int clients, int kills, int seed, Action<string> say, CancellationToken cancel)
    {
        using var folder = new TemporaryFolder();
        var lines = Traffic.Lines(messages, seed, Math.Max(clients, messages / 25));
        say($"{lines.Count} lines, {clients} clients");
        var calm = await PostAllAsync(folder.File("calm"), lines, clients, 0, seed, say, cancel);
        var disturbed = await PostAllAsync(folder.File("disturbed"), lines, clients, kills, seed, say, cancel);
        var scanned = await ScanAsync(folder.File("lines.ndjson"), lines, cancel);
        var stored = ReadResults(folder.File("disturbed"));
        var undisturbed = ReadResults(folder.File("calm"));
        return new CrashReport(
            messages, disturbed.Kills, disturbed.Resent, disturbed.Acknowledged.Count,
            disturbed.Acknowledged.Count(id => stored.Archived.GetValueOrDefault(id) != 1),
            stored.NotEvaluated, stored.Matches.Count,
            Difference(stored.Matches, undisturbed.Matches), Difference(stored.Matches, scanned), stored.DoubledAlerts);
    }

    internal static int Difference(HashSet<string> a, HashSet<string> b) => a.Count(x => !b.Contains(x)) + b.Count(x => !a.Contains(x));

    private static async Task<(int Kills, int Resent, HashSet<string> Acknowledged)> PostAllAsync(
        string data, IReadOnlyList<TrafficLine> lines, int clients, int kills, int seed, Action<string> say, CancellationToken cancel)
    {
        var port = ServiceProcess.FreePort();
        var service = await ServiceProcess.ServeAsync(data, port, cancel);
        var (code, token, error) = await ServiceProcess.RunAsync(["tokens", "create", "--name", "drill", "--scopes", "ingest:write,consent:write", "--data", data], cancel);
        if (code != 0)
        {
            throw new InvalidOperationException("No token: " + error);
        }
        var acknowledged = new HashSet<string>();
        var resent = 0;
        using var http = service.Client(token.Trim());
        var sent = 0;
        var posting = Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            foreach (var chunk in lines.Where(l => l.Conversation % clients == client).Chunk(LinesPerPost))
            {
                await PostAsync(http, chunk, acknowledged, () => Interlocked.Add(ref resent, chunk.Length), cancel);
                Interlocked.Add(ref sent, chunk.Length);
            }
        }, cancel)).ToArray();
        var random = new Random(seed);
        var killed = 0;
        for (; killed < kills && posting.Any(p => !p.IsCompleted); killed++)
        {
            var moment = lines.Count * (killed + random.NextDouble()) / kills;
            while (Volatile.Read(ref sent) < moment && posting.Any(p => !p.IsCompleted))
            {
                await Task.Delay(1, cancel);
            }
            await service.KillAsync();
            await service.DisposeAsync();
            say($"killed after {Volatile.Read(ref sent)} lines");
            service = await ServiceProcess.ServeAsync(data, port, cancel);
        }
        await Task.WhenAll(posting);
        await WaitUntilDoneAsync(http, cancel);
        say("all posted and evaluated");
        await service.StopAsync(cancel);
        await service.DisposeAsync();
        return (killed, resent, acknowledged);
    }

    internal static async Task PostAsync(HttpClient http, TrafficLine[] chunk, HashSet<string> acknowledged, Action countResent, CancellationToken cancel)
    {
        for (var first = true; ; first = false)
        {
            if (!first)
            {
                countResent();
            }
            try
            {
                using var content = new StringContent(string.Join('\n', chunk.Select(l => l.Json)), Encoding.UTF8, "application/x-ndjson");
                using var response = await http.PostAsync(new Uri("/api/v1/messages:batch", UriKind.Relative), content, cancel);
                if ((int)response.StatusCode is 429 or 503)
                {
                    await Task.Delay(200, cancel);
                    continue;
                }
                response.EnsureSuccessStatusCode();
                var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancel);
                var answers = answer.GetProperty("lines").EnumerateArray().ToArray();
                lock (acknowledged)
                {
                    for (var i = 0; i < chunk.Length; i++)
                    {
                        if (answers[i].GetProperty("status").GetInt32() is not (200 or 201))
                        {
                            throw new InvalidOperationException($"A line was refused with {answers[i].GetProperty("status").GetInt32()}.");
                        }
                        if (chunk[i].Id is { } id)
                        {
                            acknowledged.Add(id);
                        }
                    }
                }
                return;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
            {
                await Task.Delay(50, cancel); // no answer: killed meanwhile
            }
        }
    }

    internal static async Task WaitUntilDoneAsync(HttpClient http, CancellationToken cancel)
    {
        while (true)
        {
            var health = await http.GetFromJsonAsync<JsonElement>(new Uri("/health/ready", UriKind.Relative), cancel);
            if (health.GetProperty("waiting").GetInt64() == 0)
            {
                return;
            }
            await Task.Delay(50, cancel);
        }
    }

    internal static async Task<HashSet<string>> ScanAsync(string file, IReadOnlyList<TrafficLine> lines, CancellationToken cancel, params string[] more)
    {
        await File.WriteAllLinesAsync(file, lines.Select(l => l.Json), cancel);
        var (code, output, error) = await ServiceProcess.RunAsync(["scan", file, "--only", "alerts", .. more], cancel);
        if (code != 0)
        {
            throw new InvalidOperationException($"scan ended with {code}: {error}");
        }
        var matches = new HashSet<string>();
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            var id = json.RootElement.GetProperty("id").GetString()!;
            foreach (var alert in json.RootElement.GetProperty("alerts").EnumerateArray())
            {
                matches.Add(Key(alert.GetProperty("rule").GetString()!, id, alert.GetProperty("evidence"), m => m));
            }
        }
        return matches;
    }

    internal static (Dictionary<string, int> Archived, int NotEvaluated, HashSet<string> Matches, int DoubledAlerts) ReadResults(string data)
    {
        using var work = Open(Path.Combine(data, "work.db"));
        var archived = new Dictionary<string, int>();
        var positions = new HashSet<long>();
        foreach (var (position, id) in ReadPositions(data))
        {
            archived[id] = archived.GetValueOrDefault(id) + 1;
            positions.Add(position);
        }
        var native = ReadNativeIds(data);
        Query(work, "SELECT position FROM evaluations UNION SELECT position FROM quarantine", row => positions.Remove(row.GetInt64(0)));
        var matches = new HashSet<string>();
        Query(work, "SELECT rule, message, evidence FROM matches WHERE standing = 0", row => matches.Add(KeyOfRow(row, 0, native)));
        var doubled = 0;
        Query(work, "SELECT count(*) FROM alerts a WHERE a.count <> (SELECT count(*) FROM matches m WHERE m.alert = a.alert)", row => doubled += row.GetInt32(0));
        Query(work, "SELECT count(*) FROM matches m WHERE NOT EXISTS (SELECT 1 FROM alerts a WHERE a.alert = m.alert)", row => doubled += row.GetInt32(0));
        return (archived, positions.Count, matches, doubled);
    }

    /// <summary>Position and native id of every archived message.</summary>
    internal static List<(long Position, string Id)> ReadPositions(string data) => [.. ReadMessages(data).Select(m => (m.Position, m.Message.Id))];

    /// <summary>The native id of every archived message by our id.</summary>
    internal static Dictionary<string, string> ReadNativeIds(string data)
    {
        var ids = new IdMaker(File.ReadAllBytes(Path.Combine(data, "instance.key")));
        return ReadMessages(data).ToDictionary(m => ids.Message(m.Message.NativeKey).ToString(), m => m.Message.Id);
    }

    /// <summary>The match of a row that has rule, message and evidence from a column on, as <c>scan</c> would show it.</summary>
    internal static string KeyOfRow(SqliteDataReader row, int first, Dictionary<string, string> native)
    {
        using var evidence = JsonDocument.Parse(row.GetString(first + 2));
        return Key(row.GetString(first), native[OpaqueId.FromBytes((byte[])row[first + 1]).ToString()], evidence.RootElement, m => native[m]);
    }

    private static List<(long Position, CapturedMessage Message)> ReadMessages(string data)
    {
        var messages = new List<(long, CapturedMessage)>();
        using var archive = Open(Path.Combine(data, "archive.db"));
        Query(archive, "SELECT e.position, c.body FROM entries e JOIN contents c USING(position) WHERE e.kind = 0", row =>
        {
            var body = (byte[])row[1];
            var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(17));
            messages.Add((row.GetInt64(0), CapturedMessageJson.Read(body.AsSpan(21, length)).Message!));
        });
        return messages;
    }

    private static string Key(string rule, string id, JsonElement evidence, Func<string, string> nativeOf) =>
        rule + "|" + id + "|" + string.Join(';', evidence.EnumerateArray().Select(e =>
            $"{e.GetProperty("start")}-{e.GetProperty("end")}@{e.GetProperty("condition").GetString()}"
            + (e.TryGetProperty("part", out var part) ? "/" + part.GetString() : "")
            + (e.TryGetProperty("message", out var message) ? "/" + nativeOf(message.GetString()!) : "")).Order(StringComparer.Ordinal));

    internal static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return connection;
    }

    internal static void Query(SqliteConnection connection, string sql, Action<SqliteDataReader> each)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this file
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            each(reader);
        }
    }
}
