using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Console;
using Surveillance.Accounts;
using Surveillance.Archive;
using Surveillance.Archive.Search;
using Surveillance.Audit;
using Surveillance.Backups;
using Surveillance.Capture;
using Surveillance.Consent;
using Surveillance.Dashboard.Accounts;
using Surveillance.Dashboard.Alerts;
using Surveillance.Dashboard.Backups;
using Surveillance.Dashboard.Conversations;
using Surveillance.Dashboard.Description;
using Surveillance.Dashboard.Health;
using Surveillance.Dashboard.Ingest;
using Surveillance.Dashboard.Jobs;
using Surveillance.Dashboard.Quarantine;
using Surveillance.Dashboard.Search;
using Surveillance.Dashboard.Shared;
using Surveillance.Dashboard.Telemetry;
using Surveillance.Health;
using Surveillance.Jobs;
using Surveillance.Messages;
using Surveillance.Pipeline;
using Surveillance.Rescan;
using Surveillance.Review;
using Surveillance.Rules;
using Surveillance.Storage.Sqlite;
using Surveillance.Storage.Sqlite.Backups;

namespace Surveillance.Dashboard;

/// <summary>Puts the whole service together: the one place that knows which store stands behind which interface.</summary>
public static class DashboardHost
{
    internal const string DefaultUrls = "http://localhost:5080";

    private const long MaxFormBytes = 256 * 1024;
    private const long BusyFrom = 500; // entries that wait to be judged; from here on the search index makes way

    /// <summary>Makes a host that is not started yet. Disposing it lets the data folder go.</summary>
    /// <param name="settings">How to start it.</param>
    /// <exception cref="DataFolderInUseException">Another process holds the data folder.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no data folder and none may be made.</exception>
    /// <exception cref="AddressException">An address to listen on cannot be used.</exception>
    /// <exception cref="SettingException">Another setting cannot be used.</exception>
    public static WebApplication Create(HostSettings settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(DashboardHost).Assembly.GetName().Name, ContentRootPath = AppContext.BaseDirectory });
        try
        {
            builder.Configuration.AddJsonFile(Path.GetFullPath("appsettings.json"), optional: true).AddEnvironmentVariables("SURVEILLANCE_").AddInMemoryCollection(settings.Overrides);
        }
        catch (InvalidDataException e)
        {
            throw new SettingException(Path.GetFullPath("appsettings.json"), "is no JSON" + (e.GetBaseException() is System.Text.Json.JsonException { LineNumber: { } line } ? $": look at line {line + 1}" : ""));
        }
        KnownSettings.Refuse(builder.Configuration);
        var folders = HostFolders.Find(settings, builder.Configuration);
        if (settings.DataMustExist && !DataFolder.Exists(folders.Data))
        {
            throw new DirectoryNotFoundException($"there is no data folder {folders.Data}; give a service's own folder with --data");
        }
        var folder = DataFolder.Open(folders.Data, settings.Purpose);
        try
        {
            return Build(builder, settings, folders, folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static WebApplication Build(WebApplicationBuilder builder, HostSettings settings, HostFolders folders, DataFolder folder)
    {
        ConfigureLogging(builder, settings);
        ConfigureServer(builder, settings, folder);
        builder.Services.AddSurveillanceMetrics();
        var export = OtlpExport.Add(builder, settings.ControlOnly);
        builder.Services.AddSingleton(export);
        AddStores(builder, settings, folder);
        AddPipeline(builder, settings, folders);
        builder.Services.AddSingleton(settings.Time);
        builder.Services.AddSingleton(folders);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSurveillanceAccounts();
        builder.Services.AddDataProtection().SetApplicationName("surveillance").PersistKeysToFileSystem(new DirectoryInfo(folder.File("keys")));
        builder.Services.AddDashboardPages();
        builder.Services.AddProblemDetails();
        builder.Services.AddApiDescription();
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull);
        var app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(folder.CloseSocketToOthers);
        export.Start(app.Services);
        app.Services.GetRequiredService<MetricsStore>(); // it listens from the first message on
        app.Services.GetRequiredService<DataFolder>(); // the container lets it go after everything made later
        export.Name(app);
        app.UseSecurityHeaders();
        app.UseUnexpectedErrors();
        app.UseFailurePages();
        app.UseStaticFiles();
        app.UseRouting();
        app.UseSurveillanceAccounts();
        app.MapAccounts();
        app.MapControl();
        app.MapBackups();
        app.MapIngest();
        app.MapWhatsApp();
        app.MapMessagesApi();
        app.MapSearchApi();
        app.MapSearchControl();
        app.MapAlertsApi();
        app.MapQuarantineApi();
        app.MapJobsApi();
        app.MapProblems();
        app.MapHealth();
        app.MapMetrics();
        app.MapApiDescription();
        app.MapDashboardPages();
        return app;
    }

    private static void ConfigureLogging(WebApplicationBuilder builder, HostSettings settings)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "HH:mm:ss ";
            options.UseUtcTimestamp = true;
            options.ColorBehavior = LoggerColorBehavior.Default;
        });
        builder.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(settings.ControlOnly ? LogLevel.Warning : LogLevel.Information);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Error); // it warns of headers that our pages set more strictly
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error); // its keys lie in the data folder, which only its owner may read
        builder.Logging.AddFilter("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.None); // logged with kind and place only: SecurityHeaders
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None); // the command says why it could not start or stop
    }

    private static void ConfigureServer(WebApplicationBuilder builder, HostSettings settings, DataFolder folder)
    {
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxFormBytes; // endpoints that take more say so
            kestrel.Limits.MinRequestBodyDataRate = new(100, TimeSpan.FromSeconds(10));
            File.Delete(folder.ControlSocket);
            kestrel.ListenUnixSocket(folder.ControlSocket);
        });
        if (!settings.ControlOnly)
        {
            var addresses = ReadAddresses(settings.Urls ?? builder.Configuration["Urls"] ?? DefaultUrls);
            builder.WebHost.ConfigureKestrel(kestrel =>
            {
                foreach (var address in addresses)
                {
                    Listen(kestrel, address);
                }
            });
        }
    }

    internal static List<BindingAddress> ReadAddresses(string urls)
    {
        var addresses = new List<BindingAddress>();
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            try
            {
                addresses.Add(BindingAddress.Parse(url));
            }
            catch (FormatException)
            {
                throw new AddressException($"`{url}` is no address to listen on");
            }
            if (addresses[^1] is not { Scheme: "http" or "https", IsUnixPipe: false, IsNamedPipe: false, Port: >= 0 and <= 65_535, PathBase: "" })
            {
                throw new AddressException($"`{url}` is no address to listen on: it has http or https, a host and a port up to 65535, and no path");
            }
        }
        return addresses.Count > 0 ? addresses : throw new AddressException("there is no address to listen on");
    }

    private static void Listen(Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions kestrel, BindingAddress address)
    {
        void Configure(Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions options)
        {
            if (address.Scheme != "https")
            {
                return;
            }
            try
            {
                options.UseHttps();
            }
            catch (InvalidOperationException)
            {
                throw new AddressException($"https at port {address.Port} needs a certificate: name it in the settings Kestrel:Certificates:Default:Path and :Password");
            }
        }
        if (address.Host == "localhost" && address.Port != 0) { kestrel.ListenLocalhost(address.Port, Configure); }
        else if (System.Net.IPAddress.TryParse(address.Host == "localhost" ? "127.0.0.1" : address.Host, out var ip)) { kestrel.Listen(ip, address.Port, Configure); }
        else { kestrel.ListenAnyIP(address.Port, Configure); }
    }

    private static void AddStores(WebApplicationBuilder builder, HostSettings settings, DataFolder folder)
    {
        var services = builder.Services;
        services.AddSingleton(_ => folder);
        services.AddSingleton(folder.Ids);
        var maxPages = settings.ArchiveMaxPages ?? builder.Configuration.GetValue<long?>("Archive:MaxPages");
        services.AddSingleton(provider => new SqliteMessageArchive(folder.ArchiveFile, folder.Ids, settings.Time, maxPages, provider.GetRequiredService<ArchiveMeter>(), provider.GetRequiredService<EntryTraces>()));
        services.AddSingleton<IMessageArchive>(provider => provider.GetRequiredService<SqliteMessageArchive>());
        services.AddSingleton<IMessageReader, MessageReader>();
        services.AddSingleton(_ => new WorkDatabase(folder.WorkFile, SqliteWorkStore.Schema, SqliteRunStore.Schema, SqliteRescanStore.Schema, SqliteAccountStore.Schema, SqliteAuditLog.Schema));
        services.AddSingleton<IWorkDatabase>(provider => provider.GetRequiredService<WorkDatabase>());
        services.AddSingleton<IWorkStore, SqliteWorkStore>();
        services.AddSingleton<IRunStore, SqliteRunStore>();
        services.AddSingleton<IRescanStore, SqliteRescanStore>();
        services.AddSingleton<IAccountStore, SqliteAccountStore>();
        services.AddSingleton<IAuditLog, SqliteAuditLog>();
        services.AddSingleton<SqliteAlertFeed>();
        services.AddSingleton<IAlertFeed>(provider => provider.GetRequiredService<SqliteAlertFeed>());
        services.AddSingleton<IAlertReader, SqliteAlertReader>();
        services.AddSingleton<IReviewDesk, SqliteReviewDesk>();
        services.AddSingleton<IQuarantineReader, SqliteQuarantine>();
        services.AddSingleton<ISearchIndex>(_ => new SqliteSearchIndex(folder.SearchFile, folder.Ids));
        services.AddSingleton<ISourceHistory, SqliteSourceHistory>();
        services.AddSingleton<IStorageStatus>(new DataFolderStatus(folder.Path));
        services.AddSingleton<IBackupMaker>(provider =>
        {
            provider.GetRequiredService<SqliteMessageArchive>(); // a folder that was never served has no archive yet
            return new SqliteBackupMaker(folder, provider.GetRequiredService<IAuditLog>(), settings.Time);
        });
    }

    private static void AddPipeline(WebApplicationBuilder builder, HostSettings settings, HostFolders folders)
    {
        var services = builder.Services;
        services.AddSingleton<ICaptureDesk, CaptureDesk>();
        services.AddSingleton(provider => new ConsentLedger(provider.GetRequiredService<IdMaker>().Person));
        services.AddSingleton(provider => new RuleActivation(
            folders.Rules, folders.Models, provider.GetRequiredService<IMessageArchive>(), provider.GetRequiredService<IWorkStore>(), provider.GetRequiredService<IdMaker>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RuleActivation>>())
        {
            FollowsFiles = !settings.ControlOnly || settings.Rules is not null,
        });
        services.AddSingleton<IRuleStatus, RuleStatus>();
        services.AddSingleton<IRevisionSource>(provider => provider.GetRequiredService<RuleActivation>());
        services.AddSingleton(provider => new PipelineService(
            provider.GetRequiredService<IMessageArchive>(), provider.GetRequiredService<IWorkStore>(), provider.GetRequiredService<IRescanStore>(), provider.GetRequiredService<RuleActivation>(),
            provider.GetRequiredService<ConsentLedger>(), provider.GetRequiredService<SqliteAlertFeed>().Announce,
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<PipelineService>>(), provider.GetRequiredService<PipelineMeter>(), provider.GetRequiredService<EntryTraces>()));
        services.AddSingleton<IPipelineStatus>(provider => provider.GetRequiredService<PipelineService>());
        services.AddSingleton<IRetryQueue>(provider => provider.GetRequiredService<PipelineService>());
        services.AddSingleton<IRescanPartitions>(provider => provider.GetRequiredService<PipelineService>());
        AddJobs(builder);
        AddSearch(services);
        if (!settings.ControlOnly || settings.WithJobs)
        {
            services.AddHostedService<PipelineHost>();
            services.AddHostedService<JobsHost>();
        }
        if (!settings.ControlOnly)
        {
            services.AddHostedService<SearchHost>();
        }
    }

    private static void AddSearch(IServiceCollection services)
    {
        services.AddSingleton(provider => new SearchIndexer(
            provider.GetRequiredService<IMessageArchive>(), provider.GetRequiredService<ISearchIndex>(), provider.GetRequiredService<IdMaker>(),
            () => provider.GetRequiredService<PipelineService>() is { IsRunning: true } pipeline && pipeline.Read().Waiting > BusyFrom,
            new SearchPace(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SearchIndexer>>()));
        services.AddSingleton<ISearchUpkeep>(provider => provider.GetRequiredService<SearchIndexer>());
    }

    private static void AddJobs(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var rescans = RescanSettings.Read(builder.Configuration);
        services.AddSingleton(rescans);
        services.AddSingleton<IRunWorker, RescanWorker>();
        services.AddSingleton<RunRunner>();
        services.AddSingleton<RunDesk>();
        services.AddSingleton<JobScheduler>();
        services.AddSingleton(provider => new RescanDesk(
            provider.GetRequiredService<RunDesk>(), provider.GetRequiredService<IRescanStore>(), provider.GetRequiredService<IMessageArchive>(),
            () => provider.GetRequiredService<RuleActivation>().Running is { } running ? new RescanTarget(running.Activation, running.Revision) : null));
        services.AddSingleton(provider => new ActivationRescans(
            provider.GetRequiredService<RuleActivation>(), provider.GetRequiredService<RescanDesk>(), provider.GetRequiredService<IRunStore>(),
            provider.GetRequiredService<IMessageArchive>(), rescans.OnActivation, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ActivationRescans>>()));
    }

    /// <summary>Runs the pipeline as long as the host runs; a stop finishes and stores what was dealt.</summary>
    private sealed class PipelineHost(PipelineService pipeline) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => pipeline.StartAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => pipeline.StopAsync(cancellationToken);
    }

    /// <summary>Fills the search index as long as the host runs; the container stops it before it closes the files.</summary>
    private sealed class SearchHost(SearchIndexer indexer) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            indexer.Start();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => indexer.StopAsync();
    }
}
