using Surveillance.Messages;

namespace Surveillance.Archive.Search;

/// <summary>How far the index is.</summary>
/// <param name="IndexedTo">Everything up to this position is in the index or was skipped; 0 for an empty index.</param>
/// <param name="Entry">The id of the entry at that position; the default for an empty index, and where that entry cannot be read.</param>
/// <param name="Skipped">How many entries up to there hold a message or something unreadable and could not be indexed.</param>
public sealed record SearchIndexState(long IndexedTo, OpaqueId Entry, long Skipped);

/// <summary>A message that meets a query.</summary>
/// <param name="Position">The position of its entry.</param>
/// <param name="Id">Our id of it.</param>
public readonly record struct SearchHit(long Position, OpaqueId Id);

/// <summary>A page of hits.</summary>
/// <param name="Hits">The hits, kept last first.</param>
/// <param name="Next">Cursor of the hits after these; null when there are none.</param>
public sealed record SearchPage(IReadOnlyList<SearchHit> Hits, string? Next);

/// <summary>Some entries after those of the index, to be added at once.</summary>
/// <param name="Documents">What is kept of those that hold a message, in order of position.</param>
/// <param name="State">How far the index is with them.</param>
public sealed record SearchBatch(IReadOnlyList<SearchDocument> Documents, SearchIndexState State);

/// <summary>Finds messages by their words. It follows the archive, lags behind it, and can be thrown away at any time: it is made from the archive again. Thread-safe.</summary>
public interface ISearchIndex
{
    /// <summary>The highest number that <see cref="CountAsync"/> gives; it stands for "more".</summary>
    const int CountLimit = 10_001;

    /// <summary>How far it is. An index that is missing, damaged or of another form is set aside first and begins at 0.</summary>
    /// <exception cref="SearchUnavailableException">Its file can be neither read nor made.</exception>
    SearchIndexState Read();

    /// <summary>A page of the messages that meet a query, kept last first; null when the cursor is unreadable or belongs to another query.</summary>
    /// <param name="query">What is asked.</param>
    /// <param name="after">The cursor of the page before, or null for the first page.</param>
    /// <param name="count">How many hits at most, 1 to 200.</param>
    /// <param name="cancel">Ends the call, in the middle of a search too.</param>
    /// <exception cref="SearchUnavailableException">The index cannot be read now.</exception>
    ValueTask<SearchPage?> FindAsync(SearchQuery query, string? after, int count, CancellationToken cancel);

    /// <summary>How many messages meet a query, at most <see cref="CountLimit"/>.</summary>
    /// <param name="query">What is asked.</param>
    /// <param name="cancel">Ends the call, in the middle of a search too.</param>
    /// <exception cref="SearchUnavailableException">The index cannot be read now.</exception>
    ValueTask<int> CountAsync(SearchQuery query, CancellationToken cancel);

    /// <summary>Adds a batch and moves on to its end, both or neither. A batch that does not begin where the index ends changes nothing.</summary>
    /// <param name="after">Where the batch begins: how far the index was when it was read.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="cancel">Gives up before anything is written.</param>
    /// <returns>Whether it was added.</returns>
    /// <exception cref="SearchUnavailableException">Nothing was added.</exception>
    ValueTask<bool> AddAsync(long after, SearchBatch batch, CancellationToken cancel);

    /// <summary>Takes messages out. When it returns, no file of the index holds a word of theirs that no other message has; costs a rewrite of the index.</summary>
    /// <param name="positions">Their positions; unknown ones do nothing.</param>
    /// <param name="cancel">Gives up before anything is written.</param>
    /// <exception cref="SearchUnavailableException">Nothing was taken out.</exception>
    ValueTask RemoveAsync(IReadOnlyCollection<long> positions, CancellationToken cancel);

    /// <summary>Throws everything away and begins at 0.</summary>
    /// <param name="cancel">Gives up before anything is thrown away.</param>
    /// <exception cref="SearchUnavailableException">The file cannot be made anew.</exception>
    ValueTask ClearAsync(CancellationToken cancel);

    /// <summary>To be called when the index has come to the end of the archive: what was set aside is thrown away.</summary>
    void Settle();
}

/// <summary>Keeps a search index filled.</summary>
public interface ISearchUpkeep
{
    /// <summary>What keeps it from going on, in words; null when nothing does.</summary>
    string? Trouble { get; }

    /// <summary>Throws the index away and begins to fill it again from the first entry; searches find what is there already.</summary>
    /// <param name="cancel">Gives up before anything is thrown away.</param>
    /// <exception cref="SearchUnavailableException">The file cannot be made anew.</exception>
    ValueTask RebuildAsync(CancellationToken cancel);
}

/// <summary>The index cannot be read or written now: its file is damaged, missing, or its disk is full. It is made anew by itself.</summary>
/// <param name="message">What went wrong, without data.</param>
/// <param name="cause">The failure underneath, or null.</param>
public sealed class SearchUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
