using Surveillance.Archive;
using Surveillance.Archive.Search;
using Surveillance.Messages;

namespace Surveillance.Engine.Tests.Archive.Search;

/// <summary>The slow, obvious twin of the index: looks at every message, with plain string logic over its tokens.</summary>
internal static class SlowSearch
{
    /// <summary>The positions of the messages that meet a query, kept last first.</summary>
    public static IReadOnlyList<long> Find(IEnumerable<ArchivedEntry> entries, SearchQuery query, IdMaker ids) =>
        [.. entries.Where(e => e.Kind is EntryKind.Message or EntryKind.Conflict && Meets(e, query, ids)).Select(e => e.Position).OrderDescending()];

    private static bool Meets(ArchivedEntry entry, SearchQuery query, IdMaker ids)
    {
        var message = entry.ReadMessage();
        List<string?> texts = [message.Text, message.Subject, .. message.Attachments.SelectMany(a => new[] { a.Name, a.Text })];
        return query.Words.All(p => texts.Any(t => Holds(t, p)))
            && query.Persons.All(p => Asked(message, p.Side).Any(who => Is(who, p, ids)))
            && (query.Channels.Count == 0 || query.Channels.Contains(message.Channel))
            && (query.Directions.Count == 0 || query.Directions.Contains(message.Direction))
            && (query.Conversations.Count == 0 || query.Conversations.Contains(entry.Conversation))
            && (query.After is not { } after || message.SentAt >= after)
            && (query.Before is not { } before || message.SentAt < before);
    }

    private static IEnumerable<Participant> Asked(CapturedMessage message, SearchSide side) => side switch
    {
        SearchSide.From => [message.From],
        SearchSide.To => message.To,
        _ => [message.From, .. message.To],
    };

    private static bool Is(Participant who, SearchPerson asked, IdMaker ids) =>
        Holds(who.Address, asked.Phrase) || Holds(who.Name, asked.Phrase)
        || PersonKey.Of(who.Address) == PersonKey.Of(asked.Value) || ids.Person(who.Address).ToString() == asked.Value;

    private static bool Holds(string? text, SearchPhrase phrase)
    {
        if (text is null)
        {
            return false;
        }
        // Blanks round every token, so that a phrase is a substring.
        var line = " " + string.Join(' ', SearchTokens.Of(text)) + " ";
        return line.Contains(" " + string.Join(' ', phrase.Tokens) + (phrase.IsPrefix ? "" : " "), StringComparison.Ordinal);
    }
}
