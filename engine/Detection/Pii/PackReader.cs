using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Surveillance.Detection.Pii.Checks;

namespace Surveillance.Detection.Pii;

/// <summary>Reads the packs that are built into the program: <c>Packs/COUNTRY/NAME.json</c>, each one type or a small family.</summary>
internal static class PackReader
{
    private const string Prefix = "pii-pack/";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Disallow,
        Converters = { new JsonStringEnumConverter<LetterCase>(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>A file: its family's types.</summary>
    internal sealed record PackFile(IReadOnlyList<TypeEntry> Types);

    /// <summary>A type in a file.</summary>
    internal sealed record TypeEntry(string Name, string Title, string Category, string Source)
    {
        public string? Reader { get; init; }
        public string Separators { get; init; } = " -.";
        public IReadOnlyList<FormEntry> Forms { get; init; } = [];
        public IReadOnlyList<string> Check { get; init; } = [];
        public LetterCase Case { get; init; }
        public Dictionary<string, IReadOnlyList<string>> Near { get; init; } = [];
        public IReadOnlyList<string> NearGroups { get; init; } = [];
        public Dictionary<string, IReadOnlyList<string>> Words { get; init; } = [];
        public Dictionary<string, IReadOnlyList<string>> Asked { get; init; } = [];
        public IReadOnlyList<string> Not { get; init; } = [];
        public int Prior { get; init; }
        public int NearAdds { get; init; } = 50;
        public int AloneAdds { get; init; } = 15;
        public string? Bands { get; init; }
        public IReadOnlyList<string> Examples { get; init; } = [];
        public IReadOnlyList<string> Finds { get; init; } = [];
        public IReadOnlyList<string> Ignores { get; init; } = [];
    }

    /// <summary>A written form in a file.</summary>
    /// <param name="Is">The pattern.</param>
    /// <param name="Chance">The share of look-alikes of this outline that pass shape and check by chance: the confidence follows from it.</param>
    /// <param name="Undecided">The same where the check cannot decide.</param>
    internal sealed record FormEntry(string Is, double Chance, double Undecided = 1)
    {
        public string? Separators { get; init; }
        public bool Capitals { get; init; }
    }

    /// <summary>SHA-256 over every pack file in order of name and the context words that types share, lower-case hex digits.</summary>
    internal static string Hash { get; } = HashAll();

    private static string HashAll()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var assembly = typeof(PackReader).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            hash.AppendData(SHA256.HashData(stream));
        }
        using var words = Words.Open();
        hash.AppendData(SHA256.HashData(words));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Every type of every pack.</summary>
    internal static PiiType[] ReadAll()
    {
        var assembly = typeof(PackReader).Assembly;
        var types = new List<(string Pack, TypeEntry Entry)>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var file = JsonSerializer.Deserialize<PackFile>(stream, Options)!;
            var pack = resource[Prefix.Length..].Split('/', '\\')[0];
            types.AddRange(file.Types.Select(entry => (pack, entry)));
        }
        return [.. types.OrderBy(t => t.Entry.Reader is null).ThenBy(t => t.Entry.Name, StringComparer.Ordinal).Select((t, i) => TypeOf(t.Pack, t.Entry, i))];
    }

    /// <summary>Confidence in hundredths of something that one in <c>1/chance</c> look-alikes is by chance: 20 for one in ten, 36 for one in a hundred, and so on.</summary>
    /// <param name="chance">From 0, exclusive, to 1.</param>
    internal static int ConfidenceOf(double chance) => Math.Clamp((int)Math.Round(4 - 16 * Math.Log10(chance)), 4, 95);

    /// <summary>The type's own words and those of the groups that it shares with other types, by language.</summary>
    private static Dictionary<string, IReadOnlyList<string>> NearOf(TypeEntry entry) =>
        entry.Near.Concat(entry.NearGroups.SelectMany(Words.Of).Select(g => KeyValuePair.Create(g.Key, (IReadOnlyList<string>)g.Value)))
            .GroupBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => (IReadOnlyList<string>)[.. g.SelectMany(w => w.Value).Distinct(StringComparer.Ordinal)]);

    private static PiiType TypeOf(string pack, TypeEntry entry, int index)
    {
        try
        {
            return new PiiType
            {
                Index = index,
                Name = entry.Name,
                Title = entry.Title,
                Pack = pack,
                Category = entry.Category,
                Source = entry.Source,
                Reader = entry.Reader,
                Forms = [.. entry.Forms.Select(f => new WrittenForm(new Format(f.Is, f.Separators ?? entry.Separators), ConfidenceOf(f.Chance), ConfidenceOf(f.Undecided), f.Capitals))],
                Check = CheckTable.All(entry.Check),
                Case = entry.Case,
                Near = NearOf(entry),
                Words = entry.Words,
                Asked = entry.Asked,
                Not = entry.Not,
                Prior = entry.Prior,
                NearAdds = entry.NearAdds,
                AloneAdds = entry.AloneAdds,
                Bands = entry.Bands,
                Examples = entry.Examples,
                Finds = entry.Finds,
                Ignores = entry.Ignores,
            };
        }
        catch (FormatException e)
        {
            throw new FormatException($"pack {pack}, type {entry.Name}: {e.Message}", e);
        }
    }
}
