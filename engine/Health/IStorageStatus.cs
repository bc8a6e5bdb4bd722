namespace Surveillance.Health;

/// <summary>A file of the data folder.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its size, what was written and not yet moved into it included.</param>
public sealed record StoredFile(string Name, long Bytes);

/// <summary>How much room the data takes and how much is left.</summary>
/// <param name="Files">The database files, the largest first.</param>
/// <param name="FreeBytes">What is free where they lie; null when the system does not tell.</param>
/// <param name="TotalBytes">The size of the disk they lie on; null when the system does not tell.</param>
/// <param name="Engine">What stores them, with its version.</param>
public sealed record StorageState(IReadOnlyList<StoredFile> Files, long? FreeBytes, long? TotalBytes, string Engine)
{
    /// <summary>All files together.</summary>
    public long Bytes => Files.Sum(f => f.Bytes);

    /// <summary>For how many days the free room lasts at the pace of the last week; null when nothing can be told.</summary>
    /// <param name="entries">Entries kept in all.</param>
    /// <param name="perDay">Entries kept a day.</param>
    public double? DaysLeft(long entries, double perDay) =>
        FreeBytes is { } free && entries >= 1_000 && perDay >= 1 && Bytes > 0 ? free / ((double)Bytes / entries * perDay) : null;

    /// <summary>Whether little room is left: less than a tenth of the disk, or less than a gibibyte.</summary>
    public bool IsNarrow => FreeBytes is { } free && (free < 1L << 30 || free < TotalBytes / 10);
}

/// <summary>Tells how much room the data takes. Thread-safe.</summary>
public interface IStorageStatus
{
    /// <summary>How it is now.</summary>
    StorageState Read();
}
