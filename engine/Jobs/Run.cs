namespace Surveillance.Jobs;

/// <summary>How far a run is. The numbers are stored.</summary>
public enum RunState
{
    /// <summary>Waits for the runs before it.</summary>
    Queued = 0,
    /// <summary>At work, or about to go on after the program was stopped.</summary>
    Running = 1,
    /// <summary>Stopped by a person; goes on where it was when asked to.</summary>
    Paused = 2,
    /// <summary>Ended by a person; what it did until then stays.</summary>
    Cancelled = 3,
    /// <summary>Came to its end.</summary>
    Finished = 4,
    /// <summary>Could not go on; its note says why.</summary>
    Failed = 5,
    /// <summary>Ended because a newer run does the same and more.</summary>
    Superseded = 6,
}

/// <summary>What a person asks of a run. The numbers are stored.</summary>
public enum RunRequest
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>Stop and keep the place.</summary>
    Pause = 1,
    /// <summary>End.</summary>
    Cancel = 2,
    /// <summary>End, because a newer run does the same and more.</summary>
    Supersede = 3,
}

/// <summary>What set a run off. The numbers are stored.</summary>
public enum RunTrigger
{
    /// <summary>A person or a program asked for it.</summary>
    Request = 0,
    /// <summary>A changed revision came into force.</summary>
    Activation = 1,
    /// <summary>A schedule.</summary>
    Schedule = 2,
}

/// <summary>A run to be queued.</summary>
/// <param name="Kind">The kind of job, such as <c>rescan</c>.</param>
/// <param name="Scope">What it is about, as JSON of its kind; no words of a message.</param>
/// <param name="Trigger">What set it off.</param>
/// <param name="Actor">Who asked: <c>user:NAME</c>, <c>token:ID</c>, <c>operator</c>, or <c>system</c>.</param>
public sealed record NewRun(string Kind, string Scope, RunTrigger Trigger, string Actor);

/// <summary>One run of a job. Done + skipped + failed = planned once it has finished.</summary>
public sealed record Run
{
    /// <summary>Its number, from 1 in the order in which runs were asked for.</summary>
    public required long Number { get; init; }

    /// <summary>The kind of job, such as <c>rescan</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What it is about, as JSON of its kind.</summary>
    public required string Scope { get; init; }

    /// <summary>What set it off.</summary>
    public required RunTrigger Trigger { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string Actor { get; init; }

    /// <summary>How far it is.</summary>
    public required RunState State { get; init; }

    /// <summary>What was asked of it and not done yet.</summary>
    public RunRequest Request { get; init; }

    /// <summary>When it was asked for, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it began, UTC; null while it waits for the first time.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended, UTC; null before.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How many items it looks at in all; null until it has counted them.</summary>
    public long? Planned { get; init; }

    /// <summary>How many are done.</summary>
    public long Done { get; init; }

    /// <summary>How many were not for this run.</summary>
    public long Skipped { get; init; }

    /// <summary>How many could not be done and can be tried again.</summary>
    public long Failed { get; init; }

    /// <summary>Why it ended as it did, for people; null when there is nothing to say.</summary>
    public string? Note { get; init; }

    /// <summary>How many items are behind it. Never falls.</summary>
    public long Processed => Done + Skipped + Failed;

    /// <summary>Whether it will not go on by itself or when asked to.</summary>
    public bool HasEnded => State is RunState.Cancelled or RunState.Finished or RunState.Failed or RunState.Superseded;
}
