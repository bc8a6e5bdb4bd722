using Surveillance.Archive;
using Surveillance.Detection;
using Surveillance.Rules;

namespace Surveillance.Pipeline;

/// <summary>A conversation as the archive has it before a message, read when it is first looked at.</summary>
/// <param name="archive">Where it is read.</param>
/// <param name="entry">The message.</param>
/// <param name="detectors">Detect what it holds.</param>
/// <param name="detected">Messages that these detectors saw already, by position; takes what is detected now. Null remembers nothing.</param>
internal sealed class ArchivedConversation(IMessageArchive archive, PreparedEntry entry, DetectorSet detectors, Dictionary<long, ConversationEntry>? detected = null) : IConversationView
{
    /// <summary>How many messages of a conversation a judgement looks back at.</summary>
    public const int Most = 200;

    private const int MostDetected = 2_000;

    private List<ConversationEntry>? _entries;
    private bool _goesOn;

    public bool WasRead => _entries is not null;

    /// <summary>Whether every message of it that was read could be detected.</summary>
    public bool IsSound { get; private set; } = true;

    public int Count => Entries.Count;

    public bool IsComplete
    {
        get
        {
            _ = Entries;
            return IsSound && !_goesOn;
        }
    }

    public ConversationEntry this[int index] => Entries[index];

    private List<ConversationEntry> Entries => _entries ??= Read();

    private List<ConversationEntry> Read()
    {
        IReadOnlyList<ArchivedEntry> found;
        try
        {
            found = archive.ReadBefore(entry.Conversation, entry.SentAt, entry.Position, entry.KnownTo, Most + 1);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new ConversationUnavailableException(e);
        }
        _goesOn = found.Count > Most;
        var entries = new List<ConversationEntry>(found.Count);
        foreach (var archived in found.Take(Most))
        {
            if (detected is not null && detected.TryGetValue(archived.Position, out var known))
            {
                entries.Add(known);
                continue;
            }
            using var prepared = PreparedEntry.Of(archived, detectors, entry.KnownTo);
            if (prepared.Fault is not null)
            {
                IsSound = false; // nobody can tell what it would have decided
                break;
            }
            entries.Add(new ConversationEntry(archived.Position, prepared.Message!.Message, prepared.Hits));
            if (detected is { Count: < MostDetected })
            {
                detected[archived.Position] = entries[^1];
            }
        }
        return entries;
    }
}

/// <summary>A conversation could not be read while a message was judged: no fault of the message, so it waits instead of going to quarantine.</summary>
internal sealed class ConversationUnavailableException(Exception cause) : Exception("A conversation could not be read.", cause);
