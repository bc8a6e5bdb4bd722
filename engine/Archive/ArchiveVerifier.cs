using System.Security.Cryptography;
using Surveillance.Messages;

namespace Surveillance.Archive;

/// <summary>Proves that an archive is what was kept: positions without gaps, every content under its leaf, every leaf in the chain, every shell as its content says.</summary>
/// <remarks>
/// A link of the chain is SHA-256 over the link before it (32 zero bytes before the first) and the leaves since. Whoever can write the file can make a shorter
/// chain that is whole; that entries were cut off together with their links is told only by a seal noted elsewhere, such as a backup's manifest.
/// </remarks>
public sealed class ArchiveVerifier
{
    /// <summary>The most flaws that a verdict lists.</summary>
    public const int MaxFlaws = 100;

    private readonly IArchiveEvidence _evidence;
    private readonly IdMaker _ids;
    private readonly List<ArchiveFlaw> _flaws = [];
    private long _count;

    private ArchiveVerifier(IArchiveEvidence evidence, IdMaker ids)
    {
        _evidence = evidence;
        _ids = ids;
    }

    /// <summary>Verifies an archive from its first entry to its last.</summary>
    /// <param name="evidence">The archive; read once.</param>
    /// <param name="ids">Makes the ids of its data folder.</param>
    /// <param name="progress">Told the position reached, every thousand entries; or null.</param>
    /// <param name="cancel">Gives up.</param>
    public static ArchiveVerdict Verify(IArchiveEvidence evidence, IdMaker ids, Action<long>? progress, CancellationToken cancel) =>
        new ArchiveVerifier(evidence, ids).Run(progress, cancel);

    private ArchiveVerdict Run(Action<long>? progress, CancellationToken cancel)
    {
        using var chain = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var seal = new byte[32];
        chain.AppendData(seal);
        long entries = 0, last = 0, firstUnsealed = 0;
        foreach (var entry in _evidence.ReadEntries())
        {
            if (entry.Position != last + 1)
            {
                Add(ArchiveFlawKind.Missing, last + 1, entry.Position - last == 2 ? $"Entry {last + 1} is missing." : $"Entries {last + 1} to {entry.Position - 1} are missing.");
            }
            last = entry.Position;
            entries++;
            Check(entry);
            chain.AppendData(entry.Leaf.Span);
            firstUnsealed = firstUnsealed == 0 ? entry.Position : firstUnsealed;
            if (entry.Seal is { } kept)
            {
                if (!kept.Span.SequenceEqual(chain.GetHashAndReset()))
                {
                    Add(ArchiveFlawKind.SealBroken, firstUnsealed, $"The seal at {entry.Position} does not follow from entries {firstUnsealed} to {entry.Position} and the seal before them.");
                }
                seal = kept.ToArray();
                chain.AppendData(seal); // goes on from what is kept, so that one broken link is told once
                firstUnsealed = 0;
            }
            if (entries % 1_000 == 0)
            {
                cancel.ThrowIfCancellationRequested();
                progress?.Invoke(entry.Position);
            }
        }
        if (firstUnsealed != 0)
        {
            Add(ArchiveFlawKind.Unsealed, firstUnsealed, $"Entries {firstUnsealed} to {last} have no seal.");
        }
        if (_evidence.LastSeal > last)
        {
            Add(ArchiveFlawKind.Truncated, last + 1, $"The entries after {last} are missing; the chain goes on to {_evidence.LastSeal}.");
        }
        foreach (var stray in _evidence.ReadStrayContents())
        {
            Add(ArchiveFlawKind.ContentStray, stray, $"There is a content under {stray} and no entry.");
        }
        foreach (var envelope in _evidence.ReadAlteredEnvelopes())
        {
            cancel.ThrowIfCancellationRequested();
            Add(ArchiveFlawKind.EnvelopeAltered, envelope, $"The body of envelope {envelope} does not fit its hash.");
        }
        progress?.Invoke(last);
        return new ArchiveVerdict(entries, last, Convert.ToHexStringLower(seal), _count, _flaws);
    }

    private void Check(EntryEvidence entry)
    {
        if (entry.Content is not { } content)
        {
            Add(ArchiveFlawKind.ContentMissing, entry.Position, $"The content of entry {entry.Position} is missing.");
            return;
        }
        if (!entry.Leaf.Span.SequenceEqual(SHA256.HashData(content.Span)))
        {
            Add(ArchiveFlawKind.Altered, entry.Position, $"The content of entry {entry.Position} does not fit its leaf.");
            return; // the shell is no more to blame than the content
        }
        if (entry.Canonical is not { } canonical || Expected(entry, canonical.Span) is not { } expected)
        {
            Add(ArchiveFlawKind.Unreadable, entry.Position, $"The content of entry {entry.Position} is as it was kept and cannot be read back.");
            return;
        }
        if (expected != (entry.Id, entry.Conversation, entry.SentAt) || entry.Partition != ArchiveItem.PartitionOf(expected.Conversation))
        {
            Add(ArchiveFlawKind.ShellAltered, entry.Position, $"The id, conversation, partition or time of entry {entry.Position} is not what its content says.");
        }
    }

    /// <summary>What the shell of a content must say; null when the content cannot be read as what it is.</summary>
    private (OpaqueId Id, OpaqueId Conversation, long SentAt)? Expected(EntryEvidence entry, ReadOnlySpan<byte> canonical)
    {
        switch (entry.Kind)
        {
            case EntryKind.Message or EntryKind.Conflict:
                return CapturedMessageJson.Read(canonical).Message is not { } message ? null : (
                    entry.Kind == EntryKind.Message ? _ids.Message(message.NativeKey) : _ids.Conflict(message.NativeKey, SHA256.HashData(canonical)),
                    _ids.Conversation(message), message.SentAt.UtcTicks);
            case EntryKind.Consent:
                return CapturedMessageJson.Read(canonical).Consent is { } consent ? (ArchiveItem.Of(consent, canonical.ToArray(), _ids).Id, default, consent.At.UtcTicks) : null;
            case EntryKind.Unreadable:
                return (ArchiveItem.Unreadable(canonical.ToArray(), default, _ids).Id, default, entry.SentAt); // its time is that of its arrival, which the content does not say
            case EntryKind.Activation:
                return (entry.Id, default, entry.SentAt); // its id holds the activation before it, its time that of the activation
            default:
                return null;
        }
    }

    private void Add(ArchiveFlawKind kind, long position, string says)
    {
        _count++;
        if (_flaws.Count < MaxFlaws)
        {
            _flaws.Add(new ArchiveFlaw(kind, position, says));
        }
    }
}
