using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Surveillance.Accounts;
using Surveillance.Archive;
using Surveillance.Archive.Search;
using Surveillance.Audit;
using Surveillance.Dashboard.Tests.Service;
using Surveillance.Messages;
using Surveillance.Tests;

namespace Surveillance.Dashboard.Tests.Search;

/// <summary>A service with 130 messages, all indexed, two of them with an alert.</summary>
public sealed class SearchFixture : IAsyncLifetime
{
    public ServiceHost Service { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Service = await ServiceHost.StartAsync();
        Client = await Service.ClientAsync(Scopes.IngestWrite, Scopes.MessagesRead, Scopes.AlertsRead, Scopes.JobsRun);
        var lines = Enumerable.Range(0, 126).Select(i => RunningService.Line($"rate-{i}", $"the rate of day {i} <b>is</b> fine"))
            .Append(RunningService.Line("pitch", RunningService.Pitch))
            .Append(RunningService.Line("move", "ping me on my personal whatsapp instead"))
            .Append(RunningService.Line("chinese", "本周限时理财优惠，名额有限"))
            .Append("""{"id":"mail","channel":"email","sentAt":"2026-06-01T08:00:00Z","from":{"address":"o.quorble@bank.example","role":"employee","name":"Ola Quorble"},"to":[{"address":"c@firm.example"}],"subject":"Zanzibar","text":"see the file","attachments":[{"name":"quarter.xlsx"}]}""");
        using var response = await Client.PostBatchAsync(lines, default);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Service.DoneAsync();
        await IndexedAsync();
    }

    /// <summary>Waits until everything that was kept is indexed.</summary>
    public async Task IndexedAsync()
    {
        var (index, archive) = (Service.App.Services.GetRequiredService<ISearchIndex>(), Service.App.Services.GetRequiredService<IMessageArchive>());
        await Eventually.IsTrueAsync(() => index.Read().IndexedTo == archive.LastPosition, "everything is indexed");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Service.DisposeAsync();
    }
}

/// <summary>The search as programs and people meet it.</summary>
public sealed class SearchTests(SearchFixture fixture) : IClassFixture<SearchFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("rate", 126)]
    [InlineData("rate \"day 17\"", 1)]
    [InlineData("理财", 1)]
    [InlineData("zanz*", 1)]
    [InlineData("quarter.xlsx", 1)]
    [InlineData("from:quorble channel:email", 1)]
    [InlineData("to:\"+49 151 12345678\"", 129)]
    [InlineData("after:2026-06-01", 1)]
    [InlineData("nothing of the kind", 0)]
    [InlineData("", 130)]
    public async Task Search_Query_GivesTheSameIdsOnThePageAndInTheApi(string query, int expected)
    {
        var fromApi = new List<string>();
        for (var path = "/api/v1/messages?limit=37&q=" + Uri.EscapeDataString(query); path is not null;)
        {
            var page = await fixture.Client.JsonAsync(path, Cancel);
            Assert.Equal(expected, page.GetProperty("approxTotal").GetInt32());
            Assert.Equal(page.GetProperty("head").GetInt64(), page.GetProperty("indexedTo").GetInt64());
            fromApi.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.Text("id")));
            path = page.TryGetProperty("next", out var next) ? $"/api/v1/messages?limit=37&q={Uri.EscapeDataString(query)}&after={Uri.EscapeDataString(next.GetString()!)}" : null;
        }
        var fromPage = new List<string>();
        for (var path = "/messages?q=" + Uri.EscapeDataString(query); path is not null;)
        {
            var html = await HtmlAsync(path);
            fromPage.AddRange(Regex.Matches(html, "data-testid=\"message-row\" data-id=\"([a-z2-7]{26})\"").Select(m => m.Groups[1].Value));
            path = Regex.Match(html, "rel=\"next\" id=\"more\" href=\"([^\"]+)\"") is { Success: true } more ? WebUtility.HtmlDecode(more.Groups[1].Value) : null;
        }
        Assert.Equal(expected, fromApi.Count);
        Assert.Equal(fromApi, fromPage);
        Assert.Equal(expected, fromApi.Distinct().Count());
    }

    [Fact]
    public async Task Api_Item_SaysWhoWhenWhereAndWhatIsMarked()
    {
        var item = (await fixture.Client.JsonAsync("/api/v1/messages?q=zanzibar", Cancel)).GetProperty("items")[0];
        Assert.Equal(("email", "outbound", "2026-06-01T08:00:00Z", "Zanzibar", "Zanzibar"), (item.Text("channel"), item.Text("direction"), item.Text("sentAt"), item.Text("subject"), item.Text("snippet")));
        Assert.Equal("o.quorble@bank.example", item.GetProperty("from").Text("address"));
        Assert.Equal("""[{"part":"subject","start":0,"end":8}]""", item.GetProperty("evidence").GetRawText());
        Assert.Equal(0, item.GetProperty("alerts").GetArrayLength());
        var moved = (await fixture.Client.JsonAsync("/api/v1/messages?q=\"personal whatsapp\"", Cancel)).GetProperty("items")[0];
        var alert = Assert.Single(moved.GetProperty("alerts").EnumerateArray()).GetString();
        Assert.Equal(moved.Text("id"), (await fixture.Client.JsonAsync("/api/v1/alerts/" + alert, Cancel)).GetProperty("alert").Text("message"));
    }

    [Fact]
    public async Task Page_Row_LinksIntoTheConversationAndEscapesTheWords()
    {
        var html = await HtmlAsync("/messages?q=\"day 99\"");
        Assert.Contains("the rate of <mark>day 99</mark> &lt;b&gt;is&lt;/b&gt; fine", html, StringComparison.Ordinal);
        var link = WebUtility.HtmlDecode(Regex.Match(html, "href=\"(/conversations/[^\"]+)\"").Groups[1].Value);
        Assert.Contains($"id=\"{link.Split('#')[1]}\"", await HtmlAsync(link), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rate form:shah", 6, "from")]
    [InlineData("\"rate", 1, "never closed")]
    [InlineData("after:soon", 7, "2026-05-04")]
    [InlineData("<script>alert(1)</script> ab*", 27, "3 letters")]
    public async Task BadQuery_IsToldWithItsColumnAndKept(string query, int column, string says)
    {
        var problem = await ProblemAsync("/api/v1/messages?q=" + Uri.EscapeDataString(query), HttpStatusCode.BadRequest, "bad-query");
        Assert.Equal(column, problem.GetProperty("column").GetInt32());
        Assert.Equal(column, problem.GetProperty("errors")[0].GetProperty("column").GetInt32());
        Assert.Contains(says, problem.Text("detail"), StringComparison.Ordinal);
        var html = await HtmlAsync("/messages?q=" + Uri.EscapeDataString(query));
        Assert.Contains($"data-column=\"{column}\"", html, StringComparison.Ordinal);
        Assert.Contains($"value=\"{WebUtility.HtmlEncode(query)}\"", html, StringComparison.Ordinal);
        Assert.Matches($"\n {{{column - 1}}}\\^", WebUtility.HtmlDecode(html));
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("q=rate&after=nonsense", "cursor-mismatch")]
    [InlineData("limit=0", "bad-request")]
    [InlineData("limit=201", "bad-request")]
    [InlineData("limit=many", "bad-request")]
    public async Task Api_WhatCannotBe_400(string query, string type) => await ProblemAsync("/api/v1/messages?" + query, HttpStatusCode.BadRequest, type);

    [Fact]
    public async Task Api_CursorOfAnotherQuery_400AndThePageShowsItsStart()
    {
        var next = Uri.EscapeDataString((await fixture.Client.JsonAsync("/api/v1/messages?q=rate&limit=1", Cancel)).GetProperty("next").GetString()!);
        await ProblemAsync("/api/v1/messages?q=day&after=" + next, HttpStatusCode.BadRequest, "cursor-mismatch");
        Assert.Contains("this is its start", await HtmlAsync("/messages?q=day&after=" + next), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Api_WithoutScope_403AndWithoutAlertScopeNoAlerts()
    {
        using var reader = await fixture.Service.ClientAsync("reader", [Scopes.MessagesRead]);
        using var other = await fixture.Service.ClientAsync("writer", [Scopes.IngestWrite]);
        Assert.Equal(HttpStatusCode.Forbidden, (await other.GetAsync("/api/v1/messages", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await other.GetAsync("/messages", Cancel)).StatusCode);
        Assert.False((await reader.JsonAsync("/api/v1/messages?limit=1", Cancel)).GetProperty("items")[0].TryGetProperty("alerts", out _));
    }

    [Fact]
    public async Task Search_ForAPerson_IsWrittenDownWithoutTheWords()
    {
        var audit = fixture.Service.App.Services.GetRequiredService<IAuditLog>();
        var ids = fixture.Service.App.Services.GetRequiredService<IdMaker>();
        var before = (await audit.ReadAsync(0, 10_000, Cancel)).Count;
        await fixture.Client.JsonAsync("/api/v1/messages?q=" + Uri.EscapeDataString("rate channel:whatsapp"), Cancel);
        Assert.Equal(before, (await audit.ReadAsync(0, 10_000, Cancel)).Count);
        await fixture.Client.JsonAsync("/api/v1/messages?q=" + Uri.EscapeDataString("secretword from:\"+49 151 1234 5678\" with:Quorble to:+4915112345678"), Cancel);
        await HtmlAsync("/messages?q=from:quorble");
        var written = (await audit.ReadAsync(before, 10, Cancel)).Select(r => r.Entry).ToList();
        Assert.All(written, e => Assert.Equal("person.search", e.Action));
        Assert.All(written, e => Assert.StartsWith("token:", e.Actor, StringComparison.Ordinal));
        Assert.Equal(
            ["person:" + ids.Person("+4915112345678"), "person:" + ids.Person("quorble"), "person:" + ids.Person("quorble")],
            written.Select(e => e.Object));
        Assert.StartsWith("field from, to of query ", written[0].Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(written, e => Regex.IsMatch(e.Object + e.Reason, "secretword|quorble|4915", RegexOptions.IgnoreCase));
    }

    [Fact]
    public async Task Rebuild_ByTheButton_NeedsItsTokenAndTheScope()
    {
        using var form = new FormUrlEncodedContent([]);
        Assert.Equal(HttpStatusCode.BadRequest, (await fixture.Client.PostAsync("/messages/rebuild-index", form, Cancel)).StatusCode);
        using var reader = await fixture.Service.ClientAsync("no jobs", [Scopes.MessagesRead]);
        Assert.DoesNotContain("rebuild-index", await reader.GetStringAsync("/messages", Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.PostAsync("/messages/rebuild-index", form, Cancel)).StatusCode);
    }

    private async Task<string> HtmlAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative)) { Headers = { { "Accept", "text/html" } } };
        using var response = await fixture.Client.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Cancel);
    }

    private async Task<JsonElement> ProblemAsync(string path, HttpStatusCode status, string type)
    {
        using var response = await fixture.Client.GetAsync(path, Cancel);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel)).RootElement;
        Assert.Equal((status, "/problems/" + type), (response.StatusCode, problem.Text("type")));
        return problem;
    }
}
