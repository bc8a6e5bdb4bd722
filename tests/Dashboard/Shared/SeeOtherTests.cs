using Surveillance.Dashboard.Shared;

namespace Surveillance.Dashboard.Tests.Shared;

public sealed class SeeOtherTests
{
    [Theory]
    [InlineData("/alerts?status=all#x", "/alerts?status=all#x")]
    [InlineData(null, "/home")]
    [InlineData("", "/home")]
    [InlineData("alerts", "/home")]
    [InlineData("//elsewhere.example/", "/home")]
    [InlineData("/\\elsewhere.example/", "/home")]
    [InlineData("https://elsewhere.example/", "/home")]
    [InlineData("/alerts\r\nSet-Cookie: a=b", "/home")]
    [InlineData("/älert", "/home")]
    public void Back_PlaceAskedFor_StaysOnThisSite(string? back, string url) => Assert.Equal(url, SeeOther.Back(back, "/home").Url);

    [Theory]
    [InlineData(0, "now", "just now", "0 seconds")]
    [InlineData(-60, "now", "just now", "0 seconds")]
    [InlineData(59, "59 s", "59 s ago", "59 seconds")]
    [InlineData(60, "1 min", "1 min ago", "1 minute")]
    [InlineData(3_600, "1 h", "1 h ago", "1 hour")]
    [InlineData(86_400, "24 h", "24 h ago", "24 hours")]
    [InlineData(259_200, "3 d", "3 d ago", "3 days")]
    public void TimeWords_SpansOfTime_ReadAsPeopleSayThem(int seconds, string age, string ago, string inWords)
    {
        var span = TimeSpan.FromSeconds(seconds);
        Assert.Equal((age, ago, inWords), (TimeWords.Age(span), TimeWords.Ago(span), TimeWords.Long(span)));
    }
}
