using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Surveillance.Accounts;
using Surveillance.Dashboard.Tests.Description;
using Surveillance.Pipeline;
using Surveillance.Tests;

namespace Surveillance.Dashboard.Tests;

/// <summary>The whole service in process, on a free port, over a folder of its own.</summary>
public sealed class ServiceHost : IAsyncDisposable
{
    private readonly TemporaryFolder? _ownFolder;

    private ServiceHost(WebApplication app, TemporaryFolder? folder, string data)
    {
        App = app;
        _ownFolder = folder;
        Data = data;
        Url = app.Urls.First(u => u.StartsWith("http://127", StringComparison.Ordinal));
    }

    /// <summary>The host.</summary>
    public WebApplication App { get; }

    /// <summary>Its data folder.</summary>
    public string Data { get; }

    /// <summary>Where it listens.</summary>
    public string Url { get; }

    /// <summary>Starts a service.</summary>
    public static async Task<ServiceHost> StartAsync(Func<HostSettings, HostSettings>? change = null)
    {
        var folder = new TemporaryFolder();
        var settings = new HostSettings { Urls = "http://127.0.0.1:0", Data = folder.File("data"), Rules = Path.Combine(AppContext.BaseDirectory, "rules"), Models = Path.Combine(AppContext.BaseDirectory, "models") };
        settings = change?.Invoke(settings) ?? settings;
        var app = DashboardHost.Create(settings);
        await app.StartAsync();
        return new ServiceHost(app, folder, settings.Data!);
    }

    /// <summary>A client with a token of some scopes.</summary>
    public Task<HttpClient> ClientAsync(params string[] scopes) => ClientAsync("test", scopes);

    /// <summary>A client with a token of some scopes and a name of its own; every answer that it gets is held to the description of the API.</summary>
    public async Task<HttpClient> ClientAsync(string name, string[] scopes)
    {
        var made = await App.Services.GetRequiredService<AccountDesk>().CreateTokenAsync(name, scopes, AccountDesk.Operator, default);
        return new HttpClient(new DescribedAnswers(this)) { BaseAddress = new Uri(Url), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", made.Secret) } };
    }

    /// <summary>A line of text as a JSON body.</summary>
    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    /// <summary>Waits until everything that was kept is judged.</summary>
    public async Task DoneAsync()
    {
        var pipeline = App.Services.GetRequiredService<PipelineService>();
        for (var i = 0; pipeline.Read().Waiting > 0; i++)
        {
            Assert.True(i < 600, "The pipeline does not come to its end: " + string.Join(' ', pipeline.Trouble));
            await Task.Delay(50);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        _ownFolder?.Dispose();
    }
}
