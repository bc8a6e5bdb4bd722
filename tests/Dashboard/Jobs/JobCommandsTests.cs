using System.CommandLine;
using System.Text.Json;
using Surveillance.Dashboard.Accounts;
using Surveillance.Dashboard.Jobs;
using Surveillance.Jobs;
using Surveillance.Messages;
using Surveillance.Rescan;
using Surveillance.Tests;

namespace Surveillance.Dashboard.Tests.Jobs;

/// <summary><c>rescan</c> and <c>jobs</c> over a control socket.</summary>
public sealed class JobCommandsTests : IAsyncLifetime
{
    private readonly JobsHost _host = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Rescan_ToItsEnd_PrintsTheResultPerRuleAlone()
    {
        await _host.Stage.StartAsync();
        _host.Runs.Found(1, [new RescanRuleResult("off-channel-move", 3, 1, 8, 2, 0), new RescanRuleResult("card-number-in-chat", 0, 0, 12, 0, 1)]);
        _host.Stage.Step(r => r with { Planned = 900, Done = 899, Skipped = 1 });
        _host.Stage.Finish();
        var (code, output, error) = await RunAsync("rescan", "--from", "2026-05-01", "--to", "2026-05-31", "--channel", "email,sms", "--rule", "off-channel-move", "--dry-run");

        Assert.Equal(0, code);
        Assert.Equal(
            """
            RULE                 GAINED  LOST  KEPT  DECIDED  NOT EVALUATED
            off-channel-move     3       1     8     2        0
            card-number-in-chat  0       0     12    0        1
            all rules            3       1     20    2        1

            """,
            output);
        Assert.Contains("Rescan 1 is on its way.\n", error, StringComparison.Ordinal);
        Assert.EndsWith("Rescan 1 is finished: 900 messages, would be 3 gained, 1 lost.\n", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output + error);
        var request = RescanScope.FromJson(_host.Runs.Find(1)!.Scope).Request;
        Assert.Equal((new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero)), (request.From, request.To));
        Assert.Equal([Channel.Email, Channel.Sms], request.Channels);
        Assert.Equal(("off-channel-move", true, false, "operator"), (Assert.Single(request.Rules), request.DryRun, request.Verify, _host.Runs.Find(1)!.Actor));
    }

    [Fact]
    public async Task Rescan_MessagesFailed_Exits7AndTellsTheWayOn()
    {
        await _host.Stage.StartAsync();
        _host.Stage.Step(r => r with { Planned = 10, Done = 8, Failed = 2 });
        _host.Stage.Finish();
        var (code, _, error) = await RunAsync("rescan");
        Assert.Equal(7, code);
        Assert.Contains("error: 2 messages could not be judged\nhelp: `surveillance jobs show 1`", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rescan_CannotGoOn_Exits1WithTheReason()
    {
        await _host.Stage.StartAsync();
        _host.Stage.Finish("The revision cannot be read.");
        var (code, _, error) = await RunAsync("rescan");
        Assert.Equal(1, code);
        Assert.Contains("error: Rescan 1 could not go on: The revision cannot be read.\nhelp: `surveillance jobs resume 1`", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rescan_Json_IsOneDocument()
    {
        await _host.Stage.StartAsync();
        _host.Stage.Finish();
        var (code, output, _) = await RunAsync("rescan", "--json");
        Assert.Equal(0, code);
        Assert.Equal("finished", JsonDocument.Parse(output).RootElement.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Rescan_Detached_PrintsItsNumberAndEnds()
    {
        var (code, output, error) = await RunAsync("rescan", "--detach");
        Assert.Equal((0, "1\n"), (code, output));
        Assert.Contains("`surveillance jobs watch 1`", error, StringComparison.Ordinal);
        Assert.Equal(RunState.Queued, _host.Runs.Find(1)!.State);
    }

    [Fact]
    public async Task Rescan_DetachedWithoutService_SaysWhenItGoesOn()
    {
        var (_, _, error) = await RunAsync(isOwn: true, "rescan", "--detach");
        Assert.Contains("it goes on when `surveillance serve` starts", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("off-chanel-move", 2, "did you mean `off-channel-move`?")]
    public async Task Rescan_Refused_SaysWhy(string rule, int exit, string says)
    {
        var (code, output, error) = await RunAsync("rescan", "--rule", rule);
        Assert.Equal((exit, ""), (code, output));
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.Contains("\nhelp: `surveillance rescan --help`", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rescan_Interrupted_Exits130AndLeavesItAtWork()
    {
        await _host.Stage.StartAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = RunAsync(isOwn: false, stop.Token, "rescan");
        _host.Stage.Step(r => r with { Planned = 100, Done = 50 });
        await Eventually.IsTrueAsync(() => _host.Runs.Find(1) is { Done: 50 } && _host.Asked > 1, "the command watches the run at work");
        await stop.CancelAsync();
        var (code, output, error) = await running;
        Assert.Equal((130, ""), (code, output));
        Assert.EndsWith("It goes on. `surveillance jobs watch 1` shows how far it is.\n", error, StringComparison.Ordinal);
        Assert.Equal(RunState.Running, _host.Runs.Find(1)!.State);
    }

    [Theory]
    [InlineData(RunState.Finished, 0)]
    [InlineData(RunState.Failed, 1)]
    [InlineData(RunState.Paused, 5)]
    [InlineData(RunState.Cancelled, 5)]
    [InlineData(RunState.Superseded, 5)]
    public async Task Watch_OfARunThatStands_ExitsAsItEnded(RunState state, int exit)
    {
        _host.Put(state, r => r with { Planned = 10, Done = 5 });
        var (code, _, error) = await RunAsync("jobs", "watch", "1");
        Assert.Equal(exit, code);
        Assert.Equal(exit != 0, error.Contains("help: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watch_PipedAway_TellsItsProgressInLines()
    {
        await _host.Stage.StartAsync();
        _host.Put(RunState.Queued);
        await _host.Desk.ResumeAsync(1, "operator", Cancel);
        var running = RunAsync("jobs", "watch", "1");
        _host.Stage.Step(r => r with { Planned = 12_000, Done = 6_000 });
        await Eventually.IsTrueAsync(() => running.IsCompleted || _host.Asked > 2, "the command has asked");
        _host.Stage.Finish();
        var (code, _, error) = await running;
        Assert.Equal(0, code);
        Assert.Matches("Rescan 1: (waits|counting|6,000 of 12,000 \\(50 %\\))", error);
    }

    [Theory]
    [InlineData("pause", RunState.Queued, 0, "keeps its place")]
    [InlineData("cancel", RunState.Queued, 0, "what it did until now stays")]
    [InlineData("resume", RunState.Paused, 0, "goes on where it was")]
    [InlineData("retry", RunState.Finished, 5, "nothing failed")]
    [InlineData("pause", RunState.Finished, 5, "What can be done")]
    [InlineData("resume", RunState.Running, 5, "pause, cancel")]
    public async Task Act_OnAJob_ExitsWith5InTheWrongState(string verb, RunState state, int exit, string says)
    {
        _host.Put(state);
        var (code, output, error) = await RunAsync("jobs", verb, "1");
        Assert.Equal((exit, ""), (code, output));
        Assert.Equal(exit == 5, error.Contains("\nhelp: `surveillance jobs list`", StringComparison.Ordinal));
        if (exit == 0 || verb == "retry") { Assert.Contains(says, error, StringComparison.Ordinal); }
        Assert.All(_host.Runs.Audit, a => Assert.Equal("operator", a.Actor));
    }

    [Fact]
    public async Task Cancel_OfAnInterruptedJob_SaysWhenItIsDone()
    {
        _host.Put(RunState.Running);
        const string later = "No service holds the data folder: cancel was asked for and is done when `surveillance serve` starts, or with `surveillance jobs watch 1`.\n";
        var (_, _, error) = await RunAsync(isOwn: true, "jobs", "cancel", "1");
        Assert.EndsWith(later, error, StringComparison.Ordinal);
        (_, _, error) = await RunAsync(isOwn: true, "jobs", "list");
        Assert.Equal(later, error);
    }

    [Fact]
    public async Task Resume_WithoutService_SaysThatNothingWorksYet()
    {
        _host.Put(RunState.Paused);
        var (_, _, error) = await RunAsync(isOwn: true, "jobs", "resume", "1");
        Assert.Contains("No service holds the data folder", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("show")]
    [InlineData("watch")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("cancel")]
    [InlineData("retry")]
    public async Task Verb_OnNoJob_Exits3(string verb)
    {
        var (code, output, error) = await RunAsync("jobs", verb, "7");
        Assert.Equal((3, "", "error: There is no job of this number.\nhelp: `surveillance jobs list` shows the jobs with their numbers\n"), (code, output, error));
    }

    [Fact]
    public async Task List_OfJobs_IsATableOrJson()
    {
        _host.Put(RunState.Finished, r => r with { Planned = 900, Done = 900 });
        _host.Put(RunState.Queued, request: new RescanRequest { DryRun = true });
        _host.Runs.Found(1, [new RescanRuleResult("a", 2, 1, 0, 0, 0)]);
        var (code, output, _) = await RunAsync("jobs", "list");
        Assert.Equal(0, code);
        var lines = output.Split('\n');
        Assert.StartsWith("ID  KIND", lines[0], StringComparison.Ordinal);
        Assert.Matches("^2   rescan \\(dry run\\)  queued ", lines[1]);
        Assert.Matches("^1   rescan            finished  900 of 900 \\(100 %\\)  2       1     0 .*activation$", lines[2]);
        var (_, json, _) = await RunAsync("jobs", "list", "--limit", "1", "--json");
        Assert.Equal(2, Assert.Single(JsonDocument.Parse(json).RootElement.EnumerateArray()).GetProperty("id").GetInt32());
    }

    [Theory]
    [InlineData("jobs list", "interrupted  400 of 900 (44 %)  0 ")]
    [InlineData("jobs show 1", "Rescan 1: interrupted\n")]
    public async Task Running_OfAServiceThatIsGone_IsInterruptedWithTheWayOn(string line, string says)
    {
        _host.Put(RunState.Running, r => r with { Planned = 900, Done = 400 });
        var (code, output, error) = await RunAsync(isOwn: true, line.Split(' '));
        Assert.Equal(0, code);
        Assert.Contains(says, output, StringComparison.Ordinal);
        Assert.Equal("No service holds the data folder: it goes on when `surveillance serve` starts, or with `surveillance jobs watch 1`.\n", error);
        var (_, json, _) = await RunAsync(isOwn: true, [.. line.Split(' '), "--json"]);
        Assert.Contains("\"state\": \"interrupted\"", json, StringComparison.Ordinal);
        Assert.DoesNotContain("\"rate\": 0", json, StringComparison.Ordinal);

        (code, output, error) = await RunAsync(isOwn: false, line.Split(' '));
        Assert.Contains("running", output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (code, error));
    }

    [Fact]
    public async Task Show_OfAJob_ListsWhatCouldNotBeJudged()
    {
        _host.Put(RunState.Finished, r => r with { Planned = 900, Done = 899, Failed = 1 }, new RescanRequest { Channels = [Channel.Email], Verify = true });
        _host.Runs.Found(1, [new RescanRuleResult("a", 2, 1, 0, 0, 0)], failures: [new RescanFailure(44, A.MessageAt(44), "A condition took too long.", 2)]);
        var (code, output, _) = await RunAsync("jobs", "show", "1");
        Assert.Equal(0, code);
        Assert.Contains("scope      channels email; verify\n", output, StringComparison.Ordinal);
        Assert.Contains("messages   899 done, 0 skipped, 1 failed\n", output, StringComparison.Ordinal);
        Assert.Contains($"44        {A.MessageAt(44)}  2      A condition took too long.\n", output, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] line) => RunAsync(isOwn: false, line);

    private Task<(int Code, string Output, string Error)> RunAsync(bool isOwn, params string[] line) => RunAsync(isOwn, Cancel, line);

    private async Task<(int Code, string Output, string Error)> RunAsync(bool isOwn, CancellationToken cancel, params string[] line)
    {
        ConnectControl connect = (_, _) => ValueTask.FromResult(_host.NewControl(isOwn));
        var root = new RootCommand { RescanCommand.Build(connect), JobsCommand.Build(connect, connect, []) };
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var code = await root.Parse(line).InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false }, cancel);
        return (code, output.ToString(), error.ToString());
    }
}
