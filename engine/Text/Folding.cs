using System.Globalization;

namespace Surveillance.Text;

/// <summary>Makes texts comparable: letter case, width, accents, look-alike letters and invisible characters no longer count.</summary>
public static class Folding
{
    /// <summary>Stands in <see cref="Map"/> for a character that is dropped.</summary>
    internal const char Dropped = '\0';

    /// <summary>Stands in <see cref="Map"/> for a character that becomes several.</summary>
    internal const char Several = '\uFFFF';

    /// <summary>What each UTF-16 unit becomes.</summary>
    internal static readonly char[] Map = BuildMap(out SeveralOf);

    /// <summary>The characters that become several, with what they become.</summary>
    internal static readonly Dictionary<char, string> SeveralOf;

    private static readonly Dictionary<char, char> Lookalikes = BuildLookalikes();

    /// <summary>The folded form of a text, as <see cref="PreparedText.Folded"/> would hold it.</summary>
    /// <param name="text">Any text.</param>
    public static string Fold(string text) => PreparedText.Of(text).Folded.ToString();

    /// <summary>The hash of a folded token; apostrophes do not count, so <c>don't</c> equals <c>dont</c>. The same on every machine.</summary>
    /// <param name="foldedToken">The characters of one token after folding.</param>
    public static ulong HashToken(ReadOnlySpan<char> foldedToken)
    {
        var hash = HashStart;
        foreach (var c in foldedToken)
        {
            if (c != '\'')
            {
                hash = HashStep(hash, c);
            }
        }
        return HashEnd(hash);
    }

    internal const ulong HashStart = 0xCBF29CE484222325;

    internal static ulong HashStep(ulong hash, char c) => (hash ^ c) * 0x100000001B3;

    internal static ulong HashEnd(ulong hash)
    {
        hash ^= hash >> 32;
        hash *= 0x9E3779B97F4A7C15;
        return hash ^ (hash >> 29);
    }

    /// <summary>The Latin letter that a Greek or Cyrillic one looks like, or the character itself.</summary>
    internal static char Lookalike(char c) => Lookalikes.TryGetValue(c, out var latin) ? latin : c;

    /// <summary>The letter that a digit or sign stands for in words such as <c>gu@r4nteed</c>, or the character itself.</summary>
    internal static char Unleet(char c) => c switch
    {
        '0' => 'o', '1' => 'i', '3' => 'e', '4' => 'a', '5' => 's', '7' => 't', '@' => 'a', '$' => 's', '!' => 'i', '|' => 'l', '€' => 'e', _ => c,
    };

    /// <summary>The plain form of a character outside the basic plane that only decorates a letter or digit, or 0.</summary>
    internal static char Plain(int codePoint) => codePoint switch
    {
        >= 0x1D400 and <= 0x1D6A3 => (char)('a' + (codePoint - 0x1D400) % 26),
        >= 0x1D7CE and <= 0x1D7FF => (char)('0' + (codePoint - 0x1D7CE) % 10),
        >= 0x1F130 and <= 0x1F149 => (char)('a' + codePoint - 0x1F130),
        >= 0x1F150 and <= 0x1F169 => (char)('a' + codePoint - 0x1F150),
        >= 0x1F170 and <= 0x1F189 => (char)('a' + codePoint - 0x1F170),
        _ => '\0',
    };

    /// <summary>Whether the character is a word of its own: Han, Hiragana or Katakana, which are written without blanks.</summary>
    internal static bool IsUnspaced(char c) =>
        c is (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u4DBF') or (>= '\u4E00' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF') or '\u3005' or '\u3007';

    private static char[] BuildMap(out Dictionary<char, string> several)
    {
        var map = new char[65536];
        several = [];
        for (var i = 0; i < map.Length; i++)
        {
            var c = (char)i;
            map[i] = c switch
            {
                '\n' or '\u2028' or '\u2029' => '\n',
                _ when IsInvisible(c) => Dropped,
                _ when char.IsWhiteSpace(c) || char.IsControl(c) => ' ',
                _ when char.IsDigit(c) => (char)('0' + CharUnicodeInfo.GetDecimalDigitValue(c)),
                '\u2018' or '\u2019' or '\u02BC' or '\u2032' or '\u00B4' => '\'',
                '\u201C' or '\u201D' or '\u201E' or '\u2033' => '"',
                (>= '\u2010' and <= '\u2015') or '\u2212' or '\u2043' => '-',
                _ when char.IsSurrogate(c) => c,
                _ => char.ToLowerInvariant(c),
            };
        }
        foreach (var (plain, sources) in FoldTable.Entries)
        {
            foreach (var source in sources)
            {
                if (plain.Length == 1)
                {
                    map[source] = plain[0];
                }
                else
                {
                    map[source] = Several;
                    several[source] = plain;
                }
            }
        }
        return map;
    }

    private static bool IsInvisible(char c) =>
        c is '\0' or '\u00AD' or '\u034F' or '\u061C' or '\u180E' or '\uFEFF'
            or (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u206F')
            or (>= '\uFE00' and <= '\uFE0F') or (>= '\u0300' and <= '\u036F') or (>= '\u1AB0' and <= '\u1AFF')
            or (>= '\u1DC0' and <= '\u1DFF') or (>= '\u20D0' and <= '\u20FF')
            or (>= '\uFDD0' and <= '\uFDEF') or '\uFFFE' or '\uFFFF'; // the last are noncharacters (Unicode 16.0, 23.7): no text means them

    /// <summary>Whether the character is a mark on the one before it, and so belongs to that one's span.</summary>
    internal static bool IsMark(char c) =>
        c is (>= '\u0300' and <= '\u036F') or (>= '\u1AB0' and <= '\u1AFF') or (>= '\u1DC0' and <= '\u1DFF') or (>= '\u20D0' and <= '\u20FF') or (>= '\uFE00' and <= '\uFE0F');

    private static Dictionary<char, char> BuildLookalikes()
    {
        const string foreign = "аеорсухіјѕԁһӏԛԝмтвнкгαεορυχικτνωγη";
        const string latin = "aeopcyxijsdhlqwmtbhkraeopuxiktvwyn";
        var map = new Dictionary<char, char>();
        for (var i = 0; i < foreign.Length; i++)
        {
            map[foreign[i]] = latin[i];
        }
        return map;
    }
}
