using System.Text.Json;
using Microsoft.Data.Sqlite;
using Surveillance.Alerting;
using Surveillance.Messages;
using Surveillance.Pipeline;
using Surveillance.Review;

namespace Surveillance.Storage.Sqlite;

/// <summary>A match as it is stored.</summary>
/// <param name="Match">Its number.</param>
/// <param name="Alert">The alert it belongs to.</param>
/// <param name="Rule">The rule.</param>
/// <param name="EvidenceKey">What makes it the same match when it is found again.</param>
/// <param name="Stands">Whether it holds.</param>
/// <param name="IsDecided">Whether a person has decided its alert.</param>
internal readonly record struct StoredMatch(long Match, long Alert, string Rule, string EvidenceKey, bool Stands, bool IsDecided);

/// <summary>Raises matches and undoes them, with their alerts and events, inside the writer's transaction. Nothing is taken away, and no decision is touched.</summary>
internal sealed class MatchWriter(SqliteConnection connection, SqliteTransaction transaction, PreparedStatements statements, IdMaker ids, DateTimeOffset now)
{
    private const int MaxSnippetEvidence = 20;

    /// <summary>Sequence of the last alert event written; 0 when there was none.</summary>
    public long LastEvent { get; private set; }

    /// <summary>The matches that were not stored before.</summary>
    public IReadOnlyList<NewMatch> New => _new ?? [];

    private List<NewMatch>? _new;

    /// <summary>The matches of a message, whether they stand or not.</summary>
    public List<StoredMatch> Read(long position)
    {
        var matches = new List<StoredMatch>();
        using var reader = Command(
            "SELECT m.match, m.alert, m.rule, m.evidence_key, m.standing, a.status FROM matches m JOIN alerts a ON a.alert = m.alert WHERE m.position = $position",
            [("$position", position)]).ExecuteReader();
        while (reader.Read())
        {
            matches.Add(new StoredMatch(
                reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2), reader.GetString(3), reader.GetInt32(4) == (int)Standing.Raised, reader.GetInt32(5) == (int)AlertStatus.Closed));
        }
        return matches;
    }

    /// <summary>Stores a match, or has one that was undone stand again.</summary>
    /// <param name="match">The match.</param>
    /// <param name="knownTo">The position up to which its judgement knew the archive.</param>
    /// <param name="late">Whether it was found only when something became known later.</param>
    /// <param name="run">The rescan that found it, or null.</param>
    /// <returns>The alert it belongs to.</returns>
    public long Raise(Match match, long knownTo, bool late, long? run)
    {
        if (Scalar(
            "SELECT match FROM matches WHERE position = $position AND rule = $rule AND evidence_key = $key",
            ("$position", match.Position), ("$rule", match.Rule), ("$key", match.EvidenceKey)) is { } known)
        {
            return RaiseAgain(known, run);
        }
        var (alert, joined) = Place(match, run);
        Execute(
            """
            INSERT INTO matches(position, rule, evidence_key, message, rule_version, known_to, alert, standing, late, found_at, evidence, proof, run)
            VALUES($position, $rule, $key, $message, $version, $known, $alert, 0, $late, $now, $evidence, $proof, $run)
            """,
            ("$position", match.Position), ("$rule", match.Rule), ("$key", match.EvidenceKey), ("$message", match.Message.ToBytes()), ("$version", match.RuleVersion),
            ("$known", knownTo), ("$alert", alert), ("$late", late ? 1 : 0), ("$now", now.UtcTicks),
            ("$evidence", Json(match.Evidence)), ("$proof", match.Proof.ToJson()), ("$run", run));
        (_new ??= []).Add(new NewMatch(match.Rule, match.Severity, !joined));
        AddEvent(alert, joined ? AlertEventKind.Joined : AlertEventKind.Opened, match.Message, run);
        return alert;
    }

    /// <summary>Has a match no longer hold.</summary>
    /// <param name="match">A match that stands.</param>
    /// <param name="message">Our id of its message.</param>
    /// <param name="knownTo">The position up to which the newer judgement knew the archive.</param>
    /// <param name="run">The rescan that undoes it, or null.</param>
    public void Undo(StoredMatch match, OpaqueId message, long knownTo, long? run)
    {
        Execute("UPDATE matches SET standing = 1, known_to = $known WHERE match = $match", ("$match", match.Match), ("$known", knownTo));
        if (Scalar("SELECT count(*) FROM matches WHERE alert = $alert AND standing = 0", ("$alert", match.Alert)) == 0)
        {
            Execute(
                "UPDATE alerts SET standing = 1, version = version + 1, changed_at = $now, changed_by = NULL WHERE alert = $alert",
                ("$alert", match.Alert), ("$now", now.UtcTicks));
            AddEvent(match.Alert, AlertEventKind.NoLongerRaised, message, run);
        }
    }

    private (long Alert, bool Joined) Place(Match match, long? run)
    {
        OpenAlert? newest = null;
        using (var reader = Command(
            "SELECT alert, first_sent_at FROM alerts WHERE rule = $rule AND group_key = $key AND status <> 3 ORDER BY alert DESC LIMIT 1",
            [("$rule", match.Rule), ("$key", match.GroupKey.ToBytes())]).ExecuteReader())
        {
            if (reader.Read())
            {
                newest = new OpenAlert(reader.GetInt64(0), Sql.Time(reader.GetInt64(1)));
            }
        }
        if (AlertGrouping.Joins(match, newest))
        {
            Execute(
                """
                UPDATE alerts SET version = version + 1, count = count + 1, severity = max(severity, $severity), last_sent_at = max(last_sent_at, $sent), standing = 0,
                  changed_at = $now, changed_by = NULL WHERE alert = $alert
                """,
                ("$severity", (int)match.Severity), ("$sent", match.SentAt.UtcTicks), ("$now", now.UtcTicks), ("$alert", newest!.Value.Number));
            return (newest.Value.Number, true);
        }
        var predecessor = Scalar(
            "SELECT alert FROM alerts WHERE rule = $rule AND group_key = $key AND status = 3 ORDER BY alert DESC LIMIT 1",
            ("$rule", match.Rule), ("$key", match.GroupKey.ToBytes()));
        var alert = Scalar(
            """
            INSERT INTO alerts(id, version, rule, rule_version, rule_title, family, severity, status, standing, channel, conversation, group_key, first_sent_at, last_sent_at,
              opened_at, changed_at, count, predecessor, snippet_message, snippet_evidence, run)
            VALUES($id, 1, $rule, $version, $title, $family, $severity, 0, 0, $channel, $conversation, $key, $sent, $sent, $now, $now, 1, $predecessor, $message, $evidence, $run)
            RETURNING alert
            """,
            ("$id", ids.Alert(match.Rule, match.Message, match.EvidenceKey).ToBytes()), ("$rule", match.Rule), ("$version", match.RuleVersion), ("$title", match.RuleTitle),
            ("$family", match.Family), ("$severity", (int)match.Severity), ("$channel", (int)match.Channel), ("$conversation", match.Conversation.ToBytes()),
            ("$key", match.GroupKey.ToBytes()), ("$sent", match.SentAt.UtcTicks), ("$now", now.UtcTicks), ("$predecessor", predecessor),
            ("$message", match.Message.ToBytes()), ("$evidence", Json([.. match.Evidence.Where(e => e.Message is null).Take(MaxSnippetEvidence)])), ("$run", run))!.Value;
        return (alert, false);
    }

    private long RaiseAgain(long match, long? run)
    {
        var alert = Scalar("SELECT alert FROM matches WHERE match = $match", ("$match", match))!.Value;
        if (Execute("UPDATE matches SET standing = 0, run = coalesce($run, run) WHERE match = $match AND standing = 1", ("$match", match), ("$run", run)) == 0)
        {
            return alert;
        }
        // Whoever closed it while it did not hold decided nothing about it as it holds again: it waits for a decision once more, and the timeline keeps the one before.
        Execute(
            """
            UPDATE alerts SET status = $open, disposition = NULL, reason = NULL WHERE alert = $alert AND status = $closed AND standing = $undone
              AND (SELECT max(sequence) FROM alert_events WHERE alert = $alert AND kind = $decided) > (SELECT max(sequence) FROM alert_events WHERE alert = $alert AND kind = $lost)
            """,
            ("$alert", alert), ("$open", (int)AlertStatus.Open), ("$closed", (int)AlertStatus.Closed), ("$undone", (int)Standing.NoLongerRaised),
            ("$decided", (int)AlertEventKind.Decided), ("$lost", (int)AlertEventKind.NoLongerRaised));
        if (Execute(
            "UPDATE alerts SET standing = 0, version = version + 1, changed_at = $now, changed_by = NULL WHERE alert = $alert AND standing = 1",
            ("$alert", alert), ("$now", now.UtcTicks)) > 0)
        {
            AddEvent(alert, AlertEventKind.RaisedAgain, null, run);
        }
        return alert;
    }

    private void AddEvent(long alert, AlertEventKind kind, OpaqueId? message, long? run) => LastEvent = Scalar(
        """
        INSERT INTO alert_events(alert, at, kind, status, disposition, message, run)
        SELECT alert, $now, $kind, status, disposition, $message, $run FROM alerts WHERE alert = $alert RETURNING sequence
        """,
        ("$alert", alert), ("$now", now.UtcTicks), ("$kind", (int)kind), ("$message", message?.ToBytes()), ("$run", run))!.Value;

    private int Execute(string sql, params ReadOnlySpan<(string, object?)> parameters) => Command(sql, parameters).ExecuteNonQuery();

    private long? Scalar(string sql, params ReadOnlySpan<(string, object?)> parameters) => Command(sql, parameters).ExecuteScalar() as long?;

    private SqliteCommand Command(string sql, ReadOnlySpan<(string, object?)> parameters) => statements.Get(connection, transaction, sql, parameters);

    private static string Json(IReadOnlyList<EvidenceSpan> evidence) => JsonSerializer.Serialize(evidence, Sql.Json);
}
