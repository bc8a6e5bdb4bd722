using System.Text;
using System.Text.Json;
using Surveillance.Messages;
using Surveillance.Tests;
using Surveillance.Tests.Drills;

namespace Surveillance.Dashboard.Tests.Scan;

/// <summary><c>surveillance scan</c> as a process over real rules and models.</summary>
public sealed class ScanCommandTests : IDisposable
{
    private const string Pitch = "Exclusive offer for you: our new 4.9% saver closes Friday, sign up today and get £75 cashback, reply YES to claim";
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Scan_SameLinesAgainAndOverAnyPartitions_SameBytes()
    {
        var file = _folder.File("traffic.ndjson");
        var lines = Traffic.Lines(3_000, seed: 11, conversations: 150).Select(l => l.Json).ToList();
        lines.Insert(1_700, "{ not json");
        await File.WriteAllLinesAsync(file, lines, Cancel);
        var first = await ScanAsync(7, file);
        Assert.Equal(3_001, first.Length);
        Assert.True(first.Count(l => l.Contains("\"rule\"", StringComparison.Ordinal)) > 100, "Too little fires to prove anything.");
        Assert.Equal(1_701, JsonDocument.Parse(first.Single(l => l.Contains("malformed-json", StringComparison.Ordinal))).RootElement.GetProperty("line").GetInt32());
        foreach (var partitions in new[] { "1", "2", "4" })
        {
            var again = await ScanAsync(7, file, "--partitions", partitions);
            Assert.True(first.SequenceEqual(again), $"With {partitions} partitions the output is another.");
        }
    }

    [Fact]
    public async Task Scan_AnyLines_AnswersEachInItsPlace()
    {
        var input = string.Join('\n',
            "\uFEFF" + Message("bom", "good morning"),
            "",
            Message("crlf", "settled, thanks") + "\r",
            "   ",
            "{ not json",
            """{"id":"wrong","chanel":"whatsapp","sentAt":"2026-05-04T09:12:00Z","from":{"address":"a"},"text":"x"}""",
            Message("before", Pitch),
            """{"type":"consent","subject":"+4915112345678","purpose":"marketing","channel":"whatsapp","state":"granted","at":"2026-05-01T10:00:00Z"}""",
            Message("granted", Pitch),
            """{"type":"consent","subject":"+4915112345678","purpose":"marketing","state":"perhaps","at":"2026-05-01T10:00:00Z"}""",
            """{"type":"consent","subject":"+4915112345678","purpose":"marketing","channel":"whatsapp","state":"withdrawn","at":"2026-05-02T10:00:00Z"}""",
            Message("withdrawn", Pitch),
            Message("long", new string('x', 2 * 1024 * 1024)),
            Message("last", "card 4111 1111 1111 1111 exp 09/29"));
        var (code, output, error) = await ServiceProcess.RunAsync(["scan", "-"], Cancel, input);
        var lines = Split(output).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal((7, ""), (code, error));
        Assert.Equal(
            [
                "bom ", "crlf ", "line 5: malformed-json ''", "line 6 wrong: unknown-field '/chanel'", "before marketing-without-consent", "granted ",
                "line 10: unknown-value '/state'", "withdrawn marketing-after-opt-out", "line 13 long: too-long '/text'", "last payment-card-shared",
            ],
            lines.Select(Summary));
        Assert.Contains("`channel`", lines[3].GetProperty("error").GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(["payment-card", "card-expiry"], lines[^1].GetProperty("pii").EnumerateArray().Select(h => h.GetProperty("type").GetString()));
        var card = lines[^1].GetProperty("pii")[0];
        Assert.Equal((5, 24, "payment-card"), (card.GetProperty("start").GetInt32(), card.GetProperty("end").GetInt32(), card.GetProperty("type").GetString()));
        Assert.Equal(JsonValueKind.Array, card.GetProperty("alternatives").ValueKind);
        Assert.Equal(["id", "pii", "scores", "optOut", "language", "alerts"], lines[0].EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public async Task Scan_Only_LeavesOutTheRestAndChangesNothing()
    {
        var file = _folder.File("few.ndjson");
        await File.WriteAllLinesAsync(file, [Message("a", Pitch), Message("b", "card 4111 1111 1111 1111 exp 09/29", inbound: true), Message("c", "STOP", inbound: true)], Cancel);
        var whole = (await ScanAsync(0, file)).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal([false, false, true], whole.Select(l => l.GetProperty("optOut").GetBoolean()));
        foreach (var (only, fields) in new[] { ("pii", "id,pii"), ("scores", "id,scores,optOut,language"), ("alerts", "id,alerts") })
        {
            var part = (await ScanAsync(0, file, "--only", only)).Select(l => JsonDocument.Parse(l).RootElement).ToList();
            Assert.Equal(whole.Count, part.Count);
            for (var i = 0; i < whole.Count; i++)
            {
                Assert.Equal(fields.Split(','), part[i].EnumerateObject().Select(p => p.Name));
                Assert.All(part[i].EnumerateObject(), p => Assert.Equal(whole[i].GetProperty(p.Name).GetRawText(), p.Value.GetRawText()));
            }
        }
    }

    [Fact]
    public async Task Scan_MinConfidence_LeavesOutLessCertainHits()
    {
        var file = _folder.File("few.ndjson");
        await File.WriteAllLinesAsync(file, [Message("a", "mail a.person@example.org, or try 020 7946 0958 or 4111 1111 1111 1111")], Cancel);
        var everything = Confidences(await ScanAsync(0, file, "--only", "pii", "--min-confidence", "0"));
        Assert.True(everything.Count >= 2, "Too few hits to tell.");
        var bound = everything.Order().ElementAt(everything.Count / 2);
        Assert.Equal(everything.Where(c => c >= bound), Confidences(await ScanAsync(0, file, "--only", "pii", "--min-confidence", bound.ToString(System.Globalization.CultureInfo.InvariantCulture))));

        static List<double> Confidences(string[] lines) => [.. JsonDocument.Parse(lines[0]).RootElement.GetProperty("pii").EnumerateArray().Select(h => h.GetProperty("confidence").GetDouble())];
    }

    [Fact]
    public async Task Scan_Stats_GoToStandardErrorAlone()
    {
        var input = string.Join('\n', Traffic.Lines(200, seed: 3, conversations: 9).Select(l => l.Json));
        var (_, plain, _) = await ServiceProcess.RunAsync(["scan", "-"], Cancel, input);
        var (code, output, error) = await ServiceProcess.RunAsync(["scan", "-", "--stats"], Cancel, input);
        Assert.Equal((0, plain), (code, output));
        foreach (var word in new[] { "messages/s", "MB/s", "p50", "p99", "allocations", "peak" })
        {
            Assert.Contains(word, error, StringComparison.Ordinal);
        }
        Assert.DoesNotContain('\u001b', output + error);
    }

    [Fact]
    public async Task Scan_RulesThatDoNotCheck_Exits1AndWritesNothing()
    {
        Directory.CreateDirectory(_folder.File("rules/off-channel"));
        await File.WriteAllTextAsync(_folder.File("rules/off-channel/broken.json"), "{ \"id\": \"broken\",", Cancel);
        var (code, output, error) = await ServiceProcess.RunAsync(["scan", "-", "--rules", _folder.File("rules")], Cancel, Message("a", "x"));
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("broken.json:1:", error, StringComparison.Ordinal);
    }

    private static async Task<string[]> ScanAsync(int expected, string file, params string[] more)
    {
        var (code, output, error) = await ServiceProcess.RunAsync(["scan", file, .. more], Cancel);
        Assert.Equal((expected, ""), (code, error));
        return Split(output);
    }

    private static string[] Split(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Summary(JsonElement line) => line.TryGetProperty("error", out var error)
        ? $"line {line.GetProperty("line").GetInt32()}{(line.GetProperty("id").GetString() is { } id ? " " + id : "")}: {error.GetProperty("code").GetString()} '{error.GetProperty("pointer").GetString()}'"
        : $"{line.GetProperty("id").GetString()} {string.Join(',', line.GetProperty("alerts").EnumerateArray().Select(a => a.GetProperty("rule").GetString()))}";

    private static string Message(string id, string text, bool inbound = false) => Encoding.UTF8.GetString(CapturedMessageJson.Write(
        A.Message(text, id: id, direction: inbound ? Direction.Inbound : Direction.Outbound, conversation: "c-" + id, account: "+442079460000")));
}
