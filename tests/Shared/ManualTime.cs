namespace Surveillance.Tests;

/// <summary>A clock that stands until it is moved; its timers fire while it is moved past them, in order, on the mover's thread.</summary>
public sealed class ManualTime(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private long _ticks = (start ?? new DateTimeOffset(2026, 5, 4, 9, 0, 0, TimeSpan.Zero)).UtcTicks;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    /// <summary>Moves the clock on.</summary>
    public void Advance(TimeSpan by)
    {
        var end = Interlocked.Read(ref _ticks) + by.Ticks;
        while (true)
        {
            Timer? due;
            lock (_lock)
            {
                due = _timers.Where(t => t.DueAt <= end).MinBy(t => t.DueAt);
                Interlocked.Exchange(ref _ticks, due is null ? end : Math.Max(due.DueAt, _ticks));
                due?.Rearm();
            }
            if (due is null)
            {
                return;
            }
            due.Fire();
        }
    }

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(ManualTime clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public long DueAt { get; private set; } = long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                _period = period;
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : clock._ticks + dueTime.Ticks;
                clock._timers.Remove(this);
                if (DueAt != long.MaxValue)
                {
                    clock._timers.Add(this);
                }
            }
            return true;
        }

        public void Rearm()
        {
            if (_period > TimeSpan.Zero)
            {
                DueAt += _period.Ticks;
                return;
            }
            DueAt = long.MaxValue;
            clock._timers.Remove(this);
        }

        public void Fire() => callback(state);

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
