using System.Text;
using Surveillance.Archive.Search;
using Surveillance.Messages;

namespace Surveillance.Storage.Sqlite;

/// <summary>Writes a query in the language of SQLite's FTS5. Tokens hold letters and digits only and stand in quotation marks, so nothing of them is taken for syntax.</summary>
internal static class SearchExpression
{
    /// <summary>The expression; null when the query asks for nothing that the full-text index knows.</summary>
    internal static string? Of(SearchQuery query, IdMaker ids)
    {
        var parts = new List<string>();
        if (query.Words.Count > 0)
        {
            parts.Add("{text subject files} : (" + string.Join(" AND ", query.Words.Select(Phrase)) + ")");
        }
        foreach (var person in query.Persons)
        {
            var columns = person.Side switch { SearchSide.From => "sender", SearchSide.To => "receivers", _ => "sender receivers" };
            parts.Add($"{{{columns}}} : ({Quoted(SearchMarks.OfPerson(person.IdOf(ids)))} OR {Phrase(person.Phrase)})");
        }
        AddMarks(parts, query.Channels.Select(SearchMarks.OfChannel));
        AddMarks(parts, query.Directions.Select(SearchMarks.OfDirection));
        AddMarks(parts, query.Conversations.Select(SearchMarks.OfConversation));
        return parts.Count == 0 ? null : string.Join(" AND ", parts);
    }

    private static void AddMarks(List<string> parts, IEnumerable<string> marks)
    {
        var any = string.Join(" OR ", marks.Distinct().Select(Quoted));
        if (any.Length > 0)
        {
            parts.Add("{about} : (" + any + ")");
        }
    }

    private static string Phrase(SearchPhrase phrase) => Quoted(string.Join(' ', phrase.Tokens)) + (phrase.IsPrefix ? " *" : "");

    private static string Quoted(string tokens) => new StringBuilder(tokens.Length + 2).Append('"').Append(tokens.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"').ToString();
}
