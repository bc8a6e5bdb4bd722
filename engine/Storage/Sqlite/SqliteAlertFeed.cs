using System.Runtime.CompilerServices;
using Surveillance.Messages;
using Surveillance.Review;

namespace Surveillance.Storage.Sqlite;

/// <summary>Tells of alert events after their commit: writers announce them, readers fetch them from <c>work.db</c>.</summary>
public sealed class SqliteAlertFeed : IAlertFeed
{
    private readonly IWorkDatabase _database;
    private long _current;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A feed over the events that are there.</summary>
    /// <param name="database">The file.</param>
    public SqliteAlertFeed(IWorkDatabase database)
    {
        _database = database;
        _current = database.Read(connection =>
        {
            using var command = Sql.Command(connection, "SELECT coalesce(max(sequence), 0) FROM alert_events");
            return (long)command.ExecuteScalar()!;
        });
    }

    /// <inheritdoc />
    public long Current => Volatile.Read(ref _current);

    /// <summary>Says that events up to a sequence are committed; 0 and what is known already change nothing.</summary>
    /// <param name="sequence">The sequence of the last one.</param>
    public void Announce(long sequence)
    {
        long known;
        while (sequence > (known = Current))
        {
            if (Interlocked.CompareExchange(ref _current, sequence, known) == known)
            {
                // Exchanged, not read and written: whoever waits on one that was replaced is woken by the one who replaced it.
                Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
                return;
            }
        }
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<AlertFeedItem> ReadAsync(long afterSequence, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var changed = Volatile.Read(ref _changed);
            foreach (var item in _database.Read(connection => Read(connection, afterSequence)))
            {
                cancel.ThrowIfCancellationRequested();
                yield return item;
                afterSequence = item.Sequence;
            }
            if (Current <= afterSequence)
            {
                await changed.Task.WaitAsync(cancel).ConfigureAwait(false);
            }
        }
    }

    private static List<AlertFeedItem> Read(Microsoft.Data.Sqlite.SqliteConnection connection, long after)
    {
        using var command = Sql.Command(
            connection,
            "SELECT e.sequence, a.id, e.kind, e.at, e.actor, e.status, a.severity, a.rule, a.channel FROM alert_events e JOIN alerts a USING(alert) WHERE e.sequence > $after ORDER BY e.sequence LIMIT 500",
            ("$after", after));
        using var reader = command.ExecuteReader();
        var items = new List<AlertFeedItem>();
        while (reader.Read())
        {
            items.Add(new AlertFeedItem(
                reader.GetInt64(0), OpaqueId.FromBytes((byte[])reader[1]), (AlertEventKind)reader.GetInt32(2), Sql.Time(reader.GetInt64(3)),
                reader.IsDBNull(4) ? null : reader.GetString(4), (AlertStatus)reader.GetInt32(5), (Severity)reader.GetInt32(6), reader.GetString(7), (Channel)reader.GetInt32(8)));
        }
        return items;
    }
}
