using Surveillance.Archive;

namespace Surveillance.Pipeline;

/// <summary>Tells which revision judges the message at a position, whenever it is asked. Keeps the last few; thread-safe.</summary>
internal sealed class RevisionHistory(IMessageArchive archive, IRevisionSource revisions)
{
    private const int Kept = 8;

    private readonly Lock _lock = new();
    private readonly List<(long After, long Through, ActiveRevision Active)> _known = [];
    private readonly List<(long Activation, ActiveRevision? Active)> _byActivation = [];

    /// <summary>What judges the entries after a position; null where nothing was ever activated.</summary>
    /// <param name="archive">Where the activations are.</param>
    /// <param name="revisions">Reads them.</param>
    /// <param name="position">The position.</param>
    /// <exception cref="ArchiveDamagedException">None of those that could judge them can be read.</exception>
    public static ActiveRevision? InForce(IMessageArchive archive, IRevisionSource revisions, long position) =>
        EntryInForce(archive, position) is { } entry ? Read(archive, revisions, entry) : null;

    /// <summary>The revision of an activation; that of the next one where another version of the program wrote it and this one cannot read it.</summary>
    /// <param name="archive">Where the activations are.</param>
    /// <param name="revisions">Reads them.</param>
    /// <param name="entry">The activation.</param>
    /// <exception cref="ArchiveDamagedException">Neither it nor any later one can be read.</exception>
    public static ActiveRevision Read(IMessageArchive archive, IRevisionSource revisions, ArchivedEntry entry)
    {
        while (true)
        {
            try
            {
                return revisions.Read(entry);
            }
            catch (ArchiveDamagedException) when (Next(archive, entry.Position) is { } next)
            {
                entry = next;
            }
        }
    }

    /// <summary>The last activation up to a position, or the first of all for what was kept before any.</summary>
    private static ArchivedEntry? EntryInForce(IMessageArchive archive, long position) => archive.FindActivation(position) ?? Next(archive, 0);

    private static ArchivedEntry? Next(IMessageArchive archive, long position) => archive.ReadKind(EntryKind.Activation, position, 1) is [var next, ..] ? next : null;

    /// <summary>The revision of an activation; null where this version of the program cannot read it.</summary>
    /// <param name="activation">Its position.</param>
    /// <exception cref="ArchiveDamagedException">There is no activation there.</exception>
    public ActiveRevision? Find(long activation)
    {
        lock (_lock)
        {
            var at = _byActivation.FindIndex(k => k.Activation == activation);
            if (at >= 0)
            {
                return _byActivation[at].Active;
            }
            if (archive.Find(activation) is not { Kind: EntryKind.Activation } entry)
            {
                throw new ArchiveDamagedException($"Entry {activation} is no activation.");
            }
            ActiveRevision? active = null;
            try
            {
                active = revisions.Read(entry);
            }
            catch (ArchiveDamagedException)
            {
                // another version of the program wrote it
            }
            if (_byActivation.Count == Kept)
            {
                _byActivation.RemoveAt(0);
            }
            _byActivation.Add((activation, active));
            return active;
        }
    }

    /// <summary>The revision of an activation; that of the next one where this version of the program cannot read it.</summary>
    /// <param name="activation">Its position.</param>
    /// <exception cref="ArchiveDamagedException">There is no activation there, or neither it nor any later one can be read.</exception>
    public ActiveRevision Of(long activation)
    {
        while (true)
        {
            if (Find(activation) is { } active)
            {
                return active;
            }
            activation = Next(archive, activation)?.Position ?? throw new ArchiveDamagedException($"Neither activation {activation} nor any later one can be read.");
        }
    }

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
            var entry = EntryInForce(archive, position) ?? throw new ArchiveDamagedException($"No activation tells what judges entry {position}.");
            var active = Read(archive, revisions, entry);
            Keep(entry.Position < position
                ? (entry.Position, Next(archive, entry.Position)!.Position, active)
                : (0, entry.Position, active));
            return active;
        }
    }

    private void Keep((long After, long Through, ActiveRevision Active) known)
    {
        if (_known.Count == Kept)
        {
            _known.RemoveAt(0);
        }
        _known.Add(known);
    }
}
