using Microsoft.Extensions.Logging;
using Surveillance.Archive;
using Surveillance.Messages;

namespace Surveillance.Pipeline;

/// <summary>Judges one partition's messages in order and commits everything that follows from a piece of work at once.</summary>
/// <remarks>What cannot be committed is tried again until it can: the piece waits, the mailbox fills, and the dispatcher waits with it.</remarks>
internal sealed partial class PartitionActor(
    int partition, Mailbox<DealtWork> inbox, MessageJudge judge, IMessageArchive archive, IWorkStore work, LookedUpPersons lookedUp, Action<long> announce, TimeProvider time, ILogger log)
{
    private const int EnoughForACommit = 256;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>Everything of the partition up to this position is stored.</summary>
    public long Committed => Volatile.Read(ref _committed);

    /// <summary>Why the last try to commit failed, for health; null when it worked.</summary>
    public string? Trouble { get; private set; }

    private long _committed;

    /// <summary>Works until the mailbox is complete and empty.</summary>
    /// <param name="checkpoint">Everything of the partition up to this position was stored before.</param>
    /// <param name="cancel">Stops at once; what is not committed is dealt again at the next start.</param>
    public async Task RunAsync(long checkpoint, CancellationToken cancel)
    {
        Volatile.Write(ref _committed, checkpoint);
        await foreach (var dealt in inbox.ReadAllAsync(cancel).ConfigureAwait(false))
        {
            await DoAsync(dealt, cancel).ConfigureAwait(false);
        }
    }

    private async Task DoAsync(DealtWork dealt, CancellationToken cancel)
    {
        var judged = new List<JudgedMessage>(dealt.Messages.Count);
        while (true)
        {
            foreach (var message in dealt.Messages)
            {
                using (message)
                {
                    judged.AddRange(judge.Judge(message, dealt.Revision));
                }
            }
            foreach (var message in judged)
            {
                lookedUp.Add(message.ConsentLookups);
            }
            var changes = dealt.Consent.Where(c => lookedUp.Contains(c.Person)).ToArray();
            if (changes.Length > 0)
            {
                await CommitAsync(new WorkBatch(partition, changes[0].Position - 1, judged), cancel).ConfigureAwait(false);
                judged = JudgeAgain(changes, dealt.Revision);
            }
            if (judged.Count >= EnoughForACommit || !inbox.TryRead(out var next))
            {
                break;
            }
            dealt = next.Through == 0 ? next with { Through = dealt.Through } : next; // one commit for what waits already
        }
        await CommitAsync(new WorkBatch(partition, dealt.Through, judged), cancel).ConfigureAwait(false);
        if (dealt.Through > Committed)
        {
            Volatile.Write(ref _committed, dealt.Through);
        }
    }

    private List<JudgedMessage> JudgeAgain(ConsentChange[] changes, ActiveRevision revision)
    {
        var judged = new List<JudgedMessage>();
        foreach (var change in changes)
        {
            foreach (var position in work.FindConsentLookups(change.Person, change.From, 0, change.Position, int.MaxValue))
            {
                if (archive.Find(position) is { } entry && ArchiveItem.PartitionOf(entry.Conversation) == partition)
                {
                    using var message = PreparedEntry.Of(entry, revision.Revision.Detectors, change.Position, again: true);
                    judged.AddRange(judge.Judge(message, revision));
                }
            }
        }
        return judged;
    }

    private async Task CommitAsync(WorkBatch batch, CancellationToken cancel)
    {
        for (var pause = TimeSpan.FromMilliseconds(100); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                announce((await work.CommitAsync(batch, cancel).ConfigureAwait(false)).LastEvent);
                Trouble = null;
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
            {
                Trouble = e.GetType().Name;
                LogCommitFailed(log, partition, batch.Checkpoint, e.GetType().Name, pause.TotalSeconds);
                await Task.Delay(pause, time, cancel).ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Partition {Partition} could not store its work up to {Position} ({Reason}); trying again in {Seconds} s")]
    private static partial void LogCommitFailed(ILogger log, int partition, long position, string reason, double seconds);
}

/// <summary>The data subjects whose consent some judgement looked up: whoever is not among them has no earlier answer to change. Thread-safe.</summary>
internal sealed class LookedUpPersons(IEnumerable<OpaqueId> known)
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<OpaqueId, byte> _persons = new(known.Select(p => KeyValuePair.Create(p, (byte)0)));

    public void Add(IReadOnlyList<OpaqueId> persons)
    {
        foreach (var person in persons)
        {
            _persons.TryAdd(person, 0);
        }
    }

    public bool Contains(OpaqueId person) => _persons.ContainsKey(person);
}
