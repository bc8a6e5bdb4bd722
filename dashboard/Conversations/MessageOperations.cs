using Surveillance.Dashboard.Description;
using Surveillance.Dashboard.Shared;

namespace Surveillance.Dashboard.Conversations;

/// <summary>What the operations that read messages are for.</summary>
internal static class MessageOperations
{
    private const string Tag = "Messages";

    internal static readonly ApiOperation Find = new("Read a message")
    {
        Tag = Tag,
        Answers =
        [
            ApiAnswer.Json<MessageAnswer>(
                200, "The message.",
                """{"id":"orugs4zanfzsa3lfonzwcz3fme","position":1024,"receivedAt":"2026-05-04T09:12:01.5Z","leaf":"5f8a3e0c9b7d1f2466e0a1b3c5d7e9f0123456789abcdef00112233445566778","message":{"id":"wamid.1","channel":"whatsapp","account":"+442071234567","conversation":"c-17","sentAt":"2026-05-04T09:12:00Z","direction":"outbound","kind":"text","from":{"address":"+442071234567","role":"employee","name":"Ann"},"to":[{"address":"+447700900123","role":"client","as":"to"}],"text":"Let us go on by Signal."}}"""),
        ],
        Problems = [Problems.NotFound],
    };

    internal static readonly ApiOperation Original = new("Read what arrived, byte for byte")
    {
        Tag = Tag,
        Says = "The body, the line of the batch, or the part of the webhook; also for what is in conflict or unreadable.",
        Answers = [new ApiAnswer(200, "The bytes.", null, "application/octet-stream")],
        Problems = [Problems.NotFound],
    };

    internal static readonly ApiOperation Conversation = new("Read a stretch of a conversation")
    {
        Tag = Tag,
        Parameters =
        [
            new("around", "Position of a message of it; the last one when left out."),
            new("before", "How many messages before that one, 50 when left out.") { Range = (0, 200) },
            new("after", "How many messages after it, 50 when left out.") { Range = (0, 200) },
        ],
        Answers = [ApiAnswer.Json<ConversationAnswer>(200, "The stretch.")],
        Problems = [Problems.BadRequest, Problems.NotFound],
    };
}
