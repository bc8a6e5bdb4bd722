using Surveillance.Messages;

namespace Surveillance.Archive;

/// <summary>Reads the archive for people.</summary>
/// <param name="archive">The archive.</param>
public sealed class MessageReader(IMessageArchive archive) : IMessageReader
{
    /// <inheritdoc />
    public ValueTask<ArchivedMessage?> FindAsync(OpaqueId id, CancellationToken cancel) =>
        ValueTask.FromResult(archive.Find(id) is { Kind: EntryKind.Message or EntryKind.Conflict } entry ? ToMessage(entry) : null);

    /// <inheritdoc />
    public ValueTask<IReadOnlyDictionary<OpaqueId, ArchivedMessage>> FindManyAsync(IReadOnlyCollection<OpaqueId> ids, CancellationToken cancel)
    {
        var found = new Dictionary<OpaqueId, ArchivedMessage>();
        foreach (var id in ids)
        {
            if (!found.ContainsKey(id) && archive.Find(id) is { Kind: EntryKind.Message or EntryKind.Conflict } entry)
            {
                found.Add(id, ToMessage(entry));
            }
        }
        return ValueTask.FromResult<IReadOnlyDictionary<OpaqueId, ArchivedMessage>>(found);
    }

    /// <inheritdoc />
    public ValueTask<ConversationPage?> ConversationAsync(OpaqueId conversation, long? around, int before, int after, CancellationToken cancel)
    {
        var centre = around is { } position ? archive.Find(position)
            : archive.ReadBefore(conversation, DateTimeOffset.MaxValue, long.MaxValue, long.MaxValue, 1) is [var last, ..] ? last : null;
        if (centre is null || centre.Conversation != conversation || centre.Kind is not (EntryKind.Message or EntryKind.Conflict))
        {
            return ValueTask.FromResult<ConversationPage?>(null);
        }
        var earlier = archive.ReadBefore(conversation, centre.SentAt, centre.Position, long.MaxValue, before + 1);
        var later = archive.ReadAfter(conversation, centre.SentAt, centre.Position, long.MaxValue, after + 1);
        return ValueTask.FromResult<ConversationPage?>(new ConversationPage(
            [.. earlier.Take(before).Reverse().Append(centre).Concat(later.Take(after)).Select(ToMessage)], earlier.Count > before, later.Count > after));
    }

    private static ArchivedMessage ToMessage(ArchivedEntry entry) => new(entry.Position, entry.Id, entry.ReadMessage(), entry.ReceivedAt);
}
