using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Surveillance.Audit;
using Surveillance.Messages;
using Surveillance.Review;

namespace Surveillance.Storage.Sqlite;

/// <summary>People's decisions in <c>work.db</c>: state, event and audit entry in one transaction.</summary>
/// <param name="database">The file.</param>
/// <param name="feed">Told of every new event.</param>
/// <param name="time">The clock.</param>
public sealed class SqliteReviewDesk(IWorkDatabase database, SqliteAlertFeed feed, TimeProvider time) : IReviewDesk
{
    private const int MaxNote = 2_000;

    /// <inheritdoc />
    public ValueTask<DecisionOutcome> DecideAsync(OpaqueId alert, int ifVersion, Decision decision, string actor, CancellationToken cancel)
    {
        if (Check(decision) is { } invalid)
        {
            return ValueTask.FromResult<DecisionOutcome>(invalid);
        }
        var escalates = decision.EscalateTo is not null;
        return ChangeAsync(alert, ifVersion, actor, state => state.Status == AlertStatus.Closed
            ? new DecisionOutcome.Invalid("status", "The alert is closed already; reopen it first.")
            : null, new Change(
                escalates ? AlertEventKind.Escalated : AlertEventKind.Decided,
                escalates ? AlertStatus.Escalated : AlertStatus.Closed,
                decision.Disposition, decision.Reason, Blank(decision.Note), decision.EscalateTo,
                escalates ? "alert.escalate" : "alert.decide"), cancel);
    }

    /// <inheritdoc />
    public ValueTask<DecisionOutcome> ReopenAsync(OpaqueId alert, int ifVersion, string? note, string actor, CancellationToken cancel)
    {
        if (Blank(note) is not { } words)
        {
            return ValueTask.FromResult<DecisionOutcome>(new DecisionOutcome.Invalid("note", "Say why it is opened again."));
        }
        if (words.Length > MaxNote)
        {
            return ValueTask.FromResult<DecisionOutcome>(new DecisionOutcome.Invalid("note", $"A note has at most {MaxNote} characters."));
        }
        return ChangeAsync(
            alert, ifVersion, actor,
            state => state.Status is AlertStatus.Closed or AlertStatus.Escalated ? null : new DecisionOutcome.Invalid("status", "The alert is open."),
            new Change(AlertEventKind.Reopened, AlertStatus.Open, null, null, words, null, "alert.reopen"),
            cancel);
    }

    /// <inheritdoc />
    public async ValueTask<UndoOutcome> UndoAsync(OpaqueId alert, string undoToken, string actor, CancellationToken cancel)
    {
        if (undoToken.Length != 32 || !undoToken.All(char.IsAsciiHexDigit))
        {
            return UndoOutcome.Unknown;
        }
        var token = Convert.FromHexString(undoToken);
        var now = time.GetUtcNow();
        var (outcome, sequence) = await database.WriteAsync((connection, transaction) => Undo(connection, transaction, alert, token, actor, now), cancel).ConfigureAwait(false);
        feed.Announce(sequence);
        return outcome;
    }

    private static (UndoOutcome, long) Undo(SqliteConnection connection, SqliteTransaction transaction, OpaqueId alert, byte[] token, string actor, DateTimeOffset now)
    {
        if (ReadState(connection, transaction, alert) is not { } state)
        {
            return (UndoOutcome.Unknown, 0);
        }
        (long Sequence, string Before) found;
        using (var command = Sql.Command(
            connection, "SELECT e.sequence, e.at, e.actor, e.undone, u.before FROM alert_events e JOIN undo_states u USING(sequence) WHERE e.alert = $alert AND e.undo_token = $token",
            ("$alert", state.Number), ("$token", token)))
        {
            command.Transaction = transaction;
            using var reader = command.ExecuteReader();
            if (!reader.Read() || reader.GetString(2) != actor)
            {
                return (UndoOutcome.Unknown, 0);
            }
            if (reader.GetInt32(3) == 1)
            {
                return (UndoOutcome.Changed, 0);
            }
            if (now - Sql.Time(reader.GetInt64(1)) > IReviewDesk.UndoWindow)
            {
                return (UndoOutcome.WindowPassed, 0);
            }
            found = (reader.GetInt64(0), reader.GetString(4));
        }
        var before = JsonSerializer.Deserialize<Before>(found.Before, Sql.Json)!;
        if (state.LastHumanEvent != found.Sequence)
        {
            return (UndoOutcome.Changed, 0);
        }
        Sql.Execute(
            connection, transaction,
            "UPDATE alerts SET status = $status, disposition = $disposition, reason = $reason, version = version + 1, changed_at = $now, changed_by = $actor WHERE alert = $alert",
            ("$status", (int)before.Status), ("$disposition", (int?)before.Disposition), ("$reason", before.Reason), ("$now", now.UtcTicks), ("$actor", actor), ("$alert", state.Number));
        Sql.Execute(connection, transaction, "UPDATE alert_events SET undone = 1 WHERE sequence = $sequence", ("$sequence", found.Sequence));
        var sequence = AddEvent(connection, transaction, state.Number, now, actor, AlertEventKind.Undone, before.Status, before.Disposition, before.Reason, null, null, null);
        SqliteAuditLog.Append(connection, transaction, new AuditEntry(AuditActor.Of(actor), "alert.undo", "alert:" + alert, null, now));
        return (UndoOutcome.Done, sequence);
    }

    private async ValueTask<DecisionOutcome> ChangeAsync(
        OpaqueId alert, int ifVersion, string actor, Func<State, DecisionOutcome.Invalid?> check, Change change, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var (outcome, sequence) = await database.WriteAsync<(DecisionOutcome, long)>((connection, transaction) =>
        {
            if (ReadState(connection, transaction, alert) is not { } state)
            {
                return (new DecisionOutcome.UnknownAlert(), 0);
            }
            if (state.Version != ifVersion)
            {
                return (ReadStale(connection, transaction, alert), 0);
            }
            if (check(state) is { } invalid)
            {
                return (invalid, 0);
            }
            var token = RandomNumberGenerator.GetBytes(16);
            Sql.Execute(
                connection, transaction,
                "UPDATE alerts SET status = $status, disposition = $disposition, reason = $reason, version = version + 1, changed_at = $now, changed_by = $actor WHERE alert = $alert",
                ("$status", (int)change.Status), ("$disposition", (int?)change.Disposition), ("$reason", change.Reason), ("$now", now.UtcTicks), ("$actor", actor), ("$alert", state.Number));
            var written = AddEvent(
                connection, transaction, state.Number, now, actor, change.Kind, change.Status, change.Disposition, change.Reason, change.Note, change.EscalatedTo, token);
            Sql.Execute(
                connection, transaction, "INSERT INTO undo_states(sequence, before) VALUES($sequence, $before)",
                ("$sequence", written), ("$before", JsonSerializer.Serialize(new Before(state.Status, state.Disposition, state.Reason), Sql.Json)));
            SqliteAuditLog.Append(connection, transaction, new AuditEntry(AuditActor.Of(actor), change.Action, "alert:" + alert, change.Reason, now));
            return (new DecisionOutcome.Done(ifVersion + 1, Convert.ToHexStringLower(token), now + IReviewDesk.UndoWindow), written);
        }, cancel).ConfigureAwait(false);
        feed.Announce(sequence);
        return outcome;
    }

    private static DecisionOutcome.Invalid? Check(Decision decision)
    {
        if (decision.Note?.Length > MaxNote)
        {
            return new DecisionOutcome.Invalid("note", $"A note has at most {MaxNote} characters.");
        }
        if (decision.EscalateTo is { } to)
        {
            return decision.Disposition is not null ? new DecisionOutcome.Invalid("disposition", "An alert is either decided or passed on: leave the disposition out.")
                : decision.Reason is not null ? new DecisionOutcome.Invalid("reason", "An escalation has a note and no reason.")
                : string.IsNullOrWhiteSpace(to) || to.Length > 100 ? new DecisionOutcome.Invalid("escalateTo", "Say to whom, in at most 100 characters.")
                : Blank(decision.Note) is null ? new DecisionOutcome.Invalid("note", "An escalation needs a note.")
                : null;
        }
        if (decision.Disposition is not { } disposition)
        {
            return new DecisionOutcome.Invalid("disposition", "Say true-positive or false-positive, or to whom it is passed.");
        }
        return Reasons.Find(disposition, decision.Reason) is null
            ? new DecisionOutcome.Invalid("reason", "Give one of: " + string.Join(", ", Reasons.All.Where(r => r.Disposition == disposition).Select(r => r.Code)) + ".")
            : null;
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static State? ReadState(SqliteConnection connection, SqliteTransaction transaction, OpaqueId alert)
    {
        using var command = Sql.Command(
            connection,
            "SELECT a.alert, a.version, a.status, a.disposition, a.reason, (SELECT max(sequence) FROM alert_events e WHERE e.alert = a.alert AND e.actor IS NOT NULL) FROM alerts a WHERE a.id = $id",
            ("$id", alert.ToBytes()));
        command.Transaction = transaction;
        using var reader = command.ExecuteReader();
        return !reader.Read() ? null : new State(
            reader.GetInt64(0), reader.GetInt32(1), (AlertStatus)reader.GetInt32(2), reader.IsDBNull(3) ? null : (Disposition)reader.GetInt32(3),
            reader.IsDBNull(4) ? null : reader.GetString(4), reader.IsDBNull(5) ? 0 : reader.GetInt64(5));
    }

    private static DecisionOutcome.Stale ReadStale(SqliteConnection connection, SqliteTransaction transaction, OpaqueId alert)
    {
        using var command = Sql.Command(connection, $"SELECT {SqliteAlertReader.Columns}, a.changed_by, a.changed_at FROM alerts a WHERE a.id = $id", ("$id", alert.ToBytes()));
        command.Transaction = transaction;
        using var reader = command.ExecuteReader();
        reader.Read();
        return new DecisionOutcome.Stale(SqliteAlertReader.ToRow(reader), reader.IsDBNull(21) ? null : reader.GetString(21), Sql.Time(reader.GetInt64(22)));
    }

    private static long AddEvent(
        SqliteConnection connection, SqliteTransaction transaction, long alert, DateTimeOffset at, string actor, AlertEventKind kind, AlertStatus status,
        Disposition? disposition, string? reason, string? note, string? escalatedTo, byte[]? undoToken)
    {
        using var command = Sql.Command(
            connection,
            """
            INSERT INTO alert_events(alert, at, actor, kind, status, disposition, reason, note, escalated_to, undo_token)
            VALUES($alert, $at, $actor, $kind, $status, $disposition, $reason, $note, $to, $token) RETURNING sequence
            """,
            ("$alert", alert), ("$at", at.UtcTicks), ("$actor", actor), ("$kind", (int)kind), ("$status", (int)status), ("$disposition", (int?)disposition),
            ("$reason", reason), ("$note", note), ("$to", escalatedTo), ("$token", undoToken));
        command.Transaction = transaction;
        return (long)command.ExecuteScalar()!;
    }

    private sealed record State(long Number, int Version, AlertStatus Status, Disposition? Disposition, string? Reason, long LastHumanEvent);

    private sealed record Before(AlertStatus Status, Disposition? Disposition, string? Reason);

    private sealed record Change(AlertEventKind Kind, AlertStatus Status, Disposition? Disposition, string? Reason, string? Note, string? EscalatedTo, string Action);
}
