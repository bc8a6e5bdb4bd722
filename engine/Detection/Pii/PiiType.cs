namespace Surveillance.Detection.Pii;

/// <summary>One PII type as its pack states it.</summary>
internal sealed class PiiType
{
    /// <summary>Its index in <see cref="PiiTypes.All"/>.</summary>
    internal required int Index { get; init; }

    /// <summary>The name in hits and rules, lower case with hyphens.</summary>
    internal required string Name { get; init; }

    /// <summary>What people call it.</summary>
    internal required string Title { get; init; }

    /// <summary>The pack it belongs to: a country's code (ISO 3166-1 alpha-2, small letters) or <c>any</c>.</summary>
    internal required string Pack { get; init; }

    /// <summary>What kind of data it is, one of <see cref="PiiTypes.Categories"/>.</summary>
    internal required string Category { get; init; }

    /// <summary>The standard or authority that says how it is made.</summary>
    internal required string Source { get; init; }

    /// <summary>The reader in code that finds it, or null where its formats are all there is to it.</summary>
    internal required string? Reader { get; init; }

    /// <summary>How it is written; empty where a reader finds it.</summary>
    internal required IReadOnlyList<WrittenForm> Forms { get; init; }

    /// <summary>What a value must pass.</summary>
    internal required Check Check { get; init; }

    /// <summary>Whether the check tells letter cases apart, so that it is given the value as captured.</summary>
    internal required LetterCase Case { get; init; }

    /// <summary>Words that speak for it, by language (ISO 639-1).</summary>
    internal required IReadOnlyDictionary<string, IReadOnlyList<string>> Near { get; init; }

    /// <summary>Words that speak against it beyond those that speak against every type.</summary>
    internal required IReadOnlyList<string> Not { get; init; }

    /// <summary>The words that a reader of words looks for, by language.</summary>
    internal required IReadOnlyDictionary<string, IReadOnlyList<string>> Words { get; init; }

    /// <summary>How people call it when they ask for it, by language.</summary>
    internal required IReadOnlyDictionary<string, IReadOnlyList<string>> Asked { get; init; }

    /// <summary>In hundredths, added to the confidence: how often it is met where messages are read.</summary>
    internal required int Prior { get; init; }

    /// <summary>What a word that speaks for it adds, in hundredths.</summary>
    internal required int NearAdds { get; init; }

    /// <summary>What it adds, in hundredths, that a message is nothing but the value.</summary>
    internal required int AloneAdds { get; init; }

    /// <summary>Whether a word speaks for the nearest number only: codes of a few digits look like any other number.</summary>
    internal bool TakesNearestOnly => Category == "secret" || Name is "card-security-code" or "card-expiry";

    /// <summary>Whether a client who names it beside its word gives it away: what is secret, and what tells who somebody is.</summary>
    internal bool IsGivenAway => Category is "secret" or "government-id" or "tax-id" or "health" or "financial";

    /// <summary>Confidence in words, where a reader decides it.</summary>
    internal required string? Bands { get; init; }

    /// <summary>Invented values, for the reference page and the tests.</summary>
    internal required IReadOnlyList<string> Examples { get; init; }

    /// <summary>Invented texts in which brackets mark what must be found.</summary>
    internal required IReadOnlyList<string> Finds { get; init; }

    /// <summary>Invented texts in which nothing of the type must be found.</summary>
    internal required IReadOnlyList<string> Ignores { get; init; }
}

/// <summary>Which letter cases a type has.</summary>
internal enum LetterCase
{
    /// <summary>Any; the check sees small letters.</summary>
    Any,
    /// <summary>Capitals only, as captured; the check sees small letters.</summary>
    Upper,
    /// <summary>As captured: the check sees the letters as they are.</summary>
    Exact,
}

/// <summary>One way in which a type is written and how much it says.</summary>
/// <param name="Format">The pattern.</param>
/// <param name="Confidence">In hundredths, of a value that passes the check, without other evidence.</param>
/// <param name="Undecided">In hundredths, where the check cannot decide.</param>
/// <param name="IsCapitals">Whether it counts in capitals only where it stands among other words, since small letters look like those.</param>
internal sealed record WrittenForm(Format Format, int Confidence, int Undecided, bool IsCapitals = false);
