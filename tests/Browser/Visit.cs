using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Surveillance.Browser.Tests;

/// <summary>One person at one browser window. Any error on the console or of a script fails the test at the end.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _errors = [];
    private bool _forgivesStatus;

    private Visit(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
    }

    public IPage Page { get; }

    public static async Task<Visit> StartAsync(
        IBrowser browser, string url, string user = "m.okafor", ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 800, bool script = true)
    {
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = url,
            ViewportSize = new() { Width = width, Height = height },
            Locale = "en-GB",
            TimezoneId = "Europe/London",
            ReducedMotion = ReducedMotion.Reduce,
            ColorScheme = scheme,
            JavaScriptEnabled = script,
            ExtraHTTPHeaders = new Dictionary<string, string> { ["X-User"] = user },
        });
        context.SetDefaultTimeout(30_000);
        var visit = new Visit(context, await context.NewPageAsync());
        visit.Watch(visit.Page);
        return visit;
    }

    public async Task<IPage> NewTabAsync()
    {
        var page = await _context.NewPageAsync();
        Watch(page);
        return page;
    }

    /// <summary>Forgets the errors so far: the page was meant to fail.</summary>
    public void ForgiveErrors()
    {
        _errors.Clear();
        _forgivesStatus = true; // the console may tell of an expected status only later
    }

    /// <summary>Looks at the page wide and narrow, in light and in dark: nothing keeps anybody out, nothing sticks out. Keeps pictures where <c>SURV_SHOTS</c> names a folder.</summary>
    public async Task LookAsync(string name)
    {
        await LookAsync(name, ColorScheme.Light, 1280, 800);
        await LookAsync(name, ColorScheme.Dark, 1280, 800, "color-contrast", "link-in-text-block");
        await LookAsync(name, ColorScheme.Dark, 360, 740, "color-contrast", "target-size", "scrollable-region-focusable");
        await LookAsync(name, ColorScheme.Light, 320, 640, "color-contrast", "target-size", "scrollable-region-focusable");
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await Page.SetViewportSizeAsync(1280, 800);
    }

    private async Task LookAsync(string name, ColorScheme scheme, int width, int height, params string[] rules)
    {
        await Page.EmulateMediaAsync(new() { ColorScheme = scheme });
        await Page.SetViewportSizeAsync(width, height);
        var what = $"{name}-{(scheme == ColorScheme.Dark ? "dark" : "light")}-{width}";
        await ShootAsync(what);
        await AssertReflowsAsync(what);
        await AssertAccessibleAsync(what, rules);
    }

    /// <summary>Nothing on the page keeps anybody out (WCAG 2.0 to 2.2, A and AA).</summary>
    public async Task AssertAccessibleAsync(string what, params string[] rules)
    {
        var result = await Page.RunAxe(new AxeRunOptions
        {
            RunOnly = rules.Length > 0 ? RunOnlyOptions.Rules(rules) : RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"),
        });
        Assert.True(
            result.Violations.Length == 0,
            what + "\n" + string.Join('\n', result.Violations.Select(v => $"{v.Id} ({v.Nodes.Length}): {v.Help}\n  " + string.Join("\n  ", v.Nodes.Take(4).Select(n => n.Html + "  " + string.Join("; ", n.Any.Select(a => a.Message)))))));
    }

    /// <summary>Nothing sticks out at the side.</summary>
    public async Task AssertReflowsAsync(string what)
    {
        var over = await Page.EvaluateAsync<string?>(
            """
            () => {
              const wide = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= wide) return null;
              const out = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > wide + 1 && !e.closest("pre"));
              return `${document.documentElement.scrollWidth} > ${wide}: ` + out.slice(0, 4).map((e) => e.outerHTML.slice(0, 120)).join(" | ");
            }
            """);
        Assert.True(over is null, what + ": " + over);
    }

    /// <summary>Keeps a picture where <c>SURV_SHOTS</c> names a folder.</summary>
    public async Task ShootAsync(string name, bool full = false)
    {
        if (Environment.GetEnvironmentVariable("SURV_SHOTS") is { Length: > 0 } folder)
        {
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = full });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        Assert.True(_errors.Count == 0, string.Join('\n', _errors));
    }

    private void Watch(IPage page)
    {
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                if (!(_forgivesStatus && message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)))
                {
                    _errors.Add($"{page.Url}: {message.Text}");
                }
            }
        };
        page.PageError += (_, error) => _errors.Add($"{page.Url}: {error}");
    }
}
