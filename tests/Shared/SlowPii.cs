using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Surveillance.Tests;

/// <summary>The slow, obvious twin of the PII detector: one plain regular expression a type over the whole text, and a check written another way.</summary>
/// <remarks>It knows the unmistakable forms only; whatever it finds, the detector must find too.</remarks>
public static class SlowPii
{
    private static readonly (string Type, Regex Pattern, Func<string, bool> Check)[] Types =
    [
        ("email", Compile(@"(?<![\w.%+'&~@-])[A-Za-z0-9](?:[A-Za-z0-9_%+-]|\.(?!\.)){0,60}(?<!\.)@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?\.)+[A-Za-z]{2,12}(?![\w@-]|\.[\w.])"), static _ => true),
        ("phone", Compile(@"(?<![\w.+()*=/\\$€£¥%<&^-])\+[0-9]{1,3}(?:[ -]?[0-9]{2,4}){2,4}(?![\w%*=@€$£¥°^(]|[:,+/.\s-]+[0-9%€$£¥(]|-\W)"), IsPhone),
        ("payment-card", Compile(@"(?<![\w.+$€£¥%/-])(?<![-.,+/\s][0-9]?)[0-9]{4}(?<s>[ -]?)[0-9]{4}\k<s>[0-9]{4}\k<s>[0-9]{4}(?![\w%€@]|[ .,:/(-]+\w)"), IsCard),
        ("iban", Compile(@"(?<![\w])(?:DE[0-9][0-9](?: ?[0-9]{4}){4} ?[0-9][0-9]|GB[0-9][0-9] ?[A-Z]{4}(?: ?[0-9]{4}){3} ?[0-9][0-9]|FR[0-9][0-9](?: ?[0-9]{4}){5} ?[0-9]{3}|ES[0-9][0-9](?: ?[0-9]{4}){5}|NL[0-9][0-9] ?[A-Z]{4}(?: ?[0-9]{4}){2} ?[0-9][0-9])(?!\w)"), IsIban),
        ("ip-address", Compile(@"(?<![\w.$:/-])[0-9]{2,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}(?![\w.:/-])"), IsAddress),
        ("url", Compile(@"(?<![A-Za-z])https?://(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,12}(?![\w@:.-])[^\s""<>`\\|^{}]*"), static _ => true),
    ];

    /// <summary>What a text holds beyond doubt.</summary>
    /// <param name="text">The text as captured.</param>
    public static IEnumerable<(string Type, int Start, int End)> Find(string text)
    {
        foreach (var (type, pattern, check) in Types)
        {
            foreach (Match match in pattern.Matches(text))
            {
                if (check(match.Value)) { yield return (type, match.Index, match.Index + match.Length); }
            }
        }
    }

    /// <summary>Patterns as one would write them to locate every form that the detector knows, one a type.</summary>
    private static readonly Regex[] Locators =
    [
        Compile(@"[\w.%+'-]+@[\w-]+(?:\.[\w-]+)+"),
        Compile(@"(?<!\w)\(?\+?[0-9][0-9\s()./-]{4,20}[0-9](?:\s*(?:x|ext\.?)\s*[0-9]{1,6})?(?!\w)"),
        Compile(@"(?<!\w)[0-9](?:[ ./-]?[0-9]){11,18}(?!\w)"),
        Compile(@"(?<!\w)[A-Za-z]{2}[0-9]{2}(?:[ -]?[A-Za-z0-9]){11,30}(?!\w)"),
        Compile(@"(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w.])|(?<![\w:])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:])"),
        Compile(@"https?://\S+|(?<![\w@.-])(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24}(?![\w@-])(?:/\S*)?"),
    ];

    /// <summary>How many locating patterns there are.</summary>
    public static int LocatorCount => Locators.Length;

    /// <summary>Runs the locating patterns over a text, one after the other, and counts what matches: what the work costs without gates.</summary>
    /// <param name="text">The text as captured.</param>
    public static int CountMatches(string text)
    {
        var count = 0;
        foreach (var pattern in Locators) { count += pattern.Count(text); }
        return count;
    }

    private static Regex Compile(string pattern) => new(pattern, RegexOptions.Compiled | RegexOptions.CultureInvariant);

    private static string Digits(string value) => string.Concat(value.Where(char.IsAsciiDigit));

    private static bool IsPhone(string value) =>
        Regex.IsMatch(Digits(value), "^(447[1-9][0-9]{8}|4915[0-9]{9}|1[2-9][0-9]{2}[2-9][0-9]{6}|33[1-9][0-9]{8}|34[6-9][0-9]{8})$", RegexOptions.CultureInvariant);

    private static bool IsCard(string value)
    {
        var digits = Digits(value);
        var sum = digits.Reverse().Select((c, i) => i % 2 == 0 ? c - '0' : "0246813579"[c - '0'] - '0').Sum();
        return sum % 10 == 0 && digits.Distinct().Count() > 1 && !value.Split(' ', '-').All(g => g.EndsWith("00", StringComparison.Ordinal))
            && Regex.IsMatch(digits, "^(4|5[1-5]|2[3-6]|6011|65|35[3-8])", RegexOptions.CultureInvariant);
    }

    private static bool IsIban(string value)
    {
        var plain = value.Replace(" ", "", StringComparison.Ordinal);
        var number = string.Concat((plain[4..] + plain[..4]).Select(c => char.IsAsciiDigit(c) ? c.ToString() : (c - 'A' + 10).ToString(CultureInfo.InvariantCulture)));
        return BigInteger.Parse(number, CultureInfo.InvariantCulture) % 97 == 1;
    }

    private static bool IsAddress(string value) =>
        value.Split('.').All(part => part == "0" || part[0] != '0') && IPAddress.TryParse(value, out var address) && address.GetAddressBytes()[0] >= 20;
}
