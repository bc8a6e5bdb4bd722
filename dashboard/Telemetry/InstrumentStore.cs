using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Surveillance.Dashboard.Telemetry;

/// <summary>Keeps the figures of one instrument, a series for each set of tags. Thread-safe.</summary>
internal sealed class InstrumentStore
{
    private static readonly double[] SecondBounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
    private static readonly double[] OtherBounds = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000];

    private readonly Instrument _instrument;
    private readonly bool _adds;
    private readonly double[] _bounds;
    private readonly Series _untagged;
    private readonly Series _overflow;
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series> _tagged = new(TagComparer.Instance);
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _lookup;
    private int _observation;
    private volatile int _taken; // series in _tagged: its own count would take all of its locks

    public InstrumentStore(Instrument instrument)
    {
        _instrument = instrument;
        _lookup = _tagged.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        var kind = instrument.GetType() is { IsGenericType: true } type ? type.GetGenericTypeDefinition() : null;
        _adds = kind == typeof(Counter<>) || kind == typeof(UpDownCounter<>);
        _bounds = kind == typeof(Histogram<>) ? BoundsOf(instrument) : [];
        _untagged = NewSeries();
        _overflow = NewSeries();
    }

    /// <summary>Takes a measurement.</summary>
    public void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = _untagged;
        if (tags.Length > 0 && !_lookup.TryGetValue(tags, out series))
        {
            series = _taken < LimitFor(tags) ? Add(tags) : _overflow;
        }
        if (_bounds.Length > 0)
        {
            var bucket = Array.BinarySearch(_bounds, value);
            series!.Record(value, bucket < 0 ? ~bucket : bucket);
        }
        else if (_adds) { series!.Add(value); }
        else { series!.Set(value, _observation); }
    }

    /// <summary>Room for one more is taken before it is made, so that threads together do not go beyond the limit; what lost the race gives it back.</summary>
    private Series Add(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (Interlocked.Increment(ref _taken) > LimitFor(tags))
        {
            Interlocked.Decrement(ref _taken);
            return _overflow;
        }
        var (key, made) = (tags.ToArray(), NewSeries());
        var kept = _tagged.GetOrAdd(key, made);
        if (!ReferenceEquals(kept, made))
        {
            Interlocked.Decrement(ref _taken);
        }
        return kept;
    }

    /// <summary>A series a rule and severity is what these figures are for; other tags come from outside and are kept short.</summary>
    private static int LimitFor(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == MetricsStore.RuleTag)
            {
                return MetricsStore.MaxSeriesByRule;
            }
        }
        return MetricsStore.MaxSeries;
    }

    /// <summary>From here on what was observed before is old: series that are not observed again are gone.</summary>
    public void BeginObservation() => _observation++;

    /// <summary>The figures as they are now.</summary>
    public InstrumentFigures Read()
    {
        var series = new List<SeriesFigures>();
        AddTo(series, _untagged, []);
        foreach (var (tags, one) in _tagged)
        {
            AddTo(series, one, [.. tags.Where(t => TagComparer.IsKept(t.Key)).Select(t => KeyValuePair.Create(t.Key, Word(t.Value))).OrderBy(t => t.Key, StringComparer.Ordinal)]);
        }
        AddTo(series, _overflow, [KeyValuePair.Create("otel_metric_overflow", "true")]);
        return new InstrumentFigures(_instrument, _bounds, series);
    }

    private void AddTo(List<SeriesFigures> into, Series series, KeyValuePair<string, string>[] tags)
    {
        if (series.Read(_instrument.IsObservable ? _observation : null) is { } figures)
        {
            into.Add(figures with { Tags = tags });
        }
    }

    private Series NewSeries() => new(_bounds.Length == 0 ? 0 : _bounds.Length + 1);

    private static string Word(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static double[] BoundsOf(Instrument instrument)
    {
        IEnumerable<double>? advised = instrument switch
        {
            Histogram<double> h => h.Advice?.HistogramBucketBoundaries,
            Histogram<long> h => h.Advice?.HistogramBucketBoundaries?.Select(b => (double)b),
            Histogram<int> h => h.Advice?.HistogramBucketBoundaries?.Select(b => (double)b),
            _ => null,
        };
        return advised is null ? instrument.Unit == "s" ? SecondBounds : OtherBounds : [.. advised];
    }

    /// <summary>What was measured under one set of tags.</summary>
    private sealed class Series(int buckets)
    {
        private readonly Lock _lock = new();
        private readonly long[] _buckets = new long[buckets];
        private double _value;
        private int _observed;
        private bool _any;

        public void Add(double value)
        {
            lock (_lock)
            {
                _value += value;
                _any = true;
            }
        }

        public void Set(double value, int observation)
        {
            lock (_lock)
            {
                _value = _observed == observation && _any ? _value + value : value; // tags that differ in what is not kept are one series
                _observed = observation;
                _any = true;
            }
        }

        public void Record(double value, int bucket)
        {
            lock (_lock)
            {
                _value += value;
                _buckets[bucket]++;
                _any = true;
            }
        }

        public SeriesFigures? Read(int? observation)
        {
            lock (_lock)
            {
                return _any && (observation is null || _observed == observation) ? new SeriesFigures([], _value, [.. _buckets]) : null;
            }
        }
    }

    /// <summary>Two sets of tags are the same whatever their order; what could tell an address counts for nothing.</summary>
    private sealed class TagComparer : IEqualityComparer<KeyValuePair<string, object?>[]>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, KeyValuePair<string, object?>[]>
    {
        public static readonly TagComparer Instance = new();

        public static bool IsKept(string tag) => tag is not ("server.address" or "client.address" or "network.peer.address" or "network.local.address" or "user_agent.original");

        public KeyValuePair<string, object?>[] Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => alternate.ToArray();

        public bool Equals(KeyValuePair<string, object?>[]? x, KeyValuePair<string, object?>[]? y) => x is not null && y is not null && Equals(x.AsSpan(), y);

        public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, KeyValuePair<string, object?>[] other) => Covers(alternate, other) && Covers(other, alternate);

        public int GetHashCode(KeyValuePair<string, object?>[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
        {
            var hash = 0;
            foreach (var (key, value) in alternate)
            {
                if (IsKept(key))
                {
                    hash += HashCode.Combine(key, value);
                }
            }
            return hash;
        }

        private static bool Covers(ReadOnlySpan<KeyValuePair<string, object?>> tags, ReadOnlySpan<KeyValuePair<string, object?>> by)
        {
            foreach (var tag in tags)
            {
                if (IsKept(tag.Key) && !Has(by, tag))
                {
                    return false;
                }
            }
            return true;
        }

        private static bool Has(ReadOnlySpan<KeyValuePair<string, object?>> tags, KeyValuePair<string, object?> wanted)
        {
            foreach (var tag in tags)
            {
                if (tag.Key == wanted.Key && Equals(tag.Value, wanted.Value))
                {
                    return true;
                }
            }
            return false;
        }
    }
}
