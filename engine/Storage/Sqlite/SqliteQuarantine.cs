using System.Globalization;
using Surveillance.Audit;
using Surveillance.Messages;
using Surveillance.Pipeline;

namespace Surveillance.Storage.Sqlite;

/// <summary>Reads the quarantine out of <c>work.db</c>.</summary>
/// <param name="database">The file.</param>
/// <param name="retries">Where a retry goes.</param>
/// <param name="time">The clock.</param>
public sealed class SqliteQuarantine(IWorkDatabase database, IRetryQueue retries, TimeProvider time) : IQuarantineReader
{
    /// <inheritdoc />
    public ValueTask<QuarantinePage?> PageAsync(string? after, int count, CancellationToken cancel)
    {
        long position = 0;
        if (after is not null && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out position))
        {
            return ValueTask.FromResult<QuarantinePage?>(null);
        }
        return ValueTask.FromResult<QuarantinePage?>(database.Read(connection =>
        {
            using var command = Sql.Command(
                connection, "SELECT id, position, conversation, channel, reason, detail, since, tries, last_try, retryable FROM quarantine WHERE position > $after ORDER BY position LIMIT $max",
                ("$after", position), ("$max", count + 1));
            using var reader = command.ExecuteReader();
            var items = new List<QuarantineItem>();
            while (reader.Read())
            {
                items.Add(new QuarantineItem(
                    OpaqueId.FromBytes((byte[])reader[0]), reader.GetInt64(1), OpaqueId.FromBytes((byte[])reader[2]), (Channel)reader.GetInt32(3), reader.GetString(4), reader.GetString(5),
                    Sql.Time(reader.GetInt64(6)), reader.GetInt32(7), Sql.Time(reader.GetInt64(8)), reader.GetInt32(9) == 1));
            }
            string? next = null;
            if (items.Count > count)
            {
                items.RemoveAt(count);
                next = items[^1].Position.ToString(CultureInfo.InvariantCulture);
            }
            return new QuarantinePage(items, next);
        }));
    }

    /// <inheritdoc />
    public ValueTask<int> CountAsync(CancellationToken cancel) => ValueTask.FromResult(database.Read(connection =>
    {
        using var command = Sql.Command(connection, "SELECT count(*) FROM (SELECT 1 FROM quarantine LIMIT 10001)");
        return (int)(long)command.ExecuteScalar()!;
    }));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<QuarantineCount>> CountByReasonAsync(CancellationToken cancel) => ValueTask.FromResult<IReadOnlyList<QuarantineCount>>(database.Read(connection =>
    {
        using var command = Sql.Command(
            connection, "SELECT reason, count(*), sum(retryable), min(since) FROM (SELECT reason, retryable, since FROM quarantine LIMIT 10001) GROUP BY reason ORDER BY 2 DESC, 1");
        using var reader = command.ExecuteReader();
        var counts = new List<QuarantineCount>();
        while (reader.Read())
        {
            counts.Add(new QuarantineCount(reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2), Sql.Time(reader.GetInt64(3))));
        }
        return counts;
    }));

    /// <inheritdoc />
    public async ValueTask<RetryOutcome> RetryAsync(OpaqueId message, string actor, CancellationToken cancel)
    {
        var found = database.Read<(long Position, bool Retryable)?>(connection =>
        {
            using var command = Sql.Command(connection, "SELECT position, retryable FROM quarantine WHERE id = $id", ("$id", message.ToBytes()));
            using var reader = command.ExecuteReader();
            return reader.Read() ? (reader.GetInt64(0), reader.GetInt32(1) == 1) : null;
        });
        if (found is not { } item)
        {
            return RetryOutcome.NotThere;
        }
        if (!item.Retryable)
        {
            return RetryOutcome.NotRetryable;
        }
        await database.WriteAsync((connection, transaction) =>
        {
            SqliteAuditLog.Append(connection, transaction, new AuditEntry(AuditActor.Of(actor), "quarantine.retry", "message:" + message, null, time.GetUtcNow()));
            return true;
        }, cancel).ConfigureAwait(false);
        await retries.EnqueueAsync(item.Position, cancel).ConfigureAwait(false);
        return RetryOutcome.Queued;
    }
}
