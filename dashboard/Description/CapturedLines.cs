using Surveillance.Messages;

namespace Surveillance.Dashboard.Description;

/// <summary>A captured message or a consent line.</summary>
internal sealed record CapturedLine : IRequestShape;

/// <summary>A captured message.</summary>
internal sealed record MessageLine : IRequestShape
{
    /// <summary>What the line is; left out means a message.</summary>
    [Words("message")] public string? Type { get; init; }

    /// <summary>The channel's own id; unique together with channel and account.</summary>
    public required string Id { get; init; }

    /// <summary>The channel.</summary>
    [Words(typeof(Channel))] public required string Channel { get; init; }

    /// <summary>The firm's number, mailbox or workspace on the channel.</summary>
    public string? Account { get; init; }

    /// <summary>The channel's id of the conversation; derived from the participants.</summary>
    public string? Conversation { get; init; }

    /// <summary>When it was sent: RFC 3339 with its offset or Z.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>Which way it went, seen from the firm; derived.</summary>
    [Words(typeof(Direction))] public string? Direction { get; init; }

    /// <summary>What it is; derived.</summary>
    [Words(typeof(MessageKind))] public string? Kind { get; init; }

    /// <summary>The provider's own word for the kind.</summary>
    public string? NativeKind { get; init; }

    /// <summary>The sender.</summary>
    public required SenderShape From { get; init; }

    /// <summary>The recipients, at most 2,000.</summary>
    public IReadOnlyList<RecipientShape>? To { get; init; }

    /// <summary>The subject line.</summary>
    public string? Subject { get; init; }

    /// <summary>The words; offsets of evidence count in it as sent.</summary>
    public string? Text { get; init; }

    /// <summary>The language as the sender of the data says (BCP 47).</summary>
    public string? Language { get; init; }

    /// <summary>Id of the message that an edit, revoke, reaction or status speaks of.</summary>
    public string? About { get; init; }

    /// <summary>Id of the message that this one answers.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>The approved template used.</summary>
    public TemplateShape? Template { get; init; }

    /// <summary>Files, at most 2,000.</summary>
    public IReadOnlyList<AttachmentShape>? Attachments { get; init; }
}

/// <summary>A sender.</summary>
internal record SenderShape : IRequestShape
{
    /// <summary>Phone number in E.164, mailbox or user id.</summary>
    public required string Address { get; init; }

    /// <summary>What the person is to the firm; derived.</summary>
    [Words(typeof(Role))] public string? Role { get; init; }

    /// <summary>The name shown.</summary>
    public string? Name { get; init; }
}

/// <summary>A recipient.</summary>
internal sealed record RecipientShape : SenderShape
{
    /// <summary>How the recipient was addressed.</summary>
    [Words(typeof(RecipientKind))] public string? As { get; init; }
}

/// <summary>An approved template.</summary>
internal sealed record TemplateShape : IRequestShape
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its category, such as marketing.</summary>
    public string? Category { get; init; }
}

/// <summary>A file of a message.</summary>
internal sealed record AttachmentShape : IRequestShape
{
    /// <summary>Its name as declared.</summary>
    public string? Name { get; init; }

    /// <summary>Its media type as declared.</summary>
    public string? MediaType { get; init; }

    /// <summary>Its size.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>SHA-256 of its bytes, 64 lower-case hex digits.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The words read out of it.</summary>
    public string? Text { get; init; }

    /// <summary>Its bytes in base64 (RFC 4648), at most 10,485,760 decoded.</summary>
    public string? Content { get; init; }
}

/// <summary>A consent line: what a data subject agreed to. It counts for the messages kept after it.</summary>
internal sealed record ConsentLine : IRequestShape
{
    /// <summary>What the line is.</summary>
    [Words("consent")] public required string Type { get; init; }

    /// <summary>The data subject's address.</summary>
    public required string Subject { get; init; }

    /// <summary>The purpose, such as marketing: lower-case letters and hyphens.</summary>
    public required string Purpose { get; init; }

    /// <summary>What the data subject said.</summary>
    [Words(typeof(ConsentState))] public required string State { get; init; }

    /// <summary>From when it holds: RFC 3339 with its offset or Z.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The channel that it is limited to; left out means all.</summary>
    [Words(typeof(Channel))] public string? Channel { get; init; }

    /// <summary>The account that it is limited to; left out means all.</summary>
    public string? Account { get; init; }

    /// <summary>Where it was said.</summary>
    public string? Source { get; init; }
}
