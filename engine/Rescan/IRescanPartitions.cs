using Surveillance.Archive;
using Surveillance.Messages;

namespace Surveillance.Rescan;

/// <summary>Messages of one partition for a rescan to judge.</summary>
/// <param name="Run">Number of the run.</param>
/// <param name="Partition">0 to 63.</param>
/// <param name="Through">The partition's part of the run is done up to this position afterwards; ignored in a retry.</param>
/// <param name="Scope">What the run is about.</param>
/// <param name="IsRetry">Whether these messages failed before.</param>
/// <param name="Entries">The messages, in order of position.</param>
public sealed record RescanPiece(long Run, int Partition, long Through, RescanScope Scope, bool IsRetry, IReadOnlyList<ArchivedEntry> Entries)
{
    /// <summary>Whether a message is of a channel that the run looks at.</summary>
    /// <param name="channel">The channel.</param>
    public bool Covers(Channel channel) => Scope.Request.Channels.Count == 0 || Scope.Request.Channels.Contains(channel);
}

/// <summary>The partitions of the pipeline, which judge a rescan's messages in between their own: nobody else may change what stands of a message. Thread-safe.</summary>
public interface IRescanPartitions
{
    /// <summary>Completes when everything up to a position is on its way through the partitions.</summary>
    /// <param name="position">The position.</param>
    /// <param name="cancel">Stops waiting.</param>
    Task WaitUntilDealtAsync(long position, CancellationToken cancel);

    /// <summary>Has a partition judge a piece and store what comes of it.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="cancel">Keeps it from being begun; once it has begun it is finished.</param>
    Task JudgeAsync(RescanPiece piece, CancellationToken cancel);
}
