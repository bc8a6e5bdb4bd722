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

    /// <summary>A partition goes on with its own work after so many messages, and a run lets go within them.</summary>
    private const int MessagesAtOnce = 32;

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
            var (entries, through) = await ReadAsync(run.Number, next, (int)Math.Min(throttle.BatchSize, scope.Through - next), cancel).ConfigureAwait(false);
            var parts = entries
                .Where(e => e.Kind == EntryKind.Message && IsInRange(e, scope.Request))
                .GroupBy(e => ArchiveItem.PartitionOf(e.Conversation))
                .Select(g => g.Where(e => e.Position > cursors[g.Key]).Chunk(MessagesAtOnce)
                    .Select(chunk => new RescanPiece(run.Number, g.Key, chunk[^1].Position, scope, IsRetry: false, chunk)).ToArray()).ToArray();
            await Task.WhenAll(parts.Select(part => JudgeAsync(part, cancel))).ConfigureAwait(false);
            next = through;
            await store.AdvanceAsync(run.Number, next, cancel).ConfigureAwait(false);
            processed += parts.Sum(part => part.Sum(p => p.Entries.Count));
            pace.Note(processed);
            await throttle.EndAsync(cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Has one partition judge its pieces, one after the other.</summary>
    private async Task JudgeAsync(IEnumerable<RescanPiece> pieces, CancellationToken cancel)
    {
        foreach (var piece in pieces)
        {
            cancel.ThrowIfCancellationRequested();
            await partitions.JudgeAsync(piece, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>The next entries and the position up to which nothing more is to be read. One that does not read back is listed among the failures and left out.</summary>
    private async Task<(IReadOnlyList<ArchivedEntry> Entries, long Through)> ReadAsync(long run, long after, int max, CancellationToken cancel)
    {
        try
        {
            var entries = await archive.ReadAsync(after, max, cancel).ConfigureAwait(false);
            return entries.Count > 0 ? (entries, entries[^1].Position) : throw new ArchiveDamagedException($"The archive has nothing after entry {after}.");
        }
        catch (ArchiveDamagedException) when (max > 1)
        {
            return await ReadAsync(run, after, 1, cancel).ConfigureAwait(false);
        }
        catch (ArchiveDamagedException)
        {
            await store.FailAsync(run, after + 1, "The archive's content of this entry does not read back. `surveillance doctor` looks at the files.", cancel).ConfigureAwait(false);
            return ([], after + 1);
        }
    }

    private ArchivedEntry? Find(long position)
    {
        try
        {
            return archive.Find(position);
        }
        catch (ArchiveDamagedException)
        {
            return null; // stays among the failures
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
            var parts = failures.Select(f => Find(f.Position)).OfType<ArchivedEntry>()
                .GroupBy(e => ArchiveItem.PartitionOf(e.Conversation))
                .Select(g => g.Chunk(MessagesAtOnce).Select(chunk => new RescanPiece(run.Number, g.Key, 0, scope, IsRetry: true, chunk)));
            await Task.WhenAll(parts.Select(part => JudgeAsync(part, cancel))).ConfigureAwait(false);
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
        private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(10);

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
