using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Surveillance.Accounts;
using Surveillance.Dashboard.Shared;
using Surveillance.Dashboard.Tests.Service;

namespace Surveillance.Dashboard.Tests.Alerts;

/// <summary>A service with alerts of several rules, severities and channels, and two programs that may decide them.</summary>
public sealed class AlertsFixture : IAsyncLifetime
{
    public ServiceHost Service { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    /// <summary>Another program with the same rights.</summary>
    public HttpClient Other { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Service = await ServiceHost.StartAsync();
        string[] scopes = [Scopes.IngestWrite, Scopes.AlertsRead, Scopes.AlertsWrite, Scopes.MessagesRead, Scopes.QuarantineWrite];
        Client = await Service.ClientAsync(scopes);
        Other = await Service.ClientAsync("other", scopes);
        var lines = Enumerable.Range(0, 4).SelectMany(i => new[]
        {
            RunningService.Line($"pitch-{i}", RunningService.Pitch),
            RunningService.Line($"move-{i}", "ping me on my personal whatsapp instead"),
            RunningService.Line($"mail-{i}", "ping me on my personal whatsapp instead").Replace("\"channel\":\"whatsapp\"", "\"channel\":\"email\"", StringComparison.Ordinal),
        });
        using var response = await Client.PostBatchAsync(lines, default);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Service.DoneAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Other.Dispose();
        await Service.DisposeAsync();
    }
}

/// <summary>The alerts of the API as a program meets them.</summary>
public sealed class AlertsApiTests(AlertsFixture fixture) : IClassFixture<AlertsFixture>
{
    private static int s_next;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("rule=off-channel-move", "rule", "off-channel-move")]
    [InlineData("channel=email", "channel", "email")]
    [InlineData("severity=high&severity=critical", "severity", "high,critical")]
    [InlineData("standing=raised", "standing", "raised")]
    [InlineData("standing=raised&standing=no-longer-raised", "standing", "raised,no-longer-raised")]
    [InlineData("status=open&rule=marketing-without-consent", "rule", "marketing-without-consent")]
    public async Task List_Filtered_GivesThoseAloneAndCountsThem(string query, string field, string values)
    {
        var all = await fixture.Client.AlertsAsync(Cancel);
        var page = await fixture.Client.JsonAsync($"/api/v1/alerts?limit=200&{query}", Cancel);
        var found = page.GetProperty("items").EnumerateArray().ToList();
        Assert.NotEmpty(found);
        Assert.All(found, a => Assert.Contains(a.Text(field), values.Split(',')));
        if (!query.Contains("status", StringComparison.Ordinal))
        {
            Assert.Equal(all.Count(a => values.Split(',').Contains(a.Text(field))), found.Count);
        }
        Assert.Equal(found.Count, page.GetProperty("approxTotal").GetInt32());
    }

    [Theory]
    [InlineData("priority")]
    [InlineData("newest")]
    public async Task List_ByPages_GivesEachAlertOnceInOrder(string sort)
    {
        const string filter = "rule=off-channel-move&channel=email";
        var whole = (await fixture.Client.JsonAsync($"/api/v1/alerts?limit=200&sort={sort}&{filter}", Cancel)).GetProperty("items").EnumerateArray().Select(a => a.Text("id")).ToList();
        var byOne = new List<string>();
        string? after = null;
        do
        {
            var page = await fixture.Client.JsonAsync($"/api/v1/alerts?limit=1&sort={sort}&{filter}{(after is null ? "" : "&after=" + Uri.EscapeDataString(after))}", Cancel);
            byOne.AddRange(page.GetProperty("items").EnumerateArray().Select(a => a.Text("id")));
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (after is not null);
        Assert.Equal(whole, byOne);
        Assert.Equal(4, whole.Count);
    }

    [Fact]
    public async Task List_CursorOfAnotherList_400()
    {
        var cursor = (await fixture.Client.JsonAsync("/api/v1/alerts?limit=1&rule=off-channel-move", Cancel)).GetProperty("next").GetString()!;
        foreach (var query in new[] { "rule=marketing-without-consent&after=" + Uri.EscapeDataString(cursor), "rule=off-channel-move&sort=newest&after=" + Uri.EscapeDataString(cursor), "after=nonsense" })
        {
            var problem = await ProblemAsync(await fixture.Client.GetAsync("/api/v1/alerts?" + query, Cancel), HttpStatusCode.BadRequest, "bad-request");
            Assert.Contains("cursor", problem.Text("detail"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("status=opne", "open")]
    [InlineData("severity=severe", "critical")]
    [InlineData("channel=fax", "whatsapp")]
    [InlineData("standing=nolongerraised", "`standing` one of raised, no-longer-raised")]
    [InlineData("sort=oldest", "newest")]
    [InlineData("limit=0", "1 to 200")]
    [InlineData("limit=201", "1 to 200")]
    [InlineData("limit=many", "parameter")]
    public async Task List_WhatCannotBe_400NamesWhatMay(string query, string says)
    {
        var problem = await ProblemAsync(await fixture.Client.GetAsync("/api/v1/alerts?" + query, Cancel), HttpStatusCode.BadRequest, "bad-request");
        Assert.Contains(says, problem.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_Alert_HasItsTagProofAndEvents()
    {
        var (id, tag) = await NewAlertAsync();
        var alert = await fixture.Client.JsonAsync("/api/v1/alerts/" + id, Cancel);
        Assert.Equal($"\"{alert.GetProperty("alert").Text("version")}\"", tag);
        var member = Assert.Single(alert.GetProperty("members").EnumerateArray());
        foreach (var field in new[] { "rule", "version", "versionHash", "revision", "position", "when", "models", "consent" })
        {
            Assert.True(member.GetProperty("proof").TryGetProperty(field, out _), field);
        }
        Assert.NotEmpty(member.GetProperty("evidence").EnumerateArray());
        Assert.Equal(["opened"], alert.GetProperty("events").EnumerateArray().Select(e => e.Text("kind")));
        await ProblemAsync(await fixture.Client.GetAsync("/api/v1/alerts/abcdefghijklmnopqrstuvwxyz", Cancel), HttpStatusCode.NotFound, "not-found");
        await ProblemAsync(await fixture.Client.GetAsync("/api/v1/alerts/x", Cancel), HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Decide_Undo_Reopen_FollowEachOther()
    {
        var (id, tag) = await NewAlertAsync();
        using var decided = await ChangeAsync(id, "decisions", tag, """{"disposition":"false-positive","reason":"wrong-match","note":"seen before"}""");
        Assert.Equal(HttpStatusCode.Created, decided.StatusCode);
        var done = await decided.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal($"\"{done.Text("version")}\"", decided.Headers.ETag!.Tag);
        Assert.True(done.GetProperty("until").GetDateTimeOffset() > TimeProvider.System.GetUtcNow());
        Assert.Equal(("closed", "false-positive", "wrong-match"), await StateAsync(id));

        await ProblemAsync(await ChangeAsync(id, "decisions", decided.Headers.ETag.Tag, """{"disposition":"true-positive","reason":"policy-breach"}"""), HttpStatusCode.Conflict, "invalid-transition");
        var undo = $$"""{"undoToken":"{{done.Text("undoToken")}}"}""";
        await ProblemAsync(await ChangeAsync(id, "undo", null, undo, fixture.Other), HttpStatusCode.NotFound, "not-found");
        using (var undone = await ChangeAsync(id, "undo", null, undo))
        {
            Assert.True(undone.IsSuccessStatusCode, undone.StatusCode.ToString());
        }
        Assert.Equal(("open", null, null), await StateAsync(id));
        await ProblemAsync(await ChangeAsync(id, "undo", null, undo), HttpStatusCode.PreconditionFailed, "stale");

        using var escalated = await ChangeAsync(id, "decisions", await TagAsync(id), """{"escalateTo":"supervisor","note":"please look"}""");
        Assert.Equal(HttpStatusCode.Created, escalated.StatusCode);
        Assert.Equal("escalated", (await StateAsync(id)).Status);
        var noReason = await ProblemAsync(await ChangeAsync(id, "reopen", await TagAsync(id), "{}"), HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal("/reason", noReason.GetProperty("errors")[0].Text("pointer"));
        using var reopened = await ChangeAsync(id, "reopen", await TagAsync(id), """{"reason":"new facts"}""");
        Assert.True(reopened.IsSuccessStatusCode, reopened.StatusCode.ToString());
        Assert.Equal(("open", null, null), await StateAsync(id));
        await ProblemAsync(await ChangeAsync(id, "reopen", await TagAsync(id), """{"reason":"again"}"""), HttpStatusCode.Conflict, "invalid-transition");
        Assert.Equal(
            ["opened", "decided", "undone", "escalated", "reopened"],
            (await fixture.Client.JsonAsync("/api/v1/alerts/" + id, Cancel)).GetProperty("events").EnumerateArray().Select(e => e.Text("kind")));
    }

    [Fact]
    public async Task Decide_WithoutOrWithOldTag_428Or412WithWhatIsThere()
    {
        const string decision = """{"disposition":"true-positive","reason":"policy-breach"}""";
        var (id, tag) = await NewAlertAsync();
        await ProblemAsync(await ChangeAsync(id, "decisions", null, decision), (HttpStatusCode)428, "if-match-missing");
        await ProblemAsync(await ChangeAsync(id, "reopen", null, """{"reason":"x"}"""), (HttpStatusCode)428, "if-match-missing");
        await ProblemAsync(await ChangeAsync(id, "decisions", "\"nonsense\"", decision), HttpStatusCode.BadRequest, "bad-request");
        using (await ChangeAsync(id, "decisions", tag, decision, fixture.Other)) { }
        var stale = await ProblemAsync(await ChangeAsync(id, "decisions", tag, decision), HttpStatusCode.PreconditionFailed, "stale");
        Assert.Matches("^token:[0-9a-f]{16}$", stale.Text("changedBy"));
        Assert.Equal(("closed", "true-positive"), (stale.GetProperty("current").Text("status"), stale.GetProperty("current").Text("disposition")));
        Assert.Equal(id, stale.GetProperty("current").Text("id"));
    }

    [Theory]
    [InlineData("{}", HttpStatusCode.UnprocessableEntity, "invalid", "/disposition")]
    [InlineData("""{"disposition":"maybe"}""", HttpStatusCode.UnprocessableEntity, "invalid", "/disposition")]
    [InlineData("""{"disposition":"false-positive"}""", HttpStatusCode.UnprocessableEntity, "invalid", "/reason")]
    [InlineData("""{"disposition":"false-positive","reason":"nonsense"}""", HttpStatusCode.UnprocessableEntity, "invalid", "/reason")]
    [InlineData("""{"escalateTo":"supervisor"}""", HttpStatusCode.UnprocessableEntity, "invalid", "/note")]
    [InlineData("""{"dispositon":"true-positive","reason":"policy-breach"}""", HttpStatusCode.UnprocessableEntity, "invalid", "/dispositon")]
    [InlineData("""{"disposition":7}""", HttpStatusCode.UnprocessableEntity, "invalid", "/disposition")]
    [InlineData("{ not json", HttpStatusCode.BadRequest, "malformed-body", null)]
    [InlineData("", HttpStatusCode.BadRequest, "malformed-body", null)]
    public async Task Decide_Wrongly_NamesThePlaceAndChangesNothing(string body, HttpStatusCode status, string type, string? pointer)
    {
        var (id, tag) = await NewAlertAsync();
        var problem = await ProblemAsync(await ChangeAsync(id, "decisions", tag, body), status, type);
        if (pointer is not null)
        {
            Assert.Contains(pointer, problem.GetProperty("errors").EnumerateArray().Select(e => e.Text("pointer")));
        }
        Assert.Equal(tag, await TagAsync(id));
    }

    [Fact]
    public async Task Decide_Closed_NextMatchOpensAnAlertThatNamesIt()
    {
        var (id, tag) = await NewAlertAsync("follow");
        using (var decided = await ChangeAsync(id, "decisions", tag, """{"disposition":"true-positive","reason":"policy-breach"}"""))
        {
            Assert.Equal(HttpStatusCode.Created, decided.StatusCode);
        }
        await fixture.Client.PostAsync(RunningService.Line("follow-2", "ping me on my personal whatsapp instead").Replace("c-follow-2", "c-follow", StringComparison.Ordinal), Cancel);
        await fixture.Service.DoneAsync();
        var newest = (await fixture.Client.AlertsAsync(Cancel))[0];
        Assert.NotEqual(id, newest.Text("id"));
        Assert.Equal(id, (await fixture.Client.JsonAsync("/api/v1/alerts/" + newest.Text("id"), Cancel)).Text("predecessor"));
    }

    [Fact]
    public async Task Api_WithoutScope_403NamesIt()
    {
        var (id, tag) = await NewAlertAsync();
        using var reader = await fixture.Service.ClientAsync(Scopes.AlertsRead);
        var problem = await ProblemAsync(await ChangeAsync(id, "decisions", tag, "{}", reader), HttpStatusCode.Forbidden, "missing-scope");
        Assert.Equal("alerts:write", problem.Text("scope"));
        using var nobody = new HttpClient { BaseAddress = new Uri(fixture.Service.Url) };
        await ProblemAsync(await nobody.GetAsync("/api/v1/alerts", Cancel), HttpStatusCode.Unauthorized, "not-signed-in");
    }

    [Fact]
    public async Task Api_UnknownAddressOrMethod_IsAProblemToo()
    {
        await ProblemAsync(await fixture.Client.GetAsync("/api/v1/nonsense", Cancel), HttpStatusCode.NotFound, "not-found");
        using var response = await fixture.Client.DeleteAsync("/api/v1/alerts", Cancel);
        await ProblemAsync(response, HttpStatusCode.MethodNotAllowed, "wrong-method");
    }

    [Fact]
    public async Task Quarantine_Conflict_CannotBeRetried()
    {
        await fixture.Client.PostAsync(RunningService.Line("twice", "one"), Cancel);
        using var conflict = await fixture.Client.PostAsync("/api/v1/messages", ServiceHost.Json(RunningService.Line("twice", "two")), Cancel);
        var message = (await ProblemAsync(conflict, HttpStatusCode.Conflict, "conflict")).Text("id");
        await fixture.Service.DoneAsync();
        await ProblemAsync(await fixture.Client.PostAsync($"/api/v1/quarantine/{message}/retry", null, Cancel), HttpStatusCode.Conflict, "invalid-transition");
        await ProblemAsync(await fixture.Client.PostAsync("/api/v1/quarantine/abcdefghijklmnopqrstuvwxyz/retry", null, Cancel), HttpStatusCode.NotFound, "not-found");
        await ProblemAsync(await fixture.Client.GetAsync("/api/v1/quarantine?after=nonsense", Cancel), HttpStatusCode.BadRequest, "bad-request");
    }

    [Fact]
    public async Task Messages_WhatIsNotThere_404()
    {
        foreach (var path in new[] { "messages/abcdefghijklmnopqrstuvwxyz", "messages/x", "messages/x/original", "conversations/abcdefghijklmnopqrstuvwxyz" })
        {
            await ProblemAsync(await fixture.Client.GetAsync("/api/v1/" + path, Cancel), HttpStatusCode.NotFound, "not-found");
        }
        await ProblemAsync(await fixture.Client.GetAsync("/api/v1/conversations/abcdefghijklmnopqrstuvwxyz?before=900", Cancel), HttpStatusCode.BadRequest, "bad-request");
    }

    [Fact]
    public async Task Problems_EveryType_HasItsPage()
    {
        using var nobody = new HttpClient { BaseAddress = new Uri(fixture.Service.Url) };
        foreach (var kind in Problems.All)
        {
            var page = await nobody.GetStringAsync("/problems/" + kind.Code, Cancel);
            Assert.Contains(kind.Title, page, StringComparison.Ordinal);
            Assert.Contains(kind.Help, page, StringComparison.Ordinal);
        }
        Assert.Equal(Problems.All.Count, Problems.All.Select(k => k.Code).Distinct().Count());
        Assert.Equal(Problems.All.Count, typeof(Problems).GetFields(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic).Count(f => f.FieldType == typeof(ProblemKind)));
    }

    private async Task<(string Id, string Tag)> NewAlertAsync(string? name = null)
    {
        name ??= "new-" + Interlocked.Increment(ref s_next);
        var message = await fixture.Client.PostAsync(RunningService.Line(name, "ping me on my personal whatsapp instead"), Cancel);
        await fixture.Service.DoneAsync();
        var id = (await fixture.Client.AlertsAsync(Cancel)).Single(a => a.Text("message") == message && a.Text("rule") == "off-channel-move").Text("id");
        return (id, await TagAsync(id));
    }

    private async Task<string> TagAsync(string id)
    {
        using var response = await fixture.Client.GetAsync("/api/v1/alerts/" + id, Cancel);
        return response.Headers.ETag!.Tag;
    }

    private async Task<(string Status, string? Disposition, string? Reason)> StateAsync(string id)
    {
        var alert = (await fixture.Client.JsonAsync("/api/v1/alerts/" + id, Cancel)).GetProperty("alert");
        return (alert.Text("status"), Optional("disposition"), Optional("reason"));

        string? Optional(string field) => alert.TryGetProperty(field, out var value) ? value.GetString() : null;
    }

    private async Task<HttpResponseMessage> ChangeAsync(string id, string what, string? tag, string body, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/alerts/{id}/{what}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (tag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", tag);
        }
        return await (client ?? fixture.Client).SendAsync(request, Cancel);
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage response, HttpStatusCode status, string type)
    {
        using (response)
        {
            var body = await response.Content.ReadAsStringAsync(Cancel);
            Assert.True(status == response.StatusCode, $"Expected {(int)status}, got {(int)response.StatusCode}: {body}");
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            var problem = JsonDocument.Parse(body).RootElement;
            Assert.Equal("/problems/" + type, problem.Text("type"));
            Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
            return problem;
        }
    }
}
