using System.IO.Compression;
using System.Text.Json;
using Surveillance.Archive;
using Surveillance.Rules;
using Surveillance.Rules.Source;

namespace Surveillance.Pipeline;

/// <summary>A file of a revision.</summary>
/// <param name="Path">As shown to people.</param>
/// <param name="Text">Its whole text.</param>
public sealed record SnapshotFile(string Path, string Text);

/// <summary>A model of a revision.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Hash">SHA-256 of its weights, lower-case hex.</param>
public sealed record SnapshotModel(string Name, string Hash);

/// <summary>Everything that an activation puts into force: the content of its archive entry, so that any later reader has the rules that judged.</summary>
/// <param name="Revision">Id of the revision.</param>
/// <param name="Files">Every rule, lexicon and list.</param>
/// <param name="Models">The models that were there.</param>
/// <param name="MissingModels">The models that rules ask for and that were not there.</param>
/// <param name="Pii">Hash of the detector of personal data; null in what earlier versions of the program wrote.</param>
public sealed record RevisionSnapshot(
    string Revision, IReadOnlyList<SnapshotFile> Files, IReadOnlyList<SnapshotModel> Models, IReadOnlyList<string> MissingModels, string? Pii = null)
{
    private const int MaxBytes = 256 * 1024 * 1024;
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>The snapshot as compressed JSON (RFC 7932 over RFC 8259).</summary>
    public byte[] Write()
    {
        using var buffer = new MemoryStream();
        using (var compressed = new BrotliStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
        {
            JsonSerializer.Serialize(compressed, this, Options);
        }
        return buffer.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="bytes">The content of an activation.</param>
    /// <exception cref="ArchiveDamagedException">It cannot be read.</exception>
    public static RevisionSnapshot Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var compressed = new BrotliStream(new MemoryStream(bytes.ToArray()), CompressionMode.Decompress);
            using var plain = new MemoryStream();
            var buffer = new byte[81_920];
            int read;
            while ((read = compressed.Read(buffer)) > 0)
            {
                plain.Write(buffer, 0, read);
                if (plain.Length > MaxBytes)
                {
                    throw new ArchiveDamagedException("An activation is larger than any this program writes.");
                }
            }
            plain.Position = 0;
            return JsonSerializer.Deserialize<RevisionSnapshot>(plain, Options) ?? throw new ArchiveDamagedException("An activation is empty.");
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or InvalidOperationException)
        {
            throw new ArchiveDamagedException("An activation cannot be read.", e);
        }
    }

    /// <summary>The rule book that the snapshot holds.</summary>
    /// <param name="classifiers">The names of classifiers that rules may name.</param>
    /// <exception cref="ArchiveDamagedException">The files no longer check; they did when they were activated.</exception>
    public RuleBook ToRuleBook(IReadOnlyCollection<string> classifiers)
    {
        var result = RuleBook.FromFiles([.. Files.Select(f => new SourceFile(f.Path, f.Text))], classifiers);
        return result.Book ?? throw new ArchiveDamagedException($"The rules of revision {Revision} cannot be read by this version of the program.");
    }
}
