using Surveillance.Archive;
using Surveillance.Consent;
using Surveillance.Detection;
using Surveillance.Detection.OptOut;
using Surveillance.Messages;
using Surveillance.Pipeline;
using Surveillance.Rules;
using Surveillance.Rules.Source;
using Surveillance.Storage.Sqlite;
using Surveillance.Tests;
using static Surveillance.Engine.Tests.Pipeline.PipelineRig;
using static Surveillance.Engine.Tests.Pipeline.PipelineTests;

namespace Surveillance.Engine.Tests.Pipeline;

/// <summary>The dispatcher alone: what it deals to whom, in which order.</summary>
public sealed class DispatcherTests : IRevisionSource, IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteMessageArchive _archive;
    private readonly ConsentLedger _ledger = new(A.Ids.Person);
    private readonly Mailbox<PartitionWork>[] _mailboxes = [.. Enumerable.Range(0, 64).Select(_ => new Mailbox<PartitionWork>(3))];
    private readonly CancellationTokenSource _stop = new();
    private readonly PartitionProgress[] _progress = [.. Enumerable.Range(0, 64).Select(_ => new PartitionProgress(0))];
    private readonly Dispatcher _dispatcher;
    private readonly System.Diagnostics.Metrics.Meter _meter = new(ArchiveMeter.Name);
    private Task _running = Task.CompletedTask;

    public DispatcherTests()
    {
        _archive = new SqliteMessageArchive(_folder.File("archive.db"), A.Ids, new ManualTime());
        _dispatcher = new Dispatcher(_archive, this, _ledger, _mailboxes, _progress, new PipelineMeter(_meter));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _meter.Dispose();
        await _archive.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>A revision with an opt-out detector for the one word STOP.</summary>
    public ActiveRevision Read(ArchivedEntry entry)
    {
        var book = RuleBook.FromFiles([new SourceFile("rules/" + RigRules.Card.Item1, RigRules.Card.Item2)], []).Book!;
        return new ActiveRevision(entry.Position, new Revision(book, new DetectorSet(new Trap(), [], new OptOutDetector(new OptOutLists(["stop"], [], [], [], [])))), book);
    }

    private static ArchiveItem Activation(int n) => new()
    {
        Kind = EntryKind.Activation, Id = A.Ids.Message(new NativeKey(Channel.Other, "activation", n.ToString())), SentAt = A.Start, Canonical = new byte[] { 1 },
    };

    private async Task AppendAsync(params object[] lines) => await _archive.AppendAsync(
        [.. lines.Select(l => l switch { CapturedMessage m => ArchiveItem.Of(m, default, A.Ids), ConsentEntry c => ArchiveItem.Of(c, default, A.Ids), var item => (ArchiveItem)item })], null, default);

    private void Run(params (int Partition, long Checkpoint)[] done)
    {
        var checkpoints = new long[64];
        foreach (var (partition, checkpoint) in done)
        {
            checkpoints[partition] = checkpoint;
        }
        _running = _dispatcher.RunAsync(checkpoints, _stop.Token);
    }

    private static int Partition(string conversation) => ArchiveItem.PartitionOf(A.Conversation(conversation));

    private async Task<DealtWork> NextAsync(int partition)
    {
        await _mailboxes[partition].WaitAsync(TestContext.Current.CancellationToken);
        Assert.True(_mailboxes[partition].TryRead(out var work));
        return Assert.IsType<DealtWork>(work);
    }

    private static string Shown(DealtWork work) =>
        $"to {work.Through} by {work.Revision.Activation}: {string.Join(' ', work.Messages.Select(m => m.Position))}; {string.Join(' ', work.Consent.Select(c => c.Position))}";

    [Fact]
    public async Task Deal_MessagesAndConsent_GoesToTheirPartitionsAndConsentToAll()
    {
        await AppendAsync(Activation(1), ToClient("a", 1, "hello", "c-1"), ConsentLine(ConsentState.Granted, 0), ToClient("b", 2, "hello", "c-2"), ToClient("c", 3, "hello", "c-1"));
        Run();

        Assert.Equal("to 5 by 1: 2 5; 3", Shown(await NextAsync(Partition("c-1"))));
        Assert.Equal("to 5 by 1: 4; 3", Shown(await NextAsync(Partition("c-2"))));
        var other = Enumerable.Range(0, 64).First(p => p != Partition("c-1") && p != Partition("c-2"));
        Assert.Equal("to 5 by 1: ; 3", Shown(await NextAsync(other)));
        await Eventually.IsTrueAsync(() => _dispatcher.Dealt == 5, "everything is dealt");
        Assert.Equal(1, _ledger.Count);
    }

    [Fact]
    public async Task Deal_ActivationBetween_CutsTheBatch()
    {
        await AppendAsync(Activation(1), ToClient("a", 1, "hello"), Activation(2), Activation(3), ToClient("b", 2, "hello"));
        Run();

        Assert.Equal("to 2 by 1: 2; ", Shown(await NextAsync(Partition("c-1"))));
        Assert.Equal("to 5 by 4: 5; ", Shown(await NextAsync(Partition("c-1"))));
    }

    [Fact]
    public async Task Deal_PartitionsThatAreAhead_GetOnlyWhatTheyLack()
    {
        await AppendAsync(
            Activation(1), ToClient("a", 1, "hello", "c-1"), ConsentLine(ConsentState.Granted, 0), FromClient("b", 2, "STOP", "c-2"), ToClient("c", 3, "hello", "c-1"), ConsentLine(ConsentState.Withdrawn, 3),
            ToClient("d", 4, "hello", "c-2"));
        Run((Partition("c-1"), 4), (Partition("c-2"), 6), (63, 7));

        Assert.Equal("to 7 by 1: 5; 6", Shown(await NextAsync(Partition("c-1"))));
        Assert.Equal("to 7 by 1: 7; ", Shown(await NextAsync(Partition("c-2"))));
        await Eventually.IsTrueAsync(() => _dispatcher.Dealt == 7, "everything is dealt");
        Assert.Equal(0, _mailboxes[63].Depth);
        var other = Enumerable.Range(0, 63).First(p => p != Partition("c-1") && p != Partition("c-2"));
        Assert.Equal("to 7 by 1: ; 3 4 6", Shown(await NextAsync(other))); // the opt-out at 4 is news to them, though its own partition is ahead
    }

    [Fact]
    public async Task Deal_MailboxFull_WaitsAndReadsNoFurther()
    {
        await AppendAsync(Activation(1));
        Run();
        await Eventually.IsTrueAsync(() => _dispatcher.Dealt == 1, "the activation is read");
        for (var i = 2; i <= 4; i++)
        {
            await AppendAsync(ToClient($"m-{i}", i, "hello"));
            await Eventually.IsTrueAsync(() => _dispatcher.Dealt == i, "it is dealt");
        }
        await AppendAsync(ToClient("m-5", 5, "hello"));
        await Eventually.IsTrueAsync(() => _progress[Partition("c-1")].Dealt == 5, "the fourth waits for room");
        await AppendAsync(ToClient("m-6", 6, "hello"), ToClient("m-7", 7, "hello", "c-2"));

        Assert.Equal((4, 3), (_dispatcher.Dealt, _mailboxes[Partition("c-1")].Depth));
        Assert.Equal(7, _archive.LastPosition);
        for (var i = 2; i <= 6; i++)
        {
            Assert.Equal(i, (await NextAsync(Partition("c-1"))).Messages[0].Position);
        }
    }

    [Fact]
    public async Task Retry_IsDealtWithWhatIsKnownNow()
    {
        await AppendAsync(Activation(1), FromClient("a", 1, "STOP", "c-1"), ToClient("b", 2, "hello", "c-2"));
        Run((Partition("c-1"), 3));
        await Eventually.IsTrueAsync(() => _dispatcher.Dealt == 3, "everything is dealt");
        await NextAsync(Partition("c-2"));

        await _dispatcher.RetryAsync(2, default);

        var work = await NextAsync(Partition("c-1"));
        Assert.Equal("to 3 by 1: 2; 3", Shown(work));
        Assert.Equal((true, true, 3L), (work.Messages[0].Again, work.Messages[0].Retried, work.Messages[0].KnownTo));
        Assert.Equal("to 3 by 1: ; 3", Shown(await NextAsync(Partition("c-2"))));
        Assert.Equal(4, work.Consent[0].Before);
    }

    [Fact]
    public async Task Run_Cancelled_Stops()
    {
        await AppendAsync(Activation(1));
        Run();
        await Eventually.IsTrueAsync(() => _dispatcher.Dealt == 1, "the activation is read");
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
    }
}
