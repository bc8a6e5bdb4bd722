using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Surveillance.Tests;
using Surveillance.Tests.Drills;

namespace Surveillance.Dashboard.Tests.Privacy;

/// <summary>Words and numbers of what is posted stay in the archive: the real program logs at its most talkative, and everything else it leaves behind is searched.</summary>
public sealed class PrivacyTests
{
    private const string AppSecret = "an app secret of this test";

    /// <summary>Of what is kept: the archive must hold each.</summary>
    private static readonly string[] Kept =
    [
        "Zwirbelquast", "Quintavox", "Brumblewick", "Oyelarangu", "Xanthippeia", "Vexlorian", "Snorkelfjord", "Kwyjibotron", "鷲尾瑠璃", "Plöckenstein", "Flumpetform", "conv-Gwendolith", "Mumblethorpe",
        "Trelliswick", "Hobnockle", "Wobbegongia",
        "4532 7591 0648 2136", "5403882176059346", "DE44 5001 0517 5407 3249 31", "+4915799887766", "+44 7911 987 654", "4915733224411", "z.quorble@vexmail.example", "198.51.100.237",
        "correcthorse-Vrumble9", "quorble.example/wexford", "wamid.ZZQTRACE77", "trace-native-id-31",
    ];

    /// <summary>Of what is refused: nothing may hold any.</summary>
    private static readonly string[] Refused =
    [
        "Jabberknoll", "Crumplehorn", "Dinglethwaite", "Moxiegrub", "Fizzlewort", "Gribblestone", "Tattersprocket", "Nimbuswhistle", "Larkspindle", "+4915711119999", "4929 1183 7742 6605", "surv_NotATokenButASecret77",
    ];

    [Fact(Timeout = 240_000)]
    public async Task Service_AnyInput_LeavesWordsAndNumbersInTheArchiveAlone()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var data = folder.File("data");
        var port = ServiceProcess.FreePort();
        var place = new ProcessPlace(folder.Path, new Dictionary<string, string>
        {
            ["SURVEILLANCE_Logging__LogLevel__Default"] = "Trace",
            ["SURVEILLANCE_Logging__LogLevel__Surveillance"] = "Trace",
            ["SURVEILLANCE_WhatsApp__AppSecret"] = AppSecret,
            ["SURVEILLANCE_WhatsApp__VerifyToken"] = "a verify token",
        });
        var heap = new List<(string Where, byte[] Bytes)>();
        await using var service = await ServiceProcess.ServeAsync(place, port, ["--data", data, "--urls", $"http://127.0.0.1:{port}"], cancel);
        var (_, token, _) = await ServiceProcess.RunAsync(
            ["tokens", "create", "--name", "trace", "--scopes", "ingest:write,consent:write,alerts:read,alerts:write,messages:read,quarantine:write,rules:read", "--data", data], cancel);
        using var client = service.Client(token.Trim());

        await PostGoodAsync(client, cancel);
        await PostBadAsync(client, heap, cancel);
        await WaitUntilDoneAsync(client, cancel);
        await LookAtEverythingAsync(client, service, heap, cancel);
        await SearchForEverythingAsync(client, cancel);

        foreach (var file in new[] { "work.db", "work.db-wal" })
        {
            heap.Add((file + " while serving", await ReadSharedAsync(Path.Combine(data, file), cancel)));
        }
        heap.Add(("the values of work.db", Values(Path.Combine(data, "work.db"))));
        Assert.Equal(0, await service.StopAsync(cancel));
        using (var connection = Open(Path.Combine(data, "work.db")))
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            command.ExecuteNonQuery();
        }
        foreach (var file in Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Where(f => !IsForWords(Path.GetFileName(f))))
        {
            heap.Add((Path.GetRelativePath(data, file), await ReadSharedAsync(file, cancel)));
        }
        heap.Add(("standard output", Encoding.UTF8.GetBytes(service.StandardOutput)));
        heap.Add(("standard error", Encoding.UTF8.GetBytes(service.StandardError)));

        Assert.Contains("dbug: ", service.StandardError, StringComparison.Ordinal);
        Assert.Contains(heap, h => h.Where == "holder.json");
        Assert.Contains(heap, h => h.Where == "work.db" && h.Bytes.Length > 50_000);
        Assert.Empty(
            from h in heap
            from secret in Kept.Concat(Refused)
            from form in Traces.Find(h.Bytes, secret)
            select $"{h.Where}: {form}");
        Assert.Empty(
            from h in heap
            from form in Traces.Find(h.Bytes, token.Trim())
            where !form.StartsWith("SHA-256", StringComparison.Ordinal) // by which a token is known
            select $"{h.Where}: {form}");

        var archive = Values(Path.Combine(data, "archive.db"));
        Assert.Equal([], Kept.Where(secret => archive.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) < 0));
        Assert.Empty(
            from secret in Refused
            from form in Traces.Find(archive, secret)
            select $"archive.db: {form}");
    }

    /// <summary>Whether a file is one of the two places where words may stand: the archive, and the index that is made from it.</summary>
    private static bool IsForWords(string file) => file.StartsWith("archive.db", StringComparison.Ordinal) || file.StartsWith("search.db", StringComparison.Ordinal);

    /// <summary>Searches for every word and number, as words and as persons, well formed and not: none of it may be logged or written down.</summary>
    private static async Task SearchForEverythingAsync(HttpClient client, CancellationToken cancel)
    {
        JsonElement page;
        do
        {
            page = await client.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/messages?q=Zwirbelquast", UriKind.Relative), cancel);
        }
        while (page.GetProperty("indexedTo").GetInt64() < page.GetProperty("head").GetInt64());
        Assert.Equal(2, page.GetProperty("approxTotal").GetInt32());
        foreach (var secret in Kept.Concat(Refused))
        {
            foreach (var query in new[] { $"\"{secret}\"", $"with:\"{secret}\"", $"from:\"{secret}\" \"{secret}", $"{secret.Split(' ')[0]}:x channel:{secret.Split(' ')[0]}" })
            {
                foreach (var path in new[] { "/api/v1/messages?q=", "/messages?q=" })
                {
                    using var answer = await client.GetAsync(new Uri(path + Uri.EscapeDataString(query), UriKind.Relative), cancel);
                    Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest, answer.StatusCode.ToString());
                }
            }
        }
    }

    private static async Task PostGoodAsync(HttpClient client, CancellationToken cancel)
    {
        string[] lines =
        [
            """{"type":"consent","subject":"+4915799887766","purpose":"marketing","channel":"whatsapp","state":"withdrawn","at":"2026-05-01T10:00:00Z","source":"Flumpetform 12"}""",
            Message("conv-Gwendolith", "outbound", "Exclusive offer from Zwirbelquast: our new 4.9% saver closes Friday, sign up today and get £75 cashback, reply YES to claim, Xanthippeia"),
            Message("conv-Gwendolith", "inbound", "STOP, no more messages from Brumblewick please, take me off your marketing list"),
            Message("conv-Gwendolith", "outbound", "Last chance, Oyelarangu: limited time promotion, open an account by Friday and win a bonus, don't miss out"),
            Message("conv-Gwendolith", "outbound", "text me on my personal whatsapp +44 7911 987 654 instead, Quintavox need not see this, keep it off the record"),
            Message("conv-Gwendolith", "outbound", "Please send me a photo of your card, both sides, Kwyjibotron"),
            Message("conv-Gwendolith", "inbound", "card 4532 7591 0648 2136 exp 12/29 cvv 731, the other is 5403882176059346"),
            Message("conv-Gwendolith", "inbound", "my iban is DE44 5001 0517 5407 3249 31, write to z.quorble@vexmail.example, host 198.51.100.237, see https://quorble.example/wexford"),
            Message("conv-Gwendolith", "outbound", "the portal password is correcthorse-Vrumble9, user name Trelliswick"),
            Message("conv-Gwendolith", "inbound", "鷲尾瑠璃 says hello from Plöckenstein", id: "trace-native-id-31"),
            Message("conv-Gwendolith", "inbound", "another text under the same id, Hobnockle", id: "trace-native-id-31"),
            """{"id":"trace-mail","channel":"email","account":"sales@bank.example","conversation":"conv-Gwendolith-mail","sentAt":"2026-05-04T09:30:00Z","from":{"address":"a.mumblethorpe@bank.example","role":"employee","name":"Ada Mumblethorpe"},"to":[{"address":"z.quorble@vexmail.example","role":"client"}],"subject":"Project Vexlorian","text":"see the file, and let us continue on my private mail","attachments":[{"name":"Snorkelfjord.xlsx","sizeBytes":18211,"text":"Wobbegongia row"}]}""",
        ];
        using var batch = new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson");
        using var answer = await client.PostAsync(new Uri("/api/v1/messages:batch", UriKind.Relative), batch, cancel);
        var read = await answer.Content.ReadFromJsonAsync<JsonElement>(cancel);
        Assert.Equal((lines.Length - 1, 1), (read.GetProperty("accepted").GetInt32(), read.GetProperty("refused").GetInt32()));

        var webhook = Encoding.UTF8.GetBytes("""
            {"object":"whatsapp_business_account","entry":[{"id":"77001","changes":[{"field":"messages","value":{"metadata":{"display_phone_number":"442079460000","phone_number_id":"55001"},
              "messages":[{"from":"4915733224411","id":"wamid.ZZQTRACE77","timestamp":"1777885920","type":"text","text":{"body":"Zwirbelquast again"}},
                          {"from":"4915733224411","timestamp":"1777885921","type":"text","text":{"body":"Hobnockle without an id"}}]}}]}]}
            """);
        using var signed = await PostWebhookAsync(client, webhook, webhook, cancel);
        Assert.Equal(HttpStatusCode.OK, signed.StatusCode);
    }

    private static async Task PostBadAsync(HttpClient client, List<(string, byte[])> heap, CancellationToken cancel)
    {
        const string head = """{"id":"bad","channel":"whatsapp","sentAt":"2026-05-04T09:12:00Z","from":{"address":"+4915711119999"},""";
        byte[][] bodies =
        [
            Encoding.UTF8.GetBytes(head + "\"text\":\"Jabberknoll paid with 4929 1183 7742 6605\""),
            Encoding.UTF8.GetBytes("Jabberknoll { not json"),
            Encoding.UTF8.GetBytes(head + "\"text\":{\"Crumplehorn\":\"Crumplehorn\"}}"),
            Encoding.UTF8.GetBytes(head + "\"txt\":\"Dinglethwaite\"}"),
            Encoding.UTF8.GetBytes("""{"id":"bad","channel":"Moxiegrub","sentAt":"Fizzlewort","direction":"Gribblestone","kind":"Gribblestone","from":{"address":"+4915711119999","role":"Gribblestone"},"text":"Jabberknoll"}"""),
            Encoding.UTF8.GetBytes("""{"type":"Moxiegrub","subject":"+4915711119999","purpose":"Fizzlewort","state":"Gribblestone","at":"Jabberknoll"}"""),
            Encoding.UTF8.GetBytes("""{"type":"consent","subject":"+4915711119999","purpose":"Fizzlewort Jabberknoll","state":"granted","at":"2026-05-04T09:12:00Z"}"""),
            Encoding.UTF8.GetBytes(head + "\"text\":\"\\ud800 Tattersprocket\"}"),
            Encoding.UTF8.GetBytes(head + "\"text\":\"Tattersprocket\\u0000\"}"),
            [.. Encoding.UTF8.GetBytes(head + "\"text\":\"Nimbuswhistle "), 0xFF, .. "\"}"u8],
            Encoding.UTF8.GetBytes(head + $"\"text\":\"Nimbuswhistle {new string('x', 2_000_000)}\"}}"),
            Encoding.UTF8.GetBytes(head + "\"text\":\"Tattersprocket\",\"attachments\":[{\"name\":\"a\",\"content\":\"Nimbuswhistle!\"}]}"),
        ];
        foreach (var body in bodies)
        {
            foreach (var to in new[] { "/api/v1/messages", "/api/v1/messages:batch" })
            {
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using var answer = await client.PostAsync(new Uri(to, UriKind.Relative), content, cancel);
                Assert.InRange((int)answer.StatusCode, 400, 499);
                heap.Add(($"the answer to {to}", await answer.Content.ReadAsByteArrayAsync(cancel)));
            }
        }
        using var halfBatch = new StringContent(head + "\"text\":\"Larkspindle\"", Encoding.UTF8, "application/x-ndjson");
        using var half = await client.PostAsync(new Uri("/api/v1/messages:batch", UriKind.Relative), halfBatch, cancel);
        heap.Add(("the answer to a batch", await half.Content.ReadAsByteArrayAsync(cancel)));

        var forged = Encoding.UTF8.GetBytes("""{"object":"whatsapp_business_account","entry":[{"changes":[{"value":{"messages":[{"from":"4915711119999","id":"x","type":"text","text":{"body":"Larkspindle"}}]}}]}]}""");
        using var refused = await PostWebhookAsync(client, forged, "another body"u8.ToArray(), cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        heap.Add(("the answer to a webhook", await refused.Content.ReadAsByteArrayAsync(cancel)));

        using var stranger = new HttpClient { BaseAddress = client.BaseAddress, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", "surv_NotATokenButASecret77") } };
        using var unknown = await stranger.PostAsync(new Uri("/api/v1/messages", UriKind.Relative), ServiceHost.Json(head + "\"text\":\"Larkspindle\"}"), cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
        heap.Add(("the answer to a stranger", await unknown.Content.ReadAsByteArrayAsync(cancel)));
    }

    /// <summary>Reads what shows alerts, quarantine and health, and opens messages so that reading them is logged where anything is.</summary>
    private static async Task LookAtEverythingAsync(HttpClient client, ServiceProcess service, List<(string, byte[])> heap, CancellationToken cancel)
    {
        foreach (var path in new[] { "/health/live", "/health/ready", "/metrics", "/api/v1/alerts?limit=200", "/api/v1/quarantine?limit=200" })
        {
            heap.Add((path, await (await client.GetAsync(new Uri(path, UriKind.Relative), cancel)).Content.ReadAsByteArrayAsync(cancel)));
        }
        var page = await client.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/alerts?limit=200", UriKind.Relative), cancel);
        var alerts = page.GetProperty("items").EnumerateArray().ToList();
        Assert.True(alerts.Select(a => a.GetProperty("rule").GetString()).Distinct().Count() >= 5, "Too few rules fired to prove anything: " + string.Join(", ", alerts.Select(a => a.GetProperty("rule"))));
        foreach (var alert in alerts)
        {
            heap.Add(("an alert", await client.GetByteArrayAsync(new Uri($"/api/v1/alerts/{alert.GetProperty("id").GetString()}", UriKind.Relative), cancel)));
            using var message = await client.GetAsync(new Uri($"/api/v1/messages/{alert.GetProperty("message").GetString()}", UriKind.Relative), cancel);
            using var conversation = await client.GetAsync(new Uri($"/api/v1/conversations/{alert.GetProperty("conversation").GetString()}", UriKind.Relative), cancel);
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (message.StatusCode, conversation.StatusCode));
        }
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(service.Url) };
        var link = service.StandardOutput.Split("Sign in: ")[1].Split('\n')[0];
        var form = Accounts.AccountsHost.FormToken(await browser.GetStringAsync(new Uri(link), cancel));
        using var signIn = await browser.PostAsync(
            new Uri("/sign-in", UriKind.Relative), new FormUrlEncodedContent(new Dictionary<string, string> { ["link"] = link.Split("link=")[1], ["__RequestVerificationToken"] = form }), cancel);
        foreach (var path in alerts.Select(a => "/alerts/" + a.GetProperty("id").GetString()).Concat(["/", "/alerts", "/quarantine", "/rules"]))
        {
            using var shown = await browser.GetAsync(new Uri(path, UriKind.Relative), cancel);
            Assert.Equal((path, HttpStatusCode.OK), (path, shown.StatusCode));
        }
    }

    private static string Message(string conversation, string direction, string text, string? id = null)
    {
        var inbound = direction == "inbound";
        var employee = """{"address":"+442079460000","role":"employee","name":"A. Shah"}""";
        var client = """{"address":"+4915799887766","role":"client","name":"Xanthippeia Plöckenstein"}""";
        return $$"""{"id":"{{id ?? "trace-" + Guid.CreateVersion7()}}","channel":"whatsapp","account":"+442079460000","conversation":"{{conversation}}","sentAt":"2026-05-04T09:12:00Z","from":{{(inbound ? client : employee)}},"to":[{{(inbound ? employee : client)}}],"text":"{{text}}"}""";
    }

    private static async Task<HttpResponseMessage> PostWebhookAsync(HttpClient client, byte[] body, byte[] signed, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/whatsapp") { Content = new ByteArrayContent(body) };
        request.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(AppSecret), signed)));
        return await client.SendAsync(request, cancel);
    }

    private static async Task WaitUntilDoneAsync(HttpClient client, CancellationToken cancel)
    {
        while ((await client.GetFromJsonAsync<JsonElement>(new Uri("/health/ready", UriKind.Relative), cancel)).GetProperty("waiting").GetInt64() > 0)
        {
            await Task.Delay(50, cancel);
        }
    }

    private static async Task<byte[]> ReadSharedAsync(string path, CancellationToken cancel)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        await file.CopyToAsync(copy, cancel);
        return copy.ToArray();
    }

    /// <summary>Every value of every table, one after the other: what lies across two pages of the file is whole here.</summary>
    private static byte[] Values(string path)
    {
        using var all = new MemoryStream();
        using var connection = Open(path);
        foreach (var table in Rows(connection, "SELECT name FROM sqlite_master WHERE type = 'table'").Select(r => (string)r[0]).ToList())
        {
            foreach (var value in Rows(connection, $"SELECT * FROM \"{table}\"").SelectMany(r => r))
            {
                all.Write(value as byte[] ?? Encoding.UTF8.GetBytes(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
                all.WriteByte((byte)'\n');
            }
        }
        return all.ToArray();
    }

    private static IEnumerable<object[]> Rows(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // names of tables that the file itself gives
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            yield return row;
        }
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }
}
