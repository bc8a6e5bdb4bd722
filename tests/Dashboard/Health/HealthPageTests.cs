using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Surveillance.Accounts;
using Surveillance.Dashboard.Tests.Service;
using Surveillance.Jobs;
using Surveillance.Rescan;
using Surveillance.Tests;

namespace Surveillance.Dashboard.Tests.Health;

public sealed class HealthPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Health_WorkingService_SaysThatAllIsWellAndWhatCameFromWhere()
    {
        await using var service = await ServiceHost.StartAsync();
        using var client = await service.ClientAsync(Scopes.IngestWrite);
        await client.PostAsync(RunningService.Line("h-1", "good morning"), Cancel);
        await service.DoneAsync();

        var html = await client.GetStringAsync(new Uri("/health", UriKind.Relative), Cancel);

        Assert.Contains("All is well", html, StringComparison.Ordinal);
        Assert.Contains("data-testid=\"source-row\" data-id=\"whatsapp\"", html, StringComparison.Ordinal);
        Assert.Contains("<dt>archive.db</dt>", html, StringComparison.Ordinal);
        Assert.Contains("<dt>Last 60 minutes</dt><dd data-testid=\"received\">2 entries received</dd>", html, StringComparison.Ordinal); // the activation and the message
        Assert.Contains(">Last full hour</th>", html, StringComparison.Ordinal);
        Assert.Matches("Last full hour: [0-9]{2}:00 to [0-9]{2}:00 UTC", html);
        Assert.Contains("<dt>marketing</dt>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("good morning", html, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Health_MissingModelAndConflict_SaysWhatToDo()
    {
        using var folder = new TemporaryFolder();
        await using var service = await ServiceHost.StartAsync(s => s with { Models = folder.File("none") });
        using var client = await service.ClientAsync(Scopes.IngestWrite);
        await client.PostAsync(RunningService.Line("h-1", "good morning"), Cancel);
        (await client.PostAsync("/api/v1/messages", ServiceHost.Json(RunningService.Line("h-1", "good evening")), Cancel)).Dispose();
        await service.DoneAsync();

        var html = await client.GetStringAsync(new Uri("/health", UriKind.Relative), Cancel);

        Assert.Contains("data-testid=\"verdict\" data-state=\"act\"", html, StringComparison.Ordinal);
        Assert.Contains("Missing model: marketing", html, StringComparison.Ordinal);
        Assert.Contains("1 message lies in quarantine", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/quarantine\">Open the quarantine</a>", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/rules/marketing-without-consent\"", html, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Health_JobThatFailed_LinksTheJobs()
    {
        await using var service = await ServiceHost.StartAsync();
        using var client = await service.ClientAsync(Scopes.AlertsRead);
        var runs = service.App.Services.GetRequiredService<IRunStore>();
        var run = await runs.AddAsync(new NewRun("rescan", new RescanScope { Request = new RescanRequest(), Activation = 1, Through = 1 }.ToJson(), RunTrigger.Request, "operator"), Cancel);
        Assert.True(await runs.MoveAsync(run.Number, [RunState.Queued, RunState.Running, RunState.Finished], RunState.Failed, "The revision cannot be read.", null, Cancel));

        var html = await client.GetStringAsync(new Uri("/health", UriKind.Relative), Cancel);

        Assert.Contains("data-testid=\"point\" data-part=\"jobs\"", html, StringComparison.Ordinal);
        Assert.Contains($"could not go on: Rescan {run.Number}.", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/jobs\">Open the jobs</a>", html, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Health_Anonymous_SignsInFirst_LivenessDoesNot()
    {
        await using var service = await ServiceHost.StartAsync();
        using var anybody = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(service.Url) };
        using var page = await anybody.GetAsync(new Uri("/health", UriKind.Relative), Cancel);
        Assert.Equal((HttpStatusCode.Redirect, "/sign-in?returnUrl=%2Fhealth"), (page.StatusCode, page.Headers.Location!.OriginalString));
        Assert.Contains("live", await anybody.GetStringAsync(new Uri("/health/live", UriKind.Relative), Cancel), StringComparison.Ordinal);
        Assert.Contains("ready", await anybody.GetStringAsync(new Uri("/health/ready", UriKind.Relative), Cancel), StringComparison.Ordinal);
    }
}
