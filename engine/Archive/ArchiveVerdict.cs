namespace Surveillance.Archive;

/// <summary>What is wrong with an archive.</summary>
public enum ArchiveFlawKind
{
    /// <summary>An entry is not there, though a later one is.</summary>
    Missing,
    /// <summary>Entries at the end are not there, though the chain goes on to them.</summary>
    Truncated,
    /// <summary>The content does not fit its leaf.</summary>
    Altered,
    /// <summary>There is a leaf and no content.</summary>
    ContentMissing,
    /// <summary>There is a content and no entry.</summary>
    ContentStray,
    /// <summary>The content is what was kept and cannot be read back.</summary>
    Unreadable,
    /// <summary>The shell says something else than the content.</summary>
    ShellAltered,
    /// <summary>A link of the chain does not follow from the leaves and the link before it.</summary>
    SealBroken,
    /// <summary>Entries at the end that no link of the chain holds.</summary>
    Unsealed,
    /// <summary>The body of a provider's request does not fit its hash.</summary>
    EnvelopeAltered,
}

/// <summary>One thing that is wrong with an archive.</summary>
/// <param name="Kind">What.</param>
/// <param name="Position">The first position concerned; of an envelope its number.</param>
/// <param name="Says">One sentence with ids and numbers, never with content.</param>
public sealed record ArchiveFlaw(ArchiveFlawKind Kind, long Position, string Says);

/// <summary>What a verification found.</summary>
/// <param name="Entries">How many entries there are.</param>
/// <param name="LastPosition">Position of the last one.</param>
/// <param name="Seal">The last link of the chain, 64 lower-case hex digits; zeros for an empty archive. Noted elsewhere, it proves later that nothing up to here was taken away.</param>
/// <param name="FlawCount">How much is wrong; 0 when the archive is clean.</param>
/// <param name="Flaws">What is wrong, by position, at most <see cref="ArchiveVerifier.MaxFlaws"/>.</param>
public sealed record ArchiveVerdict(long Entries, long LastPosition, string Seal, long FlawCount, IReadOnlyList<ArchiveFlaw> Flaws)
{
    /// <summary>Whether nothing is wrong.</summary>
    public bool IsClean => FlawCount == 0;
}
