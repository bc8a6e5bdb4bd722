using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Surveillance.Accounts;
using static Microsoft.Playwright.Assertions;

namespace Surveillance.Browser.Tests;

/// <summary>The real service from the first sign-in to a decided alert, and the demo looked at.</summary>
public sealed partial class ServiceTests(Chromium chromium)
{
    [Fact]
    public async Task FirstStart_FollowingTheGuide_EndsWithADecidedAlert()
    {
        await using var service = await Service.StartAsync();
        await using var visit = await Visit.StartAsync(chromium.Browser, service.Url);
        var page = visit.Page;
        await page.GotoAsync("/");
        await Expect(page).ToHaveURLAsync(new Regex("/sign-in"));
        await visit.LookAsync("sign-in");
        await page.GotoAsync(await service.LinkAsync());
        await visit.LookAsync("sign-in-link");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Three steps to the first alert" })).ToBeVisibleAsync();
        await page.GotoAsync("/account");
        await visit.LookAsync("account");

        await page.GotoAsync("/");
        var sample = await page.GetByLabel("Command that sends a message").InnerTextAsync();
        await service.PostAsync(Body().Match(sample).Groups[1].Value);
        await page.GetByRole(AriaRole.Link, new() { Name = "Open the queue" }).ClickAsync();
        await Expect(page.GetByTestId("alert-row").First).ToBeVisibleAsync();
        var raised = await page.GetByTestId("alert-row").CountAsync();
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("why")).ToContainTextAsync("Fired because");
        await Expect(page.Locator(".message.shown mark").First).ToBeVisibleAsync();
        await visit.LookAsync("first-alert");
        for (var i = 0; i < raised; i++)
        {
            var address = page.Url;
            await page.Keyboard.PressAsync("t");
            await page.Keyboard.PressAsync("1");
            await Expect(page).Not.ToHaveURLAsync(address);
        }
        await Expect(page.GetByTestId("notice")).ToContainTextAsync("Closed as true positive: policy breach");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "The queue is clear" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("z");
        await Expect(page.GetByTestId("alert-row")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Rescan_StartedOnThePage_IsFollowedToItsEndWithTheSession()
    {
        await using var service = await Service.StartAsync();
        await service.StreamDemoAsync();
        await using var visit = await Visit.StartAsync(chromium.Browser, service.Url);
        var page = visit.Page;
        await page.GotoAsync(await service.LinkAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GotoAsync("/jobs");
        await Expect(page.GetByTestId("schedule")).ToContainTextAsync("every day at 02:00");
        await page.Locator("summary", new() { HasText = "New rescan" }).ClickAsync();
        await page.GetByLabel("Verify").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Start the rescan" }).ClickAsync();
        await Expect(page.Locator("[data-f=state]")).ToHaveTextAsync("Finished");
        await Expect(page.Locator("[data-f=percent]")).ToHaveTextAsync("100\u00a0%");
        await Expect(page.GetByTestId("job-sum")).ToBeVisibleAsync();
        Assert.Equal(200, await page.EvaluateAsync<int>("async () => (await fetch('/api/v1/jobs/1')).status"));
        await visit.LookAsync("service-job");
        await page.GotoAsync("/jobs");
        await visit.LookAsync("service-jobs");
    }

    [Fact]
    public async Task Author_OpensTheQuarantinesRetry_IsToldWhoMay()
    {
        await using var service = await Service.StartAsync();
        await using var visit = await Visit.StartAsync(chromium.Browser, service.Url);
        await visit.Page.GotoAsync(await service.LinkAsync("lee", UserRole.Author));
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        const string Message = """{ "id": "m-1", "channel": "chat", "conversation": "c", "sentAt": "2026-05-04T09:12:00Z", "from": { "address": "a@larchmont.example", "role": "employee" }, "text": "TEXT" }""";
        await service.PostAsync(Message.Replace("TEXT", "one", StringComparison.Ordinal));
        await service.PostAsync(Message.Replace("TEXT", "other", StringComparison.Ordinal));
        await visit.Page.GotoAsync("/quarantine");
        await Expect(visit.Page.GetByTestId("quarantine-row")).ToHaveCountAsync(1);
        await Expect(visit.Page.Locator("main")).ToContainTextAsync("quarantine:write");
        await visit.LookAsync("quarantine-read-only");
        await visit.Page.GotoAsync("/nowhere");
        visit.ForgiveErrors();
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "There is no such page" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Demo_StreamedWhileLooking_FillsTheQueueAndEveryPageHolds()
    {
        await using var service = await Service.StartAsync(settings => settings with { Demo = true });
        await using var visit = await Visit.StartAsync(chromium.Browser, service.Url);
        var page = visit.Page;
        await page.GotoAsync(await service.LinkAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GotoAsync("/alerts");
        await Expect(page.Locator("#live-state")).ToHaveAttributeAsync("data-state", "live");
        await service.StreamDemoAsync();
        await Expect(page.Locator("#fresh")).ToContainTextAsync("new");
        await page.Keyboard.PressAsync(".");
        await Expect(page.GetByTestId("alert-row").First).ToBeVisibleAsync();
        await visit.ShootAsync("demo-alerts");

        var alerts = await page.Locator("a[data-row]").EvaluateAllAsync<string[]>("links => links.map(link => link.getAttribute('href'))");
        var rules = await page.Locator("th.col-rule code").AllInnerTextsAsync();
        foreach (var (rule, at) in rules.Select((rule, at) => (rule, at)).DistinctBy(r => r.rule))
        {
            await page.GotoAsync(alerts[at]);
            await Expect(page.GetByTestId("why")).ToContainTextAsync("Fired because");
            await Expect(page.Locator(".message.shown")).ToHaveCountAsync(1);
            await visit.ShootAsync("demo-alert-" + rule);
        }
        await page.GotoAsync("/");
        await visit.ShootAsync("demo-home");
        await page.GotoAsync("/rules");
        await visit.LookAsync("demo-rules");
        var links = await page.Locator("[data-testid=rule-row] th a").EvaluateAllAsync<string[]>("links => links.map(link => link.getAttribute('href'))");
        foreach (var link in links)
        {
            await page.GotoAsync(link);
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "In words" })).ToBeVisibleAsync();
        }
        await visit.LookAsync("demo-rule");
    }

    [GeneratedRegex("-d '(.*)'", RegexOptions.Singleline)]
    private static partial Regex Body();
}
