using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using Surveillance.Detection.Pii;
using Surveillance.Detection.Pii.Checks;

namespace Surveillance.Engine.Tests.Detection.Pii.Checks;

/// <summary>Each check against a second, plain implementation that is written another way, on many seeded random values.</summary>
public sealed class CheckOracleTests
{
    private const int Values = 20_000;

    /// <summary>A check as packs write it, the shapes of its values (<c>#</c> digit, <c>@</c> letter, others as they are, <c>|</c> between shapes), and the oracle.</summary>
    internal static readonly Dictionary<string, (string Shape, Func<string, bool> IsRight)> Oracles = new()
    {
        ["luhn"] = ("########", v => v.Reverse().Select((c, i) => i % 2 == 0 ? c - '0' : "0246813579"[c - '0'] - '0').Sum() % 10 == 0),
        ["luhn prefix=80840"] = ("##########", v => ("80840" + v).Reverse().Select((c, i) => i % 2 == 0 ? c - '0' : "0246813579"[c - '0'] - '0').Sum() % 10 == 0),
        ["mod97"] = ("@@##########", v => Letters(v[4..] + v[..4]) % 97 == 1),
        ["verhoeff"] = ("######", SlowVerhoeff),
        ["iso7064-11-10"] = ("#########", v => v[..^1].Aggregate(10, (p, c) => { var s = (p + c - '0') % 10; return (s == 0 ? 10 : s) * 2 % 11; }) is var p && (11 - p) % 10 == v[^1] - '0'),
        ["iso7064-11-2"] = ("#####x", v => v.Select((c, i) => (c == 'x' ? 10 : c - '0') * (int)BigInteger.ModPow(2, v.Length - 1 - i, 11)).Sum() % 11 == 1),
        ["icao9303"] = ("@#@####", v => v[..^1].Zip("731731731731", (c, w) => "0123456789abcdefghijklmnopqrstuvwxyz".IndexOf(c) * (w - '0')).Sum() % 10 == v[^1] - '0'),
        ["weighted w=10,9,8,7,6,5,4,3,2 mod=11 complement"] = ("##########", v => Enumerable.Range(0, 10).Sum(i => (v[i] - '0') * (10 - i)) % 11 == 0),
        ["weighted w=1,3,7,9,1,3,7,9,1,3 mod=10 complement"] = ("###########", v => v.Zip("13791379131", (c, w) => (c - '0') * (w - '0')).Sum() % 10 == 0),
        ["weighted w=3,7,1,3,7,1,3,7,1 mod=10"] = ("#########", v => (3 * (D(v, 0) + D(v, 3) + D(v, 6)) + 7 * (D(v, 1) + D(v, 4) + D(v, 7)) + D(v, 2) + D(v, 5) + D(v, 8)) % 10 == 0),
        ["weighted w=10,1,3,5,7,9,11,13,15,17,19 mod=89 add=-10"] = ("###########", v => ((D(v, 0) - 1) * 10 + Enumerable.Range(1, 10).Sum(i => D(v, i) * (2 * i - 1))) % 89 == 0),
        ["weighted w=9,8,7,6,5,4,3,2,-1 mod=11"] = ("#########", v => (Enumerable.Range(0, 8).Sum(i => D(v, i) * (9 - i)) - D(v, 8)) % 11 == 0),
        ["es-dni"] = ("########@", v => "TRWAGMYFPDXBNJZSQVHLCKE"[int.Parse(v[..8], CultureInfo.InvariantCulture) % 23] == char.ToUpperInvariant(v[8])),
        ["fi-hetu"] = ("##########", v => int.Parse(v[6..9], CultureInfo.InvariantCulture) >= 2 && "0123456789ABCDEFHJKLMNPRSTUVWXY"[(int)(long.Parse(v[..9], CultureInfo.InvariantCulture) % 31)] == v[9]),
        ["fr-nir"] = ("###############", v => (BigInteger.Parse(v[..13], CultureInfo.InvariantCulture) + BigInteger.Parse(v[13..], CultureInfo.InvariantCulture)) % 97 == 0 && int.Parse(v[13..], CultureInfo.InvariantCulture) is > 0 and < 98),
        ["be-national"] = ("###########", v => new[] { "", "2" }.Take(v[..2].CompareTo("40") > 0 ? 1 : 2).Any(century => (BigInteger.Parse(century + v[..9], CultureInfo.InvariantCulture) + BigInteger.Parse(v[9..], CultureInfo.InvariantCulture)) % 97 == 0) && int.Parse(v[9..], CultureInfo.InvariantCulture) is > 0 and < 98),
        ["dk-cpr"] = ("##########", v => v.Zip("4327654321", (c, w) => (c - '0') * (w - '0')).Sum() % 11 == 0),
        ["tr-tckn"] = ("###########", SlowTckn),
        ["br-cpf"] = ("###########", v => Enumerable.Range(0, 2).All(n => Enumerable.Range(0, 9 + n).Sum(i => D(v, i) * (10 + n - i)) * 10 % 11 % 10 == D(v, 9 + n))),
        ["bg-egn"] = ("##########", v => Enumerable.Range(0, 9).Sum(i => D(v, i) * (int)BigInteger.ModPow(2, i + 1, 11)) % 11 % 10 == D(v, 9)),
        ["gr-afm"] = ("#########", v => Enumerable.Range(0, 8).Aggregate(0, (sum, i) => sum * 2 + D(v, i)) * 2 % 11 % 10 == D(v, 8)),
        ["ie-pps"] = ("#######@", v => "WABCDEFGHIJKLMNOPQRSTUV"[Enumerable.Range(0, 7).Sum(i => D(v, i) * (8 - i)) % 23] == char.ToUpperInvariant(v[7])),
        ["kr-brn"] = ("##########", v => (v[..8].Zip("13713713", (c, w) => (c - '0') * (w - '0')).Sum() + D(v, 8) * 5 / 10 + D(v, 8) * 5 % 10 + D(v, 9)) % 10 == 0),
        ["us-dea"] = ("@@#######", v => (D(v, 2) + D(v, 4) + D(v, 6) + 2 * (D(v, 3) + D(v, 5) + D(v, 7))) % 10 == D(v, 8)),
        ["jp-my-number"] = ("############", v => Enumerable.Range(1, 11).Sum(n => D(v, 11 - n) * (n <= 6 ? n + 1 : n - 5)) % 11 is var r && (r <= 1 ? 0 : 11 - r) == D(v, 11)),
        ["cl-rut"] = ("########k", v => Enumerable.Range(0, 8).Sum(i => D(v, 7 - i) * (2 + i % 6)) % 11 is var r && (11 - r) switch { 11 => '0', 10 => 'k', var d => (char)('0' + d) } == v[8]),
        ["ru-snils"] = ("###########", v => Enumerable.Range(0, 9).Sum(i => D(v, i) * (9 - i)) is var s && (s < 100 ? s : s % 101 == 100 ? 0 : s % 101) == int.Parse(v[9..], CultureInfo.InvariantCulture)),
        ["no-fodselsnummer"] = ("###########", v => new[] { "376189452100", "543276543210" }.Select((w, n) => v.Zip(n == 0 ? "37618945210" : "54327654321", (c, x) => (c - '0') * (x - '0')).Sum() % 11 == 0).All(x => x)),
        ["ee-isikukood"] = ("###########", v => (v.Zip("1234567891", (c, w) => (c - '0') * (w - '0')).Sum() % 11 is var a && a < 10 ? a : v.Zip("3456789123", (c, w) => (c - '0') * (w - '0')).Sum() % 11 % 10) == D(v, 10)),
        ["ro-cnp"] = ("#############", v => (v.Zip("279146358279", (c, w) => (c - '0') * (w - '0')).Sum() % 11 is var r && r == 10 ? 1 : r) == D(v, 12)),
        ["cz-birth-number"] = ("##########", v => long.Parse(v, CultureInfo.InvariantCulture) % 11 == 0 || (long.Parse(v[..9], CultureInfo.InvariantCulture) % 11 == 10 && v[9] == '0' && v[..2].CompareTo("54") >= 0 && v[..2].CompareTo("84") <= 0)),
        ["sg-nric"] = ("s#######@|t#######@|f#######@|g#######@|m#######@", SlowNric),
        ["vin"] = ("1m8gdm9a#kp######", SlowVin),
        ["it-codice-fiscale"] = ("@@@@@@##@##@###@", SlowCodiceFiscale),
        ["mx-clabe"] = ("##################", v => (10 - Enumerable.Range(0, 17).Sum(i => D(v, i) * new[] { 3, 7, 1 }[i % 3] % 10) % 10) % 10 == D(v, 17)),
        ["weighted w=1,3,7,9,1,3,7,9 mod=10 rest"] = ("##########", v => (D(v, 0) + D(v, 4) + 3 * (D(v, 1) + D(v, 5)) + 7 * (D(v, 2) + D(v, 6)) + 9 * (D(v, 3) + D(v, 7))) % 10 == D(v, 8)),
        ["weighted w=4,9,4,9,4,9 mod=10 complement"] = ("#########", v => (4 * (D(v, 0) + D(v, 2) + D(v, 4)) + 9 * (D(v, 1) + D(v, 3) + D(v, 5)) + D(v, 6)) % 10 == 0),
        ["weighted w=2,3,4,5,6,7,8,9,2,3,4,5 mod=11 complement k=13 then=10"] = ("#############", v => (13 - Enumerable.Range(0, 12).Sum(i => D(v, i) * (2 + i % 8)) % 11) % 10 == D(v, 12)),
        ["de-kvnr"] = ("@#########", v => $"{v[0] - 'a' + 1:00}{v[1..9]}".Select((c, i) => i % 2 == 0 ? c - '0' : "0246813579"[c - '0'] - '0').Sum() % 10 == D(v, 9)),
        ["de-rvnr"] = ("########@###", v => string.Concat($"{v[..8]}{v[8] - 'a' + 1:00}{v[9..11]}".Zip("212571212121", (c, w) => (c - '0') * (w - '0'))).Sum(c => c - '0') % 10 == D(v, 11)),
        ["hk-id"] = ("@#######|@######a|@@#######|@@######a", v => v.PadLeft(9).Reverse().Select((c, i) => (i + 1) * "0123456789abcdefghijklmnopqrstuvwxyz ".IndexOf(c)).Sum() % 11 == 0),
        ["hu-taj"] = ("#########", v => (3 * (D(v, 0) + D(v, 2) + D(v, 4) + D(v, 6)) + 7 * (D(v, 1) + D(v, 3) + D(v, 5) + D(v, 7))) % 10 == D(v, 8)),
        ["hu-tax-id"] = ("8#########", v => Enumerable.Range(0, 9).Sum(i => D(v, i) * (i + 1)) % 11 == D(v, 9)),
        ["pl-id-card"] = ("@@@######", v => (7 * (ValueOf(v[0]) + D(v, 4) + D(v, 7)) + 3 * (ValueOf(v[1]) + D(v, 5) + D(v, 8)) + ValueOf(v[2]) + D(v, 6)) % 10 == D(v, 3)),
        ["tw-id"] = ("@1########|@a########|@b########|@c########|@d########", SlowTwId),
        ["nz-nhi"] = ("@@@####", SlowNhi),
        ["jp-corporate"] = ("#############", v => (9 - Enumerable.Range(1, 12).Sum(n => D(v, 13 - n) * (n % 2 == 1 ? 1 : 2)) % 9) == D(v, 0)),
        ["br-cnpj"] = ("##############|&&&&&&&&&&&&##", SlowCnpj),
    };

    public static TheoryData<string> Checks() => [.. Oracles.Keys];

    [Theory]
    [MemberData(nameof(Checks))]
    public void Test_RandomValues_SaysWhatTheOracleSays(string check)
    {
        var (shape, isRight) = Oracles[check];
        var test = CheckTable.All([check]).Test;
        var shapes = shape.Split('|');
        var random = new Random(11);
        var right = 0;
        for (var n = 0; n < Values; n++)
        {
            var value = string.Concat(shapes[n % shapes.Length].Select(c => c switch { '#' => (char)('0' + random.Next(10)), '@' => (char)('a' + random.Next(26)), '&' => "0123456789abcdefghijklmnopqrstuvwxyz"[random.Next(36)], _ => c }));
            var expected = isRight(value);
            right += expected ? 1 : 0;
            Assert.True(expected == (test(value) == Verdict.Passes), $"value {n} of seed 11");
        }
        Assert.InRange(right, 1, Values / 4); // both answers were met
    }

    /// <summary>Addresses that their standards print, and those with one character changed.</summary>
    [Theory]
    [InlineData("eip55", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("eip55", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [InlineData("eip55", "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
    [InlineData("bech32", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4")]
    [InlineData("bech32", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0")]
    [InlineData("base58check", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")]
    public void Test_AddressOfAStandard_PassesAndNoneWithACharacterChanged(string check, string address)
    {
        var test = CheckTable.All([check]).Test;
        Assert.Equal(Verdict.Passes, test(address));
        for (var i = 4; i < address.Length; i++)
        {
            var changed = char.IsAsciiLetter(address[i]) && check == "eip55" ? (char)(address[i] ^ 0x20) : address[i] == 'q' ? 'p' : 'q';
            if (changed == address[i] || (check == "eip55" && char.IsAsciiDigit(address[i]))) { continue; }
            Assert.NotEqual(Verdict.Passes, test(address[..i] + changed + address[(i + 1)..]));
        }
    }

    [Fact]
    public void Test_Base58OfRandomBytes_PassesAsTheOracleEncodesThem()
    {
        const string alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
        var test = CheckTable.All(["base58check versions=0"]).Test;
        var random = new Random(3);
        for (var n = 0; n < 200; n++)
        {
            var bytes = new byte[21];
            random.NextBytes(bytes.AsSpan(1));
            byte[] all = [.. bytes, .. SHA256.HashData(SHA256.HashData(bytes))[..4]];
            var number = new BigInteger(all, isUnsigned: true, isBigEndian: true);
            var text = "";
            while (number > 0) { (number, var digit) = (number / 58, (int)(number % 58)); text = alphabet[digit] + text; }
            Assert.Equal(Verdict.Passes, test("1" + text));
            Assert.Equal(Verdict.Fails, test("1" + text[..^1] + (text[^1] == 'z' ? 'y' : 'z')));
        }
    }

    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xCBF43926u)]
    public void Crc32_KnownText_IsItsCheckValue(string text, uint expected) => Assert.Equal(expected, Tokens.Crc32(text));

    [Fact]
    public void All_UnknownCheckOrSetting_IsRefused()
    {
        Assert.Contains("no-such-check", Assert.Throws<FormatException>(() => CheckTable.All(["no-such-check"])).Message, StringComparison.Ordinal);
        Assert.Contains("colour", Assert.Throws<FormatException>(() => CheckTable.All(["luhn colour=red"])).Message, StringComparison.Ordinal);
    }

    private static int D(string value, int i) => value[i] - '0';

    /// <summary>0 to 9, and 10 to 35 for a to z.</summary>
    private static int ValueOf(char c) => "0123456789abcdefghijklmnopqrstuvwxyz".IndexOf(c);

    private static BigInteger Letters(string value) =>
        BigInteger.Parse(string.Concat(value.Select(c => char.IsAsciiDigit(c) ? c.ToString() : (c - 'a' + 10).ToString(CultureInfo.InvariantCulture))), CultureInfo.InvariantCulture);

    /// <summary>The group of a pentagon's turns and reflections, composed as such, without its table.</summary>
    private static bool SlowVerhoeff(string value)
    {
        var state = 0;
        for (var i = 0; i < value.Length; i++)
        {
            var digit = value[value.Length - 1 - i] - '0';
            for (var n = 0; n < i; n++) { digit = "1576283094"[digit] - '0'; }
            state = state < 5
                ? digit < 5 ? (state + digit) % 5 : 5 + (state + digit) % 5
                : digit < 5 ? 5 + (state - digit + 5) % 5 : (state - digit + 5) % 5;
        }
        return state == 0;
    }

    private static bool SlowTckn(string v)
    {
        if (v[0] == '0') { return false; }
        var odd = D(v, 0) + D(v, 2) + D(v, 4) + D(v, 6) + D(v, 8);
        var even = D(v, 1) + D(v, 3) + D(v, 5) + D(v, 7);
        var tenth = ((odd * 7 - even) % 10 + 10) % 10;
        return D(v, 9) == tenth && v[..10].Sum(c => c - '0') % 10 == D(v, 10);
    }

    private static bool SlowVin(string v)
    {
        var values = "a1b2c3d4e5f6g7h8j1k2l3m4n5p7r9s2t3u4v5w6x7y8z9";
        var weights = new[] { 8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2 };
        var sum = v.Zip(weights, (c, w) => (char.IsAsciiDigit(c) ? c - '0' : values[values.IndexOf(c) + 1] - '0') * w).Sum();
        return (sum % 11 == 10 ? 'x' : (char)('0' + sum % 11)) == v[8];
    }

    private static bool SlowCodiceFiscale(string v)
    {
        const string odd = "BAKPLCQDREVOSFTGUHMINJWZYX"; // the letters in order of what they count in odd places
        var sum = 0;
        for (var i = 0; i < 15; i++)
        {
            var letter = char.IsAsciiDigit(v[i]) ? v[i] - '0' : v[i] - 'a';
            sum += i % 2 == 0 ? odd.IndexOf((char)('A' + letter), StringComparison.Ordinal) : letter;
        }
        var month = "abcdehlmprst".IndexOf(v[8]) + 1;
        var day = int.Parse(v[9..11], CultureInfo.InvariantCulture);
        var isDate = new[] { "19", "20" }.Any(century => DateTime.TryParseExact($"{century}{v[6..8]}{month:00}{(day > 40 ? day - 40 : day):00}", "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _));
        return isDate && sum % 26 == v[15] - 'a';
    }

    /// <summary>The letters that ICA's table gives for a remainder of 10, 9, and so on; F, G and M count from K.</summary>
    private static bool SlowNric(string v)
    {
        var sum = v[1..8].Zip("2765432", (c, w) => (c - '0') * (w - '0')).Sum() + v[0] switch { 't' or 'g' => 4, 'm' => 3, _ => 0 };
        var letters = v[0] switch { 's' or 't' => "abcdefghizj", 'm' => "kljnpqrtuwx", _ => "klmnpqrtuwx" };
        return letters[11 - (sum % 11 + 1)] == v[8];
    }

    private static bool SlowTwId(string v)
    {
        int[] codes = [10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33]; // of a to z
        var digits = $"{codes[v[0] - 'a']}{(char.IsAsciiDigit(v[1]) ? v[1] - '0' : codes[v[1] - 'a'] % 10)}{v[2..]}";
        return digits.Zip("19876543211", (c, w) => (c - '0') * (w - '0')).Sum() % 10 == 0;
    }

    private static bool SlowNhi(string v)
    {
        if (v.Any(c => c is 'i' or 'o')) { return false; }
        var sum = v[..3].Zip("765", (c, w) => (c - 'a' + 1 - (c > 'o' ? 2 : c > 'i' ? 1 : 0)) * (w - '0')).Sum() + 4 * D(v, 3) + 3 * D(v, 4) + 2 * D(v, 5);
        return (sum % 11) switch { 0 => false, 1 => v[6] == '0', var rest => D(v, 6) + rest == 11 };
    }

    /// <summary>Letters count what their code is above that of the zero.</summary>
    private static bool SlowCnpj(string v) => new[] { 12, 13 }.All(n =>
        Enumerable.Range(1, n).Sum(i => (char.ToUpperInvariant(v[n - i]) - 48) * (2 + (i - 1) % 8)) % 11 is var rest && (rest < 2 ? 0 : 11 - rest) == D(v, n));
}
