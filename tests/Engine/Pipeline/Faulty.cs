using Surveillance.Alerting;
using Surveillance.Archive;
using Surveillance.Detection;
using Surveillance.Detection.Pii;
using Surveillance.Messages;
using Surveillance.Pipeline;
using Surveillance.Text;

namespace Surveillance.Engine.Tests.Pipeline;

/// <summary>A work store that a test can slow down or make fail, and that remembers what was stored.</summary>
internal sealed class FaultyWork(IWorkStore inner) : IWorkStore
{
    private readonly Lock _lock = new();
    private readonly List<WorkBatch> _stored = [];

    /// <summary>Awaited before every commit; what it throws the commit throws.</summary>
    internal Func<WorkBatch, Task> BeforeCommit { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called before consent look-ups are found; what it throws the call throws.</summary>
    internal Action BeforeFind { get; set; } = () => { };

    /// <summary>Called before an activation is recorded; what it throws the call throws.</summary>
    internal Action BeforeRecord { get; set; } = () => { };

    /// <summary>What was stored, in order of the commits.</summary>
    internal IReadOnlyList<WorkBatch> Stored
    {
        get { lock (_lock) { return [.. _stored]; } }
    }

    public async ValueTask<CommitResult> CommitAsync(WorkBatch batch, CancellationToken cancel)
    {
        await BeforeCommit(batch).WaitAsync(cancel);
        var result = await inner.CommitAsync(batch, cancel);
        lock (_lock)
        {
            _stored.Add(batch);
        }
        return result;
    }

    public IReadOnlyList<long> FindConsentLookups(OpaqueId person, DateTimeOffset sentFrom, long after, long before, int max)
    {
        BeforeFind();
        return inner.FindConsentLookups(person, sentFrom, after, before, max);
    }

    public IReadOnlyList<long> ReadCheckpoints() => inner.ReadCheckpoints();

    public ValueTask AdvanceAsync(IReadOnlyList<int> partitions, long checkpoint, CancellationToken cancel) => inner.AdvanceAsync(partitions, checkpoint, cancel);

    public ValueTask RecordActivationAsync(ActivatedRevision activation, CancellationToken cancel)
    {
        BeforeRecord();
        return inner.RecordActivationAsync(activation, cancel);
    }

    public IReadOnlyList<ActivatedRevision> ReadActivations(int max) => inner.ReadActivations(max);

    public IReadOnlyDictionary<string, RuleFigures> ReadRuleFigures(DateTimeOffset since) => inner.ReadRuleFigures(since);

    public IReadOnlyList<OpaqueId> ReadConsentLookupPersons() => inner.ReadConsentLookupPersons();

    public IReadOnlyList<long> ReadOptOuts(long upTo) => inner.ReadOptOuts(upTo);

    public string? ReadHits(long position) => inner.ReadHits(position);
}

/// <summary>An archive whose readers a test can hold up or make fail.</summary>
internal sealed class FaultyArchive(IMessageArchive inner) : IMessageArchive
{
    /// <summary>Awaited before the dispatcher's reads; what it throws the read throws.</summary>
    internal Func<Task> BeforeRead { get; set; } = () => Task.CompletedTask;

    /// <summary>Called before anything is kept; what it throws the call throws.</summary>
    internal Action BeforeAppend { get; set; } = () => { };

    /// <summary>Position of an entry that does not read back; 0 for none.</summary>
    internal long Damaged { get; set; }

    /// <summary>Called before a conversation is read; what it throws the call throws.</summary>
    internal Action BeforeConversation { get; set; } = () => { };

    public long LastPosition => inner.LastPosition;

    public ValueTask<IReadOnlyList<Receipt>> AppendAsync(IReadOnlyList<ArchiveItem> batch, Envelope? envelope, CancellationToken cancel)
    {
        BeforeAppend();
        return inner.AppendAsync(batch, envelope, cancel);
    }

    public async ValueTask<IReadOnlyList<ArchivedEntry>> ReadAsync(long after, int max, CancellationToken cancel)
    {
        await BeforeRead().WaitAsync(cancel);
        return Damaged > after && Damaged <= after + max ? throw new ArchiveDamagedException($"Entry {Damaged} does not read back.") : await inner.ReadAsync(after, max, cancel);
    }

    public IReadOnlyList<ArchivedEntry> ReadKind(EntryKind kind, long after, int max) => inner.ReadKind(kind, after, max);

    public ArchivedEntry? FindActivation(long position) => inner.FindActivation(position);

    public Task WaitAsync(long after, CancellationToken cancel) => inner.WaitAsync(after, cancel);

    public ArchivedEntry? Find(OpaqueId id) => inner.Find(id);

    public ArchivedEntry? Find(long position) => position == Damaged ? throw new ArchiveDamagedException($"Entry {position} does not read back.") : inner.Find(position);

    public DateTimeOffset? FindReceivedAt(long position) => inner.FindReceivedAt(position);

    public bool HasMessages() => inner.HasMessages();

    public long CountMessages(DateTimeOffset? from, DateTimeOffset? to, long upTo) => inner.CountMessages(from, to, upTo);

    public ArchivedOriginal? FindOriginal(OpaqueId id) => inner.FindOriginal(id);

    public IReadOnlyList<ArchivedEntry> ReadBefore(OpaqueId conversation, DateTimeOffset sentAt, long position, long upTo, int max)
    {
        BeforeConversation();
        return inner.ReadBefore(conversation, sentAt, position, upTo, max);
    }

    public IReadOnlyList<ArchivedEntry> ReadAfter(OpaqueId conversation, DateTimeOffset sentAt, long position, long upTo, int max)
    {
        BeforeConversation();
        return inner.ReadAfter(conversation, sentAt, position, upTo, max);
    }
}

/// <summary>The detector of personal data with two faults to switch on: it breaks on one word and finds a hit outside of the text on another, on which evaluation breaks.</summary>
internal sealed class Trap : IPiiDetector
{
    internal const string BreaksDetection = "tripwire";
    internal const string BreaksEvaluation = "quicksand";

    /// <summary>What finds where nothing snaps.</summary>
    internal PiiDetector Detector { get; set; } = new();

    public string Hash => Detector.Hash;

    internal bool IsSet { get; set; } = true;

    public IReadOnlyList<PiiHit> Detect(PreparedMessage message)
    {
        var text = message.Message.Text ?? "";
        return IsSet && text.Contains(BreaksDetection, StringComparison.Ordinal) ? throw new InvalidOperationException("The trap snapped on: " + text)
            : IsSet && text.Contains(BreaksEvaluation, StringComparison.Ordinal) ? [new PiiHit("payment-card", new TextSpan(900_000, 900_016), 0.99)]
            : Detector.Detect(message);
    }
}
