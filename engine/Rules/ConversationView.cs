using Surveillance.Detection;
using Surveillance.Messages;

namespace Surveillance.Rules;

/// <summary>A message of a conversation with what the detectors found in it.</summary>
/// <param name="Position">Its archive position.</param>
/// <param name="Message">The message.</param>
/// <param name="Hits">What the detectors found.</param>
public sealed record ConversationEntry(long Position, CapturedMessage Message, MessageHits Hits)
{
    /// <summary>The message; the bytes of its attachments are left out, because no condition looks at them.</summary>
    public CapturedMessage Message { get; init; } = WithoutContents(Message);

    private static CapturedMessage WithoutContents(CapturedMessage message) =>
        message.Attachments.Any(a => a.Content is not null) ? message with { Attachments = [.. message.Attachments.Select(a => a with { Content = null })] } : message;
}

/// <summary>The messages of a conversation before the judged one, ordered by time of sending, then position. Not changed while a message is judged.</summary>
public interface IConversationView
{
    /// <summary>How many there are to be seen.</summary>
    int Count { get; }

    /// <summary>An entry; 0 is the newest.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    ConversationEntry this[int index] { get; }

    /// <summary>Whether nothing before the oldest entry to be seen was let go. Where it was, conditions that would need it are not evaluated.</summary>
    bool IsComplete { get; }
}

/// <summary>The first message of a conversation, or a message that stands alone.</summary>
public sealed class EmptyConversation : IConversationView
{
    /// <summary>No entry before.</summary>
    public static readonly EmptyConversation Instance = new();

    private EmptyConversation() { }

    /// <inheritdoc />
    public int Count => 0;

    /// <inheritdoc />
    public bool IsComplete => true;

    /// <inheritdoc />
    public ConversationEntry this[int index] => throw new ArgumentOutOfRangeException(nameof(index));
}
