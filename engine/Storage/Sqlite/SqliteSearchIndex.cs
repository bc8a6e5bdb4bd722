using System.Text;
using Microsoft.Data.Sqlite;
using Surveillance.Archive.Search;
using Surveillance.Messages;

namespace Surveillance.Storage.Sqlite;

/// <summary>The search index in a file of its own, <c>search.db</c>: FTS5 without content over the tokens of messages.</summary>
/// <remarks>
/// The row of a message is its position, so that pages run through the index backwards and stop when they are full.
/// Channel, direction, conversation and persons are tokens too; times are a column, narrowed by the span of times of every 4,096 positions.
/// A file that is damaged, of another form or no longer there is set aside under <c>search.db.set-aside</c>.
/// </remarks>
/// <param name="path">The file.</param>
/// <param name="ids">Makes the ids of this data folder.</param>
public sealed class SqliteSearchIndex(string path, IdMaker ids) : ISearchIndex, IDisposable
{
    private readonly ReaderWriterLockSlim _gate = new(); // readers and the writer share the file; changing the file needs it alone
    private readonly Lock _writing = new();
    private SearchFile? _file;
    private volatile bool _isDamaged, _isSettled, _isClosed;

    private string SetAsideFile => path + ".set-aside";

    /// <inheritdoc />
    public SearchIndexState Read() => WithFile(file => file.State);

    /// <inheritdoc />
    public ValueTask<SearchPage?> FindAsync(SearchQuery query, string? after, int count, CancellationToken cancel)
    {
        var below = long.MaxValue;
        if (after is not null && !SearchCursor.TryRead(after, query, out below))
        {
            return ValueTask.FromResult<SearchPage?>(null);
        }
        return ValueTask.FromResult<SearchPage?>(Search(connection =>
        {
            var hits = new List<SearchHit>();
            using var command = Select(connection, query, "m.position, m.id", below, count + 1);
            using var reader = command?.ExecuteReader();
            while (reader?.Read() == true)
            {
                hits.Add(new SearchHit(reader.GetInt64(0), OpaqueId.FromBytes((byte[])reader[1])));
            }
            if (hits.Count <= count)
            {
                return new SearchPage(hits, null);
            }
            hits.RemoveAt(count);
            return new SearchPage(hits, SearchCursor.Write(hits[^1].Position, query));
        }, cancel));
    }

    /// <inheritdoc />
    public ValueTask<int> CountAsync(SearchQuery query, CancellationToken cancel) => ValueTask.FromResult(Search(connection =>
    {
        using var command = Select(connection, query, "m.position", long.MaxValue, ISearchIndex.CountLimit);
        using var reader = command?.ExecuteReader();
        var count = 0;
        while (reader?.Read() == true)
        {
            count++;
        }
        return count;
    }, cancel));

    /// <inheritdoc />
    public ValueTask<bool> AddAsync(long after, SearchBatch batch, CancellationToken cancel) => ValueTask.FromResult(Write(file =>
    {
        if (file.State.IndexedTo != after)
        {
            return false;
        }
        file.Add(batch);
        return true;
    }, cancel));

    /// <inheritdoc />
    public ValueTask RemoveAsync(IReadOnlyCollection<long> positions, CancellationToken cancel)
    {
        Write(file =>
        {
            file.Remove(positions);
            return true;
        }, cancel);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask ClearAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Alone(() =>
        {
            CloseFile();
            File.Delete(path);
            DeleteBeside();
            _file = OpenNew();
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public void Settle()
    {
        if (!_isSettled)
        {
            File.Delete(SetAsideFile);
            _isSettled = true;
        }
    }

    /// <summary>Waits for what runs and closes the file.</summary>
    public void Dispose()
    {
        if (_isClosed)
        {
            return;
        }
        _gate.EnterWriteLock();
        try
        {
            _isClosed = true;
            _file?.Dispose();
            _file = null;
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    private T Write<T>(Func<SearchFile, T> write, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (_writing)
        {
            return WithFile(write);
        }
    }

    private T Search<T>(Func<SqliteConnection, T> search, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return WithFile(file => file.Readers.Read(connection =>
        {
            using (cancel.Register(static state => SQLitePCL.raw.sqlite3_interrupt(((SqliteConnection)state!).Handle), connection))
            {
                try
                {
                    return search(connection);
                }
                catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_INTERRUPT)
                {
                    throw new OperationCanceledException("The search was given up.", e, cancel);
                }
            }
        }));
    }

    /// <summary>The command of a query; null when no message can meet it.</summary>
    private SqliteCommand? Select(SqliteConnection connection, SearchQuery query, string columns, long below, int limit)
    {
        var (low, high) = (0L, below);
        if (query.After is { } after)
        {
            if (Block(connection, "SELECT min(block) FROM spans WHERE last >= $at", after) is not { } first) { return null; }
            low = first * SearchFile.BlockSize;
        }
        if (query.Before is { } before)
        {
            if (Block(connection, "SELECT max(block) FROM spans WHERE first < $at", before) is not { } last) { return null; }
            high = Math.Min(high, (last + 1) * SearchFile.BlockSize);
        }
        var expression = SearchExpression.Of(query, ids);
        var row = expression is null ? "m.position" : "w.rowid";
        var sql = new StringBuilder("SELECT ").Append(columns)
            .Append(expression is null ? " FROM messages m WHERE " : " FROM words w CROSS JOIN messages m ON m.position = w.rowid WHERE w.words MATCH $words AND ")
            .Append(row).Append(" >= $low AND ").Append(row).Append(" < $high")
            .Append(query.After is null ? "" : " AND m.sent_at >= $after").Append(query.Before is null ? "" : " AND m.sent_at < $before")
            .Append(" ORDER BY ").Append(row).Append(" DESC LIMIT $limit");
        var command = Sql.Command(connection, sql.ToString(), ("$low", low), ("$high", high), ("$limit", limit));
        if (expression is not null) { command.Parameters.AddWithValue("$words", expression); }
        if (query.After is { } from) { command.Parameters.AddWithValue("$after", from.UtcTicks); }
        if (query.Before is { } until) { command.Parameters.AddWithValue("$before", until.UtcTicks); }
        return command;
    }

    private static long? Block(SqliteConnection connection, string sql, DateTimeOffset at)
    {
        using var command = Sql.Command(connection, sql, ("$at", at.UtcTicks));
        return command.ExecuteScalar() as long?;
    }

    /// <summary>Does something with the file. One that turns out to be damaged is set aside at the next call.</summary>
    private T WithFile<T>(Func<SearchFile, T> use)
    {
        while (true)
        {
            _gate.EnterReadLock();
            try
            {
                ObjectDisposedException.ThrowIf(_isClosed, this);
                if (_file is { } file && !_isDamaged && File.Exists(path))
                {
                    return use(file);
                }
            }
            catch (SqliteException e) when (SearchFile.IsDamage(e))
            {
                _isDamaged = true;
                throw new SearchUnavailableException("The search index is damaged and is made anew.", e);
            }
            catch (SqliteException e)
            {
                throw new SearchUnavailableException(SqliteFiles.IsFull(e) ? "The disk of the search index is full or cannot be written." : "The search index cannot be used now.", e);
            }
            finally
            {
                _gate.ExitReadLock();
            }
            Alone(Reopen);
        }
    }

    private void Reopen()
    {
        if (_file is not null && !_isDamaged && File.Exists(path))
        {
            return; // another caller was first
        }
        var wasOpen = _file is not null;
        CloseFile();
        _file = wasOpen ? null : SearchFile.Open(path);
        if (_file is not null)
        {
            return;
        }
        if (File.Exists(path))
        {
            File.Move(path, SetAsideFile, overwrite: true);
            _isSettled = false;
        }
        DeleteBeside();
        _file = OpenNew();
    }

    private void CloseFile()
    {
        _file?.Dispose();
        _file = null;
        _isDamaged = false;
    }

    private void DeleteBeside()
    {
        foreach (var end in (ReadOnlySpan<string>)["-wal", "-shm", "-journal"])
        {
            File.Delete(path + end);
        }
    }

    private SearchFile OpenNew() => SearchFile.Open(path) ?? throw new SearchUnavailableException("The file of the search index cannot be made.");

    private void Alone(Action action)
    {
        _gate.EnterWriteLock();
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            action();
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new SearchUnavailableException("The file of the search index can be neither read nor made.", e);
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }
}
