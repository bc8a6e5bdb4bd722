using Surveillance.Archive;

namespace Surveillance.Pipeline;

/// <summary>Tells which revision judges the message at a position, whenever it is asked. Keeps the last few; thread-safe.</summary>
internal sealed class RevisionHistory(IMessageArchive archive, IRevisionSource revisions)
{
    private const int Kept = 8;

    private readonly Lock _lock = new();
    private readonly List<(long After, long Through, ActiveRevision Active)> _known = [];

    /// <summary>The activation whose revision judges what follows a position: the last one before it, or the first of all for what was kept before any.</summary>
    public static ArchivedEntry? InForce(IMessageArchive archive, long position) =>
        archive.FindActivation(position) ?? (archive.ReadKind(EntryKind.Activation, 0, 1) is [var first, ..] ? first : null);

    /// <summary>The revision that judges the message at a position.</summary>
    /// <param name="position">Its position.</param>
    /// <param name="later">The revision in force at the same position or a later one.</param>
    public ActiveRevision At(long position, ActiveRevision later)
    {
        if (position > later.Activation)
        {
            return later;
        }
        lock (_lock)
        {
            foreach (var known in _known)
            {
                if (position > known.After && position <= known.Through)
                {
                    return known.Active;
                }
            }
            var entry = InForce(archive, position) ?? throw new ArchiveDamagedException($"No activation tells what judges entry {position}.");
            var active = revisions.Read(entry);
            if (_known.Count == Kept)
            {
                _known.RemoveAt(0);
            }
            _known.Add(entry.Position < position
                ? (entry.Position, archive.ReadKind(EntryKind.Activation, entry.Position, 1)[0].Position, active)
                : (0, entry.Position, active));
            return active;
        }
    }
}
