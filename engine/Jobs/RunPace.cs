namespace Surveillance.Jobs;

/// <summary>How fast a run is and when it may end.</summary>
/// <param name="ItemsPerSecond">Over the last half minute.</param>
/// <param name="Soonest">The time left at the best rate seen lately; null until there is enough to tell.</param>
/// <param name="Latest">The time left at the worst rate seen lately; null until there is enough to tell.</param>
public readonly record struct RunEstimate(double ItemsPerSecond, TimeSpan? Soonest, TimeSpan? Latest);

/// <summary>Measures a run at work. Thread-safe.</summary>
/// <param name="time">The clock.</param>
public sealed class RunPace(TimeProvider time)
{
    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(1);
    private const int Samples = 30;
    private const int EnoughSamples = 3;

    private readonly Lock _lock = new();
    private readonly Queue<(DateTimeOffset At, long Processed)> _samples = new();
    private long _processed;
    private (DateTimeOffset At, long Processed) _newest;

    /// <summary>Notes how many items are behind the run.</summary>
    /// <param name="processed">Done, skipped and failed together.</param>
    public void Note(long processed)
    {
        lock (_lock)
        {
            _processed = processed;
            var now = time.GetUtcNow();
            if (_samples.Count > 0 && now - _newest.At < SampleEvery)
            {
                return;
            }
            _newest = (now, processed);
            _samples.Enqueue(_newest);
            if (_samples.Count > Samples)
            {
                _samples.Dequeue();
            }
        }
    }

    /// <summary>What it can tell now.</summary>
    /// <param name="planned">How many items there are in all; null while that is not known.</param>
    public RunEstimate Estimate(long? planned)
    {
        lock (_lock)
        {
            if (_samples.Count < 2)
            {
                return default;
            }
            var all = _samples.ToArray();
            var overall = Rate(all[0], (time.GetUtcNow(), _processed));
            if (planned is not { } total || _samples.Count < EnoughSamples || overall <= 0)
            {
                return new RunEstimate(overall, null, null);
            }
            // Rates of thirds of the window: the range that the end can be expected in, without single slow seconds.
            var part = Math.Max(1, (all.Length - 1) / 3);
            double best = overall, worst = overall;
            for (var i = 0; i + part < all.Length; i += part)
            {
                var rate = Rate(all[i], all[i + part]);
                best = Math.Max(best, rate);
                worst = rate > 0 ? Math.Min(worst, rate) : worst;
            }
            var left = Math.Max(0, total - _processed);
            return new RunEstimate(overall, TimeSpan.FromSeconds(left / best), TimeSpan.FromSeconds(left / worst));
        }
    }

    private static double Rate((DateTimeOffset At, long Processed) from, (DateTimeOffset At, long Processed) to)
    {
        var seconds = (to.At - from.At).TotalSeconds;
        return seconds <= 0 ? 0 : (to.Processed - from.Processed) / seconds;
    }
}
