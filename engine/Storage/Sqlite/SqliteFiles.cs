using Microsoft.Data.Sqlite;

namespace Surveillance.Storage.Sqlite;

/// <summary>Opens the database files of a data folder.</summary>
internal static class SqliteFiles
{
    /// <summary>The one connection that writes: WAL, every commit synced, at most <paramref name="maxPages"/> pages when given.</summary>
    internal static SqliteConnection OpenWriter(string path, long? maxPages = null)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Execute(connection, "SELECT count(*) FROM sqlite_schema");
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB)
        {
            connection.Dispose();
            throw new DatabaseDamagedException(path, e);
        }
        Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-32000;");
        if (maxPages is { } pages)
        {
            Execute(connection, $"PRAGMA max_page_count={pages};");
        }
        return connection;
    }

    /// <summary>A connection that only reads.</summary>
    internal static SqliteConnection OpenReader(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        Execute(connection, "PRAGMA query_only=ON; PRAGMA busy_timeout=5000; PRAGMA cache_size=-8000;");
        return connection;
    }

    /// <summary>A connection to a file that nobody writes, also on a disk that cannot be written: journals beside it are not looked at.</summary>
    internal static SqliteConnection OpenUnchanging(string path)
    {
        var address = "file:" + string.Join('/', Path.GetFullPath(path).Split('/').Select(Uri.EscapeDataString)) + "?immutable=1";
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = address, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        Execute(connection, "PRAGMA cache_size=-32000;");
        return connection;
    }

    /// <summary>Whether the failure means that the disk or the file has no room left.</summary>
    internal static bool IsFull(SqliteException e) => e.SqliteErrorCode == SQLitePCL.raw.SQLITE_FULL || (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_IOERR);

    /// <summary>Adds a column to a table that was made by an earlier version; a table that is not there, or that has it, is left alone.</summary>
    internal static void EnsureColumn(SqliteConnection connection, string table, string column, string type)
    {
        using var command = Sql.Command(
            connection, "SELECT (SELECT count(*) FROM pragma_table_info($table)), (SELECT count(*) FROM pragma_table_info($table) WHERE name = $column)", ("$table", table), ("$column", column));
        using var reader = command.ExecuteReader();
        reader.Read();
        if (reader.GetInt32(0) > 0 && reader.GetInt32(1) == 0)
        {
            Execute(connection, $"ALTER TABLE {table} ADD COLUMN {column} {type}");
        }
    }

    internal static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

/// <summary>A database file of the data folder is damaged.</summary>
/// <param name="path">The file.</param>
/// <param name="cause">What SQLite says.</param>
public sealed class DatabaseDamagedException(string path, Exception cause) : Exception($"{path} is damaged: it does not read as a database.", cause);

/// <summary>A few reading connections that threads take turns with.</summary>
internal sealed class ReaderPool(string path) : IDisposable
{
    private readonly System.Collections.Concurrent.ConcurrentBag<SqliteConnection> _idle = [];
    private bool _closed;

    /// <summary>Runs a query on a connection of its own.</summary>
    internal T Read<T>(Func<SqliteConnection, T> query)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        var connection = _idle.TryTake(out var idle) ? idle : SqliteFiles.OpenReader(path);
        try
        {
            return query(connection);
        }
        finally
        {
            if (_closed || _idle.Count >= 8) { connection.Dispose(); }
            else { _idle.Add(connection); }
        }
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }
}
