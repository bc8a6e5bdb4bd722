using Surveillance.Archive;
using Surveillance.Archive.Search;
using Surveillance.Audit;
using Surveillance.Dashboard.Conversations;
using Surveillance.Dashboard.Search;
using Surveillance.Messages;
using Surveillance.Pipeline;
using Surveillance.Review;
using Surveillance.Text;
using Surveillance.Tests;

namespace Surveillance.Dashboard.Tests.Search;

/// <summary>What a search does when something behind it fails, and how a row is cut.</summary>
public sealed class MessageSearchTests
{
    private readonly ManualTime _time = new();
    private readonly Behind _behind = new();

    private MessageSearch Search => new(_behind, _behind, _behind, null!, _behind, _behind, new IdMaker(new byte[32]), _time);

    [Fact]
    public async Task Find_IndexThatNeverAnswers_GivesUpAfterTenSeconds()
    {
        _behind.Find = async cancel => { await Task.Delay(Timeout.Infinite, cancel); return null; };
        var searching = Search.FindAsync("rate", null, 50, "user:a", false, default);
        await Eventually.IsTrueAsync(() => searching.IsCompleted, "the search is given up", () => _time.Advance(TimeSpan.FromSeconds(1)));
        Assert.IsType<SearchOutcome.TooSlow>(await searching);
    }

    [Fact]
    public async Task Find_CountThatNeverAnswers_GivesThePageWithoutTotal()
    {
        _behind.Find = _ => Task.FromResult<SearchPage?>(new SearchPage([new SearchHit(1, default)], "more"));
        var searching = Search.FindAsync("rate", null, 1, "user:a", false, default);
        await Eventually.IsTrueAsync(() => searching.IsCompleted, "the count is given up", () => _time.Advance(TimeSpan.FromSeconds(1)));
        Assert.Null(Assert.IsType<SearchOutcome.Found>(await searching).Total);
    }

    [Fact]
    public async Task Find_CallerWhoLeaves_EndsTheSearch()
    {
        using var left = new CancellationTokenSource();
        _behind.Find = async cancel => { await left.CancelAsync(); await Task.Delay(Timeout.Infinite, cancel); return null; };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Search.FindAsync("rate", null, 50, "user:a", false, left.Token));
    }

    [Fact]
    public async Task Find_PersonThatCannotBeWrittenDown_SearchesForNobody()
    {
        _behind.AuditFails = true;
        _behind.Find = _ => throw new InvalidOperationException("It was asked all the same.");
        await Assert.ThrowsAsync<AuditUnavailableException>(() => Search.FindAsync("from:shah", null, 50, "user:a", false, default));
    }

    [Fact]
    public async Task Find_IndexThatIsBroken_SaysWhy()
    {
        _behind.Find = _ => throw new SearchUnavailableException("It is damaged.");
        Assert.Equal(new SearchOutcome.Unavailable("It is damaged."), await Search.FindAsync("rate", null, 50, "user:a", false, default));
    }

    [Fact]
    public async Task Find_MessageThatCannotBeReadBack_IsARowWithoutWordsAmongTheOthers()
    {
        var good = new ArchivedMessage(2, new OpaqueId(2), A.Message("the rate"), default);
        _behind.Messages[good.Id] = good;
        _behind.Find = _ => Task.FromResult<SearchPage?>(new SearchPage([new SearchHit(2, good.Id), new SearchHit(1, Behind.Damaged)], null));
        var found = Assert.IsType<SearchOutcome.Found>(await Search.FindAsync("rate", null, 50, "user:a", false, default));
        Assert.Equal([good, null], found.Items.Select(i => i.Entry));
        Assert.Equal([new TextSpan(4, 8)], found.Items[0].Evidence!.Spans);
        Assert.Null(MessageRow.Of(found.Items[1]).Url);
    }

    [Theory]
    [InlineData("rate", "…", "rate")]
    [InlineData("zanzibar", "Subject", "zanzibar")]
    [InlineData("q3.xlsx", "Attachment", "q3.xlsx")]
    public void Row_Words_AreCutAroundWhatWasAsked(string query, string part, string marked)
    {
        var message = A.Message(new string('x', 300) + " the rate\nof \u202E day " + new string('y', 300), subject: "to zanzibar", attachments: [new Attachment("q3.xlsx")]);
        var words = SearchQueryParser.Parse(query).Query!.Words;
        var row = MessageRow.Of(new FoundMessage(1, default, new ArchivedMessage(1, default, message, default), default, SearchEvidence.Find(message, words), null));
        Assert.Equal(marked, Assert.Single(row.Snippet, p => p.Marks.Count > 0).Text);
        Assert.Equal(part == "…" ? null : part, row.Part);
        if (part == "…")
        {
            Assert.Contains(row.Snippet, p => p.IsSign);
            Assert.True(row.Snippet.Sum(p => p.Left > 0 ? 1 : p.Text.Length) < 200);
        }
    }

    [Fact]
    public void MarkedQuery_AnyText_PutsCaretsUnderTheMistake()
    {
        Assert.Equal(new MarkedQuery("a \uFFFD\uFFFD b", "  ^^"), MarkedQuery.Of("a 😀 b", new SearchError(3, 2, "")));
        var shown = MarkedQuery.Of(new string('a', 300) + "\u202E*" + new string('b', 150), new SearchError(302, 1, ""));
        Assert.Equal('*', shown.Line[shown.Carets.IndexOf('^', StringComparison.Ordinal)]);
        Assert.DoesNotContain('\u202E', shown.Line);
        Assert.InRange(shown.Line.Length, 100, 165);
        var end = MarkedQuery.Of(new string('a', 501), new SearchError(501, 1, ""));
        Assert.Equal(end.Line.Length, end.Carets.Length);
    }

    private sealed class Behind : ISearchIndex, ISearchUpkeep, IMessageReader, IAuditLog, IPipelineStatus
    {
        public static readonly OpaqueId Damaged = new(77);

        public Func<CancellationToken, Task<SearchPage?>> Find { get; set; } = _ => Task.FromResult<SearchPage?>(new SearchPage([], null));

        public Dictionary<OpaqueId, ArchivedMessage> Messages { get; } = [];

        public bool AuditFails { get; set; }

        public string? Trouble => null;

        public bool IsRunning => true;

        public IReadOnlyList<string> Stalls => [];

        PipelineProgress IPipelineStatus.Read() => new(5, 0, null, null, 0, true);

        SearchIndexState ISearchIndex.Read() => new(5, default, 0);

        public async ValueTask<SearchPage?> FindAsync(SearchQuery query, string? after, int count, CancellationToken cancel) => await Find(cancel);

        public async ValueTask<int> CountAsync(SearchQuery query, CancellationToken cancel)
        {
            await Task.Delay(Timeout.Infinite, cancel);
            return 0;
        }

        public ValueTask<bool> AddAsync(long after, SearchBatch batch, CancellationToken cancel) => throw new NotSupportedException();

        public ValueTask RemoveAsync(IReadOnlyCollection<long> positions, CancellationToken cancel) => throw new NotSupportedException();

        public ValueTask ClearAsync(CancellationToken cancel) => throw new NotSupportedException();

        public void Settle()
        {
        }

        public ValueTask RebuildAsync(CancellationToken cancel) => throw new NotSupportedException();

        public ValueTask<ArchivedMessage?> FindAsync(OpaqueId id, CancellationToken cancel) => throw new NotSupportedException();

        public ValueTask<IReadOnlyDictionary<OpaqueId, ArchivedMessage>> FindManyAsync(IReadOnlyCollection<OpaqueId> ids, CancellationToken cancel) =>
            ids.Contains(Damaged) ? throw new ArchiveDamagedException("It does not read back.") : new(Messages.Where(m => ids.Contains(m.Key)).ToDictionary());

        public ValueTask<ConversationPage?> ConversationAsync(OpaqueId conversation, long? around, int before, int after, CancellationToken cancel) => throw new NotSupportedException();

        public ValueTask AppendAsync(AuditEntry entry, CancellationToken cancel) =>
            AuditFails ? throw new AuditUnavailableException("The disk is full.", new IOException()) : ValueTask.CompletedTask;

        public ValueTask<IReadOnlyList<AuditRecord>> ReadAsync(long after, int limit, CancellationToken cancel) => throw new NotSupportedException();
    }
}
