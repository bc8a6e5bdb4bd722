using System.Text.Json;
using Surveillance.Archive;
using Surveillance.Dashboard.Description;
using Surveillance.Messages;

namespace Surveillance.Dashboard.Conversations;

/// <summary>A message as it lies in the archive.</summary>
/// <param name="Id">Our id of it.</param>
/// <param name="Position">Its number in the archive, from 1.</param>
/// <param name="ReceivedAt">When it was kept.</param>
/// <param name="Leaf">SHA-256 over salt and content, 64 hex digits; left out in conversations.</param>
/// <param name="Message">The message as captured, what was derived filled in.</param>
internal sealed record MessageAnswer(string Id, long Position, [property: Moment] string ReceivedAt, string? Leaf, [property: ShapedLike(typeof(MessageLine))] JsonElement Message)
{
    internal static MessageAnswer Of(ArchivedMessage found, ArchivedOriginal? proof) => new(
        found.Id.ToString(), found.Position, Rfc3339.Format(found.ReceivedAt), proof is null ? null : Convert.ToHexStringLower(proof.Leaf.Span), JsonDocument.Parse(CapturedMessageJson.Write(found.Message)).RootElement);
}

/// <summary>A stretch of a conversation.</summary>
/// <param name="Id">Our id of the conversation.</param>
/// <param name="Items">Its messages by time sent, then position.</param>
/// <param name="HasEarlier">Whether it goes on before the first.</param>
/// <param name="HasLater">Whether it goes on after the last.</param>
internal sealed record ConversationAnswer(string Id, IReadOnlyList<MessageAnswer> Items, bool HasEarlier, bool HasLater);
