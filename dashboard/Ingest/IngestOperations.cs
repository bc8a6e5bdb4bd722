using Surveillance.Dashboard.Description;
using Surveillance.Dashboard.Shared;

namespace Surveillance.Dashboard.Ingest;

/// <summary>What the operations that take messages are for.</summary>
internal static class IngestOperations
{
    private const string Tag = "Sending";

    private const string Message =
        """{"id":"wamid.1","channel":"whatsapp","account":"+442071234567","sentAt":"2026-05-04T09:12:00Z","from":{"address":"+442071234567","name":"Ann"},"to":[{"address":"+447700900123","role":"client"}],"text":"Let us go on by Signal."}""";

    private const string Consent = """{"type":"consent","subject":"+447700900123","purpose":"marketing","state":"withdrawn","at":"2026-05-04T09:00:00Z"}""";

    internal static readonly ApiOperation One = new("Keep one message or consent line")
    {
        Tag = Tag,
        Says = "Answers once what was sent is synced to the disk. Sent again, the same is a duplicate and changes nothing. A consent line takes the scope `consent:write` too.",
        Body = typeof(CapturedLine),
        BodyExample = Message,
        Answers = [ApiAnswer.Json<IngestAnswer>(202, "Kept, or kept before.", """{"id":"orugs4zanfzsa3lfonzwcz3fme","duplicate":false,"position":1024}""")],
        Problems = [Problems.MalformedBody, Problems.Conflict, Problems.TooLarge, Problems.WrongMediaType, Problems.Invalid, Problems.Overload, Problems.Unavailable],
    };

    internal static readonly ApiOperation Batch = new("Keep many messages and consent lines")
    {
        Tag = Tag,
        Says = "NDJSON, one object of this schema a line, at most 5,000 lines and 67,108,864 bytes, as it is or compressed with gzip. One answer for each line, in order; a refused line does not hold back the others.",
        Body = typeof(CapturedLine),
        BodyTypes = ["application/x-ndjson", "application/ndjson", "application/json"],
        BodyExample = Consent + "\n" + Message + "\n",
        Answers =
        [
            ApiAnswer.Json<BatchAnswer>(200, "Something of it was kept, or had been kept before.", """{"accepted":1,"duplicates":0,"refused":0,"lines":[{"line":1,"status":201,"id":"orugs4zanfzsa3lfonzwcz3fme","nativeId":"wamid.1"}]}"""),
            ApiAnswer.Json<BatchAnswer>(422, "Every line was refused."),
        ],
        Problems = [Problems.MalformedBody, Problems.TooLarge, Problems.WrongMediaType, Problems.Invalid, Problems.Overload, Problems.Unavailable],
    };

    internal static readonly ApiOperation WhatsAppCheck = new("Check the address of the webhook")
    {
        Tag = Tag,
        Says = "Called by the WhatsApp Business Platform.",
        Parameters = [new("hub.mode", "`subscribe`."), new("hub.verify_token", "The word that both sides hold."), new("hub.challenge", "What is answered.")],
        Answers = [new ApiAnswer(200, "The challenge.", null, "text/plain")],
        Problems = [Problems.WrongVerifyToken, Problems.NotSetUp],
    };

    internal static readonly ApiOperation WhatsApp = new("Take a webhook of the WhatsApp Business Platform")
    {
        Tag = Tag,
        Says = "A signature stands in for a token. Parts that cannot be read lie in quarantine.",
        Parameters = [new("X-Hub-Signature-256", "`sha256=` and HMAC-SHA-256 of the body under the app secret, in hex.") { IsHeader = true, IsRequired = true }],
        Answers = [new ApiAnswer(200, "All of it is synced to the disk.")],
        Problems = [Problems.BadSignature, Problems.NotSetUp, Problems.TooLarge, Problems.Overload, Problems.Unavailable],
    };
}
