using Surveillance.Dashboard.Jobs;
using Surveillance.Jobs;
using Surveillance.Messages;
using Surveillance.Rescan;

namespace Surveillance.Dashboard.Tests.Jobs;

public sealed class JobWordsTests
{
    [Theory]
    [InlineData(3, 3, "about 3 s")]
    [InlineData(2.1, 5, "3 to 5 s")]
    [InlineData(80, 100, "80 s to 2 min")]
    [InlineData(150, 290, "3 to 5 min")]
    [InlineData(89, 90, "89 s to 2 min")]
    [InlineData(7000, 7100, "about 2 h")]
    [InlineData(0, 0, "about 0 s")]
    [InlineData(200_000, 900_000, "3 to 11 d")]
    public void Left_OfARange_IsShort(double soonest, double latest, string words) => Assert.Equal(words, JobWords.Left(soonest, latest));

    [Theory]
    [InlineData(null, null, "All messages")]
    [InlineData("2026-05-01T00:00:00Z", null, "All messages, sent from 1 May 2026")]
    [InlineData(null, "2026-06-01T00:00:00Z", "All messages, sent to 31 May 2026")]
    [InlineData("2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z", "All messages, sent from 1 May 2026 to 31 May 2026")]
    [InlineData("2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z", "All messages, sent on 1 May 2026")]
    [InlineData("2026-05-01T08:00:00Z", "2026-05-01T09:30:00Z", "All messages, sent from 1 May 2026 08:00 UTC before 1 May 2026 09:30 UTC")]
    public void Messages_OfARange_NamesWholeDays(string? from, string? to, string words) =>
        Assert.Equal(words, JobWords.Messages(new RescanRequest { From = Time(from), To = Time(to) }));

    [Theory]
    [InlineData("0 0 2 * * ?", "every day at 02:00")]
    [InlineData("0 30 2 ? * MON-FRI", "on working days at 02:30")]
    [InlineData("0 5 23 ? * SUN", "on Sundays at 23:05")]
    [InlineData("0 15 * * * ?", "every hour, 15 minutes past")]
    [InlineData("0 0 4 1 * ?", null)]
    [InlineData("0 0/5 * * * ?", null)]
    [InlineData("nonsense", null)]
    public void Cron_OfAPlainShape_IsSaidInWords(string cron, string? words) => Assert.Equal(words, CronWords.Of(cron));

    [Theory]
    [InlineData("7.00:00", true, "messages sent in the 7 days before, every rule judged again (verify)")]
    [InlineData("1.00:00", false, "messages sent in the 1 day before, changed rules alone")]
    [InlineData("1.12:00", true, "messages sent in the 36 hours before, every rule judged again (verify)")]
    [InlineData("0.00:45", false, "messages sent in the 45 minutes before, changed rules alone")]
    [InlineData(null, false, "all messages, changed rules alone")]
    public void Scheduled_RangeAndVerify_AreBothSaid(string? within, bool verify, string words) =>
        Assert.Equal(words, JobWords.Scheduled(within is null ? null : TimeSpan.Parse(within, System.Globalization.CultureInfo.InvariantCulture), verify));

    [Theory]
    [InlineData(0, null, null)]
    [InlineData(0, 0L, 100)]
    [InlineData(999, 1000L, 99)]
    [InlineData(1000, 1000L, 100)]
    public void Percent_RoundsDown(long processed, long? planned, int? percent) => Assert.Equal(percent, JobWords.Percent(processed, planned));

    [Theory]
    [InlineData("user:Maria", "Maria")]
    [InlineData("token:5f0c", "token:5f0c")]
    [InlineData("system", "engine")]
    [InlineData("operator", "operator")]
    [InlineData("user:a\u202Eb", "a[RLO]b")]
    public void By_AnActor_IsReadable(string actor, string shown) => Assert.Equal(shown, JobWords.By(actor));

    [Fact]
    public void State_AskedFor_CountsAsUnderWay()
    {
        var run = new Run { Number = 1, Kind = "rescan", Scope = "", Trigger = RunTrigger.Request, Actor = "system", State = RunState.Running, CreatedAt = default };
        Assert.Equal("Running", JobWords.State(run));
        Assert.Equal("Pausing", JobWords.State(run with { Request = RunRequest.Pause }));
        Assert.Equal("Cancelling", JobWords.State(run with { Request = RunRequest.Supersede }));
    }

    private static DateTimeOffset? Time(string? text) => text is not null && Rfc3339.TryParse(text, out var time) ? time : null;
}
