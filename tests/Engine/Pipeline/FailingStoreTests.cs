using Surveillance.Messages;
using Surveillance.Tests;
using static Surveillance.Engine.Tests.Pipeline.PipelineRig;
using static Surveillance.Engine.Tests.Pipeline.PipelineTests;

namespace Surveillance.Engine.Tests.Pipeline;

/// <summary>Stores that fail or are slow for a while lose nothing and judge nothing twice.</summary>
public sealed class FailingStoreTests
{
    private static string[] Shown(PipelineRig rig) => [.. rig.Matches().Select(m => m.ToString())];

    private static Action Fails(int times)
    {
        var left = times;
        return () =>
        {
            if (Interlocked.Decrement(ref left) >= 0)
            {
                throw new IOException("The disk is away.");
            }
        };
    }

    [Fact]
    public async Task Commit_FailsForAWhile_LosesNothing()
    {
        await using var rig = await StartedAsync(RigRules.All);
        var broken = true;
        rig.Work.BeforeCommit = _ => Volatile.Read(ref broken) ? throw new IOException("The disk is away.") : Task.CompletedTask;

        await rig.SendAsync(ToClient("one", 1, "card " + CardNumber), ToClient("two", 2, "card " + CardNumber, "c-2"));
        await Eventually.IsTrueAsync(() => rig.Pipeline.Trouble.Any(t => t.Contains("cannot store their work", StringComparison.Ordinal)), "the trouble is told", () => rig.Time.Advance(TimeSpan.FromSeconds(1)));
        await rig.SendAsync(ToClient("three", 3, "card " + CardNumber));
        Assert.Empty(Shown(rig));
        Volatile.Write(ref broken, false);
        await rig.SettleAsync(moving: true);

        Assert.Equal(["card on one", "card on two", "card on three"], Shown(rig));
        Assert.Empty(rig.Pipeline.Trouble);
        Assert.Equal(3, rig.Work.Stored.Sum(b => b.Judged.Count));
    }

    [Fact]
    public async Task FindConsentLookups_FailsForAWhile_LosesNothing()
    {
        await using var rig = await StartedAsync(RigRules.All);
        await rig.JudgeAsync(ConsentLine(ConsentState.Granted, -1_000), ToClient("offer", 10, "a special offer"));
        rig.Work.BeforeFind = Fails(3);

        await rig.SendAsync(ConsentLine(ConsentState.Withdrawn, 5), ToClient("after", 11, "a special offer"));
        await rig.SettleAsync(moving: true);

        Assert.Equal(["promotion on offer, late", "promotion on after"], Shown(rig));
        Assert.Empty(rig.Pipeline.Trouble);
    }

    [Fact]
    public async Task ReadConversation_FailsForAWhile_WaitsInsteadOfQuarantine()
    {
        await using var rig = await StartedAsync(RigRules.All);
        await rig.JudgeAsync(FromClient("ask", 1, "please delete this chat"), ToClient("other", 1, "hello", "c-2"));
        rig.Archive.BeforeConversation = Fails(4);

        await rig.SendAsync(ToClient("do", 2, "done"), ToClient("next", 3, "card " + CardNumber));
        await rig.SettleAsync(moving: true);

        Assert.Equal(["deletion on do", "card on next"], Shown(rig));
        Assert.Empty(rig.Quarantined());
        Assert.Empty(rig.Pipeline.Trouble);
    }

    [Fact]
    public async Task Dispatcher_Fails_StartsAgainWithoutJudgingTwice()
    {
        await using var rig = await StartedAsync(RigRules.All);
        await rig.JudgeAsync(ToClient("m-0", 1, "hello"));
        var fails = Fails(3);
        rig.Archive.BeforeRead = () =>
        {
            fails();
            return Task.CompletedTask;
        };

        for (var i = 1; i < 40; i++)
        {
            await rig.SendAsync(ToClient($"m-{i}", i, "hello", "c-" + i % 9));
        }
        await Eventually.IsTrueAsync(() => rig.Pipeline.Trouble.Any(t => t.Contains("dispatcher", StringComparison.Ordinal)), "the trouble is told");
        await rig.SettleAsync(moving: true);

        Assert.Empty(rig.Pipeline.Trouble);
        var judged = rig.Work.Stored.SelectMany(b => b.Judged).Select(j => j.Position).ToArray();
        Assert.Equal(judged.Distinct().Count(), judged.Length);
        Assert.Equal(40, judged.Length);
    }

    [Fact]
    public async Task Dispatcher_FailsBehindAnOptOut_LosesNoConsent()
    {
        // The conversation of the opt-out is done when the dispatcher starts again; that of the offer is not.
        await using var rig = await StartedAsync(RigRules.All);
        await rig.JudgeAsync(ConsentLine(ConsentState.Granted, -1_000));
        var held = new TaskCompletionSource();
        var offer = Surveillance.Archive.ArchiveItem.PartitionOf(A.Conversation("c-1"));
        rig.Work.BeforeCommit = batch => batch.Partition == offer ? held.Task : Task.CompletedTask;
        await rig.SendAsync(ToClient("offer", 10, "a special offer", "c-1"));
        await rig.SendAsync(FromClient("out", 5, "STOP", "c-2"));
        Assert.NotEqual(offer, Surveillance.Archive.ArchiveItem.PartitionOf(A.Conversation("c-2")));
        await Eventually.IsTrueAsync(() => rig.Query("SELECT position FROM opt_outs", row => row.GetInt64(0)).Count == 1, "the opt-out is stored");

        await rig.RestartAsync(kill: true);
        await rig.SettleAsync();

        Assert.Equal(["promotion on offer, late"], Shown(rig));
    }

    [Fact]
    public async Task Stop_WithWorkDealt_StoresItFirst()
    {
        await using var rig = await StartedAsync(RigRules.All);
        await rig.JudgeAsync(ToClient("m-0", 0, "hello"));
        var held = new TaskCompletionSource();
        var waiting = 0;
        rig.Work.BeforeCommit = _ =>
        {
            Interlocked.Increment(ref waiting);
            return held.Task;
        };
        await rig.SendAsync([.. Enumerable.Range(1, 20).Select(i => ToClient($"m-{i}", i, "card " + CardNumber, "c-" + i))]);
        await Eventually.IsTrueAsync(() => Volatile.Read(ref waiting) > 0 && rig.Pipeline.Active is not null, "work waits to be stored");
        var partitions = Enumerable.Range(1, 20).Select(i => Surveillance.Archive.ArchiveItem.PartitionOf(A.Conversation("c-" + i))).Distinct().Count();
        await Eventually.IsTrueAsync(() => Volatile.Read(ref waiting) == partitions, "every partition has its work");

        var stopping = rig.Pipeline.StopAsync(default);
        Assert.False(stopping.IsCompleted);
        held.SetResult();
        await stopping;

        Assert.Equal(20, rig.Matches().Count);
        Assert.All(rig.Work.ReadCheckpoints(), c => Assert.Equal(rig.Archive.LastPosition, c));
        Assert.Equal(0, rig.Pipeline.Read().Waiting);
        var stored = rig.Work.Stored.Count;

        await rig.RestartAsync();
        await rig.SettleAsync();
        Assert.Equal(stored, stored + rig.Work.Stored.Count); // nothing was left to do
    }

    [Fact]
    public async Task Stop_StoreNeverAnswers_StopsWhenToldToStopAtOnce()
    {
        await using var rig = await StartedAsync(RigRules.All);
        await rig.JudgeAsync(ToClient("m-0", 0, "hello"));
        rig.Work.BeforeCommit = _ => new TaskCompletionSource().Task;
        await rig.SendAsync(ToClient("m-1", 1, "card " + CardNumber));
        using var atOnce = new CancellationTokenSource();

        var stopping = rig.Pipeline.StopAsync(atOnce.Token);
        await atOnce.CancelAsync();
        await stopping;

        await rig.RestartAsync();
        await rig.SettleAsync();
        Assert.Equal(["card on m-1"], Shown(rig));
    }

    [Fact]
    public async Task SlowStore_AppendsGoOnAndNothingIsLost()
    {
        // That the dispatcher waits meanwhile, see DispatcherTests.
        await using var rig = await StartedAsync(RigRules.All);
        await rig.JudgeAsync(ToClient("m-0", 0, "hello"));
        var held = new TaskCompletionSource();
        rig.Work.BeforeCommit = _ => held.Task;

        for (var i = 1; i <= 60; i++)
        {
            await rig.SendAsync(ToClient($"m-{i}", i, "card " + CardNumber));
        }
        Assert.Equal(62, rig.Archive.LastPosition);
        Assert.Equal(60, rig.Pipeline.Read().Waiting);
        Assert.Empty(rig.Matches());
        held.SetResult();
        await rig.SettleAsync();

        Assert.Equal(60, rig.Matches().Count);
        Assert.Equal(61, rig.Work.Stored.Sum(b => b.Judged.Count));
    }
}
