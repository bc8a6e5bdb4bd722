using Microsoft.Data.Sqlite;
using Surveillance.Archive.Search;
using Surveillance.Messages;

namespace Surveillance.Storage.Sqlite;

/// <summary>The open file of a search index: one writing connection with its statements, and readers.</summary>
internal sealed class SearchFile : IDisposable
{
    /// <summary>How many positions share one span of times.</summary>
    internal const int BlockSize = 4_096;

    private const int FormatVersion = 1;
    private const int ApplicationId = 0x73727673; // "srvs"

    private const string Schema = """
        CREATE VIRTUAL TABLE words USING fts5(text, subject, files, sender, receivers, about, content='', contentless_delete=1, tokenize='ascii');
        CREATE TABLE messages(position INTEGER PRIMARY KEY, id BLOB NOT NULL, sent_at INTEGER NOT NULL) STRICT;
        CREATE TABLE spans(block INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL) STRICT;
        CREATE TABLE state(one INTEGER PRIMARY KEY CHECK(one = 1), indexed_to INTEGER NOT NULL, entry BLOB NOT NULL, skipped INTEGER NOT NULL) STRICT;
        """;

    private readonly SqliteConnection _writer;
    private readonly List<RawStatement> _statements = [];
    private readonly RawStatement _addWords, _addMessage, _addSpan, _setState, _removeWords, _removeMessage;

    private SearchFile(string path, SqliteConnection writer)
    {
        _writer = writer;
        Readers = new ReaderPool(path);
        _addWords = Prepare("INSERT INTO words(rowid, text, subject, files, sender, receivers, about) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        _addMessage = Prepare("INSERT INTO messages(position, id, sent_at) VALUES(?1, ?2, ?3)");
        _addSpan = Prepare("INSERT INTO spans(block, first, last) VALUES(?1, ?2, ?2) ON CONFLICT(block) DO UPDATE SET first = min(first, ?2), last = max(last, ?2)");
        _setState = Prepare("UPDATE state SET indexed_to = ?1, entry = ?2, skipped = ?3");
        _removeWords = Prepare("DELETE FROM words WHERE rowid = ?1");
        _removeMessage = Prepare("DELETE FROM messages WHERE position = ?1");
        using var command = Sql.Command(_writer, "SELECT indexed_to, entry, skipped FROM state");
        using var reader = command.ExecuteReader();
        reader.Read();
        State = new SearchIndexState(reader.GetInt64(0), OpaqueId.FromBytes((byte[])reader[1]), reader.GetInt64(2));
    }

    /// <summary>How far it is, as committed.</summary>
    internal SearchIndexState State { get; private set; }

    /// <summary>Its readers.</summary>
    internal ReaderPool Readers { get; }

    /// <summary>Opens a file, or makes it where there is none; null when what is there is damaged or of another form.</summary>
    /// <exception cref="SqliteException">It can be neither read nor made; nothing is known to be wrong with what is there.</exception>
    internal static SearchFile? Open(string path)
    {
        SqliteConnection? writer = null;
        try
        {
            writer = SqliteFiles.OpenWriter(path);
            SqliteFiles.Execute(writer, "PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=1000;");
            if (Number(writer, "SELECT count(*) FROM sqlite_schema") == 0)
            {
                using var transaction = writer.BeginTransaction();
                Sql.Execute(writer, transaction, Schema);
                Sql.Execute(writer, transaction, "INSERT INTO state(one, indexed_to, entry, skipped) VALUES(1, 0, zeroblob(16), 0)");
                Sql.Execute(writer, transaction, $"PRAGMA application_id={ApplicationId}; PRAGMA user_version={FormatVersion};");
                transaction.Commit();
            }
            if (Number(writer, "PRAGMA application_id") != ApplicationId || Number(writer, "PRAGMA user_version") != FormatVersion)
            {
                writer.Dispose();
                return null;
            }
            return new SearchFile(path, writer);
        }
        catch (Exception e) when (IsForeign(e) || e is DatabaseDamagedException || (e is SqliteException failure && IsDamage(failure)))
        {
            writer?.Dispose();
            return null;
        }
        catch
        {
            writer?.Dispose();
            throw;
        }
    }

    /// <summary>Whether a failure says that the file is not what it should be, rather than that the disk is full or busy.</summary>
    internal static bool IsDamage(SqliteException e) =>
        e.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_CONSTRAINT
        || e.SqliteExtendedErrorCode == SQLitePCL.raw.SQLITE_IOERR_SHORT_READ;

    /// <summary>Whether what is there was made by something else: a table or its row is missing or holds other things.</summary>
    private static bool IsForeign(Exception e) =>
        e is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_ERROR } or InvalidOperationException or InvalidCastException or ArgumentOutOfRangeException;

    /// <summary>Adds a batch and moves on, in one transaction.</summary>
    internal void Add(SearchBatch batch)
    {
        using var transaction = _writer.BeginTransaction(deferred: false);
        foreach (var document in batch.Documents)
        {
            _addWords.Bind(1, document.Position);
            _addWords.Bind(2, document.Text);
            _addWords.Bind(3, document.Subject);
            _addWords.Bind(4, document.Files);
            _addWords.Bind(5, document.Sender);
            _addWords.Bind(6, document.Receivers);
            _addWords.Bind(7, document.About);
            _addWords.Run();
            _addMessage.Bind(1, document.Position);
            _addMessage.Bind(2, document.Id.ToBytes());
            _addMessage.Bind(3, document.SentAt.UtcTicks);
            _addMessage.Run();
            _addSpan.Bind(1, document.Position / BlockSize);
            _addSpan.Bind(2, document.SentAt.UtcTicks);
            _addSpan.Run();
        }
        _setState.Bind(1, batch.State.IndexedTo);
        _setState.Bind(2, batch.State.Entry.ToBytes());
        _setState.Bind(3, batch.State.Skipped);
        _setState.Run();
        transaction.Commit();
        State = batch.State;
    }

    /// <summary>Takes messages out, and their words out of every page.</summary>
    internal void Remove(IReadOnlyCollection<long> positions)
    {
        using (var transaction = _writer.BeginTransaction(deferred: false))
        {
            foreach (var position in positions)
            {
                _removeWords.Bind(1, position);
                _removeWords.Run();
                _removeMessage.Bind(1, position);
                _removeMessage.Run();
            }
            transaction.Commit();
        }
        // A deleted row is only marked as such until its segment is written anew; freed pages are overwritten (secure_delete).
        SqliteFiles.Execute(_writer, "INSERT INTO words(words) VALUES('optimize')");
        SqliteFiles.Execute(_writer, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Readers.Dispose();
        _statements.ForEach(s => s.Dispose());
        _writer.Dispose();
    }

    private RawStatement Prepare(string sql)
    {
        var statement = new RawStatement(_writer, sql);
        _statements.Add(statement);
        return statement;
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = Sql.Command(connection, sql);
        return (long)command.ExecuteScalar()!;
    }
}
