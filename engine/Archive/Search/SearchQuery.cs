using System.Globalization;
using System.Text;
using Surveillance.Messages;

namespace Surveillance.Archive.Search;

/// <summary>Tokens that must stand one after another within one text.</summary>
/// <param name="Tokens">At least one, as <see cref="SearchTokens"/> cuts them.</param>
/// <param name="IsPrefix">Whether the last may go on.</param>
public sealed record SearchPhrase(IReadOnlyList<string> Tokens, bool IsPrefix = false)
{
    /// <inheritdoc />
    public override string ToString() => "\"" + string.Join(' ', Tokens) + "\"" + (IsPrefix ? "*" : "");
}

/// <summary>Where a person stands in a message.</summary>
public enum SearchSide
{
    /// <summary>The sender.</summary>
    From,
    /// <summary>A recipient.</summary>
    To,
    /// <summary>Either.</summary>
    With,
}

/// <summary>Somebody who takes part.</summary>
/// <param name="Side">Where.</param>
/// <param name="Value">What was written: an address, a name, a part of either, or our id of the person.</param>
/// <param name="Phrase">The tokens of the value: they stand in the address or in the name.</param>
/// <remarks>A participant meets it by the tokens, or as the person of that address however it is typed.</remarks>
public sealed record SearchPerson(SearchSide Side, string Value, SearchPhrase Phrase)
{
    /// <summary>The person that the value names as a whole.</summary>
    /// <param name="ids">Makes the ids of this data folder.</param>
    public OpaqueId IdOf(IdMaker ids) => OpaqueId.TryParse(Value, out var id) ? id : ids.Person(Value);
}

/// <summary>What a search asks for. Everything must hold; an empty list asks nothing.</summary>
public sealed record SearchQuery
{
    /// <summary>Every message.</summary>
    public static readonly SearchQuery Everything = new();

    /// <summary>Each stands in the text, the subject, or the name or words of an attachment.</summary>
    public IReadOnlyList<SearchPhrase> Words { get; init; } = [];

    /// <summary>Any of these channels.</summary>
    public IReadOnlyList<Channel> Channels { get; init; } = [];

    /// <summary>Any of these directions.</summary>
    public IReadOnlyList<Direction> Directions { get; init; } = [];

    /// <summary>Any of these conversations.</summary>
    public IReadOnlyList<OpaqueId> Conversations { get; init; } = [];

    /// <summary>All of these persons take part.</summary>
    public IReadOnlyList<SearchPerson> Persons { get; init; } = [];

    /// <summary>Sent at this time or later, UTC; null asks nothing.</summary>
    public DateTimeOffset? After { get; init; }

    /// <summary>Sent before this time, UTC; null asks nothing.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>The query in one form: two queries that ask the same in the same order are equal in it. Holds the words.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var words in Words) { Add("", words.ToString()); }
        foreach (var channel in Channels) { Add("channel:", Names<Channel>.Of(channel)); }
        foreach (var direction in Directions) { Add("direction:", Names<Direction>.Of(direction)); }
        foreach (var conversation in Conversations) { Add("conversation:", conversation.ToString()); }
        foreach (var person in Persons) { Add(person.Side.ToString().ToLowerInvariant() + ":", person.Phrase + "/" + PersonKey.Of(person.Value)); }
        if (After is { } after) { Add("after:", after.UtcTicks.ToString(CultureInfo.InvariantCulture)); }
        if (Before is { } before) { Add("before:", before.UtcTicks.ToString(CultureInfo.InvariantCulture)); }
        return text.ToString();

        void Add(string field, string value) => text.Append(text.Length == 0 ? "" : " ").Append(field).Append(value);
    }
}
