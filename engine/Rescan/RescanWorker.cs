using System.Text.Json;
using Surveillance.Archive;
using Surveillance.Jobs;

namespace Surveillance.Rescan;

/// <summary>Takes the archive through the partitions once more, in order of position, at a pace that leaves intake its own.</summary>
/// <remarks>
/// A run has no state of its own: where each partition is, and what was counted, is stored with the results of each piece, so
/// that a run goes on after any stop as if there had been none.
/// </remarks>
/// <param name="archive">What is scanned.</param>
/// <param name="store">Where each partition is.</param>
/// <param name="runs">The runs.</param>
/// <param name="partitions">Judge and store.</param>
/// <param name="time">The clock.</param>
public sealed class RescanWorker(IMessageArchive archive, IRescanStore store, IRunStore runs, IRescanPartitions partitions, TimeProvider time) : IRunWorker
{
    private const int RetriesAtOnce = 256;

    /// <inheritdoc />
    public string Kind => RescanDesk.Kind;

    /// <inheritdoc />
    public async Task WorkAsync(Run run, RunPace pace, CancellationToken cancel)
    {
        var scope = ReadScope(run);
        await partitions.WaitUntilDealtAsync(scope.Through, cancel).ConfigureAwait(false);
        if (run.Planned is not { } planned)
        {
            planned = archive.CountMessages(scope.Request.From, scope.Request.To, scope.Through);
            await runs.PlanAsync(run.Number, planned, cancel).ConfigureAwait(false);
        }
        pace.Note(run.Processed);
        if (run.Processed < planned)
        {
            await ScanAsync(run, scope, pace, cancel).ConfigureAwait(false);
        }
        else if (run.Failed > 0)
        {
            await RetryAsync(run, scope, cancel).ConfigureAwait(false);
        }
    }

    private static RescanScope ReadScope(Run run)
    {
        try
        {
            return RescanScope.FromJson(run.Scope);
        }
        catch (JsonException)
        {
            throw new RunFailedException("This version of the program cannot read what the run is about.");
        }
    }

    private async Task ScanAsync(Run run, RescanScope scope, RunPace pace, CancellationToken cancel)
    {
        var cursors = store.ReadCursors(run.Number);
        var throttle = new Throttle(archive, time);
        var processed = run.Processed;
        for (var next = cursors.Min(); next < scope.Through;)
        {
            throttle.Begin();
            var entries = await archive.ReadAsync(next, (int)Math.Min(throttle.BatchSize, scope.Through - next), cancel).ConfigureAwait(false);
            if (entries.Count == 0)
            {
                throw new ArchiveDamagedException($"The archive ends before entry {scope.Through}.");
            }
            var through = entries[^1].Position;
            var pieces = entries
                .Where(e => e.Kind == EntryKind.Message && IsInRange(e, scope.Request))
                .GroupBy(e => ArchiveItem.PartitionOf(e.Conversation))
                .Select(g => new RescanPiece(run.Number, g.Key, through, scope, IsRetry: false, [.. g.Where(e => e.Position > cursors[g.Key])]))
                .Where(p => p.Entries.Count > 0).ToArray();
            await Task.WhenAll(pieces.Select(p => partitions.JudgeAsync(p, cancel))).ConfigureAwait(false);
            next = through;
            await store.AdvanceAsync(run.Number, next, cancel).ConfigureAwait(false);
            processed += pieces.Sum(p => p.Entries.Count);
            pace.Note(processed);
            await throttle.EndAsync(cancel).ConfigureAwait(false);
        }
    }

    private async Task RetryAsync(Run run, RescanScope scope, CancellationToken cancel)
    {
        for (long after = 0; ;)
        {
            var failures = store.ReadFailures(run.Number, after, RetriesAtOnce);
            if (failures.Count == 0)
            {
                return;
            }
            var pieces = failures.Select(f => archive.Find(f.Position)).OfType<ArchivedEntry>()
                .GroupBy(e => ArchiveItem.PartitionOf(e.Conversation))
                .Select(g => new RescanPiece(run.Number, g.Key, 0, scope, IsRetry: true, [.. g]));
            await Task.WhenAll(pieces.Select(p => partitions.JudgeAsync(p, cancel))).ConfigureAwait(false);
            after = failures[^1].Position;
        }
    }

    private static bool IsInRange(ArchivedEntry entry, RescanRequest request) =>
        (request.From is not { } from || entry.SentAt >= from) && (request.To is not { } to || entry.SentAt < to);

    /// <summary>Full speed while nothing comes in; as long as something does, short pieces of work and four times as long a rest after each.</summary>
    private sealed class Throttle(IMessageArchive archive, TimeProvider time)
    {
        private const int RestsPerWork = 4;
        private static readonly TimeSpan QuietAfter = TimeSpan.FromSeconds(1);
        private static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(500);

        private long _head = archive.LastPosition;
        private long _movedAt = time.GetTimestamp() - time.TimestampFrequency * 60;
        private long _began;

        public int BatchSize => IsBusy ? 128 : 1_024;

        private bool IsBusy => time.GetElapsedTime(_movedAt) < QuietAfter;

        public void Begin()
        {
            _began = time.GetTimestamp();
            Look();
        }

        public async Task EndAsync(CancellationToken cancel)
        {
            Look();
            if (IsBusy)
            {
                var rest = time.GetElapsedTime(_began) * RestsPerWork;
                await Task.Delay(rest < LongestRest ? rest : LongestRest, time, cancel).ConfigureAwait(false);
            }
            cancel.ThrowIfCancellationRequested();
        }

        private void Look()
        {
            var head = archive.LastPosition;
            if (head != _head)
            {
                _head = head;
                _movedAt = time.GetTimestamp();
            }
        }
    }
}
