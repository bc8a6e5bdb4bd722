using Microsoft.Data.Sqlite;

namespace Surveillance.Storage.Sqlite;

/// <summary>The file <c>work.db</c>: one writer, any number of readers. Thread-safe.</summary>
public interface IWorkDatabase
{
    /// <summary>Runs an action on the single writer, in a transaction that is committed when the action returns and rolled back when it throws.</summary>
    /// <param name="action">What to write. Runs alone and synchronously; it neither commits nor keeps the connection.</param>
    /// <param name="cancel">Gives up while the action waits for its turn; once it has begun it is finished.</param>
    /// <returns>What the action returned, after the commit.</returns>
    /// <typeparam name="T">What the action returns.</typeparam>
    ValueTask<T> WriteAsync<T>(Func<SqliteConnection, SqliteTransaction, T> action, CancellationToken cancel);

    /// <summary>Runs a query on a connection that cannot write and sees what was committed before.</summary>
    /// <param name="query">What to read; it does not keep the connection.</param>
    /// <typeparam name="T">What the query returns.</typeparam>
    T Read<T>(Func<SqliteConnection, T> query);
}
