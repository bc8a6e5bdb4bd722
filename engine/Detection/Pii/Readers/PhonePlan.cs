using System.Collections.Frozen;
using System.Globalization;

namespace Surveillance.Detection.Pii.Readers;

/// <summary>Facts of the numbering plans: calling codes, lengths and leading digits of national numbers, and how people group them.</summary>
/// <remarks>Source: ITU-T E.164 and the national plans that its list of assigned country codes refers to. Lengths of national numbers are without the trunk prefix.</remarks>
internal static class PhonePlan
{
    /// <summary>
    /// Countries with their particulars, one a line: ISO code, calling code, trunk prefix (<c>-</c> for none), leading digits and lengths of
    /// national numbers (the first that fits decides), groupings as written at home with the trunk prefix; <c>!</c> marks those that look like
    /// nothing else.
    /// </summary>
    private const string Countries = """
        US 1   -  201-989:10                                                        3-3-4! 1-3-3-4! 3-7 10
        GB 44  0  7:10 11-19:9-10 20-29:10 3:10 55-56:10 80:7-10 8:9-10 9:10        5-6! 5-3-3! 3-4-4! 4-3-4! 11! 4-6 4-3-3 4-2-4
        DE 49  0  15-17:10-11 180:7-11 19:6-9 1:7-11 2-9:6-11                       4-7! 4-8! 4-3-4 4-4-4 3-8 3-7 3-4-4 5-6 5-5 4-6 4-5 4-2-2-2-2 3-6-2 3-3-2-2-2
        FR 33  0  1-9:9                                                             2-2-2-2-2! 10
        IT 39  -  3:9-10 0:6-11 80:6-9 8:6-10                                       3-7 3-3-4 2-8 3-6 3-8 4-6 2-4-4
        ES 34  -  6-9:9                                                             3-3-3 3-2-2-2 9 2-3-2-2
        PT 351 -  2:9 3:9 9:9 8:9                                                   3-3-3 2-3-2-2 9
        NL 31  0  6:9 1-5:9 7:9 80:7-10 90:7-10                                     2-8! 3-7 4-6 2-3-3-2 2-2-2-2-2 2-4-4 10
        BE 32  0  4:9 1-9:8                                                         4-2-2-2! 3-2-2-2 2-3-2-2 4-6
        LU 352 -  6:9 2:6-11 3-9:5-9                                                3-3-3 2-2-2-2
        CH 41  0  2-9:9                                                             3-3-2-2! 10
        AT 43  0  6:7-13 1:4-13 2-9:4-12                                            4-3-2-2! 4-7 4-6 4-3-4 2-7 5-2-2-2
        IE 353 0  8:9 1:8 2-9:7-9                                                   3-3-4! 2-3-4! 3-7 10
        SE 46  0  7:9 8:7-9 1-9:7-9                                                 3-3-2-2! 4-2-2-2 3-7 2-3-3-2 2-3-2-2 4-3-2
        NO 47  -  2-9:8                                                             2-2-2-2 3-2-3 8
        DK 45  -  2-9:8                                                             2-2-2-2 8 4-4
        FI 358 0  4-5:6-10 1-9:5-11                                                 3-3-4! 3-7 2-3-4 3-3-2-2
        IS 354 -  3-8:7                                                             3-4
        PL 48  -  1-9:9                                                             3-3-3 2-3-2-2 9
        CZ 420 -  2-9:9                                                             3-3-3 9
        SK 421 0  9:9 2-5:9                                                         4-3-3! 4-6 10
        HU 36  06 1:8 20-70:9 2-9:8                                                 2-2-3-4! 2-2-3-3 2-1-3-4
        RO 40  0  2-3:9 7:9                                                         4-3-3! 3-3-4 10
        BG 359 0  8:8-9 9:8-9 2-7:7-9                                               4-3-3 3-3-4 10
        HR 385 0  9:8-9 1:8 2-5:8                                                   3-3-4 3-3-3 2-4-3
        RS 381 0  6:8-9 1-3:7-9                                                     3-3-4 3-7
        SI 386 0  1-7:8                                                             3-3-3
        GR 30  -  2:10 6:10 8:10                                                    3-3-4 3-7 10 2-4-4
        CY 357 -  2:8 9:8                                                           8
        TR 90  0  2-5:10                                                            4-3-2-2! 1-3-3-2-2! 4-3-4 11
        RU 7   8  3-4:10 8-9:10 7:10                                                1-3-3-2-2! 1-3-3-4 11
        UA 380 0  3-9:9                                                             3-3-2-2! 3-7 10
        IL 972 0  5:9 7:9 2-4:8 8-9:8                                               3-3-4! 3-7 2-3-4 2-7 10
        AE 971 0  5:9 2-4:8 6-7:8 9:8                                               3-3-4! 2-3-4 3-7 10
        SA 966 0  5:9 1:9                                                           3-3-4! 10
        EG 20  0  1:10 2-9:8-9                                                      4-3-4! 3-4-4 11
        ZA 27  0  1-8:9                                                             3-3-4! 10
        NG 234 0  7-9:10 1-9:7-8                                                    4-3-4! 11
        KE 254 0  1:9 7:9 2-6:7-9                                                   4-3-3! 4-6 10
        MA 212 0  5-8:9                                                             2-2-2-2-2! 4-6 10
        CN 86  0  13-19:11 10:9-10 2:9-10 3-9:9-11                                  3-4-4! 3-8! 4-8! 4-7 4-4-4 3-4-3 11! 3-3-3-2
        HK 852 -  2-9:8                                                             4-4 8
        MO 853 -  2:8 6:8 8:8                                                       4-4
        TW 886 0  9:9 2:9 3-8:8-9                                                   4-3-3! 4-6 2-4-4! 2-8 10
        JP 81  0  70-90:10 1-9:9                                                    3-4-4! 2-4-4! 3-3-4! 4-2-4 4-3-3 10 11
        KR 82  0  10:9-10 2:8-9 3-6:8-9 7:10                                        3-4-4! 2-4-4! 2-3-4 3-3-4! 11
        SG 65  -  3:8 6:8 8-9:8                                                     4-4 8
        MY 60  0  1:9-10 3:9 4-9:8                                                  3-7! 3-8! 3-3-4! 3-4-4! 2-4-4 10
        TH 66  0  6-9:9 2-5:8                                                       3-3-4! 3-7 2-3-4 10
        ID 62  0  8:9-12 2-7:7-11                                                   4-4-4! 4-4-3 4-8 3-7 3-8 12
        PH 63  0  9:10 2-8:8-9                                                      4-3-4! 4-7 11
        VN 84  0  3-9:9 2:10                                                        4-3-3! 3-3-4 10
        IN 91  0  6-9:10 1-5:10                                                     5-5 5-6 3-3-4 10 4-3-3
        PK 92  0  3:10 2-9:8-10                                                     4-7! 11
        BD 880 0  1:10 2-9:6-9                                                      5-6! 11
        AU 61  0  4:9 2-3:9 7-8:9                                                   4-3-3! 2-4-4! 10
        NZ 64  0  2:8-10 3-4:8 6-7:8 9:8                                            3-3-4! 3-3-3! 2-3-4! 3-4-3 3-4-4
        BR 55  0  119-999:11 11-99:10                                               2-5-4! 2-4-4! 3-5-4 3-4-4 2-9 11
        MX 52  -  2-9:10                                                            2-4-4 3-3-4 10
        AR 54  0  11:10 2-3:10 9:11                                                 3-4-4 4-3-4 2-4-4
        CL 56  -  9:9 2:9 3-7:9                                                     1-4-4! 9
        CO 57  -  3:10 60:10                                                        3-3-4 3-7 10
        PE 51  0  9:9 1:8 4-8:8                                                     3-3-3 9
        """;

    /// <summary>The other calling codes with the lengths of their national numbers.</summary>
    private const string Others = """
        98:10 93:9 94:9 95:7-10 211:9 213:8-9 216:8 218:8-9 220:7 221:9 222:8 223:8 224:9 225:10 226:8 227:8 228:8 229:8-10 230:7-8 231:7-9 232:8 233:9
        235:8 236:8 237:9 238:7 239:7 240:9 241:7-8 242:9 243:9 244:9 245:7-9 248:7 249:9 250:9 251:9 252:7-9 253:8 255:9 256:9 257:8 258:8-9 260:9 261:9
        262:9 263:9 264:8-9 265:7-9 266:8 267:7-8 268:8 269:7 290:4-5 291:7 297:7 298:6 299:6 350:8 355:8-9 356:8 370:8 371:8 372:7-8 373:8 374:8 375:9 376:6-9
        377:8-9 378:6-10 382:8 383:8-9 387:8-9 389:8 423:7-9 500:5 501:7 502:8 503:8 504:8 505:8 506:8 507:7-8 508:6 509:8 53:6-8 58:10 590:9 591:8 592:7 593:8-9
        594:9 595:8-9 596:9 597:6-7 598:7-8 599:7-8 670:7-8 672:6 673:7 674:7 675:7-8 676:5-7 677:5-7 678:5-7 679:7 680:7 681:6 682:5 683:4 685:5-7 686:5-8
        687:6 688:5-6 689:6-8 690:4 691:7 692:7 850:7-10 855:8-9 856:8-10 960:7 961:7-8 962:8-9 963:8-9 964:8-10 965:7-8 967:7-9 968:8 970:8-9 973:8 974:7-8
        975:7-8 976:8 977:8-10 992:9 993:8 994:9 995:9 996:9 998:9 800:8 808:8 870:9 881:8-9
        """;

    /// <summary>Leading digits of mobile numbers, without the trunk prefix, where people at home write them without blanks and nothing else tells them from other numbers.</summary>
    private const string MobileLeads = "US:2-9 FR:6-7 NL:6 ES:6-7 IT:3 PL:45,5,60,66,69,72,73,78,79,88 BR:119-999 PT:9 SG:8-9 BE:4 CH:7 DK:2-9 NO:4,9 "
        + "GB:7 DE:15-17 AT:6 IE:8 SE:7 TR:5 PH:9 IN:6-9 AU:4 ZA:6-8 CN:13-19 HK:5,6,9 JP:70-90 KR:10";

    private static readonly FrozenDictionary<string, (int Low, int High)[]> Mobiles = MobileLeads.Split(' ').Select(item => item.Split(':'))
        .ToFrozenDictionary(sides => sides[0], sides => sides[1].Split(',').Select(lead => ReadRange(lead + ":1")).Select(r => (r.Low, r.High)).ToArray());

    private sealed record Country(string Iso, string Code, string Trunk, Range[] Numbers);

    /// <param name="Low">Lowest leading digits, padded to three.</param>
    /// <param name="High">Highest leading digits, padded to three.</param>
    /// <param name="Shortest">Fewest digits.</param>
    /// <param name="Longest">Most digits.</param>
    private readonly record struct Range(int Low, int High, int Shortest, int Longest);

    private readonly record struct Grouping(int Country, bool Distinct);

    private static readonly Country[] Known;
    private static readonly FrozenDictionary<ulong, Grouping[]> Groupings;
    private static readonly int[] CountryOfCode = new int[1000]; // index + 1
    private static readonly (byte Shortest, byte Longest)[] LengthsOfCode = new (byte, byte)[1000];

    static PhonePlan()
    {
        var known = new List<Country>();
        var groupings = new Dictionary<ulong, List<Grouping>>();
        foreach (var line in Countries.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var numbers = words.Skip(3).Where(w => w.Contains(':')).Select(ReadRange).ToArray();
            foreach (var word in words.Skip(3).Where(w => !w.Contains(':')))
            {
                var key = 0UL;
                foreach (var length in word.TrimEnd('!').Split('-')) { key = KeyWith(key, int.Parse(length, CultureInfo.InvariantCulture)); }
                if (!groupings.TryGetValue(key, out var list)) { groupings[key] = list = []; }
                list.Add(new Grouping(known.Count, word.EndsWith('!')));
            }
            var code = int.Parse(words[1], CultureInfo.InvariantCulture);
            known.Add(new Country(words[0], words[1], words[2] == "-" ? "" : words[2], numbers));
            CountryOfCode[code] = known.Count;
            LengthsOfCode[code] = ((byte)numbers.Min(n => n.Shortest), (byte)numbers.Max(n => n.Longest));
        }
        foreach (var item in Others.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            var sides = item.Split(':');
            var lengths = sides[1].Split('-');
            LengthsOfCode[int.Parse(sides[0], CultureInfo.InvariantCulture)] = (byte.Parse(lengths[0], CultureInfo.InvariantCulture), byte.Parse(lengths[^1], CultureInfo.InvariantCulture));
        }
        Known = [.. known];
        Groupings = groupings.ToFrozenDictionary(p => p.Key, p => p.Value.ToArray());
    }

    private static Range ReadRange(string word)
    {
        var sides = word.Split(':');
        var (low, high) = Ends(sides[0]);
        var (shortest, longest) = Ends(sides[1]);
        return new Range(
            int.Parse(low.PadRight(3, '0'), CultureInfo.InvariantCulture), int.Parse(high.PadRight(3, '9'), CultureInfo.InvariantCulture),
            int.Parse(shortest, CultureInfo.InvariantCulture), int.Parse(longest, CultureInfo.InvariantCulture));

        static (string Low, string High) Ends(string item) => item.Split('-') is [var low, var high] ? (low, high) : (item, item);
    }

    /// <summary>A grouping as one number: the lengths of its groups, four bits each.</summary>
    /// <param name="key">The groups before, or 0.</param>
    /// <param name="length">Length of the next group, 1 to 15.</param>
    internal static ulong KeyWith(ulong key, int length) => (key << 4) | (uint)length;

    /// <summary>ISO 3166-1 codes of the countries known with their particulars.</summary>
    internal static IEnumerable<string> KnownCountries => Known.Select(c => c.Iso);

    /// <summary>Whether digits are a calling code and a national number that its plan can hold.</summary>
    /// <param name="digits">Without <c>+</c> or <c>00</c>.</param>
    /// <param name="exact">Whether the plan's particulars confirm it, not only the length.</param>
    internal static bool IsInternational(ReadOnlySpan<char> digits, out bool exact)
    {
        exact = false;
        var code = 0;
        for (var length = 1; length <= 3 && length < digits.Length; length++)
        {
            code = code * 10 + (digits[length - 1] - '0');
            if (code == 0) { return false; }
            var (shortest, longest) = LengthsOfCode[code];
            if (longest == 0) { continue; }
            var national = digits[length..];
            if (CountryOfCode[code] is > 0 and var index)
            {
                var country = Known[index - 1];
                exact = Fits(country, national);
                if (!exact && country.Trunk.Length > 0 && national.StartsWith(country.Trunk))
                {
                    exact = Fits(country, national[country.Trunk.Length..]); // +44 020 …: the trunk prefix left in by mistake
                }
                if (exact) { return true; }
            }
            return national.Length >= shortest && national.Length <= longest;
        }
        return false;
    }

    /// <summary>Top-level domains of two letters that are sold everywhere and say nothing of a country.</summary>
    private static readonly FrozenSet<string> SoldEverywhere = FrozenSet.ToFrozenSet(["co", "me", "io", "ai", "tv", "cc", "ws", "to", "fm", "sh", "gg", "ly", "eu"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The country of an address as a set with one member: of an international telephone number, or of the domain of an e-mail address; else empty.</summary>
    /// <param name="address">The address of a participant.</param>
    internal static UInt128 HomeOf(ReadOnlySpan<char> address)
    {
        if (!address.StartsWith('+')) { return HomeOfDomain(address); }
        var code = 0;
        for (var length = 1; length <= 3 && length < address.Length && char.IsAsciiDigit(address[length]); length++)
        {
            code = code * 10 + (address[length] - '0');
            if (CountryOfCode[code] is > 0 and var index) { return UInt128.One << (index - 1); }
        }
        return 0;
    }

    private static UInt128 HomeOfDomain(ReadOnlySpan<char> address)
    {
        if (address.Length < 6 || address[^3] != '.' || !address.Contains('@')) { return 0; }
        var domain = address[^2..];
        if (SoldEverywhere.GetAlternateLookup<ReadOnlySpan<char>>().Contains(domain)) { return 0; }
        var iso = domain.Equals("uk", StringComparison.OrdinalIgnoreCase) ? "GB" : domain;
        for (var i = 0; i < Known.Length; i++)
        {
            if (iso.Equals(Known[i].Iso, StringComparison.OrdinalIgnoreCase)) { return UInt128.One << i; }
        }
        return 0;
    }

    /// <summary>Whether a pack's country is one of those of the people concerned.</summary>
    /// <param name="pack">Name of the pack.</param>
    /// <param name="homes">The countries, see <see cref="HomeOf"/>.</param>
    internal static bool IsHome(string pack, UInt128 homes)
    {
        for (var i = 0; homes != 0 && i < Known.Length; i++)
        {
            if ((homes & (UInt128.One << i)) != 0 && Known[i].Iso.Equals(pack, StringComparison.OrdinalIgnoreCase)) { return true; }
        }
        return false;
    }

    /// <summary>Whether one of the countries of the people concerned groups its numbers so.</summary>
    /// <param name="digits">The digits.</param>
    /// <param name="key">Their grouping, see <see cref="KeyWith"/>.</param>
    /// <param name="homes">Their countries, see <see cref="HomeOf"/>.</param>
    internal static bool IsAtHome(ReadOnlySpan<char> digits, ulong key, UInt128 homes) => IsWrittenAtHome(digits, key, homes, out _, out var atHome) && atHome;

    /// <summary>Whether digits without blanks are a mobile number as the people concerned dial it at home.</summary>
    /// <param name="digits">The digits.</param>
    /// <param name="homes">Their countries, see <see cref="HomeOf"/>.</param>
    internal static bool IsMobileAtHome(ReadOnlySpan<char> digits, UInt128 homes)
    {
        for (var i = 0; homes != 0 && i < Known.Length; i++)
        {
            var country = Known[i];
            if ((homes & (UInt128.One << i)) == 0 || !Mobiles.TryGetValue(country.Iso, out var leads)) { continue; }
            var isBrazil = country.Iso == "BR"; // the trunk prefix is dialled with a carrier's code only, and left out in writing
            if (isBrazil ? !Fits(country, digits) : !IsNational(country, digits)) { continue; }
            var national = isBrazil ? digits : digits[country.Trunk.Length..];
            if (isBrazil && (national.Length != 11 || national[2] != '9')) { continue; }
            if (country.Iso == "US" && national.Length != 10) { continue; }
            var lead = (national[0] - '0') * 100 + (national[1] - '0') * 10 + (national[2] - '0');
            foreach (var (low, high) in leads)
            {
                if (lead >= low && lead <= high) { return true; }
            }
        }
        return false;
    }

    /// <summary>Whether digits in groups are how a country writes its numbers at home.</summary>
    /// <param name="digits">The digits.</param>
    /// <param name="key">Their grouping, see <see cref="KeyWith"/>.</param>
    /// <param name="homes">The countries of the people concerned, see <see cref="HomeOf"/>.</param>
    /// <param name="distinct">Whether hardly anything else is written so.</param>
    /// <param name="atHome">Whether one of <paramref name="homes"/> writes them so.</param>
    internal static bool IsWrittenAtHome(ReadOnlySpan<char> digits, ulong key, UInt128 homes, out bool distinct, out bool atHome)
    {
        distinct = atHome = false;
        if (!Groupings.TryGetValue(key, out var list)) { return false; }
        var found = false;
        foreach (var grouping in list)
        {
            if (!IsNational(Known[grouping.Country], digits)) { continue; }
            found = true;
            distinct |= grouping.Distinct;
            atHome |= (homes & (UInt128.One << grouping.Country)) != 0;
        }
        return found;
    }

    /// <summary>Whether digits, however grouped, are a number of a country with its trunk prefix.</summary>
    /// <param name="digits">The digits.</param>
    internal static bool IsNationalWithTrunk(ReadOnlySpan<char> digits)
    {
        if (digits[0] is not ('0' or '8')) { return false; }
        foreach (var country in Known)
        {
            if (country.Trunk.Length > 0 && IsNational(country, digits)) { return true; }
        }
        return false;
    }

    private static bool IsNational(Country country, ReadOnlySpan<char> digits)
    {
        if (country.Iso == "US")
        {
            if (digits.Length == 11 && digits[0] == '1') { digits = digits[1..]; }
            return Fits(country, digits) && digits[3] >= '2' && !(digits[1] == '1' && digits[2] == '1');
        }
        if (country.Iso == "CN" && digits.Length == 11 && digits[0] == '1')
        {
            return Fits(country, digits); // mobile numbers have no trunk prefix
        }
        return digits.StartsWith(country.Trunk) && Fits(country, digits[country.Trunk.Length..]);
    }

    private static bool Fits(Country country, ReadOnlySpan<char> national)
    {
        if (national.Length < 3) { return false; }
        var lead = (national[0] - '0') * 100 + (national[1] - '0') * 10 + (national[2] - '0');
        foreach (var range in country.Numbers)
        {
            if (lead >= range.Low && lead <= range.High)
            {
                return national.Length >= range.Shortest && national.Length <= range.Longest;
            }
        }
        return false;
    }
}
