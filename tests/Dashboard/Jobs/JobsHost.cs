using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Surveillance.Accounts;
using Surveillance.Audit;
using Surveillance.Dashboard.Accounts;
using Surveillance.Dashboard.Jobs;
using Surveillance.Jobs;
using Surveillance.Rescan;
using Surveillance.Storage.Sqlite;
using Surveillance.Tests;

namespace Surveillance.Dashboard.Tests.Jobs;

/// <summary>The API of jobs over runs in memory, on loopback and on a control socket.</summary>
public sealed class JobsHost : IAsyncLifetime
{
    private readonly TestWorkDatabase _work = new(SqliteAuditLog.Schema, SqliteAccountStore.Schema);
    private readonly TemporaryFolder _folder = new();
    private WebApplication? _app;
    private int _asked;

    public ManualTime Time { get; } = new();

    public JobStage Stage { get; private set; } = null!;

    public MemoryRuns Runs => Stage.Runs;

    public RunDesk Desk => Stage.Desk;

    /// <summary>How often commands have asked.</summary>
    public int Asked => _asked;

    /// <summary>May read and run jobs.</summary>
    public HttpClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Stage = new JobStage(Time);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.ListenUnixSocket(_folder.File("control.sock"));
        });
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddSingleton<IWorkDatabase>(_work).AddSingleton<IAccountStore, SqliteAccountStore>().AddSingleton<IAuditLog, SqliteAuditLog>();
        builder.Services.AddSurveillanceAccounts();
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull);
        builder.Services.AddScoped<JobReader>();
        Stage.AddTo(builder.Services);
        _app = builder.Build();
        _app.UseFailurePages();
        _app.UseRouting();
        _app.UseSurveillanceAccounts();
        _app.MapJobsApi();
        await _app.StartAsync();
        Client = await ClientAsync(Scopes.AlertsRead, Scopes.JobsRun);
    }

    /// <summary>A client with a token of some scopes.</summary>
    public async Task<HttpClient> ClientAsync(params string[] scopes)
    {
        var made = await _app!.Services.GetRequiredService<AccountDesk>().CreateTokenAsync("t-" + Guid.CreateVersion7(), scopes, AccountDesk.Operator, default);
        return new HttpClient { BaseAddress = new Uri(_app.Urls.First(u => u.StartsWith("http://127", StringComparison.Ordinal))), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", made.Secret) } };
    }

    /// <summary>A client of the control socket, as commands are.</summary>
    internal IControlClient NewControl(bool isOwn = false) => new Control(
        new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(_folder.File("control.sock")), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri("http://control") },
        isOwn, () => Interlocked.Increment(ref _asked));

    /// <summary>Adds a rescan in some state.</summary>
    public Run Put(RunState state, Func<Run, Run>? change = null, RescanRequest? request = null)
    {
        var run = new Run
        {
            Number = 0, Kind = RescanDesk.Kind, Scope = new RescanScope { Request = request ?? new RescanRequest(), Activation = 1, Through = 900 }.ToJson(), Trigger = RunTrigger.Activation,
            Actor = "system", State = state, CreatedAt = Time.GetUtcNow(), StartedAt = state == RunState.Queued ? null : Time.GetUtcNow(),
        };
        run = run with { EndedAt = run.HasEnded ? Time.GetUtcNow() : null };
        return Runs.Put(change?.Invoke(run) ?? run);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Stage.DisposeAsync();
        await _app!.StopAsync();
        await _app.DisposeAsync();
        _work.Dispose();
        _folder.Dispose();
    }

    private sealed class Control(HttpClient http, bool isOwn, Action asked) : IControlClient
    {
        public bool IsOwn => isOwn;

        public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
        {
            var answer = await http.SendAsync(request, cancel);
            asked();
            return answer;
        }

        public ValueTask DisposeAsync()
        {
            http.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
