using Surveillance.Audit;

namespace Surveillance.Engine.Tests.Audit;

/// <summary>What every audit log promises.</summary>
public abstract class AuditLogContract
{
    private static readonly DateTimeOffset At = new(2026, 5, 4, 9, 0, 0, TimeSpan.Zero);

    protected abstract IAuditLog Log { get; }

    [Fact]
    public async Task Append_TwoEntries_ReadBackInOrderWithNumbers()
    {
        var first = new AuditEntry("user:1", "alert.decide", "alert:7", "boilerplate", At);
        var second = new AuditEntry("system", "token.revoke", "token:2", null, At.AddSeconds(1));

        await Log.AppendAsync(first, default);
        await Log.AppendAsync(second, default);

        Assert.Equal([new AuditRecord(1, first), new AuditRecord(2, second)], await Log.ReadAsync(0, 10, default));
    }

    [Fact]
    public async Task Read_AfterAndLimit_GivesThePageBetween()
    {
        for (var i = 1; i <= 5; i++)
        {
            await Log.AppendAsync(new AuditEntry("system", "test.step", "step:" + i, null, At), default);
        }

        Assert.Equal([3L, 4L], (await Log.ReadAsync(2, 2, default)).Select(r => r.Sequence));
    }

    [Fact]
    public async Task Append_Cancelled_WritesNothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Log.AppendAsync(new AuditEntry("system", "test.step", "step:1", null, At), new CancellationToken(true)));

        Assert.Empty(await Log.ReadAsync(0, 10, default));
    }
}
