using Surveillance.Archive;
using Surveillance.Archive.Search;
using Surveillance.Audit;
using Surveillance.Messages;

namespace Surveillance.Browser.Tests.Staged;

/// <summary>Looks through the messages on the stage, by their words and channels alone; keeps the audit log in memory.</summary>
internal sealed class StagedSearch(StagedWorld world) : ISearchIndex, ISearchUpkeep, IAuditLog
{
    private readonly List<AuditRecord> _audit = [];

    /// <summary>How far the index is; null means everything.</summary>
    public long? IndexedTo { get; set; }

    /// <summary>Why it cannot answer, or null.</summary>
    public string? Broken { get; set; }

    public string? Trouble { get; set; }

    public SearchIndexState Read() => Broken is { } why ? throw new SearchUnavailableException(why) : new SearchIndexState(IndexedTo ?? world.Progress.Head, default, 1);

    public ValueTask<SearchPage?> FindAsync(SearchQuery query, string? after, int count, CancellationToken cancel)
    {
        Read();
        var below = long.MaxValue;
        if (after is not null && !long.TryParse(after, out below))
        {
            return new((SearchPage?)null);
        }
        var hits = Hits(query).Where(m => m.Position < below).Take(count + 1).Select(m => new SearchHit(m.Position, m.Id)).ToList();
        return new(hits.Count > count ? new SearchPage(hits[..count], hits[count - 1].Position.ToString()) : new SearchPage(hits, null));
    }

    public ValueTask<int> CountAsync(SearchQuery query, CancellationToken cancel) => new(Hits(query).Count());

    public ValueTask<bool> AddAsync(long after, SearchBatch batch, CancellationToken cancel) => new(false);

    public ValueTask RemoveAsync(IReadOnlyCollection<long> positions, CancellationToken cancel) => default;

    public ValueTask ClearAsync(CancellationToken cancel) => default;

    public void Settle()
    {
    }

    public ValueTask RebuildAsync(CancellationToken cancel)
    {
        IndexedTo = 0;
        return default;
    }

    public ValueTask AppendAsync(AuditEntry entry, CancellationToken cancel)
    {
        lock (_audit)
        {
            _audit.Add(new AuditRecord(_audit.Count + 1, entry));
        }
        return default;
    }

    public ValueTask<IReadOnlyList<AuditRecord>> ReadAsync(long after, int limit, CancellationToken cancel)
    {
        lock (_audit)
        {
            return new(_audit.Where(a => a.Sequence > after).Take(limit).ToList());
        }
    }

    private IEnumerable<ArchivedMessage> Hits(SearchQuery query) => world.Messages.Reverse().Where(m =>
        m.Position <= (IndexedTo ?? long.MaxValue)
        && (query.Words.Count == 0 || SearchEvidence.Find(m.Message, query.Words) is not null)
        && (query.Channels.Count == 0 || query.Channels.Contains(m.Message.Channel)));
}
