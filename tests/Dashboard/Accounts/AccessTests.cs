using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Surveillance.Accounts;

namespace Surveillance.Dashboard.Tests.Accounts;

/// <summary>Who may come in, with tokens and sessions.</summary>
public sealed class AccessTests(AccountsHost host) : IClassFixture<AccountsHost>
{
    [Fact]
    public async Task Api_WithoutToken_401Problem()
    {
        var answer = await host.NewBrowser().GetAsync("/api/v1/alerts");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Theory]
    [InlineData("surv_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task Api_UnknownToken_401(string secret)
    {
        var answer = await SendAsync(HttpMethod.Get, "/api/v1/alerts", secret);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Api_TokenWithScope_ActsAsTheToken()
    {
        var made = await host.Accounts.CreateTokenAsync("feed", [Scopes.AlertsRead], "operator", default);

        var answer = await SendAsync(HttpMethod.Get, "/api/v1/alerts", made.Secret);

        Assert.Equal("token:" + made.Token.Id, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Api_TokenRevoked_401()
    {
        var made = await host.Accounts.CreateTokenAsync("feed", [Scopes.AlertsRead], "operator", default);
        await host.Accounts.RevokeTokenAsync(made.Token.Id, "operator", default);

        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Get, "/api/v1/alerts", made.Secret)).StatusCode);
    }

    [Fact]
    public async Task Api_TokenWithoutScope_403NamesTheScopeAndWhoGrantsIt()
    {
        var made = await host.Accounts.CreateTokenAsync("feed", [Scopes.AlertsRead], "operator", default);

        var answer = await SendAsync(HttpMethod.Get, "/api/v1/jobs", made.Secret);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("jobs:run", problem.GetProperty("scope").GetString());
        Assert.Equal(["author", "supervisor", "administrator"], problem.GetProperty("roles").EnumerateArray().Select(r => r.GetString()));
        Assert.Contains("`jobs:run`", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("administrator grants", problem.GetProperty("detail").GetString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Api_TokenInTheQuery_IsNoToken()
    {
        var made = await host.Accounts.CreateTokenAsync("feed", [Scopes.AlertsRead], "operator", default);

        Assert.Equal(HttpStatusCode.Unauthorized, (await host.NewBrowser().GetAsync("/api/v1/alerts?access_token=" + made.Secret)).StatusCode);
    }

    [Fact]
    public async Task Api_TokenPosts_NeedsNoFormToken()
    {
        var made = await host.Accounts.CreateTokenAsync("feed", [Scopes.AlertsWrite], "operator", default);

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Post, "/api/v1/alerts", made.Secret)).StatusCode);
    }

    [Fact]
    public async Task Api_SessionPosts_NeedsTheFormToken()
    {
        var (browser, user) = await host.NewSessionAsync(UserRole.Analyst);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/api/v1/alerts", null)).StatusCode);

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/alerts");
        request.Headers.Add("RequestVerificationToken", AccountsHost.FormToken(await browser.GetStringAsync("/account")));
        var answer = await browser.SendAsync(request);

        Assert.Equal("user:" + user.Id, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Page_WithoutSession_LeadsToSignInAndBack()
    {
        var answer = await host.NewBrowser().GetAsync("/alerts?status=open&rule=a%20b");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/sign-in?returnUrl=%2Falerts%3Fstatus%3Dopen%26rule%3Da%2520b", answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Page_NothingSaidAboutWhoMay_TakesASession()
    {
        Assert.Equal(HttpStatusCode.Redirect, (await host.NewBrowser().GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Page_SessionWithoutScope_403PageNamesIt()
    {
        var (browser, _) = await host.NewSessionAsync(UserRole.Analyst);

        var answer = await browser.GetAsync("/jobs");
        var html = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("data-state=\"denied\"", html, StringComparison.Ordinal);
        Assert.Contains("jobs:run", html, StringComparison.Ordinal);
        Assert.Contains("administrator", html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Session_RoleChanged_EndsAtOnce()
    {
        var (browser, user) = await host.NewSessionAsync(UserRole.Analyst);
        Assert.Equal("queue", await browser.GetStringAsync("/alerts"));

        await host.Accounts.ChangeRoleAsync(user.Id, UserRole.Author, "operator", default);

        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/alerts")).StatusCode);
    }

    [Fact]
    public async Task Session_TwelveHoursUnused_Ends()
    {
        var (browser, _) = await host.NewSessionAsync(UserRole.Analyst);
        host.Time.Advance(TimeSpan.FromHours(11));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/alerts")).StatusCode);
        host.Time.Advance(TimeSpan.FromHours(11));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/alerts")).StatusCode);

        host.Time.Advance(TimeSpan.FromHours(12) + TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/alerts")).StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string secret)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + secret);
        return await host.NewBrowser().SendAsync(request);
    }
}
