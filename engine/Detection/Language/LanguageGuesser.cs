using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Surveillance.Text;

namespace Surveillance.Detection.Language;

/// <summary>Tells the language of a text: first by its script, then by short words, accented letters and three-letter pieces.</summary>
/// <remarks>
/// Knows English, German, French, Spanish, Portuguese, Italian and Dutch by their words; Chinese, Japanese, Korean, Russian,
/// Ukrainian, Greek, Arabic, Persian, Hebrew, Thai and Hindi by their letters. Reads what the sender wrote, at most its first
/// 4,000 characters; adds whole numbers only, so the answer is the same on every processor. Allocates nothing.
/// </remarks>
public static class LanguageGuesser
{
    private const int MostTokens = 400;
    private const int MostCharacters = 4000;
    private const int WordPoints = 12;
    private const int LeastPoints = 9;
    private const int LeastLead = 4;

    [InlineArray(8)]
    private struct Points
    {
        private sbyte _first;
    }

    private static readonly int Languages = LanguageProfile.All.Length;
    private static readonly FrozenDictionary<ulong, Points> Words = BuildWords();
    private static readonly FrozenDictionary<char, Points> Letters = BuildLetters();
    private static readonly FrozenDictionary<ulong, Points> Pieces = BuildPieces();

    /// <summary>The language, ISO 639-1, or null when the text is too short or too mixed to tell.</summary>
    /// <param name="text">The text.</param>
    public static string? Guess(PreparedText text)
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
        return latin < 2 ? null : Latin(text);
    }

    private static string? Latin(PreparedText text)
    {
        Span<int> points = stackalloc int[8];
        points.Clear();
        var folded = text.Folded;
        var tokens = text.Tokens;
        var count = Math.Min(tokens.Length, MostTokens);
        var read = 0;
        for (var i = 0; i < count && tokens[i].Start < MostCharacters; i++)
        {
            var token = tokens[i];
            if ((token.Flags & (TokenFlags.Digits | TokenFlags.Unspaced)) != 0 || !IsAuthored(text, token))
            {
                continue;
            }
            read++;
            if (Words.TryGetValue(token.Hash, out var word))
            {
                Add(points, word);
            }
            ulong piece = ' ';
            for (var at = token.Start; at <= token.End; at++)
            {
                piece = ((piece << 16) | (at == token.End ? ' ' : folded[at])) & 0xFFFF_FFFF_FFFF;
                if (at > token.Start && Pieces.TryGetValue(piece, out var weights))
                {
                    Add(points, weights);
                }
            }
        }
        foreach (var c in text.Original.AsSpan(0, Math.Min(text.Original.Length, MostCharacters)))
        {
            if (c > '\u007F' && Letters.TryGetValue(char.ToLowerInvariant(c), out var letter))
            {
                Add(points, letter);
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

    private static void Add(Span<int> points, in Points more)
    {
        for (var language = 0; language < Languages; language++)
        {
            points[language] += more[language];
        }
    }

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
    private static FrozenDictionary<ulong, Points> BuildWords()
    {
        var having = new Dictionary<ulong, List<int>>();
        for (var language = 0; language < Languages; language++)
        {
            foreach (var word in Split(LanguageProfile.All[language].Words).Distinct())
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(having, Folding.HashToken(word), out _) ??= []).Add(language);
            }
        }
        return having.ToFrozenDictionary(pair => pair.Key, pair =>
        {
            var points = new Points();
            foreach (var language in pair.Value)
            {
                points[language] = (sbyte)(WordPoints / pair.Value.Count);
            }
            return points;
        });
    }

    private static FrozenDictionary<char, Points> BuildLetters() =>
        Weighted(profile => profile.Letters).GroupBy(w => w.What[0]).ToFrozenDictionary(g => g.Key, Sum);

    private static FrozenDictionary<ulong, Points> BuildPieces() =>
        Weighted(profile => profile.Pieces).GroupBy(w => w.What.Aggregate(0UL, (key, c) => (key << 16) | (c == '_' ? ' ' : c))).ToFrozenDictionary(g => g.Key, Sum);

    private static Points Sum<TKey>(IGrouping<TKey, (string What, int Language, int Weight)> entries)
    {
        var points = new Points();
        foreach (var (_, language, weight) in entries)
        {
            points[language] = (sbyte)weight;
        }
        return points;
    }

    private static IEnumerable<(string What, int Language, int Weight)> Weighted(Func<LanguageProfile, string> entries) =>
        LanguageProfile.All.SelectMany((profile, language) => Split(entries(profile)).Select(entry => (entry[..^1], language, entry[^1] - '0')));

    private static string[] Split(string words) => words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
