using Microsoft.Data.Sqlite;
using Surveillance.Audit;

namespace Surveillance.Storage.Sqlite;

/// <summary>The audit log as a table of <c>work.db</c>; the table itself refuses to change or lose a row.</summary>
/// <param name="work">The file; its schema holds <see cref="Schema"/>.</param>
public sealed class SqliteAuditLog(IWorkDatabase work) : IAuditLog
{
    /// <summary>Makes the table where it is missing.</summary>
    public static string Schema => """
        CREATE TABLE IF NOT EXISTS audit (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            object TEXT NOT NULL,
            reason TEXT
        ) STRICT;
        CREATE TRIGGER IF NOT EXISTS audit_is_never_changed BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
        CREATE TRIGGER IF NOT EXISTS audit_is_never_deleted BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'audit entries are never deleted'); END;
        """;

    /// <inheritdoc />
    public async ValueTask AppendAsync(AuditEntry entry, CancellationToken cancel)
    {
        try
        {
            await work.WriteAsync((connection, transaction) => { Append(connection, transaction, entry); return true; }, cancel);
        }
        catch (SqliteException e)
        {
            throw new AuditUnavailableException("The audit log could not be written.", e);
        }
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<AuditRecord>> ReadAsync(long after, int limit, CancellationToken cancel) =>
        ValueTask.FromResult<IReadOnlyList<AuditRecord>>(work.Read(connection => connection.Query(
            null,
            "SELECT sequence, actor, action, object, reason, at FROM audit WHERE sequence > $after ORDER BY sequence LIMIT $limit",
            row => new AuditRecord(row.GetInt64(0), new AuditEntry(row.GetString(1), row.GetString(2), row.GetString(3), row.TextOrNull(4), row.Time(5))),
            ("$after", after), ("$limit", limit))));

    /// <summary>Adds an entry in the transaction of what it speaks of: both are kept, or neither.</summary>
    /// <param name="connection">The writer.</param>
    /// <param name="transaction">Its transaction.</param>
    /// <param name="entry">The entry.</param>
    internal static void Append(SqliteConnection connection, SqliteTransaction transaction, AuditEntry entry) =>
        connection.Execute(
            transaction,
            "INSERT INTO audit (at, actor, action, object, reason) VALUES ($at, $actor, $action, $object, $reason)",
            ("$at", entry.At.UtcTicks), ("$actor", entry.Actor), ("$action", entry.Action), ("$object", entry.Object), ("$reason", entry.Reason));
}
