using Surveillance.Jobs;
using Surveillance.Rescan;

namespace Surveillance.Dashboard.Jobs;

/// <summary>What can be asked of a run.</summary>
public enum JobAction
{
    /// <summary>Stop and keep the place.</summary>
    Pause,
    /// <summary>Go on where it stopped.</summary>
    Resume,
    /// <summary>End.</summary>
    Cancel,
    /// <summary>Try again what failed.</summary>
    Retry,
}

/// <summary>A run with everything that is shown of it.</summary>
/// <param name="Run">The run.</param>
/// <param name="Estimate">How fast it is.</param>
/// <param name="Scope">What it is about; null for a job of another kind.</param>
/// <param name="Rules">The result per rule, in order of the rules.</param>
public sealed record JobModel(Run Run, RunEstimate Estimate, RescanScope? Scope, IReadOnlyList<RescanRuleResult> Rules)
{
    /// <summary>The results of all rules together.</summary>
    public RescanRuleResult Total { get; } = new(
        "", Rules.Sum(r => r.Gained), Rules.Sum(r => r.Lost), Rules.Sum(r => r.Kept), Rules.Sum(r => r.Decided), Rules.Sum(r => r.NotEvaluated));

    /// <summary>Whether rules that have not changed are judged as well.</summary>
    public bool IsVerify => Scope?.Request.Verify == true;

    /// <summary>Whether it only tells what would change.</summary>
    public bool IsDryRun => Scope?.Request.DryRun == true;

    /// <summary>Whether it is at work or waits for it, so that what is shown of it changes by itself.</summary>
    public bool IsLive => Run.State is RunState.Queued or RunState.Running;

    /// <summary>What can be asked of it now.</summary>
    public IReadOnlyList<JobAction> Actions => Run.State switch
    {
        RunState.Queued => [JobAction.Pause, JobAction.Cancel],
        RunState.Running when Run.Request == RunRequest.None => [JobAction.Pause, JobAction.Cancel],
        RunState.Running when Run.Request == RunRequest.Pause => [JobAction.Cancel],
        RunState.Paused => [JobAction.Resume, JobAction.Cancel],
        RunState.Cancelled or RunState.Failed => [JobAction.Resume],
        RunState.Finished when Run.Failed > 0 => [JobAction.Retry],
        _ => [],
    };
}

/// <summary>Reads runs with what came of them.</summary>
/// <param name="runs">The runs.</param>
/// <param name="rescans">What rescans found.</param>
public sealed class JobReader(RunDesk runs, IRescanStore rescans)
{
    /// <summary>The run of a number, or null.</summary>
    /// <param name="number">The number.</param>
    public JobModel? Find(long number) => runs.Find(number) is { } run ? Of(run) : null;

    /// <summary>Runs, newest first.</summary>
    /// <param name="before">Only numbers below this one; null for the newest.</param>
    /// <param name="max">At most so many, 1 to 200.</param>
    /// <returns>The runs, and the number to go on before; null after the last.</returns>
    public (IReadOnlyList<JobModel> Jobs, long? Next) Read(long? before, int max)
    {
        var found = runs.Read(before, max + 1);
        return ([.. found.Take(max).Select(Of)], found.Count > max ? found[max - 1].Number : null);
    }

    private JobModel Of(Run run) => new(run, runs.Estimate(run), ScopeOf(run), run.Kind == RescanDesk.Kind ? rescans.ReadRules(run.Number) : []);

    private static RescanScope? ScopeOf(Run run) => run.Kind == RescanDesk.Kind ? RescanScope.TryFromJson(run.Scope) : null; // none where another version wrote it
}
