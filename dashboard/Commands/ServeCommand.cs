using System.CommandLine;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Surveillance.Accounts;
using Surveillance.Archive;
using Surveillance.Dashboard.Accounts;
using Surveillance.Dashboard.Demo;
using Surveillance.Dashboard.Telemetry;
using Surveillance.Pipeline;

namespace Surveillance.Dashboard.Commands;

/// <summary><c>surveillance serve</c>.</summary>
internal static class ServeCommand
{
    internal static Command Build()
    {
        var demo = new Option<bool>("--demo") { Description = "Stream invented messages through the real ingest path, into a data folder of their own" };
        var rate = WordOption.Number("--demo-rate", "Demo messages a second, at most 1000", "N", 5.0, n => n is > 0 and <= 1_000, "a number above 0 and at most 1000");
        var data = new Option<string?>("--data") { Description = "The data folder (default: $XDG_DATA_HOME/surveillance, else ~/.local/share/surveillance)", HelpName = "DIR" };
        var urls = new Option<string?>("--urls") { Description = "Addresses to listen on (default: http://localhost:5080)", HelpName = "URLS" };
        var rules = new Option<string?>("--rules") { Description = "The folder of rules (default: ./rules, else the one beside the program)", HelpName = "DIR" };
        var models = new Option<string?>("--models") { Description = "The folder of models (default: ./models, else the one beside the program)", HelpName = "DIR" };
        var serve = new Command(
            "serve",
            """
            Captures, evaluates and serves the dashboard until it is stopped.

            Examples:
              surveillance serve --demo
              surveillance serve --data /srv/surveillance --urls http://0.0.0.0:5080
            """)
        { demo, rate, data, urls, rules, models };
        serve.SetAction((parsed, cancel) => RunAsync(
            new HostSettings
            {
                Demo = parsed.GetValue(demo), DemoRate = parsed.GetValue(rate), Data = parsed.GetValue(data), Urls = parsed.GetValue(urls),
                Rules = parsed.GetValue(rules), Models = parsed.GetValue(models),
            },
            cancel));
        return serve;
    }

    private static async Task<int> RunAsync(HostSettings settings, CancellationToken cancel)
    {
        await using var app = DashboardHost.Create(settings);
        if (settings.Demo && DemoStream.IsTaken(app.Services.GetRequiredService<HostFolders>().Data, app.Services.GetRequiredService<IMessageArchive>()))
        {
            return await CommandLine.FailAsync(
                ExitCodes.Conflict, $"the data folder {app.Services.GetRequiredService<HostFolders>().Data} holds messages that are not the demo's", "Give --demo a folder of its own with --data, or leave --data out.");
        }
        try
        {
            await app.StartAsync(cancel);
        }
        catch (RulesInvalidException e)
        {
            foreach (var problem in e.Problems)
            {
                await Console.Error.WriteLineAsync(problem);
            }
            return await CommandLine.FailAsync(ExitCodes.Findings, e.Message, "`surveillance rules check` shows the same; nothing was captured meanwhile.");
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            return await CommandLine.FailAsync(ExitCodes.Conflict, e.Message, "Another program listens there; give another address with --urls.");
        }
        catch (SocketException e)
        {
            return await CommandLine.FailAsync(ExitCodes.Usage, $"cannot listen there: {e.Message}", "Give an address of this machine with --urls.");
        }
        var folders = app.Services.GetRequiredService<HostFolders>();
        var address = SiteAddress.Of(app.Services.GetRequiredService<IServer>()) ?? throw new InvalidOperationException("The host listens nowhere.");
        var link = await app.Services.GetRequiredService<AccountDesk>().CreateStartLinkAsync(always: settings.Demo, cancel);
        await Console.Out.WriteLineAsync($"Listening on {address}");
        await Console.Out.WriteLineAsync($"Data folder: {folders.Data}");
        await Console.Out.WriteLineAsync($"Rules: {folders.Rules}");
        await Console.Out.WriteLineAsync($"Models: {folders.Models}");
        await Console.Out.WriteLineAsync($"Sign in: {address.TrimEnd('/')}{(link is null ? SignInEndpoints.Path : SignInEndpoints.LinkPath(link.Word))}");
        foreach (var trouble in app.Services.GetRequiredService<PipelineService>().Trouble)
        {
            await Console.Error.WriteLineAsync("warning: " + trouble);
        }
        if (app.Services.GetRequiredService<OtlpExport>().Problem is { } notSent)
        {
            await Console.Error.WriteLineAsync("warning: " + notSent);
        }
        var streaming = settings.Demo ? DemoStream.RunAsync(app, address, settings, cancel) : Task.CompletedTask;
        await app.WaitForShutdownAsync(cancel);
        await streaming;
        return ExitCodes.Ok;
    }
}
