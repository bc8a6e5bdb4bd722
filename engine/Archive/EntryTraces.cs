using System.Diagnostics;

namespace Surveillance.Archive;

/// <summary>Remembers which entries a sampled trace brought, so that the stages behind the archive go on with it. Thread-safe; holds the last thousand.</summary>
/// <remarks>The archive itself keeps nothing of a trace: after a restart, or when a stage lags far behind, its spans begin anew.</remarks>
public sealed class EntryTraces
{
    /// <summary>Where every stage's spans come from.</summary>
    public static readonly ActivitySource Source = new(ArchiveMeter.Name);

    internal const int Kept = 1_000;
    internal const int MaxLinks = 32;

    private readonly Lock _lock = new();
    private readonly Queue<(long First, long Last, ActivityContext Context)> _brought = new();
    private volatile bool _any;

    /// <summary>The trace that goes on here, when somebody records it; else the default.</summary>
    internal static ActivityContext Current => Activity.Current is { Recorded: true } activity ? activity.Context : default;

    /// <summary>Begins a span that goes on with the first of some traces and is linked with the others; null where there is none or nobody records it.</summary>
    /// <param name="name">What is done.</param>
    /// <param name="traces">The traces.</param>
    internal static Activity? Begin(string name, IReadOnlyList<ActivityContext> traces) => traces.Count == 0
        ? null
        : Source.StartActivity(name, ActivityKind.Internal, traces[0], links: traces.Skip(1).Take(MaxLinks).Select(t => new ActivityLink(t)));

    /// <summary>Notes what a trace brought, before readers see the entries.</summary>
    /// <param name="first">Position of its first entry.</param>
    /// <param name="last">Position of its last entry.</param>
    /// <param name="context">The trace.</param>
    internal void Note(long first, long last, ActivityContext context)
    {
        lock (_lock)
        {
            if (_brought.Count == Kept)
            {
                _brought.Dequeue();
            }
            _brought.Enqueue((first, last, context));
            _any = true;
        }
    }

    /// <summary>The traces that brought entries of a range, with the positions of theirs.</summary>
    /// <param name="first">The first position.</param>
    /// <param name="last">The last position.</param>
    internal IReadOnlyList<(long First, long Last, ActivityContext Context)> Find(long first, long last)
    {
        if (!_any)
        {
            return [];
        }
        lock (_lock)
        {
            return [.. _brought.Where(b => b.First <= last && b.Last >= first)];
        }
    }
}
