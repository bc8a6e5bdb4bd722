using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Surveillance.Text;

namespace Surveillance.Detection.Language;

/// <summary>Tells the language of a text: first by its script, then by short words, accented letters and three-letter pieces.</summary>
/// <remarks>
/// Knows English, German, French, Spanish, Portuguese, Italian and Dutch by their words; Chinese, Japanese, Korean, Russian,
/// Ukrainian, Greek, Arabic, Persian, Hebrew, Thai and Hindi by their letters. Reads what the sender wrote, at most its first
/// 1,000 characters; adds whole numbers only, so the answer is the same on every processor. Allocates nothing.
/// </remarks>
public static class LanguageGuesser
{
    private const int MostTokens = 200;
    private const int MostCharacters = 1000; // no sum of points can leave 16 bits
    private const int WordPoints = 12;
    private const int LeastPoints = 9;
    private const int LeastLead = 4;
    private const int Alphabet = 27;

    /// <summary>The languages that it tells apart by their words, ISO 639-1; others it knows by their script.</summary>
    public static IReadOnlyList<string> ByWords { get; } = [.. LanguageProfile.All.Select(p => p.Code)];

    private static readonly int Languages = LanguageProfile.All.Length;
    private static readonly FrozenDictionary<ulong, Vector128<short>> Words = BuildWords();
    private static readonly FrozenDictionary<char, Vector128<short>> Letters = BuildLetters();

    /// <summary>For each piece of three letters the row of <see cref="PieceRows"/> that holds its points, one lane a language; row 0 is empty.</summary>
    private static readonly ushort[] Pieces = BuildPieces(out PieceRows);
    private static readonly Vector128<short>[] PieceRows;

    /// <summary>The language, ISO 639-1, or null when the text is too short or too mixed to tell.</summary>
    /// <param name="text">The text.</param>
    /// <param name="all">Whether quoted words count as well, so that the text need not be cut into zones.</param>
    public static string? Guess(PreparedText text, bool all = false)
    {
        var (latin, other) = Scripts(text, out var script);
        if (latin + other == 0)
        {
            return null;
        }
        if (other > latin)
        {
            return script;
        }
        return latin < 2 ? null : Latin(text, all);
    }

    /// <summary>Whether a word is an ordinary one of a language: one of those that tell it.</summary>
    /// <param name="hash">Hash of its token.</param>
    /// <param name="language">Index of the language in <see cref="ByWords"/>.</param>
    public static bool IsWordOf(ulong hash, int language) => Words.TryGetValue(hash, out var word) && word[language] > 0;

    private static string? Latin(PreparedText text, bool all)
    {
        var points = Vector128<short>.Zero;
        var folded = text.Folded;
        var tokens = text.Tokens;
        var count = Math.Min(tokens.Length, MostTokens);
        for (var i = 0; i < count && tokens[i].Start < MostCharacters; i++)
        {
            var token = tokens[i];
            if ((token.Flags & (TokenFlags.Digits | TokenFlags.Unspaced)) != 0 || (!all && !IsAuthored(text, token)))
            {
                continue;
            }
            if (Words.TryGetValue(token.Hash, out var word))
            {
                points += word;
            }
            int older = 0, old = 0;
            var end = Math.Min(token.End, MostCharacters);
            for (var at = token.Start; at <= end; at++)
            {
                var letter = at < end ? LetterOf(folded[at]) : 0;
                points += PieceRows[Pieces[(older * Alphabet + old) * Alphabet + letter]];
                (older, old) = (old, letter);
            }
        }
        foreach (var c in text.Original.AsSpan(0, Math.Min(text.Original.Length, MostCharacters)))
        {
            if (c > '\u007F' && Letters.TryGetValue(char.ToLowerInvariant(c), out var letter))
            {
                points += letter;
            }
        }
        int best = 0, second = -1;
        for (var language = 1; language < Languages; language++)
        {
            if (points[language] > points[best]) { (best, second) = (language, best); }
            else if (second < 0 || points[language] > points[second]) { second = language; }
        }
        var lead = points[best] - points[second];
        return points[best] >= LeastPoints && lead >= LeastLead && lead * 10 >= points[best] ? LanguageProfile.All[best].Code : null;
    }

    /// <summary>1 to 26 for a Latin letter, 0 for the border of a word and everything else.</summary>
    private static int LetterOf(char c) => c is >= 'a' and <= 'z' ? c - 'a' + 1 : 0;

    private static bool IsAuthored(PreparedText text, Token token) =>
        text.ZoneSpans.Count <= 1 || text.ZoneAt(text.ToOriginal(token.Start, token.End).Start) == Zones.Authored;

    /// <summary>How many words are written with Latin letters, how many with others, and which language the most frequent other letters mean.</summary>
    private static (int Latin, int Other) Scripts(PreparedText text, out string? language)
    {
        int latin = 0, han = 0, kana = 0, hangul = 0, cyrillic = 0, ukrainian = 0, greek = 0, arabic = 0, persian = 0, hebrew = 0, thai = 0, hindi = 0;
        var read = text.Original.AsSpan(0, Math.Min(text.Original.Length, MostCharacters));
        foreach (var c in read)
        {
            switch (c)
            {
                case (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '\u00C0' and <= '\u024F'): latin++; break;
                case < '\u0370': break;
                case (>= '\u4E00' and <= '\u9FFF') or (>= '\u3400' and <= '\u4DBF'): han++; break;
                case >= '\u3040' and <= '\u30FF': kana++; break;
                case (>= '\uAC00' and <= '\uD7A3') or (>= '\u1100' and <= '\u11FF'): hangul++; break;
                case 'і' or 'ї' or 'є' or 'ґ' or 'І' or 'Ї' or 'Є' or 'Ґ': ukrainian++; cyrillic++; break;
                case >= '\u0400' and <= '\u04FF': cyrillic++; break;
                case >= '\u0370' and <= '\u03FF': greek++; break;
                case 'پ' or 'چ' or 'ژ' or 'گ' or 'ی' or 'ک': persian++; arabic++; break;
                case >= '\u0600' and <= '\u06FF': arabic++; break;
                case >= '\u0590' and <= '\u05FF': hebrew++; break;
                case >= '\u0E00' and <= '\u0E7F': thai++; break;
                case >= '\u0900' and <= '\u097F': hindi++; break;
            }
        }
        ReadOnlySpan<int> counts = [3 * (han + kana), 2 * hangul, cyrillic, greek, arabic, hebrew, thai, hindi];
        var most = 0;
        for (var i = 1; i < counts.Length; i++)
        {
            if (counts[i] > counts[most]) { most = i; }
        }
        language = most switch
        {
            0 => 8 * kana > han ? "ja" : "zh",
            1 => "ko",
            2 => ukrainian > 0 ? "uk" : "ru",
            3 => "el",
            4 => 16 * persian > arabic ? "fa" : "ar",
            5 => "he",
            6 => "th",
            _ => "hi",
        };
        return (latin, counts[most]);
    }

    /// <summary>A word tells the more, the fewer languages have it.</summary>
    private static FrozenDictionary<ulong, Vector128<short>> BuildWords()
    {
        var having = new Dictionary<ulong, List<int>>();
        for (var language = 0; language < Languages; language++)
        {
            foreach (var word in Split(LanguageProfile.All[language].Words).Distinct())
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(having, Folding.HashToken(word), out _) ??= []).Add(language);
            }
        }
        return having.ToFrozenDictionary(pair => pair.Key, pair => Row(pair.Value.Select(language => (language, WordPoints / pair.Value.Count))));
    }

    private static FrozenDictionary<char, Vector128<short>> BuildLetters() =>
        Weighted(profile => profile.Letters).GroupBy(entry => entry.What[0])
            .ToFrozenDictionary(entries => entries.Key, entries => Row(entries.Select(e => (e.Language, e.Weight))));

    private static ushort[] BuildPieces(out Vector128<short>[] rows)
    {
        var all = new List<Vector128<short>> { Vector128<short>.Zero };
        var index = new ushort[Alphabet * Alphabet * Alphabet];
        foreach (var entries in Weighted(profile => profile.Pieces).GroupBy(entry => entry.What))
        {
            index[entries.Key.Aggregate(0, (key, c) => key * Alphabet + LetterOf(c))] = (ushort)all.Count;
            all.Add(Row(entries.Select(e => (e.Language, e.Weight))));
        }
        rows = [.. all];
        return index;
    }

    private static Vector128<short> Row(IEnumerable<(int Language, int Points)> entries)
    {
        var row = Vector128<short>.Zero;
        foreach (var (language, points) in entries)
        {
            row = row.WithElement(language, (short)points);
        }
        return row;
    }

    private static IEnumerable<(string What, int Language, int Weight)> Weighted(Func<LanguageProfile, string> entries) =>
        LanguageProfile.All.SelectMany((profile, language) => Split(entries(profile)).Select(entry => (entry[..^1], language, entry[^1] - '0')));

    private static string[] Split(string words) => words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
