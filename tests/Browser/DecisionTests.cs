using System.Globalization;
using Microsoft.Playwright;
using Surveillance.Alerting;
using Surveillance.Browser.Tests.Staged;
using Surveillance.Messages;
using Surveillance.Review;
using Surveillance.Tests;
using static Microsoft.Playwright.Assertions;

namespace Surveillance.Browser.Tests;

/// <summary>Deciding alerts: by keys, without a script, two at a time, and taking back.</summary>
public sealed class DecisionTests(Chromium chromium) : IAsyncLifetime
{
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 5, 4, 10, 30, 0, TimeSpan.Zero));
    private StagedHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await StagedHost.StartAsync(new Stage(_time).Fill(extra: 22), _time);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private StagedWorld World => _host.World;

    private async Task<AlertDetail> ReadAsync(OpaqueId id) => (await World.FindAsync(id, default))!;

    private static OpaqueId IdOf(IPage page) =>
        OpaqueId.TryParse(new Uri(page.Url).Segments[^1], out var id) ? id : throw new InvalidOperationException("Not the page of an alert: " + page.Url);

    [Fact]
    public async Task Keys_TwentyAlerts_DecidesEachWithTwoKeysAndOpensTheNext()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        var page = visit.Page;
        await page.GotoAsync("/alerts");
        await page.Keyboard.PressAsync("j");
        await Expect(page.Locator("a[data-row]").First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/alerts/*");
        var decided = new HashSet<OpaqueId>();
        for (var i = 0; i < 20; i++)
        {
            var id = IdOf(page);
            Assert.True(decided.Add(id));
            await page.Keyboard.PressAsync(i % 2 == 0 ? "f" : "t");
            await page.Keyboard.PressAsync(((i % 4) + 1).ToString(CultureInfo.InvariantCulture));
            await page.WaitForURLAsync(url => !url.Contains(id.ToString(), StringComparison.Ordinal));
            await Expect(page.Locator("h1")).ToBeFocusedAsync();
            Assert.Equal(AlertStatus.Closed, (await ReadAsync(id)).Row.Status);
        }
        await visit.LookAsync("alert-after-decision");
    }

    [Fact]
    public async Task Keys_Z_TakesTheLastDecisionBack()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        var page = visit.Page;
        await page.GotoAsync($"/alerts/{_host.Stage.OffChannel}");
        await page.Keyboard.PressAsync("t");
        await page.Keyboard.PressAsync("2");
        await Expect(page.GetByTestId("notice")).ToContainTextAsync("Closed as true positive: regulatory concern");
        Assert.Equal("regulatory-concern", (await ReadAsync(_host.Stage.OffChannel)).Row.Reason);

        await page.Keyboard.PressAsync("z");
        await page.WaitForURLAsync($"**/alerts/{_host.Stage.OffChannel}");
        await Expect(page.GetByTestId("notice")).ToContainTextAsync("Taken back");
        var alert = await ReadAsync(_host.Stage.OffChannel);
        Assert.Equal((AlertStatus.Open, null), (alert.Row.Status, alert.Row.Disposition));
        await Expect(page.GetByTestId("timeline")).ToContainTextAsync("Decision taken back; open again");
    }

    [Fact]
    public async Task Keys_EWithoutANote_AsksForTheNoteFirst()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        var page = visit.Page;
        await page.GotoAsync($"/alerts/{_host.Stage.OffChannel}");
        await page.Keyboard.PressAsync("e");
        await Expect(page.Locator("#note")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Looks like inside news. jkfze");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("e");
        await Expect(page.GetByTestId("notice")).ToContainTextAsync("Escalated to supervisor");
        var alert = await ReadAsync(_host.Stage.OffChannel);
        Assert.Equal((AlertStatus.Escalated, "Looks like inside news. jkfze"), (alert.Row.Status, alert.Events[^1].Note));
    }

    [Fact]
    public async Task Queue_FAndADigit_ClosesTheFocusedRowAndFocusesTheNext()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        var page = visit.Page;
        await page.GotoAsync("/alerts");
        var ids = await page.GetByTestId("alert-row").EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.id)");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("f");
        await Expect(page.Locator("[data-chord=f]")).ToBeVisibleAsync();
        await visit.ShootAsync("alerts-choosing");
        await page.Keyboard.PressAsync("3");
        await Expect(page.Locator($"[data-id='{ids[1]}']")).ToHaveCountAsync(0);
        await Expect(page.Locator($"[data-id='{ids[2]}'] a[data-row]")).ToBeFocusedAsync();
        await Expect(page.GetByTestId("notice")).ToContainTextAsync("boilerplate");
        await visit.LookAsync("alerts-after-decision");
        await page.Keyboard.PressAsync("z");
        await Expect(page.Locator($"[data-id='{ids[1]}']")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Keys_InAFieldOrTurnedOff_DoNothing()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        var page = visit.Page;
        await page.GotoAsync($"/alerts/{_host.Stage.OffChannel}");
        await page.Locator("#note").FillAsync("");
        await page.Locator("#note").PressSequentiallyAsync("f1 t2 z ?");
        Assert.Equal(AlertStatus.Open, (await ReadAsync(_host.Stage.OffChannel)).Row.Status);

        await page.Locator(".menu summary").ClickAsync();
        await visit.ShootAsync("menu");
        await page.GetByRole(AriaRole.Button, new() { Name = "Off", Exact = true }).ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-keys", "off");
        await page.Keyboard.PressAsync("f");
        await page.Keyboard.PressAsync("1");
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("dialog")).Not.ToBeVisibleAsync();
        Assert.Equal(AlertStatus.Open, (await ReadAsync(_host.Stage.OffChannel)).Row.Status);
    }

    [Fact]
    public async Task WithoutScript_FilterOpenDecideUndoReopen_AllWork()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url, script: false);
        var page = visit.Page;
        await page.GotoAsync("/alerts");
        await page.Locator("summary", new() { HasText = "Severity" }).ClickAsync();
        await page.Locator("input[name=severity][value=high]").CheckAsync();
        await page.Locator("details[open] button", new() { HasText = "Apply" }).ClickAsync();
        await page.WaitForURLAsync("**severity=high**");
        Assert.Equal(await World.CountAsync(new AlertFilter { Statuses = [AlertStatus.Open], Severities = [Severity.High] }, default), await page.GetByTestId("alert-row").CountAsync());

        await page.Locator("a[data-row]").First.ClickAsync();
        var first = IdOf(page);
        await page.GetByLabel("Note").FillAsync("The client asked for it.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Benign context" }).ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains(first.ToString(), StringComparison.Ordinal));
        Assert.Contains("ctx=severity%3Dhigh", page.Url, StringComparison.Ordinal);
        var closed = await ReadAsync(first);
        Assert.Equal((AlertStatus.Closed, "benign-context", "The client asked for it."), (closed.Row.Status, closed.Row.Reason, closed.Events[^1].Note));

        await PostAsync(page, page.GetByTestId("notice").GetByRole(AriaRole.Button, new() { Name = "Undo" }));
        Assert.Equal(first, IdOf(page));
        Assert.Equal(AlertStatus.Open, (await ReadAsync(first)).Row.Status);

        await page.GetByRole(AriaRole.Button, new() { Name = "Policy breach" }).ClickAsync();
        await page.GotoAsync($"/alerts/{first}");
        await page.GetByLabel("Why open it again").FillAsync("Too fast.");
        await PostAsync(page, page.GetByRole(AriaRole.Button, new() { Name = "Open again" }));
        Assert.Equal(AlertStatus.Open, (await ReadAsync(first)).Row.Status);
        await Expect(page.GetByTestId("timeline")).ToContainTextAsync("Too fast.");
    }

    [Fact]
    public async Task Decide_SomebodyWasFaster_SaysWhoAndKeepsTheNote()
    {
        var id = _host.Stage.OffChannel;
        await using var maria = await Visit.StartAsync(chromium.Browser, _host.Url, "maria");
        await using var noah = await Visit.StartAsync(chromium.Browser, _host.Url, "noah", script: false);
        await maria.Page.GotoAsync($"/alerts/{id}");
        await noah.Page.GotoAsync($"/alerts/{id}");
        await noah.Page.GetByLabel("Note").FillAsync("I know this client: <b>old story</b>.");

        await maria.Page.GetByRole(AriaRole.Button, new() { Name = "Boilerplate or quoted" }).ClickAsync();
        await Expect(maria.Page.GetByTestId("notice")).ToBeVisibleAsync();
        _time.Advance(TimeSpan.FromSeconds(12));
        var answer = await noah.Page.RunAndWaitForResponseAsync(
            () => noah.Page.GetByRole(AriaRole.Button, new() { Name = "Needs investigation" }).ClickAsync(), response => response.Request.Method == "POST");

        Assert.Equal(412, answer.Status);
        await Expect(noah.Page.GetByTestId("stale")).ToContainTextAsync("maria closed this as false positive: boilerplate or quoted 12 seconds ago");
        await Expect(noah.Page.Locator("#note")).ToHaveValueAsync("I know this client: <b>old story</b>.");
        Assert.Equal("boilerplate", (await ReadAsync(id)).Row.Reason);
        await noah.ShootAsync("alert-stale");

        await PostAsync(noah.Page, noah.Page.GetByRole(AriaRole.Button, new() { Name = "Open again" }));
        var reopened = await ReadAsync(id);
        Assert.Equal((AlertStatus.Open, "noah", "I know this client: <b>old story</b>."), (reopened.Row.Status, reopened.Events[^1].Actor, reopened.Events[^1].Note));
        noah.ForgiveErrors(); // the browser tells of the 412, sooner or later
    }

    /// <summary>Presses a button and waits until the page that its form leads to is there.</summary>
    private static async Task PostAsync(IPage page, ILocator button)
    {
        await page.RunAndWaitForResponseAsync(() => button.ClickAsync(), response => response.Request.Method == "POST");
        await page.WaitForLoadStateAsync();
    }

    [Fact]
    public async Task Open_SomebodyDecidesMeanwhile_TheOtherPageSaysSo()
    {
        var id = _host.Stage.OffChannel;
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url, "noah");
        await visit.Page.GotoAsync($"/alerts/{id}");
        await visit.Page.Locator("#note").FillAsync("half a sent");
        await World.DecideAsync(id, 1, new Decision(Disposition.FalsePositive, "duplicate"), "maria", default);
        await Expect(visit.Page.GetByTestId("moved")).ToContainTextAsync("maria changed this alert: closed now");
        await Expect(visit.Page.Locator("#note")).ToHaveValueAsync("half a sent");
    }

    [Fact]
    public async Task Undo_TooLate_SaysSo()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        var page = visit.Page;
        await page.GotoAsync($"/alerts/{_host.Stage.OffChannel}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Wrong match" }).ClickAsync();
        var undo = page.GetByTestId("notice").GetByRole(AriaRole.Button, new() { Name = "Undo" });
        await Expect(undo).ToBeVisibleAsync();
        _time.Advance(TimeSpan.FromSeconds(31));
        await undo.ClickAsync();
        await Expect(page.GetByTestId("notice")).ToContainTextAsync("too late");
        Assert.Equal(AlertStatus.Closed, (await ReadAsync(_host.Stage.OffChannel)).Row.Status);
    }

    [Fact]
    public async Task Decide_WithoutThePagesToken_IsRefused()
    {
        using var client = new HttpClient { BaseAddress = new Uri(_host.Url) };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["ifMatch"] = "1", ["choice"] = "false-positive/duplicate" });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/alerts/{_host.Stage.OffChannel}/decide") { Content = form, Headers = { { "Accept", "text/html" } } };
        using var answer = await client.SendAsync(request);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("The form had expired", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(AlertStatus.Open, (await ReadAsync(_host.Stage.OffChannel)).Row.Status);
    }

    [Fact]
    public async Task Author_WithoutTheScope_SeesWhoMayDecide()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url, "author.lee");
        await visit.Page.GotoAsync($"/alerts/{_host.Stage.OffChannel}");
        await Expect(visit.Page.GetByTestId("decide")).ToContainTextAsync("alerts:write");
        await Expect(visit.Page.GetByTestId("decide").GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await visit.LookAsync("alert-read-only");
    }
}
