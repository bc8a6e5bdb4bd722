using Surveillance.Archive;
using Surveillance.Consent;
using Surveillance.Messages;

namespace Surveillance.Pipeline;

/// <summary>A piece of work for a partition: messages in order of position, or the news that somebody's consent changed.</summary>
/// <param name="Through">Everything of the partition up to this position is in this piece or in one before it.</param>
/// <param name="Revision">What judges the messages.</param>
/// <param name="Messages">Messages of the partition, in order.</param>
/// <param name="Consent">Consent that may change earlier answers, applied after the messages; in order.</param>
internal sealed record DealtWork(long Through, ActiveRevision Revision, IReadOnlyList<PreparedEntry> Messages, IReadOnlyList<ConsentChange> Consent);

/// <summary>A consent record that messages sent after it, and judged before it was known, must be judged again for.</summary>
/// <param name="Person">Our id of the data subject.</param>
/// <param name="From">Messages sent at or after this time.</param>
/// <param name="Position">The position from which it is known.</param>
internal readonly record struct ConsentChange(OpaqueId Person, DateTimeOffset From, long Position);

/// <summary>
/// Reads the archive by position, applies consent and activations before it hands on anything later, and deals the messages to the partitions.
/// One at a time in a data folder; the only reader that decides order.
/// </summary>
internal sealed class Dispatcher(IMessageArchive archive, IRevisionSource revisions, ConsentLedger ledger, IReadOnlyList<Mailbox<DealtWork>> partitions)
{
    private const int BatchSize = 2_048;

    /// <summary>Everything up to this position was dealt.</summary>
    public long Dealt => Volatile.Read(ref _dealt);

    /// <summary>The position of the last message dealt to each partition.</summary>
    public IReadOnlyList<long> LastDealt => _lastDealt;

    /// <summary>What judges now; null before the first activation.</summary>
    public ActiveRevision? Active { get; private set; }

    private readonly long[] _lastDealt = new long[64];
    private long _dealt;

    /// <summary>Deals everything after the checkpoints until it is cancelled.</summary>
    /// <param name="checkpoints">The checkpoint of every partition.</param>
    /// <param name="cancel">Stops reading; what was dealt is finished by the partitions.</param>
    public async Task RunAsync(IReadOnlyList<long> checkpoints, CancellationToken cancel)
    {
        var next = checkpoints.Min();
        Active = archive.FindActivation(next) is { } activation ? revisions.Read(activation) : null;
        Volatile.Write(ref _dealt, next);
        while (!cancel.IsCancellationRequested)
        {
            var entries = await archive.ReadAsync(next, BatchSize, cancel).ConfigureAwait(false);
            if (entries.Count == 0)
            {
                await archive.WaitAsync(next, cancel).ConfigureAwait(false);
                continue;
            }
            for (var start = 0; start < entries.Count;)
            {
                if (entries[start].Kind == EntryKind.Activation)
                {
                    Active = revisions.Read(entries[start]);
                    start++;
                    continue;
                }
                var end = start;
                while (end < entries.Count && entries[end].Kind != EntryKind.Activation)
                {
                    end++;
                }
                await DealAsync(entries, start, end, checkpoints, cancel).ConfigureAwait(false);
                start = end;
            }
            next = entries[^1].Position;
            Volatile.Write(ref _dealt, next);
        }
    }

    private async Task DealAsync(IReadOnlyList<ArchivedEntry> entries, int start, int end, IReadOnlyList<long> checkpoints, CancellationToken cancel)
    {
        var active = Active ?? throw new ArchiveDamagedException($"Entry {entries[start].Position} comes before any activation.");
        var prepared = new PreparedEntry?[end - start];
        Parallel.For(0, prepared.Length, i =>
        {
            var entry = entries[start + i];
            if (entry.Kind != EntryKind.Consent && entry.Position > checkpoints[ArchiveItem.PartitionOf(entry.Conversation)])
            {
                prepared[i] = PreparedEntry.Of(entry, active.Revision.Detectors, entry.Position);
            }
        });
        var messages = new List<PreparedEntry>?[64];
        var changes = new List<ConsentChange>();
        for (var i = 0; i < prepared.Length; i++)
        {
            var entry = entries[start + i];
            if (entry.Kind == EntryKind.Consent)
            {
                var consent = entry.ReadConsent();
                ledger.Add(consent, entry.Position);
                changes.Add(new ConsentChange(ledger.PersonOf(consent.Subject), consent.At, entry.Position));
                continue;
            }
            if (prepared[i] is not { } item)
            {
                continue; // the partition did it before the last stop
            }
            if (item.Fault is null && item.Hits.OptOut)
            {
                var optOut = OptOuts.Of(item.Message!.Message, item.Position, ledger);
                ledger.Add(optOut);
                changes.Add(new ConsentChange(optOut.Person, optOut.At, item.Position));
            }
            (messages[ArchiveItem.PartitionOf(item.Conversation)] ??= []).Add(item);
        }
        var through = entries[end - 1].Position;
        for (var partition = 0; partition < 64; partition++)
        {
            if (messages[partition] is null && (changes.Count == 0 || checkpoints[partition] >= through))
            {
                continue;
            }
            _lastDealt[partition] = through;
            await partitions[partition].SendAsync(new DealtWork(through, active, messages[partition] ?? [], changes), cancel).ConfigureAwait(false);
        }
    }
}

/// <summary>Turns an opt-out in a message into a consent record.</summary>
internal static class OptOuts
{
    /// <summary>The record: the sender withdraws from marketing on this channel and account from the message's time, known from its position.</summary>
    /// <param name="message">The message in which somebody opted out.</param>
    /// <param name="position">Its position.</param>
    /// <param name="ledger">Makes the person's id.</param>
    public static ConsentRecord Of(CapturedMessage message, long position, ConsentLedger ledger) =>
        new(ledger.PersonOf(message.From.Address), "marketing", ConsentState.Withdrawn, message.SentAt, message.Channel, message.Account, position);
}
