using Surveillance.Messages;

namespace Surveillance.Health;

/// <summary>What came from a channel.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="LastReceived">When its last message was kept, UTC.</param>
/// <param name="PerHour">How many messages were kept in each hour by the clock, UTC; the last is the hour that runs.</param>
public sealed record SourceActivity(Channel Channel, DateTimeOffset LastReceived, IReadOnlyList<long> PerHour)
{
    /// <summary>How many messages came in the last whole hours, without the hour that runs.</summary>
    /// <param name="hours">How many hours, from 1.</param>
    public long Last(int hours)
    {
        long sum = 0;
        for (var i = Math.Max(0, PerHour.Count - 1 - hours); i < PerHour.Count - 1; i++)
        {
            sum += PerHour[i];
        }
        return sum;
    }

    /// <summary>How many messages an hour brings at the same time of the week, the mean of up to four weeks that lie before; null before the first week is over.</summary>
    /// <param name="hoursAgo">Which hour: 1 is the last whole one.</param>
    public double? Usual(int hoursAgo = 1)
    {
        const int week = 7 * 24;
        var first = FirstHour();
        var (sum, weeks) = (0L, 0);
        for (var i = PerHour.Count - 1 - hoursAgo - week; i >= first && weeks < 4; i -= week)
        {
            sum += PerHour[i];
            weeks++;
        }
        return weeks == 0 ? null : (double)sum / weeks;
    }

    /// <summary>Whether it fell silent: nothing in the last three whole hours that bring ten messages or more at this time of the week.</summary>
    public bool IsSilent => PerHour[^1] == 0 && Last(3) == 0 && Usual(1) + Usual(2) + Usual(3) >= 10;

    private int FirstHour()
    {
        var first = 0;
        while (first < PerHour.Count && PerHour[first] == 0)
        {
            first++;
        }
        return first;
    }
}

/// <summary>Remembers what came when from which channel. Thread-safe.</summary>
public interface ISourceHistory
{
    /// <summary>Every channel that ever brought a message, in order of the channels; counted when its messages are judged.</summary>
    /// <param name="now">The time now, UTC.</param>
    /// <param name="hours">How many hours back, the one that runs included; from 1.</param>
    IReadOnlyList<SourceActivity> Read(DateTimeOffset now, int hours);
}
