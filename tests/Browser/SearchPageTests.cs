using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Surveillance.Browser.Tests.Staged;
using Surveillance.Tests;
using static Microsoft.Playwright.Assertions;

namespace Surveillance.Browser.Tests;

/// <summary>The search of messages as people use it.</summary>
public sealed class SearchPageTests(Chromium chromium) : IAsyncLifetime
{
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 5, 4, 10, 30, 0, TimeSpan.Zero));
    private StagedHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await StagedHost.StartAsync(new Stage(_time).Fill(extra: 60), _time);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Search_WithoutScript_FindsPagesAndLeadsIntoTheConversation()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url, script: false);
        var page = visit.Page;
        await page.GotoAsync("/messages");
        await Expect(page.GetByTestId("message-row")).ToHaveCountAsync(50);
        var first = await page.GetByTestId("message-row").First.GetAttributeAsync("data-id");
        await page.GetByRole(AriaRole.Link, new() { Name = "Next 50" }).ClickAsync();
        await Expect(page.GetByTestId("message-row").First).Not.ToHaveAttributeAsync("data-id", first!);
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search messages" }).FillAsync("\"personal WHATSAPP\" channel:whatsapp");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"/messages\?q=%22personal"));
        var row = page.GetByTestId("message-row").First;
        await Expect(row.Locator("mark")).ToHaveTextAsync("personal WhatsApp");
        var id = await row.GetAttributeAsync("data-id");
        await row.Locator("a[data-row]").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex($"/conversations/[a-z2-7]{{26}}\\?around=\\d+#m-{id}$"));
        await Expect(page.Locator("#m-" + id)).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Keys_LeadThereAndIntoTheField()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        var page = visit.Page;
        await page.GotoAsync("/rules");
        await Expect(page.Locator("html.scripted")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("m");
        await Expect(page).ToHaveURLAsync(new Regex("/messages$"));
        await Expect(page.Locator("html.scripted")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("/");
        await Expect(page.Locator("#q")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("zanzibar");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[data-state=filtered-empty]")).ToContainTextAsync("No message meets this search");
        await Expect(page.Locator("#q")).ToHaveValueAsync("zanzibar");
    }

    [Fact]
    public async Task Index_ThatLagsIsStuckOrBroken_SaysSo()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        var page = visit.Page;
        _host.World.Search.IndexedTo = 12;
        _host.World.Search.Trouble = "The disk of the search index is full or cannot be written.";
        await page.GotoAsync("/messages");
        await Expect(page.GetByTestId("indexed")).ToContainTextAsync(new Regex("Indexed up to\\s+12\\s+of 18,412"));
        await Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "disk" })).ToHaveCountAsync(1);
        await page.GetByText("About the index").ClickAsync();
        await page.GetByText("What can be asked").ClickAsync();
        await visit.LookAsync("messages-lagging");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the index anew" }).ClickAsync();
        await Expect(page.GetByTestId("notice")).ToContainTextAsync("made anew");
        await Expect(page.Locator("[data-state=empty]")).ToContainTextAsync("The index is being filled");
        Assert.Equal("search.rebuild", (await _host.World.Search.ReadAsync(0, 10, default))[^1].Entry.Action);
        _host.World.Search.Broken = "The search index is damaged and is made anew.";
        await page.GotoAsync("/messages?q=offer");
        await Expect(page.Locator("[data-state=error]")).ToContainTextAsync("damaged");
        await visit.LookAsync("messages-broken");
    }

    [Fact]
    public async Task BadQuery_IsKeptAndItsMistakeIsReadOut()
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, _host.Url);
        var page = visit.Page;
        await page.GotoAsync("/messages?q=" + Uri.EscapeDataString("offer chanel:email"));
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Column 7: there is no field chanel; a field with a similar name is channel");
        await Expect(page.Locator("pre")).ToHaveTextAsync("offer chanel:email\n      ^^^^^^", new() { UseInnerText = true });
        await Expect(page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("offer chanel:email");
        await Expect(page.GetByRole(AriaRole.Searchbox)).ToHaveAttributeAsync("aria-invalid", "true");
    }
}
