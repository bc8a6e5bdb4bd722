using Surveillance.Messages;

namespace Surveillance.Archive;

/// <summary>A message as it lies in the archive.</summary>
/// <param name="Position">Its number in the archive, from 1, without gaps.</param>
/// <param name="Id">Our id of it.</param>
/// <param name="Message">The message as captured.</param>
/// <param name="ReceivedAt">When it was kept, UTC.</param>
public sealed record ArchivedMessage(long Position, OpaqueId Id, CapturedMessage Message, DateTimeOffset ReceivedAt);

/// <summary>A stretch of a conversation.</summary>
/// <param name="Messages">In order of (sent at, position); edits, revokes, reactions and statuses are entries of their own among them.</param>
/// <param name="HasEarlier">Whether the conversation goes on before the first.</param>
/// <param name="HasLater">Whether the conversation goes on after the last.</param>
public sealed record ConversationPage(IReadOnlyList<ArchivedMessage> Messages, bool HasEarlier, bool HasLater);

/// <summary>Reads what was kept, for people. Thread-safe; sees every message that was acknowledged before the call.</summary>
public interface IMessageReader
{
    /// <summary>The message of an id, or null when none was kept under it.</summary>
    /// <param name="id">Our id.</param>
    /// <param name="cancel">Ends the call.</param>
    ValueTask<ArchivedMessage?> FindAsync(OpaqueId id, CancellationToken cancel);

    /// <summary>The messages of some ids in one go; ids that were never kept are left out.</summary>
    /// <param name="ids">At most 200 ids.</param>
    /// <param name="cancel">Ends the call.</param>
    ValueTask<IReadOnlyDictionary<OpaqueId, ArchivedMessage>> FindManyAsync(IReadOnlyCollection<OpaqueId> ids, CancellationToken cancel);

    /// <summary>A stretch of a conversation; null when no message of it was kept.</summary>
    /// <param name="conversation">Our id of the conversation.</param>
    /// <param name="around">Position of a message of it that the stretch lies around and holds; null means its last message.</param>
    /// <param name="before">How many messages before that one at most, 0 to 200.</param>
    /// <param name="after">How many messages after that one at most, 0 to 200.</param>
    /// <param name="cancel">Ends the call.</param>
    ValueTask<ConversationPage?> ConversationAsync(OpaqueId conversation, long? around, int before, int after, CancellationToken cancel);
}
