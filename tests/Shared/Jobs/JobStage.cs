using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Surveillance.Archive;
using Surveillance.Evaluation;
using Surveillance.Jobs;
using Surveillance.Messages;
using Surveillance.Rescan;
using Surveillance.Rules;

namespace Surveillance.Tests;

/// <summary>The desks of jobs and rescans over runs in memory, with a worker that goes on when a test says so.</summary>
public sealed class JobStage : IAsyncDisposable
{
    private static readonly Lazy<Revision> Rules = new(() => RevisionBuilder.Build(RuleBook.Load(Path.Combine(AppContext.BaseDirectory, "rules"), RevisionBuilder.KnownClassifiers(["marketing"])).Book!, []));

    private readonly StepWorker _worker;

    /// <summary>Makes the desks. Nothing is at work until <see cref="StartAsync"/>.</summary>
    public JobStage(TimeProvider time)
    {
        Runs = new MemoryRuns(time);
        _worker = new StepWorker(Runs);
        var runner = new RunRunner(Runs, [_worker], time, NullLogger<RunRunner>.Instance);
        Desk = new RunDesk(Runs, runner, time);
        Rescans = new RescanDesk(Desk, Runs, new LastPositionOnly(), () => IsReady ? new RescanTarget(1, Rules.Value) : null);
        Scheduler = new JobScheduler(runner, time);
    }

    /// <summary>The runs.</summary>
    public MemoryRuns Runs { get; }

    /// <summary>Where runs are asked to pause, go on and end.</summary>
    public RunDesk Desk { get; }

    /// <summary>Where rescans are asked for.</summary>
    public RescanDesk Rescans { get; }

    /// <summary>The schedules.</summary>
    public JobScheduler Scheduler { get; }

    /// <summary>Whether rules run yet.</summary>
    public bool IsReady { get; set; } = true;

    /// <summary>Has queued runs done from now on; each waits for <see cref="Step"/> and <see cref="Finish"/>.</summary>
    /// <param name="schedules">The schedules.</param>
    public Task StartAsync(params Schedule[] schedules) => Scheduler.StartAsync(schedules, CancellationToken.None);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Scheduler.StopAsync(CancellationToken.None);
        await Scheduler.DisposeAsync();
    }

    /// <summary>Has the run at work change, such as its counters.</summary>
    public void Step(Func<Run, Run> change) => _worker.Steps.Writer.TryWrite(change);

    /// <summary>Has the run at work come to its end; with a reason it cannot go on.</summary>
    public void Finish(string? failure = null) => _worker.Steps.Writer.TryWrite(failure is null ? null : _ => throw new RunFailedException(failure));

    /// <summary>Adds everything to a host.</summary>
    public void AddTo(IServiceCollection services) =>
        services.AddSingleton(Desk).AddSingleton(Rescans).AddSingleton<IRescanStore>(Runs).AddSingleton<IRunStore>(Runs).AddSingleton(Scheduler);

    private sealed class StepWorker(MemoryRuns runs) : IRunWorker
    {
        public Channel<Func<Run, Run>?> Steps { get; } = System.Threading.Channels.Channel.CreateUnbounded<Func<Run, Run>?>();

        public string Kind => RescanDesk.Kind;

        public async Task WorkAsync(Run run, RunPace pace, CancellationToken cancel)
        {
            pace.Note(run.Processed);
            while (await Steps.Reader.ReadAsync(cancel) is { } step)
            {
                pace.Note(runs.Change(run.Number, step).Processed);
            }
        }
    }

    /// <summary>An archive of which only the end is asked for.</summary>
    private sealed class LastPositionOnly : IMessageArchive
    {
        public long LastPosition => 200_000;

        public ValueTask<IReadOnlyList<Receipt>> AppendAsync(IReadOnlyList<ArchiveItem> batch, Envelope? envelope, CancellationToken cancel) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<ArchivedEntry>> ReadAsync(long after, int max, CancellationToken cancel) => throw new NotSupportedException();

        public IReadOnlyList<ArchivedEntry> ReadKind(EntryKind kind, long after, int max) => throw new NotSupportedException();

        public ArchivedEntry? FindActivation(long position) => throw new NotSupportedException();

        public Task WaitAsync(long after, CancellationToken cancel) => throw new NotSupportedException();

        public ArchivedEntry? Find(OpaqueId id) => throw new NotSupportedException();

        public ArchivedEntry? Find(long position) => throw new NotSupportedException();

        public DateTimeOffset? FindReceivedAt(long position) => throw new NotSupportedException();

        public long CountMessages(DateTimeOffset? from, DateTimeOffset? to, long through) => throw new NotSupportedException();

        public bool HasMessages() => throw new NotSupportedException();

        public ArchivedOriginal? FindOriginal(OpaqueId id) => throw new NotSupportedException();

        public IReadOnlyList<ArchivedEntry> ReadBefore(OpaqueId conversation, DateTimeOffset sentAt, long position, long upTo, int max) => throw new NotSupportedException();

        public IReadOnlyList<ArchivedEntry> ReadAfter(OpaqueId conversation, DateTimeOffset sentAt, long position, long upTo, int max) => throw new NotSupportedException();
    }
}
