using Surveillance.Alerting;
using Surveillance.Audit;
using Surveillance.Jobs;
using Surveillance.Messages;
using Surveillance.Rescan;

namespace Surveillance.Tests;

/// <summary>Keeps runs and what rescans found in memory; a test puts there what it wants to be seen.</summary>
public sealed class MemoryRuns(TimeProvider time) : IRunStore, IRescanStore
{
    private readonly Lock _lock = new();
    private readonly List<Run> _runs = [];
    private readonly Dictionary<long, List<RescanRuleResult>> _rules = [];
    private readonly Dictionary<long, List<RescanChange>> _changes = [];
    private readonly Dictionary<long, List<RescanFailure>> _failures = [];
    private readonly List<AuditEntry> _audit = [];

    /// <summary>What was audited.</summary>
    public IReadOnlyList<AuditEntry> Audit { get { lock (_lock) { return [.. _audit]; } } }

    /// <summary>Rules that have matches though they do not run.</summary>
    public IReadOnlyList<string> MatchedRules { get; set; } = [];

    /// <summary>Adds a run in any state; it gets the next number.</summary>
    public Run Put(Run run)
    {
        lock (_lock)
        {
            _runs.Add(run with { Number = _runs.Count + 1 });
            return _runs[^1];
        }
    }

    /// <summary>Changes a run.</summary>
    public Run Change(long number, Func<Run, Run> change)
    {
        lock (_lock)
        {
            return _runs[(int)number - 1] = change(_runs[(int)number - 1]);
        }
    }

    /// <summary>Sets what a rescan found.</summary>
    public void Found(long run, IEnumerable<RescanRuleResult>? rules = null, IEnumerable<RescanChange>? changes = null, IEnumerable<RescanFailure>? failures = null)
    {
        lock (_lock)
        {
            if (rules is not null) { _rules[run] = [.. rules]; }
            if (changes is not null) { _changes[run] = [.. changes]; }
            if (failures is not null) { _failures[run] = [.. failures]; }
        }
    }

    /// <inheritdoc />
    public ValueTask<Run> AddAsync(NewRun run, CancellationToken cancel) => ValueTask.FromResult(Put(new Run
    {
        Number = 0, Kind = run.Kind, Scope = run.Scope, Trigger = run.Trigger, Actor = run.Actor, State = RunState.Queued, CreatedAt = time.GetUtcNow(),
    }));

    /// <inheritdoc />
    public Run? Find(long number)
    {
        lock (_lock) { return number >= 1 && number <= _runs.Count ? _runs[(int)number - 1] : null; }
    }

    /// <inheritdoc />
    public IReadOnlyList<Run> Read(long? before, int max)
    {
        lock (_lock) { return [.. _runs.Where(r => before is null || r.Number < before).OrderByDescending(r => r.Number).Take(max)]; }
    }

    /// <inheritdoc />
    public Run? FindNewest(string kind, RunTrigger trigger)
    {
        lock (_lock) { return _runs.LastOrDefault(r => r.Kind == kind && r.Trigger == trigger); }
    }

    /// <inheritdoc />
    public IReadOnlyList<Run> ReadUnfinished()
    {
        lock (_lock) { return [.. _runs.Where(r => !r.HasEnded)]; }
    }

    /// <inheritdoc />
    public ValueTask<bool> MoveAsync(long number, IReadOnlyCollection<RunState> from, RunState to, string? note, AuditEntry? audit, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (Find(number) is not { } run || !from.Contains(run.State))
            {
                return ValueTask.FromResult(false);
            }
            var now = time.GetUtcNow();
            run = run with { State = to, Request = RunRequest.None, Note = note, StartedAt = run.StartedAt ?? (to == RunState.Running ? now : null) };
            Change(number, _ => run with { EndedAt = run.HasEnded ? now : null });
            Write(audit);
            return ValueTask.FromResult(true);
        }
    }

    /// <inheritdoc />
    public ValueTask<bool> RequestAsync(long number, RunRequest request, AuditEntry? audit, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (Find(number) is not { State: RunState.Running })
            {
                return ValueTask.FromResult(false);
            }
            Change(number, run => run with { Request = request });
            Write(audit);
            return ValueTask.FromResult(true);
        }
    }

    /// <inheritdoc />
    public ValueTask PlanAsync(long number, long planned, CancellationToken cancel)
    {
        Change(number, run => run with { Planned = run.Planned ?? planned });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask NoteAsync(long number, string? note, CancellationToken cancel)
    {
        Change(number, run => run with { Note = note });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public IReadOnlyList<RescanRuleResult> ReadRules(long run) => Of(_rules, run);

    /// <inheritdoc />
    public IReadOnlyList<RescanChange> ReadChanges(long run, RescanChangeKind? kind, string? rule, long after, int max) =>
        [.. Of(_changes, run).Where(c => (kind is null || c.Kind == kind) && (rule is null || c.Rule == rule) && c.Number > after).Take(max)];

    /// <inheritdoc />
    public IReadOnlyList<RescanFailure> ReadFailures(long run, long after, int max) => [.. Of(_failures, run).Where(f => f.Position > after).Take(max)];

    /// <inheritdoc />
    public IReadOnlyList<string> ReadMatchedRules() => MatchedRules;

    /// <inheritdoc />
    public IReadOnlyList<long> ReadCursors(long run) => throw new NotSupportedException();

    /// <inheritdoc />
    public ValueTask FailAsync(long run, long position, string detail, CancellationToken cancel) => throw new NotSupportedException();

    /// <inheritdoc />
    public ValueTask AdvanceAsync(long run, long position, CancellationToken cancel) => throw new NotSupportedException();

    /// <inheritdoc />
    public IReadOnlyDictionary<long, StoredJudgement> ReadJudgements(IReadOnlyList<long> positions) => throw new NotSupportedException();

    /// <inheritdoc />
    public JudgedBy? FindJudgedBy(long position) => throw new NotSupportedException();

    /// <inheritdoc />
    public ValueTask<CommitResult> CommitAsync(RescanBatch batch, CancellationToken cancel) => throw new NotSupportedException();

    private IReadOnlyList<T> Of<T>(Dictionary<long, List<T>> kept, long run)
    {
        lock (_lock) { return kept.TryGetValue(run, out var found) ? [.. found] : []; }
    }

    private void Write(AuditEntry? audit)
    {
        if (audit is not null)
        {
            _audit.Add(audit);
        }
    }
}
