using System.Diagnostics.Metrics;
using Surveillance.Messages;

namespace Surveillance.Archive;

/// <summary>What the archive measures of itself. Thread-safe; costs next to nothing while nobody listens.</summary>
/// <remarks>Every stage has such a file beside what it measures, all on one meter, because only the stage knows when its work begins and ends.</remarks>
public sealed class ArchiveMeter
{
    /// <summary>The name of the meter on which every stage measures.</summary>
    public const string Name = "Surveillance";

    /// <summary>Bounds of what takes fractions of a second, in seconds.</summary>
    internal static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private readonly Meter _meter;
    private readonly Counter<long> _entries;
    private readonly Histogram<double> _commit;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meter">Whoever made it disposes it.</param>
    public ArchiveMeter(Meter meter)
    {
        _meter = meter;
        _entries = meter.CreateCounter<long>("surveillance.archive.entries", "{entry}", "Entries kept, by kind.");
        _commit = meter.CreateHistogram("surveillance.archive.commit.duration", "s", "How long a commit of the archive takes, the sync to the disk included.", [], Seconds);
    }

    /// <summary>Tells how many batches wait for the writer, whenever somebody looks.</summary>
    /// <param name="depth">Counts them.</param>
    internal void WatchQueue(Func<int> depth) =>
        _meter.CreateObservableGauge("surveillance.archive.queue.depth", depth, "{batch}", "Batches that wait for the archive's writer.");

    /// <summary>Notes a commit that was kept.</summary>
    /// <param name="entries">What was kept.</param>
    /// <param name="took">How long it took.</param>
    internal void Kept(List<ArchivedEntry> entries, TimeSpan took)
    {
        _commit.Record(took.TotalSeconds, KeyValuePair.Create<string, object?>("outcome", "kept"));
        if (!_entries.Enabled)
        {
            return;
        }
        Span<int> counts = stackalloc int[5];
        counts.Clear();
        foreach (var entry in entries)
        {
            counts[(int)entry.Kind]++;
        }
        for (var kind = 0; kind < counts.Length; kind++)
        {
            if (counts[kind] > 0)
            {
                _entries.Add(counts[kind], KeyValuePair.Create<string, object?>("kind", Names<EntryKind>.Of((EntryKind)kind)));
            }
        }
    }

    /// <summary>Notes a commit of which nothing was kept.</summary>
    /// <param name="took">How long it took.</param>
    internal void Failed(TimeSpan took) => _commit.Record(took.TotalSeconds, KeyValuePair.Create<string, object?>("outcome", "failed"));
}
