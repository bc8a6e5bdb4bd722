using System.Globalization;
using Microsoft.Playwright;
using Surveillance.Alerting;
using Surveillance.Browser.Tests.Staged;
using Surveillance.Messages;
using Surveillance.Review;
using Surveillance.Tests;
using static Microsoft.Playwright.Assertions;

namespace Surveillance.Browser.Tests;

/// <summary>The queue: pages, addresses, live news, and what surrounds it.</summary>
public sealed class QueueTests(Chromium chromium) : IAsyncLifetime
{
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 5, 4, 10, 30, 0, TimeSpan.Zero));
    private StagedHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await StagedHost.StartAsync(new Stage(_time).Fill(), _time);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static Task<string[]> IdsAsync(IPage page) => page.GetByTestId("alert-row").EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.id)");

    private AlertDetail RaiseNew(int number)
    {
        var sent = _host.World.Keep(_host.Stage.Message(
            $"c-new-{number}", Channel.WhatsApp, new Participant("+442079460000", Role.Employee, "Anika Shah"), new Participant("+4915112345678", Role.Client, "Clara Vogel"),
            TimeSpan.Zero, "Text me on my own phone."));
        return _host.Stage.Alert("off-channel-move", [(sent, [Stage.Span(sent, "Text me", "/when")])],
            new ProofNode("/when", "phrase", "\"text me\" is said", ProofState.Matched), at: _time.GetUtcNow());
    }

    [Fact]
    public async Task Pages_WalkedToTheEnd_ShowEveryAlertOnce()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        var page = visit.Page;
        await page.GotoAsync("/alerts");
        var seen = (await IdsAsync(page)).ToList();
        Assert.Equal(50, seen.Count);
        await page.GetByRole(AriaRole.Link, new() { Name = "Next 50" }).ClickAsync();
        await page.WaitForURLAsync("**after=**");
        seen.AddRange(await IdsAsync(page));
        Assert.Equal(await _host.World.CountAsync(new AlertFilter { Statuses = [AlertStatus.Open] }, default), seen.Count);
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    [Fact]
    public async Task Address_InAnotherBrowser_ShowsTheSameRows()
    {
        await using var first = await Visit.StartAsync(chromium.Browser, _host.Url);
        await first.Page.GotoAsync("/alerts");
        await first.Page.Locator("summary", new() { HasText = "Channel" }).ClickAsync();
        await first.Page.Locator("input[name=channel][value=wechat]").CheckAsync();
        await visitShot(first);
        await first.Page.Locator("details[open] button", new() { HasText = "Apply" }).ClickAsync();
        await first.Page.WaitForURLAsync("**channel=wechat**");
        await first.Page.Locator("select[name=sort]").SelectOptionAsync("newest");
        await first.Page.WaitForURLAsync("**sort=newest**");
        await using var second = await Visit.StartAsync(chromium.Browser, _host.Url, "somebody");
        await second.Page.GotoAsync(first.Page.Url);
        var ids = await IdsAsync(first.Page);
        Assert.NotEmpty(ids);
        Assert.Equal(ids, await IdsAsync(second.Page));
        Assert.All(await second.Page.Locator("td.col-channel").AllInnerTextsAsync(), channel => Assert.Equal("WeChat", channel));

        static Task visitShot(Visit visit) => visit.ShootAsync("alerts-filter-open");
    }

    [Fact]
    public async Task Standing_NoLongerRaised_IsMarkedAndCanBeHeldApart()
    {
        var fallen = _host.Stage.OffChannel;
        _host.World.Fall(fallen);
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        var page = visit.Page;
        foreach (var density in new[] { "comfortable", "compact" })
        {
            await page.GotoAsync("/alerts?density=" + density);
            Assert.Equal([fallen.ToString()], await page.Locator("tr:has([data-testid=no-longer-raised])").EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.id)"));
            await Expect(page.GetByTestId("no-longer-raised")).ToBeVisibleAsync();
        }
        await page.Locator("select[name=standing]").SelectOptionAsync("no-longer-raised");
        await page.WaitForURLAsync("**standing=no-longer-raised**");
        Assert.Equal([fallen.ToString()], await IdsAsync(page));
        await Expect(page.Locator(".chip")).ToContainTextAsync("Standing: no longer raised");
        await visit.LookAsync("alerts-no-longer-raised");

        await Expect(page.Locator("#live-state")).ToHaveAttributeAsync("data-state", "live");
        RaiseNew(1);
        await Expect(page.Locator("#said")).Not.ToContainTextAsync("new alerts");
        await Expect(page.Locator("#fresh")).ToBeHiddenAsync();
        await page.Locator("select[name=standing]").SelectOptionAsync("raised");
        await page.WaitForURLAsync("**standing=raised**");
        Assert.DoesNotContain(fallen.ToString(), await IdsAsync(page));
    }

    [Fact]
    public async Task Live_AlertsArrive_PillCountsThemAndTheFocusedRowStays()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        var page = visit.Page;
        await page.GotoAsync("/alerts");
        await Expect(page.Locator("#live-state")).ToHaveAttributeAsync("data-state", "live");
        for (var i = 0; i < 3; i++)
        {
            await page.Keyboard.PressAsync("j");
        }
        var focused = page.Locator("tr:has(a:focus)");
        var before = (Id: await focused.GetAttributeAsync("data-id"), Box: await focused.BoundingBoxAsync());
        var open = int.Parse(await page.Locator("[data-counter=open]").GetAttributeAsync("data-count") ?? "", CultureInfo.InvariantCulture);

        var made = Enumerable.Range(0, 20).Select(RaiseNew).ToList();
        await Expect(page.Locator("#fresh")).ToContainTextAsync("20 new", new() { Timeout = 5_000 });
        await Expect(page.Locator("[data-counter=open]")).ToHaveAttributeAsync("data-count", (open + 20).ToString(CultureInfo.InvariantCulture));
        Assert.Equal(before.Id, await focused.GetAttributeAsync("data-id"));
        Assert.Equal(before.Box!.Y, (await focused.BoundingBoxAsync())!.Y);
        await visit.LookAsync("alerts-news");

        await page.Keyboard.PressAsync(".");
        await Expect(page.Locator($"[data-id='{made[^1].Row.Id}']")).ToBeVisibleAsync();
        await Expect(page.Locator("#fresh")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Live_TwoTabs_ShareOneStream()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        var streams = 0;
        visit.Page.Context.Request += (_, request) => streams += new Uri(request.Url).AbsolutePath == "/events" ? 1 : 0;
        await visit.Page.GotoAsync("/alerts");
        await Expect(visit.Page.Locator("#live-state")).ToHaveAttributeAsync("data-state", "live");
        var other = await visit.NewTabAsync();
        await other.GotoAsync(_host.Url + "/alerts");
        await Expect(other.Locator("#live-state")).ToHaveAttributeAsync("data-state", "live");
        RaiseNew(1);
        await Expect(visit.Page.Locator("#fresh")).ToContainTextAsync("1 new");
        await Expect(other.Locator("#fresh")).ToContainTextAsync("1 new");
        Assert.Equal(1, streams);
    }

    [Fact]
    public async Task Live_StreamBlocked_AsksInstead()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        await visit.Page.Clock.InstallAsync();
        await visit.Page.RouteAsync("**/events?*", route => route.AbortAsync());
        await visit.Page.GotoAsync("/alerts");
        await Expect(visit.Page.Locator("#live-state")).ToHaveAttributeAsync("data-state", "offline");
        RaiseNew(1);
        for (var i = 0; i < 4; i++)
        {
            await visit.Page.Clock.RunForAsync(6_000);
        }
        await Expect(visit.Page.Locator("#live-state")).ToHaveAttributeAsync("data-state", "polling");
        await visit.Page.Clock.RunForAsync(16_000);
        await Expect(visit.Page.Locator("#fresh")).ToContainTextAsync("1 new");
        visit.ForgiveErrors();
    }

    [Fact]
    public async Task Events_LastEventId_ContinuesWithWhatFollows()
    {
        var known = _host.World.Current;
        var made = Enumerable.Range(0, 3).Select(RaiseNew).ToList();
        using var client = new HttpClient { BaseAddress = new Uri(_host.Url) };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events?after=0") { Headers = { { "Last-Event-ID", (known + 1).ToString(CultureInfo.InvariantCulture) } } };
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var ids = new List<string>();
        while (ids.Count < 3 && await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                ids.Add(line[4..]);
            }
        }
        Assert.Equal([$"{known + 1}", $"{known + 2}", $"{known + 3}"], ids); // the greeting repeats what is known
        Assert.Equal(3, made.Count);
    }

    [Fact]
    public async Task Events_NothingHappens_StaysAliveAndGoesOn()
    {
        using var client = new HttpClient { BaseAddress = new Uri(_host.Url) };
        using var reader = new StreamReader(await client.GetStreamAsync($"/events?after={_host.World.Current}"));
        for (var alive = 0; alive < 2;)
        {
            var line = reader.ReadLineAsync();
            while (!line.IsCompleted)
            {
                _time.Advance(TimeSpan.FromSeconds(15)); // until the server waits for its clock
                await Task.WhenAny(line, Task.Delay(20));
            }
            alive += await line == "event: alive" ? 1 : 0;
        }
        var raised = RaiseNew(1);
        while (await reader.ReadLineAsync() is { } line && !line.Contains(raised.Row.Id.ToString(), StringComparison.Ordinal))
        {
            Assert.True(line is "event: alive" or "event: alert" or "data: " or "data: null" or "" || line.StartsWith("id: ", StringComparison.Ordinal) || line.StartsWith("retry: ", StringComparison.Ordinal), line);
        }
    }

    [Fact]
    public async Task Home_EachTile_CountsWhatItLeadsTo()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        var page = visit.Page;
        foreach (var tile in (string[])["critical", "high", "medium", "low", "escalated", "quarantine", "rules"])
        {
            await page.GotoAsync("/");
            var link = page.Locator($"a[data-tile={tile}]");
            var count = int.Parse(await link.GetAttributeAsync("data-count") ?? "", CultureInfo.InvariantCulture);
            await link.ClickAsync();
            await page.WaitForURLAsync(url => new Uri(url).AbsolutePath != "/");
            var rows = page.Locator("[data-testid=alert-row], [data-testid=quarantine-row], [data-testid=rule-row]");
            var shown = await rows.CountAsync();
            if (await page.Locator("#more").CountAsync() > 0)
            {
                await page.Locator("#more").ClickAsync();
                await page.WaitForURLAsync("**after=**");
                shown += await rows.CountAsync();
            }
            Assert.Equal((tile, count), (tile, shown));
        }
    }

    [Fact]
    public async Task Quarantine_Retry_TakesTheMessageOutAndSaysSo()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url, script: false);
        await visit.Page.GotoAsync("/quarantine");
        await Expect(visit.Page.GetByTestId("quarantine-row")).ToHaveCountAsync(2);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Retry" }).ClickAsync();
        await Expect(visit.Page.GetByTestId("quarantine-row")).ToHaveCountAsync(1);
        await Expect(visit.Page.GetByTestId("notice")).ToContainTextAsync("tried again");
    }

    [Fact]
    public async Task Rules_CandidateDoesNotCheck_TheListSaysWhyAndWhatRuns()
    {
        _host.World.Book = _host.World.Book with
        {
            Problems = ["error[E014]: lexicon \"off-chanel-invitations\" is not defined\n  --> rules/off-channel/off-channel-move.json:5:24\n  5 |   \"when\": { \"lexicon\": \"off-chanel-invitations\" },\n    |                        ^^^^^^^^^^^^^^^^^^^^^^^^\n  help: `off-channel-invitations` is (lexicons/off-channel-invitations.json:1:1)"],
            MissingModels = ["marketing"],
        };
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        await visit.Page.GotoAsync("/rules");
        await Expect(visit.Page.GetByTestId("candidate-problems")).ToContainTextAsync("off-chanel-invitations");
        await Expect(visit.Page.GetByTestId("revision")).ToContainTextAsync("r-2026-05-04");
        await Expect(visit.Page.GetByTestId("missing-models")).ToContainTextAsync("marketing");
        await visit.LookAsync("rules-problems");
    }

    [Fact]
    public async Task Failure_OfTheStore_ShowsAPageWithANumberAndNoWords()
    {
        _host.World.Fails = true;
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        var answer = await visit.Page.GotoAsync("/alerts");
        Assert.Equal(500, answer!.Status);
        await Expect(visit.Page.Locator("[data-state=error] code")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("[0-9a-f:A-Z]{10,}"));
        await Expect(visit.Page.Locator("body")).Not.ToContainTextAsync("told to fail");
        await visit.LookAsync("error");
        visit.ForgiveErrors();
    }

    [Fact]
    public async Task Theme_Chosen_StaysAcrossPages()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        await visit.Page.GotoAsync("/rules");
        await visit.Page.Locator(".menu summary").ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
        await visit.Page.WaitForURLAsync("**/rules");
        await visit.Page.GotoAsync("/alerts");
        await Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        Assert.Equal("dark", await visit.Page.EvaluateAsync<string>("getComputedStyle(document.documentElement).colorScheme"));
    }

    [Fact]
    public async Task Evidence_OnThePage_IsExactlyWhatTheAlertHolds()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        foreach (var id in (OpaqueId[])[_host.Stage.OffChannel, _host.Stage.MailAlert, _host.Stage.Consent, _host.Stage.Hostile])
        {
            await visit.Page.GotoAsync($"/alerts/{id}");
            var alert = (await _host.World.FindAsync(id, default))!;
            var expected = alert.Members.SelectMany(m => m.Evidence.Select(e => (e.Start, e.End, Message: e.Message ?? m.Message.ToString()))).Distinct().Order().ToList();
            var marks = await visit.Page.Locator("mark").EvaluateAllAsync<string[]>(
                "marks => marks.flatMap(m => { const copy = m.cloneNode(true); return [...Array(copy.textContent.length).keys()].map(i => m.closest('.message').dataset.id + ':' + (Number(m.dataset.start) + i)); })");
            var units = expected.SelectMany(e => Enumerable.Range(e.Start, e.End - e.Start).Select(i => $"{e.Message}:{i}")).Distinct().Order().ToList();
            Assert.Equal(units, marks.Order().ToList());
        }
    }

    [Fact]
    public async Task Pages_OfHostileWords_RunNothingAndLoadNothingFromElsewhere()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        var foreign = new List<string>();
        visit.Page.Request += (_, request) => { if (!request.Url.StartsWith(_host.Url, StringComparison.Ordinal)) { foreign.Add(request.Url); } };
        visit.Page.Dialog += (_, dialog) => foreign.Add("dialog " + dialog.Message);
        foreach (var path in (string[])["/alerts", $"/alerts/{_host.Stage.Hostile}", "/rules", "/quarantine", "/"])
        {
            var answer = await visit.Page.GotoAsync(path);
            Assert.Contains("default-src 'self'", answer!.Headers["content-security-policy"], StringComparison.Ordinal);
            var html = await answer.TextAsync();
            Assert.DoesNotContain(" style=", html, StringComparison.Ordinal);
            Assert.DoesNotMatch("<script(?! type=\"module\" src=\"/js/)", html);
            Assert.DoesNotMatch(" on[a-z]+=\"", html);
            Assert.DoesNotContain('\u202E', html);
            await Expect(visit.Page.Locator("html.scripted")).ToHaveCountAsync(1);
        }
        Assert.Empty(foreign);
    }

    [Fact]
    public async Task Budgets_QueueAndScripts_AreKept()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        var scripts = new Dictionary<string, int>();
        visit.Page.Response += async (_, response) =>
        {
            if (response.Url.EndsWith(".js", StringComparison.Ordinal))
            {
                var body = await response.BodyAsync();
                lock (scripts)
                {
                    scripts[response.Url] = body.Length;
                }
            }
        };
        var answer = await visit.Page.GotoAsync("/alerts", new() { WaitUntil = WaitUntilState.Load });
        Assert.InRange((await answer!.BodyAsync()).Length, 1, 70_000);
        await Expect(visit.Page.Locator("html.scripted")).ToHaveCountAsync(1);
        Assert.InRange(scripts.Values.Sum(), 1, 30_000);
        var shift = await visit.Page.EvaluateAsync<double>(
            "() => new Promise(done => { let sum = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) sum += e.value; }).observe({ type: 'layout-shift', buffered: true }); setTimeout(() => done(sum), 300); })");
        Assert.InRange(shift, 0, 0.02);
    }
}
