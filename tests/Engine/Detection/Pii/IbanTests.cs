using Surveillance.Detection.Pii;
using Surveillance.Detection.Pii.Checks;
using Surveillance.Detection.Pii.Readers;

namespace Surveillance.Engine.Tests.Detection.Pii;

public sealed class IbanTests
{
    private const string Type = "iban";

    [Theory]
    [InlineData("refund to [DE89 3704 0044 0532 0130 00], Anna Vogel")]
    [InlineData("[DE89370400440532013000]")]
    [InlineData("my iban is [de89370400440532013000]")]
    [InlineData("[gb82 west 1234 5698 7654 32]")]
    [InlineData("[GB82-WEST-1234-5698-7654-32]")]
    [InlineData("IBAN:[GB82WEST12345698765432].")]
    [InlineData("IBAN[GB82WEST12345698765432]")]
    [InlineData("[GB82 WEST 1234 5698 7654 32] X")]
    [InlineData("[DE 89 3704 0044 0532 0130 00]")]
    [InlineData("[DE89 3704 0044\n0532 0130 00]")]
    [InlineData("[ＤＥ８９３７０４００４４０５３２０１３０００]")]
    [InlineData("[DE89\u200B3704\u200B0044\u200B0532\u200B0130\u200B00]")]
    [InlineData("账号[DE89370400440532013000]请汇款")]
    [InlineData("[NO93 8601 1117 947] for the fee")]
    [InlineData("[FR14 2004 1010 0505 0001 3M02 606]")]
    [InlineData("[MT84 MALT 0110 0001 2345 MTLC AST0 01S]")]
    public void Find_Valid_MarksIt(string marked) => Marked.AssertFinds(Type, marked);

    [Theory]
    [InlineData("DE89 3704 0044 0532 0130 01")]
    [InlineData("DE88 3704 0044 0532 0130 00")]
    [InlineData("DE89 3704 0044 0532 0130 0")]
    [InlineData("DE8937040044053201300012")]
    [InlineData("XDE89370400440532013000")]
    [InlineData("DE89370400440532013000X")]
    [InlineData("De89370400440532013000")]
    [InlineData("GB82 West 1234 5698 7654 32")]
    [InlineData("ZZ89 3704 0044 0532 0130 00")]
    [InlineData("US0378331005")]
    [InlineData("LEI 5493001KJTIIGC8Y1R12")]
    [InlineData("GB82 1234 1234 5698 7654 32")]
    [InlineData("flight DE89, gate 37, row 04, seat 00")]
    [InlineData("no 93 of 8601, 1117 left, 947 gone")]
    [InlineData("IBAN please")]
    [InlineData("AB150120690000003111141")]
    [InlineData("PO 4500012345, SI 56")]
    public void Find_LookAlike_MarksNothing(string text) => Marked.AssertFindsNothing(Type, text);

    [Theory]
    [InlineData("[DE** **** **** **** **30 00]")]
    [InlineData("to [GB•• •••• •••• •••• ••65 43]")]
    [InlineData("IBAN [•••• •••• 3000]")]
    public void Find_Masked_MarksItAsMasked(string marked)
    {
        Marked.AssertFinds(Type, marked);
        Assert.True(Marked.Detect(marked.Replace("[", "").Replace("]", "")).Single().Masked);
    }

    [Fact]
    public void Countries_Registry_HoldsThemAll() => Assert.Equal(89, Ibans.Countries.Count());

    public static TheoryData<string> CountryCodes() => [.. Ibans.Countries];

    [Theory]
    [MemberData(nameof(CountryCodes))]
    public void Find_GeneratedNumber_MarksItAndNoneWithOneDigitWrong(string country)
    {
        var random = new Random(country[0] * 26 + country[1]);
        var format = Ibans.FormatOf(char.ToLowerInvariant(country[0]), char.ToLowerInvariant(country[1]))!;
        var account = string.Concat(format.Select(kind => kind switch { 'n' => (char)('0' + random.Next(10)), 'a' => (char)('A' + random.Next(26)), _ => random.Next(3) == 0 ? (char)('A' + random.Next(26)) : (char)('0' + random.Next(10)) }));
        var iban = Enumerable.Range(2, 97).Select(check => $"{country}{check:00}{account}").First(i => Checksums.Mod97(i.ToLowerInvariant()));
        Marked.AssertFinds(Type, $"pay [{iban}] today");
        Marked.AssertFinds(Type, $"pay [{string.Join(' ', iban.Chunk(4).Select(c => new string(c)))}] today");
        for (var i = 2; i < iban.Length; i++)
        {
            if (char.IsAsciiDigit(iban[i]))
            {
                Marked.AssertFindsNothing(Type, $"pay {iban[..i]}{(char)('0' + (iban[i] - '0' + 1 + i % 9) % 10)}{iban[(i + 1)..]} today");
            }
        }
    }
}
