namespace Surveillance.Detection.Pii;

/// <summary>Which packs and types are in force. Immutable.</summary>
public sealed class PiiPolicy
{
    /// <summary>Every pack.</summary>
    public static readonly PiiPolicy Everything = new(null, []);

    /// <summary>The list among the rules whose entries are a policy.</summary>
    public const string ListId = "pii-packs";

    private readonly HashSet<string>? _packs;
    private readonly HashSet<string> _without;

    /// <summary>A policy.</summary>
    /// <param name="packs">The packs in force: <c>any</c> and countries' codes (ISO 3166-1 alpha-2, small letters); null means all.</param>
    /// <param name="without">Types of those packs that are not in force.</param>
    /// <exception cref="ArgumentException">A pack or type does not exist; the message names it.</exception>
    public PiiPolicy(IEnumerable<string>? packs, IEnumerable<string> without)
    {
        _packs = packs?.ToHashSet(StringComparer.Ordinal);
        _without = without.ToHashSet(StringComparer.Ordinal);
        foreach (var pack in _packs ?? [])
        {
            if (!Packs.Contains(pack)) { throw new ArgumentException($"There is no PII pack \"{pack}\"; there are {string.Join(", ", Packs)}.", nameof(packs)); }
        }
        foreach (var type in _without)
        {
            if (PiiTypes.Of(type) is null) { throw new ArgumentException($"There is no PII type \"{type}\".", nameof(without)); }
        }
    }

    /// <summary>The packs that are built in, in order.</summary>
    public static IReadOnlyList<string> Packs { get; } = [.. PiiTypes.All.Select(t => t.Pack).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>A policy out of entries of a list: names of packs, and names of types behind a minus sign. No name of a pack: all packs.</summary>
    /// <param name="entries">The entries.</param>
    /// <exception cref="ArgumentException">A pack or type does not exist; the message names it.</exception>
    public static PiiPolicy Of(IEnumerable<string> entries)
    {
        var names = entries.ToArray();
        var packs = names.Where(n => !n.StartsWith('-')).ToArray();
        return new PiiPolicy(packs.Length == 0 ? null : packs, names.Where(n => n.StartsWith('-')).Select(n => n[1..]));
    }

    internal bool[] Enabled() => [.. PiiTypes.All.Select(t => (_packs?.Contains(t.Pack) ?? true) && !_without.Contains(t.Name))];
}
