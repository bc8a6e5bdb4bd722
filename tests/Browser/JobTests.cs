using System.Globalization;
using Microsoft.Playwright;
using Surveillance.Browser.Tests.Staged;
using Surveillance.Rescan;
using Surveillance.Tests;
using static Microsoft.Playwright.Assertions;

namespace Surveillance.Browser.Tests;

/// <summary>Jobs: started, watched, paused and ended by somebody at a browser.</summary>
public sealed class JobTests(Chromium chromium) : IAsyncLifetime
{
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 5, 4, 10, 30, 0, TimeSpan.Zero));
    private StagedHost _host = null!;

    private JobStage Jobs => _host.World.Jobs;

    public async ValueTask InitializeAsync() => _host = await StagedHost.StartAsync(new Stage(_time).Fill(extra: 12), _time);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Job_AtWork_ShowsItsProgressWithoutMovingTheFocus()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        var page = visit.Page;
        await page.GotoAsync("/jobs/" + _host.Stage.Running);
        await Expect(page.Locator("[data-f=processed]")).ToHaveTextAsync("7,734");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).FocusAsync();
        var y = await page.EvaluateAsync<double>("document.activeElement.getBoundingClientRect().top");

        Jobs.Step(run => run with { Done = 12_000 });
        await Expect(page.Locator("[data-f=processed]")).ToHaveTextAsync("12,000");
        await Expect(page.Locator("[data-f=percent]")).ToHaveTextAsync("65\u00a0%");
        Assert.Equal(12_000, await page.Locator("progress").EvaluateAsync<double>("bar => bar.value"));
        Jobs.Runs.Found(_host.Stage.Running, [new RescanRuleResult("off-channel-move", 4, 0, 8, 2, 0)]);
        await Expect(page.GetByTestId("job-sum")).ToContainTextAsync("4");
        Assert.Equal("Pause", await page.EvaluateAsync<string>("document.activeElement.textContent.trim()"));
        Assert.Equal(y, await page.EvaluateAsync<double>("document.activeElement.getBoundingClientRect().top"));

        Jobs.Step(run => run with { Done = 18_410, Failed = 2 });
        Jobs.Finish();
        await Expect(page.Locator("[data-f=state]")).ToHaveTextAsync("Finished");
        await Expect(page.Locator("#said")).ToContainTextAsync("Finished. 4 gained, 0 lost, 2 failed");
        Assert.Equal("Pause", await page.EvaluateAsync<string>("document.activeElement.textContent.trim()"));
        await page.Locator("h1").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Retry 2 failed messages" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Pause" })).ToHaveCountAsync(0);
        await Expect(page.Locator("[data-region=ended] time")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Job_EndedBeforeItWasFirstAskedFor_ShowsItsResult()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        var page = visit.Page;
        var ended = new TaskCompletionSource();
        await page.RouteAsync("**/api/v1/jobs/*", async route => { await ended.Task; await route.ContinueAsync(); });
        await page.GotoAsync("/jobs/" + _host.Stage.Running);
        Jobs.Runs.Found(_host.Stage.Running, [new RescanRuleResult("off-channel-move", 77, 0, 8, 2, 0)]);
        Jobs.Step(run => run with { State = Surveillance.Jobs.RunState.Finished, Done = run.Planned!.Value - run.Skipped - run.Failed });
        ended.SetResult();
        await Expect(page.Locator("[data-f=state]")).ToHaveTextAsync("Finished");
        await Expect(page.GetByTestId("job-sum")).ToContainTextAsync("77");
    }

    [Fact]
    public async Task Job_SetOffByChangedRules_NamesTheRevisionAndLeadsToTheRules()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        var page = visit.Page;
        await page.GotoAsync("/jobs/" + _host.Stage.Finished);
        var revision = page.GetByTestId("revision");
        await Expect(revision).ToContainTextAsync("set off by revision r-2026-05-04-7c1…, in force since");
        await Expect(revision.Locator("code")).ToHaveAttributeAsync("title", _host.World.Book.Revision);
        await revision.GetByRole(AriaRole.Link).ClickAsync();
        await page.WaitForURLAsync("**/rules");

        _host.World.Book = _host.World.Book with { ActivatedPosition = 99 };
        await page.GotoAsync("/jobs/" + _host.Stage.Running);
        await Expect(revision).ToHaveTextAsync("held against revision #15220");
    }

    [Fact]
    public async Task Jobs_Schedules_SayZoneRangeAndVerify()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        await visit.Page.GotoAsync("/jobs");
        var schedules = visit.Page.GetByTestId("schedule");
        await Expect(schedules.Nth(0)).ToContainTextAsync("every day at 02:30, Europe/London");
        await Expect(schedules.Nth(0)).ToContainTextAsync("messages sent in the 7 days before, every rule judged again (verify)");
        await Expect(schedules.Nth(1)).ToContainTextAsync("by a plan of its own, UTC");
        await Expect(schedules.Nth(1)).ToContainTextAsync("all messages, changed rules alone");
    }

    [Fact]
    public async Task Jobs_NewOrChangedElsewhere_ComeIntoTheList()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        var page = visit.Page;
        await page.GotoAsync("/jobs");
        var rows = page.GetByTestId("job-row");
        var shown = await rows.CountAsync();
        var running = Jobs.Runs.Find(_host.Stage.Running)!;
        Jobs.Runs.Put(running with { State = Surveillance.Jobs.RunState.Finished, Done = 42, Planned = 42 });
        await Expect(rows).ToHaveCountAsync(shown + 1, new() { Timeout = 15_000 });
        await Expect(rows.First.Locator("[data-f=processed]")).ToHaveTextAsync("42");
    }

    [Fact]
    public async Task Jobs_AtWork_MoveInTheList()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        var page = visit.Page;
        await page.GotoAsync("/jobs");
        var row = page.Locator($"[data-testid=job-row][data-id='{_host.Stage.Running}']");
        await Expect(row.Locator("[data-f=processed]")).ToHaveTextAsync("7,734");
        Jobs.Step(run => run with { Done = 9_000 });
        await Expect(row.Locator("[data-f=processed]")).ToHaveTextAsync("9,000");
        Jobs.Finish("The archive ends before its index.");
        await Expect(row.Locator("[data-f=state]")).ToHaveTextAsync("Failed");
        await Expect(row).ToHaveAttributeAsync("data-state", "failed");
        await Expect(row.Locator(".job-state.failed use")).ToHaveAttributeAsync("href", "/icons.svg#warning");
        await Expect(row.Locator(".job-bar.failed")).ToHaveCountAsync(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NewRescan_FilledIn_LeadsToItsPage(bool script)
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url, script: script);
        var page = visit.Page;
        await page.GotoAsync("/jobs");
        await page.Locator("summary", new() { HasText = "New rescan" }).ClickAsync();
        await page.GetByLabel("First day sent").FillAsync("2026-05-03");
        await page.GetByLabel("Last day sent").FillAsync("2026-05-01");
        await page.GetByLabel("Dry run").CheckAsync();
        await page.Locator("summary", new() { HasText = "Channels" }).ClickAsync();
        await page.Locator("input[name=channel][value=email]").CheckAsync();
        if (script) { await visit.LookAsync("jobs-new-rescan"); }
        await page.Keyboard.PressAsync("Escape");
        if (await page.Locator("details.pick[open]").CountAsync() > 0) { await page.Locator("summary", new() { HasText = "Channels" }).ClickAsync(); }
        await page.GetByRole(AriaRole.Button, new() { Name = "Start the rescan" }).ClickAsync();
        visit.ForgiveErrors(); // a status of 422 is an error to the console
        await Expect(page.GetByTestId("problem")).ToContainTextAsync("The last day lies before the first.");
        await Expect(page.GetByLabel("Last day sent")).ToHaveValueAsync("2026-05-01");
        await Expect(page.Locator("input[name=channel][value=email]")).ToBeCheckedAsync();
        if (script) { await visit.LookAsync("jobs-refused"); }

        await page.GetByLabel("Last day sent").FillAsync("2026-05-04");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start the rescan" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Rescan 9" })).ToBeVisibleAsync();
        await Expect(page.GetByTestId("notice")).ToContainTextAsync("Rescan 9 is on its way.");
        await Expect(page.Locator(".facts")).ToContainTextAsync("E-mail, sent from 3 May 2026 to 4 May 2026");
        await Expect(page.Locator(".facts")).ToContainTextAsync("dry run");
        Assert.Equal("user:m.okafor", Jobs.Runs.Find(9)!.Actor);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pause_ThenResumeThenCancel_EachOfferedWhereItIsValid(bool script)
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url, script: script);
        var page = visit.Page;
        var url = "/jobs/" + _host.Stage.Running.ToString(CultureInfo.InvariantCulture);
        await page.GotoAsync(url);
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(page.GetByTestId("notice")).ToContainTextAsync("It pauses and keeps its place.");
        await Eventually.IsTrueAsync(() => Jobs.Runs.Find(_host.Stage.Running)!.State == Surveillance.Jobs.RunState.Paused, "the run is paused");
        await page.GotoAsync(url);
        await Expect(page.Locator("[data-f=state]")).ToHaveTextAsync("Paused");
        Assert.Equal(["Resume", "Cancel"], (await page.Locator(".job-actions button").AllInnerTextsAsync()).Select(t => t.Trim()));
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(page.GetByTestId("notice")).ToContainTextAsync("It goes on where it was.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Eventually.IsTrueAsync(() => Jobs.Runs.Find(_host.Stage.Running)!.State == Surveillance.Jobs.RunState.Cancelled, "the run is cancelled");
        await page.GotoAsync(url);
        await Expect(page.Locator("[data-f=state]")).ToHaveTextAsync("Cancelled");
        Assert.Equal(["Resume"], (await page.Locator(".job-actions button").AllInnerTextsAsync()).Select(t => t.Trim()));
    }

    [Fact]
    public async Task Changes_Followed_LeadToTheMessageAndTheAlert()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        var page = visit.Page;
        await page.GotoAsync("/jobs/" + _host.Stage.Finished);
        await Expect(page.GetByTestId("change-row")).ToHaveCountAsync(9);
        await page.Locator("[data-testid=job-rule][data-id=off-channel-move] a", new() { HasText = "3" }).ClickAsync();
        await Expect(page.GetByTestId("change-row")).ToHaveCountAsync(3);
        var message = await page.GetByTestId("change-row").First.Locator("a[href^='/conversations']").GetAttributeAsync("href");
        await page.GotoAsync(message!);
        await Expect(page.Locator(message![message!.IndexOf('#', StringComparison.Ordinal)..])).ToBeVisibleAsync();
        await page.GoBackAsync();
        await page.GetByTestId("change-row").First.Locator("a[href^='/alerts']").ClickAsync();
        await Expect(page.GetByTestId("why")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Alert_OpenedByARescan_SaysSoAndLeadsToIt()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        var page = visit.Page;
        await page.GotoAsync("/alerts");
        await Expect(page.GetByTestId("from-rescan")).ToHaveCountAsync(1);
        await page.GotoAsync("/alerts/" + _host.Stage.MailAlert);
        await Expect(page.GetByTestId("timeline").Locator("a")).ToHaveTextAsync($"rescan {_host.Stage.Finished}");
        await page.GetByTestId("from-rescan").ClickAsync();
        await Expect(page).ToHaveURLAsync(_host.Url + "/jobs/" + _host.Stage.Finished);
    }

    [Fact]
    public async Task GJ_FromAnyPage_OpensTheJobs()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        await visit.Page.GotoAsync("/rules");
        await Expect(visit.Page.Locator("html.scripted")).ToHaveCountAsync(1);
        await visit.Page.Keyboard.PressAsync("g");
        await visit.Page.Keyboard.PressAsync("j");
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Jobs" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Analyst_MayNotRunJobs_SeesThemAndIsToldWhoMay()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url, "analyst.lee");
        var page = visit.Page;
        await page.GotoAsync("/jobs");
        await Expect(page.GetByTestId("job-row")).ToHaveCountAsync(8);
        await Expect(page.Locator("summary", new() { HasText = "New rescan" })).ToHaveCountAsync(0);
        await Expect(page.Locator("main")).ToContainTextAsync("jobs:run");
        await page.GotoAsync("/jobs/" + _host.Stage.Running);
        await Expect(page.Locator("main form")).ToHaveCountAsync(0);
        await visit.LookAsync("job-read-only");
    }
}
