using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Surveillance.Archive;
using Surveillance.Archive.Search;
using Surveillance.Messages;
using Surveillance.Storage.Sqlite;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Archive.Search;

/// <summary>What every search index must do.</summary>
public abstract class SearchIndexContract : IAsyncLifetime
{
    protected static readonly IdMaker Ids = new(Encoding.ASCII.GetBytes("a secret of thirty-two characters"));

    private readonly TemporaryFolder _archiveFolder = new();

    protected ISearchIndex Index { get; set; } = null!;

    protected SqliteMessageArchive Archive { get; private set; } = null!;

    /// <summary>The index under test, opened anew over what was committed before.</summary>
    protected abstract ISearchIndex OpenIndex();

    /// <summary>Lets an index go, as the end of the process does.</summary>
    protected abstract ValueTask CloseAsync(ISearchIndex index);

    public ValueTask InitializeAsync()
    {
        Archive = new SqliteMessageArchive(_archiveFolder.File("archive.db"), Ids, TimeProvider.System);
        Index = OpenIndex();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync(Index);
        await Archive.DisposeAsync();
        _archiveFolder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Read_EmptyIndex_IsAtZero()
    {
        Assert.Equal(new SearchIndexState(0, default, 0), Index.Read());
        Assert.Empty(await FindAsync(""));
        Assert.Equal(0, await CountAsync("word"));
    }

    [Theory]
    [InlineData("offer")]
    [InlineData("OFFER")]
    [InlineData("óffer")]
    [InlineData("special offer")]
    [InlineData("offer special")]
    [InlineData("\"special offer\"")]
    [InlineData("“special offer”")]
    [InlineData("off*")]
    [InlineData("subject-word")]
    [InlineData("q3 offer")]
    [InlineData("q3.xlsx")]
    [InlineData("\"row of numbers\"")]
    [InlineData("dont miss")]
    [InlineData("don’t")]
    [InlineData("理财")]
    [InlineData("限时理财优惠")]
    [InlineData("channel:email")]
    [InlineData("channel:sms channel:email")]
    [InlineData("direction:outbound offer")]
    [InlineData("from:shah")]
    [InlineData("from:\"A. Shah\"")]
    [InlineData("from:a.shah@bank.example")]
    [InlineData("to:\"+49 151 1234 5678\"")]
    [InlineData("to:004915112345678")]
    [InlineData("with:vogel with:shah")]
    [InlineData("with:vog*")]
    [InlineData("after:2026-05-04")]
    [InlineData("after:2026-05-04T09:12:00Z before:2026-05-04T09:12:01Z")]
    [InlineData("offer after:2026-05-04 before:2026-05-05 channel:email with:shah")]
    [InlineData("\"AND\"")]
    public async Task Find_QueryThatTheMessageMeets_FindsIt(string query)
    {
        var hit = await KeepAsync(TheMessage());
        await KeepAsync(A.Message("nothing of that", channel: Channel.Chat, direction: Direction.Inbound, sentAt: new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero), from: new Participant("x"), to: [new Participant("y")]));
        await IndexAsync();
        Assert.Equal([hit], await FindAsync(query));
        Assert.Equal(1, await CountAsync(query));
    }

    [Theory]
    [InlineData("offers")]
    [InlineData("\"offer special\"")]
    [InlineData("off")]
    [InlineData("offerx*")]
    [InlineData("\"xlsx row\"")]
    [InlineData("\"offer subject\"")]
    [InlineData("优理")]
    [InlineData("channel:chat")]
    [InlineData("offer channel:chat")]
    [InlineData("from:vogel")]
    [InlineData("to:shah")]
    [InlineData("from:\"shah bank example a\"")]
    [InlineData("shah")]
    [InlineData("outbound")]
    [InlineData("email")]
    [InlineData("before:2026-05-04")]
    [InlineData("after:2026-05-04T09:12:01Z")]
    [InlineData("offer after:2026-05-05")]
    [InlineData("from:\"bank example a shah\"")]
    public async Task Find_QueryThatTheMessageDoesNotMeet_FindsNothing(string query)
    {
        await KeepAsync(TheMessage());
        await IndexAsync();
        Assert.Empty(await FindAsync(query));
    }

    [Fact]
    public async Task Find_ManyHits_GivesEachOnceLastKeptFirst()
    {
        var kept = new List<long>();
        for (var i = 0; i < 23; i++)
        {
            kept.Add(await KeepAsync(A.Message(i % 2 == 0 ? "rate rise" : "rate fall")));
        }
        await IndexAsync();
        var query = Parse("rate");
        var found = new List<long>();
        string? after = null;
        do
        {
            var page = await Index.FindAsync(query, after, 5, default);
            found.AddRange(page!.Hits.Select(h => h.Position));
            after = page.Next;
            await KeepAsync(A.Message("rate of one that comes meanwhile"));
            await IndexAsync();
        }
        while (after is not null);
        Assert.Equal(kept.OrderDescending(), found);
    }

    [Fact]
    public async Task Find_HitsAsManyAsThePage_HasNoNext()
    {
        await KeepAsync(A.Message("rate"));
        await KeepAsync(A.Message("rate"));
        await IndexAsync();
        Assert.Null((await Index.FindAsync(Parse("rate"), null, 2, default))!.Next);
        Assert.NotNull((await Index.FindAsync(Parse("rate"), null, 1, default))!.Next);
    }

    [Fact]
    public async Task Find_CursorOfAnotherQueryOrNone_IsRefused()
    {
        await KeepAsync(A.Message("rate"));
        await KeepAsync(A.Message("rate"));
        await IndexAsync();
        var cursor = (await Index.FindAsync(Parse("rate"), null, 1, default))!.Next;
        Assert.NotNull(await Index.FindAsync(Parse("  RATE "), cursor, 1, default));
        Assert.Null(await Index.FindAsync(Parse("rates"), cursor, 1, default));
        foreach (var strange in new[] { "", "x", "'; DROP TABLE words; --", new string('A', 10_000), "AAAAAAAAAAAAAAAAAAAAAA", "ＡＡ" })
        {
            Assert.Null(await Index.FindAsync(Parse("rate"), strange, 1, default));
        }
    }

    [Fact]
    public async Task Find_Cancelled_Throws()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Index.FindAsync(SearchQuery.Everything, null, 1, cancelled.Token));
    }

    [Fact]
    public async Task Add_BatchThatDoesNotBeginAtTheEnd_ChangesNothing()
    {
        await KeepAsync(A.Message("rate"));
        await IndexAsync();
        var state = Index.Read();
        Assert.False(await Index.AddAsync(0, new SearchBatch([], new SearchIndexState(7, default, 0)), default));
        Assert.Equal(state, Index.Read());
    }

    [Fact]
    public async Task Open_AfterACommit_IsWhereItWas()
    {
        var hit = await KeepAsync(A.Message("rate"));
        await IndexAsync();
        var state = Index.Read();
        await CloseAsync(Index);
        Index = OpenIndex();
        Assert.Equal(state, Index.Read());
        Assert.Equal([hit], await FindAsync("rate"));
    }

    [Fact]
    public async Task Remove_Messages_AreFoundNoLongerAndOthersAre()
    {
        var gone = await KeepAsync(A.Message("rate zanzibar"));
        var stays = await KeepAsync(A.Message("rate"));
        await IndexAsync();
        await Index.RemoveAsync([gone, 4711], default);
        Assert.Equal([stays], await FindAsync("rate"));
        Assert.Empty(await FindAsync("zanzibar"));
        Assert.Empty(await FindAsync("zan*"));
        Assert.Equal([stays], await FindAsync(""));
        var later = await KeepAsync(A.Message("rate"));
        await IndexAsync();
        Assert.Equal([later, stays], await FindAsync("rate"));
    }

    [Fact]
    public async Task Clear_ThenIndexedAgain_FindsTheSame()
    {
        for (var i = 0; i < 5; i++) { await KeepAsync(A.Message("rate")); }
        await IndexAsync();
        await Index.ClearAsync(default);
        Assert.Equal(0, Index.Read().IndexedTo);
        Assert.Empty(await FindAsync("rate"));
        await IndexAsync();
        Assert.Equal(5, await CountAsync("rate"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Find_RandomTraffic_IsWhatAScanOfEveryMessageFinds(int seed)
    {
        var random = new RandomMessages(seed);
        var messages = Enumerable.Range(0, 400).Select(_ => random.Message()).ToList();
        await Archive.AppendAsync([.. messages.Select(m => ArchiveItem.Of(m, CapturedMessageJson.Write(m), Ids))], null, default);
        await IndexAsync(batch: 37);
        var entries = await Archive.ReadAsync(0, 1_000, default);
        var met = 0;
        for (var i = 0; i < 400; i++)
        {
            var text = random.Query(Ids.Conversation);
            if (SearchQueryParser.Parse(text).Query is not { } query)
            {
                continue; // a word without letters, or a range of time that holds nothing
            }
            var slow = SlowSearch.Find(entries, query, Ids);
            Assert.True(slow.SequenceEqual(await FindAsync(query)), text);
            Assert.Equal(slow.Count, await Index.CountAsync(query, default));
            met += slow.Count > 0 ? 1 : 0;
        }
        Assert.InRange(met, 100, 400);
    }

    [Theory]
    [InlineData("\" OR text:* \"")]
    [InlineData("words MATCH 1) --")]
    [InlineData("{text} : x")]
    [InlineData("NEAR(a b, 2)")]
    [InlineData("^alpha")]
    [InlineData("a + b")]
    [InlineData("rank:5")]
    [InlineData("\uE001whatsapp \uE003x")]
    [InlineData("alpha\0beta")]
    [InlineData("(((((((((((((((((((((((((a")]
    [InlineData("- - NOT a")]
    public async Task Find_HostileQuery_IsTakenByItsWordsAndHarmsNothing(string text)
    {
        await KeepAsync(A.Message("good morning", channel: Channel.WhatsApp));
        await IndexAsync();
        if (SearchQueryParser.Parse(text).Query is { } query)
        {
            Assert.Empty(await FindAsync(query));
        }
        Assert.Single(await FindAsync("morning"));
    }

    [Fact]
    public async Task Find_LongestQueries_Answer()
    {
        await KeepAsync(A.Message(string.Join(' ', Enumerable.Repeat("abc", 5_000)), subject: new string('理', 5_000)));
        await IndexAsync();
        foreach (var text in new[]
        {
            string.Join(' ', Enumerable.Repeat("abc*", SearchQueryParser.MostTerms)),
            new string('理', SearchQueryParser.MostTokens),
            string.Join(' ', Enumerable.Repeat(new string('理', 14), SearchQueryParser.MostTerms)),
        })
        {
            Assert.Single(await FindAsync(text));
        }
    }

    protected async Task<long> KeepAsync(CapturedMessage message) =>
        (await Archive.AppendAsync([ArchiveItem.Of(message, CapturedMessageJson.Write(message), Ids)], null, default))[0].Position;

    protected async Task IndexAsync(int batch = 500)
    {
        await using var indexer = NewIndexer(batch);
        while (await indexer.StepAsync(default) > 0) { }
    }

    protected SearchIndexer NewIndexer(int batch = 500, IMessageArchive? archive = null, ISearchIndex? index = null) =>
        new(archive ?? Archive, index ?? Index, Ids, () => false, new SearchPace { Batch = batch }, TimeProvider.System, NullLogger<SearchIndexer>.Instance);

    protected static SearchQuery Parse(string text)
    {
        var parsed = SearchQueryParser.Parse(text);
        Assert.Empty(parsed.Errors);
        return parsed.Query!;
    }

    protected Task<IReadOnlyList<long>> FindAsync(string text) => FindAsync(Parse(text));

    protected async Task<IReadOnlyList<long>> FindAsync(SearchQuery query)
    {
        var found = new List<long>();
        string? after = null;
        do
        {
            var page = await Index.FindAsync(query, after, 200, default);
            Assert.NotNull(page);
            Assert.All(page.Hits, h => Assert.Equal(Archive.Find(h.Position)!.Id, h.Id));
            found.AddRange(page.Hits.Select(h => h.Position));
            after = page.Next;
        }
        while (after is not null);
        return found;
    }

    private async Task<int> CountAsync(string text) => await Index.CountAsync(Parse(text), default);

    private static CapturedMessage TheMessage() => A.Message(
        "A Special  Offer, don't miss it; 本周限时理财优惠 and", channel: Channel.Email, from: new Participant("a.shah@bank.example", Role.Employee, "A. Shah"),
        to: [new Participant("+4915112345678", Role.Client, "C. Vogel", RecipientKind.To)], subject: "subject word",
        attachments: [new Attachment("Q3.xlsx", Text: "row of numbers"), new Attachment(null, Text: "another")]);
}
