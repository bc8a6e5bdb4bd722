using Surveillance.Backups;

namespace Surveillance.Storage.Sqlite.Backups;

/// <summary>What the results of a backup say of the archive that they were made from.</summary>
internal static class WorkEvidence
{
    private static readonly (string Table, string Column)[] Positions =
        [("checkpoints", "position"), ("evaluations", "position"), ("evaluations", "known_to"), ("quarantine", "position"), ("activations", "position"), ("matches", "position"), ("matches", "known_to"), ("opt_outs", "position"), ("rescan_changes", "position")];

    /// <summary>How far the partitions are; a partition that never did anything is at 0.</summary>
    internal static BackupCheckpoints ReadCheckpoints(string file)
    {
        using var work = SqliteFiles.OpenUnchanging(file);
        return work.Query(null, "SELECT iif(count(*) < 64, 0, min(position)), coalesce(max(position), 0) FROM checkpoints", row => new BackupCheckpoints(row.GetInt64(0), row.GetInt64(1)))[0];
    }

    /// <summary>Everything in the results that speaks of entries after the archive's last one: one sentence for each kind.</summary>
    internal static IEnumerable<string> FindAhead(string file, long lastPosition)
    {
        using var work = SqliteFiles.OpenUnchanging(file);
        var tables = work.Query(null, "SELECT name FROM sqlite_master WHERE type = 'table'", row => row.GetString(0));
        foreach (var (table, column) in Positions.Where(p => tables.Contains(p.Table))) // an older version had fewer
        {
            var highest = work.Query(null, $"SELECT coalesce(max({column}), 0) FROM {table}", row => row.GetInt64(0))[0];
            if (highest > lastPosition)
            {
                yield return $"The results ({table}.{column}) go to position {highest}, the archive only to {lastPosition}.";
            }
        }
    }
}
