using Microsoft.Data.Sqlite;
using Surveillance.Archive;
using Surveillance.Backups;
using Surveillance.Messages;

namespace Surveillance.Storage.Sqlite.Backups;

/// <summary>A backup's folder, opened for verifying and restoring. Its files are only read.</summary>
public sealed class SqliteBackup
{
    private static readonly string[] Databases = ["work.db", "archive.db"];

    private SqliteBackup(string folder, BackupManifest manifest)
    {
        Folder = folder;
        Manifest = manifest;
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Its manifest.</summary>
    public BackupManifest Manifest { get; }

    /// <summary>Opens a backup.</summary>
    /// <param name="folder">Its folder.</param>
    /// <exception cref="BackupException">There is none, it is incomplete, or its manifest is not whole.</exception>
    public static SqliteBackup Open(string folder)
    {
        folder = Path.GetFullPath(folder);
        if (!Directory.Exists(folder))
        {
            throw new BackupException(BackupFault.Input, $"there is no folder {folder}", "Give the folder that `surveillance backup` made.");
        }
        var file = Path.Combine(folder, BackupManifest.FileName);
        try
        {
            if (!File.Exists(file))
            {
                throw File.Exists(Path.Combine(folder, "work.db")) || File.Exists(Path.Combine(folder, "archive.db"))
                    ? new BackupException(BackupFault.Broken, $"{folder} is no complete backup: it has no {BackupManifest.FileName}, which is written last", "The backup was cut off, or this is a data folder. Use another backup.")
                    : new BackupException(BackupFault.Input, $"{folder} is no backup: it has no {BackupManifest.FileName}", "Give the folder that `surveillance backup` made.");
            }
            return new SqliteBackup(folder, BackupManifest.Read(ReadSmall(file)));
        }
        catch (Exception e) when (PrivateFiles.Explain(e, file) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>Verifies everything: hashes, both databases, the whole archive, and that the results do not go past it.</summary>
    /// <param name="progress">Told what happens; or null.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>What the archive's verification said; it is clean.</returns>
    /// <exception cref="BackupException">Something is not as it was made; <see cref="BackupException.Findings"/> has all of it.</exception>
    public ArchiveVerdict Verify(Action<BackupStep>? progress, CancellationToken cancel)
    {
        progress ??= static _ => { };
        try
        {
            Refuse(VerifyFiles(progress, cancel));
            Refuse([.. Databases.SelectMany(name => CheckDatabase(name, progress, cancel))]);
            using var evidence = SqliteArchiveEvidence.OpenUnchanging(PathOf("archive.db"));
            var ids = new IdMaker(File.ReadAllBytes(PathOf(DataFolder.KeyFile)));
            var verdict = ArchiveVerifier.Verify(evidence, ids, done => progress(new BackupStep("verifying archive", done, evidence.LastPosition, false)), cancel);
            var findings = verdict.Flaws.Select(f => f.Says).ToList();
            if (verdict.FlawCount > findings.Count)
            {
                findings.Add($"There is more: {verdict.FlawCount} findings in all.");
            }
            if (verdict.IsClean && (verdict.LastPosition, verdict.Seal) != (Manifest.Archive.Position, Manifest.Archive.Seal))
            {
                findings.Add($"The archive ends with entry {verdict.LastPosition}, the manifest says {Manifest.Archive.Position}; or its last seal is another.");
            }
            findings.AddRange(WorkEvidence.FindAhead(PathOf("work.db"), verdict.LastPosition));
            Refuse(findings);
            return verdict;
        }
        catch (SqliteException e)
        {
            throw Broken([$"A database cannot be read: SQLite error {e.SqliteErrorCode}."], e);
        }
        catch (Exception e) when (PrivateFiles.Explain(e, Folder) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>The path of a file of the backup.</summary>
    internal string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>A refusal of the backup.</summary>
    internal BackupException Broken(IReadOnlyList<string> findings, Exception? inner = null) =>
        new(BackupFault.Broken, $"the backup {Folder} is not as it was made", "Use another backup; this one is not restored.", findings, inner);

    private static byte[] ReadSmall(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        var bytes = new byte[Math.Min(stream.Length, 2 * 1024 * 1024)];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private List<string> VerifyFiles(Action<BackupStep> progress, CancellationToken cancel)
    {
        var findings = new List<string>();
        foreach (var needed in Databases.Append(DataFolder.KeyFile))
        {
            if (Manifest.Files.All(f => f.Name != needed))
            {
                findings.Add($"The manifest does not name {needed}.");
            }
        }
        foreach (var file in Manifest.Files)
        {
            var info = new FileInfo(PathOf(file.Name));
            if (info.LinkTarget is not null)
            {
                findings.Add($"{file.Name} is a symbolic link.");
            }
            else if (!info.Exists)
            {
                findings.Add($"{file.Name} is missing.");
            }
            else if (info.Length != file.SizeBytes)
            {
                findings.Add($"{file.Name} has {info.Length} bytes, the manifest says {file.SizeBytes}.");
            }
            else if (PrivateFiles.Hash(info.FullName, done => progress(new BackupStep("checking " + file.Name, done, file.SizeBytes, true)), cancel).Sha256 != file.Sha256)
            {
                findings.Add($"{file.Name} does not have the bytes that were written: its SHA-256 is another.");
            }
            else if (file.Name == DataFolder.KeyFile && file.SizeBytes != 32)
            {
                findings.Add($"{file.Name} is not a key of 32 bytes.");
            }
        }
        return findings;
    }

    private List<string> CheckDatabase(string name, Action<BackupStep> progress, CancellationToken cancel)
    {
        progress(new BackupStep("integrity of " + name, 0, 0, true));
        using var connection = SqliteFiles.OpenUnchanging(PathOf(name));
        using var stop = cancel.Register(() => SQLitePCL.raw.sqlite3_interrupt(connection.Handle));
        try
        {
            // What SQLite says of a row may hold what the row holds, so only how much it says is told on.
            var problems = connection.Query(null, "PRAGMA integrity_check(1000)", row => row.GetString(0));
            return problems is ["ok"] ? [] : [$"SQLite's integrity check finds {problems.Count} things wrong in {name}."];
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_INTERRUPT)
        {
            cancel.ThrowIfCancellationRequested();
            throw;
        }
    }

    private void Refuse(List<string> findings)
    {
        if (findings.Count > 0)
        {
            throw Broken(findings);
        }
    }
}
