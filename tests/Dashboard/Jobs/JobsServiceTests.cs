using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Surveillance.Accounts;
using Surveillance.Dashboard.Accounts;
using Surveillance.Dashboard.Tests.Accounts;
using Surveillance.Dashboard.Tests.Service;
using Surveillance.Pipeline;
using Surveillance.Tests;
using Surveillance.Tests.Drills;

namespace Surveillance.Dashboard.Tests.Jobs;

/// <summary>Jobs of the whole service: asked for over the API, by forms, and by commands with and without it.</summary>
public sealed class JobsServiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 240_000)]
    public async Task Rescan_OfTheSameRules_KeepsEveryMatchAndMarksNothing()
    {
        await using var service = await ServiceHost.StartAsync();
        using var client = await service.ClientAsync(Scopes.IngestWrite, Scopes.AlertsRead, Scopes.JobsRun);
        using var kept = await client.PostBatchAsync(Enumerable.Range(0, 20).Select(i => RunningService.Line($"m-{i}", i % 4 == 0 ? RunningService.Pitch : "good morning")), Cancel);
        await service.DoneAsync();
        var alerts = await client.AlertsAsync(Cancel);

        using var answer = await client.PostAsync("/api/v1/rescans", ServiceHost.Json("""{"verify":true}"""), Cancel);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var job = await EndAsync(client, answer.Headers.Location!.ToString());

        Assert.Equal(("finished", 20, 20), (job.Text("state"), job.GetProperty("planned").GetInt32(), job.GetProperty("processed").GetInt32()));
        var matches = job.GetProperty("matches");
        Assert.Equal((0, 0), (matches.GetProperty("gained").GetInt32(), matches.GetProperty("lost").GetInt32()));
        Assert.True(matches.GetProperty("kept").GetInt32() + matches.GetProperty("notEvaluated").GetInt32() >= alerts.Count);
        Assert.All(await client.AlertsAsync(Cancel), a => Assert.False(a.TryGetProperty("run", out _)));
    }

    [Fact(Timeout = 240_000)]
    public async Task Pages_ByRole_OfferWhatTheRoleMayAndRefuseFormsWithoutTheirToken()
    {
        await using var service = await ServiceHost.StartAsync();
        using var supervisor = await SignInAsync(service, "supervisor", UserRole.Supervisor);
        using var analyst = await SignInAsync(service, "analyst", UserRole.Analyst);

        var page = await supervisor.GetStringAsync("/jobs", Cancel);
        Assert.Contains("New rescan", page, StringComparison.Ordinal);
        Assert.Contains("nightly", page, StringComparison.Ordinal);
        Assert.Contains("every day at 02:00, " + TimeZoneInfo.Local.Id, page, StringComparison.Ordinal);
        Assert.Contains("messages sent in the 7 days before, every rule judged again (verify)", page, StringComparison.Ordinal);
        using var forged = await supervisor.PostAsync("/jobs/rescans", new FormUrlEncodedContent([]), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        using var started = await AccountsHost.PostFormAsync(supervisor, "/jobs", "/jobs/rescans", new() { ["dryRun"] = "on" });
        Assert.Equal((HttpStatusCode.SeeOther, "/jobs/1"), (started.StatusCode, started.Headers.Location!.ToString()));
        using var forgedPause = await supervisor.PostAsync("/jobs/1/pause", new FormUrlEncodedContent([]), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, forgedPause.StatusCode);
        var job = await supervisor.GetStringAsync("/jobs/1", Cancel);
        Assert.Contains("Asked for by <bdi>supervisor</bdi>", job, StringComparison.Ordinal);
        var running = service.App.Services.GetRequiredService<RuleActivation>().Running!.Revision.Id;
        Assert.Matches($"held against revision <a href=\"/rules\"><code title=\"{running}\">", job);
        using var nothing = await AccountsHost.PostFormAsync(supervisor, "/jobs", "/jobs/4711/cancel", []);
        Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);

        var readOnly = await analyst.GetStringAsync("/jobs/1", Cancel);
        Assert.DoesNotContain("action=\"/jobs", readOnly, StringComparison.Ordinal);
        Assert.Contains("jobs:run", readOnly, StringComparison.Ordinal);
        using var denied = await AccountsHost.PostFormAsync(analyst, "/jobs", "/jobs/1/cancel", []);
        Assert.Equal(HttpStatusCode.Forbidden, denied.StatusCode);
        Assert.Equal("/jobs", (await supervisor.GetAsync("/jobs?after=nonsense", Cancel)).RequestMessage!.RequestUri!.AbsolutePath);
    }

    [Fact(Timeout = 240_000)]
    public async Task Commands_WithAndWithoutService_GiveTheSameResult()
    {
        var data = _folder.File("data");
        var port = ServiceProcess.FreePort();
        string withService;
        await using (var service = await ServiceProcess.ServeAsync(data, port, Cancel))
        {
            using var client = service.Client(await RunningService.TokenAsync(data, Cancel));
            using var kept = await client.PostBatchAsync(Enumerable.Range(0, 12).Select(i => RunningService.Line($"m-{i}", i % 3 == 0 ? RunningService.Pitch : "good morning")), Cancel);
            await client.DoneAsync(Cancel);
            var (code, output, error) = await ServiceProcess.RunAsync(["rescan", "--verify", "--data", data], Cancel);
            Assert.True(code == 0, error);
            Assert.Contains("Rescan 1 is finished: 12 messages, 0 gained, 0 lost.", error, StringComparison.Ordinal);
            withService = output;
            Assert.Equal(0, await service.StopAsync(Cancel));
        }
        Assert.Contains("marketing-without-consent", withService, StringComparison.Ordinal);

        var alone = await ServiceProcess.RunAsync(["rescan", "--verify", "--data", data], Cancel);
        Assert.True(alone.ExitCode == 0, alone.Error);
        Assert.Equal(withService, alone.Output);
        var (listed, list, _) = await ServiceProcess.RunAsync(["jobs", "list", "--json", "--data", data], Cancel);
        Assert.Equal(0, listed);
        Assert.All(JsonDocument.Parse(list).RootElement.EnumerateArray(), j => Assert.Equal(("finished", "operator"), (j.Text("state"), j.Text("by"))));
        var (watched, again, _) = await ServiceProcess.RunAsync(["jobs", "watch", "1", "--data", data], Cancel);
        Assert.Equal((0, withService), (watched, again));
    }

    private static async Task<JsonElement> EndAsync(HttpClient client, string path)
    {
        while (true)
        {
            var job = await client.JsonAsync(path, Cancel);
            if (job.Text("state") is not ("queued" or "running"))
            {
                return job;
            }
            await Task.Delay(20, Cancel);
        }
    }

    private static async Task<HttpClient> SignInAsync(ServiceHost service, string name, UserRole role)
    {
        var made = (await service.App.Services.GetRequiredService<AccountDesk>().AddUserAsync(name, role, AccountDesk.Operator, default))!;
        var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(service.Url) };
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        using var answer = await AccountsHost.PostFormAsync(browser, SignInEndpoints.LinkPath(made.Word), "/sign-in", new() { ["link"] = made.Word });
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return browser;
    }
}
