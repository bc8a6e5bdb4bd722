using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Surveillance.Capture;
using Surveillance.Capture.Channels.WhatsApp;
using Surveillance.Dashboard.Ingest;
using Surveillance.Messages;
using Surveillance.Tests;

namespace Surveillance.Dashboard.Tests.Ingest;

/// <summary>The WhatsApp webhook over the real Kestrel.</summary>
public sealed class WhatsAppEndpointsTests : IAsyncLifetime
{
    private const string Secret = "an app secret of these tests";
    private const string Word = "a verify token";

    private const string Body = """
        { "object": "whatsapp_business_account", "entry": [ { "id": "77001", "changes": [ { "field": "messages", "value": {
          "metadata": { "display_phone_number": "442079460000", "phone_number_id": "55001" },
          "messages": [
            { "from": "4915112345678", "id": "wamid.A1", "timestamp": "1777885920", "type": "text", "text": { "body": "gr\u00fc\u00dfe, a private word" } },
            { "from": "4915112345678", "timestamp": "1777885921", "type": "text", "text": { "body": "no id" } } ] } } ] } ] }
        """;

    private readonly Desk _desk = new();
    private readonly LogLines _logs = new();
    private WebApplication? _app;
    private HttpClient? _client;

    private HttpClient Client => _client!;

    public async ValueTask InitializeAsync() => await StartAsync(Secret, Word);

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        await _app!.DisposeAsync();
    }

    [Fact]
    public async Task Post_RightSignature_KeepsItemsAndEnvelope()
    {
        var answer = await PostAsync(Encoding.UTF8.GetBytes(Body));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("grüße, a private word", _desk.Items[0].Message!.Text);
        Assert.Equal("missing-field", _desk.Items[1].Rejection!.Code);
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(Body)), _desk.Envelope!.Sha256.ToArray());
        Assert.Equal((Channel.WhatsApp, "hmac-sha256 valid"), (_desk.Envelope.Channel, _desk.Envelope.Verdict));
        Assert.Equal(Body, Encoding.UTF8.GetString(WhatsAppWebhook.Restore(_desk.Envelope.Body, [.. _desk.Items.Select(i => i.Original)])));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("sha256=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("nonsense")]
    public async Task Post_WrongSignature_401AndNothingRead(string? signature)
    {
        var answer = await PostAsync(Encoding.UTF8.GetBytes(Body), signature, sign: false);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(0, _desk.Calls);
        Assert.Contains(_logs.Lines, line => line.Contains("signature", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Post_SameWordsInOtherBytes_401()
    {
        var signature = Sign(Encoding.UTF8.GetBytes(Body));

        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(Encoding.UTF8.GetBytes(Body.Replace("\\u00fc", "ü", StringComparison.Ordinal)), signature, sign: false)).StatusCode);
    }

    [Fact]
    public async Task Post_NotJsonButSigned_IsKeptAsOneUnreadableItem()
    {
        var answer = await PostAsync("{ \"entry\": ["u8.ToArray());

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("malformed-json", Assert.Single(_desk.Items).Rejection!.Code);
    }

    [Fact]
    public async Task Post_NoticeOnly_KeepsTheEnvelope()
    {
        var answer = await PostAsync("""{ "entry": [ { "changes": [ { "field": "account_update", "value": { "event": "X" } } ] } ] }"""u8.ToArray());

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(_desk.Items);
        Assert.NotNull(_desk.Envelope);
    }

    [Theory]
    [InlineData(3 * 1024 * 1024, HttpStatusCode.OK, false)]
    [InlineData(3 * 1024 * 1024 + 1, HttpStatusCode.RequestEntityTooLarge, false)]
    [InlineData(3 * 1024 * 1024, HttpStatusCode.OK, true)]
    [InlineData(3 * 1024 * 1024 + 1, HttpStatusCode.RequestEntityTooLarge, true)]
    public async Task Post_BySize_TakesUpToThreeMegabytes(int size, HttpStatusCode expected, bool chunked)
    {
        var body = Encoding.UTF8.GetBytes(Body.PadRight(size));

        Assert.Equal(expected, (await PostAsync(body, chunked: chunked)).StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK ? 1 : 0, _desk.Calls);
    }

    [Theory]
    [InlineData(false, HttpStatusCode.ServiceUnavailable)]
    [InlineData(true, HttpStatusCode.TooManyRequests)]
    public async Task Post_NothingCanBeKept_AsksToComeAgain(bool overload, HttpStatusCode expected)
    {
        _desk.Failure = new CaptureUnavailableException("full", TimeSpan.FromSeconds(7)) { IsOverload = overload };

        var answer = await PostAsync(Encoding.UTF8.GetBytes(Body));

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), answer.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task Post_Answer_WaitsUntilItIsKept()
    {
        _desk.Gate = new TaskCompletionSource();

        var answer = PostAsync(Encoding.UTF8.GetBytes(Body));
        await _desk.Called.Task;
        Assert.False(answer.IsCompleted);
        _desk.Gate.SetResult();

        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
    }

    [Fact]
    public async Task Post_AnyOutcome_LogsNoWordOrNumber()
    {
        await PostAsync(Encoding.UTF8.GetBytes(Body));
        await PostAsync(Encoding.UTF8.GetBytes(Body), "nonsense", sign: false);

        Assert.NotEmpty(_logs.Lines);
        Assert.DoesNotContain(_logs.Lines, line => line.Contains("private", StringComparison.Ordinal) || line.Contains("4915112345678", StringComparison.Ordinal) || line.Contains("wamid", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("hub.mode=subscribe&hub.challenge=1158&hub.verify_token=a%20verify%20token", HttpStatusCode.OK, "1158")]
    [InlineData("hub.mode=subscribe&hub.challenge=1158&hub.verify_token=wrong", HttpStatusCode.Forbidden, null)]
    [InlineData("hub.mode=unsubscribe&hub.challenge=1158&hub.verify_token=a%20verify%20token", HttpStatusCode.Forbidden, null)]
    [InlineData("hub.challenge=1158&hub.verify_token=a%20verify%20token", HttpStatusCode.Forbidden, null)]
    [InlineData("", HttpStatusCode.Forbidden, null)]
    public async Task Get_Challenge_IsAnsweredToWhoKnowsTheWord(string query, HttpStatusCode status, string? body)
    {
        var answer = await Client.GetAsync("/webhooks/whatsapp?" + query);

        Assert.Equal(status, answer.StatusCode);
        if (body is not null)
        {
            Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
            Assert.Equal(body, await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Get_ChallengesOfOthers()
    {
        var folder = SampleData.Folder("capture/whatsapp-webhook");
        Assert.SkipWhen(folder is null, "There are no samples: capture/whatsapp-webhook is not in the data folder.");
        using var requests = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "_verification_requests.json")));
        await DisposeAsync();
        await StartAsync(Secret, requests.RootElement[0].GetProperty("configured_verify_token").GetString());
        foreach (var request in requests.RootElement.EnumerateArray())
        {
            var answer = await Client.GetAsync("/webhooks/whatsapp?" + request.GetProperty("query").GetString());
            Assert.Equal(request.GetProperty("expect_status").GetInt32(), (int)answer.StatusCode);
            if (request.GetProperty("expect_body").GetString() is { } body)
            {
                Assert.Equal(body, await answer.Content.ReadAsStringAsync());
            }
        }
    }

    [Fact]
    public async Task NotSetUp_404NamesTheSetting()
    {
        await DisposeAsync();
        await StartAsync(null, null);

        var get = await Client.GetAsync("/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token=&hub.challenge=1");
        var post = await PostAsync(Encoding.UTF8.GetBytes(Body));

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (get.StatusCode, post.StatusCode));
        Assert.Contains("WhatsApp:VerifyToken", await get.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("WhatsApp:AppSecret", await post.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task StartAsync(string? secret, string? word)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().AddProvider(_logs).SetMinimumLevel(LogLevel.Trace);
        builder.Configuration["WhatsApp:AppSecret"] = secret;
        builder.Configuration["WhatsApp:VerifyToken"] = word;
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<ICaptureDesk>(_desk);
        builder.Services.AddAuthorization();
        _app = builder.Build();
        _app.MapWhatsApp();
        await _app.StartAsync();
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    private async Task<HttpResponseMessage> PostAsync(byte[] body, string? signature = null, bool sign = true, bool chunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/whatsapp") { Content = new ByteArrayContent(body) };
        request.Headers.TransferEncodingChunked = chunked;
        if (sign || signature is not null)
        {
            request.Headers.Add("X-Hub-Signature-256", signature ?? Sign(body));
        }
        return await Client.SendAsync(request);
    }

    private static string Sign(byte[] body) => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body));

    private sealed class Desk : ICaptureDesk
    {
        public IReadOnlyList<CaptureItem> Items { get; private set; } = [];

        public CaptureEnvelope? Envelope { get; private set; }

        public int Calls { get; private set; }

        public CaptureUnavailableException? Failure { get; set; }

        public TaskCompletionSource? Gate { get; set; }

        public TaskCompletionSource Called { get; } = new();

        public async ValueTask<IReadOnlyList<CaptureReceipt>> CaptureAsync(IReadOnlyList<CaptureItem> items, CaptureEnvelope? envelope, CancellationToken cancel)
        {
            (Items, Envelope) = (items, envelope);
            Calls++;
            Called.TrySetResult();
            if (Gate is not null) { await Gate.Task; }
            return Failure is null ? [.. items.Select((_, i) => new CaptureReceipt(default, i + 1, CaptureOutcome.New))] : throw Failure;
        }
    }

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}
