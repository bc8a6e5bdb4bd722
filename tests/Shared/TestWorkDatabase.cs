using Microsoft.Data.Sqlite;
using Surveillance.Storage.Sqlite;

namespace Surveillance.Tests;

/// <summary>The plainest work database: a file in a temporary folder, a lock around its one writer.</summary>
public sealed class TestWorkDatabase : IWorkDatabase, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lock _writing = new();
    private readonly SqliteConnection _writer;
    private readonly string _readOnly;

    /// <summary>Makes the file with the tables of a schema.</summary>
    public TestWorkDatabase(params string[] schemas)
    {
        var file = _folder.File("work.db");
        _writer = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString);
        _readOnly = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString;
        _writer.Open();
        Execute("PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; " + string.Join('\n', schemas));
    }

    /// <inheritdoc />
    public ValueTask<T> WriteAsync<T>(Func<SqliteConnection, SqliteTransaction, T> action, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (_writing)
        {
            using var transaction = _writer.BeginTransaction();
            var result = action(_writer, transaction);
            transaction.Commit();
            return ValueTask.FromResult(result);
        }
    }

    /// <inheritdoc />
    public T Read<T>(Func<SqliteConnection, T> query)
    {
        using var connection = new SqliteConnection(_readOnly);
        connection.Open();
        return query(connection);
    }

    /// <summary>Runs statements on the writer, such as a pragma that fills the disk.</summary>
    public void Execute(string sql)
    {
        lock (_writing)
        {
            using var command = _writer.CreateCommand();
#pragma warning disable CA2100
            command.CommandText = sql;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _writer.Dispose();
        _folder.Dispose();
    }
}
