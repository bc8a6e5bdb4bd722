namespace Surveillance.Detection.Pii.Checks;

/// <summary>Check digits that one authority of Asia, Oceania or Africa alone uses.</summary>
internal static class Asia
{
    internal static readonly CheckEntry[] Entries =
    [
        new("kr-brn", "check digit of the business number", "National Tax Service, business registration number", KrBrn),
        new("sg-nric", "check letter", "Immigration and Checkpoints Authority, NRIC and FIN", Nric),
        new("sg-uen", "check letter", "ACRA, unique entity number", Uen),
        new("hk-id", "check digit mod 11", "Immigration Department, Hong Kong identity card", HkId),
        new("jp-my-number", "check digit mod 11", "Act on the Use of Numbers, ordinance of MIC 85 of 2014, article 5", JpMyNumber),
        new("tw-id", "weighted mod 10", "Ministry of the Interior, national identification card and residence certificate", TwId),
        new("jp-corporate", "check digit mod 9", "National Tax Agency, corporate number and invoice registration", static v => JpCorporate(v[^13..])),
        new("cn-uscc", "mod 31 character", "GB 32100-2015", Uscc),
        new("in-gstin", "mod 36 character", "GSTN, goods and services tax identification number", _ => GstinTest),
        new("il-id", "mod 10 by 1 and 2", "Population Authority, mispar zehut", static v => Checksums.Luhn(v)),
        new("nz-ird", "two-stage mod 11", "Inland Revenue, IRD number", NzIrd),
        new("nz-nhi", "mod 11 or mod 23", "HISO 10046", NzNhi),
    ];

    private static bool KrBrn(ReadOnlySpan<char> v) =>
        v.Length == 10 && (10 - (Europe.Sum(v, 1, 3, 7, 1, 3, 7, 1, 3, 5) + (v[8] - '0') * 5 / 10) % 10) % 10 == v[9] - '0';

    private static bool Nric(ReadOnlySpan<char> v)
    {
        if (v.Length != 9) { return false; }
        var sum = Europe.Sum(v[1..], 2, 7, 6, 5, 4, 3, 2);
        return v[0] switch
        {
            's' => "jzihgfedcba"[sum % 11] == v[8],
            't' => "jzihgfedcba"[(sum + 4) % 11] == v[8],
            'f' => "xwutrqpnmlk"[sum % 11] == v[8],
            'g' => "xwutrqpnmlk"[(sum + 4) % 11] == v[8],
            'm' => "xwutrqpnjlk"[(sum + 3) % 11] == v[8],
            _ => false,
        };
    }

    private static bool Uen(ReadOnlySpan<char> v)
    {
        const string alphabet = "abcdefghjklmnpqrstuvwx0123456789";
        if (v.Length == 9) { return "xmkecawljdb"[Europe.Sum(v, 10, 4, 9, 3, 8, 2, 7, 1) % 11] == v[8]; }
        if (v.Length != 10) { return false; }
        if (char.IsAsciiDigit(v[0])) { return "zkcmdnergwh"[Europe.Sum(v, 10, 8, 6, 4, 9, 7, 5, 3, 1) % 11] == v[9]; }
        ReadOnlySpan<int> weights = [4, 3, 5, 3, 10, 2, 2, 5, 7];
        var sum = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            var index = alphabet.IndexOf(v[i]);
            if (index < 0) { return false; }
            sum += weights[i] * index;
        }
        return alphabet[((sum - 5) % 11 + 11) % 11] == v[9];
    }

    private static bool HkId(ReadOnlySpan<char> v)
    {
        // One letter counts as if a blank stood before it.
        var two = char.IsAsciiLetter(v[1]);
        if (v.Length != (two ? 9 : 8)) { return false; }
        var sum = two ? 9 * General.ValueOf(v[0]) + 8 * General.ValueOf(v[1]) : 9 * 36 + 8 * General.ValueOf(v[0]);
        var digits = v[(two ? 2 : 1)..];
        for (var i = 0; i < 6; i++) { sum += (7 - i) * (digits[i] - '0'); }
        sum += digits[6] == 'a' ? 10 : digits[6] - '0';
        return sum % 11 == 0;
    }

    private static bool JpMyNumber(ReadOnlySpan<char> v)
    {
        if (v.Length != 12) { return false; }
        var rest = Europe.Sum(v, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11;
        return (rest <= 1 ? 0 : 11 - rest) == v[11] - '0';
    }

    private static bool JpCorporate(ReadOnlySpan<char> v) => v.Length == 13 && 9 - Europe.Sum(v[1..], 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1) % 9 == v[0] - '0';

    private static bool TwId(ReadOnlySpan<char> v)
    {
        if (v.Length != 10) { return false; }
        const string letters = "abcdefghjklmnpqrstuvxywzio"; // in order of what they count, from 10
        var letter = 10 + letters.IndexOf(v[0]);
        // Residence certificates of before 2021 have a second letter, of which the last digit counts.
        var second = char.IsAsciiLetter(v[1]) ? letters.IndexOf(v[1]) % 10 : v[1] - '0';
        return (letter / 10 + letter % 10 * 9 + second * 8 + Europe.Sum(v[2..], 7, 6, 5, 4, 3, 2, 1, 1)) % 10 == 0;
    }

    private static bool Uscc(ReadOnlySpan<char> v)
    {
        const string alphabet = "0123456789abcdefghjklmnpqrtuwxy";
        if (v.Length != 18) { return false; }
        int sum = 0, weight = 1;
        for (var i = 0; i < 17; i++)
        {
            var index = alphabet.IndexOf(v[i]);
            if (index < 0) { return false; }
            sum += index * weight;
            weight = weight * 3 % 31;
        }
        return alphabet[(31 - sum % 31) % 31] == v[17];
    }

    /// <summary>Invented numbers often have a wrong check character; state codes since 2019 are taken only with a right one.</summary>
    private static Verdict GstinTest(ReadOnlySpan<char> v) => Gstin(v) ? Verdict.Passes : v.Length == 15 && General.NumberOf(v[..2]) <= 37 ? Verdict.Weak : Verdict.Fails;

    private static bool Gstin(ReadOnlySpan<char> v)
    {
        if (v.Length != 15) { return false; }
        var sum = 0;
        for (var i = 0; i < 14; i++)
        {
            var product = General.ValueOf(v[i]) * (i % 2 + 1);
            sum += product / 36 + product % 36;
        }
        return (36 - sum % 36) % 36 == General.ValueOf(v[14]);
    }

    private static bool NzIrd(ReadOnlySpan<char> v)
    {
        if (v.Length is not (8 or 9)) { return false; }
        Span<char> padded = stackalloc char[9];
        padded.Fill('0');
        v.CopyTo(padded[(9 - v.Length)..]);
        if (General.NumberOf(padded) is < 10_000_000 or > 150_000_000) { return false; }
        var check = (11 - Europe.Sum(padded, 3, 2, 7, 6, 5, 4, 3, 2) % 11) % 11;
        if (check == 10) { check = (11 - Europe.Sum(padded, 7, 4, 3, 2, 5, 2, 7, 6) % 11) % 11; }
        return check == padded[8] - '0';
    }

    private static bool NzNhi(ReadOnlySpan<char> v)
    {
        const string letters = "abcdefghjklmnpqrstuvwxyz";
        if (v.Length != 7) { return false; }
        var sum = 0;
        for (var i = 0; i < 6; i++)
        {
            var c = v[i];
            var value = char.IsAsciiDigit(c) ? c - '0' : letters.IndexOf(c) + 1;
            if (value == 0 && !char.IsAsciiDigit(c)) { return false; }
            sum += (7 - i) * value;
        }
        if (char.IsAsciiDigit(v[6])) { return sum % 11 != 0 && (11 - sum % 11) % 10 == v[6] - '0'; }
        return letters[(23 - sum % 23 + 23 - 1) % 23] == v[6] || letters[Math.Max(0, 24 - sum % 24 - 1)] == v[6];
    }
}
