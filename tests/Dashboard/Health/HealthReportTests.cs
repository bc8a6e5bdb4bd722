using Surveillance.Dashboard.Health;
using Surveillance.Dashboard.Search;
using Surveillance.Health;
using Surveillance.Jobs;
using Surveillance.Messages;
using Surveillance.Pipeline;
using Surveillance.Rules;

namespace Surveillance.Dashboard.Tests.Health;

/// <summary>What of the service's state needs somebody, and how much it presses.</summary>
public sealed class HealthReportTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 10, 30, 0, TimeSpan.Zero);

    private static readonly HealthModel Well = new()
    {
        Progress = new PipelineProgress(5_000, 0, null, Now.AddMinutes(-1), 20, true),
        IsRunning = true,
        Stalls = [],
        Sources = [Source(_ => 10)],
        Quarantine = [],
        Book = new RuleBookStatus("r", Now, 1, [Rule("card", null)], [], []),
        Runs = [Job(3, RunState.Running, 90), Job(2, RunState.Finished, 300), Job(1, RunState.Cancelled, 400)],
        Index = new IndexProgress(4_990, 5_000, 0, null),
        Storage = new StorageState([new StoredFile("archive.db", 5_000_000)], 500L << 30, 900L << 30, "SQLite"),
        KnowsTimeZones = true,
        Now = Now,
    };

    private static SourceActivity Source(Func<int, long> count) => new(Channel.WeChat, Now.AddHours(-7), [.. Enumerable.Range(0, 840).Select(i => count(839 - i))]);

    private static RuleSummary Rule(string id, string? problem) => new(id, 1, "sensitive-data", Severity.High, "Title of " + id, "o", "active", null, 1, 1, null, 0, problem);

    private static Run Job(long number, RunState state, int minutesAgo, string? note = null, bool began = true) => new()
    {
        Number = number, Kind = "rescan", Scope = "{}", Trigger = RunTrigger.Schedule, Actor = "system", State = state,
        CreatedAt = Now.AddMinutes(-minutesAgo), StartedAt = began ? Now.AddMinutes(-minutesAgo) : null, Note = note,
    };

    private static HealthPoint Only(HealthModel model) => Assert.Single(model.Points);

    [Fact]
    public void Points_NothingWrong_AreNone()
    {
        Assert.Empty(Well.Points);
        Assert.Equal(HealthState.Well, Well.StateOf("evaluation"));
    }

    [Theory]
    [InlineData(30, null)]
    [InlineData(61, HealthState.Look)]
    [InlineData(16 * 60, HealthState.Act)]
    public void Points_EntriesWait_PressTheMoreTheLonger(int seconds, HealthState? state)
    {
        var model = Well with { Progress = Well.Progress with { Waiting = 1_200, OldestWaiting = Now.AddSeconds(-seconds) } };
        Assert.Equal(state, model.Points.SingleOrDefault()?.State);
        if (state is not null)
        {
            Assert.Contains("1,200 entries wait", Only(model).What, StringComparison.Ordinal);
            Assert.Equal("evaluation", Only(model).Part);
        }
    }

    [Fact]
    public void Points_PipelineStopped_Presses() => Assert.Equal((HealthState.Act, "evaluation"), (Only(Well with { IsRunning = false }).State, Only(Well with { IsRunning = false }).Part));

    [Fact]
    public void Points_Stall_SaysWhich()
    {
        var point = Only(Well with { Stalls = ["3 of 64 partitions cannot store."] });
        Assert.Equal((HealthState.Act, "3 of 64 partitions cannot store."), (point.State, point.What));
    }

    [Fact]
    public void Points_SourceSilent_NamesIt()
    {
        var point = Only(Well with { Sources = [Source(ago => ago < 6 ? 0 : 9)] });
        Assert.Equal(HealthState.Look, point.State);
        Assert.StartsWith("WeChat has been silent for 7 hours", point.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "Settle them")]
    [InlineData(3, "Try them again")]
    public void Points_Quarantine_SaysWhatHelps(int retryable, string todo)
    {
        var point = Only(Well with { Quarantine = [new QuarantineCount("conflict", 3, retryable, Now)] });
        Assert.Equal("/quarantine", point.Link);
        Assert.StartsWith(todo, point.Todo, StringComparison.Ordinal);
    }

    [Fact]
    public void Points_RulesDoNotCheck_Presses() => Assert.Equal((HealthState.Act, "/rules"), (Only(Well with { Book = Well.Book with { Problems = ["error"] } }).State, Only(Well with { Book = Well.Book with { Problems = ["error"] } }).Link));

    [Fact]
    public void Points_RuleFailsItsTests_LinksIt()
    {
        var point = Only(Well with { Book = Well.Book with { Rules = [Rule("card", "2 of its own tests fail"), Rule("iban", null)] } });
        Assert.Equal((HealthState.Act, "/rules/card", "Title of card: 2 of its own tests fail"), (point.State, point.Link, point.What));
    }

    [Fact]
    public void Points_ModelMissing_ComesBeforeTheRulesThatAskForIt()
    {
        var model = Well with { Book = Well.Book with { Rules = [Rule("pitch", "The model marketing is missing.")], MissingModels = ["marketing"] } };
        Assert.Equal([("models", HealthState.Act), ("rules", HealthState.Look)], model.Points.Select(p => (p.Part, p.State)));
    }

    [Fact]
    public void Points_JobsFailed_NamesThoseOfTheLastTen()
    {
        Run[] runs = [Job(20, RunState.Failed, 5, "why"), .. Enumerable.Range(0, 8).Select(i => Job(19 - i, RunState.Finished, 60)), Job(11, RunState.Failed, 90), Job(10, RunState.Failed, 99)];
        var point = Only(Well with { Runs = runs });
        Assert.Equal((HealthState.Look, "jobs", "/jobs", "Of the last jobs 2 could not go on: Rescan 20, Rescan 11."), (point.State, point.Part, point.Link, point.What));
    }

    [Fact]
    public void Points_JobInterrupted_TellsItsNote()
    {
        var point = Only(Well with { Runs = [Job(8, RunState.Running, 5, "Interrupted (IOException); it is tried again."), Job(7, RunState.Cancelled, 9, "Interrupted (IOException); it is tried again.")] });
        Assert.Equal((HealthState.Look, "jobs", "/jobs", "Rescan 8: Interrupted (IOException); it is tried again."), (point.State, point.Part, point.Link, point.What));
    }

    [Theory]
    [InlineData(60, null)]
    [InlineData(61, "2 jobs have waited for more than an hour, the oldest for 1 hour")]
    public void Points_JobsWait_AfterAnHour(int minutes, string? says)
    {
        var points = (Well with { Runs = [Job(9, RunState.Queued, minutes, began: false), Job(8, RunState.Queued, minutes, began: false), Job(7, RunState.Queued, 900)] }).Points; // what began goes on, and waits since then
        Assert.Equal(says is null ? 0 : 1, points.Count);
        Assert.All(points, p => Assert.True(p is { State: HealthState.Look, Part: "jobs", Link: "/jobs" } && p.What.StartsWith(says!, StringComparison.Ordinal), p.What));
    }

    [Theory]
    [InlineData(0, 50_000, null, null)]
    [InlineData(0, 50_001, null, "The search index is 50,001 entries behind")]
    [InlineData(0, 0, "The file search.db can be neither read nor made.", "The search index cannot go on: The file search.db can be neither read nor made.")]
    public void Points_SearchIndex_FarBehindOrInTrouble(long indexed, long head, string? trouble, string? says)
    {
        var points = (Well with { Index = new IndexProgress(indexed, head, 0, trouble) }).Points;
        Assert.Equal(says is null ? 0 : 1, points.Count);
        Assert.All(points, p => Assert.True(p is { State: HealthState.Look, Part: "search" } && p.What.StartsWith(says!, StringComparison.Ordinal), p.What));
    }

    [Theory]
    [InlineData(400L << 30, null)]
    [InlineData(80L << 30, HealthState.Look)]
    [InlineData(100L << 20, HealthState.Act)]
    public void Points_RoomRunsOut_PressesTheMore(long free, HealthState? state) =>
        Assert.Equal(state, (Well with { Storage = Well.Storage with { FreeBytes = free } }).Points.SingleOrDefault()?.State);

    [Fact]
    public void Points_GrowsFast_TellsTheDaysLeft()
    {
        // 10 messages an hour of 1 MB each: 240 MB a day, 2 GB left of a small disk
        var model = Well with { Storage = new StorageState([new StoredFile("archive.db", 5_000_000_000)], 2_000_000_000, 8_000_000_000, "SQLite") };
        Assert.Equal(8.3, model.DaysLeft!.Value, 1);
        Assert.Contains("which last about 8 days", Only(model).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Points_NewestEntryOfTheFuture_TellsOfTheClock()
    {
        var point = Only(Well with { Progress = Well.Progress with { LastReceivedAt = Now.AddMinutes(3) } });
        Assert.Equal(("clock", HealthState.Act), (point.Part, point.State));
        Assert.Contains("3 minutes later", point.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Points_NoTimeZones_TellsOfTheClock() => Assert.Equal("clock", Only(Well with { KnowsTimeZones = false }).Part);

    [Fact]
    public void Points_Several_PressingOnesFirst() =>
        Assert.Equal(["clock", "quarantine"], (Well with { Quarantine = [new QuarantineCount("conflict", 1, 0, Now)], Progress = Well.Progress with { LastReceivedAt = Now.AddHours(1) } }).Points.Select(p => p.Part));

    [Theory]
    [InlineData(999, "999 bytes")]
    [InlineData(61_440_000, "61.4 MB")]
    [InlineData(41_200_000_000, "41.2 GB")]
    [InlineData(3_000_000_000_000, "3 TB")]
    public void Size_Bytes_AsPeopleReadThem(long bytes, string words) => Assert.Equal(words, HealthReport.Size(bytes));
}
