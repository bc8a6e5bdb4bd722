using System.Globalization;
using Microsoft.Data.Sqlite;
using Surveillance.Alerting;
using Surveillance.Messages;
using Surveillance.Rescan;

namespace Surveillance.Storage.Sqlite;

/// <summary>What rescans found, and how far they are, in <c>work.db</c>.</summary>
/// <param name="database">The file.</param>
/// <param name="ids">Makes the ids of this data folder.</param>
/// <param name="time">The clock of events.</param>
public sealed class SqliteRescanStore(IWorkDatabase database, IdMaker ids, TimeProvider time) : IRescanStore
{
    /// <summary>Creates the tables that are not there yet.</summary>
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS rescan_rules(
          run INTEGER NOT NULL, rule TEXT NOT NULL, gained INTEGER NOT NULL, lost INTEGER NOT NULL, kept INTEGER NOT NULL, decided INTEGER NOT NULL, not_evaluated INTEGER NOT NULL,
          PRIMARY KEY(run, rule)) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS rescan_changes(
          number INTEGER PRIMARY KEY, run INTEGER NOT NULL, kind INTEGER NOT NULL, rule TEXT NOT NULL, position INTEGER NOT NULL, message BLOB NOT NULL,
          evidence_key TEXT NOT NULL, alert INTEGER, UNIQUE(run, position, rule, evidence_key)) STRICT;
        CREATE INDEX IF NOT EXISTS rescan_changes_by_run ON rescan_changes(run, number);
        CREATE TABLE IF NOT EXISTS rescan_failures(
          run INTEGER NOT NULL, position INTEGER NOT NULL, message BLOB NOT NULL, detail TEXT NOT NULL, tries INTEGER NOT NULL, PRIMARY KEY(run, position)) STRICT, WITHOUT ROWID;
        """;

    /// <summary>The row of <c>run_parts</c> that speaks for every partition.</summary>
    private const int AllParts = -1;

    private readonly PreparedStatements _statements = new();

    /// <inheritdoc />
    public IReadOnlyList<long> ReadCursors(long run) => database.Read(connection =>
    {
        var cursors = new long[64];
        foreach (var (part, position) in connection.Query(
            null, "SELECT part, position FROM run_parts WHERE run = $run ORDER BY part", row => (row.GetInt32(0), row.GetInt64(1)), ("$run", run)))
        {
            if (part == AllParts) { Array.Fill(cursors, position); }
            else { cursors[part] = Math.Max(cursors[part], position); }
        }
        return cursors;
    });

    /// <inheritdoc />
    public async ValueTask AdvanceAsync(long run, long position, CancellationToken cancel) =>
        await database.WriteAsync((connection, transaction) => Part(connection, transaction, _statements, run, AllParts, position, 0, 0, 0), cancel).ConfigureAwait(false);

    /// <inheritdoc />
    public IReadOnlyDictionary<long, StoredJudgement> ReadJudgements(IReadOnlyList<long> positions) => database.Read(connection =>
    {
        var judgements = new Dictionary<long, StoredJudgement>(positions.Count);
        using var evaluation = Sql.Command(
            connection,
            "SELECT e.activation, e.hits, e.not_evaluated, EXISTS(SELECT 1 FROM rule_judgements r WHERE r.position = e.position), EXISTS(SELECT 1 FROM quarantine q WHERE q.position = e.position) FROM evaluations e WHERE e.position = $position",
            ("$position", 0L));
        foreach (var position in positions)
        {
            evaluation.Parameters[0].Value = position;
            using var row = evaluation.ExecuteReader();
            if (row.Read() && row.GetInt64(4) == 0)
            {
                var rules = row.GetInt64(3) == 0 ? NoRules : ReadRules(connection, position);
                judgements[position] = new StoredJudgement(position, new JudgedBy(row.GetInt64(0), rules), row.TextOrNull(1), row.TextOrNull(2)?.Split(',') ?? []);
            }
        }
        return judgements;
    });

    /// <inheritdoc />
    public JudgedBy? FindJudgedBy(long position) => database.Read(connection =>
        connection.Query(null, "SELECT activation FROM evaluations WHERE position = $position", row => row.GetInt64(0), ("$position", position)) is [var activation]
            ? new JudgedBy(activation, ReadRules(connection, position)) : null);

    /// <inheritdoc />
    public async ValueTask FailAsync(long run, long position, string detail, CancellationToken cancel) =>
        await database.WriteAsync((connection, transaction) =>
        {
            var added = Sql.Execute(
                connection, transaction, "INSERT OR IGNORE INTO rescan_failures(run, position, message, detail, tries) VALUES($run, $position, $message, $detail, 1)",
                ("$run", run), ("$position", position), ("$message", default(OpaqueId).ToBytes()), ("$detail", detail));
            return added == 0 ? 0 : Part(connection, transaction, _statements, run, AllParts, position, 0, 0, 1);
        }, cancel).ConfigureAwait(false);

    /// <inheritdoc />
    public async ValueTask<CommitResult> CommitAsync(RescanBatch batch, CancellationToken cancel) =>
        await database.WriteAsync((connection, transaction) => new Writer(connection, transaction, _statements, ids, time.GetUtcNow(), batch).Store(), cancel).ConfigureAwait(false);

    /// <inheritdoc />
    public IReadOnlyList<RescanRuleResult> ReadRules(long run) => database.Read(connection => connection.Query(
        null, "SELECT rule, gained, lost, kept, decided, not_evaluated FROM rescan_rules WHERE run = $run ORDER BY rule",
        row => new RescanRuleResult(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5)), ("$run", run)));

    /// <inheritdoc />
    public IReadOnlyList<RescanChange> ReadChanges(long run, RescanChangeKind? kind, string? rule, long after, int max) => database.Read(connection => connection.Query(
        null,
        """
        SELECT c.number, c.kind, c.rule, c.position, c.message, c.evidence_key, a.id FROM rescan_changes c LEFT JOIN alerts a ON a.alert = c.alert
        WHERE c.run = $run AND c.number > $after AND ($kind IS NULL OR c.kind = $kind) AND ($rule IS NULL OR c.rule = $rule) ORDER BY c.number LIMIT $max
        """,
        row => new RescanChange(
            row.GetInt64(0), (RescanChangeKind)row.GetInt32(1), row.GetString(2), row.GetInt64(3), OpaqueId.FromBytes((byte[])row[4]), row.GetString(5),
            row.IsDBNull(6) ? null : OpaqueId.FromBytes((byte[])row[6])),
        ("$run", run), ("$after", after), ("$kind", kind is { } k ? (int)k : null), ("$rule", rule), ("$max", max)));

    /// <inheritdoc />
    public IReadOnlyList<RescanFailure> ReadFailures(long run, long after, int max) => database.Read(connection => connection.Query(
        null, "SELECT position, message, detail, tries FROM rescan_failures WHERE run = $run AND position > $after ORDER BY position LIMIT $max",
        row => new RescanFailure(row.GetInt64(0), OpaqueId.FromBytes((byte[])row[1]), row.GetString(2), row.GetInt32(3)), ("$run", run), ("$after", after), ("$max", max)));

    /// <inheritdoc />
    public IReadOnlyList<string> ReadMatchedRules() => database.Read(connection => connection.Query(null, "SELECT DISTINCT rule FROM matches ORDER BY rule", row => row.GetString(0)));

    private static readonly Dictionary<string, long> NoRules = [];

    private static Dictionary<string, long> ReadRules(SqliteConnection connection, long position) => connection.Query(
        null, "SELECT rule, activation FROM rule_judgements WHERE position = $position", row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1)), ("$position", position))
        .ToDictionary(StringComparer.Ordinal);

    private static int Part(
        SqliteConnection connection, SqliteTransaction transaction, PreparedStatements statements, long run, int part, long position, long done, long skipped, long failed) =>
        statements.Get(
            connection, transaction,
            """
            INSERT INTO run_parts(run, part, position, done, skipped, failed) VALUES($run, $part, $position, $done, $skipped, $failed)
            ON CONFLICT(run, part) DO UPDATE SET position = max(position, excluded.position), done = done + excluded.done, skipped = skipped + excluded.skipped, failed = failed + excluded.failed
            """,
            [("$run", run), ("$part", part), ("$position", position), ("$done", done), ("$skipped", skipped), ("$failed", failed)]).ExecuteNonQuery();

    /// <summary>Stores one batch inside the writer's transaction.</summary>
    private sealed class Writer(SqliteConnection connection, SqliteTransaction transaction, PreparedStatements statements, IdMaker ids, DateTimeOffset now, RescanBatch batch)
    {
        private readonly MatchWriter _matches = new(connection, transaction, statements, ids, now);
        private readonly SortedDictionary<string, Counts> _rules = new(StringComparer.Ordinal);

        public CommitResult Store()
        {
            long done = batch.Unchanged, skipped = batch.Skipped, failed = 0;
            foreach (var message in batch.Messages)
            {
                if (message.Failure is { } reason)
                {
                    Fail(message, reason);
                    failed++;
                    continue;
                }
                Compare(message);
                if (!batch.DryRun)
                {
                    Note(message);
                }
                done++;
            }
            if (batch.IsRetry)
            {
                var settled = Settled();
                skipped = Math.Min(skipped, settled);
                (done, failed) = (settled - skipped, -settled);
            }
            Part(connection, transaction, statements, batch.Run, batch.Partition, batch.IsRetry ? 0 : batch.Through, done, skipped, failed);
            foreach (var (rule, counts) in _rules)
            {
                Execute(
                    """
                    INSERT INTO rescan_rules(run, rule, gained, lost, kept, decided, not_evaluated) VALUES($run, $rule, $gained, $lost, $kept, $decided, $open)
                    ON CONFLICT(run, rule) DO UPDATE SET gained = gained + excluded.gained, lost = lost + excluded.lost, kept = kept + excluded.kept,
                      decided = decided + excluded.decided, not_evaluated = not_evaluated + excluded.not_evaluated
                    """,
                    ("$run", batch.Run), ("$rule", rule), ("$gained", counts.Gained), ("$lost", counts.Lost), ("$kept", counts.Kept), ("$decided", counts.Decided), ("$open", counts.NotEvaluated));
            }
            return new CommitResult(_matches.LastEvent) { NewMatches = _matches.New };
        }

        private void Compare(RescannedMessage message)
        {
            var stored = _matches.Read(message.Position);
            var standing = stored.Where(s => s.Stands && message.Rules.Contains(s.Rule)).ToDictionary(s => (s.Rule, s.EvidenceKey));
            foreach (var match in message.Matches)
            {
                var counts = Of(match.Rule);
                if (standing.Remove((match.Rule, match.EvidenceKey), out var kept))
                {
                    counts.Kept++;
                    counts.Decided += kept.IsDecided ? 1 : 0;
                    continue;
                }
                counts.Gained++;
                long? alert = batch.DryRun ? null : _matches.Raise(match, message.KnownTo, late: false, batch.Run);
                Change(message, RescanChangeKind.Gained, match.Rule, match.EvidenceKey, alert);
            }
            foreach (var lost in standing.Values.OrderBy(s => s.Match))
            {
                var counts = Of(lost.Rule);
                if (message.NotEvaluated.Contains(lost.Rule))
                {
                    counts.NotEvaluated++;
                    continue;
                }
                counts.Lost++;
                counts.Decided += lost.IsDecided ? 1 : 0;
                if (!batch.DryRun)
                {
                    _matches.Undo(lost, message.Id, message.KnownTo, batch.Run);
                }
                Change(message, RescanChangeKind.Lost, lost.Rule, lost.EvidenceKey, lost.Alert);
            }
        }

        private Counts Of(string rule) => _rules.TryGetValue(rule, out var counts) ? counts : _rules[rule] = new Counts();

        private void Change(RescannedMessage message, RescanChangeKind kind, string rule, string evidenceKey, long? alert) => Execute(
            """
            INSERT INTO rescan_changes(run, kind, rule, position, message, evidence_key, alert) VALUES($run, $kind, $rule, $position, $message, $key, $alert)
            ON CONFLICT(run, position, rule, evidence_key) DO UPDATE SET kind = excluded.kind, alert = excluded.alert
            """,
            ("$run", batch.Run), ("$kind", (int)kind), ("$rule", rule), ("$position", message.Position), ("$message", message.Id.ToBytes()), ("$key", evidenceKey), ("$alert", alert));

        /// <summary>Notes by what the message is judged now.</summary>
        private void Note(RescannedMessage message)
        {
            var open = message.NotEvaluated.Count == 0 ? null : string.Join(',', message.NotEvaluated);
            if (message.IsWhole)
            {
                Execute(
                    "UPDATE evaluations SET activation = $activation, hits = iif($renewed, $hits, hits), not_evaluated = $not WHERE position = $position",
                    ("$activation", batch.Activation), ("$renewed", message.NewHits is null ? 0 : 1), ("$hits", message.NewHits), ("$not", open), ("$position", message.Position));
                Execute(
                    "DELETE FROM rule_judgements WHERE position = $position AND activation <= $activation", ("$position", message.Position), ("$activation", batch.Activation));
            }
            else
            {
                Execute("UPDATE evaluations SET not_evaluated = $not WHERE position = $position", ("$not", open), ("$position", message.Position));
                foreach (var rule in message.Rules)
                {
                    Execute(
                        """
                        INSERT INTO rule_judgements(position, rule, activation) VALUES($position, $rule, $activation)
                        ON CONFLICT(position, rule) DO UPDATE SET activation = max(activation, excluded.activation)
                        """,
                        ("$position", message.Position), ("$rule", rule), ("$activation", batch.Activation));
                }
            }
            foreach (var person in message.ConsentLookups)
            {
                Execute(
                    "INSERT OR IGNORE INTO consent_lookups(person, sent_at, position) VALUES($person, $sent, $position)",
                    ("$person", person.ToBytes()), ("$sent", message.SentAt.UtcTicks), ("$position", message.Position));
            }
        }

        /// <summary>Notes a message that could not be judged.</summary>
        private void Fail(RescannedMessage message, string reason) => Execute(
                """
                INSERT INTO rescan_failures(run, position, message, detail, tries) VALUES($run, $position, $message, $detail, 1)
                ON CONFLICT(run, position) DO UPDATE SET detail = excluded.detail, tries = tries + 1
                """,
                ("$run", batch.Run), ("$position", message.Position), ("$message", message.Id.ToBytes()), ("$detail", reason));

        /// <summary>Takes the messages of a retry that could be judged, or that are no longer for the run, out of the failures; gives their number.</summary>
        private int Settled()
        {
            var failing = batch.Messages.Where(m => m.Failure is not null).Select(m => m.Position).ToHashSet();
            return batch.Retried.Where(p => !failing.Contains(p)).Sum(p => Execute(
                "DELETE FROM rescan_failures WHERE run = $run AND position = $position", ("$run", batch.Run), ("$position", p)));
        }

        private int Execute(string sql, params ReadOnlySpan<(string, object?)> parameters) => statements.Get(connection, transaction, sql, parameters).ExecuteNonQuery();

        private sealed class Counts
        {
            public long Gained, Lost, Kept, Decided, NotEvaluated;
        }
    }
}
