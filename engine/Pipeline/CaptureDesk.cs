using System.Diagnostics;
using Surveillance.Archive;
using Surveillance.Capture;
using Surveillance.Messages;

namespace Surveillance.Pipeline;

/// <summary>Hands what was captured to the archive.</summary>
/// <param name="archive">Keeps it.</param>
/// <param name="ids">Makes the ids of this data folder.</param>
/// <param name="time">The clock.</param>
/// <param name="meter">What is measured; null where nobody listens.</param>
public sealed class CaptureDesk(IMessageArchive archive, IdMaker ids, TimeProvider time, PipelineMeter? meter = null) : ICaptureDesk
{
    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<CaptureReceipt>> CaptureAsync(IReadOnlyList<CaptureItem> items, CaptureEnvelope? envelope, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        using var span = EntryTraces.Source.StartActivity("capture");
        span?.SetTag("surveillance.items", items.Count);
        var batch = new ArchiveItem[items.Count];
        for (var i = 0; i < batch.Length; i++)
        {
            batch[i] = items[i] switch
            {
                { Message: { } message } item => ArchiveItem.Of(message, item.Original, ids),
                { Consent: { } consent } item => ArchiveItem.Of(consent, item.Original, ids),
                var item => ArchiveItem.Unreadable(item.Original, time.GetUtcNow(), ids),
            };
        }
        try
        {
            var kept = envelope is null ? null : new Envelope(envelope.Channel, envelope.Sha256, envelope.Verdict, envelope.Body);
            var receipts = await archive.AppendAsync(batch, kept, cancel).ConfigureAwait(false);
            IReadOnlyList<CaptureReceipt> answers = [.. receipts.Select((receipt, i) => new CaptureReceipt(receipt.Id, receipt.Position, receipt.State switch
            {
                ReceiptState.Duplicate => CaptureOutcome.Duplicate,
                ReceiptState.Conflict => CaptureOutcome.Conflict,
                _ => batch[i].Kind == EntryKind.Unreadable ? CaptureOutcome.Quarantined : CaptureOutcome.New,
            }))];
            meter?.Captured(items, answers, envelope?.Channel, started);
            return answers;
        }
        catch (ArchiveBusyException e)
        {
            meter?.NotCaptured(items, envelope?.Channel, isOverload: true, started);
            throw new CaptureUnavailableException("More is being captured than the archive keeps up with.", TimeSpan.FromSeconds(1), e) { IsOverload = true };
        }
        catch (ArchiveUnavailableException e)
        {
            meter?.NotCaptured(items, envelope?.Channel, isOverload: false, started);
            throw new CaptureUnavailableException("The archive cannot keep anything now: its disk is full or cannot be written.", TimeSpan.FromSeconds(30), e);
        }
    }
}
