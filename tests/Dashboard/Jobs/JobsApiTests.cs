using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Surveillance.Accounts;
using Surveillance.Jobs;
using Surveillance.Messages;
using Surveillance.Rescan;
using Surveillance.Tests;

namespace Surveillance.Dashboard.Tests.Jobs;

/// <summary>The jobs of the API as a program meets them.</summary>
public sealed class JobsApiTests : IAsyncLifetime
{
    private readonly JobsHost _host = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Rescan_OfEverything_AnswersWithTheJobAndItsPlace()
    {
        using var answer = await _host.Client.PostAsync("/api/v1/rescans", null, Cancel);
        var job = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("/api/v1/jobs/1", answer.Headers.Location!.ToString());
        Assert.Equal((1, "rescan", "queued", "request"), (job.GetProperty("id").GetInt32(), Text(job, "kind"), Text(job, "state"), Text(job, "trigger")));
        Assert.StartsWith("token:", Text(job, "by"), StringComparison.Ordinal);
        Assert.Equal(["pause", "cancel"], job.GetProperty("actions").EnumerateArray().Select(a => a.GetString()));
        Assert.False(job.TryGetProperty("planned", out _));
        Assert.Equal(job.GetRawText(), (await GetAsync("/api/v1/jobs/1")).GetRawText());
    }

    [Fact]
    public async Task Rescan_OfSome_KeepsWhatWasAskedFor()
    {
        using var answer = await PostAsync(
            """{"from":"2026-05-01T00:00:00Z","to":"2026-05-02T02:00:00+02:00","channels":["email","email","sms"],"rules":["off-channel-move"],"verify":true,"dryRun":true}""");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var scope = (await GetAsync("/api/v1/jobs/1")).GetProperty("scope");
        Assert.Equal(("2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z"), (Text(scope, "from"), Text(scope, "to")));
        Assert.Equal("""["email","sms"]""", scope.GetProperty("channels").GetRawText());
        Assert.Equal("""["off-channel-move"]""", scope.GetProperty("rules").GetRawText());
        Assert.True(scope.GetProperty("verify").GetBoolean() && scope.GetProperty("dryRun").GetBoolean());
    }

    [Theory]
    [InlineData("""{"rules":["off-chanel-move"]}""", "/rules", "did you mean `off-channel-move`")]
    [InlineData("""{"from":"2026-05-02T00:00:00Z","to":"2026-05-02T00:00:00Z"}""", "/to", "not after its beginning")]
    [InlineData("""{"dryrun":true}""", "/dryrun", "did you mean `dryRun`")]
    [InlineData("""{"dryRun":"yes"}""", "/dryRun", "true or false")]
    [InlineData("""{"from":"2026-05-02"}""", "/from", "offset")]
    [InlineData("""{"channels":["sms","emial"]}""", "/channels/1", "did you mean `email`")]
    [InlineData("""{"channels":"email"}""", "/channels", "list")]
    [InlineData("""{"rules":[""]}""", "/rules", "list")]
    [InlineData("""{"verify":true,"verify":false}""", "/verify", "twice")]
    [InlineData("""{"a/b":1}""", "/a~1b", "There is no such field")]
    [InlineData("""[]""", "", "one JSON object")]
    public async Task Rescan_WhatCannotBe_422NamesThePlace(string body, string pointer, string says)
    {
        using var answer = await PostAsync(body);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "/problems/invalid"), (answer.StatusCode, Text(problem, "type")));
        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal(pointer, Text(error, "pointer"));
        Assert.Contains(says, Text(error, "detail"), StringComparison.Ordinal);
        Assert.Empty(_host.Runs.Read(null, 1));
    }

    [Fact]
    public async Task Rescan_SeveralMistakes_TellsEachOfThem()
    {
        using var answer = await PostAsync("""{"form":"x","channels":["fax"],"verify":1}""");
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal(["/form", "/channels/0", "/verify"], problem.GetProperty("errors").EnumerateArray().Select(e => Text(e, "pointer")));
    }

    [Fact]
    public async Task Rescan_AskedForTwice_AnswersWithTheSameJobWhileItWaitsOrIsAtWork()
    {
        const string first = """{"from":"2026-05-01T00:00:00Z","channels":["sms","email"],"rules":["off-channel-move","marketing-without-consent"]}""";
        const string again = """{"rules":["marketing-without-consent","off-channel-move"],"channels":["email","sms","sms"],"from":"2026-05-01T02:00:00+02:00","dryRun":false}""";
        await AskAsync(first, 1);
        await AskAsync(again, 1);
        _host.Runs.Change(1, run => run with { State = RunState.Running });
        await AskAsync(again, 1);
        Assert.Single(_host.Runs.Read(null, 10));

        await AskAsync(again.Replace("false", "true", StringComparison.Ordinal), 2);
        await AskAsync(again.Replace("\"sms\",\"sms\"", "\"sms\",\"chat\"", StringComparison.Ordinal), 3);
        await AskAsync("{}", 4);
        _host.Runs.Change(1, run => run with { Request = RunRequest.Cancel });
        await AskAsync(first, 5);
        _host.Runs.Change(5, run => run with { State = RunState.Finished });
        await AskAsync(first, 6);
        _host.Runs.Change(6, run => run with { Scope = run.Scope.Replace("\"activation\":1", "\"activation\":0", StringComparison.Ordinal) });
        await AskAsync(first, 7);
        _host.Runs.Change(7, run => run with { Trigger = RunTrigger.Activation });
        await AskAsync(first, 8);

        async Task AskAsync(string body, int job)
        {
            using var answer = await PostAsync(body);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            Assert.Equal($"/api/v1/jobs/{job}", answer.Headers.Location!.ToString());
            Assert.Equal(job, (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("id").GetInt32());
        }
    }

    [Fact]
    public async Task Rescan_AskedForByManyAtOnce_IsOneJob()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _host.Client.PostAsync("/api/v1/rescans", null, Cancel)));
        Assert.All(answers, a => Assert.Equal("/api/v1/jobs/1", a.Headers.Location!.ToString()));
    }

    [Theory]
    [InlineData("{", "application/json", 400, "malformed-body")]
    [InlineData("{}", "text/plain", 415, "wrong-media-type")]
    public async Task Rescan_NotJson_Refused(string body, string type, int status, string kind)
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var answer = await _host.Client.PostAsync("/api/v1/rescans", content, Cancel);
        Assert.Equal((status, "/problems/" + kind), ((int)answer.StatusCode, Text(await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel), "type")));
    }

    [Fact]
    public async Task Rescan_OfARuleThatOnlyHasMatches_IsTaken()
    {
        _host.Runs.MatchedRules = ["long-retired"];
        using var answer = await PostAsync("""{"rules":["long-retired"]}""");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    [Fact]
    public async Task Rescan_BeforeRulesRun_503SaysWhenToAskAgain()
    {
        _host.Stage.IsReady = false;
        using var answer = await _host.Client.PostAsync("/api/v1/rescans", null, Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task List_ByPages_GivesEachJobOnceNewestFirst()
    {
        for (var i = 0; i < 5; i++)
        {
            _host.Put(RunState.Finished);
        }
        var (seen, after) = (new List<int>(), "");
        do
        {
            var page = await GetAsync("/api/v1/jobs?limit=2" + after);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(j => j.GetProperty("id").GetInt32()));
            after = page.TryGetProperty("next", out var next) ? "&after=" + next.GetString() : "";
        }
        while (after.Length > 0);
        Assert.Equal([5, 4, 3, 2, 1], seen);
        Assert.Equal(5, (await GetAsync("/api/v1/jobs?limit=200")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task List_MostAtOnce_SaysWhereTheRestIs()
    {
        for (var i = 0; i < 201; i++)
        {
            _host.Put(RunState.Finished);
        }
        var page = await GetAsync("/api/v1/jobs?limit=200");
        Assert.Equal((200, "2"), (page.GetProperty("items").GetArrayLength(), Text(page, "next")));
        var rest = await GetAsync("/api/v1/jobs?limit=200&after=2");
        Assert.Equal(1, Assert.Single(rest.GetProperty("items").EnumerateArray()).GetProperty("id").GetInt32());
        Assert.False(rest.TryGetProperty("next", out _));
    }

    [Theory]
    [InlineData("/api/v1/jobs?limit=0", "1 to 200")]
    [InlineData("/api/v1/jobs?limit=201", "1 to 200")]
    [InlineData("/api/v1/jobs?after=x", "cursor")]
    [InlineData("/api/v1/jobs?after=-1", "cursor")]
    [InlineData("/api/v1/jobs/1/changes?kind=kept", "gained or lost")]
    [InlineData("/api/v1/jobs/1/changes?after=x", "cursor")]
    [InlineData("/api/v1/jobs/1/changes?limit=0", "1 to 200")]
    [InlineData("/api/v1/jobs/1/failures?limit=many", "parameter")]
    [InlineData("/api/v1/jobs/1/failures?after=0", "cursor")]
    public async Task Get_WhatCannotBe_400NamesWhatMay(string path, string says)
    {
        _host.Put(RunState.Finished);
        using var answer = await _host.Client.GetAsync(path, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(says, Text(await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel), "detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/v1/jobs/1")]
    [InlineData("GET", "/api/v1/jobs/x")]
    [InlineData("GET", "/api/v1/jobs/99999999999999999999")]
    [InlineData("GET", "/api/v1/jobs/1/changes")]
    [InlineData("GET", "/api/v1/jobs/1/failures")]
    [InlineData("POST", "/api/v1/jobs/1/pause")]
    [InlineData("POST", "/api/v1/jobs/0/cancel")]
    public async Task Job_ThatThereIsNot_404(string method, string path)
    {
        using var answer = await _host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancel);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("no job of this number", Text(await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel), "detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_Finished_TellsItsResultPerRuleAndInSum()
    {
        var run = _host.Put(RunState.Finished, r => r with { Planned = 900, Done = 880, Skipped = 18, Failed = 2 });
        _host.Runs.Found(run.Number, [new RescanRuleResult("a", 2, 1, 30, 4, 0), new RescanRuleResult("b", 0, 5, 6, 0, 7)]);

        var job = await GetAsync("/api/v1/jobs/1");

        Assert.Equal((900, 880, 18, 2, 900), (Number(job, "planned"), Number(job, "done"), Number(job, "skipped"), Number(job, "failed"), Number(job, "processed")));
        Assert.Equal("""{"gained":2,"lost":6,"kept":36,"decided":4,"notEvaluated":7}""", job.GetProperty("matches").GetRawText());
        Assert.Equal("""{"rule":"b","gained":0,"lost":5,"kept":6,"decided":0,"notEvaluated":7}""", job.GetProperty("rules")[1].GetRawText());
        Assert.Equal("""["retry"]""", job.GetProperty("actions").GetRawText());
        Assert.Equal("""{"self":"/api/v1/jobs/1","page":"/jobs/1","changes":"/api/v1/jobs/1/changes","failures":"/api/v1/jobs/1/failures"}""", job.GetProperty("links").GetRawText());
        Assert.False(job.TryGetProperty("rate", out _) || job.TryGetProperty("eta", out _));
        Assert.False((await GetAsync("/api/v1/jobs")).GetProperty("items")[0].TryGetProperty("rules", out _));
    }

    [Fact]
    public async Task Changes_Filtered_GivesThoseAloneByPages()
    {
        var run = _host.Put(RunState.Finished);
        _host.Runs.Found(run.Number, changes: Enumerable.Range(1, 6).Select(i => new RescanChange(
            i, i % 2 == 0 ? RescanChangeKind.Lost : RescanChangeKind.Gained, i < 4 ? "a" : "b", 100 + i, A.MessageAt(100 + i), "key-" + i, i == 1 ? null : A.Person("alert-" + i))));

        Assert.Equal([1, 2, 3, 4, 5, 6], await NumbersAsync(""));
        Assert.Equal([2, 4, 6], await NumbersAsync("&kind=lost"));
        Assert.Equal([4, 6], await NumbersAsync("&kind=lost&rule=b"));
        Assert.Empty(await NumbersAsync("&rule=c"));
        var first = (await GetAsync("/api/v1/jobs/1/changes?limit=1")).GetProperty("items")[0];
        Assert.Equal(("gained", A.MessageAt(101).ToString(), 101), (Text(first, "kind"), Text(first, "message"), Number(first, "position")));
        Assert.False(first.TryGetProperty("alert", out _));

        async Task<List<int>> NumbersAsync(string filter)
        {
            var (seen, after) = (new List<int>(), "");
            do
            {
                var page = await GetAsync("/api/v1/jobs/1/changes?limit=2" + filter + after);
                seen.AddRange(page.GetProperty("items").EnumerateArray().Select(c => Number(c, "number")));
                after = page.TryGetProperty("next", out var next) ? "&after=" + next.GetString() : "";
            }
            while (after.Length > 0);
            return seen;
        }
    }

    [Fact]
    public async Task Failures_ByPages_TellTheReasonOfEach()
    {
        var run = _host.Put(RunState.Finished, r => r with { Failed = 3 });
        _host.Runs.Found(run.Number, failures: Enumerable.Range(1, 3).Select(i => new RescanFailure(i * 10, A.MessageAt(i * 10), "It broke.", i)));
        var first = await GetAsync("/api/v1/jobs/1/failures?limit=2");
        var rest = await GetAsync("/api/v1/jobs/1/failures?limit=2&after=" + Text(first, "next"));
        Assert.Equal([10, 20, 30], first.GetProperty("items").EnumerateArray().Concat(rest.GetProperty("items").EnumerateArray()).Select(f => Number(f, "position")));
        Assert.Equal(("It broke.", 3), (Text(rest.GetProperty("items")[0], "detail"), Number(rest.GetProperty("items")[0], "tries")));
    }

    [Theory]
    [InlineData(RunState.Queued, "pause", RunState.Paused)]
    [InlineData(RunState.Queued, "cancel", RunState.Cancelled)]
    [InlineData(RunState.Paused, "resume", RunState.Queued)]
    [InlineData(RunState.Paused, "cancel", RunState.Cancelled)]
    [InlineData(RunState.Failed, "resume", RunState.Queued)]
    [InlineData(RunState.Cancelled, "resume", RunState.Queued)]
    [InlineData(RunState.Finished, "retry", RunState.Queued)]
    public async Task Act_WhereItIsValid_202AndAudited(RunState state, string action, RunState becomes)
    {
        _host.Put(state, r => r with { Failed = 1 });
        Assert.Contains(action, (await GetAsync("/api/v1/jobs/1")).GetProperty("actions").EnumerateArray().Select(a => a.GetString()));
        using var answer = await _host.Client.PostAsync($"/api/v1/jobs/1/{action}", null, Cancel);
        Assert.Equal((HttpStatusCode.Accepted, "/api/v1/jobs/1"), (answer.StatusCode, answer.Headers.Location!.ToString()));
        Assert.Equal(becomes, _host.Runs.Find(1)!.State);
        var audit = Assert.Single(_host.Runs.Audit);
        Assert.Equal(("job." + action, "run:1"), (audit.Action, audit.Object));
        Assert.StartsWith("token:", audit.Actor, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RunState.Queued, "resume", "queued")]
    [InlineData(RunState.Queued, "retry", "only a finished one")]
    [InlineData(RunState.Running, "resume", "pause, cancel")]
    [InlineData(RunState.Paused, "pause", "resume, cancel")]
    [InlineData(RunState.Finished, "pause", "finished")]
    [InlineData(RunState.Finished, "cancel", "it has ended")]
    [InlineData(RunState.Finished, "retry", "nothing failed")]
    [InlineData(RunState.Superseded, "resume", "superseded")]
    [InlineData(RunState.Cancelled, "cancel", "it has ended")]
    public async Task Act_InTheWrongState_409SaysWhatCanBeDone(RunState state, string action, string says)
    {
        _host.Put(state);
        Assert.DoesNotContain(action, (await GetAsync("/api/v1/jobs/1")).GetProperty("actions").EnumerateArray().Select(a => a.GetString()));
        using var answer = await _host.Client.PostAsync($"/api/v1/jobs/1/{action}", null, Cancel);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal((HttpStatusCode.Conflict, "/problems/invalid-transition"), (answer.StatusCode, Text(problem, "type")));
        Assert.Contains(says, Text(problem, "detail"), StringComparison.Ordinal);
        Assert.Equal(Names<RunState>.Of(state), Text(problem, "state"));
        Assert.Equal((state, 0), (_host.Runs.Find(1)!.State, _host.Runs.Audit.Count));
    }

    [Fact]
    public async Task Pause_OfARunAtWork_TellsThatItIsAskedForUntilItIsDone()
    {
        _host.Put(RunState.Running);
        using var answer = await _host.Client.PostAsync("/api/v1/jobs/1/pause", null, Cancel);
        var job = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal(("running", "pause", """["cancel"]"""), (Text(job, "state"), Text(job, "request"), job.GetProperty("actions").GetRawText()));
    }

    [Fact]
    public async Task Job_AtWork_TellsItsRateOnceThereIsOne()
    {
        await _host.Stage.StartAsync();
        using var answer = await _host.Client.PostAsync("/api/v1/rescans", null, Cancel);
        _host.Stage.Step(r => r with { Planned = 1_000, Done = 100 });
        await Eventually.IsTrueAsync(() => _host.Runs.Find(1) is { State: RunState.Running, Done: 100 }, "the run is at work");
        var job = await GetAsync("/api/v1/jobs/1");
        Assert.Equal(("running", 100, 1_000), (Text(job, "state"), Number(job, "processed"), Number(job, "planned")));
        Assert.True(job.GetProperty("rate").GetDouble() >= 0);
    }

    [Theory]
    [InlineData("GET", "/api/v1/jobs", Scopes.AlertsRead, Scopes.JobsRun)]
    [InlineData("GET", "/api/v1/jobs/1", Scopes.AlertsRead, Scopes.JobsRun)]
    [InlineData("GET", "/api/v1/jobs/1/changes", Scopes.AlertsRead, Scopes.JobsRun)]
    [InlineData("GET", "/api/v1/jobs/1/failures", Scopes.AlertsRead, Scopes.JobsRun)]
    [InlineData("POST", "/api/v1/rescans", Scopes.JobsRun, Scopes.AlertsRead)]
    [InlineData("POST", "/api/v1/jobs/1/pause", Scopes.JobsRun, Scopes.AlertsRead)]
    [InlineData("POST", "/api/v1/jobs/1/resume", Scopes.JobsRun, Scopes.AlertsRead)]
    [InlineData("POST", "/api/v1/jobs/1/cancel", Scopes.JobsRun, Scopes.AlertsRead)]
    [InlineData("POST", "/api/v1/jobs/1/retry", Scopes.JobsRun, Scopes.AlertsRead)]
    public async Task Scope_Missing_403NamesItAndAnotherIsLetIn(string method, string path, string needed, string other)
    {
        _host.Put(RunState.Queued);
        using var wrong = await _host.ClientAsync(other);
        using var refused = await wrong.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(needed, Text(await refused.Content.ReadFromJsonAsync<JsonElement>(Cancel), "scope"));
        using var right = await _host.ClientAsync(needed);
        using var answer = await right.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancel);
        Assert.True(answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.Conflict, answer.StatusCode.ToString());
        using var nobody = new HttpClient { BaseAddress = right.BaseAddress };
        using var anonymous = await nobody.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/control/jobs")]
    [InlineData("POST", "/control/rescans")]
    [InlineData("POST", "/control/jobs/1/cancel")]
    public async Task Control_OverTcp_404(string method, string path)
    {
        _host.Put(RunState.Queued);
        using var answer = await _host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancel);
        Assert.Equal((HttpStatusCode.NotFound, RunState.Queued), (answer.StatusCode, _host.Runs.Find(1)!.State));
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await _host.Client.GetAsync(path, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    private Task<HttpResponseMessage> PostAsync(string body) => _host.Client.PostAsync("/api/v1/rescans", ServiceHost.Json(body), Cancel);

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
