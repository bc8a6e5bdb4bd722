using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Surveillance.Backups;

/// <summary>A file of a backup.</summary>
/// <param name="Name">Its name inside the folder, parted by <c>/</c>.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Sha256">SHA-256 of its bytes, 64 lower-case hex digits.</param>
public sealed record BackupFile(string Name, long SizeBytes, string Sha256);

/// <summary>How far the archive of a backup goes.</summary>
/// <param name="Position">Position of its last entry; 0 when it has none.</param>
/// <param name="Seal">Its last link of the chain, 64 lower-case hex digits.</param>
public sealed record BackupHead(long Position, string Seal);

/// <summary>How far the results of a backup go; entries after these are judged when the restored folder is served.</summary>
/// <param name="Lowest">The lowest checkpoint of a partition.</param>
/// <param name="Highest">The highest.</param>
public sealed record BackupCheckpoints(long Lowest, long Highest);

/// <summary>What a backup holds: the file <c>manifest.json</c>, written last.</summary>
public sealed partial record BackupManifest
{
    /// <summary>The name of its file.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The form that this version writes, and the newest that it reads.</summary>
    public const int CurrentFormat = 1;

    private const int MaxBytes = 1024 * 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, NewLine = "\n", UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectRequiredConstructorParameters = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.Default,
    };

    /// <summary>The form of the backup.</summary>
    public required int Format { get; init; }

    /// <summary>The backup's own id, as the audit log names it.</summary>
    public required string Id { get; init; }

    /// <summary>The version of the program that made it.</summary>
    public required string Engine { get; init; }

    /// <summary>When it was begun, UTC.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>Every file but this one.</summary>
    public required IReadOnlyList<BackupFile> Files { get; init; }

    /// <summary>How far its archive goes.</summary>
    public required BackupHead Archive { get; init; }

    /// <summary>How far its results go.</summary>
    public required BackupCheckpoints Checkpoints { get; init; }

    /// <summary>What lay in the data folder, is no part of a backup and cannot be made again from it as far as this program knows.</summary>
    public required IReadOnlyList<string> NotTaken { get; init; }

    /// <summary>SHA-256 over all of the above, 64 lower-case hex digits: tells damage and careless changes. Noted elsewhere, it tells deliberate ones too.</summary>
    public string? Hash { get; init; }

    /// <summary>Bytes of all files.</summary>
    [JsonIgnore]
    public long SizeBytes => Files.Sum(f => f.SizeBytes);

    /// <summary>The same with its hash.</summary>
    public BackupManifest Sealed() => this with { Hash = HashOf(this) };

    /// <summary>The bytes of the file.</summary>
    public byte[] Write() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Json), (byte)'\n'];

    /// <summary>Reads a manifest and refuses one that is not whole.</summary>
    /// <param name="bytes">The file.</param>
    /// <exception cref="BackupException">It is damaged, altered, or of a form that this version does not know.</exception>
    public static BackupManifest Read(ReadOnlySpan<byte> bytes)
    {
        BackupManifest? manifest;
        try
        {
            RefuseNewer(bytes);
            manifest = bytes.Length <= MaxBytes ? JsonSerializer.Deserialize<BackupManifest>(bytes, Json) : null;
        }
        catch (JsonException e)
        {
            throw Altered($"it cannot be read at line {e.LineNumber + 1}", e);
        }
        if (manifest is not { Files: not null, Archive.Seal: not null, Checkpoints: not null, NotTaken: not null, Id: not null, Engine: not null })
        {
            throw Altered("a field of it is missing", null);
        }
        if (manifest.Hash != HashOf(manifest))
        {
            throw Altered("its hash does not fit", null);
        }
        foreach (var file in manifest.Files)
        {
            if (!IsName(file.Name))
            {
                throw Altered("it names a file that no backup holds", null);
            }
        }
        return manifest.Files.DistinctBy(f => f.Name).Count() == manifest.Files.Count ? manifest : throw Altered("it names a file twice", null);
    }

    /// <summary>Whether a backup may hold a file of this name.</summary>
    /// <param name="name">A name inside the folder.</param>
    public static bool IsName(string? name) => name is not null && FileNames().IsMatch(name);

    /// <summary>Looks at the format alone, since everything else may be different in a newer one.</summary>
    private static void RefuseNewer(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        using var json = JsonDocument.ParseValue(ref reader);
        if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("format", out var format) && format.TryGetInt32(out var number) && number != CurrentFormat)
        {
            var engine = json.RootElement.TryGetProperty("engine", out var version) && version.ValueKind == JsonValueKind.String && Versions().IsMatch(version.GetString()!) ? " " + version.GetString() : "";
            throw new BackupException(
                BackupFault.Input, $"the backup is of format {number}, this program reads format {CurrentFormat}", $"Restore it with the version that made it{engine} or a newer one.");
        }
    }

    private static BackupException Altered(string why, Exception? inner) =>
        new(BackupFault.Broken, $"{FileName} is not as it was written: {why}", "Take another backup; what this one holds cannot be trusted.", null, inner);

    private static string HashOf(BackupManifest manifest) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(manifest with { Hash = null }, Json)));

    [GeneratedRegex(@"\A(?:work\.db|archive\.db|instance\.key|demo\.json|keys/[A-Za-z0-9_-]{1,100}\.xml)\z")]
    private static partial Regex FileNames();

    [GeneratedRegex(@"\A[0-9A-Za-z.+-]{1,40}\z")]
    private static partial Regex Versions();
}
