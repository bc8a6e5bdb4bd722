using Surveillance.Dashboard.Alerts;
using Surveillance.Messages;
using Surveillance.Review;

namespace Surveillance.Dashboard.Tests.Alerts;

public sealed class AlertListQueryTests
{
    [Theory]
    [InlineData("")]
    [InlineData("status=all")]
    [InlineData("status=closed")]
    [InlineData("severity=high&severity=critical&rule=off-channel-move&channel=whatsapp&channel=email&sort=newest&density=compact&after=abc")]
    [InlineData("status=open&status=escalated&rule=a%26b%3Dc")]
    [InlineData("standing=no-longer-raised")]
    public void Parse_WhatToStringWrote_GivesTheSame(string address)
    {
        var query = AlertListQuery.Parse(address);
        var again = AlertListQuery.Parse(query.ToString());
        Assert.Equal(query.ToString(), again.ToString());
        Assert.Equal(query.Statuses, again.Statuses);
        Assert.Equal(query.Severities, again.Severities);
        Assert.Equal(query.Rules, again.Rules);
        Assert.Equal(query.Channels, again.Channels);
        Assert.Equal(query.Standing, again.Standing);
        Assert.Empty(again.NotUnderstood);
    }

    [Fact]
    public void Parse_Nothing_ShowsOpenAlertsHeaviestFirst()
    {
        var query = AlertListQuery.Parse(null);
        Assert.Equal([AlertStatus.Open], query.Filter.Statuses);
        Assert.Equal(AlertSort.Priority, query.Sort);
        Assert.Equal("/alerts", query.Url);
    }

    [Fact]
    public void Parse_All_AsksNothingOfTheStatus() => Assert.Empty(AlertListQuery.Parse("?status=all").Filter.Statuses);

    [Fact]
    public void Parse_StrangeWords_AreToldNotSwallowed()
    {
        var query = AlertListQuery.Parse("severity=urgent&channel=fax&severity=high");
        Assert.Equal(["severity=urgent", "channel=fax"], query.NotUnderstood);
        Assert.Equal([Severity.High], query.Severities);
    }

    [Theory]
    [InlineData("", null, "")]
    [InlineData("standing=", null, "")]
    [InlineData("standing=all", null, "")]
    [InlineData("standing=raised", Standing.Raised, "standing=raised")]
    [InlineData("standing=no-longer-raised&severity=high", Standing.NoLongerRaised, "status=none")]
    public void Parse_Standing_NarrowsTheListAndWhatArrives(string address, Standing? standing, string arrivals)
    {
        var query = AlertListQuery.Parse(address);
        Assert.Equal(standing is { } asked ? [asked] : [], query.Filter.Standings);
        Assert.Equal(standing is not null || query.Severities.Count > 0, query.IsNarrowed);
        Assert.Equal(arrivals, query.Arrivals);
        Assert.Empty(query.NotUnderstood);
        Assert.Equal(["standing=nolongerraised"], AlertListQuery.Parse("standing=nolongerraised").NotUnderstood);
    }

    [Fact]
    public void Context_OfAPage_IsTheListFromItsStart() => Assert.Equal("severity=high", AlertListQuery.Parse("severity=high&after=x&density=compact").Context.ToString());
}
