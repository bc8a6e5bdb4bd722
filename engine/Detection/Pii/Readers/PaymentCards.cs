using System.Globalization;

namespace Surveillance.Detection.Pii.Readers;

/// <summary>Numbers of payment cards.</summary>
internal static class PaymentCards
{
    /// <summary>Payment card numbers: 12 to 19 digits of an issuer's range, spaced, dotted or hyphenated at will, with a valid check digit.</summary>
    /// <remarks>Source: ISO/IEC 7812-1, annex B (Luhn); the issuers' published ranges.</remarks>
    internal static readonly Recogniser PaymentCard = new(
        Shape.Digits(12, 19).Separated(" -./"), Check.Luhn.And("Luhn, issuer's range and length", Issued),
        Near: WordGroup.Card, Not: WordGroup.Order | WordGroup.Time | WordGroup.Phone)
    {
        Bands = new(Passed: 86, Weak: 45, Near: 40, Not: 50),
    };

    /// <summary>Leading digits = lengths; <c>!</c> marks the usual length, the others are rare enough to need a word beside them. The first line that fits decides.</summary>
    private const string Ranges = """
        4            = 16! 13 18 19
        51-55        = 16!
        2221-2720    = 16!
        34,37        = 15!
        3528-3589    = 16! 17-19
        35           = 16-19
        300-305,3095 = 14! 16-19
        36,38-39     = 14! 16-19
        6011         = 16! 17-19
        644-649,65   = 16! 17-19
        62           = 16! 17-19
        5018-5020,5038,5893,6304,6759,6761-6763 = 16! 12-15 17-19
        2131,1800    = 15
        2200-2204    = 16 17-19
        81,82        = 16-19
        9792         = 16
        0604         = 12
        50,56-58,6   = 12-19
        1            = 15
        """;

    private static readonly Range[] Table = ReadRanges();

    /// <param name="Low">First number of the range, six digits.</param>
    /// <param name="High">Last number of the range, six digits.</param>
    /// <param name="Lengths">One bit a length.</param>
    /// <param name="Usual">The bits of the usual lengths.</param>
    private readonly record struct Range(int Low, int High, int Lengths, int Usual);

    private static Verdict Issued(ReadOnlySpan<char> digits)
    {
        var prefix = 0;
        for (var i = 0; i < 6; i++) { prefix = prefix * 10 + (digits[i] - '0'); }
        var length = 1 << digits.Length;
        foreach (var range in Table)
        {
            if (prefix >= range.Low && prefix <= range.High)
            {
                return (range.Usual & length) != 0 ? Verdict.Passes : (range.Lengths & length) != 0 ? Verdict.Weak : Verdict.Fails;
            }
        }
        return Verdict.Fails;
    }

    private static Range[] ReadRanges()
    {
        var table = new List<Range>();
        foreach (var line in Ranges.Split('\n'))
        {
            var sides = line.Split('=', StringSplitOptions.TrimEntries);
            int lengths = 0, usual = 0;
            foreach (var item in sides[1].Split(' '))
            {
                var (low, high) = Ends(item.TrimEnd('!'));
                for (var length = int.Parse(low, CultureInfo.InvariantCulture); length <= int.Parse(high, CultureInfo.InvariantCulture); length++)
                {
                    lengths |= 1 << length;
                    if (item.EndsWith('!')) { usual |= 1 << length; }
                }
            }
            foreach (var item in sides[0].Split(','))
            {
                var (low, high) = Ends(item);
                table.Add(new Range(int.Parse(low.PadRight(6, '0'), CultureInfo.InvariantCulture), int.Parse(high.PadRight(6, '9'), CultureInfo.InvariantCulture), lengths, usual));
            }
        }
        return [.. table];

        static (string Low, string High) Ends(string item) => item.Split('-') is [var low, var high] ? (low, high) : (item, item);
    }
}
