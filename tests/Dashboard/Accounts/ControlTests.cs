using System.CommandLine;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Surveillance.Accounts;
using Surveillance.Dashboard.Accounts;

namespace Surveillance.Dashboard.Tests.Accounts;

/// <summary>The control socket and the commands that speak over it.</summary>
public sealed class ControlTests(AccountsHost host) : IClassFixture<AccountsHost>
{
    [Theory]
    [InlineData("/control/tokens")]
    [InlineData("/control/users")]
    public async Task Control_OverTcp_404(string path)
    {
        Assert.Equal(HttpStatusCode.NotFound, (await host.NewBrowser().GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.NewBrowser().PostAsJsonAsync(path, new { name = "x", scopes = new[] { "admin" }, role = "administrator" })).StatusCode);
    }

    [Fact]
    public async Task Control_CreateTokenOverSocket_GivesASecretThatWorks()
    {
        var answer = await host.NewControl().PostAsJsonAsync("/control/tokens", new { name = "feed", scopes = new[] { "alerts:read" } });
        var secret = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secret").GetString();

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.NotNull(await host.Accounts.AuthenticateTokenAsync(secret!, default));
    }

    [Theory]
    [InlineData("""{"name":"feed","scopes":[]}""")]
    [InlineData("""{"name":"feed","scopes":["ingest:wirte"]}""")]
    [InlineData("""{"name":"","scopes":["admin"]}""")]
    [InlineData("""{"scopes":["admin"]}""")]
    public async Task Control_CreateTokenWrongly_422(string body)
    {
        var answer = await host.NewControl().PostAsync("/control/tokens", new StringContent(body, null, "application/json"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task TokensCreate_PrintsTheSecretAloneOnStandardOutput()
    {
        var (code, output, error) = await RunAsync("tokens", "create", "--name", "feed", "--scopes", "ingest:write,alerts:read");

        Assert.Equal(0, code);
        Assert.Matches("^surv_[A-Za-z0-9_-]{43}\n$", output);
        Assert.DoesNotContain("surv_", error, StringComparison.Ordinal);
        Assert.Equal([Scopes.IngestWrite, Scopes.AlertsRead], (await host.Accounts.AuthenticateTokenAsync(output.Trim(), default))!.Scopes);
    }

    [Fact]
    public async Task TokensCreate_ScopesApart_TakesThemAll()
    {
        var (code, output, _) = await RunAsync("tokens", "create", "--name", "feed", "--scopes", "ingest:write", "consent:write");

        Assert.Equal(0, code);
        Assert.Equal([Scopes.IngestWrite, Scopes.ConsentWrite], (await host.Accounts.AuthenticateTokenAsync(output.Trim(), default))!.Scopes);
    }

    [Theory]
    [InlineData("ingest:wirte", "did you mean `ingest:write`?")]
    [InlineData("alerts", "did you mean `alerts:read`?")]
    [InlineData("everything", "The scopes are")]
    public async Task TokensCreate_UnknownScope_Exits2WithTheNearest(string scope, string says)
    {
        var (code, output, error) = await RunAsync("tokens", "create", "--name", "feed", "--scopes", scope);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TokensListAndRevoke_ShowStateAndNoSecret()
    {
        var made = await host.Accounts.CreateTokenAsync("to be revoked", [Scopes.IngestWrite], "operator", default);
        Assert.Equal(0, (await RunAsync("tokens", "revoke", made.Token.Id)).Code);
        Assert.Equal(3, (await RunAsync("tokens", "revoke", made.Token.Id)).Code);

        var (code, output, _) = await RunAsync("tokens", "list");
        var json = JsonDocument.Parse((await RunAsync("tokens", "list", "--json")).Output).RootElement;

        Assert.Equal(0, code);
        Assert.Matches(new Regex($"{made.Token.Id}  to be revoked +ingest:write .*revoked"), output);
        Assert.Contains(json.EnumerateArray(), t => t.GetProperty("id").GetString() == made.Token.Id && t.GetProperty("revokedAt").ValueKind == JsonValueKind.String);
        Assert.DoesNotContain("surv_", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UsersAdd_PrintsALinkThatWorks()
    {
        var (code, output, _) = await RunAsync("users", "add", "--name", "Maria O.", "--role", "analyst");

        Assert.Equal(0, code);
        Assert.StartsWith(host.Url.ToString() + "sign-in?link=", output, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await host.NewBrowser().GetAsync(output.Trim())).StatusCode);
    }

    [Fact]
    public async Task UsersAdd_NameTaken_Exits5()
    {
        await RunAsync("users", "add", "--name", "taken", "--role", "analyst");

        var (code, output, error) = await RunAsync("users", "add", "--name", "TAKEN", "--role", "author");

        Assert.Equal((5, ""), (code, output));
        Assert.Contains("users link", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UsersAdd_UnknownRole_Exits2WithTheNearest()
    {
        var (code, _, error) = await RunAsync("users", "add", "--name", "x", "--role", "analist");

        Assert.Equal(2, code);
        Assert.Contains("did you mean `analyst`?", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UsersLinkRoleDisableEnable_ChangeTheUser()
    {
        await RunAsync("users", "add", "--name", "sam", "--role", "analyst");

        Assert.Equal(0, (await RunAsync("users", "role", "--name", "sam", "--role", "supervisor")).Code);
        Assert.Equal(0, (await RunAsync("users", "disable", "--name", "sam")).Code);
        Assert.Equal(5, (await RunAsync("users", "link", "--name", "sam")).Code);
        Assert.Matches("sam +supervisor .*disabled", (await RunAsync("users", "list")).Output);
        Assert.Equal(0, (await RunAsync("users", "enable", "--name", "sam")).Code);
        Assert.Contains("/sign-in?link=", (await RunAsync("users", "link", "--name", "sam")).Output, StringComparison.Ordinal);
        Assert.Equal(3, (await RunAsync("users", "link", "--name", "nobody")).Code);
    }

    [Fact]
    public async Task EveryVerb_HelpShowsTwoExamples()
    {
        foreach (var command in new[] { TokensCommand.Build(ConnectAsync), UsersCommand.Build(ConnectAsync) })
        {
            foreach (var verb in command.Subcommands)
            {
                Assert.Equal(2, Regex.Count(verb.Description!, $"surveillance {command.Name} {verb.Name}"));
            }
        }
        Assert.Equal(0, (await RunAsync("tokens", "create", "--help")).Code);
    }

    [Fact]
    public async Task TokensList_ServiceGone_SaysSo()
    {
        var root = new RootCommand { TokensCommand.Build((_, _) => ValueTask.FromResult<IControlClient>(new Client(new HttpClient { BaseAddress = new Uri("http://127.0.0.1:1") }))) };
        var error = new StringWriter();

        var code = await root.Parse(["tokens", "list"]).InvokeAsync(new InvocationConfiguration { Error = error });

        Assert.Equal(3, code);
        Assert.Contains("does not answer", error.ToString(), StringComparison.Ordinal);
    }

    private ValueTask<IControlClient> ConnectAsync(ParseResult parsed, CancellationToken cancel) => ValueTask.FromResult<IControlClient>(new Client(host.NewControl()));

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] line)
    {
        var root = new RootCommand { TokensCommand.Build(ConnectAsync, new Option<string?>("--data")), UsersCommand.Build(ConnectAsync, new Option<string?>("--data")) };
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var code = await root.Parse(line).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }

    private sealed class Client(HttpClient http) : IControlClient
    {
        public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel) => http.SendAsync(request, cancel);

        public ValueTask DisposeAsync()
        {
            http.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
