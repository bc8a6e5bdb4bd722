using System.Globalization;

namespace Surveillance.Detection.Pii.Readers;

/// <summary>International bank account numbers.</summary>
internal static class Ibans
{
    /// <summary>IBANs of every country that issues them, in one piece or in groups, in capitals or small letters but not mixed.</summary>
    /// <remarks>Source: ISO 13616-1 and its registry of national formats; check digits by ISO/IEC 7064, MOD 97-10.</remarks>
    internal static readonly Recogniser Iban = new(
        new Shape(Anchor.LettersAndDigits, 15, LongestIban, " -./"), Check.Mod97.And("mod 97, national format", FitsFormat), Near: WordGroup.Iban, Not: WordGroup.None)
    {
        Bands = new(Passed: 96, Weak: 96, Near: 3, Not: 0),
    };

    /// <summary>The longest of all national formats.</summary>
    internal const int LongestIban = 34;

    /// <summary>National formats after country code and check digits: n digits, a letters, c either.</summary>
    private const string Registry = """
        AD 4n4n12c    AE 3n16n      AL 8n16c      AT 5n11n      AZ 4a20c      BA 16n        BE 12n        BG 4a6n8c     BH 4a14c      BI 23n
        BR 23n1a1c    BY 4c4n16c    CH 5n12c      CR 18n        CY 8n16c      CZ 20n        DE 18n        DJ 23n        DK 14n        DO 4c20n
        EE 16n        EG 25n        ES 20n        FI 14n        FK 2a12n      FO 14n        FR 10n11c2n   GB 4a14n      GE 2a16n      GI 4a15c
        GL 14n        GR 7n16c      GT 4c20c      HN 4a20n      HR 17n        HU 24n        IE 4a14n      IL 19n        IQ 4a15n      IS 22n
        IT 1a10n12c   JO 4a4n18c    KW 4a22c      KZ 3n13c      LB 4n20c      LC 4a24c      LI 5n12c      LT 16n        LU 3n13c      LV 4a13c
        LY 21n        MC 10n11c2n   MD 20c        ME 18n        MK 3n10c2n    MN 16n        MR 23n        MT 4a5n18c    MU 4a19n3a    NI 4a20n
        NL 4a10n      NO 11n        OM 3n16c      PK 4a16c      PL 24n        PS 4a21c      PT 21n        QA 4a21c      RO 4a16c      RS 18n
        RU 14n15c     SA 2n18c      SC 4a20n3a    SD 14n        SE 20n        SI 15n        SK 20n        SM 1a10n12c   SO 19n        ST 21n
        SV 4a20n      TL 19n        TN 20n        TR 6n16c      UA 6n19c      VA 18n        VG 4a16n      XK 16n        YE 4a4n18c
        """;

    private static readonly string?[] Formats = ReadFormats();

    /// <summary>The characters that an IBAN of a country has after its check digits, one letter each (n, a, c), or null.</summary>
    /// <param name="first">First letter of the country code, small.</param>
    /// <param name="second">Second letter of the country code, small.</param>
    internal static string? FormatOf(char first, char second) =>
        first is >= 'a' and <= 'z' && second is >= 'a' and <= 'z' ? Formats[(first - 'a') * 26 + (second - 'a')] : null;

    /// <summary>The country codes, in order, capitals.</summary>
    internal static IEnumerable<string> Countries
    {
        get
        {
            for (var i = 0; i < Formats.Length; i++)
            {
                if (Formats[i] is not null) { yield return $"{(char)('A' + i / 26)}{(char)('A' + i % 26)}"; }
            }
        }
    }

    /// <summary>Reads the IBAN whose check digits begin at an offset.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="digit">Folded offset of a digit that follows two letters, perhaps with a blank between.</param>
    /// <returns>The offset after it, or -1.</returns>
    internal static int Read(PiiScan scan, int digit)
    {
        var text = scan.Text.Folded;
        var start = text[digit - 1] == ' ' ? digit - 3 : digit - 2;
        if (start < 0 || digit + 1 >= text.Length || !char.IsAsciiDigit(text[digit + 1]) || FormatOf(text[start], text[start + 1]) is not { } format)
        {
            return -1;
        }
        if (start > 0 && NumberCluster.Sticks(text[start - 1]) && !text[..start].EndsWith("iban"))
        {
            return -1;
        }
        Span<char> value = stackalloc char[LongestIban];
        var length = format.Length + 4;
        int n = 0, end = start, gap = 0;
        for (var i = start; n < length && i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsAsciiLetterOrDigit(c))
            {
                value[n++] = c;
                gap = 0;
                end = i + 1;
            }
            else if (c is not (' ' or '-' or '.' or '/' or '\n') || ++gap > 2)
            {
                return -1;
            }
        }
        if (n < length || (end < text.Length && NumberCluster.Sticks(text[end])) || Iban.Check.Test(value[..length]) == Verdict.Fails || IsMixedCase(scan, start, end))
        {
            return -1;
        }
        var context = scan.ContextOf(start, end, Iban.Near);
        scan.Add(start, end, PiiTypes.Iban, Iban.Bands.Passed + (context.All != 0 ? Iban.Bands.Near : 0), validated: true);
        return end;
    }

    private static Verdict FitsFormat(ReadOnlySpan<char> value)
    {
        if (FormatOf(value[0], value[1]) is not { } format || value.Length != format.Length + 4) { return Verdict.Fails; }
        for (var i = 0; i < format.Length; i++)
        {
            var digit = char.IsAsciiDigit(value[i + 4]);
            if ((format[i] == 'n' && !digit) || (format[i] == 'a' && digit)) { return Verdict.Fails; }
        }
        return Verdict.Passes;
    }

    /// <summary>Whether capitals and small letters are mixed in the text as captured.</summary>
    private static bool IsMixedCase(PiiScan scan, int start, int end)
    {
        var span = scan.Text.ToOriginal(start, end);
        bool upper = false, lower = false;
        foreach (var c in scan.Text.Original.AsSpan(span.Start, span.Length))
        {
            upper |= char.IsUpper(c);
            lower |= char.IsLower(c);
        }
        return upper && lower;
    }

    private static string?[] ReadFormats()
    {
        var formats = new string?[26 * 26];
        var words = Registry.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i += 2)
        {
            var format = "";
            var count = 0;
            foreach (var c in words[i + 1])
            {
                if (char.IsAsciiDigit(c))
                {
                    count = count * 10 + (c - '0');
                }
                else
                {
                    format += new string(c, count);
                    count = 0;
                }
            }
            formats[(words[i][0] - 'A') * 26 + (words[i][1] - 'A')] = format;
        }
        return formats;
    }
}
