using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Surveillance.Storage.Sqlite;

/// <summary>A prepared statement without the provider's command in front: for the few statements that run once a message. Parameters count from 1, columns from 0.</summary>
/// <remarks>Belongs to one connection and its thread. After <see cref="Step"/> it must be <see cref="Reset"/> before it is bound again.</remarks>
internal sealed class RawStatement : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _statement;

    /// <summary>Prepares a statement.</summary>
    internal RawStatement(SqliteConnection connection, string sql)
    {
        _connection = connection;
        Check(raw.sqlite3_prepare_v2(connection.Handle, sql, out _statement));
    }

    internal void Bind(int parameter, long value) => Check(raw.sqlite3_bind_int64(_statement, parameter, value));

    internal void Bind(int parameter, ReadOnlySpan<byte> value) => Check(raw.sqlite3_bind_blob(_statement, parameter, value));

    internal void Bind(int parameter, string value) => Check(raw.sqlite3_bind_text(_statement, parameter, value));

    internal void BindNull(int parameter) => Check(raw.sqlite3_bind_null(_statement, parameter));

    /// <summary>Runs to the next row; false when there is none.</summary>
    /// <exception cref="SqliteException">SQLite refuses; the statement is reset.</exception>
    internal bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code is raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return code == raw.SQLITE_ROW;
        }
        raw.sqlite3_reset(_statement);
        Check(code);
        return false;
    }

    /// <summary>Runs a statement that gives no rows, and resets it.</summary>
    internal void Run()
    {
        Step();
        Reset();
    }

    internal void Reset() => raw.sqlite3_reset(_statement);

    internal long Number(int column) => raw.sqlite3_column_int64(_statement, column);

    internal byte[] Blob(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    public void Dispose() => _statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteException(raw.sqlite3_errmsg(_connection.Handle).utf8_to_string(), code, raw.sqlite3_extended_errcode(_connection.Handle));
        }
    }
}
