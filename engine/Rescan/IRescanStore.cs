using Surveillance.Alerting;
using Surveillance.Messages;

namespace Surveillance.Rescan;

/// <summary>By which activation a message was judged.</summary>
/// <param name="Activation">Position of the activation.</param>
/// <param name="Rules">Rules that a rescan of those rules alone judged by another one.</param>
public sealed record JudgedBy(long Activation, IReadOnlyDictionary<string, long> Rules);

/// <summary>What is stored of a judged message.</summary>
/// <param name="Position">Its position.</param>
/// <param name="By">What judged it.</param>
/// <param name="Hits">What the detectors found, as JSON; null for nothing.</param>
/// <param name="NotEvaluated">Rules that could not be evaluated in full.</param>
public sealed record StoredJudgement(long Position, JudgedBy By, string? Hits, IReadOnlyList<string> NotEvaluated);

/// <summary>What came of holding the rules of a rescan against one message. Holds no words of it.</summary>
public sealed record RescannedMessage
{
    /// <summary>Its position.</summary>
    public required long Position { get; init; }

    /// <summary>Our id of it.</summary>
    public required OpaqueId Id { get; init; }

    /// <summary>When it was sent, UTC.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>The position up to which the judgement knew the archive.</summary>
    public required long KnownTo { get; init; }

    /// <summary>The rules that were judged; matches of others stay as they are.</summary>
    public required IReadOnlySet<string> Rules { get; init; }

    /// <summary>Whether every rule that differs was judged, so that the whole message now counts as judged by the activation.</summary>
    public required bool IsWhole { get; init; }

    /// <summary>The matches of those rules.</summary>
    public IReadOnlyList<Match> Matches { get; init; } = [];

    /// <summary>Rules of the message that could not be evaluated in full, those that were not judged included.</summary>
    public IReadOnlyList<string> NotEvaluated { get; init; } = [];

    /// <summary>Our ids of the data subjects whose consent was looked up.</summary>
    public IReadOnlyList<OpaqueId> ConsentLookups { get; init; } = [];

    /// <summary>What the detectors found now, as JSON, where they were run again; null where what is stored holds.</summary>
    public string? NewHits { get; init; }

    /// <summary>Why it could not be judged; null when it was.</summary>
    public string? Failure { get; init; }
}

/// <summary>A stretch of one partition's part of a rescan, stored whole or not at all.</summary>
/// <param name="Run">Number of the run.</param>
/// <param name="Partition">0 to 63.</param>
/// <param name="Through">The partition's part is done up to this position once the batch is stored; ignored in a retry.</param>
/// <param name="Activation">Position of the activation that judged.</param>
/// <param name="DryRun">Whether only the counts and the changes are stored.</param>
/// <param name="Retried">Positions of messages that failed before and were tried again; empty outside of a retry.</param>
/// <param name="Messages">What was judged, in order of position.</param>
/// <param name="Unchanged">How many more messages need no judging, because nothing that could touch them has changed.</param>
/// <param name="Skipped">How many more are not for this run: in quarantine, or of another channel.</param>
public sealed record RescanBatch(
    long Run, int Partition, long Through, long Activation, bool DryRun, IReadOnlyList<long> Retried, IReadOnlyList<RescannedMessage> Messages, int Unchanged, int Skipped)
{
    /// <summary>Whether these messages failed before.</summary>
    public bool IsRetry => Retried.Count > 0;
}

/// <summary>Where a rescan keeps its place and its results. Thread-safe.</summary>
public interface IRescanStore
{
    /// <summary>How far each of the 64 partitions is with its part of a run; 0 where nothing was done.</summary>
    /// <param name="run">Number of the run.</param>
    IReadOnlyList<long> ReadCursors(long run);

    /// <summary>Notes that every partition has done its part of a run up to a position.</summary>
    /// <param name="run">Number of the run.</param>
    /// <param name="position">The position; one below what is noted changes nothing.</param>
    /// <param name="cancel">Gives up while it waits for its turn.</param>
    ValueTask AdvanceAsync(long run, long position, CancellationToken cancel);

    /// <summary>Lists an entry among the failures that does not read back. Listing it again changes nothing.</summary>
    /// <param name="run">Number of the run.</param>
    /// <param name="position">Its position.</param>
    /// <param name="detail">Why, for people.</param>
    /// <param name="cancel">Gives up while it waits for its turn.</param>
    ValueTask FailAsync(long run, long position, string detail, CancellationToken cancel);

    /// <summary>What is stored of some messages; those that lie in quarantine or were never judged are left out.</summary>
    /// <param name="positions">Their positions, at most 10,000.</param>
    IReadOnlyDictionary<long, StoredJudgement> ReadJudgements(IReadOnlyList<long> positions);

    /// <summary>By which activation a message was judged, or null when it was not.</summary>
    /// <param name="position">Its position.</param>
    JudgedBy? FindJudgedBy(long position);

    /// <summary>Compares with what stands, raises and undoes matches, and stores the partition's place and the counts, all in one transaction.</summary>
    /// <param name="batch">The stretch.</param>
    /// <param name="cancel">Gives up while it waits for its turn.</param>
    /// <returns>What it changed.</returns>
    ValueTask<CommitResult> CommitAsync(RescanBatch batch, CancellationToken cancel);

    /// <summary>The result per rule, in ordinal order of the rules.</summary>
    /// <param name="run">Number of the run.</param>
    IReadOnlyList<RescanRuleResult> ReadRules(long run);

    /// <summary>Matches that a run gained or lost, in the order in which it found them.</summary>
    /// <param name="run">Number of the run.</param>
    /// <param name="kind">Only these, or null for both.</param>
    /// <param name="rule">Only of this rule, or null for all.</param>
    /// <param name="after">Only numbers above this one; 0 for the first.</param>
    /// <param name="max">At most so many, from 1.</param>
    IReadOnlyList<RescanChange> ReadChanges(long run, RescanChangeKind? kind, string? rule, long after, int max);

    /// <summary>Messages that a run could not judge, in order of position.</summary>
    /// <param name="run">Number of the run.</param>
    /// <param name="after">Only positions above this one; 0 for the first.</param>
    /// <param name="max">At most so many, from 1.</param>
    IReadOnlyList<RescanFailure> ReadFailures(long run, long after, int max);

    /// <summary>Rules that have matches, whether they still run or not, in ordinal order.</summary>
    IReadOnlyList<string> ReadMatchedRules();
}
