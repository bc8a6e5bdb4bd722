using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Surveillance.Storage.Sqlite.Backups;

/// <summary>Copies a database page by page as it was at one moment, while others write it (SQLite's online backup).</summary>
internal static class DatabaseCopy
{
    private const int PagesPerStep = 1_024;

    /// <summary>Copies; the copy is one file without a journal beside it, synced to the disk.</summary>
    /// <param name="source">The database.</param>
    /// <param name="target">A file that is not there yet.</param>
    /// <param name="progress">Told bytes done and bytes in all.</param>
    /// <param name="cancel">Gives up and leaves part of the file.</param>
    internal static void Copy(string source, string target, Action<long, long> progress, CancellationToken cancel)
    {
        PrivateFiles.Create(target).Dispose();
        using (var from = SqliteFiles.OpenReader(source))
        using (var to = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = target, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString()))
        {
            using var snapshot = from.BeginTransaction(deferred: true); // held throughout: one moment, and no beginning again when somebody writes
            using (var first = Sql.Command(from, "SELECT count(*) FROM sqlite_master"))
            {
                first.ExecuteScalar();
            }
            to.Open();
            SqliteFiles.Execute(to, "PRAGMA synchronous=OFF;"); // a copy that is cut off is thrown away; a whole one is synced below
            CopyPages(from, to, progress, cancel);
            SqliteFiles.Execute(to, "PRAGMA journal_mode=DELETE;");
        }
        PrivateFiles.Sync(target);
    }

    private static void CopyPages(SqliteConnection from, SqliteConnection to, Action<long, long> progress, CancellationToken cancel)
    {
        using var size = Sql.Command(from, "PRAGMA page_size");
        var pageBytes = (long)size.ExecuteScalar()!;
        using var copy = raw.sqlite3_backup_init(to.Handle, "main", from.Handle, "main") ?? throw Failure(to, raw.sqlite3_errcode(to.Handle));
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var code = raw.sqlite3_backup_step(copy, PagesPerStep);
            var pages = raw.sqlite3_backup_pagecount(copy);
            progress((pages - raw.sqlite3_backup_remaining(copy)) * pageBytes, pages * pageBytes);
            if (code == raw.SQLITE_DONE)
            {
                return;
            }
            if (code != raw.SQLITE_OK)
            {
                throw Failure(to, code);
            }
        }
    }

    private static SqliteException Failure(SqliteConnection to, int code) => new(raw.sqlite3_errmsg(to.Handle).utf8_to_string(), code & 0xFF, code);
}
