using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Surveillance.Text;

namespace Surveillance.Dashboard.Tests.Privacy;

/// <summary>Looks for a word or number in bytes, in every form in which a program is likely to leave it behind.</summary>
internal static class Traces
{
    /// <summary>Finds the forms of a secret that bytes hold; empty when they hold none.</summary>
    public static IReadOnlyList<string> Find(ReadOnlySpan<byte> bytes, string secret)
    {
        var found = new List<string>();
        foreach (var (name, pattern) in Forms(secret))
        {
            if (bytes.IndexOf(pattern) >= 0)
            {
                found.Add(name);
            }
        }
        return found;
    }

    /// <summary>The forms of a secret: spellings, encodings, digits alone, numbers, plain hashes.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> Forms(string secret)
    {
        var spellings = new HashSet<string>(StringComparer.Ordinal) { secret, secret.ToLowerInvariant(), secret.ToUpperInvariant(), Folding.Fold(secret), secret.Normalize(NormalizationForm.FormD) };
        var digits = string.Concat(secret.Where(char.IsAsciiDigit));
        if (digits.Length >= 8 && digits.Length * 2 > secret.Length)
        {
            spellings.Add(digits);
            spellings.Add(string.Join(' ', digits.Chunk(4).Select(c => new string(c))));
            spellings.Add(string.Join('-', digits.Chunk(4).Select(c => new string(c))));
            if (digits.Length <= 18)
            {
                var number = new byte[8];
                BinaryPrimitives.WriteInt64BigEndian(number, long.Parse(digits, CultureInfo.InvariantCulture));
                yield return ("number", [.. number.SkipWhile(b => b == 0)]);
                yield return ("number, least byte first", [.. number.SkipWhile(b => b == 0).Reverse()]);
            }
        }
        foreach (var spelling in spellings)
        {
            var utf8 = Encoding.UTF8.GetBytes(spelling);
            yield return ($"UTF-8 of '{spelling}'", utf8);
            yield return ($"UTF-16 of '{spelling}'", Encoding.Unicode.GetBytes(spelling));
            yield return ($"UTF-16 BE of '{spelling}'", Encoding.BigEndianUnicode.GetBytes(spelling));
            yield return ($"hex of '{spelling}'", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8)));
            yield return ($"upper hex of '{spelling}'", Encoding.ASCII.GetBytes(Convert.ToHexString(utf8)));
            yield return ($"SHA-256 of '{spelling}'", SHA256.HashData(utf8));
            yield return ($"SHA-256 in hex of '{spelling}'", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(utf8))));
            yield return ($"JSON of '{spelling}'", Encoding.ASCII.GetBytes(JavaScriptEncoder.Default.Encode(spelling)));
            yield return ($"address of '{spelling}'", Encoding.ASCII.GetBytes(Uri.EscapeDataString(spelling)));
            for (var shift = 0; shift < 3; shift++)
            {
                yield return ($"base64 of '{spelling}', shifted by {shift}", Base64(utf8, shift));
                yield return ($"base64 of UTF-16 of '{spelling}', shifted by {shift}", Base64(Encoding.Unicode.GetBytes(spelling), shift));
            }
        }
    }

    /// <summary>The characters of base64 that do not depend on what stands before and behind.</summary>
    private static byte[] Base64(byte[] bytes, int shift)
    {
        var whole = Convert.ToBase64String([.. new byte[shift], .. bytes]).TrimEnd('=');
        var from = (shift * 8 + 5) / 6;
        var to = (shift + bytes.Length) * 8 / 6;
        return Encoding.ASCII.GetBytes(whole[from..to]);
    }
}

public sealed class TracesTests
{
    [Theory]
    [InlineData("+49 157 9988 7766")]
    [InlineData("Zwirbelquäst")]
    public void Find_EveryForm_IsFoundInTheMiddleOfBytes(string secret)
    {
        foreach (var (name, bytes) in Traces.Forms(secret))
        {
            Assert.Contains(name, Traces.Find([0x20, 0x7F, .. bytes, 0x20], secret));
        }
    }

    [Theory]
    [InlineData("a line with Zwirbelquast in it")]
    [InlineData("another: Zwirbelquast")]
    [InlineData("Zwirbelquast!")]
    public void Find_InTheBase64OfALine_WhereverItStands(string line) =>
        Assert.Contains(Traces.Find(Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(line))), "Zwirbelquast"), form => form.StartsWith("base64 of 'Z", StringComparison.Ordinal));

    [Fact]
    public void Find_OtherWords_FindsNothing() => Assert.Empty(Traces.Find("nothing of that: zwirbel quast, 4915799887767"u8, "Zwirbelquast"));
}
