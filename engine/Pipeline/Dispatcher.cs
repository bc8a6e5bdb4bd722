using System.Diagnostics;
using Surveillance.Archive;
using Surveillance.Consent;
using Surveillance.Messages;

namespace Surveillance.Pipeline;

/// <summary>
/// Reads the archive by position, applies consent and activations before it hands on anything later, and deals the messages to the partitions.
/// One at a time in a data folder; the only reader that decides order.
/// </summary>
internal sealed class Dispatcher(IMessageArchive archive, IRevisionSource revisions, ConsentLedger ledger, IReadOnlyList<Mailbox<PartitionWork>> partitions, IReadOnlyList<PartitionProgress> progress, PipelineMeter meter, EntryTraces? traces = null)
{
    private const int BatchSize = 2_048;
    private const int MaxRetriesWaiting = 256;

    /// <summary>Everything up to this position was dealt.</summary>
    public long Dealt => Volatile.Read(ref _dealt);

    /// <summary>What judges now; null before the first activation.</summary>
    public ActiveRevision? Active { get; private set; }

    private readonly Mailbox<long> _retries = new(MaxRetriesWaiting);
    private long _dealt;

    /// <summary>Has a message dealt once more, as soon as everything that was stored before is behind; waits while too many wait.</summary>
    /// <param name="position">Its position.</param>
    /// <param name="cancel">Gives up waiting.</param>
    public ValueTask RetryAsync(long position, CancellationToken cancel) => _retries.SendAsync(position, cancel);

    /// <summary>Deals everything after the checkpoints until it is cancelled.</summary>
    /// <param name="checkpoints">The checkpoint of every partition.</param>
    /// <param name="cancel">Stops reading; what was dealt is finished by the partitions.</param>
    public async Task RunAsync(IReadOnlyList<long> checkpoints, CancellationToken cancel)
    {
        var next = checkpoints.Min();
        var stored = checkpoints.Max();
        Active = RevisionHistory.InForce(archive, revisions, next);
        Volatile.Write(ref _dealt, next);
        while (!cancel.IsCancellationRequested)
        {
            while (next >= stored && _retries.TryRead(out var position))
            {
                await DealAgainAsync(position, next, cancel).ConfigureAwait(false);
            }
            var entries = await archive.ReadAsync(next, BatchSize, cancel).ConfigureAwait(false);
            if (entries.Count == 0)
            {
                await WaitAsync(next, cancel).ConfigureAwait(false);
                continue;
            }
            for (var start = 0; start < entries.Count;)
            {
                if (entries[start].Kind == EntryKind.Activation)
                {
                    Active = RevisionHistory.Read(archive, revisions, entries[start]);
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

    private async Task WaitAsync(long next, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(archive.WaitAsync(next, either.Token), _retries.WaitAsync(either.Token).AsTask()).ConfigureAwait(false);
        await either.CancelAsync().ConfigureAwait(false);
        cancel.ThrowIfCancellationRequested();
    }

    private async Task DealAsync(IReadOnlyList<ArchivedEntry> entries, int start, int end, IReadOnlyList<long> checkpoints, CancellationToken cancel)
    {
        var active = Active ?? throw new ArchiveDamagedException($"Entry {entries[start].Position} comes before any activation.");
        var traced = traces?.Find(entries[start].Position, entries[end - 1].Position) ?? [];
        using var span = EntryTraces.Begin("dispatch", [.. traced.Select(t => t.Context)]);
        span?.SetTag("surveillance.entries", end - start);
        var prepared = new PreparedEntry?[end - start];
        Parallel.For(0, prepared.Length, i =>
        {
            if (entries[start + i].Kind != EntryKind.Consent)
            {
                var began = meter.TimesMessages ? Stopwatch.GetTimestamp() : 0;
                prepared[i] = PreparedEntry.Of(entries[start + i], active.Revision.Detectors, entries[start + i].Position);
                if (began > 0)
                {
                    meter.Prepared(began);
                }
            }
        });
        var messages = new List<PreparedEntry>?[64];
        var changes = new List<ConsentChange>();
        for (var i = 0; i < prepared.Length; i++)
        {
            if (prepared[i] is not { } item)
            {
                var consent = entries[start + i].ReadConsent();
                var position = entries[start + i].Position;
                ledger.Add(consent, position);
                changes.Add(new ConsentChange(ledger.PersonOf(consent.Subject), consent.At, position, position));
                continue;
            }
            NoteOptOut(item, changes);
            var partition = ArchiveItem.PartitionOf(item.Conversation);
            if (item.Position <= checkpoints[partition])
            {
                item.Dispose(); // its partition did it before the last stop; another may still have to hear of an opt-out in it
                continue;
            }
            (messages[partition] ??= []).Add(item);
        }
        var (after, through) = (entries[start].Position - 1, entries[end - 1].Position);
        for (var partition = 0; partition < 64; partition++)
        {
            List<ConsentChange> news = checkpoints[partition] <= after ? changes : [.. changes.Where(c => c.Position > checkpoints[partition])];
            if (messages[partition] is not null || news.Count > 0)
            {
                var goesOn = span is not null && messages[partition]?.Exists(m => traced.Any(t => m.Position >= t.First && m.Position <= t.Last)) == true;
                var work = new DealtWork(through, active, messages[partition] ?? [], news) { Trace = goesOn ? span!.Context : default };
                await SendAsync(partition, after, work, cancel).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Deals a message that was dealt before, with what is known now.</summary>
    private async Task DealAgainAsync(long position, long dealt, CancellationToken cancel)
    {
        if (Active is not { } active || archive.Find(position) is not { } entry)
        {
            return;
        }
        var item = PreparedEntry.Of(entry, active.Revision.Detectors, dealt, again: true, retried: true);
        var changes = new List<ConsentChange>();
        NoteOptOut(item, changes);
        var own = ArchiveItem.PartitionOf(item.Conversation);
        for (var partition = 0; partition < 64; partition++)
        {
            if (partition == own || changes.Count > 0)
            {
                await SendAsync(partition, dealt, new DealtWork(dealt, active, partition == own ? [item] : [], changes), cancel).ConfigureAwait(false);
            }
        }
    }

    /// <summary>An opt-out counts from its message's position, whenever it is found.</summary>
    private void NoteOptOut(PreparedEntry item, List<ConsentChange> changes)
    {
        if (item.Fault is null && item.Hits.OptOut)
        {
            var optOut = OptOuts.Of(item.Message!.Message, item.Position, ledger);
            ledger.Add(optOut);
            changes.Add(new ConsentChange(optOut.Person, optOut.At, item.Retried ? item.KnownTo + 1 : item.Position, item.KnownTo));
        }
    }

    private ValueTask SendAsync(int partition, long after, DealtWork work, CancellationToken cancel)
    {
        progress[partition].Deal(after, work.Through);
        return partitions[partition].SendAsync(work, cancel);
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
