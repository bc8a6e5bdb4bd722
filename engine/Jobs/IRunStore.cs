using Surveillance.Audit;

namespace Surveillance.Jobs;

/// <summary>Keeps the runs of jobs. Counters and cursors are written by the job itself, in the transaction of its results. Thread-safe.</summary>
public interface IRunStore
{
    /// <summary>Queues a run; audited in the same transaction.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cancel">Gives up while it waits for its turn.</param>
    ValueTask<Run> AddAsync(NewRun run, CancellationToken cancel);

    /// <summary>The run of a number, or null.</summary>
    /// <param name="number">The number.</param>
    Run? Find(long number);

    /// <summary>Runs, newest first.</summary>
    /// <param name="before">Only numbers below this one; null for the newest.</param>
    /// <param name="max">At most so many, from 1.</param>
    IReadOnlyList<Run> Read(long? before, int max);

    /// <summary>The newest run of a kind that something set off, or null.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="trigger">What set it off.</param>
    Run? FindNewest(string kind, RunTrigger trigger);

    /// <summary>Every run that has not ended, oldest first.</summary>
    IReadOnlyList<Run> ReadUnfinished();

    /// <summary>Moves a run on from one of some states; anything asked of it is forgotten.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="from">The states it may be in.</param>
    /// <param name="to">The state it gets.</param>
    /// <param name="note">Why, for people, or null.</param>
    /// <param name="audit">Written in the same transaction when the run moves; may be null.</param>
    /// <param name="cancel">Gives up while it waits for its turn.</param>
    /// <returns>Whether it was in one of the states.</returns>
    ValueTask<bool> MoveAsync(long number, IReadOnlyCollection<RunState> from, RunState to, string? note, AuditEntry? audit, CancellationToken cancel);

    /// <summary>Notes what is asked of a run at work. To end it wins over anything else, to pause it over nothing.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="audit">Written in the same transaction when it is noted; may be null.</param>
    /// <param name="cancel">Gives up while it waits for its turn.</param>
    /// <returns>Whether it was at work.</returns>
    ValueTask<bool> RequestAsync(long number, RunRequest request, AuditEntry? audit, CancellationToken cancel);

    /// <summary>Says something of a run for people; what moves the run on says something else.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="note">What, without words of a message; null takes back what was said.</param>
    /// <param name="cancel">Gives up while it waits for its turn.</param>
    ValueTask NoteAsync(long number, string? note, CancellationToken cancel);

    /// <summary>Notes how many items a run looks at. Only the first answer counts.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="planned">How many, 0 or more.</param>
    /// <param name="cancel">Gives up while it waits for its turn.</param>
    ValueTask PlanAsync(long number, long planned, CancellationToken cancel);
}
