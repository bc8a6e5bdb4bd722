using Surveillance.Detection;
using Surveillance.Evaluation;
using Surveillance.Messages;
using Surveillance.Rules;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Evaluation;

public sealed class ConversationMemoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 9, 0, 0, TimeSpan.Zero);

    private static OpaqueId Conversation(int n) => new IdMaker(new byte[32]).Conversation(A.Message(conversation: "c-" + n));

    private static ConversationEntry Entry(long position, double minutes, string text = "hello") => new(position, A.Message(text, sentAt: Start.AddMinutes(minutes)), MessageHits.None);

    private static IEnumerable<long> Positions(IConversationView view) => Enumerable.Range(0, view.Count).Select(i => view[i].Position);

    [Fact]
    public void View_EntriesInAnyOrder_AreNewestFirstByTimeThenPosition()
    {
        var memory = new ConversationMemory();
        foreach (var entry in new[] { Entry(4, 3), Entry(1, 5), Entry(3, 1), Entry(2, 1) })
        {
            memory.Add(Conversation(1), entry);
        }

        Assert.Equal([1, 4, 3, 2], Positions(memory.View(Conversation(1), Entry(9, 10))));
        Assert.Equal([4, 3, 2], Positions(memory.View(Conversation(1), Entry(9, 4))));
        Assert.Equal([2], Positions(memory.View(Conversation(1), Entry(3, 1))));
        Assert.True(memory.View(Conversation(1), Entry(9, 4)).IsComplete);
    }

    [Fact]
    public void View_ConversationNeverSeen_IsEmptyAndComplete()
    {
        var view = new ConversationMemory().View(Conversation(1), Entry(1, 1));

        Assert.Equal(0, view.Count);
        Assert.True(view.IsComplete);
    }

    [Fact]
    public void Add_SameEntryTwice_KeepsOne()
    {
        var memory = new ConversationMemory();
        memory.Add(Conversation(1), Entry(1, 1));
        memory.Add(Conversation(1), Entry(1, 1));

        Assert.Equal([1], Positions(memory.View(Conversation(1), Entry(2, 2))));
    }

    [Fact]
    public void Add_MoreThanAConversationHolds_LetsTheOldestGo()
    {
        var memory = new ConversationMemory(messages: 3);
        for (var i = 1; i <= 5; i++)
        {
            memory.Add(Conversation(1), Entry(i, i));
        }

        var view = memory.View(Conversation(1), Entry(9, 9));
        Assert.Equal([5, 4, 3], Positions(view));
        Assert.False(view.IsComplete);
        Assert.Equal(2, memory.FellOut);
    }

    [Fact]
    public void Add_MoreConversationsThanFit_LetsTheLeastRecentlyUsedGo()
    {
        var memory = new ConversationMemory(conversations: 2);
        memory.Add(Conversation(1), Entry(1, 1));
        memory.Add(Conversation(2), Entry(2, 2));
        _ = memory.View(Conversation(1), Entry(3, 3));
        memory.Add(Conversation(3), Entry(3, 3));

        Assert.True(memory.Holds(Conversation(1)));
        Assert.False(memory.Holds(Conversation(2)));
        Assert.False(memory.View(Conversation(2), Entry(4, 4)).IsComplete);
        Assert.True(memory.View(Conversation(4), Entry(4, 4)).IsComplete);
        memory.Add(Conversation(2), Entry(4, 4));
        Assert.False(memory.View(Conversation(2), Entry(5, 5)).IsComplete);
        Assert.Equal(2, memory.FellOut);
    }

    [Fact]
    public void Add_MoreWordsThanFit_LetsConversationsGoAndThenEntries()
    {
        var memory = new ConversationMemory(characters: 4_000);
        var words = new string('x', 1_000);
        memory.Add(Conversation(1), Entry(1, 1, words));
        memory.Add(Conversation(2), Entry(2, 2, words));
        memory.Add(Conversation(2), Entry(3, 3, words));
        memory.Add(Conversation(2), Entry(4, 4, words));
        Assert.Equal(1, memory.Count);
        Assert.Equal([4, 3, 2], Positions(memory.View(Conversation(2), Entry(9, 9))));
        memory.Add(Conversation(2), Entry(5, 5, words));

        Assert.Equal([5, 4, 3], Positions(memory.View(Conversation(2), Entry(9, 9))));
        Assert.Equal(2, memory.FellOut);
    }

    [Fact]
    public void View_ConversationOfTheArchive_IsRefilledOnce()
    {
        var asked = 0;
        var memory = new ConversationMemory(messages: 3, refill: _ => { asked++; return [Entry(1, 1), Entry(2, 2)]; });

        Assert.Equal([2, 1], Positions(memory.View(Conversation(1), Entry(3, 3))));
        memory.Add(Conversation(1), Entry(3, 3));
        var view = memory.View(Conversation(1), Entry(4, 4));
        Assert.Equal([3, 2, 1], Positions(view));
        Assert.True(view.IsComplete);
        Assert.Equal(1, asked);
    }

    [Fact]
    public void Add_BeyondTwiceTheReach_LetsGoOfWhatNoConditionLooksBackTo()
    {
        var memory = new ConversationMemory(reach: TimeSpan.FromMinutes(30));
        foreach (var (position, minutes) in new[] { (1L, 0.0), (2L, 20), (3L, 70), (4L, 85) })
        {
            memory.Add(Conversation(1), Entry(position, minutes));
        }
        memory.Add(Conversation(2), Entry(5, 90));
        var view = memory.View(Conversation(1), Entry(6, 91));
        Assert.Equal([4, 3], Positions(view));
        Assert.True(view.IsComplete); // nothing within 30 minutes is missing
        Assert.Equal(0, memory.FellOut);
        Assert.False(memory.View(Conversation(1), Entry(7, 45)).IsComplete); // one that comes so late might have looked at what was let go
    }

    [Fact]
    public void Add_IdleConversations_AreLetGoSoThatMemoryStaysFlat()
    {
        var memory = new ConversationMemory(reach: TimeSpan.FromMinutes(30));
        for (var i = 0; i < 1_000; i++)
        {
            memory.Add(Conversation(i), Entry(i + 1, i));
        }
        Assert.InRange(memory.Count, 1, 100);
        Assert.True(memory.View(Conversation(5), Entry(2_000, 1_000)).IsComplete);
    }

    [Fact]
    public void Add_OneMessageFarAhead_DropsTwoConversationsAtMost()
    {
        var memory = new ConversationMemory(reach: TimeSpan.FromMinutes(30));
        for (var i = 0; i < 20; i++)
        {
            memory.Add(Conversation(i), Entry(i + 1, i));
        }
        memory.Add(Conversation(99), Entry(100, 60 * 24 * 365));
        Assert.Equal(19, memory.Count);
        Assert.True(memory.Holds(Conversation(19)));
    }
}
