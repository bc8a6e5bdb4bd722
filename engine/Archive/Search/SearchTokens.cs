using System.Text;
using Surveillance.Text;

namespace Surveillance.Archive.Search;

/// <summary>Cuts texts into the tokens that the search index holds: those of <see cref="PreparedText"/>, apostrophes left out, at most 64 units each.</summary>
public static class SearchTokens
{
    /// <summary>How many units of a token count; longer ones are the same when they begin alike.</summary>
    public const int MostUnits = 64;

    /// <summary>Stands between texts that are kept in one column, so that no phrase reaches over it. No text yields it: it is no letter.</summary>
    internal const char Fence = '\uE000';

    /// <summary>The tokens of a text in order.</summary>
    /// <param name="text">Any text.</param>
    public static IReadOnlyList<string> Of(string text) => Of(text, out _);

    /// <summary>The tokens of a text in order.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="reachesEnd">Whether the last token ends where the text does.</param>
    internal static IReadOnlyList<string> Of(string text, out bool reachesEnd)
    {
        var prepared = PreparedText.Rent(text);
        try
        {
            var tokens = new string[prepared.Tokens.Length];
            for (var i = 0; i < tokens.Length; i++)
            {
                tokens[i] = WordOf(prepared, i).ToString();
            }
            reachesEnd = tokens.Length > 0 && prepared.Tokens[^1].End == prepared.Folded.Length;
            return tokens;
        }
        finally
        {
            PreparedText.Return(prepared);
        }
    }

    /// <summary>Adds the tokens of a text, blanks between; nothing for null.</summary>
    internal static void Write(StringBuilder into, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return;
        }
        var prepared = PreparedText.Rent(text);
        try
        {
            for (var i = 0; i < prepared.Tokens.Length; i++)
            {
                if (into.Length > 0)
                {
                    into.Append(' ');
                }
                into.Append(WordOf(prepared, i));
            }
        }
        finally
        {
            PreparedText.Return(prepared);
        }
    }

    /// <summary>The token of an index as it is searched for.</summary>
    internal static ReadOnlySpan<char> WordOf(PreparedText prepared, int index)
    {
        var token = prepared.Tokens[index];
        var word = prepared.Folded[token.Start..token.End];
        if (word.Contains('\''))
        {
            word = word.ToString().Replace("'", "", StringComparison.Ordinal);
        }
        return word.Length > MostUnits ? word[..MostUnits] : word;
    }
}
