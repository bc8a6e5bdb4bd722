using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Surveillance.Accounts;
using Surveillance.Audit;
using Surveillance.Dashboard.Accounts;
using Surveillance.Storage.Sqlite;
using Surveillance.Tests;

namespace Surveillance.Dashboard.Tests.Accounts;

/// <summary>Accounts over the real Kestrel, on a free port of loopback and on a control socket.</summary>
public sealed class AccountsHost : IAsyncLifetime
{
    private readonly TestWorkDatabase _work = new(SqliteAuditLog.Schema, SqliteAccountStore.Schema);
    private readonly TemporaryFolder _folder = new();
    private WebApplication? _app;

    public ManualTime Time { get; } = new();

    public AccountDesk Accounts => _app!.Services.GetRequiredService<AccountDesk>();

    public IAuditLog Audit => _app!.Services.GetRequiredService<IAuditLog>();

    public Uri Url { get; private set; } = null!;

    public string Socket => _folder.File("control.sock");

    public int TriesPerMinute { get; init; } = 1_000;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Configuration["SignIn:TriesPerMinute"] = TriesPerMinute.ToString();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.ListenUnixSocket(Socket, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddSingleton<IWorkDatabase>(_work);
        builder.Services.AddSingleton<IAccountStore, SqliteAccountStore>();
        builder.Services.AddSingleton<IAuditLog, SqliteAuditLog>();
        builder.Services.AddSurveillanceAccounts();
        _app = builder.Build();
        _app.UseRouting();
        _app.UseSurveillanceAccounts();
        _app.MapAccounts();
        _app.MapControl();
        _app.MapGet("/", () => "home");
        _app.MapGet("/alerts", () => "queue").RequireAuthorization(Scopes.AlertsRead);
        _app.MapGet("/api/v1/alerts", (HttpContext http) => http.User.Actor()).RequireAuthorization(Scopes.AlertsRead);
        _app.MapPost("/api/v1/alerts", (HttpContext http) => http.User.Actor()).RequireAuthorization(Scopes.AlertsWrite);
        _app.MapGet("/api/v1/jobs", () => "jobs").RequireAuthorization(Scopes.JobsRun);
        _app.MapGet("/jobs", () => "jobs").RequireAuthorization(Scopes.JobsRun);
        await _app.StartAsync();
        Url = new Uri(_app.Urls.First(url => url.StartsWith("http://127", StringComparison.Ordinal)));
    }

    /// <summary>A browser: keeps cookies, follows nothing by itself.</summary>
    public HttpClient NewBrowser() => new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = Url };

    /// <summary>A client of the control socket.</summary>
    public HttpClient NewControl() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancel) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri("http://control") };

    /// <summary>A browser signed in as a new user of a role.</summary>
    public async Task<(HttpClient Browser, User User)> NewSessionAsync(UserRole role, string? password = null)
    {
        var made = await Accounts.AddUserAsync("user-" + Guid.CreateVersion7(), role, "operator", default);
        var browser = NewBrowser();
        var answer = await PostFormAsync(browser, "/sign-in?link=" + made!.Word, "/sign-in", new() { ["link"] = made.Word });
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        if (password is not null)
        {
            await PostFormAsync(browser, "/account", "/account", new() { ["password"] = password, ["again"] = password });
        }
        return (browser, made.User);
    }

    /// <summary>Opens a page and posts a form with its antiforgery token.</summary>
    public static async Task<HttpResponseMessage> PostFormAsync(HttpClient browser, string page, string action, Dictionary<string, string> fields)
    {
        var html = await browser.GetStringAsync(page);
        fields["__RequestVerificationToken"] = FormToken(html);
        return await browser.PostAsync(action, new FormUrlEncodedContent(fields));
    }

    /// <summary>The antiforgery token of a page.</summary>
    public static string FormToken(string html) => Regex.Match(html, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;

    public async ValueTask DisposeAsync()
    {
        await _app!.StopAsync();
        await _app.DisposeAsync();
        _work.Dispose();
        _folder.Dispose();
    }
}
