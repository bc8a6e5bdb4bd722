using Surveillance.Messages;
using Surveillance.Text;

namespace Surveillance.Detection;

/// <summary>A message with its words folded and cut into tokens: the text at once, every other part when first asked for.</summary>
/// <remarks>Used by one thread at a time. Disposing gives the buffers to the next message; nothing of them may be read afterwards.</remarks>
public sealed class PreparedMessage : IDisposable
{
    private Dictionary<string, PreparedText>? _others;

    /// <summary>Prepares a message.</summary>
    /// <param name="message">The message.</param>
    public PreparedMessage(CapturedMessage message)
    {
        Message = message;
        Text = PreparedText.Rent(message.Text ?? "");
    }

    /// <summary>The message.</summary>
    public CapturedMessage Message { get; }

    /// <summary>Its text; empty where it has none.</summary>
    public PreparedText Text { get; }

    /// <summary>The words of a part, or null where the message has no such part.</summary>
    /// <param name="part">Null or <c>text</c>, <c>subject</c>, <c>attachments/N/name</c>, <c>attachments/N/text</c>.</param>
    public PreparedText? Part(string? part)
    {
        if (part is null or "text")
        {
            return Text;
        }
        if (_others is not null && _others.TryGetValue(part, out var known))
        {
            return known;
        }
        if (Message.TextOf(part) is not { } words)
        {
            return null;
        }
        var prepared = PreparedText.Rent(words);
        (_others ??= [])[part] = prepared;
        return prepared;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        PreparedText.Return(Text);
        if (_others is not null)
        {
            foreach (var prepared in _others.Values)
            {
                PreparedText.Return(prepared);
            }
        }
    }
}
