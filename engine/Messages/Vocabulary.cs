namespace Surveillance.Messages;

/// <summary>Where a message was sent. The JSON form is the name in lower case.</summary>
public enum Channel
{
    /// <summary>A channel without a name of its own here.</summary>
    Other,
    /// <summary>WhatsApp.</summary>
    WhatsApp,
    /// <summary>WeChat, the consumer application.</summary>
    WeChat,
    /// <summary>WeCom, WeChat for firms.</summary>
    WeCom,
    /// <summary>E-mail.</summary>
    Email,
    /// <summary>Text messages of the telephone network.</summary>
    Sms,
    /// <summary>Chat inside the firm or between institutions.</summary>
    Chat,
    /// <summary>Slack.</summary>
    Slack,
    /// <summary>Microsoft Teams.</summary>
    Teams,
    /// <summary>Telegram.</summary>
    Telegram,
    /// <summary>Signal.</summary>
    Signal,
    /// <summary>A transcript of speech.</summary>
    Voice,
}

/// <summary>Which way a message went, seen from the firm.</summary>
public enum Direction
{
    /// <summary>From outside to the firm.</summary>
    Inbound,
    /// <summary>From the firm to outside.</summary>
    Outbound,
    /// <summary>Between people of the firm only.</summary>
    Internal,
}

/// <summary>What a participant is to the firm.</summary>
public enum Role
{
    /// <summary>Works for the firm.</summary>
    Employee,
    /// <summary>A client or prospect of the firm.</summary>
    Client,
    /// <summary>Anybody else.</summary>
    External,
}

/// <summary>How a recipient was addressed.</summary>
public enum RecipientKind
{
    /// <summary>Directly.</summary>
    To,
    /// <summary>As a copy.</summary>
    Cc,
    /// <summary>As a blind copy.</summary>
    Bcc,
}

/// <summary>What kind of thing was sent. <see cref="CapturedMessage.NativeKind"/> keeps the provider's own word.</summary>
public enum MessageKind
{
    /// <summary>Text.</summary>
    Text,
    /// <summary>A picture.</summary>
    Image,
    /// <summary>Sound.</summary>
    Audio,
    /// <summary>Moving pictures.</summary>
    Video,
    /// <summary>A file.</summary>
    Document,
    /// <summary>A sticker.</summary>
    Sticker,
    /// <summary>A place.</summary>
    Location,
    /// <summary>Contact cards.</summary>
    Contacts,
    /// <summary>A reaction to another message.</summary>
    Reaction,
    /// <summary>An answer to buttons or a list.</summary>
    Interactive,
    /// <summary>An order from a catalogue.</summary>
    Order,
    /// <summary>A call.</summary>
    Call,
    /// <summary>A poll.</summary>
    Poll,
    /// <summary>A notice of the channel itself.</summary>
    System,
    /// <summary>An approved template.</summary>
    Template,
    /// <summary>New words for an earlier message.</summary>
    Edit,
    /// <summary>An earlier message was taken back.</summary>
    Revoke,
    /// <summary>The fate of an earlier message: sent, delivered, read, failed.</summary>
    Status,
    /// <summary>Anything else; kept, never refused.</summary>
    Other,
}

/// <summary>What a data subject said about being contacted for a purpose.</summary>
public enum ConsentState
{
    /// <summary>Opt-in.</summary>
    Granted,
    /// <summary>Opt-out of something granted before.</summary>
    Withdrawn,
    /// <summary>Objection (GDPR article 21); for marketing it holds on every channel.</summary>
    Objected,
    /// <summary>Details got in a sale, own similar products, a way out in every message (PECR regulation 22(3)).</summary>
    SoftOptIn,
}
