using System.Diagnostics;
using System.Globalization;
using Surveillance.Health;

namespace Surveillance.Storage.Sqlite;

/// <summary>Looks at a data folder without taking it, whether or not a service holds it; changes nothing that is kept.</summary>
/// <param name="folder">The folder's path.</param>
/// <param name="time">The clock.</param>
public sealed class DataFolderCheck(string folder, TimeProvider time)
{
    private const string Area = "storage";
    private static readonly TimeSpan SlowSync = TimeSpan.FromMilliseconds(250);
    private static readonly string[] Networked = ["nfs", "nfs4", "cifs", "smb", "smb2", "smbfs", "9p", "afs", "ncpfs", "fuse.sshfs", "ceph", "glusterfs", "fuse.glusterfs"];

    /// <summary>Everything about the folder, then each database in it.</summary>
    /// <param name="say">Told what is being looked at, because a large database takes its time.</param>
    /// <param name="cancel">Stops between two looks.</param>
    public IEnumerable<CheckResult> Run(Action<string> say, CancellationToken cancel)
    {
        if (File.Exists(folder))
        {
            return [new(Area, CheckState.Unreadable, $"The data folder {folder} is a file.", "Give the data folder with --data or the setting Data.")];
        }
        if (!Directory.Exists(folder))
        {
            return [new(Area, CheckState.Ok, $"There is no data folder {folder} yet; `surveillance serve` makes it."), Room()];
        }
        try
        {
            return [Rights(), Key(), Holder(), Room(), .. Disk(), .. Databases(say, cancel)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [new(Area, CheckState.Unreadable, $"The data folder {folder} cannot be read ({e.GetType().Name}).", "Run the command as the user that owns the folder.")];
        }
    }

    /// <summary>The process that holds the folder as its file says, and whether it still does; null where none says so.</summary>
    /// <param name="folder">The folder's path.</param>
    public static (int Process, string Purpose)? FindHolder(string folder)
    {
        if (DataFolder.HolderOf(folder) is not { } holder || !Directory.Exists($"/proc/{holder.Process.ToString(CultureInfo.InvariantCulture)}"))
        {
            return null;
        }
        try
        {
            var held = Path.GetFullPath(Path.Combine(folder, "lock"));
            var holds = Directory.EnumerateFileSystemEntries($"/proc/{holder.Process.ToString(CultureInfo.InvariantCulture)}/fd").Any(fd => new FileInfo(fd).LinkTarget == held);
            return holds ? holder : null; // another process has that number now
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return holder; // of another user: it is there, more cannot be told
        }
    }

    private CheckResult Rights()
    {
        if (System.Text.Encoding.UTF8.GetByteCount(DataFolder.SocketOf(folder)) > DataFolder.MaxSocketBytes)
        {
            return new(Area, CheckState.Finding, $"The path of the data folder {folder} is too long for the socket in it.", $"Move it to a shorter path: that of control.sock may have {DataFolder.MaxSocketBytes} bytes.");
        }
        if (OperatingSystem.IsWindows())
        {
            return new(Area, CheckState.Ok, $"The data folder is {folder}.");
        }
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        return (File.GetUnixFileMode(folder) & others) == 0
            ? new(Area, CheckState.Ok, $"The data folder {folder} is open to its owner alone.")
            : new(Area, CheckState.Finding, $"Others than its owner may open the data folder {folder}: it holds every client's words.", $"chmod 700 {folder}");
    }

    private CheckResult Key()
    {
        var key = new FileInfo(Path.Combine(folder, "instance.key"));
        if (key.Exists && key.Length == 32)
        {
            return new(Area, CheckState.Ok, "instance.key is there.");
        }
        return !key.Exists && !File.Exists(Path.Combine(folder, "archive.db"))
            ? new(Area, CheckState.Ok, "Nothing was ever kept in the folder.")
            : new(Area, CheckState.Finding, $"instance.key is {(key.Exists ? "damaged" : "missing")}: no id can be made again without it.", "Restore instance.key from the backup before the service starts again.");
    }

    private CheckResult Holder() => FindHolder(folder) is { } holder
        ? new(Area, CheckState.Ok, string.Create(CultureInfo.InvariantCulture, $"The folder is in use by `surveillance {holder.Purpose}` (process {holder.Process})."))
        : new(Area, CheckState.Ok, "No process holds the folder.");

    private CheckResult Room()
    {
        var place = folder;
        while (!Directory.Exists(place) && Path.GetDirectoryName(place) is { } parent)
        {
            place = parent;
        }
        var (free, total) = DataFolderStatus.RoomOf(place);
        if (free is null)
        {
            return new(Area, CheckState.Unreadable, "The system does not tell how much room is free.", "Look with `df`.");
        }
        var says = string.Create(CultureInfo.InvariantCulture, $"{free / 1e9:0.0} GB of {total / 1e9:0.0} GB are free.");
        return new StorageState([], free, total, "").IsNarrow
            ? new(Area, CheckState.Finding, says, "Make room or move the data folder to a larger disk; when it is full, capture answers 503.")
            : new(Area, CheckState.Ok, says);
    }

    /// <summary>What kind of disk it is and how long it takes to keep something for good.</summary>
    private IEnumerable<CheckResult> Disk()
    {
        var format = "";
        try
        {
            format = new DriveInfo(folder).DriveFormat;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // then the sync alone tells
        }
        if (Networked.Contains(format))
        {
            yield return new(Area, CheckState.Finding, $"The folder lies on a network file system ({format}), on which SQLite's log cannot be shared safely.", "Move the data folder to a local disk.");
        }
        if (format is "tmpfs" or "ramfs")
        {
            yield return new(Area, CheckState.Finding, $"The folder lies in memory ({format}): everything is gone after a restart of the machine.", "Move the data folder to a disk.");
        }
        yield return Sync();
    }

    private CheckResult Sync()
    {
        var probe = Path.Combine(folder, $"doctor-{Guid.NewGuid():N}.tmp");
        try
        {
            using var file = new FileStream(probe, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose });
            var times = new List<TimeSpan>();
            for (var i = 0; i < 5; i++)
            {
                var started = Stopwatch.GetTimestamp();
                file.Write(new byte[4_096]);
                file.Flush(flushToDisk: true);
                times.Add(Stopwatch.GetElapsedTime(started));
            }
            var middle = times.Order().ElementAt(2);
            var says = string.Create(CultureInfo.InvariantCulture, $"The folder can be written; a sync to its disk takes {middle.TotalMilliseconds:0.0} ms.");
            return middle < SlowSync ? new(Area, CheckState.Ok, says) : new(Area, CheckState.Finding, says, "Every answer waits for one: use a faster disk, or find out what else writes to this one.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(Area, CheckState.Unreadable, $"Nothing can be written into the folder ({e.GetType().Name}).", "Run the command as the user that owns the folder; look whether the disk is full or mounted read-only.");
        }
    }

    private IEnumerable<CheckResult> Databases(Action<string> say, CancellationToken cancel)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*.db").Order(StringComparer.Ordinal))
        {
            cancel.ThrowIfCancellationRequested();
            say(Path.GetFileName(path));
            foreach (var result in new DatabaseCheck(path, time).Run())
            {
                yield return result;
            }
        }
    }
}
