using System.Text;
using Surveillance.Archive;
using Surveillance.Messages;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Archive;

/// <summary>What every archive store must do.</summary>
public abstract class MessageArchiveContract : IAsyncLifetime
{
    protected static readonly IdMaker Ids = new(Encoding.ASCII.GetBytes("a secret of thirty-two characters"));

    private IMessageArchive Archive { get; set; } = null!;

    /// <summary>The archive under test, opened anew over what was kept before.</summary>
    protected abstract IMessageArchive OpenArchive();

    /// <summary>Closes an archive as a clean stop does.</summary>
    protected abstract ValueTask CloseAsync(IMessageArchive archive);

    public ValueTask InitializeAsync()
    {
        Archive = OpenArchive();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync(Archive);
        GC.SuppressFinalize(this);
    }

    private static ArchiveItem Item(CapturedMessage message) => ArchiveItem.Of(message, CapturedMessageJson.Write(message), Ids);

    private ValueTask<IReadOnlyList<Receipt>> Append(params CapturedMessage[] messages) => Archive.AppendAsync([.. messages.Select(Item)], null, default);

    [Fact]
    public async Task Append_NewMessages_GivesPositionsWithoutGaps()
    {
        var receipts = await Append(A.Message(), A.Message(), A.Message());
        Assert.Equal([1, 2, 3], receipts.Select(r => r.Position));
        Assert.All(receipts, r => Assert.Equal(ReceiptState.New, r.State));
        Assert.Equal(3, Archive.LastPosition);
    }

    [Fact]
    public async Task Append_SameMessageTwice_KeepsTheFirst()
    {
        var message = A.Message();
        var first = await Append(message);
        var second = await Append(message);
        Assert.Equal(ReceiptState.Duplicate, second[0].State);
        Assert.Equal(first[0].Position, second[0].Position);
        Assert.Equal(1, Archive.LastPosition);
    }

    [Fact]
    public async Task Append_SameMessageTwiceInOneBatch_KeepsItOnce()
    {
        var message = A.Message();
        var receipts = await Append(message, message);
        Assert.Equal([ReceiptState.New, ReceiptState.Duplicate], receipts.Select(r => r.State));
        Assert.Equal(1, Archive.LastPosition);
    }

    [Fact]
    public async Task Append_SameIdOtherContent_KeepsBothAndSaysConflict()
    {
        await Append(A.Message("the first words", id: "x"));
        var receipts = await Append(A.Message("other words", id: "x"));
        Assert.Equal(ReceiptState.Conflict, receipts[0].State);
        var entry = Archive.Find(receipts[0].Position)!;
        Assert.Equal(EntryKind.Conflict, entry.Kind);
        Assert.Equal("other words", entry.ReadMessage().Text);
        Assert.Equal("the first words", Archive.Find(1L)!.ReadMessage().Text);
    }

    [Fact]
    public async Task Append_SameConflictTwice_KeepsItOnce()
    {
        await Append(A.Message("the first words", id: "x"));
        await Append(A.Message("other words", id: "x"));
        var again = await Append(A.Message("other words", id: "x"));
        Assert.Equal(ReceiptState.Conflict, again[0].State);
        Assert.Equal(2, Archive.LastPosition);
    }

    [Fact]
    public async Task Append_SameIdOnAnotherAccount_IsAnotherMessage()
    {
        var receipts = await Append(A.Message("words", id: "x", account: "+441"), A.Message("words", id: "x", account: "+442"));
        Assert.All(receipts, r => Assert.Equal(ReceiptState.New, r.State));
    }

    [Fact]
    public async Task Read_AfterPosition_GivesTheRestInOrder()
    {
        await Append([.. Enumerable.Range(0, 10).Select(i => A.Message($"words {i}"))]);
        var entries = await Archive.ReadAsync(4, 3, default);
        Assert.Equal([5, 6, 7], entries.Select(e => e.Position));
        Assert.Equal("words 4", entries[0].ReadMessage().Text);
        Assert.Empty(await Archive.ReadAsync(10, 3, default));
    }

    [Fact]
    public async Task Read_WhileOthersAppend_NeverSkipsAPosition()
    {
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 4).Select(w => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                await Append(A.Message(conversation: $"c-{w}"), A.Message(conversation: $"c-{w}"));
            }
        })).ToArray();
        long position = 0;
        while (position < 400)
        {
            await Archive.WaitAsync(position, TestContext.Current.CancellationToken);
            foreach (var entry in await Archive.ReadAsync(position, 7, default))
            {
                Assert.Equal(++position, entry.Position);
            }
        }
        await Task.WhenAll(writers);
    }

    [Fact]
    public async Task Find_KeptMessage_ReadsBackEqual()
    {
        var message = A.Message("grüße 🎉 \u202Eabc", subject: "s", template: new MessageTemplate("t", "utility"), attachments: [new Attachment("q3.xlsx", "application/x", 12)]);
        var receipts = await Append(message);
        var entry = Archive.Find(receipts[0].Id)!;
        Assert.Equal(CapturedMessageJson.Write(message), CapturedMessageJson.Write(entry.ReadMessage()));
        Assert.Null(Archive.Find(default(OpaqueId)));
        Assert.Null(Archive.Find(99L));
    }

    [Fact]
    public async Task FindReceivedAt_KnownPosition_IsThatOfTheEntry()
    {
        await Append(A.Message(), A.Message());
        Assert.Equal(Archive.Find(2L)!.ReceivedAt, Archive.FindReceivedAt(2));
        Assert.Null(Archive.FindReceivedAt(3));
    }

    [Fact]
    public async Task HasMessages_OnlyActivationsConsentAndUnreadable_IsFalse()
    {
        var activation = new ArchiveItem { Kind = EntryKind.Activation, Id = Ids.Person("an activation"), SentAt = A.Start, Canonical = new byte[] { 1 } };
        var consent = new ConsentEntry("+4915112345678", "marketing", ConsentState.Granted, A.Start);
        Assert.False(Archive.HasMessages());
        await Archive.AppendAsync([activation, ArchiveItem.Of(consent, default, Ids), ArchiveItem.Unreadable(new byte[] { 2 }, A.Start, Ids)], null, default);
        Assert.False(Archive.HasMessages());
        await Append(A.Message());
        Assert.True(Archive.HasMessages());
    }

    [Fact]
    public async Task FindOriginal_OtherBytesThanCanonical_GivesWhatArrived()
    {
        var message = A.Message();
        var original = Encoding.UTF8.GetBytes("  { \"as\" : \"it came\" }");
        var receipts = await Archive.AppendAsync([ArchiveItem.Of(message, original, Ids)], null, default);
        Assert.Equal(original, Archive.FindOriginal(receipts[0].Id)!.Original.ToArray());
    }

    [Fact]
    public async Task FindOriginal_SameContentTwice_HasAnotherLeaf()
    {
        var receipts = await Append(A.Message("words", id: "a"), A.Message("words", id: "b"));
        var leaves = receipts.Select(r => Convert.ToHexString(Archive.FindOriginal(r.Id)!.Leaf.Span)).ToArray();
        Assert.Equal(64, leaves[0].Length);
        Assert.NotEqual(leaves[0], leaves[1]);
    }

    [Fact]
    public async Task ReadBefore_LateArrival_OrdersBySentAtThenPosition()
    {
        var start = new DateTimeOffset(2026, 5, 4, 9, 0, 0, TimeSpan.Zero);
        await Append(
            A.Message("second", sentAt: start.AddMinutes(1)), A.Message("third", sentAt: start.AddMinutes(2)),
            A.Message("first", sentAt: start), A.Message("elsewhere", conversation: "c-2", sentAt: start));
        var third = Archive.Find(2L)!;
        var before = Archive.ReadBefore(third.Conversation, third.SentAt, third.Position, long.MaxValue, 10);
        Assert.Equal(["second", "first"], before.Select(e => e.ReadMessage().Text));
        Assert.Equal(["second"], Archive.ReadBefore(third.Conversation, third.SentAt, third.Position, 2, 10).Select(e => e.ReadMessage().Text));
        var first = Archive.Find(3L)!;
        Assert.Equal(["second", "third"], Archive.ReadAfter(first.Conversation, first.SentAt, first.Position, long.MaxValue, 10).Select(e => e.ReadMessage().Text));
    }

    [Fact]
    public async Task Append_Envelope_IsKeptWithItsMessages()
    {
        var envelope = new Envelope(Surveillance.Messages.Channel.WhatsApp, new byte[32], "valid", Encoding.UTF8.GetBytes("{}"));
        await Archive.AppendAsync([Item(A.Message())], envelope, default);
        await Archive.AppendAsync([Item(A.Message())], envelope, default);
        Assert.Equal(2, Archive.LastPosition);
    }

    [Fact]
    public async Task Open_AfterClose_HasEverythingAndGoesOn()
    {
        var message = A.Message("kept");
        await Append(message, A.Message());
        await CloseAsync(Archive);
        Archive = OpenArchive();
        Assert.Equal(2, Archive.LastPosition);
        var receipts = await Append(message, A.Message());
        Assert.Equal([ReceiptState.Duplicate, ReceiptState.New], receipts.Select(r => r.State));
        Assert.Equal(3, receipts[1].Position);
    }

    [Fact]
    public async Task Wait_NothingThere_CompletesWithTheNextEntry()
    {
        var waiting = Archive.WaitAsync(0, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        await Append(A.Message());
        await waiting;
    }
}
