using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Surveillance.Accounts;
using Surveillance.Archive;
using Surveillance.Archive.Search;
using Surveillance.Audit;
using Surveillance.Dashboard;
using Surveillance.Dashboard.Jobs;
using Surveillance.Dashboard.Shared;
using Surveillance.Health;
using Surveillance.Messages;
using Surveillance.Pipeline;
using Surveillance.Review;
using Surveillance.Rules;

namespace Surveillance.Browser.Tests.Staged;

/// <summary>The pages on Kestrel over a <see cref="StagedWorld"/>. Who asks is whom the header <c>X-User</c> names.</summary>
internal sealed class StagedHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StagedHost(WebApplication app, Stage stage)
    {
        _app = app;
        Stage = stage;
    }

    public Stage Stage { get; }

    public StagedWorld World => Stage.World;

    public string Url => _app.Urls.Single();

    public static async Task<StagedHost> StartAsync(Stage stage, TimeProvider time, string url = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "surveillance", ContentRootPath = AppContext.BaseDirectory, EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseUrls(url);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(stage.World.Ids);
        builder.Services.AddSingleton<IAlertReader>(stage.World).AddSingleton<IReviewDesk>(stage.World).AddSingleton<IAlertFeed>(stage.World).AddSingleton<IMessageReader>(stage.World)
            .AddSingleton<IRuleStatus>(stage.World).AddSingleton<IQuarantineReader>(stage.World).AddSingleton<IPipelineStatus>(stage.World)
            .AddSingleton<ISourceHistory>(stage.World).AddSingleton<IStorageStatus>(stage.World);
        stage.World.Jobs.AddTo(builder.Services);
        builder.Services.AddSingleton<ISearchIndex>(stage.World.Search).AddSingleton<ISearchUpkeep>(stage.World.Search).AddSingleton<IAuditLog>(stage.World.Search);
        builder.Services.AddDashboardPages();
        builder.Services.AddAuthentication("stage").AddScheme<AuthenticationSchemeOptions, StageSignIn>("stage", null);
        builder.Services.AddAuthorization(options =>
        {
            foreach (var scope in Scopes.All)
            {
                options.AddPolicy(scope, policy => policy.RequireAuthenticatedUser().RequireClaim("scope", scope));
            }
        });
        var app = builder.Build();
        app.UseSecurityHeaders();
        app.UseUnexpectedErrors();
        app.UseFailurePages();
        app.UseStaticFiles();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapJobsApi();
        app.MapDashboardPages();
        await app.StartAsync();
        await stage.World.Jobs.StartAsync([.. stage.Schedules]);
        return new StagedHost(app, stage);
    }

    public async ValueTask DisposeAsync()
    {
        await World.Jobs.DisposeAsync();
        await _app.DisposeAsync();
    }

    private sealed class StageSignIn(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var name = Request.Headers["X-User"].ToString() is { Length: > 0 } asked ? asked : "m.okafor";
            var role = name.StartsWith("author", StringComparison.Ordinal) ? UserRole.Author : name.StartsWith("analyst", StringComparison.Ordinal) ? UserRole.Analyst : UserRole.Administrator;
            var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, name), new Claim("sub", name), .. UserRoles.ScopesOf(role).Select(s => new Claim("scope", s))], "Session");
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)));
        }
    }
}
