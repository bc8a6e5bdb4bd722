using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Surveillance.Dashboard.Description;
using Surveillance.Messages;
using Surveillance.Review;

namespace Surveillance.Dashboard.Alerts;

/// <summary>How tall the rows of a list are.</summary>
public enum Density
{
    /// <summary>Two lines a row.</summary>
    Comfortable,
    /// <summary>One line a row.</summary>
    Compact,
}

/// <summary>Everything that the address of the queue says. Reading what <see cref="ToString"/> wrote gives the same again.</summary>
public sealed record AlertListQuery
{
    /// <summary>The queue as it opens: open alerts, heaviest first.</summary>
    public static readonly AlertListQuery Default = new();

    /// <summary>The statuses shown; empty means all.</summary>
    public IReadOnlyList<AlertStatus> Statuses { get; init; } = [AlertStatus.Open];

    /// <summary>The severities shown; empty means all.</summary>
    public IReadOnlyList<Severity> Severities { get; init; } = [];

    /// <summary>The rules shown; empty means all.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>The channels shown; empty means all.</summary>
    public IReadOnlyList<Channel> Channels { get; init; } = [];

    /// <summary>The standing shown; null means any.</summary>
    public Standing? Standing { get; init; }

    /// <summary>The order.</summary>
    public AlertSort Sort { get; init; }

    /// <summary>The cursor of the page before; null on the first page.</summary>
    public string? After { get; init; }

    /// <summary>How tall the rows are; null means as the reader last chose.</summary>
    public Density? Density { get; init; }

    /// <summary>The parts of the address that say nothing here, as <c>name=value</c>.</summary>
    public IReadOnlyList<string> NotUnderstood { get; init; } = [];

    /// <summary>Whether anything but the status narrows the list.</summary>
    public bool IsNarrowed => Severities.Count + Rules.Count + Channels.Count > 0 || Standing is not null;

    /// <summary>The filter as the reader takes it.</summary>
    public AlertFilter Filter => new() { Statuses = Statuses, Severities = Severities, Rules = Rules, Channels = Channels, Standings = Standing is { } standing ? [standing] : [] };

    /// <summary>The filter as the page's script holds it against alerts that are opened; these are raised, so a list of others shows none of them.</summary>
    public string Arrivals => Standing == Review.Standing.NoLongerRaised ? "status=none" : Context.ToString();

    /// <summary>The list itself, from its start: what an alert page keeps to know its neighbours.</summary>
    public AlertListQuery Context => this with { After = null, Density = null, NotUnderstood = [] };

    /// <summary>The address of the list.</summary>
    public string Url => ToString() is { Length: > 0 } query ? "/alerts?" + query : "/alerts";

    /// <summary>Reads an address.</summary>
    /// <param name="query">The query as <c>status=open&amp;severity=high</c>, with or without a leading question mark; null is the default queue.</param>
    public static AlertListQuery Parse(string? query)
    {
        var values = QueryHelpers.ParseQuery(query);
        var strange = new List<string>();
        var statuses = All<AlertStatus>(values, "status", strange, out var anyStatus);
        return new AlertListQuery
        {
            Statuses = anyStatus ? [] : statuses.Count == 0 ? [AlertStatus.Open] : statuses,
            Severities = All<Severity>(values, "severity", strange, out _),
            Channels = All<Channel>(values, "channel", strange, out _),
            Rules = [.. Of(values, "rule").OfType<string>().Where(r => r.Length is > 0 and <= 200).Distinct(StringComparer.Ordinal)],
            Standing = StandingOf(values, strange),
            Sort = One<AlertSort>(values, "sort", strange) ?? AlertSort.Priority,
            After = Of(values, "after").FirstOrDefault(a => a is { Length: > 0 and <= 400 }),
            Density = One<Density>(values, "density", strange),
            NotUnderstood = strange,
        };
    }

    /// <summary>The query in one order, without what is the default; empty for the default queue.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (Statuses.Count == 0)
        {
            Add("status", "all");
        }
        else if (Statuses is not [AlertStatus.Open])
        {
            AddAll("status", Statuses);
        }
        AddAll("severity", Severities);
        foreach (var rule in Rules)
        {
            Add("rule", rule);
        }
        AddAll("channel", Channels);
        if (Standing is { } standing)
        {
            Add("standing", ApiWord.Of(standing));
        }
        if (Sort != AlertSort.Priority)
        {
            Add("sort", Names<AlertSort>.Of(Sort));
        }
        if (Density is { } density)
        {
            Add("density", Names<Density>.Of(density));
        }
        if (After is not null)
        {
            Add("after", After);
        }
        return text.ToString();

        void AddAll<T>(string name, IReadOnlyList<T> items) where T : struct, Enum
        {
            foreach (var item in items)
            {
                Add(name, Names<T>.Of(item));
            }
        }

        void Add(string name, string value) => text.Append(text.Length == 0 ? "" : "&").Append(name).Append('=').Append(Uri.EscapeDataString(value));
    }

    private static StringValues Of(Dictionary<string, StringValues> values, string name) => values.TryGetValue(name, out var found) ? found : StringValues.Empty;

    private static List<T> All<T>(Dictionary<string, StringValues> values, string name, List<string> strange, out bool any) where T : struct, Enum
    {
        var items = new List<T>();
        any = false;
        foreach (var word in Of(values, name))
        {
            if (word == "all")
            {
                any = true;
            }
            else if (Names<T>.TryParse(word, out var item))
            {
                if (!items.Contains(item))
                {
                    items.Add(item);
                }
            }
            else if (word is { Length: > 0 })
            {
                strange.Add(Strange(name, word));
            }
        }
        items.Sort();
        return items;
    }

    private static Standing? StandingOf(Dictionary<string, StringValues> values, List<string> strange)
    {
        Standing? first = null;
        foreach (var word in Of(values, "standing"))
        {
            if (ApiWord.TryParse<Standing>(word, out var standing))
            {
                first ??= standing;
            }
            else if (word is { Length: > 0 } and not "all")
            {
                strange.Add(Strange("standing", word));
            }
        }
        return first;
    }

    private static string Strange(string name, string word) => name + "=" + (word.Length > 60 ? word[..60] + "…" : word);

    private static T? One<T>(Dictionary<string, StringValues> values, string name, List<string> strange) where T : struct, Enum =>
        All<T>(values, name, strange, out _) is [var first, ..] ? first : null;
}
