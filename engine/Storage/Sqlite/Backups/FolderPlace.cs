using Surveillance.Backups;

namespace Surveillance.Storage.Sqlite.Backups;

/// <summary>Where backups are made and restored to: refused with the reason before anything is written.</summary>
internal static class FolderPlace
{
    /// <summary>Refuses a folder that is the other one, lies in it or holds it, whatever links lead there.</summary>
    internal static void RefuseSame(string folder, string other, string says)
    {
        var (a, b) = (Real(folder), Real(other));
        if (a == b || a.StartsWith(b + Path.DirectorySeparatorChar, StringComparison.Ordinal) || b.StartsWith(a + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new BackupException(BackupFault.Usage, $"{folder} {(a == b ? "is" : a.Length > b.Length ? "lies in" : "holds")} {says} {other}", "Give a folder elsewhere, best on another disk.");
        }
    }

    /// <summary>Refuses what is no folder of its own: a link, a file.</summary>
    internal static void RefuseLinkOrFile(string folder)
    {
        var info = new DirectoryInfo(folder);
        if (info.LinkTarget is not null)
        {
            var leads = info.ResolveLinkTarget(returnFinalTarget: true);
            throw new BackupException(
                BackupFault.Input, $"{folder} is a symbolic link{(leads is { Exists: true } ? "" : " that leads nowhere")}", leads is { Exists: true } ? $"Give the folder itself: {leads.FullName}" : "Give a folder itself.");
        }
        if (File.Exists(folder))
        {
            throw new BackupException(BackupFault.Input, $"there is a file of the name {folder}", "Give a folder that is not there yet or is empty.");
        }
    }

    /// <summary>Refuses a disk that has less room than is needed.</summary>
    internal static void RefuseFull(string folder, long needed, Func<string, long> freeBytes)
    {
        var there = folder;
        while (!Directory.Exists(there))
        {
            there = Path.GetDirectoryName(there) ?? "/";
        }
        if (freeBytes(there) is var free && free < needed)
        {
            throw new BackupException(BackupFault.Input, $"the disk of {folder} has {free / 1e6:N1} MB free and {needed / 1e6:N1} MB are needed", "Make room, or give a folder on another disk.");
        }
    }

    /// <summary>The free bytes of the disk that a folder lies on.</summary>
    internal static long FreeBytes(string folder) => new DriveInfo(folder).AvailableFreeSpace;

    /// <summary>Whether a disk is mounted on a folder, so that it cannot be renamed.</summary>
    internal static bool IsMountPoint(string folder) => DriveInfo.GetDrives().Any(d => Path.TrimEndingDirectorySeparator(d.RootDirectory.FullName) == Real(folder));

    /// <summary>The path with every link in it followed.</summary>
    internal static string Real(string path)
    {
        var real = Path.GetPathRoot(Path.GetFullPath(path))!;
        foreach (var part in Path.GetFullPath(path)[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, part);
            real = new DirectoryInfo(next) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? next : next;
        }
        return real;
    }
}
