using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Surveillance.Capture;
using Surveillance.Capture.Channels.WhatsApp;
using Surveillance.Dashboard.Description;
using Surveillance.Dashboard.Shared;
using Surveillance.Messages;

namespace Surveillance.Dashboard.Ingest;

/// <summary>Takes the webhooks of the WhatsApp Business Platform at <c>/webhooks/whatsapp</c>. A signature stands in for a token.</summary>
internal static partial class WhatsAppEndpoints
{
    /// <summary>The setting of the secret with which the platform signs its bodies.</summary>
    internal const string AppSecret = "WhatsApp:AppSecret";

    /// <summary>The setting of the word with which the platform proves, once, that it was told this address.</summary>
    internal const string VerifyToken = "WhatsApp:VerifyToken";

    private const string Path = "/webhooks/whatsapp";

    internal static void MapWhatsApp(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Verify).AllowAnonymous().Describe(IngestOperations.WhatsAppCheck);
        routes.MapPost(Path, ReceiveAsync).AllowAnonymous().DisableAntiforgery().WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(WhatsAppWebhook.MaxBodyBytes + 64 * 1024))
            .Describe(IngestOperations.WhatsApp);
    }

    /// <summary>The platform's check of the address: it gets its challenge back when it knows the word.</summary>
    private static IResult Verify(HttpRequest request, IConfiguration settings)
    {
        if (settings[VerifyToken] is not { Length: > 0 } expected)
        {
            return NotSet(VerifyToken);
        }
        var query = request.Query;
        return query["hub.mode"] == "subscribe" && SameWord(expected, query["hub.verify_token"].ToString())
            ? TypedResults.Text(query["hub.challenge"].ToString(), "text/plain", Encoding.UTF8)
            : Problems.Result(Problems.WrongVerifyToken, $"The address is checked with hub.mode=subscribe and the hub.verify_token that the setting {VerifyToken} holds.");
    }

    private static Task<IResult> ReceiveAsync(HttpContext http, IConfiguration settings, ICaptureDesk desk, ILoggerFactory logs, CancellationToken cancel) =>
        IngestEndpoints.LimitedWebhookAsync(async () =>
        {
            if (settings[AppSecret] is not { Length: > 0 } secret)
            {
                return NotSet(AppSecret);
            }
            if (await ReadBodyAsync(http.Request, cancel) is not { } body)
            {
                return Problems.Result(Problems.TooLarge, $"A webhook has at most {WhatsAppWebhook.MaxBodyBytes} bytes.");
            }
            var log = logs.CreateLogger("Surveillance.Dashboard.Ingest");
            if (!WebhookSignature.Verify(secret, body.Span, http.Request.Headers["X-Hub-Signature-256"]))
            {
                LogBadSignature(log, body.Length);
                return Problems.Result(Problems.BadSignature, "X-Hub-Signature-256 is missing or does not fit the body; nothing of it was read.");
            }
            var batch = WhatsAppWebhook.Read(body);
            var envelope = new CaptureEnvelope(Channel.WhatsApp, SHA256.HashData(body.Span), "hmac-sha256 valid", batch.Envelope);
            await desk.CaptureAsync(batch.Items, envelope, cancel);
            var rejected = batch.Items.Count(item => item.Rejection is not null);
            if (rejected > 0)
            {
                LogRejected(log, rejected, batch.Items.Count);
            }
            return TypedResults.Ok();
        }, http);

    /// <summary>The whole body in an array of its own, because the items are slices of it; null when it is too long.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength > WhatsAppWebhook.MaxBodyBytes)
        {
            return null;
        }
        var bytes = new byte[(request.ContentLength ?? 16_384) + 1];
        for (var length = 0; ;)
        {
            var read = await request.Body.ReadAsync(bytes.AsMemory(length), cancel);
            if (read == 0)
            {
                return bytes.AsMemory(0, length);
            }
            length += read;
            if (length > WhatsAppWebhook.MaxBodyBytes)
            {
                return null;
            }
            if (length == bytes.Length)
            {
                Array.Resize(ref bytes, Math.Min(bytes.Length * 2, WhatsAppWebhook.MaxBodyBytes + 1));
            }
        }
    }

    private static ProblemHttpResult NotSet(string setting) =>
        Problems.Result(Problems.NotSetUp, $"WhatsApp is not set up: the setting `{setting}` (environment: `SURVEILLANCE_{setting.Replace(":", "__", StringComparison.Ordinal)}`) is missing.");

    private static bool SameWord(string expected, string given) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(expected)), SHA256.HashData(Encoding.UTF8.GetBytes(given)));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused a WhatsApp webhook of {Bytes} bytes: its signature does not fit")]
    private static partial void LogBadSignature(ILogger log, int bytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Rejected} of {Count} parts of a WhatsApp webhook could not be read and are in quarantine")]
    private static partial void LogRejected(ILogger log, int rejected, int count);
}
