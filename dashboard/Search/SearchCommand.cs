using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Surveillance.Dashboard.Accounts;
using Surveillance.Dashboard.Commands;

namespace Surveillance.Dashboard.Search;

/// <summary><c>surveillance search status|rebuild</c>.</summary>
internal static class SearchCommand
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>Builds the command.</summary>
    /// <param name="connect">Connects to the data folder's service.</param>
    /// <param name="shared">Options that every verb takes too, such as <c>--data</c>.</param>
    internal static Command Build(ConnectControl connect, params Option[] shared)
    {
        var search = new Command(
            "search",
            """
            The search index of the page /messages.

            Examples:
              surveillance search status
              surveillance search rebuild
            """)
        { Status(connect), Rebuild(connect) };
        foreach (var verb in search.Subcommands)
        {
            foreach (var option in shared) { verb.Add(option); }
        }
        return search;
    }

    private static Command Status(ConnectControl connect)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON document" };
        var status = new Command(
            "status",
            """
            Says how far the index is behind the archive.

            Examples:
              surveillance search status
              surveillance search status --json
            """)
        { json };
        status.SetAction((parsed, cancel) => ControlCall.RunAsync<IndexLine>(
            connect, parsed, HttpMethod.Get, SearchControl.Path, null, line => Show(parsed, line, parsed.GetValue(json)), cancel));
        return status;
    }

    private static Command Rebuild(ConnectControl connect)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON document at the end" };
        var rebuild = new Command(
            "rebuild",
            """
            Throws the index away and fills it again from the archive. Nothing of the archive changes; searches find
            what is there already. Where a service runs, it does the work, and goes on when the command is interrupted.

            Examples:
              surveillance search rebuild
              surveillance search rebuild --data /srv/surveillance
            """)
        { json };
        rebuild.SetAction(async (parsed, cancel) =>
        {
            IndexLine? reached = null;
            // One connection for all of it: where no service runs, this command is the one that fills the index.
            await using var client = await connect(parsed, cancel);
            ConnectControl held = (_, _) => ValueTask.FromResult<IControlClient>(new Shared(client));
            var code = await ControlCall.RunAsync<IndexLine>(held, parsed, HttpMethod.Post, SearchControl.RebuildPath, null, line => reached = line, cancel);
            var head = reached?.Head ?? 0; // what arrives later is no part of it
            var progress = new ProgressLine(parsed.InvocationConfiguration.Error);
            while (code == ExitCodes.Ok && reached is { Trouble: null } && reached.IndexedTo < head)
            {
                progress.Show("indexing", reached.IndexedTo, head);
                await Task.Delay(Look, cancel);
                code = await ControlCall.RunAsync<IndexLine>(held, parsed, HttpMethod.Get, SearchControl.Path, null, line => reached = line, cancel);
            }
            progress.Finish();
            if (code != ExitCodes.Ok)
            {
                return code;
            }
            Show(parsed, reached!, parsed.GetValue(json));
            return reached!.Trouble is null ? ExitCodes.Ok : ExitCodes.PartlyDone;
        });
        return rebuild;
    }

    private static void Show(ParseResult parsed, IndexLine line, bool json)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(line, ControlCall.Indented));
            return;
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Indexed up to {line.IndexedTo} of {line.Head}; {line.Skipped} could not be read."));
        if (line.Trouble is not null)
        {
            parsed.InvocationConfiguration.Error.WriteLine("error: the index cannot go on: " + line.Trouble);
        }
    }

    /// <summary>A connection that several calls share; none of them closes it.</summary>
    private sealed class Shared(IControlClient inner) : IControlClient
    {
        public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel) => inner.SendAsync(request, cancel);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
