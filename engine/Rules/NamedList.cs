using System.Collections.Frozen;
using Surveillance.Messages;

namespace Surveillance.Rules;

/// <summary>A value of a list and the days on which it belongs to it.</summary>
/// <param name="Value">The value as written.</param>
/// <param name="From">The first day (UTC) on which it belongs to the list; null: always did.</param>
/// <param name="Until">The last day (UTC) on which it belongs to the list; null: still does.</param>
public sealed record NamedListEntry(string Value, DateOnly? From = null, DateOnly? Until = null)
{
    /// <summary>Whether the entry holds at a time.</summary>
    /// <param name="at">The time.</param>
    public bool HoldsAt(DateTimeOffset at)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        return (From is null || From <= day) && (Until is null || day <= Until);
    }
}

/// <summary>A named list of values such as addresses or domains. Immutable, for use by any number of threads.</summary>
public sealed class NamedList
{
    private readonly FrozenDictionary<string, NamedListEntry[]> _byKey;

    /// <summary>A list.</summary>
    /// <param name="id">Its name, which is that of its file.</param>
    /// <param name="version">Its version, from 1.</param>
    /// <param name="title">What it holds, in a line.</param>
    /// <param name="entries">Its entries in the order of the file; a value may stand there several times with other days.</param>
    /// <param name="hash">SHA-256 of its content in 64 lower-case hex digits.</param>
    public NamedList(string id, int version, string title, IReadOnlyList<NamedListEntry> entries, string hash)
    {
        Id = id;
        Version = version;
        Title = title;
        Entries = entries;
        Hash = hash;
        _byKey = entries.GroupBy(e => PersonKey.Of(e.Value)).ToFrozenDictionary(g => g.Key, g => g.ToArray());
    }

    /// <summary>Its name.</summary>
    public string Id { get; }

    /// <summary>Its version, from 1.</summary>
    public int Version { get; }

    /// <summary>What it holds, in a line.</summary>
    public string Title { get; }

    /// <summary>Its entries in the order of the file.</summary>
    public IReadOnlyList<NamedListEntry> Entries { get; }

    /// <summary>SHA-256 of its content in 64 lower-case hex digits; white space and the order of fields do not count.</summary>
    public string Hash { get; }

    /// <summary>Whether a value belongs to the list at a time. Letter case and the way a phone number is spaced do not count.</summary>
    /// <param name="value">An address, domain or other value.</param>
    /// <param name="at">The time that counts, as a rule that of sending.</param>
    public bool Contains(string value, DateTimeOffset at) => _byKey.TryGetValue(PersonKey.Of(value), out var entries) && Array.Exists(entries, e => e.HoldsAt(at));
}
