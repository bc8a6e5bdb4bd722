using Surveillance.Messages;

namespace Surveillance.Rules;

/// <summary>What makes matches of one rule one alert.</summary>
public enum Grouping
{
    /// <summary>They lie in one conversation.</summary>
    Conversation,
    /// <summary>One person sent them.</summary>
    Sender,
    /// <summary>Nothing: each message is an alert of its own.</summary>
    Message,
}

/// <summary>Which messages a rule looks at. A list of null puts no limit; a list is never empty.</summary>
/// <param name="Channels">The channels, or null for all.</param>
/// <param name="Directions">The directions, or null for all.</param>
/// <param name="Kinds">The kinds, or null for all.</param>
public sealed record AppliesTo(IReadOnlyList<Channel>? Channels, IReadOnlyList<Direction>? Directions, IReadOnlyList<MessageKind>? Kinds)
{
    /// <summary>Every message.</summary>
    public static AppliesTo Everything { get; } = new(null, null, null);

    /// <summary>Whether the rule looks at the message.</summary>
    /// <param name="message">A message.</param>
    public bool Covers(CapturedMessage message) =>
        (Channels is null || Channels.Contains(message.Channel))
        && (Directions is null || Directions.Contains(message.Direction))
        && (Kinds is null || Kinds.Contains(message.Kind));
}

/// <summary>One rule as its file says. Immutable.</summary>
public sealed record Rule
{
    /// <summary>Its id, which is the name of its file: lower-case words joined by hyphens, at most 64 characters.</summary>
    public required string Id { get; init; }

    /// <summary>Its version, from 1; an alert names it.</summary>
    public required int Version { get; init; }

    /// <summary>The kind of risk, which is the name of its folder: one of <see cref="RuleFamilies.All"/>.</summary>
    public required string Family { get; init; }

    /// <summary>How much its alerts matter.</summary>
    public required Severity Severity { get; init; }

    /// <summary>What an alert of it says, in a line.</summary>
    public required string Title { get; init; }

    /// <summary>Why the firm looks for it, with the regulation.</summary>
    public required string Why { get; init; }

    /// <summary>The regulations it serves; may be empty.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>What it is known not to find, or null.</summary>
    public string? Misses { get; init; }

    /// <summary>Who answers for it.</summary>
    public required string Owner { get; init; }

    /// <summary>The day by which its owner looks at it again, or null. A day in the past is no error: the rule goes on working.</summary>
    public DateOnly? ReviewBy { get; init; }

    /// <summary>Which messages it looks at.</summary>
    public AppliesTo AppliesTo { get; init; } = AppliesTo.Everything;

    /// <summary>What must hold.</summary>
    public required Condition When { get; init; }

    /// <summary>What must not hold, or null.</summary>
    public Condition? Unless { get; init; }

    /// <summary>What makes its matches one alert.</summary>
    public Grouping Grouping { get; init; } = Grouping.Conversation;

    /// <summary>How long after its first member an alert takes further matches; more than nothing.</summary>
    public TimeSpan GroupWithin { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The cases it is tested with.</summary>
    public required RuleTests Tests { get; init; }

    /// <summary>Its file, as shown to people.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// Hash of the version: SHA-256 in 64 lower-case hex digits over the rule without its tests, in a form in which neither white space nor
    /// the order of fields counts, and over every lexicon and list that it names.
    /// </summary>
    public required string Hash { get; init; }

    /// <summary>The lexicons it names, each once, in ordinal order.</summary>
    public IReadOnlyList<string> ReferredLexicons { get; init; } = [];

    /// <summary>The lists it names, each once, in ordinal order.</summary>
    public IReadOnlyList<string> ReferredLists { get; init; } = [];

    /// <summary>The classifiers it names, each once, in ordinal order.</summary>
    public IReadOnlyList<string> ReferredClassifiers { get; init; } = [];
}

/// <summary>The kinds of risk that a rule can speak of.</summary>
public static class RuleFamilies
{
    /// <summary>Every family, each a folder of the rule book.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "marketing", "off-channel", "sensitive-data", "market-abuse", "bribery", "complaint", "harassment", "evidence-tampering",
        "promissory", "data-exfiltration", "tipping-off",
    ];
}
