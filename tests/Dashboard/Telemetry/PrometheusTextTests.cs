using System.Diagnostics.Metrics;
using Surveillance.Dashboard.Telemetry;

namespace Surveillance.Dashboard.Tests.Telemetry;

public sealed class PrometheusTextTests : IDisposable
{
    private readonly object _scope = new();
    private readonly MetricsStore _store;
    private readonly Meter _meter;

    public PrometheusTextTests()
    {
        _store = new MetricsStore(_scope);
        _meter = new Meter(new MeterOptions("Surveillance") { Scope = _scope });
    }

    public void Dispose()
    {
        _store.Dispose();
        _meter.Dispose();
    }

    private IReadOnlyDictionary<string, Family> Read() => Exposition.Parse(PrometheusText.Write(_store.Read()));

    private static KeyValuePair<string, object?> Tag(string name, object? value) => new(name, value);

    [Fact]
    public void Write_Counter_IsATotalWithHelp()
    {
        var counter = _meter.CreateCounter<long>("things.done", "{thing}", "Things that were done, back\\slash\nand line.");
        counter.Add(2);
        counter.Add(3);
        var family = Read()["things_done_total"];
        Assert.Equal(("counter", "Things that were done, back\\slash\nand line.", 5d), (family.Type, family.Help, family.Samples.Single().Value));
    }

    [Theory]
    [InlineData("quote \" backslash \\ line\nend")]
    [InlineData("")]
    [InlineData("Ünïcödé 鷲 💬")]
    [InlineData("a,b=\"c\"}")]
    public void Write_AnyTagValue_ReadsBack(string value)
    {
        _meter.CreateCounter<int>("c").Add(1, Tag("a.b", value), Tag("9x", 7));
        var labels = Read()["c_total"].Samples.Single().Labels;
        Assert.Equal(value, labels["a_b"]);
        Assert.Equal("7", labels["_9x"]);
    }

    [Fact]
    public void Write_Histogram_CountsUpToInfinity()
    {
        var histogram = _meter.CreateHistogram("waited", "s", null, [], new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (var seconds in new[] { 0.05, 0.1, 0.5, 2 })
        {
            histogram.Record(seconds, Tag("le", "a label that Prometheus owns"));
        }
        var samples = Read()["waited_seconds"].Samples;
        Assert.Equal([("0.1", 2), ("1", 3), ("+Inf", 4)], samples.Where(s => s.Name == "waited_seconds_bucket").Select(s => (s.Labels["le"], (int)s.Value)));
        Assert.Equal(2.65, samples.Single(s => s.Name == "waited_seconds_sum").Value, 9);
        Assert.All(samples, s => Assert.Equal("a label that Prometheus owns", s.Labels["tag_le"]));
    }

    [Fact]
    public void Write_Observables_AreAskedAnewEachTime()
    {
        var states = new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 };
        _meter.CreateObservableGauge("depth", () => states.Select(s => new Measurement<int>(s.Value, Tag("of", s.Key))));
        Assert.Equal(2, Read()["depth"].Samples.Count);
        states.Remove("a");
        states["b"] = 9;
        Assert.Equal(("b", 9d), Read()["depth"].Samples.Select(s => (s.Labels["of"], s.Value)).Single());
    }

    [Fact]
    public void Read_OneObservableThrows_TheOthersAreThereAllTheSame()
    {
        _meter.CreateObservableGauge<int>("broken", new Func<int>(() => throw new InvalidOperationException("words")));
        _meter.CreateObservableGauge("whole", () => 1);
        var told = new List<string>();
        Assert.Contains(_store.Read(told.Add), f => f.Instrument.Name == "whole" && f.Series.Count == 1);
        Assert.Equal(["InvalidOperationException"], told);
    }

    [Fact]
    public void Take_TagsInAnotherOrder_IsTheSameSeries()
    {
        var counter = _meter.CreateCounter<long>("c");
        counter.Add(1, Tag("a", "1"), Tag("b", "2"));
        counter.Add(1, Tag("b", "2"), Tag("a", "1"));
        Assert.Equal(2, Read()["c_total"].Samples.Single().Value);
    }

    [Fact]
    public void Take_AddressesInTags_AreLeftOut()
    {
        var counter = _meter.CreateUpDownCounter<long>("connections");
        counter.Add(1, Tag("server.address", "/srv/data/control.sock"), Tag("transport", "unix"));
        counter.Add(1, Tag("server.address", "10.1.2.3"), Tag("transport", "unix"));
        var sample = Read()["connections"].Samples.Single();
        Assert.Equal((2d, "unix"), (sample.Value, sample.Labels.Single().Value));
    }

    [Fact]
    public void Take_TooManySeries_AreOneTogether()
    {
        var counter = _meter.CreateCounter<long>("c");
        for (var i = 0; i < MetricsStore.MaxSeries + 500; i++)
        {
            counter.Add(1, Tag("id", i));
        }
        counter.Add(1, Tag("id", 0));
        var samples = Read()["c_total"].Samples;
        Assert.Equal(MetricsStore.MaxSeries + 1, samples.Count);
        Assert.Equal(500, samples.Single(s => s.Labels.ContainsKey("otel_metric_overflow")).Value);
        Assert.Equal(2, samples.Single(s => s.Labels.GetValueOrDefault("id") == "0").Value);
    }

    [Fact]
    public void Write_TenThousandRules_EachHasItsOwnFigures()
    {
        var counter = _meter.CreateCounter<long>("c");
        for (var i = 0; i < 10_000; i++)
        {
            counter.Add(1, Tag("rule", i), Tag("severity", "high"));
        }
        Assert.Equal(10_000, Read()["c_total"].Samples.Count(s => s.Labels.ContainsKey("rule")));
        for (var i = 10_000; i < MetricsStore.MaxSeriesByRule + 7; i++)
        {
            counter.Add(1, Tag("rule", i), Tag("severity", "high"));
        }
        Assert.Equal(7, Read()["c_total"].Samples.Single(s => s.Labels.ContainsKey("otel_metric_overflow")).Value);
    }

    [Fact]
    public void Write_ManyThreadsBringNewTags_KeepToTheLimitAndLoseNothing()
    {
        var counter = _meter.CreateCounter<long>("c");
        Parallel.For(0, 4 * (MetricsStore.MaxSeries + 500), new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => counter.Add(1, Tag("id", i / 4)));
        var samples = Read()["c_total"].Samples;
        Assert.InRange(samples.Count, MetricsStore.MaxSeries, MetricsStore.MaxSeries + 1);
        Assert.Equal(4 * (MetricsStore.MaxSeries + 500), samples.Sum(s => s.Value));
    }

    [Fact]
    public void Write_TwoInstrumentsOfOneName_AreOneFamily()
    {
        using var other = new Meter(new MeterOptions("Surveillance") { Scope = _scope });
        _meter.CreateCounter<long>("a.b").Add(1);
        other.CreateCounter<long>("a_b").Add(1, Tag("x", "y"));
        other.CreateUpDownCounter<long>("a.b_total").Add(4);
        Assert.Equal(2, Read()["a_b_total"].Samples.Count);
    }

    [Fact]
    public void Read_MetersOfAnotherHost_AreNotTaken()
    {
        using var other = new Meter(new MeterOptions("Surveillance") { Scope = new object() });
        other.CreateCounter<long>("elsewhere").Add(1);
        Assert.DoesNotContain("elsewhere_total", Read().Keys);
    }

    [Fact]
    public void Take_ManyThreads_LosesNothing()
    {
        var counter = _meter.CreateCounter<long>("c");
        var histogram = _meter.CreateHistogram<double>("h", "s");
        Parallel.For(0, 8, worker =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                counter.Add(1, Tag("n", i % 50));
                histogram.Record(0.01, Tag("n", "x"));
            }
        });
        var read = Read();
        Assert.Equal(40_000, read["c_total"].Samples.Sum(s => s.Value));
        Assert.Equal(40_000, read["h_seconds"].Samples.Single(s => s.Name == "h_seconds_count").Value);
    }
}
