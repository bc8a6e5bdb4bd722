using System.Net;
using Surveillance.Accounts;

namespace Surveillance.Dashboard.Tests.Accounts;

/// <summary>Signing in and out in a browser.</summary>
public sealed class SignInTests(AccountsHost host) : IClassFixture<AccountsHost>
{
    private const string Good = "correct horse battery";

    [Fact]
    public async Task Link_LookedAtOften_IsNotUsedUp()
    {
        var made = await AddUserAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await host.NewBrowser().GetAsync("/sign-in?link=" + made.Word)).StatusCode);
        }

        Assert.NotNull(await host.Accounts.RedeemLinkAsync(made.Word, default));
    }

    [Fact]
    public async Task Link_ButtonPressed_SignsInOnce()
    {
        var made = await AddUserAsync();
        var browser = host.NewBrowser();

        var answer = await AccountsHost.PostFormAsync(browser, "/sign-in?link=" + made.Word, "/sign-in", new() { ["link"] = made.Word, ["returnUrl"] = "/alerts" });

        Assert.Equal("/alerts", answer.Headers.Location!.OriginalString);
        Assert.Equal("queue", await browser.GetStringAsync("/alerts"));
        Assert.Equal(HttpStatusCode.Gone, (await host.NewBrowser().GetAsync("/sign-in?link=" + made.Word)).StatusCode);
    }

    [Fact]
    public async Task Link_PostedWithoutFormToken_IsNotUsedUp()
    {
        var made = await AddUserAsync();

        var answer = await host.NewBrowser().PostAsync("/sign-in", new FormUrlEncodedContent(new Dictionary<string, string> { ["link"] = made.Word }));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotNull(await host.Accounts.FindLinkAsync(made.Word, default));
    }

    [Fact]
    public async Task Link_Unknown_410()
    {
        Assert.Equal(HttpStatusCode.Gone, (await host.NewBrowser().GetAsync("/sign-in?link=nothing")).StatusCode);
    }

    [Theory]
    [InlineData("/alerts?x=1", "/alerts?x=1")]
    [InlineData("https://elsewhere.example/", "/")]
    [InlineData("//elsewhere.example/", "/")]
    [InlineData("/\\elsewhere.example/", "/")]
    [InlineData("/a\tb", "/")]
    [InlineData("", "/")]
    public async Task ReturnUrl_OnlyWithinThisSite(string wanted, string got)
    {
        var made = await AddUserAsync();

        var answer = await AccountsHost.PostFormAsync(host.NewBrowser(), "/sign-in", "/sign-in", new() { ["link"] = made.Word, ["returnUrl"] = wanted });

        Assert.Equal(got, answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Password_SetThenUsed_SignsIn()
    {
        var (_, user) = await host.NewSessionAsync(UserRole.Analyst, Good);
        var browser = host.NewBrowser();

        var answer = await SignInAsync(browser, user.Name, Good);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("queue", await browser.GetStringAsync("/alerts"));
    }

    [Fact]
    public async Task Password_Wrong_SaysNothingAboutTheName()
    {
        var (_, user) = await host.NewSessionAsync(UserRole.Analyst, Good);

        var known = await SignInAsync(host.NewBrowser(), user.Name, "wrong");
        var unknown = await SignInAsync(host.NewBrowser(), "nobody", "wrong");

        Assert.Equal(HttpStatusCode.Forbidden, known.StatusCode);
        Assert.Equal(Shape(await known.Content.ReadAsStringAsync(), user.Name), Shape(await unknown.Content.ReadAsStringAsync(), "nobody"));

        static string Shape(string html, string name) => html.Replace(name, "NAME", StringComparison.Ordinal).Replace(AccountsHost.FormToken(html), "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Password_FiveTimesWrong_LocksForAWhile()
    {
        var (_, user) = await host.NewSessionAsync(UserRole.Analyst, Good);
        for (var i = 0; i < 5; i++)
        {
            await SignInAsync(host.NewBrowser(), user.Name, "wrong");
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await SignInAsync(host.NewBrowser(), user.Name, Good)).StatusCode);
    }

    [Fact]
    public async Task Password_Changed_EndsOtherSessionsAndKeepsThis()
    {
        var (first, user) = await host.NewSessionAsync(UserRole.Analyst, Good);
        var second = host.NewBrowser();
        await SignInAsync(second, user.Name, Good);

        var answer = await AccountsHost.PostFormAsync(second, "/account", "/account", new() { ["current"] = Good, ["password"] = "another long one", ["again"] = "another long one" });

        Assert.Equal("/account?saved", answer.Headers.Location!.OriginalString);
        Assert.Contains("role=\"status\"", await second.GetStringAsync("/account?saved"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await first.GetAsync("/alerts")).StatusCode);
    }

    [Theory]
    [InlineData("short", "short", "at least 12")]
    [InlineData("a long enough one", "a different one", "differ")]
    public async Task Password_NotAcceptable_SaysWhy(string wanted, string again, string why)
    {
        var (browser, _) = await host.NewSessionAsync(UserRole.Analyst);

        var answer = await AccountsHost.PostFormAsync(browser, "/account", "/account", new() { ["password"] = wanted, ["again"] = again });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(why, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Password_SessionByPassword_AsksForTheCurrentOne()
    {
        var (_, user) = await host.NewSessionAsync(UserRole.Analyst, Good);
        var browser = host.NewBrowser();
        await SignInAsync(browser, user.Name, Good);

        var answer = await AccountsHost.PostFormAsync(browser, "/account", "/account", new() { ["password"] = "another long one", ["again"] = "another long one" });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
    }

    [Fact]
    public async Task SignOut_EndsTheSession()
    {
        var (browser, _) = await host.NewSessionAsync(UserRole.Analyst);

        var answer = await AccountsHost.PostFormAsync(browser, "/account", "/sign-out", []);

        Assert.Equal("/sign-in", answer.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/alerts")).StatusCode);
    }

    [Fact]
    public async Task SignIn_AlreadySignedIn_GoesOn()
    {
        var (browser, _) = await host.NewSessionAsync(UserRole.Analyst);

        Assert.Equal("/alerts", (await browser.GetAsync("/sign-in?returnUrl=/alerts")).Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Cookie_IsOutOfReachOfScriptsAndOtherSites()
    {
        var made = await AddUserAsync();

        var answer = await AccountsHost.PostFormAsync(host.NewBrowser(), "/sign-in", "/sign-in", new() { ["link"] = made.Word });
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("surveillance.session=", StringComparison.Ordinal));

        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/sign-in?link=x")]
    [InlineData("/account")]
    public async Task Pages_HoldNoInlineScriptOrStyle_AndAreNotStored(string path)
    {
        var (browser, _) = await host.NewSessionAsync(UserRole.Analyst);

        var answer = await browser.GetAsync(path == "/sign-in" ? path + "?link=y" : path);
        var html = await answer.Content.ReadAsStringAsync();

        Assert.DoesNotContain("<script>", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("style=", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("no-store", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_HostileName_IsEscaped()
    {
        var answer = await SignInAsync(host.NewBrowser(), "\"><script>alert(1)</script>", "wrong");

        Assert.DoesNotContain("<script>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_ManyTries_429WithRetryAfter()
    {
        var slow = new AccountsHost { TriesPerMinute = 3 };
        await slow.InitializeAsync();
        try
        {
            var browser = slow.NewBrowser();
            for (var i = 0; i < 3; i++)
            {
                await SignInAsync(browser, "nobody", "wrong");
            }

            var answer = await SignInAsync(browser, "nobody", "wrong");

            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
        }
        finally
        {
            await slow.DisposeAsync();
        }
    }

    private static Task<HttpResponseMessage> SignInAsync(HttpClient browser, string name, string password) =>
        AccountsHost.PostFormAsync(browser, "/sign-in", "/sign-in", new() { ["name"] = name, ["password"] = password });

    private async Task<NewLink> AddUserAsync() => (await host.Accounts.AddUserAsync("user-" + Guid.CreateVersion7(), UserRole.Analyst, "operator", default))!;
}
