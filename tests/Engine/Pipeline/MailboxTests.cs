using Surveillance.Pipeline;

namespace Surveillance.Engine.Tests.Pipeline;

public sealed class MailboxTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_Full_WaitsUntilSomethingIsRead()
    {
        var mailbox = new Mailbox<int>(2);
        await mailbox.SendAsync(1, Cancel);
        await mailbox.SendAsync(2, Cancel);
        var third = mailbox.SendAsync(3, Cancel).AsTask();
        Assert.False(third.IsCompleted);
        Assert.Equal(2, mailbox.Depth);

        Assert.True(mailbox.TryRead(out var first));
        await third;

        Assert.Equal(1, first);
        mailbox.Complete();
        Assert.Equal([2, 3], await mailbox.ReadAllAsync(Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Send_CancelledWhileItWaits_PutsNothingIn()
    {
        var mailbox = new Mailbox<int>(1);
        await mailbox.SendAsync(1, Cancel);
        using var cancel = new CancellationTokenSource();
        var second = mailbox.SendAsync(2, cancel.Token).AsTask();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        mailbox.Complete();
        Assert.Equal([1], await mailbox.ReadAllAsync(Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Wait_CompletesWithTheNextItemOrTheEnd()
    {
        var mailbox = new Mailbox<int>(1);
        var waiting = mailbox.WaitAsync(Cancel).AsTask();
        Assert.False(waiting.IsCompleted);
        await mailbox.SendAsync(1, Cancel);
        Assert.True(await waiting);
        Assert.True(mailbox.TryRead(out _));

        mailbox.Complete();
        Assert.False(await mailbox.WaitAsync(Cancel));
        Assert.False(mailbox.TryRead(out _));
    }
}
