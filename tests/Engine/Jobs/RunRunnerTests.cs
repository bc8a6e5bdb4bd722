using Microsoft.Extensions.Logging.Abstractions;
using Surveillance.Engine.Tests.Storage;
using Surveillance.Jobs;
using Surveillance.Storage.Sqlite;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Jobs;

/// <summary>Runs at work, and what people ask of them.</summary>
public sealed class RunRunnerTests : IAsyncDisposable
{
    private readonly SqliteWork _work = new();
    private readonly SqliteRunStore _store;
    private readonly Worker _worker = new();
    private readonly RunRunner _runner;
    private readonly RunDesk _desk;
    private readonly CancellationTokenSource _stop = new();

    public RunRunnerTests()
    {
        _store = new SqliteRunStore(_work.Database, _work.Time);
        _runner = new RunRunner(_store, [_worker], _work.Time, NullLogger<RunRunner>.Instance);
        _desk = new RunDesk(_store, _runner, _work.Time);
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Dispose();
        await _work.DisposeAsync();
    }

    private ValueTask<Run> QueueAsync(string kind = "counting") => _desk.QueueAsync(new NewRun(kind, "{}", RunTrigger.Request, "user:m.okafor"), default);

    private RunState State(long number) => _store.Find(number)!.State;

    private async Task<Task> AtWorkAsync(Run run)
    {
        var draining = _runner.DrainAsync(_stop.Token);
        await Eventually.IsTrueAsync(() => _worker.At == run.Number, "the run is at work");
        return draining;
    }

    [Fact]
    public async Task Drain_TwoRuns_DoesThemInOrder()
    {
        _worker.Let();
        var (first, second) = (await QueueAsync(), await QueueAsync());
        await _runner.DrainAsync(default);

        Assert.Equal([first.Number, second.Number], _worker.Did);
        Assert.Equal((RunState.Finished, RunState.Finished), (State(first.Number), State(second.Number)));
        Assert.NotNull(_store.Find(first.Number)!.StartedAt);
        Assert.NotNull(_store.Find(first.Number)!.EndedAt);
    }

    [Fact]
    public async Task Pause_AtWork_StopsAndResumeGoesOn()
    {
        var run = await QueueAsync();
        var draining = await AtWorkAsync(run);
        Assert.Equal(RunOutcome.Accepted, await _desk.PauseAsync(run.Number, "user:m.okafor", default));
        await draining;
        Assert.Equal(RunState.Paused, State(run.Number));
        Assert.Equal(RunOutcome.WrongState, await _desk.PauseAsync(run.Number, "user:m.okafor", default));

        _worker.Let();
        await _runner.DrainAsync(default);
        Assert.Equal(RunState.Paused, State(run.Number)); // nobody asked it to go on
        Assert.Equal(RunOutcome.Accepted, await _desk.ResumeAsync(run.Number, "user:m.okafor", default));
        await _runner.DrainAsync(default);
        Assert.Equal(RunState.Finished, State(run.Number));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancel_AtWorkOrWaiting_Ends(bool atWork)
    {
        var run = await QueueAsync();
        var draining = atWork ? await AtWorkAsync(run) : Task.CompletedTask;
        Assert.Equal(RunOutcome.Accepted, await _desk.CancelAsync(run.Number, "user:m.okafor", default));
        await draining;

        Assert.Equal(RunState.Cancelled, State(run.Number));
        Assert.True(_store.Find(run.Number)!.HasEnded);
        var actions = (await _work.Audit.ReadAsync(0, 10, default)).Select(r => (r.Entry.Action, r.Entry.Object, r.Entry.Actor));
        Assert.Equal([("counting.start", $"run:{run.Number}", "user:m.okafor"), ("job.cancel", $"run:{run.Number}", "user:m.okafor")], actions);
    }

    [Theory]
    [InlineData(RunRequest.Cancel, RunRequest.Pause, RunState.Cancelled)]
    [InlineData(RunRequest.Pause, RunRequest.Cancel, RunState.Cancelled)]
    [InlineData(RunRequest.Supersede, RunRequest.Pause, RunState.Superseded)]
    [InlineData(RunRequest.Supersede, RunRequest.Cancel, RunState.Cancelled)]
    [InlineData(RunRequest.Cancel, RunRequest.Supersede, RunState.Cancelled)]
    public async Task Request_AfterAnother_TheStrongerOneHolds(RunRequest first, RunRequest second, RunState end)
    {
        var run = await QueueAsync();
        var draining = await AtWorkAsync(run);
        await _stop.CancelAsync();
        await draining;
        await _store.RequestAsync(run.Number, first, null, default);
        await _store.RequestAsync(run.Number, second, null, default);
        await _runner.DrainAsync(default);
        Assert.Equal(end, State(run.Number));
    }

    [Fact]
    public async Task Stop_OfTheProgram_LeavesTheRunToGoOn()
    {
        var run = await QueueAsync();
        var draining = await AtWorkAsync(run);
        await _stop.CancelAsync();
        await draining;
        Assert.Equal(RunState.Running, State(run.Number));

        _worker.Let();
        var other = await QueueAsync();
        await _runner.DrainAsync(default);
        Assert.Equal([run.Number, other.Number], _worker.Did);
    }

    [Fact]
    public async Task Stop_AfterACancelWasAsked_EndsTheRunAtTheNextStart()
    {
        var run = await QueueAsync();
        var draining = await AtWorkAsync(run);
        await _stop.CancelAsync();
        await draining;
        Assert.True(await _store.RequestAsync(run.Number, RunRequest.Cancel, null, default)); // as if it had died before it could stop

        _worker.Let();
        await _runner.DrainAsync(default);
        Assert.Equal(RunState.Cancelled, State(run.Number));
        Assert.Empty(_worker.Did);
    }

    [Fact]
    public async Task Work_Breaks_IsTriedAgainAfterAPause()
    {
        _worker.Let();
        _worker.Failures = 3;
        var run = await QueueAsync();
        var draining = _runner.DrainAsync(default);
        await Eventually.IsTrueAsync(() => draining.IsCompleted, "it works in the end", () => _work.Time.Advance(TimeSpan.FromSeconds(1)));
        Assert.Equal(RunState.Finished, State(run.Number));
        Assert.Null(_store.Find(run.Number)!.Note);
    }

    [Fact]
    public async Task Work_GoesOnBreaking_SaysSoAndCanBeCancelled()
    {
        _worker.Let();
        _worker.Failures = int.MaxValue;
        var run = await QueueAsync();
        var draining = _runner.DrainAsync(default);
        await Eventually.IsTrueAsync(() => _store.Find(run.Number)!.Note is not null, "it says that it is interrupted");
        Assert.Contains("IOException", _store.Find(run.Number)!.Note, StringComparison.Ordinal);

        await _desk.CancelAsync(run.Number, "user:m.okafor", default);
        await Eventually.IsTrueAsync(() => draining.IsCompleted, "it ends");
        Assert.Equal(RunState.Cancelled, State(run.Number));
    }

    [Fact]
    public async Task Work_CannotGoOn_FailsAndSaysWhy()
    {
        var run = await QueueAsync("unheard-of");
        await _runner.DrainAsync(default);
        Assert.Equal(RunState.Failed, State(run.Number));
        Assert.Contains("unheard-of", _store.Find(run.Number)!.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Desk_UnknownRun_SaysSo()
    {
        Assert.Equal(RunOutcome.Unknown, await _desk.PauseAsync(7, "operator", default));
        Assert.Equal(RunOutcome.Unknown, await _desk.CancelAsync(7, "operator", default));
        Assert.Equal(RunOutcome.Unknown, await _desk.ResumeAsync(7, "operator", default));
        Assert.Equal(RunOutcome.Unknown, await _desk.RetryAsync(7, "operator", default));
        Assert.Null(_desk.Find(7));
    }

    [Fact]
    public async Task Read_Pages_NewestFirst()
    {
        for (var i = 0; i < 5; i++)
        {
            await QueueAsync();
        }
        Assert.Equal([5, 4], _desk.Read(null, 2).Select(r => r.Number));
        Assert.Equal([3, 2, 1], _desk.Read(4, 10).Select(r => r.Number));
        Assert.Equal([1, 2, 3, 4, 5], _store.ReadUnfinished().Select(r => r.Number));
    }

    /// <summary>Works until it is let go or stopped.</summary>
    private sealed class Worker : IRunWorker
    {
        private readonly TaskCompletionSource _let = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _at;

        public string Kind => "counting";

        public List<long> Did { get; } = [];

        public int Failures { get; set; }

        public long At => Volatile.Read(ref _at);

        public void Let() => _let.TrySetResult();

        public async Task WorkAsync(Run run, RunPace pace, CancellationToken cancel)
        {
            Volatile.Write(ref _at, run.Number);
            await _let.Task.WaitAsync(cancel);
            if (Failures-- > 0)
            {
                throw new IOException("The disk is away.");
            }
            Did.Add(run.Number);
        }
    }
}
