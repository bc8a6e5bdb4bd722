using Microsoft.Data.Sqlite;
using Surveillance.Alerting;
using Surveillance.Audit;
using Surveillance.Messages;
using Surveillance.Pipeline;
using Surveillance.Review;

namespace Surveillance.Storage.Sqlite;

/// <summary>The pipeline's results in <c>work.db</c>.</summary>
/// <param name="database">The file.</param>
/// <param name="ids">Makes the ids of this data folder.</param>
/// <param name="time">The clock of events.</param>
public sealed class SqliteWorkStore(IWorkDatabase database, IdMaker ids, TimeProvider time) : IWorkStore
{
    /// <summary>Creates the tables that are not there yet.</summary>
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS checkpoints(partition INTEGER PRIMARY KEY, position INTEGER NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS evaluations(
          position INTEGER PRIMARY KEY, known_to INTEGER NOT NULL, activation INTEGER NOT NULL, hits TEXT, not_evaluated TEXT) STRICT;
        CREATE TABLE IF NOT EXISTS opt_outs(position INTEGER PRIMARY KEY) STRICT;
        CREATE TABLE IF NOT EXISTS consent_lookups(person BLOB NOT NULL, sent_at INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY(person, sent_at, position)) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS quarantine(
          position INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, conversation BLOB NOT NULL, channel INTEGER NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL,
          since INTEGER NOT NULL, tries INTEGER NOT NULL, last_try INTEGER NOT NULL, retryable INTEGER NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS activations(position INTEGER PRIMARY KEY, revision TEXT NOT NULL, at INTEGER NOT NULL, missing_models TEXT NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS matches(
          match INTEGER PRIMARY KEY, position INTEGER NOT NULL, rule TEXT NOT NULL, evidence_key TEXT NOT NULL, message BLOB NOT NULL, rule_version INTEGER NOT NULL,
          known_to INTEGER NOT NULL, alert INTEGER NOT NULL, standing INTEGER NOT NULL, late INTEGER NOT NULL, found_at INTEGER NOT NULL, evidence TEXT NOT NULL, proof TEXT NOT NULL, run INTEGER,
          UNIQUE(position, rule, evidence_key)) STRICT;
        CREATE INDEX IF NOT EXISTS matches_by_alert ON matches(alert, position);
        CREATE INDEX IF NOT EXISTS matches_by_rule ON matches(rule, found_at);
        CREATE TABLE IF NOT EXISTS alerts(
          alert INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, version INTEGER NOT NULL, rule TEXT NOT NULL, rule_version INTEGER NOT NULL, rule_title TEXT NOT NULL,
          family TEXT NOT NULL, severity INTEGER NOT NULL, status INTEGER NOT NULL, disposition INTEGER, reason TEXT, standing INTEGER NOT NULL, channel INTEGER NOT NULL,
          conversation BLOB NOT NULL, group_key BLOB NOT NULL, first_sent_at INTEGER NOT NULL, last_sent_at INTEGER NOT NULL, opened_at INTEGER NOT NULL,
          changed_at INTEGER NOT NULL, changed_by TEXT, count INTEGER NOT NULL, assignee TEXT, predecessor INTEGER,
          snippet_message BLOB NOT NULL, snippet_evidence TEXT NOT NULL, run INTEGER) STRICT;
        CREATE INDEX IF NOT EXISTS alerts_open_by_group ON alerts(rule, group_key, alert) WHERE status <> 3;
        CREATE INDEX IF NOT EXISTS alerts_closed_by_group ON alerts(rule, group_key, alert) WHERE status = 3;
        CREATE INDEX IF NOT EXISTS alerts_by_priority ON alerts(status, severity DESC, opened_at DESC, alert DESC);
        CREATE INDEX IF NOT EXISTS alerts_by_time ON alerts(status, opened_at DESC, alert DESC);
        CREATE INDEX IF NOT EXISTS alerts_no_longer_raised ON alerts(status, severity DESC, opened_at DESC, alert DESC) WHERE standing = 1;
        CREATE INDEX IF NOT EXISTS alerts_by_rule ON alerts(rule, opened_at);
        CREATE TABLE IF NOT EXISTS alert_events(
          sequence INTEGER PRIMARY KEY AUTOINCREMENT, alert INTEGER NOT NULL, at INTEGER NOT NULL, actor TEXT, kind INTEGER NOT NULL, status INTEGER NOT NULL,
          disposition INTEGER, reason TEXT, note TEXT, escalated_to TEXT, message BLOB, undo_token BLOB, undone INTEGER NOT NULL DEFAULT 0, run INTEGER) STRICT;
        CREATE INDEX IF NOT EXISTS alert_events_by_alert ON alert_events(alert, sequence);
        CREATE TABLE IF NOT EXISTS rule_judgements(position INTEGER NOT NULL, rule TEXT NOT NULL, activation INTEGER NOT NULL, PRIMARY KEY(position, rule)) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS channel_hours(
          channel INTEGER NOT NULL, hour INTEGER NOT NULL, messages INTEGER NOT NULL, last_received INTEGER NOT NULL, PRIMARY KEY(channel, hour)) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS undo_states(sequence INTEGER PRIMARY KEY, before TEXT NOT NULL) STRICT;
        """;

    /// <summary>Adds what files of earlier versions lack.</summary>
    /// <param name="connection">The writer, before anything is written.</param>
    internal static void Upgrade(SqliteConnection connection)
    {
        foreach (var table in new[] { "matches", "alerts", "alert_events" })
        {
            SqliteFiles.EnsureColumn(connection, table, "run", "INTEGER");
        }
    }

    private readonly PreparedStatements _statements = new();

    /// <inheritdoc />
    public IReadOnlyList<long> ReadCheckpoints() => database.Read(connection =>
    {
        var checkpoints = new long[64];
        using var command = Sql.Command(connection, "SELECT partition, position FROM checkpoints");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            checkpoints[reader.GetInt32(0)] = reader.GetInt64(1);
        }
        return checkpoints;
    });

    /// <inheritdoc />
    public async ValueTask<CommitResult> CommitAsync(WorkBatch batch, CancellationToken cancel) =>
        await database.WriteAsync((connection, transaction) => new Writer(connection, transaction, _statements, ids, time.GetUtcNow()).Store(batch), cancel).ConfigureAwait(false);

    /// <inheritdoc />
    public async ValueTask AdvanceAsync(IReadOnlyList<int> partitions, long checkpoint, CancellationToken cancel) =>
        await database.WriteAsync((connection, transaction) =>
        {
            foreach (var partition in partitions)
            {
                Sql.Execute(connection, transaction, SetCheckpoint, ("$partition", partition), ("$position", checkpoint));
            }
            return 0;
        }, cancel).ConfigureAwait(false);

    /// <inheritdoc />
    public async ValueTask RecordActivationAsync(ActivatedRevision activation, CancellationToken cancel) =>
        await database.WriteAsync((connection, transaction) =>
        {
            var added = Sql.Execute(
                connection, transaction, "INSERT OR IGNORE INTO activations(position, revision, at, missing_models) VALUES($position, $revision, $at, $missing)",
                ("$position", activation.Position), ("$revision", activation.Revision), ("$at", activation.At.UtcTicks), ("$missing", string.Join(',', activation.MissingModels)));
            if (added > 0)
            {
                SqliteAuditLog.Append(connection, transaction, new AuditEntry("system", "rules.activate", "revision:" + activation.Revision, null, activation.At));
            }
            return added;
        }, cancel).ConfigureAwait(false);

    /// <inheritdoc />
    public IReadOnlyList<ActivatedRevision> ReadActivations(int max) => database.Read(connection =>
    {
        using var command = Sql.Command(connection, "SELECT position, revision, at, missing_models FROM activations ORDER BY position DESC LIMIT $max", ("$max", max));
        using var reader = command.ExecuteReader();
        var activations = new List<ActivatedRevision>();
        while (reader.Read())
        {
            activations.Add(new ActivatedRevision(
                reader.GetInt64(0), reader.GetString(1), Sql.Time(reader.GetInt64(2)), reader.GetString(3).Split(',', StringSplitOptions.RemoveEmptyEntries)));
        }
        return activations;
    });

    /// <inheritdoc />
    public IReadOnlyDictionary<string, RuleFigures> ReadRuleFigures(DateTimeOffset since) => database.Read(connection =>
    {
        using var command = Sql.Command(
            connection,
            "SELECT m.rule, max(m.found_at), (SELECT count(*) FROM alerts a WHERE a.rule = m.rule AND a.opened_at >= $since) FROM matches m GROUP BY m.rule",
            ("$since", since.UtcTicks));
        using var reader = command.ExecuteReader();
        var figures = new Dictionary<string, RuleFigures>(StringComparer.Ordinal);
        while (reader.Read())
        {
            figures[reader.GetString(0)] = new RuleFigures(Sql.Time(reader.GetInt64(1)), reader.GetInt32(2));
        }
        return figures;
    });

    /// <inheritdoc />
    public IReadOnlyList<long> FindConsentLookups(OpaqueId person, DateTimeOffset sentFrom, long after, long before, int max) => database.Read(connection =>
    {
        using var command = Sql.Command(
            connection,
            "SELECT position FROM consent_lookups WHERE person = $person AND sent_at >= $from AND position > $after AND position < $before ORDER BY position LIMIT $max",
            ("$person", person.ToBytes()), ("$from", sentFrom.UtcTicks), ("$after", after), ("$before", before), ("$max", max));
        return Sql.Numbers(command);
    });

    /// <inheritdoc />
    public IReadOnlyList<OpaqueId> ReadConsentLookupPersons() => database.Read(connection =>
    {
        using var command = Sql.Command(connection, "SELECT DISTINCT person FROM consent_lookups");
        using var reader = command.ExecuteReader();
        var persons = new List<OpaqueId>();
        while (reader.Read())
        {
            persons.Add(OpaqueId.FromBytes((byte[])reader[0]));
        }
        return persons;
    });

    /// <inheritdoc />
    public IReadOnlyList<long> ReadOptOuts(long upTo) => database.Read(connection =>
    {
        using var command = Sql.Command(connection, "SELECT position FROM opt_outs WHERE position <= $upTo ORDER BY position", ("$upTo", upTo));
        return Sql.Numbers(command);
    });

    /// <inheritdoc />
    public string? ReadHits(long position) => database.Read(connection =>
    {
        using var command = Sql.Command(connection, "SELECT hits FROM evaluations WHERE position = $position", ("$position", position));
        return command.ExecuteScalar() as string;
    });

    private const string SetCheckpoint =
        "INSERT INTO checkpoints(partition, position) VALUES($partition, $position) ON CONFLICT(partition) DO UPDATE SET position = max(position, excluded.position)";

    /// <summary>Stores one batch inside the writer's transaction.</summary>
    private sealed class Writer(SqliteConnection connection, SqliteTransaction transaction, PreparedStatements statements, IdMaker ids, DateTimeOffset now)
    {
        private readonly MatchWriter _matches = new(connection, transaction, statements, ids, now);

        public CommitResult Store(WorkBatch batch)
        {
            foreach (var judged in batch.Judged)
            {
                if (judged.OptOut)
                {
                    Execute("INSERT OR IGNORE INTO opt_outs(position) VALUES($position)", ("$position", judged.Position));
                }
                if (judged.Quarantine is { } reason)
                {
                    Quarantine(judged, reason);
                    continue;
                }
                if (judged.Again)
                {
                    Execute("DELETE FROM quarantine WHERE position = $position", ("$position", judged.Position));
                    Execute("DELETE FROM rule_judgements WHERE position = $position AND activation <= $activation", ("$position", judged.Position), ("$activation", judged.Activation));
                    MarkLost(judged);
                }
                StoreEvaluation(judged);
                foreach (var match in judged.Matches)
                {
                    _matches.Raise(match, judged.KnownTo, judged.Again, run: null);
                }
                foreach (var person in judged.ConsentLookups)
                {
                    Execute(
                        "INSERT OR IGNORE INTO consent_lookups(person, sent_at, position) VALUES($person, $sent, $position)",
                        ("$person", person.ToBytes()), ("$sent", judged.SentAt.UtcTicks), ("$position", judged.Position));
                }
            }
            CountPerHour(batch.Judged);
            Execute(SetCheckpoint, ("$partition", batch.Partition), ("$position", batch.Checkpoint));
            return new CommitResult(_matches.LastEvent) { NewMatches = _matches.New };
        }

        /// <summary>Counts messages judged for the first time by channel and hour of their coming, for people to see when a source falls silent.</summary>
        private void CountPerHour(IReadOnlyList<JudgedMessage> judged)
        {
            var hours = new Dictionary<(int Channel, long Hour), (int Messages, long Last)>();
            foreach (var message in judged)
            {
                if (message is { ReceivedAt: { } received, Again: false })
                {
                    ref var hour = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(hours, ((int)message.Channel, received.UtcTicks / TimeSpan.TicksPerHour), out _);
                    hour = (hour.Messages + 1, Math.Max(hour.Last, received.UtcTicks));
                }
            }
            foreach (var ((channel, hour), (messages, last)) in hours)
            {
                Execute(
                    """
                    INSERT INTO channel_hours(channel, hour, messages, last_received) VALUES($channel, $hour, $messages, $last)
                    ON CONFLICT(channel, hour) DO UPDATE SET messages = messages + excluded.messages, last_received = max(last_received, excluded.last_received)
                    """,
                    ("$channel", channel), ("$hour", hour), ("$messages", messages), ("$last", last));
            }
        }

        private void Quarantine(JudgedMessage judged, QuarantineReason reason) => Execute(
            """
            INSERT INTO quarantine(position, id, conversation, channel, reason, detail, since, tries, last_try, retryable)
            VALUES($position, $id, $conversation, $channel, $reason, $detail, $now, 1, $now, $retryable)
            ON CONFLICT(position) DO UPDATE SET reason = excluded.reason, detail = excluded.detail, tries = tries + $again,
              last_try = iif($again, excluded.last_try, last_try), retryable = excluded.retryable
            """,
            ("$position", judged.Position), ("$id", judged.Id.ToBytes()), ("$conversation", judged.Conversation.ToBytes()), ("$channel", (int)judged.Channel),
            ("$reason", reason.Code), ("$detail", reason.Detail), ("$now", now.UtcTicks), ("$retryable", reason.Retryable ? 1 : 0),
            ("$again", judged.Again ? 1 : 0));

        private void StoreEvaluation(JudgedMessage judged) => Execute(
            """
            INSERT INTO evaluations(position, known_to, activation, hits, not_evaluated) VALUES($position, $known, $activation, $hits, $not)
            ON CONFLICT(position) DO UPDATE SET known_to = excluded.known_to, activation = excluded.activation, hits = excluded.hits, not_evaluated = excluded.not_evaluated
            """,
            ("$position", judged.Position), ("$known", judged.KnownTo), ("$activation", judged.Activation),
            ("$hits", judged.Hits), ("$not", judged.NotEvaluated.Count == 0 ? null : string.Join(',', judged.NotEvaluated)));

        /// <summary>Matches of a message judged again that the newer answer lacks no longer hold, unless nobody can tell; nothing is taken away.</summary>
        private void MarkLost(JudgedMessage judged)
        {
            foreach (var stored in _matches.Read(judged.Position))
            {
                if (stored.Stands && !judged.Matches.Any(m => m.Rule == stored.Rule && m.EvidenceKey == stored.EvidenceKey) && !judged.NotEvaluated.Contains(stored.Rule))
                {
                    _matches.Undo(stored, judged.Id, judged.KnownTo, run: null);
                }
            }
        }

        private int Execute(string sql, params ReadOnlySpan<(string, object?)> parameters) =>
            statements.Get(connection, transaction, sql, parameters).ExecuteNonQuery();

    }
}
