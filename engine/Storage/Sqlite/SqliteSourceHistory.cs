using Surveillance.Health;
using Surveillance.Messages;

namespace Surveillance.Storage.Sqlite;

/// <summary>What came when from which channel, from <c>work.db</c>; the work store counts it with each batch.</summary>
/// <param name="database">The file.</param>
public sealed class SqliteSourceHistory(IWorkDatabase database) : ISourceHistory
{
    /// <inheritdoc />
    public IReadOnlyList<SourceActivity> Read(DateTimeOffset now, int hours)
    {
        var first = now.UtcTicks / TimeSpan.TicksPerHour - hours + 1;
        return database.Read(connection =>
        {
            var sources = new SortedDictionary<Channel, (long Last, long[] PerHour)>();
            using (var latest = Sql.Command(connection, "SELECT channel, max(last_received) FROM channel_hours GROUP BY channel"))
            using (var reader = latest.ExecuteReader())
            {
                while (reader.Read())
                {
                    sources[(Channel)reader.GetInt32(0)] = (reader.GetInt64(1), new long[hours]);
                }
            }
            using (var counts = Sql.Command(connection, "SELECT channel, hour, messages FROM channel_hours WHERE hour >= $first AND hour < $end", ("$first", first), ("$end", first + hours)))
            using (var reader = counts.ExecuteReader())
            {
                while (reader.Read())
                {
                    sources[(Channel)reader.GetInt32(0)].PerHour[reader.GetInt64(1) - first] = reader.GetInt64(2);
                }
            }
            return sources.Select(s => new SourceActivity(s.Key, Sql.Time(s.Value.Last), s.Value.PerHour)).ToArray();
        });
    }
}
