using Surveillance.Messages;
using Surveillance.Text;

namespace Surveillance.Archive.Search;

/// <summary>Where words of a query stand in a message.</summary>
/// <param name="Part">The part: null for the text, <c>subject</c>, <c>attachments/N/name</c>, <c>attachments/N/text</c>.</param>
/// <param name="Spans">In order of their start, in UTF-16 units of the part as captured; never empty. They may touch and overlap.</param>
public sealed record SearchEvidence(string? Part, IReadOnlyList<TextSpan> Spans)
{
    private const int MostSpans = 100;
    private const int MostLooks = 2_000_000; // a text of one word over and over, and a long phrase of it, would cost more

    /// <summary>The first part of a message in which words of a query stand, and where; null when the query asks for no words or the message no longer has them.</summary>
    /// <param name="message">A message that meets the query.</param>
    /// <param name="words">The words.</param>
    public static SearchEvidence? Find(CapturedMessage message, IReadOnlyList<SearchPhrase> words)
    {
        if (words.Count == 0)
        {
            return null;
        }
        foreach (var part in PartsOf(message))
        {
            if (message.TextOf(part) is { Length: > 0 } text && Find(text, words) is { Count: > 0 } spans)
            {
                return new SearchEvidence(part, spans);
            }
        }
        return null;
    }

    /// <summary>Where phrases stand in a text; at most 100 places, and none past the part that was looked at within a bounded time.</summary>
    /// <param name="text">The text as captured.</param>
    /// <param name="words">The phrases.</param>
    public static IReadOnlyList<TextSpan> Find(string text, IReadOnlyList<SearchPhrase> words)
    {
        var spans = new List<TextSpan>();
        var prepared = PreparedText.Rent(text);
        try
        {
            var looks = 0;
            for (var i = 0; i < prepared.Tokens.Length && spans.Count < MostSpans && looks < MostLooks; i++)
            {
                foreach (var phrase in words)
                {
                    if (StandsAt(prepared, i, phrase, ref looks))
                    {
                        spans.Add(prepared.SpanOfTokens(i, i + phrase.Tokens.Count - 1));
                    }
                }
            }
        }
        finally
        {
            PreparedText.Return(prepared);
        }
        return spans;
    }

    private static bool StandsAt(PreparedText prepared, int index, SearchPhrase phrase, ref int looks)
    {
        if (index + phrase.Tokens.Count > prepared.Tokens.Length)
        {
            return false;
        }
        for (var i = 0; i < phrase.Tokens.Count; i++)
        {
            looks++;
            var word = SearchTokens.WordOf(prepared, index + i);
            var isOpen = phrase.IsPrefix && i == phrase.Tokens.Count - 1;
            if (isOpen ? !word.StartsWith(phrase.Tokens[i], StringComparison.Ordinal) : !word.SequenceEqual(phrase.Tokens[i]))
            {
                return false;
            }
        }
        return true;
    }

    private static IEnumerable<string?> PartsOf(CapturedMessage message)
    {
        yield return null;
        yield return "subject";
        for (var i = 0; i < message.Attachments.Count; i++)
        {
            yield return $"attachments/{i}/name";
            yield return $"attachments/{i}/text";
        }
    }
}
