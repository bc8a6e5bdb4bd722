using Surveillance.Health;
using Surveillance.Messages;

namespace Surveillance.Engine.Tests.Health;

public sealed class SourceActivityTests
{
    private const int Week = 168;

    /// <summary>A source with a count for each hour, by how many hours ago it was; 0 is the hour that runs.</summary>
    private static SourceActivity Source(int hours, Func<int, long> count) =>
        new(Channel.Email, DateTimeOffset.UnixEpoch, [.. Enumerable.Range(0, hours).Select(i => count(hours - 1 - i))]);

    [Fact]
    public void Last_Hours_LeavesTheRunningOneOut() => Assert.Equal(1 + 2 + 3, Source(10, ago => ago).Last(3));

    [Fact]
    public void Last_MoreHoursThanKnown_IsAllOfThem() => Assert.Equal(9, Source(10, _ => 1).Last(100));

    [Fact]
    public void Usual_FiveWeeks_IsTheMeanOfFourWeeksBefore() => Assert.Equal((10 + 20 + 30 + 40) / 4.0, Source(5 * Week, ago => ago % Week == 1 ? ago / Week * 10 : 7).Usual());

    [Fact]
    public void Usual_LessThanAWeekKnown_IsUnknown() => Assert.Null(Source(5 * Week, ago => ago < 100 ? 5 : 0).Usual());

    [Fact]
    public void Usual_TwoWeeksKnown_CountsNoWeekBeforeTheFirstMessage() => Assert.Equal(6, Source(5 * Week, ago => ago <= 2 * Week ? 6 : 0).Usual());

    [Theory]
    [InlineData(3, true)]
    [InlineData(2, false)] // it spoke in the third hour
    [InlineData(0, false)]
    public void IsSilent_HoursWithoutMessage_AfterThree(int hours, bool silent) => Assert.Equal(silent, Source(5 * Week, ago => ago <= hours && hours > 0 ? 0 : 8).IsSilent);

    [Fact]
    public void IsSilent_NightEveryNight_IsNot() => Assert.False(Source(5 * Week, ago => ago % 24 < 8 ? 0 : 50).IsSilent);

    [Theory]
    [InlineData(2_000, 100, 500, 20.0)] // 1,000 bytes an entry, 100 a day: 100,000 bytes of 2,000,000
    [InlineData(900, 100, 500, null)]
    [InlineData(2_000, 0.5, 500, null)]
    [InlineData(2_000, 100, 0, null)]
    public void DaysLeft_PaceAndSize_TellsOrDoesNot(long entries, double perDay, long kilobytes, double? days)
    {
        var state = new StorageState([new StoredFile("archive.db", kilobytes * 4_000)], 2_000_000, 9_000_000, "");
        Assert.Equal(days, state.DaysLeft(entries, perDay));
        Assert.Null((state with { FreeBytes = null }).DaysLeft(entries, perDay));
    }

    [Theory]
    [InlineData(200L << 30, 1_000L << 30, false)]
    [InlineData(90L << 30, 1_000L << 30, true)]
    [InlineData(900L << 20, 4L << 30, true)]
    public void IsNarrow_ATenthOrAGibibyte(long free, long total, bool narrow) => Assert.Equal(narrow, new StorageState([], free, total, "").IsNarrow);
}
