using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Surveillance.Accounts;
using Surveillance.Archive.Search;
using Surveillance.Dashboard.Tests.Service;
using Surveillance.Messages;
using Surveillance.Tests;
using Surveillance.Tests.Drills;

namespace Surveillance.Dashboard.Tests.Search;

/// <summary>The index over the life of a service: stops, kills, a file that goes, and the command that makes it anew.</summary>
public sealed class SearchServiceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rebuild_ByTheCommandBesideAServiceAndAlone_IndexesEverythingAgain()
    {
        using var folder = new TemporaryFolder();
        var host = await ServiceHost.StartAsync(s => s with { Data = folder.File("data") });
        using var client = await host.ClientAsync(Scopes.IngestWrite, Scopes.MessagesRead);
        (await client.PostBatchAsync(Enumerable.Range(0, 40).Select(i => RunningService.Line($"m-{i}", "good morning")), Cancel)).Dispose();
        await host.DoneAsync();

        var beside = await ServiceProcess.RunAsync(["search", "rebuild", "--data", host.Data], Cancel);
        Assert.Equal((0, ""), (beside.ExitCode, beside.Error));
        Assert.Equal("Indexed up to 41 of 41; 0 could not be read.\n", beside.Output);
        Assert.Equal(40, (await client.JsonAsync("/api/v1/messages?q=morning", Cancel)).GetProperty("approxTotal").GetInt32());

        await host.DisposeAsync();
        File.Delete(Path.Combine(host.Data, "search.db"));
        var status = await ServiceProcess.RunAsync(["search", "status", "--json", "--data", host.Data], Cancel);
        Assert.Equal(0, JsonDocument.Parse(status.Output).RootElement.GetProperty("indexedTo").GetInt64());
        var alone = await ServiceProcess.RunAsync(["search", "rebuild", "--json", "--data", host.Data], Cancel);
        Assert.Equal((0, 41), (alone.ExitCode, JsonDocument.Parse(alone.Output).RootElement.GetProperty("indexedTo").GetInt64()));
    }

    [Fact]
    public async Task Search_FileDeletedUnderTheService_IsMadeAnewByItself()
    {
        await using var host = await ServiceHost.StartAsync();
        using var client = await host.ClientAsync(Scopes.IngestWrite, Scopes.MessagesRead);
        (await client.PostBatchAsync(Enumerable.Range(0, 40).Select(i => RunningService.Line($"m-{i}", "good morning")), Cancel)).Dispose();
        var index = host.App.Services.GetRequiredService<ISearchIndex>();
        await Eventually.IsTrueAsync(() => index.Read().IndexedTo == 41, "everything is indexed");
        File.Delete(Path.Combine(host.Data, "search.db"));
        await client.PostAsync(RunningService.Line("later", "good evening"), Cancel);
        await Eventually.IsTrueAsync(() => index.Read().IndexedTo == 42, "everything is indexed again");
        Assert.Equal(41, await index.CountAsync(SearchQueryParser.Parse("good").Query!, Cancel));
    }

    [Fact(Timeout = 240_000)]
    public async Task Search_KilledWhileItFills_GoesOnWhereItWas()
    {
        using var folder = new TemporaryFolder();
        var data = folder.File("data");
        var port = ServiceProcess.FreePort();
        var lines = Enumerable.Range(0, 4_000).Select(i => RunningService.Line($"m-{i}", $"good morning number {i}")).ToList();
        var expected = 0;
        for (var kill = 0; kill < 4; kill++)
        {
            await using var service = await ServiceProcess.ServeAsync(new ProcessPlace(folder.Path, new Dictionary<string, string>()), port, ["--data", data, "--urls", $"http://127.0.0.1:{port}"], Cancel);
            using var client = service.Client(await RunningService.TokenAsync(data, Cancel));
            var part = lines.Skip(kill * 1_000).Take(1_000).ToList();
            using var answer = await client.PostBatchAsync(part, Cancel);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            expected += part.Count;
            if (kill < 3)
            {
                await service.KillAsync();
                continue;
            }
            JsonElement page;
            do
            {
                page = await client.JsonAsync("/api/v1/messages?q=morning&limit=200", Cancel);
            }
            while (page.GetProperty("indexedTo").GetInt64() < page.GetProperty("head").GetInt64());
            Assert.Equal(expected, page.GetProperty("approxTotal").GetInt32());
        }
    }
}
