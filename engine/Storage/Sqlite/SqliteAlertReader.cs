using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Surveillance.Alerting;
using Surveillance.Messages;
using Surveillance.Review;

namespace Surveillance.Storage.Sqlite;

/// <summary>Reads alerts out of <c>work.db</c> by key, never by offset.</summary>
/// <param name="database">The file.</param>
public sealed class SqliteAlertReader(IWorkDatabase database) : IAlertReader
{
    internal const string Columns =
        "a.alert, a.id, a.version, a.rule, a.rule_title, a.rule_version, a.family, a.severity, a.status, a.disposition, a.reason, a.standing, a.channel, a.conversation, a.count, a.opened_at, a.last_sent_at, a.assignee, a.snippet_message, a.snippet_evidence, a.run";

    /// <inheritdoc />
    public ValueTask<AlertPage?> PageAsync(AlertFilter filter, AlertSort sort, string? after, int count, CancellationToken cancel)
    {
        Place? place = null;
        if (after is not null)
        {
            place = Place.Read(after, filter, sort);
            if (place is null)
            {
                return ValueTask.FromResult<AlertPage?>(null);
            }
        }
        return ValueTask.FromResult<AlertPage?>(database.Read(connection =>
        {
            using var command = connection.CreateCommand();
            var where = Where(command, filter);
            if (place is { } p)
            {
                where += After(command, p, sort);
            }
            command.CommandText = $"SELECT {Columns} FROM alerts a WHERE {where} ORDER BY {Order(sort, forward: true)} LIMIT $limit";
            command.Parameters.AddWithValue("$limit", count + 1);
            var rows = new List<(long Number, AlertRow Row)>();
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                rows.Add((reader.GetInt64(0), ToRow(reader)));
            }
            string? next = null;
            if (rows.Count > count)
            {
                rows.RemoveAt(count);
                next = Place.Of(rows[^1].Number, rows[^1].Row).Write(filter, sort);
            }
            return new AlertPage([.. rows.Select(r => r.Row)], next);
        }));
    }

    /// <inheritdoc />
    public ValueTask<int> CountAsync(AlertFilter filter, CancellationToken cancel) => ValueTask.FromResult(database.Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM (SELECT 1 FROM alerts a WHERE {Where(command, filter)} LIMIT {IAlertReader.CountLimit})";
        return (int)(long)command.ExecuteScalar()!;
    }));

    /// <inheritdoc />
    public ValueTask<AlertDetail?> FindAsync(OpaqueId id, CancellationToken cancel) => ValueTask.FromResult(database.Read(connection =>
    {
        long number;
        AlertRow row;
        OpaqueId? predecessor;
        using (var command = Sql.Command(connection, $"SELECT {Columns}, p.id FROM alerts a LEFT JOIN alerts p ON p.alert = a.predecessor WHERE a.id = $id", ("$id", id.ToBytes())))
        using (var reader = command.ExecuteReader())
        {
            if (!reader.Read())
            {
                return null;
            }
            number = reader.GetInt64(0);
            row = ToRow(reader);
            predecessor = reader.IsDBNull(21) ? null : OpaqueId.FromBytes((byte[])reader[21]);
        }
        return new AlertDetail(row, Members(connection, number), Events(connection, number), predecessor);
    }));

    /// <inheritdoc />
    public ValueTask<AlertNeighbours> NeighboursAsync(OpaqueId id, AlertFilter filter, AlertSort sort, CancellationToken cancel) => ValueTask.FromResult(database.Read(connection =>
    {
        Place place;
        using (var command = Sql.Command(connection, $"SELECT {Columns} FROM alerts a WHERE a.id = $id", ("$id", id.ToBytes())))
        using (var reader = command.ExecuteReader())
        {
            if (!reader.Read())
            {
                return new AlertNeighbours(null, null);
            }
            place = Place.Of(reader.GetInt64(0), ToRow(reader));
        }
        return new AlertNeighbours(Beside(forward: false), Beside(forward: true));

        OpaqueId? Beside(bool forward)
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT a.id FROM alerts a WHERE {Where(command, filter)}{After(command, place, sort, forward)} ORDER BY {Order(sort, forward)} LIMIT 1";
            return command.ExecuteScalar() is byte[] found ? OpaqueId.FromBytes(found) : null;
        }
    }));

    /// <inheritdoc />
    public ValueTask<IReadOnlyDictionary<long, IReadOnlyList<OpaqueId>>> AlertsOfAsync(IReadOnlyCollection<long> positions, CancellationToken cancel) =>
        ValueTask.FromResult<IReadOnlyDictionary<long, IReadOnlyList<OpaqueId>>>(database.Read(connection =>
        {
            var found = new Dictionary<long, IReadOnlyList<OpaqueId>>();
            using var command = Sql.Command(
                connection, "SELECT DISTINCT a.alert, a.id FROM matches m JOIN alerts a ON a.alert = m.alert WHERE m.position = $position ORDER BY a.alert", ("$position", 0L));
            foreach (var position in positions)
            {
                command.Parameters[0].Value = position;
                var alerts = new List<OpaqueId>();
                using var reader = command.ExecuteReader();
                while (reader.Read())
                {
                    alerts.Add(OpaqueId.FromBytes((byte[])reader[1]));
                }
                if (alerts.Count > 0)
                {
                    found[position] = alerts;
                }
            }
            return found;
        }));

    internal static AlertRow ToRow(SqliteDataReader reader) => new()
    {
        Id = OpaqueId.FromBytes((byte[])reader[1]),
        Version = reader.GetInt32(2),
        RuleId = reader.GetString(3),
        RuleTitle = reader.GetString(4),
        RuleVersion = reader.GetInt32(5),
        Family = reader.GetString(6),
        Severity = (Severity)reader.GetInt32(7),
        Status = (AlertStatus)reader.GetInt32(8),
        Disposition = reader.IsDBNull(9) ? null : (Disposition)reader.GetInt32(9),
        Reason = reader.IsDBNull(10) ? null : reader.GetString(10),
        Standing = (Standing)reader.GetInt32(11),
        Channel = (Channel)reader.GetInt32(12),
        Conversation = OpaqueId.FromBytes((byte[])reader[13]),
        Count = reader.GetInt32(14),
        OpenedAt = Sql.Time(reader.GetInt64(15)),
        LastSentAt = Sql.Time(reader.GetInt64(16)),
        Assignee = reader.IsDBNull(17) ? null : reader.GetString(17),
        SnippetMessage = OpaqueId.FromBytes((byte[])reader[18]),
        SnippetEvidence = JsonSerializer.Deserialize<EvidenceSpan[]>(reader.GetString(19), Sql.Json)!,
        Run = reader.IsDBNull(20) ? null : reader.GetInt64(20),
    };

    private static List<AlertMember> Members(SqliteConnection connection, long alert)
    {
        using var command = Sql.Command(
            connection,
            "SELECT * FROM (SELECT message, position, rule, rule_version, evidence, proof, standing, late, match, run FROM matches WHERE alert = $alert ORDER BY position DESC, match DESC LIMIT 200) ORDER BY position, match",
            ("$alert", alert));
        using var reader = command.ExecuteReader();
        var members = new List<AlertMember>();
        while (reader.Read())
        {
            members.Add(new AlertMember(
                OpaqueId.FromBytes((byte[])reader[0]), reader.GetInt64(1), reader.GetString(2), reader.GetInt32(3),
                JsonSerializer.Deserialize<EvidenceSpan[]>(reader.GetString(4), Sql.Json)!, MatchProof.FromJson(reader.GetString(5)),
                (Standing)reader.GetInt32(6), reader.GetInt32(7) == 1, reader.IsDBNull(9) ? null : reader.GetInt64(9)));
        }
        return members;
    }

    private static List<AlertEvent> Events(SqliteConnection connection, long alert)
    {
        using var command = Sql.Command(
            connection,
            "SELECT * FROM (SELECT sequence, at, actor, kind, status, disposition, reason, note, escalated_to, message, run FROM alert_events WHERE alert = $alert ORDER BY sequence DESC LIMIT 500) ORDER BY sequence",
            ("$alert", alert));
        using var reader = command.ExecuteReader();
        var events = new List<AlertEvent>();
        while (reader.Read())
        {
            events.Add(new AlertEvent(
                reader.GetInt64(0), Sql.Time(reader.GetInt64(1)), Text(2), (AlertEventKind)reader.GetInt32(3), (AlertStatus)reader.GetInt32(4),
                reader.IsDBNull(5) ? null : (Disposition)reader.GetInt32(5), Text(6), Text(7), Text(8), reader.IsDBNull(9) ? null : OpaqueId.FromBytes((byte[])reader[9]),
                reader.IsDBNull(10) ? null : reader.GetInt64(10)));
        }
        return events;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    /// <summary>The condition of a filter; an empty list asks for any value, written out for the statuses so that the indexes serve.</summary>
    private static string Where(SqliteCommand command, AlertFilter filter)
    {
        var conditions = new List<string>
        {
            In("a.status", filter.Statuses.Count == 0 ? [.. Enum.GetValues<AlertStatus>().Cast<object>()] : [.. filter.Statuses.Cast<object>()]),
        };
        if (filter.Severities.Count > 0) { conditions.Add(In("a.severity", [.. filter.Severities.Cast<object>()])); }
        if (filter.Rules.Count > 0) { conditions.Add(In("a.rule", [.. filter.Rules])); }
        if (filter.Channels.Count > 0) { conditions.Add(In("a.channel", [.. filter.Channels.Cast<object>()])); }
        // Written as a number, so that the index of the few that are no longer raised serves.
        if (filter.Standings.Distinct().ToArray() is [var standing]) { conditions.Add(string.Create(CultureInfo.InvariantCulture, $"a.standing = {(int)standing}")); }
        return string.Join(" AND ", conditions);

        string In(string column, object[] values) => $"{column} IN ({string.Join(',', values.Select(value =>
        {
            var name = "$f" + command.Parameters.Count.ToString(CultureInfo.InvariantCulture);
            command.Parameters.AddWithValue(name, value is string ? value : Convert.ToInt64(value, CultureInfo.InvariantCulture));
            return name;
        }))})";
    }

    private static string After(SqliteCommand command, Place place, AlertSort sort, bool forward = true)
    {
        command.Parameters.AddWithValue("$opened", place.OpenedAt);
        command.Parameters.AddWithValue("$alert", place.Alert);
        var sign = forward ? '<' : '>';
        if (sort == AlertSort.Newest)
        {
            return $" AND (a.opened_at, a.alert) {sign} ($opened, $alert)";
        }
        command.Parameters.AddWithValue("$severity", place.Severity);
        return $" AND (a.severity, a.opened_at, a.alert) {sign} ($severity, $opened, $alert)";
    }

    private static string Order(AlertSort sort, bool forward)
    {
        var way = forward ? "DESC" : "ASC";
        return sort == AlertSort.Newest ? $"a.opened_at {way}, a.alert {way}" : $"a.severity {way}, a.opened_at {way}, a.alert {way}";
    }

    /// <summary>A row's place in the orders; as a cursor it is bound to filter and order.</summary>
    private readonly record struct Place(int Severity, long OpenedAt, long Alert)
    {
        public static Place Of(long number, AlertRow row) => new((int)row.Severity, row.OpenedAt.UtcTicks, number);

        public string Write(AlertFilter filter, AlertSort sort) =>
            Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Key(filter, sort)}.{Severity}.{OpenedAt}.{Alert}"))).Replace('+', '-').Replace('/', '_').TrimEnd('=');

        public static Place? Read(string cursor, AlertFilter filter, AlertSort sort)
        {
            if (cursor.Length > 200)
            {
                return null;
            }
            var bytes = new byte[200];
            var padded = cursor.Replace('-', '+').Replace('_', '/').PadRight((cursor.Length + 3) / 4 * 4, '=');
            if (!Convert.TryFromBase64String(padded, bytes, out var length))
            {
                return null;
            }
            var parts = Encoding.ASCII.GetString(bytes, 0, length).Split('.');
            return parts.Length == 4 && parts[0] == Key(filter, sort)
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var severity)
                && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var opened)
                && long.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var alert)
                ? new Place(severity, opened, alert)
                : null;
        }

        private static string Key(AlertFilter filter, AlertSort sort)
        {
            var text = $"{sort}|{string.Join(',', filter.Statuses)}|{string.Join(',', filter.Severities)}|{string.Join(',', filter.Rules)}|{string.Join(',', filter.Channels)}|{string.Join(',', filter.Standings)}";
            return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)), 0, 6);
        }
    }
}
