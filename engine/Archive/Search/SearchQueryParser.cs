using System.Globalization;
using Surveillance.Messages;

namespace Surveillance.Archive.Search;

/// <summary>One thing that is wrong with a query.</summary>
/// <param name="Column">Where, counted in UTF-16 units from 1.</param>
/// <param name="Length">How many units it spans, at least 1.</param>
/// <param name="Detail">What is wrong and what to write instead; may repeat what was written.</param>
public sealed record SearchError(int Column, int Length, string Detail);

/// <summary>What a text was read as.</summary>
/// <param name="Query">The query; null when something is wrong.</param>
/// <param name="Errors">Everything that is wrong, in order of place.</param>
public sealed record ParsedSearch(SearchQuery? Query, IReadOnlyList<SearchError> Errors);

/// <summary>Reads the words that people search with.</summary>
/// <remarks>
/// <c>word</c> (all of them), <c>wor*</c> (three letters or more), <c>"words in order"</c>, and fields: <c>channel:</c>,
/// <c>direction:</c>, <c>conversation:</c> (given twice: either), <c>from:</c>, <c>to:</c>, <c>with:</c> (all),
/// <c>after:</c> (that day or time, and later), <c>before:</c>. At most 500 units and 32 terms; linear in the text.
/// </remarks>
public static class SearchQueryParser
{
    /// <summary>How long a query may be, in UTF-16 units.</summary>
    public const int MostUnits = 500;

    /// <summary>How many terms a query may have.</summary>
    public const int MostTerms = 32;

    /// <summary>How many words, or characters of a script without blanks, a term may have.</summary>
    public const int MostTokens = 64;

    private const int ShortestPrefix = 3;

    /// <summary>The names of the fields.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["channel", "from", "to", "with", "conversation", "after", "before", "direction"];

    /// <summary>Reads a query; a blank one asks for everything.</summary>
    /// <param name="text">The text as typed.</param>
    public static ParsedSearch Parse(string text)
    {
        if (text.Length > MostUnits)
        {
            return new ParsedSearch(null, [new SearchError(MostUnits + 1, text.Length - MostUnits, $"a query has at most {MostUnits} characters, this one has {text.Length}")]);
        }
        var reading = new Reading(text);
        reading.Run();
        return reading.Errors.Count == 0 ? new ParsedSearch(reading.Query(), []) : new ParsedSearch(null, [.. reading.Errors.OrderBy(e => e.Column)]);
    }

    private sealed class Reading(string text)
    {
        private readonly List<SearchPhrase> _words = [];
        private readonly List<Channel> _channels = [];
        private readonly List<Direction> _directions = [];
        private readonly List<OpaqueId> _conversations = [];
        private readonly List<SearchPerson> _persons = [];
        private DateTimeOffset? _after, _before;
        private int _at, _terms;

        public List<SearchError> Errors { get; } = [];

        public SearchQuery Query() => new()
        {
            Words = _words, Channels = _channels, Directions = _directions, Conversations = _conversations, Persons = _persons, After = _after, Before = _before,
        };

        public void Run()
        {
            while (true)
            {
                while (_at < text.Length && char.IsWhiteSpace(text[_at]))
                {
                    _at++;
                }
                if (_at == text.Length)
                {
                    return;
                }
                if (++_terms > MostTerms)
                {
                    Fail(_at, text.Length - _at, $"a query has at most {MostTerms} terms");
                    return;
                }
                ReadTerm();
            }
        }

        private void ReadTerm()
        {
            var start = _at;
            if (FieldAhead() is { } field)
            {
                _at = start + field.Length + 1;
                ReadField(field, start);
            }
            else if (ReadValue() is { } value && !IsOperator(value) && PhraseOf(value) is { } phrase)
            {
                _words.Add(phrase);
            }
        }

        /// <summary>Refuses what other searches know and this one would take for words.</summary>
        private bool IsOperator(Value value)
        {
            var detail = value switch
            {
                { IsQuoted: true } => null,
                { Words: "AND" } => "there is no `AND`: all words are searched for anyway. Leave it out, or put it in quotation marks to search for the word",
                { Words: "OR" } => "there is no `OR`: search once for each word. Put it in quotation marks to search for the word",
                { Words: "NOT" } => "there is no exclusion. Leave `NOT` out, or put it in quotation marks to search for the word",
                { Words: ['-'] } when _at < text.Length && IsQuote(text[_at]) => "there is no exclusion. Leave the hyphen out",
                { Words: ['-', var first, ..] } when char.IsLetter(first) => "there is no exclusion. Leave the hyphen out, or put the words in quotation marks to search for them",
                _ => null,
            };
            if (detail is not null)
            {
                Fail(value, detail);
            }
            return detail is not null;
        }

        /// <summary>The name in front of a colon, when letters alone stand there and no address of the web follows.</summary>
        private string? FieldAhead()
        {
            var end = _at;
            while (end < text.Length && char.IsAsciiLetter(text[end]))
            {
                end++;
            }
            return end > _at && end < text.Length && text[end] == ':' && !text.AsSpan(end).StartsWith("://") ? text[_at..end] : null;
        }

        private void ReadField(string name, int start)
        {
            var field = name.ToLowerInvariant();
            var hasValue = _at < text.Length && !char.IsWhiteSpace(text[_at]);
            if (!Fields.Contains(field))
            {
                if (hasValue)
                {
                    ReadValue();
                }
                Fail(start, name.Length, NearestName.Find(field, Fields) is { } near
                    ? $"there is no field `{name}`; a field with a similar name is `{near}`"
                    : $"there is no field `{name}`; there are {string.Join(", ", Fields)}. Words with a colon are put in quotation marks");
                return;
            }
            if (!hasValue)
            {
                Fail(start, name.Length + 1, $"`{field}:` needs a value right after the colon");
                return;
            }
            if (ReadValue() is { } value)
            {
                Keep(field, value);
            }
        }

        private void Keep(string field, Value value)
        {
            switch (field)
            {
                case "channel":
                    KeepWord(field, value, _channels);
                    break;
                case "direction":
                    KeepWord(field, value, _directions);
                    break;
                case "conversation" when OpaqueId.TryParse(value.Words, out var id):
                    _conversations.Add(id);
                    break;
                case "conversation":
                    Fail(value, "`conversation:` takes the 26 characters at the end of a conversation's address");
                    break;
                case "after":
                    KeepTime(field, value, ref _after);
                    break;
                case "before":
                    KeepTime(field, value, ref _before);
                    break;
                default:
                    if (PhraseOf(value) is { } phrase)
                    {
                        var words = phrase.IsPrefix ? value.Words[..^1] : value.Words;
                        _persons.Add(new SearchPerson(field switch { "from" => SearchSide.From, "to" => SearchSide.To, _ => SearchSide.With }, words.Trim(), phrase));
                    }
                    break;
            }
        }

        private void KeepWord<T>(string field, Value value, List<T> into) where T : struct, Enum
        {
            if (Names<T>.TryParse(value.Words.ToLowerInvariant(), out var word))
            {
                into.Add(word);
                return;
            }
            Fail(value, NearestName.Find(value.Words, Names<T>.All) is { } near
                ? $"there is no {field} `{value.Words}`; one with a similar name is `{near}`"
                : $"there is no {field} `{value.Words}`; there are {string.Join(", ", Names<T>.All)}");
        }

        private void KeepTime(string field, Value value, ref DateTimeOffset? into)
        {
            if (into is not null)
            {
                Fail(value, $"`{field}:` stands twice; write it once");
            }
            else if (TimeOf(value.Words) is not { } time)
            {
                Fail(value, $"`{value.Words}` is no date; write it as 2026-05-04, or with a time as 2026-05-04T09:00:00Z");
            }
            else
            {
                into = time;
                if (_after >= _before)
                {
                    Fail(value, "nothing can be sent after the one time and before the other");
                }
            }
        }

        private static DateTimeOffset? TimeOf(string words) =>
            DateTimeOffset.TryParseExact(words, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day) ? day
            : Rfc3339.TryParse(words, out var time) ? time : null;

        /// <summary>What stands here up to a blank, or to the closing mark of a quotation; null when that is missing.</summary>
        private Value? ReadValue()
        {
            var start = _at;
            if (IsQuote(text[_at]))
            {
                var end = _at + 1;
                while (end < text.Length && !IsQuote(text[end]))
                {
                    end++;
                }
                if (end == text.Length)
                {
                    _at = end;
                    Fail(start, 1, "this quotation is never closed; put a quotation mark at its end");
                    return null;
                }
                _at = end + 1;
                return new Value(text[(start + 1)..end], start, _at, true);
            }
            while (_at < text.Length && !char.IsWhiteSpace(text[_at]) && !IsQuote(text[_at]))
            {
                _at++;
            }
            return new Value(text[start.._at], start, _at, false);
        }

        private SearchPhrase? PhraseOf(Value value)
        {
            var isPrefix = !value.IsQuoted && value.Words.EndsWith('*');
            var words = isPrefix ? value.Words[..^1] : value.Words;
            if (!value.IsQuoted && words.IndexOf('*', StringComparison.Ordinal) is >= 0 and var star)
            {
                Fail(value.Start + star, 1, "`*` stands at the end of a word only");
                return null;
            }
            var tokens = SearchTokens.Of(words, out var reachesEnd);
            if (tokens.Count == 0)
            {
                Fail(value, "there is no letter or digit in it to search for");
                return null;
            }
            if (tokens.Count > MostTokens)
            {
                Fail(value, $"a phrase has at most {MostTokens} words, this one has {tokens.Count}");
                return null;
            }
            if (isPrefix && (!reachesEnd || tokens[^1].Length < ShortestPrefix))
            {
                Fail(value, $"`*` needs at least {ShortestPrefix} letters right before it");
                return null;
            }
            return new SearchPhrase(tokens, isPrefix);
        }

        private void Fail(Value value, string detail) => Fail(value.Start, value.End - value.Start, detail);

        private void Fail(int start, int length, string detail) => Errors.Add(new SearchError(start + 1, Math.Max(1, length), detail));

        private static bool IsQuote(char c) => c is '"' or '\u201C' or '\u201D' or '\u201E';

        private sealed record Value(string Words, int Start, int End, bool IsQuoted);
    }
}
