using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Surveillance.Accounts;
using Surveillance.Dashboard;
using Surveillance.Dashboard.Accounts;
using Surveillance.Dashboard.Demo;
using Surveillance.Pipeline;
using Surveillance.Tests;

namespace Surveillance.Browser.Tests;

/// <summary>The whole service in process, on a free port, over a folder of its own.</summary>
internal sealed class Service : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WebApplication _app;
    private readonly HostSettings _settings;

    private Service(Func<HostSettings, HostSettings>? change)
    {
        var settings = new HostSettings
        {
            Urls = "http://127.0.0.1:0",
            Data = _folder.File("data"),
            Rules = Path.Combine(AppContext.BaseDirectory, "rules"),
            Models = Path.Combine(AppContext.BaseDirectory, "models"),
        };
        _settings = change?.Invoke(settings) ?? settings;
        _app = DashboardHost.Create(_settings);
    }

    public string Url => _app.Urls.First(u => u.StartsWith("http://127", StringComparison.Ordinal));

    public IServiceProvider Services => _app.Services;

    public static async Task<Service> StartAsync(Func<HostSettings, HostSettings>? change = null)
    {
        var service = new Service(change);
        await service._app.StartAsync();
        return service;
    }

    /// <summary>Streams the whole demo and waits until all of it is judged.</summary>
    public async Task StreamDemoAsync()
    {
        await DemoStream.RunAsync(_app, Url, _settings with { DemoRate = 1_000 }, CancellationToken.None);
        await DoneAsync();
    }

    /// <summary>The address that signs somebody in once.</summary>
    public async Task<string> LinkAsync(string name = "admin", UserRole role = UserRole.Administrator)
    {
        var desk = Services.GetRequiredService<AccountDesk>();
        var link = await desk.FindUserByNameAsync(name, default) is { } user
            ? await desk.CreateLinkAsync(user, AccountDesk.Operator, default)
            : (await desk.AddUserAsync(name, role, AccountDesk.Operator, default))!;
        return Url + SignInEndpoints.LinkPath(link.Word);
    }

    /// <summary>Posts a message as an integrator does and waits until it is judged.</summary>
    public async Task PostAsync(string json)
    {
        var token = await Services.GetRequiredService<AccountDesk>().CreateTokenAsync("test", [Scopes.IngestWrite, Scopes.ConsentWrite], AccountDesk.Operator, default);
        using var client = new HttpClient { BaseAddress = new Uri(Url), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token.Secret) } };
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync("/api/v1/messages", content);
        Assert.True(answer.IsSuccessStatusCode || answer.StatusCode == System.Net.HttpStatusCode.Conflict, await answer.Content.ReadAsStringAsync());
        await DoneAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private async Task DoneAsync()
    {
        var pipeline = Services.GetRequiredService<IPipelineStatus>();
        for (var i = 0; pipeline.Read().Waiting > 0; i++)
        {
            Assert.True(i < 600, "The pipeline does not come to its end.");
            await Task.Delay(50);
        }
    }
}
