using Surveillance.Rules.Source;

namespace Surveillance.Engine.Tests.Rules;

public sealed class DurationTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("30m", 1800)]
    [InlineData("24h", 86400)]
    [InlineData("7d", 604800)]
    [InlineData("PT30M", 1800)]
    [InlineData("PT1H30M", 5400)]
    [InlineData("P1DT12H", 129600)]
    [InlineData("P1W", 604800)]
    public void TryParse_Duration_ReadsIt(string text, int seconds)
    {
        Assert.True(Duration.TryParse(text, out var value));
        Assert.Equal(TimeSpan.FromSeconds(seconds), value);
        Assert.True(Duration.TryParse(Duration.Format(value), out var again) && again == value);
        Assert.True(Duration.TryParse(Duration.FormatIso(value), out again) && again == value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("0m")]
    [InlineData("-5m")]
    [InlineData("1.5h")]
    [InlineData("30 min")]
    [InlineData("30M")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("PT0S")]
    [InlineData("P1M")]
    [InlineData("P1Y")]
    [InlineData("PT1M1H")]
    [InlineData("P1DT")]
    [InlineData("99999999999d")]
    [InlineData("PT9999999999H")]
    [InlineData("٣m")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(Duration.TryParse(text, out _));

    [Theory]
    [InlineData("30 min", 1800)]
    [InlineData("2 weeks", 1209600)]
    [InlineData("1 Hour", 3600)]
    [InlineData("24hrs", 86400)]
    public void Meant_InWords_IsUnderstood(string text, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), Duration.Meant(text));

    [Theory]
    [InlineData("soon")]
    [InlineData("30")]
    [InlineData("3 months")]
    public void Meant_Unclear_IsNull(string text) => Assert.Null(Duration.Meant(text));
}
