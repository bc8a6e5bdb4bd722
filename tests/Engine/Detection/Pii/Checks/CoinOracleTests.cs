using System.IO.Compression;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Surveillance.Detection.Pii;
using Surveillance.Detection.Pii.Checks;

namespace Surveillance.Engine.Tests.Detection.Pii.Checks;

/// <summary>
/// Check sums over bytes, of which hardly one random value is right: values that a second, plain implementation makes of random bytes pass,
/// and do not with any one character changed.
/// </summary>
public sealed class CoinOracleTests
{
    private const int Values = 40;
    private const string Base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const string Base58OfRipple = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";
    private const string Base32OfBech = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"; // RFC 4648
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>A check as packs write it, how many characters stand before those that it protects, what may take their place, and how to make a right value.</summary>
    internal static readonly Dictionary<string, (int Prefix, string Alphabet, Func<Random, string> Make)> Makers = new()
    {
        ["base58check versions=0,5"] = (0, Base58, r => Base58Check(r, Base58, r.Next(2) == 0 ? [0] : [5], 20)),
        ["base58check versions=48,50"] = (0, Base58, r => Base58Check(r, Base58, r.Next(2) == 0 ? [48] : [50], 20)),
        ["base58check versions=30,22"] = (0, Base58, r => Base58Check(r, Base58, r.Next(2) == 0 ? [30] : [22], 20)),
        ["base58check versions=76,16"] = (0, Base58, r => Base58Check(r, Base58, r.Next(2) == 0 ? [76] : [16], 20)),
        ["base58check versions=65"] = (0, Base58, r => Base58Check(r, Base58, [65], 20)),
        ["base58check ripple versions=0"] = (0, Base58OfRipple, r => Base58Check(r, Base58OfRipple, [0], 20)),
        ["base58check bytes=27 versions=6"] = (0, Base58, r => Base58Check(r, Base58, [6, 161, (byte)(r.Next(2) == 0 ? 159 : 161)], 20)),
        ["base58check bytes=26 versions=28"] = (0, Base58, r => Base58Check(r, Base58, [28, (byte)(r.Next(2) == 0 ? 184 : 189)], 20)),
        ["bech32"] = (0, Base32OfBech, r => r.Next(2) == 0 ? Bech32("bc", r, 33, 1) : Bech32("cosmos", r, 32, 0x2bc830a3)),
        ["cashaddr"] = ("bitcoincash".Length, Base32OfBech, CashAddr),
        ["strkey"] = (0, Base32, StrKey),
        ["eip55"] = (2, "0123456789abcdefABCDEF", Ethereum),
        ["crc32-base62 prefix=3"] = (3, Base62, r => GitHub("ghp", r)),
    };

    public static TheoryData<string> Checks() => [.. Makers.Keys];

    [Theory]
    [MemberData(nameof(Checks))]
    public void Test_ValueThatTheOracleMakes_PassesAndNoneWithACharacterChanged(string check)
    {
        var (prefix, alphabet, make) = Makers[check];
        var test = CheckTable.All([check]).Test;
        AssertKnows(value => test(value) == Verdict.Passes, prefix, alphabet, make);
    }

    /// <summary>Its reader in code checks it.</summary>
    [Fact]
    public void Monero_ValueThatTheOracleMakes_PassesAndNoneWithACharacterChanged() => AssertKnows(value => Coins.Monero(value), 0, Base58, Monero);

    /// <summary>The oracle itself knows the hash of nothing, as the authors of Keccak publish it.</summary>
    [Fact]
    public void SlowKeccak_OfNothing_IsThePublishedHash() =>
        Assert.Equal("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470", Convert.ToHexStringLower(SlowKeccak.Hash([])));

    private static void AssertKnows(Func<string, bool> isRight, int prefix, string alphabet, Func<Random, string> make)
    {
        var random = new Random(5);
        for (var n = 0; n < Values; n++)
        {
            var value = make(random);
            Assert.True(isRight(value), $"value {n} of seed 5");
            for (var i = prefix; i < value.Length; i++)
            {
                var place = alphabet.IndexOf(value[i]);
                var other = alphabet[(place + 1 + random.Next(alphabet.Length - 1)) % alphabet.Length];
                if (place < 0 || other == value[i]) { continue; }
                Assert.False(isRight(value[..i] + other + value[(i + 1)..]), $"value {n} of seed 5, character {i} changed");
            }
        }
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Base58Check(Random random, string alphabet, byte[] version, int count)
    {
        byte[] bytes = [.. version, .. Bytes(random, count)];
        byte[] all = [.. bytes, .. SHA256.HashData(SHA256.HashData(bytes))[..4]];
        return new string(alphabet[0], all.TakeWhile(b => b == 0).Count()) + InBase(all, alphabet, 0);
    }

    private static string InBase(byte[] bytes, string alphabet, int length)
    {
        var number = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        var text = "";
        while (number > 0) { (number, var digit) = BigInteger.DivRem(number, alphabet.Length); text = alphabet[(int)digit] + text; }
        return text.PadLeft(length, alphabet[0]);
    }

    /// <summary>BIP 173: the data's rest by the generator of the BCH code over GF(32), by long division.</summary>
    private static string Bech32(string prefix, Random random, int count, uint constant)
    {
        var data = Enumerable.Range(0, count).Select(_ => random.Next(32)).ToArray();
        int[] generator = [1, 29, 22, 20, 21, 29, 18];
        return prefix + "1" + InBech([.. data, .. CheckSymbols([.. prefix.Select(c => c >> 5), 0, .. prefix.Select(c => c & 31), .. data], generator, constant)]);
    }

    /// <summary>The CashAddr specification: the same with eight check symbols, over the lower bits of the prefix.</summary>
    private static string CashAddr(Random random)
    {
        const string prefix = "bitcoincash";
        var data = Enumerable.Range(0, 34).Select(_ => random.Next(32)).ToArray();
        int[] generator = [1, 19, 3, 25, 11, 25, 3, 19, 1];
        return prefix + InBech([.. data, .. CheckSymbols([.. prefix.Select(c => c & 31), 0, .. data], generator, 1)]);
    }

    private static string InBech(IEnumerable<int> symbols) => string.Concat(symbols.Select(s => Base32OfBech[s]));

    private static IEnumerable<int> CheckSymbols(int[] message, int[] generator, ulong constant)
    {
        var degree = generator.Length - 1;
        int[] rest = [1, .. message, .. new int[degree]]; // the code words begin with 1
        for (var i = 0; i + degree < rest.Length; i++)
        {
            var factor = rest[i];
            for (var j = 0; j <= degree; j++) { rest[i + j] ^= Times(factor, generator[j]); }
        }
        return rest[^degree..].Select((symbol, i) => symbol ^ (int)(constant >> (5 * (degree - 1 - i)) & 31));
    }

    /// <summary>The product in GF(32) with x^5 + x^3 + 1.</summary>
    private static int Times(int a, int b)
    {
        var product = 0;
        for (var i = 0; i < 5; i++) { product ^= (b >> i & 1) * (a << i); }
        for (var i = 8; i >= 5; i--) { product ^= (product >> i & 1) * (0b101001 << (i - 5)); }
        return product;
    }

    /// <summary>Stellar SEP-23: the rest of the bytes by x^16 + x^12 + x^5 + 1, low byte first.</summary>
    private static string StrKey(Random random)
    {
        byte[] bytes = [6 << 3, .. Bytes(random, 32)];
        var rest = new BigInteger(bytes, isUnsigned: true, isBigEndian: true) << 16;
        for (var bit = bytes.Length * 8 + 15; bit >= 16; bit--)
        {
            if (!(rest >> bit).IsEven) { rest ^= new BigInteger(0x11021) << (bit - 16); }
        }
        return InBase([.. bytes, (byte)(rest & 255), (byte)(rest >> 8)], Base32, 56);
    }

    /// <summary>EIP-55: a letter is a capital where the hash of the small letters has a digit of 8 or more.</summary>
    private static string Ethereum(Random random)
    {
        var hex = Convert.ToHexStringLower(Bytes(random, 20));
        var hash = Convert.ToHexStringLower(SlowKeccak.Hash(Encoding.ASCII.GetBytes(hex)));
        return "0x" + string.Concat(hex.Zip(hash, (c, h) => h >= '8' ? char.ToUpperInvariant(c) : c));
    }

    private static string Monero(Random random)
    {
        byte[] bytes = [(byte)(random.Next(2) == 0 ? 18 : 42), .. Bytes(random, 64)];
        return string.Concat(((byte[])[.. bytes, .. SlowKeccak.Hash(bytes)[..4]]).Chunk(8).Select(block => InBase(block, Base58, block.Length == 8 ? 11 : 7)));
    }

    /// <summary>GitHub's tokens: the check sum of a zip file, which ends so in .NET's own gzip.</summary>
    private static string GitHub(string prefix, Random random)
    {
        var secret = string.Concat(Enumerable.Range(0, 30).Select(_ => Base62[random.Next(62)]));
        using var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionMode.Compress, leaveOpen: true)) { zip.Write(Encoding.ASCII.GetBytes(secret)); }
        return prefix + secret + InBase([.. zipped.ToArray()[^8..^4].Reverse()], Base62, 6);
    }
}
