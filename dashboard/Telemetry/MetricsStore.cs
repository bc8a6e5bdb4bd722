using System.Diagnostics.Metrics;
using Surveillance.Archive;

namespace Surveillance.Dashboard.Telemetry;

/// <summary>The figures of an instrument as they are now.</summary>
/// <param name="Instrument">The instrument.</param>
/// <param name="Bounds">Upper bounds of a histogram's buckets, rising, without the last one; empty for others.</param>
/// <param name="Series">One entry for each set of tags.</param>
internal sealed record InstrumentFigures(Instrument Instrument, IReadOnlyList<double> Bounds, IReadOnlyList<SeriesFigures> Series)
{
    /// <summary>Whether it is a histogram.</summary>
    public bool IsHistogram => Bounds.Count > 0;
}

/// <summary>The figures of one set of tags.</summary>
/// <param name="Tags">Names and values, in order of the names.</param>
/// <param name="Value">The value; for a histogram the sum of what was recorded.</param>
/// <param name="Buckets">For a histogram how often a value fell into each bucket, one more than there are bounds; else empty.</param>
internal readonly record struct SeriesFigures(IReadOnlyList<KeyValuePair<string, string>> Tags, double Value, IReadOnlyList<long> Buckets);

/// <summary>Listens to the meters of one host and of the runtime and keeps their figures. Thread-safe; a measurement costs a look-up and an addition.</summary>
internal sealed class MetricsStore : IDisposable
{
    /// <summary>Sets of tags that an instrument may have; what comes beyond is counted in one series together.</summary>
    internal const int MaxSeries = 2_000;

    /// <summary>The same of an instrument that is tagged by rule: more than twice as many as a large firm's rules in force.</summary>
    internal const int MaxSeriesByRule = 20_000;

    /// <summary>The tag that names a rule.</summary>
    internal const string RuleTag = "rule";

    /// <summary>Meters whose figures are kept.</summary>
    internal static readonly string[] Meters = [ArchiveMeter.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", Runtime];

    private const string Runtime = "System.Runtime";

    private readonly object? _scope;
    private readonly MeterListener _listener = new();
    private readonly List<InstrumentStore> _instruments = [];
    private readonly Lock _reading = new();

    /// <summary>Listens from now on.</summary>
    /// <param name="scope">The factory of the host's meters: those of other hosts in the process are left to them.</param>
    public MetricsStore(object? scope)
    {
        _scope = scope;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!Takes(instrument.Meter))
            {
                return;
            }
            var store = new InstrumentStore(instrument);
            lock (_instruments)
            {
                _instruments.Add(store);
            }
            listener.EnableMeasurementEvents(instrument, store);
        };
        _listener.MeasurementsCompleted = (_, state) =>
        {
            lock (_instruments)
            {
                _instruments.Remove((InstrumentStore)state!);
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((InstrumentStore)state!).Take(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((InstrumentStore)state!).Take(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((InstrumentStore)state!).Take(value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, state) => ((InstrumentStore)state!).Take(value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, state) => ((InstrumentStore)state!).Take(value, tags));
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, state) => ((InstrumentStore)state!).Take(value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, state) => ((InstrumentStore)state!).Take((double)value, tags));
        _listener.Start();
    }

    /// <summary>Every instrument's figures as they are now, in order of name.</summary>
    /// <param name="failures">Told the kind of what went wrong with an instrument that could not be asked; the others are there all the same.</param>
    public IReadOnlyList<InstrumentFigures> Read(Action<string>? failures = null)
    {
        lock (_reading)
        {
            List<InstrumentStore> instruments;
            lock (_instruments)
            {
                instruments = [.. _instruments];
            }
            foreach (var store in instruments)
            {
                store.BeginObservation();
            }
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException e)
            {
                foreach (var inner in e.InnerExceptions)
                {
                    failures?.Invoke(inner.GetType().Name);
                }
            }
            return [.. instruments.Select(i => i.Read()).OrderBy(f => f.Instrument.Name, StringComparer.Ordinal)];
        }
    }

    /// <inheritdoc />
    public void Dispose() => _listener.Dispose();

    private bool Takes(Meter meter) => Meters.Contains(meter.Name) && (meter.Name == Runtime || ReferenceEquals(meter.Scope, _scope));
}
