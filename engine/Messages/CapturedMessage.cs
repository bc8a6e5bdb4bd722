namespace Surveillance.Messages;

/// <summary>Somebody who sent or received a message.</summary>
/// <param name="Address">As the channel writes it: a phone number in E.164, an e-mail address, a user id. Never empty.</param>
/// <param name="Role">What the person is to the firm; null where neither the sender of the data nor the directory knew.</param>
/// <param name="Name">The name shown, or null.</param>
/// <param name="As">How a recipient was addressed; null for a sender.</param>
public sealed record Participant(string Address, Role? Role = null, string? Name = null, RecipientKind? As = null);

/// <summary>The approved template that an outbound message was made from.</summary>
/// <param name="Name">The provider's name of the template.</param>
/// <param name="Category">The provider's category in lower case, such as <c>marketing</c>, <c>utility</c>, <c>authentication</c>; null when unknown.</param>
public sealed record MessageTemplate(string Name, string? Category = null);

/// <summary>A file sent with a message.</summary>
/// <param name="Name">The file name, or null.</param>
/// <param name="MediaType">The media type as declared, or null.</param>
/// <param name="SizeBytes">Size in bytes, or null when unknown.</param>
/// <param name="Sha256">SHA-256 of the bytes, 64 lower-case hex digits, or null when unknown.</param>
/// <param name="Text">The words read out of the file, or null; spans of parts <c>attachments/N/text</c> count in it.</param>
/// <param name="Content">The bytes, at most 10 MB; null records them as absent.</param>
public sealed record Attachment(
    string? Name, string? MediaType = null, long? SizeBytes = null, string? Sha256 = null, string? Text = null, ReadOnlyMemory<byte>? Content = null);

/// <summary>One message as captured: what every stage reads. Immutable.</summary>
/// <remarks>The JSON form is read and written by <see cref="CapturedMessageJson"/>; a message read back equals the one written.</remarks>
public sealed record CapturedMessage
{
    /// <summary>The channel's own id. Unique together with <see cref="Channel"/> and <see cref="Account"/>; 1 to 1,000 characters.</summary>
    public required string Id { get; init; }

    /// <summary>Where it was sent.</summary>
    public required Channel Channel { get; init; }

    /// <summary>The firm's number, mailbox or workspace on the channel, or null.</summary>
    public string? Account { get; init; }

    /// <summary>The channel's id of the conversation. Derived from the participants when the sender of the data gave none.</summary>
    public required string Conversation { get; init; }

    /// <summary>When it was sent, as the sender's system says, UTC.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>Which way it went.</summary>
    public required Direction Direction { get; init; }

    /// <summary>What was sent.</summary>
    public MessageKind Kind { get; init; } = MessageKind.Text;

    /// <summary>The provider's own word for the kind, where it differs; else null.</summary>
    public string? NativeKind { get; init; }

    /// <summary>Who sent it.</summary>
    public required Participant From { get; init; }

    /// <summary>Who received it, in the order given; may be empty.</summary>
    public IReadOnlyList<Participant> To { get; init; } = [];

    /// <summary>The subject line, or null.</summary>
    public string? Subject { get; init; }

    /// <summary>The words, made once and never made again: every span counts UTF-16 units of this string. Null where there are none.</summary>
    public string? Text { get; init; }

    /// <summary>Language as the sender of the data says, BCP 47, or null.</summary>
    public string? Language { get; init; }

    /// <summary>Native id of the message that an edit, revoke, reaction or status speaks of, or null.</summary>
    public string? About { get; init; }

    /// <summary>Native id of the message that this one answers, or null.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>The approved template used, or null.</summary>
    public MessageTemplate? Template { get; init; }

    /// <summary>Files sent with it, in order; may be empty.</summary>
    public IReadOnlyList<Attachment> Attachments { get; init; } = [];

    /// <summary>What makes it the same message when it comes again.</summary>
    public NativeKey NativeKey => new(Channel, Account ?? "", Id);

    /// <summary>The words of a part: null or <c>text</c>, <c>subject</c>, <c>attachments/N/name</c>, <c>attachments/N/text</c>; null where the part is absent.</summary>
    /// <param name="part">The name of the part; null means the text.</param>
    public string? TextOf(string? part)
    {
        switch (part)
        {
            case null or "text": return Text;
            case "subject": return Subject;
        }
        var pieces = part.Split('/');
        if (pieces is not ["attachments", var index, var field]
            || !int.TryParse(index, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var n)
            || n >= Attachments.Count)
        {
            return null;
        }
        return field switch { "name" => Attachments[n].Name, "text" => Attachments[n].Text, _ => null };
    }
}

/// <summary>A line that says what a data subject agreed to; takes effect for the messages after it.</summary>
/// <param name="Subject">The data subject's address.</param>
/// <param name="Purpose">A lower-case word such as <c>marketing</c> or <c>service</c>.</param>
/// <param name="State">What was said.</param>
/// <param name="At">From when it holds, UTC.</param>
/// <param name="Channel">The channel it speaks of; null means all.</param>
/// <param name="Account">The firm's account it speaks of; null means all.</param>
/// <param name="Source">Where it was said, or null.</param>
public sealed record ConsentEntry(
    string Subject, string Purpose, ConsentState State, DateTimeOffset At, Channel? Channel = null, string? Account = null, string? Source = null);

/// <summary>What makes a message the same when it comes again: channel, account and the channel's own id.</summary>
/// <param name="Channel">Where it was sent.</param>
/// <param name="Account">The firm's account; empty when the channel has none.</param>
/// <param name="Id">The channel's own id.</param>
public readonly record struct NativeKey(Channel Channel, string Account, string Id);
