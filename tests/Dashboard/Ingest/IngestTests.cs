using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Surveillance.Accounts;
using Surveillance.Archive;

namespace Surveillance.Dashboard.Tests.Ingest;

public sealed class IngestFixture : IAsyncLifetime
{
    public ServiceHost Service { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Service = await ServiceHost.StartAsync();
        Client = await Service.ClientAsync(Scopes.IngestWrite, Scopes.MessagesRead);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Service.DisposeAsync();
    }
}

/// <summary>Each bad input gets its clear answer, and nothing of it is kept.</summary>
public sealed class IngestTests(IngestFixture fixture) : IClassFixture<IngestFixture>
{
    private static readonly Uri One = new("/api/v1/messages", UriKind.Relative);
    private static readonly Uri Batch = new("/api/v1/messages:batch", UriKind.Relative);
    private static int s_next;

    private static string Id() => "t-" + Interlocked.Increment(ref s_next);

    private static string Message(string? id = null, string text = "good morning") =>
        $$"""{"id":"{{id ?? Id()}}","channel":"whatsapp","account":"+442079460000","conversation":"c-1","sentAt":"2026-05-04T09:12:00Z","from":{"address":"+4915112345678","role":"client"},"text":"{{text}}"}""";

    private long Kept => fixture.Service.App.Services.GetRequiredService<IMessageArchive>().LastPosition;

    private async Task<JsonElement> RefusedAsync(HttpContent content, HttpStatusCode status, string type, Uri? to = null)
    {
        var before = Kept;
        using var response = await fixture.Client.PostAsync(to ?? One, content);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("/problems/" + type, problem.GetProperty("type").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("detail").GetString()));
        Assert.Equal(before, Kept);
        using var page = await fixture.Client.GetAsync(new Uri("/problems/" + type, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        return problem;
    }

    [Fact]
    public async Task Post_Message_IsKeptAndReadBack()
    {
        using var response = await fixture.Client.PostAsync(One, ServiceHost.Json(Message(text: "grüße 🎉")));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.False(answer.GetProperty("duplicate").GetBoolean());
        var kept = await fixture.Client.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/messages/" + answer.GetProperty("id").GetString(), UriKind.Relative));
        Assert.Equal("grüße 🎉", kept.GetProperty("message").GetProperty("text").GetString());
        Assert.Equal(64, kept.GetProperty("leaf").GetString()!.Length);
    }

    [Fact]
    public async Task Post_SameTwice_IsADuplicate()
    {
        var message = Message();
        using var first = await fixture.Client.PostAsync(One, ServiceHost.Json(message));
        using var second = await fixture.Client.PostAsync(One, ServiceHost.Json(message));
        Assert.Equal(HttpStatusCode.Accepted, second.StatusCode);
        Assert.True((await second.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("duplicate").GetBoolean());
    }

    [Fact]
    public async Task Post_SameIdOtherContent_IsAConflictAndLiesInQuarantine()
    {
        var id = Id();
        using var first = await fixture.Client.PostAsync(One, ServiceHost.Json(Message(id, "the first")));
        using var second = await fixture.Client.PostAsync(One, ServiceHost.Json(Message(id, "the second")));
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        var problem = await second.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("/problems/conflict", problem.GetProperty("type").GetString());
        await fixture.Service.DoneAsync();
        using var reader = await fixture.Service.ClientAsync(Scopes.AlertsRead);
        var quarantine = await reader.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/quarantine?limit=200", UriKind.Relative));
        var item = quarantine.GetProperty("items").EnumerateArray().Single(i => i.GetProperty("message").GetString() == problem.GetProperty("id").GetString());
        Assert.Equal("conflict", item.GetProperty("reason").GetString());
        Assert.False(item.GetProperty("retryable").GetBoolean());
    }

    [Theory]
    [InlineData("{ not json", HttpStatusCode.BadRequest, "malformed-body", "")]
    [InlineData("", HttpStatusCode.BadRequest, "malformed-body", "")]
    [InlineData("[]", HttpStatusCode.UnprocessableEntity, "invalid", "")]
    [InlineData("""{"id":7,"channel":"whatsapp","sentAt":"2026-05-04T09:12:00Z","from":{"address":"a"},"text":"x"}""", HttpStatusCode.UnprocessableEntity, "invalid", "/id")]
    [InlineData("""{"id":"1","channel":"whatsapp","sentAt":"2026-05-04T09:12:00Z","from":{"address":"a"},"txt":"x"}""", HttpStatusCode.UnprocessableEntity, "invalid", "/txt")]
    [InlineData("""{"id":"1","channel":"whatsapp","sentAt":"2026-05-04T09:12:00Z","from":{"address":"a"}}""", HttpStatusCode.UnprocessableEntity, "invalid", "/text")]
    [InlineData("""{"id":"1","channel":"whatsapp","sentAt":"2026-05-04T09:12:00Z","from":{"address":"a"},"text":"\ud800"}""", HttpStatusCode.UnprocessableEntity, "invalid", "/text")]
    [InlineData("""{"id":"1","channel":"whatsapp","sentAt":"2026-05-04T09:12:00Z","from":{"address":"a"},"text":"a\u0000"}""", HttpStatusCode.UnprocessableEntity, "invalid", "/text")]
    public async Task Post_Mistake_NamesItsPlace(string body, HttpStatusCode status, string type, string pointer)
    {
        var problem = await RefusedAsync(ServiceHost.Json(body), status, type);
        Assert.Contains(problem.GetProperty("errors").EnumerateArray(), e => e.GetProperty("pointer").GetString() == pointer);
    }

    [Fact]
    public async Task Post_UnknownField_SuggestsTheNearest()
    {
        var problem = await RefusedAsync(ServiceHost.Json(Message().Replace("\"sentAt\"", "\"sendAt\"", StringComparison.Ordinal)), HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Contains("`sentAt`", problem.GetProperty("errors").EnumerateArray().First(e => e.GetProperty("pointer").GetString() == "/sendAt").GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_InvalidUtf8_SaysWhere()
    {
        var bytes = Encoding.UTF8.GetBytes(Message());
        bytes[^3] = 0xFF;
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var problem = await RefusedAsync(content, HttpStatusCode.BadRequest, "malformed-body");
        Assert.Contains((bytes.Length - 3).ToString(System.Globalization.CultureInfo.InvariantCulture), problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_TwoMegabytes_IsTooLarge() => await RefusedAsync(ServiceHost.Json(Message(text: new string('x', 2 * 1024 * 1024))), HttpStatusCode.RequestEntityTooLarge, "too-large");

    [Fact]
    public async Task Post_LargerThanAnyMessage_IsTooLarge() => await RefusedAsync(ServiceHost.Json(new string(' ', 17 * 1024 * 1024)), HttpStatusCode.RequestEntityTooLarge, "too-large");

    [Fact]
    public async Task Post_AMegabyteOfDigits_IsKeptAndJudged()
    {
        using var response = await fixture.Client.PostAsync(One, ServiceHost.Json(Message(text: new string('7', 1_000_000))));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await fixture.Service.DoneAsync();
    }

    [Fact]
    public async Task Post_WrongMediaType_SaysWhatIsTaken() => await RefusedAsync(new StringContent(Message(), Encoding.UTF8, "text/plain"), HttpStatusCode.UnsupportedMediaType, "wrong-media-type");

    [Fact]
    public async Task Post_WithoutToken_Is401()
    {
        using var nobody = new HttpClient { BaseAddress = new Uri(fixture.Service.Url) };
        using var response = await nobody.PostAsync(One, ServiceHost.Json(Message()));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        nobody.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "surv_wrong");
        using var wrong = await nobody.PostAsync(One, ServiceHost.Json(Message()));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal("application/problem+json", wrong.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Post_WithoutScope_Is403AndNamesIt()
    {
        using var reader = await fixture.Service.ClientAsync(Scopes.AlertsRead);
        using var response = await reader.PostAsync(One, ServiceHost.Json(Message()));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("ingest:write", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ConsentWithoutItsScope_Is403()
    {
        var problem = await RefusedAsync(
            ServiceHost.Json("""{"type":"consent","subject":"+49","purpose":"marketing","state":"granted","at":"2026-05-01T10:00:00Z"}"""), HttpStatusCode.Forbidden, "missing-scope");
        Assert.Equal("consent:write", problem.GetProperty("scope").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PostBatch_GoodAndBadLines_AnswersEach(bool gzip)
    {
        var good = Message();
        var lines = Encoding.UTF8.GetBytes($"{good}\n\n{{ not json\r\n{Message()}\n{good}\n{{\"id\":\"x\",\"chanel\":\"whatsapp\"}}");
        using var content = new ByteArrayContent(gzip ? Compress(lines) : lines);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        if (gzip)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }
        using var response = await fixture.Client.PostAsync(Batch, content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal([(1, 201), (3, 400), (4, 201), (5, 200), (6, 422)], answer.GetProperty("lines").EnumerateArray().Select(l => (l.GetProperty("line").GetInt32(), l.GetProperty("status").GetInt32())));
        Assert.Equal((2, 1, 2), (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("duplicates").GetInt32(), answer.GetProperty("refused").GetInt32()));
    }

    [Fact]
    public async Task PostBatch_AllBad_Is422()
    {
        using var response = await fixture.Client.PostAsync(Batch, new StringContent("{}\n{}", Encoding.UTF8, "application/x-ndjson"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
    }

    [Fact]
    public async Task PostBatch_TooManyLines_KeepsNothing() =>
        await RefusedAsync(new StringContent(string.Join('\n', Enumerable.Range(0, 5_001).Select(_ => Message())), Encoding.UTF8, "application/x-ndjson"), HttpStatusCode.RequestEntityTooLarge, "too-large", Batch);

    [Fact]
    public async Task PostBatch_NotGzip_SaysSo()
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Message()));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        content.Headers.ContentEncoding.Add("gzip");
        await RefusedAsync(content, HttpStatusCode.BadRequest, "malformed-body", Batch);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(200)]
    public async Task PostBatch_GzipWithoutItsEnd_KeepsNothing(int missing)
    {
        var whole = Compress(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 50).Select(_ => Message()))));
        using var content = new ByteArrayContent(whole[..^missing]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        content.Headers.ContentEncoding.Add("gzip");
        await RefusedAsync(content, HttpStatusCode.BadRequest, "malformed-body", Batch);
    }

    [Fact]
    public async Task PostBatch_GzipBomb_IsTooLarge()
    {
        using var content = new ByteArrayContent(Compress(new byte[80 * 1024 * 1024]));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        content.Headers.ContentEncoding.Add("gzip");
        await RefusedAsync(content, HttpStatusCode.RequestEntityTooLarge, "too-large", Batch);
    }

    [Fact]
    public async Task Get_UnknownOrMalformedId_Is404()
    {
        foreach (var id in new[] { "nonsense", new string('a', 26) })
        {
            using var response = await fixture.Client.GetAsync(new Uri("/api/v1/messages/" + id, UriKind.Relative));
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }
        return buffer.ToArray();
    }
}

/// <summary>A disk without room: 503, nothing half-written.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task Post_DiskFull_Is503AndKeepsNothingOfIt()
    {
        await using var service = await ServiceHost.StartAsync(s => s with { ArchiveMaxPages = 400 });
        using var client = await service.ClientAsync(Scopes.IngestWrite);
        var archive = service.App.Services.GetRequiredService<IMessageArchive>();
        long acknowledged = 0;
        HttpResponseMessage response;
        for (var i = 0; ; i++)
        {
            var lines = string.Join('\n', Enumerable.Range(0, 50).Select(n => $$"""{"id":"{{i}}-{{n}}","channel":"sms","sentAt":"2026-05-04T09:12:00Z","from":{"address":"+4915112345678"},"text":"{{new string('x', 2_000)}}"}"""));
            response = await client.PostAsync(new Uri("/api/v1/messages:batch", UriKind.Relative), new StringContent(lines, Encoding.UTF8, "application/x-ndjson"));
            if (!response.IsSuccessStatusCode)
            {
                break;
            }
            acknowledged += 50;
        }
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal(acknowledged, archive.LastPosition - 1); // and the activation
        await service.DoneAsync();
    }
}
