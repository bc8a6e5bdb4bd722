using System.Collections.Frozen;
using System.Globalization;

namespace Surveillance.Detection.Pii.Checks;

/// <summary>The check algorithms by the names that packs use, each with the standard that defines it.</summary>
/// <remarks>
/// A pack writes a name and, where the algorithm has any, settings: <c>weighted w=8,7,6,5,4,3,2,1 mod=10 complement</c>. All see the letters
/// and digits of a value without its separators, letters small unless the type's letter case is exact.
/// </remarks>
internal static class CheckTable
{
    private static readonly FrozenDictionary<string, CheckEntry> Entries =
        new[] { General.Entries, Dates.Entries, Europe.Entries, Asia.Entries, Americas.Entries, Coins.Entries, Devices.Entries, Tokens.Entries }
            .SelectMany(e => e).ToFrozenDictionary(e => e.Name, StringComparer.Ordinal);

    /// <summary>Every algorithm in order of name.</summary>
    internal static IEnumerable<CheckEntry> All() => Entries.Values.OrderBy(e => e.Name, StringComparer.Ordinal);

    /// <summary>All of some checks: the lowest verdict of them holds. None: the shape is all.</summary>
    /// <param name="expressions">Checks as packs write them.</param>
    /// <exception cref="FormatException">A check is not known or its settings cannot be read.</exception>
    internal static Check All(IReadOnlyList<string> expressions)
    {
        var checks = expressions.Select(One).ToArray();
        return checks.Length == 0 ? Check.None : checks.Skip(1).Aggregate(checks[0], (a, b) => a.And($"{a.Name}, {b.Name}", b.Test) with { Confirms = a.Confirms || b.Confirms });
    }

    private static Check One(string expression)
    {
        var words = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (!Entries.TryGetValue(words[0], out var entry)) { throw new FormatException($"there is no check \"{words[0]}\"."); }
        var settings = new CheckSettings(words.Skip(1));
        var test = entry.Make(settings);
        settings.AssertAllRead(expression);
        return settings.IsUndecided
            ? new Check($"{entry.Title}, a failure says nothing", value => test(value) == Verdict.Fails ? Verdict.Weak : Verdict.Passes, entry.Confirms)
            : new Check(entry.Title, test, entry.Confirms);
    }
}

/// <summary>A check algorithm.</summary>
/// <param name="Name">What packs call it.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Standard">The standard or authority that defines it.</param>
/// <param name="Make">Makes the test from a pack's settings.</param>
internal sealed record CheckEntry(string Name, string Title, string Standard, Func<CheckSettings, Test> Make)
{
    /// <summary>Whether passing it confirms a value; a list of codes, a range or a date inside only rules others out.</summary>
    internal bool Confirms { get; init; } = true;

    /// <summary>An algorithm without settings.</summary>
    internal CheckEntry(string name, string title, string standard, Predicate test)
        : this(name, title, standard, _ => value => test(value) ? Verdict.Passes : Verdict.Fails)
    {
    }
}

/// <summary>Whether a value is right.</summary>
/// <param name="value">Its letters and digits.</param>
internal delegate bool Predicate(ReadOnlySpan<char> value);

/// <summary>The settings of a check: <c>key=value</c> or single words.</summary>
internal sealed class CheckSettings
{
    private readonly Dictionary<string, string> _values;
    private readonly HashSet<string> _read = [];

    internal CheckSettings(IEnumerable<string> words) =>
        _values = words.Select(w => w.Split('=', 2)).ToDictionary(p => p[0], p => p.Length > 1 ? p[1] : "", StringComparer.Ordinal);

    /// <summary>Whether a failed check leaves the question open.</summary>
    internal bool IsUndecided => Has("undecided");

    internal bool Has(string key)
    {
        _read.Add(key);
        return _values.ContainsKey(key);
    }

    internal string? Text(string key) => Has(key) ? _values[key] : null;

    internal int Number(string key, int otherwise) => Text(key) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    internal int[] Numbers(string key) => [.. (Text(key) ?? throw new FormatException($"the setting {key}= is missing.")).Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];

    internal void AssertAllRead(string expression)
    {
        foreach (var key in _values.Keys)
        {
            if (key != "undecided" && !_read.Contains(key)) { throw new FormatException($"\"{expression}\" has no setting {key}."); }
        }
    }
}
