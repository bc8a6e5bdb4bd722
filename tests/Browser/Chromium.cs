using Microsoft.Playwright;

namespace Surveillance.Browser.Tests;

/// <summary>One browser for all tests of the assembly. Where there is none, tests are skipped with the reason, or fail where <c>CI</c> is <c>true</c>.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Where the browser lies: <c>SURV_CHROMIUM</c>, else the first <c>chromium</c> on the path; null when there is none.</summary>
    public static string? Path { get; } = Environment.GetEnvironmentVariable("SURV_CHROMIUM") is { Length: > 0 } named
        ? named
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => System.IO.Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists);

    /// <summary>The browser. Skips the test where there is none.</summary>
    public IBrowser Browser
    {
        get
        {
            if (_browser is null)
            {
                Require();
            }
            return _browser!;
        }
    }

    private static void Require()
    {
        if (Path is not null && File.Exists(Path))
        {
            return;
        }
        const string Reason = "There is no chromium: `apt-get install chromium fonts-noto-color-emoji fonts-liberation fonts-noto-cjk`, or name one in SURV_CHROMIUM.";
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(Reason);
        }
        Assert.Skip(Reason);
    }

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        if (Path is null || !File.Exists(Path))
        {
            return; // Each test says so.
        }
        Assertions.SetDefaultExpectTimeout(20_000); // generous: the machine may be building something else meanwhile
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Path,
            Headless = true,
            ChromiumSandbox = false,
            Timeout = 60_000,
            Args =
            [
                "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
            ],
        });
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }
        _playwright?.Dispose();
    }
}
