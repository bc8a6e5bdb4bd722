using Surveillance.Alerting;
using Surveillance.Messages;

namespace Surveillance.Pipeline;

/// <summary>Why a message lies in quarantine.</summary>
/// <param name="Code">A code such as <c>conflict</c> or <c>evaluation-failed</c>.</param>
/// <param name="Detail">A sentence for people; no words of the message.</param>
/// <param name="Retryable">Whether trying again can help.</param>
public sealed record QuarantineReason(string Code, string Detail, bool Retryable = true);

/// <summary>What came of judging one message. Holds no words of it.</summary>
public sealed record JudgedMessage
{
    /// <summary>Its position.</summary>
    public required long Position { get; init; }

    /// <summary>Our id of it.</summary>
    public required OpaqueId Id { get; init; }

    /// <summary>Our id of its conversation.</summary>
    public required OpaqueId Conversation { get; init; }

    /// <summary>Where it was sent.</summary>
    public required Channel Channel { get; init; }

    /// <summary>When it was sent, UTC.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>When it was kept, UTC; null where whoever judged it did not ask, then it counts in no figure of time.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>The position up to which the judgement knew the archive; its own position unless it was judged again.</summary>
    public required long KnownTo { get; init; }

    /// <summary>The activation that was in force: its position.</summary>
    public required long Activation { get; init; }

    /// <summary>What the detectors found, as JSON (<see cref="HitsJson"/>); null for nothing or in quarantine.</summary>
    public string? Hits { get; init; }

    /// <summary>Whether it withdraws consent; known also of a message that could not be judged. Once stored it is not taken away.</summary>
    public bool OptOut { get; init; }

    /// <summary>The rules that held.</summary>
    public IReadOnlyList<Match> Matches { get; init; } = [];

    /// <summary>Ids of the rules that could not be evaluated in full.</summary>
    public IReadOnlyList<string> NotEvaluated { get; init; } = [];

    /// <summary>Our ids of the data subjects whose consent the judgement looked up.</summary>
    public IReadOnlyList<OpaqueId> ConsentLookups { get; init; } = [];

    /// <summary>Why it could not be judged; null when it was.</summary>
    public QuarantineReason? Quarantine { get; init; }

    /// <summary>Whether it was judged before and this is the newer answer.</summary>
    public bool Again { get; init; }
}

/// <summary>A revision that was activated.</summary>
/// <param name="Position">Position of the activation; messages after it are judged by the revision.</param>
/// <param name="Revision">Id of the revision.</param>
/// <param name="At">When, UTC.</param>
/// <param name="MissingModels">Classifiers that its rules ask for and that were not there.</param>
public sealed record ActivatedRevision(long Position, string Revision, DateTimeOffset At, IReadOnlyList<string> MissingModels);

/// <summary>What a rule did.</summary>
/// <param name="LastFired">When it last matched, UTC.</param>
/// <param name="Alerts">How many alerts it opened.</param>
public readonly record struct RuleFigures(DateTimeOffset LastFired, int Alerts);

/// <summary>A stretch of one partition's work, stored whole or not at all.</summary>
/// <param name="Partition">0 to 63.</param>
/// <param name="Checkpoint">Everything of the partition up to this position is done once the batch is stored.</param>
/// <param name="Judged">What came of its messages, in order of position.</param>
public sealed record WorkBatch(int Partition, long Checkpoint, IReadOnlyList<JudgedMessage> Judged);

/// <summary>Where the pipeline keeps its results. Thread-safe.</summary>
public interface IWorkStore
{
    /// <summary>The checkpoint of every partition, 64 numbers; 0 where nothing was done.</summary>
    IReadOnlyList<long> ReadCheckpoints();

    /// <summary>Stores hits, matches, alerts and their events, quarantine and the checkpoint together. The pipeline's only write.</summary>
    /// <param name="batch">The work.</param>
    /// <param name="cancel">Gives up while it waits for its turn.</param>
    ValueTask<CommitResult> CommitAsync(WorkBatch batch, CancellationToken cancel);

    /// <summary>Moves the checkpoints of partitions that have nothing to do, so that a start need not read old entries again.</summary>
    /// <param name="partitions">The partitions, 0 to 63 each.</param>
    /// <param name="checkpoint">Everything of them up to this position is done.</param>
    /// <param name="cancel">Gives up while it waits for its turn.</param>
    ValueTask AdvanceAsync(IReadOnlyList<int> partitions, long checkpoint, CancellationToken cancel);

    /// <summary>Remembers an activation for people to see. The same position twice changes nothing.</summary>
    /// <param name="activation">The activation.</param>
    /// <param name="cancel">Gives up while it waits for its turn.</param>
    ValueTask RecordActivationAsync(ActivatedRevision activation, CancellationToken cancel);

    /// <summary>The activations, newest first.</summary>
    /// <param name="max">At most so many.</param>
    IReadOnlyList<ActivatedRevision> ReadActivations(int max);

    /// <summary>What each rule did: when it last matched and how many alerts it opened since a time; rules that never matched are left out.</summary>
    /// <param name="since">From when alerts are counted, UTC.</param>
    IReadOnlyDictionary<string, RuleFigures> ReadRuleFigures(DateTimeOffset since);

    /// <summary>Messages that looked up a person's consent and were sent at or after a time, by position.</summary>
    /// <param name="person">Our id of the data subject.</param>
    /// <param name="sentFrom">The time, UTC.</param>
    /// <param name="after">Only positions above this one.</param>
    /// <param name="before">Only positions below this one.</param>
    /// <param name="max">At most so many.</param>
    IReadOnlyList<long> FindConsentLookups(OpaqueId person, DateTimeOffset sentFrom, long after, long before, int max);

    /// <summary>Everybody whose consent some judgement looked up, each once.</summary>
    IReadOnlyList<OpaqueId> ReadConsentLookupPersons();

    /// <summary>Positions up to a limit of the messages in which somebody opted out, in order.</summary>
    /// <param name="upTo">Only positions of at most this one.</param>
    IReadOnlyList<long> ReadOptOuts(long upTo);

    /// <summary>What the detectors found in a message, as JSON, or null when it has not been judged.</summary>
    /// <param name="position">Its position.</param>
    string? ReadHits(long position);
}
