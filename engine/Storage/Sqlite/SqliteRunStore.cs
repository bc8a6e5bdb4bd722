using System.Globalization;
using Microsoft.Data.Sqlite;
using Surveillance.Audit;
using Surveillance.Jobs;

namespace Surveillance.Storage.Sqlite;

/// <summary>The runs of jobs in <c>work.db</c>.</summary>
/// <param name="database">The file.</param>
/// <param name="time">The clock.</param>
public sealed class SqliteRunStore(IWorkDatabase database, TimeProvider time) : IRunStore
{
    /// <summary>Creates the tables that are not there yet.</summary>
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS runs(
          run INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, scope TEXT NOT NULL, cause INTEGER NOT NULL, actor TEXT NOT NULL, state INTEGER NOT NULL,
          request INTEGER NOT NULL, created_at INTEGER NOT NULL, started_at INTEGER, ended_at INTEGER, planned INTEGER, note TEXT) STRICT;
        CREATE INDEX IF NOT EXISTS runs_unfinished ON runs(run) WHERE state IN (0, 1, 2);
        CREATE TABLE IF NOT EXISTS run_parts(
          run INTEGER NOT NULL, part INTEGER NOT NULL, position INTEGER NOT NULL, done INTEGER NOT NULL, skipped INTEGER NOT NULL, failed INTEGER NOT NULL,
          PRIMARY KEY(run, part)) STRICT, WITHOUT ROWID;
        """;

    private const string Columns =
        """
        SELECT r.run, r.kind, r.scope, r.cause, r.actor, r.state, r.request, r.created_at, r.started_at, r.ended_at, r.planned, r.note,
          coalesce(sum(p.done), 0), coalesce(sum(p.skipped), 0), coalesce(sum(p.failed), 0)
        FROM runs r LEFT JOIN run_parts p ON p.run = r.run
        """;

    /// <inheritdoc />
    public async ValueTask<Run> AddAsync(NewRun run, CancellationToken cancel) =>
        await database.WriteAsync((connection, transaction) =>
        {
            var now = time.GetUtcNow();
            using var command = Sql.Command(
                connection,
                "INSERT INTO runs(kind, scope, cause, actor, state, request, created_at) VALUES($kind, $scope, $cause, $actor, 0, 0, $now) RETURNING run",
                ("$kind", run.Kind), ("$scope", run.Scope), ("$cause", (int)run.Trigger), ("$actor", run.Actor), ("$now", now.UtcTicks));
            command.Transaction = transaction;
            var number = (long)command.ExecuteScalar()!;
            SqliteAuditLog.Append(connection, transaction, new AuditEntry(run.Actor, run.Kind + ".start", "run:" + number.ToString(CultureInfo.InvariantCulture), null, now));
            return new Run
            {
                Number = number, Kind = run.Kind, Scope = run.Scope, Trigger = run.Trigger, Actor = run.Actor, State = RunState.Queued, CreatedAt = now,
            };
        }, cancel).ConfigureAwait(false);

    /// <inheritdoc />
    public Run? Find(long number) => Query(" WHERE r.run = $run GROUP BY r.run", ("$run", number)) is [var run] ? run : null;

    /// <inheritdoc />
    public IReadOnlyList<Run> Read(long? before, int max) =>
        Query(" WHERE r.run < $before GROUP BY r.run ORDER BY r.run DESC LIMIT $max", ("$before", before ?? long.MaxValue), ("$max", max));

    /// <inheritdoc />
    public Run? FindNewest(string kind, RunTrigger trigger) =>
        Query(" WHERE r.kind = $kind AND r.cause = $cause GROUP BY r.run ORDER BY r.run DESC LIMIT 1", ("$kind", kind), ("$cause", (int)trigger)) is [var run] ? run : null;

    /// <inheritdoc />
    public IReadOnlyList<Run> ReadUnfinished() => Query(" WHERE r.state IN (0, 1, 2) GROUP BY r.run ORDER BY r.run");

    /// <inheritdoc />
    public async ValueTask<bool> MoveAsync(long number, IReadOnlyCollection<RunState> from, RunState to, string? note, AuditEntry? audit, CancellationToken cancel) =>
        await database.WriteAsync((connection, transaction) =>
        {
            if (StateOf(connection, transaction, number) is not { } state || !from.Contains(state))
            {
                return false;
            }
            var ends = to is RunState.Cancelled or RunState.Finished or RunState.Failed or RunState.Superseded;
            Sql.Execute(
                connection, transaction,
                """
                UPDATE runs SET state = $state, request = 0, note = $note, started_at = coalesce(started_at, iif($state = 1, $now, NULL)), ended_at = iif($ends, $now, NULL)
                WHERE run = $run
                """,
                ("$state", (int)to), ("$note", note), ("$now", time.GetUtcNow().UtcTicks), ("$ends", ends ? 1 : 0), ("$run", number));
            Audit(connection, transaction, audit);
            return true;
        }, cancel).ConfigureAwait(false);

    /// <inheritdoc />
    public async ValueTask<bool> RequestAsync(long number, RunRequest request, AuditEntry? audit, CancellationToken cancel) =>
        await database.WriteAsync((connection, transaction) =>
        {
            if (StateOf(connection, transaction, number) != RunState.Running)
            {
                return false;
            }
            // What was asked for before is not taken back by something weaker: a cancelled run does not end as a paused one.
            Sql.Execute(
                connection, transaction, "UPDATE runs SET request = $request WHERE run = $run AND ($request = 2 OR request IN (0, 1))", ("$request", (int)request), ("$run", number));
            Audit(connection, transaction, audit);
            return true;
        }, cancel).ConfigureAwait(false);

    /// <inheritdoc />
    public async ValueTask NoteAsync(long number, string? note, CancellationToken cancel) =>
        await database.WriteAsync((connection, transaction) => Sql.Execute(
            connection, transaction, "UPDATE runs SET note = $note WHERE run = $run", ("$note", note), ("$run", number)), cancel).ConfigureAwait(false);

    /// <inheritdoc />
    public async ValueTask PlanAsync(long number, long planned, CancellationToken cancel) =>
        await database.WriteAsync((connection, transaction) => Sql.Execute(
            connection, transaction, "UPDATE runs SET planned = coalesce(planned, $planned) WHERE run = $run", ("$planned", planned), ("$run", number)), cancel).ConfigureAwait(false);

    private static RunState? StateOf(SqliteConnection connection, SqliteTransaction transaction, long number)
    {
        using var command = Sql.Command(connection, "SELECT state FROM runs WHERE run = $run", ("$run", number));
        command.Transaction = transaction;
        return command.ExecuteScalar() is long state ? (RunState)state : null;
    }

    private static void Audit(SqliteConnection connection, SqliteTransaction transaction, AuditEntry? audit)
    {
        if (audit is not null)
        {
            SqliteAuditLog.Append(connection, transaction, audit);
        }
    }

    private List<Run> Query(string where, params (string Name, object? Value)[] values) => database.Read(connection => connection.Query(
        null, Columns + where, row => new Run
        {
            Number = row.GetInt64(0),
            Kind = row.GetString(1),
            Scope = row.GetString(2),
            Trigger = (RunTrigger)row.GetInt32(3),
            Actor = row.GetString(4),
            State = (RunState)row.GetInt32(5),
            Request = (RunRequest)row.GetInt32(6),
            CreatedAt = row.Time(7),
            StartedAt = row.TimeOrNull(8),
            EndedAt = row.TimeOrNull(9),
            Planned = row.IsDBNull(10) ? null : row.GetInt64(10),
            Note = row.TextOrNull(11),
            Done = row.GetInt64(12),
            Skipped = row.GetInt64(13),
            Failed = row.GetInt64(14),
        }, values));
}
