using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Surveillance.Health;

namespace Surveillance.Storage.Sqlite;

/// <summary>Looks at one database file through a connection that cannot write.</summary>
/// <param name="path">The file.</param>
/// <param name="time">The clock.</param>
internal sealed class DatabaseCheck(string path, TimeProvider time)
{
    private const string Area = "storage";
    private const int Problems = 100;
    private const int Seals = 64;
    private const int Contents = 256;
    private const long LargeLog = 128L << 20;
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    private string Name => Path.GetFileName(path);

    private string Log => path + "-wal";

    /// <summary>Whether it is whole, and for the archive also whether its last seals fit what they seal and when it was last written.</summary>
    public List<CheckResult> Run()
    {
        if (Directory.Exists(path))
        {
            return [new(Area, CheckState.Unreadable, $"{Name} is a folder.", Name == DataFolder.SearchFileName ? "Move it away; the service makes the index anew." : "Restore the file from a backup.")];
        }
        var stood = IsAtRest;
        var results = Look(stood);
        return stood && !IsAtRest && results.Exists(r => r.State != CheckState.Ok) ? Look(atRest: false) : results; // a service started meanwhile
    }

    /// <summary>Whether no process has it open: a file at rest is read as it lies, so that not even an empty log is left beside it.</summary>
    private bool IsAtRest => !File.Exists(Log) || (new FileInfo(Log).Length == 0 && DataFolderCheck.FindHolder(Path.GetDirectoryName(path)!) is null);

    private List<CheckResult> Look(bool atRest)
    {
        try
        {
            using var connection = Open(atRest);
            var results = new List<CheckResult> { Whole(connection), LogSize(connection) };
            if (results[0].State == CheckState.Ok && Has(connection, "seals"))
            {
                results.Add(SealsFit(connection));
                results.AddRange(Newest(connection));
            }
            return results;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB)
        {
            return [Damaged("it cannot be read as a database")];
        }
        catch (SqliteException e)
        {
            return [new(Area, CheckState.Unreadable, $"{Name} cannot be opened (SQLite error {e.SqliteErrorCode.ToString(CultureInfo.InvariantCulture)}).", "Run the command as the user that owns the folder; if a service holds it, try again.")];
        }
    }

    private SqliteConnection Open(bool atRest)
    {
        var source = atRest ? $"file:{Uri.EscapeDataString(Path.GetFullPath(path)).Replace("%2F", "/", StringComparison.Ordinal)}?immutable=1" : path;
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = source, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        SqliteFiles.Execute(connection, "PRAGMA query_only=ON; PRAGMA busy_timeout=5000; PRAGMA cache_size=-32000;");
        return connection;
    }

    private CheckResult Whole(SqliteConnection connection)
    {
        using var command = Sql.Command(connection, $"PRAGMA quick_check({Problems})");
        using var reader = command.ExecuteReader();
        var (problems, isWhole) = (0, true);
        while (reader.Read())
        {
            (problems, isWhole) = (problems + 1, isWhole && reader.GetString(0) == "ok");
        }
        return isWhole
            ? new(Area, CheckState.Ok, string.Create(CultureInfo.InvariantCulture, $"{Name} is whole ({new FileInfo(path).Length / 1e6:0.0} MB)."))
            : Damaged(string.Create(CultureInfo.InvariantCulture, $"SQLite's check finds {(problems == Problems ? "at least " : "")}{problems} {(problems == 1 ? "thing" : "things")} wrong in it")); // its own words may hold what lies in a row
    }

    private CheckResult Damaged(string how) => new(
        Area, CheckState.Finding, $"{Name} is damaged: {how}.",
        Name == DataFolder.SearchFileName
            ? $"Stop the service, delete {Name}, {Name}-wal and {Name}-shm, and start it again: the index is made anew from the archive, and nothing else is affected. Look for faults of the disk."
            : "Stop the service, keep a copy of the whole folder, restore the last backup, and look for faults of the disk.");

    private CheckResult LogSize(SqliteConnection connection)
    {
        using var command = Sql.Command(connection, "PRAGMA journal_mode");
        var mode = command.ExecuteScalar() as string ?? "";
        if (mode is not ("wal" or "memory" or "off") && File.Exists(Log))
        {
            return new(Area, CheckState.Finding, $"{Name} has the journal mode {mode} instead of wal.", "Start the service: it sets the mode when it opens the file.");
        }
        var bytes = File.Exists(Log) ? new FileInfo(Log).Length : 0;
        var says = string.Create(CultureInfo.InvariantCulture, $"The log beside {Name} has {bytes / 1e6:0.0} MB.");
        return bytes < LargeLog
            ? new(Area, CheckState.Ok, says)
            : new(Area, CheckState.Finding, says, "A reader keeps it from being emptied: end old programs that have the file open, or restart the service.");
    }

    private static bool Has(SqliteConnection connection, string table)
    {
        using var command = Sql.Command(connection, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = $name", ("$name", table));
        return command.ExecuteScalar() is not null;
    }

    /// <summary>Computes the last seals anew from the leaves, and the last leaves from the contents.</summary>
    private CheckResult SealsFit(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction(deferred: true); // one view of both tables
        var seals = Rows(connection, $"SELECT position, hash FROM seals ORDER BY position DESC LIMIT {Seals + 1}");
        seals.Reverse();
        if (seals.Count == 0)
        {
            return new(Area, CheckState.Ok, "The archive is empty.");
        }
        var head = Number(connection, "SELECT coalesce(max(position), 0) FROM entries");
        if (head != seals[^1].Position)
        {
            return Broken($"the last entry is {head}, the last seal is of {seals[^1].Position}");
        }
        var (after, seal) = seals.Count > Seals ? seals[0] : (0L, new byte[32]);
        foreach (var (position, expected) in seals.Skip(seals.Count > Seals ? 1 : 0))
        {
            using var chain = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            chain.AppendData(seal);
            var leaves = Rows(connection, "SELECT position, leaf FROM entries WHERE position > $after AND position <= $to ORDER BY position", ("$after", after), ("$to", position));
            foreach (var (_, leaf) in leaves)
            {
                chain.AppendData(leaf);
            }
            if (leaves.Count != position - after || !chain.GetHashAndReset().AsSpan().SequenceEqual(expected))
            {
                return Broken($"the seal of entries {after + 1} to {position} does not fit them");
            }
            (after, seal) = (position, expected);
        }
        foreach (var (position, body) in Rows(connection, $"SELECT position, body FROM contents ORDER BY position DESC LIMIT {Contents}"))
        {
            var leaf = Rows(connection, "SELECT position, leaf FROM entries WHERE position = $position", ("$position", position));
            if (leaf is not [var (_, kept)] || !SHA256.HashData(body).AsSpan().SequenceEqual(kept))
            {
                return Broken($"the content of entry {position} does not fit its leaf");
            }
        }
        return new(Area, CheckState.Ok, string.Create(CultureInfo.InvariantCulture, $"The last {Math.Min(Seals, seals.Count)} seals of the archive fit its entries, up to {head:N0}."));
    }

    private CheckResult Broken(string how) => new(
        Area, CheckState.Finding, $"The seals of {Name} do not fit: {how}.", "Somebody or something changed what was kept. Stop the service, keep a copy of the whole folder, and compare it with the last backup.");

    private IEnumerable<CheckResult> Newest(SqliteConnection connection)
    {
        var ticks = Number(connection, "SELECT coalesce(max(received_at), 0) FROM (SELECT received_at FROM entries ORDER BY position DESC LIMIT 1000)");
        if (ticks == 0)
        {
            yield break;
        }
        var ahead = Sql.Time(ticks) - time.GetUtcNow();
        yield return ahead <= ClockTolerance
            ? new("clock", CheckState.Ok, $"The newest entry was kept at {Messages.Rfc3339.Format(Sql.Time(ticks))}, which is not ahead of the system's clock.")
            : new("clock", CheckState.Finding, string.Create(CultureInfo.InvariantCulture, $"The newest entry was kept {ahead.TotalSeconds:N0} s later than it is now: the clock was set back."), "Set the system's clock and keep it by NTP.");
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = Sql.Command(connection, sql);
        return (long)command.ExecuteScalar()!;
    }

    private static List<(long Position, byte[] Bytes)> Rows(SqliteConnection connection, string sql, params ReadOnlySpan<(string, object?)> parameters)
    {
        using var command = Sql.Command(connection, sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<(long, byte[])>();
        while (reader.Read())
        {
            rows.Add((reader.GetInt64(0), (byte[])reader[1]));
        }
        return rows;
    }
}
