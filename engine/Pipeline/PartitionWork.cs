using System.Diagnostics;
using Surveillance.Messages;
using Surveillance.Rescan;

namespace Surveillance.Pipeline;

/// <summary>Something for a partition to do.</summary>
internal abstract record PartitionWork;

/// <summary>A piece of a rescan, done between the partition's own work.</summary>
/// <param name="Piece">The messages.</param>
/// <remarks>Whoever is first decides: it is begun and then finished, or given up and never begun.</remarks>
internal sealed record RescanWork(RescanPiece Piece) : PartitionWork
{
    private int _state; // 0 waits, 1 begun, 2 given up

    /// <summary>Completes when the piece is stored, or with what went wrong.</summary>
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Begins; false when it was given up.</summary>
    public bool TryBegin() => Interlocked.CompareExchange(ref _state, 1, 0) == 0;

    /// <summary>Gives up what was not begun.</summary>
    public void GiveUp()
    {
        if (Interlocked.CompareExchange(ref _state, 2, 0) == 0)
        {
            Done.TrySetCanceled(CancellationToken.None);
        }
    }
}

/// <summary>A piece of work for a partition: messages in order of position, and the news that somebody's consent changed.</summary>
/// <param name="Through">Everything of the partition up to this position is in this piece or in one before it.</param>
/// <param name="Revision">What judges the messages.</param>
/// <param name="Messages">Messages of the partition, in order.</param>
/// <param name="Consent">Consent that may change earlier answers, in order; each applies after the messages before its position.</param>
internal sealed record DealtWork(long Through, ActiveRevision Revision, IReadOnlyList<PreparedEntry> Messages, IReadOnlyList<ConsentChange> Consent) : PartitionWork
{
    /// <summary>The trace that goes on with it; the default for none.</summary>
    public ActivityContext Trace { get; init; }
}

/// <summary>A consent record that messages sent after it, and judged before it was known, must be judged again for.</summary>
/// <param name="Person">Our id of the data subject.</param>
/// <param name="From">Messages sent at or after this time.</param>
/// <param name="Before">Messages below this position; those from it on are judged with the record anyway.</param>
/// <param name="Position">The position up to which they may then know the archive.</param>
internal readonly record struct ConsentChange(OpaqueId Person, DateTimeOffset From, long Before, long Position);
