using Surveillance.Detection.Pii;
using Surveillance.Detection.Pii.Checks;

namespace Surveillance.Engine.Tests.Detection.Pii;

public sealed class PaymentCardTests
{
    private const string Type = "payment-card";

    [Theory]
    [InlineData("ring 943 476 5919 [5555-5555-5555-4444]")]
    [InlineData("card [4111 1111 1111 1111], exp 12/29")]
    [InlineData("[4111-1111-1111-1111]")]
    [InlineData("[4111.1111.1111.1111]")]
    [InlineData("[4111/1111/1111/1111]")]
    [InlineData("[4111111111111111]")]
    [InlineData("take the fee from [4111111111111111]")]
    [InlineData("card [4111 1111 1111 1111] 12/29 123")]
    [InlineData("amex [3782 822463 10005] please")]
    [InlineData("[378282246310005]")]
    [InlineData("[5555555555554444]")]
    [InlineData("[2221 0000 0000 0009]")]
    [InlineData("[2720 9999 9999 9996] on file")]
    [InlineData("[6011 1111 1111 1117]")]
    [InlineData("[3530 1113 3330 0000]")]
    [InlineData("[3056 9309 0259 04] diners")]
    [InlineData("[3056 930902 5904]")]
    [InlineData("[6200 0000 0000 0000 000] unionpay card")]
    [InlineData("my card is [501800000009]")]
    [InlineData("old visa [4222222222222]")]
    [InlineData("card 4 1 1 1: no. the card is [4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1]")]
    [InlineData("card [4111\n1111 1111 1111]")]
    [InlineData("card [4111 1111 \r\n1111 1111]")]
    [InlineData("[４１１１　１１１１　１１１１　１１１１]")]
    [InlineData("[4111\u200B1111\u200B1111\u200B1111]")]
    [InlineData("[4111\u00A01111\u00A01111\u00A01111]")]
    [InlineData("[٤١١١ ١١١١ ١١١١ ١١١١]")]
    [InlineData("我的卡号是[4111111111111111]谢谢")]
    [InlineData("cc=[4111111111111111]&x=1")]
    [InlineData("(card: [4111111111111111])")]
    [InlineData("both [4111111111111111] and [5555555555554444]")]
    [InlineData("[4111 1111 1111 1111]\n[5555 5555 5555 4444]")]
    [InlineData("Karte [5555 5555 5555 4444], Prüfziffer 123")]
    public void Find_Valid_MarksIt(string marked) => Marked.AssertFinds(Type, marked);

    [Theory]
    [InlineData("card 4111 1111 1111 1112")]
    [InlineData("card 4111111111111110")]
    [InlineData("Order ref 4471 8302 9164 5512 has shipped")]
    [InlineData("tracking 4111111111111111")]
    [InlineData("order number 4111 1111 1111 1111")]
    [InlineData("your invoice 5555555555554444 is attached")]
    [InlineData("订单号4111111111111111已发货")]
    [InlineData("log ts 1748503543012, please check this")]
    [InlineData("1748503543012")]
    [InlineData("1748503543012345")]
    [InlineData("20260504091200")]
    [InlineData("4111111111111111a")]
    [InlineData("x4111111111111111")]
    [InlineData("id_4111111111111111")]
    [InlineData("0.4111111111111111")]
    [InlineData("4111111111111111.5")]
    [InlineData("$4111111111111111")]
    [InlineData("4111111111111111%")]
    [InlineData("id 110bcd25-a55d-453a-8046-1297901ea002")]
    [InlineData("41111111-1111-1111-0000-000000000000")]
    [InlineData("99-4111-1111-1111-1111")]
    [InlineData("4111-1111-1111-1111-99")]
    [InlineData("0000 0000 0000 0000")]
    [InlineData("4444444444444444444444")]
    [InlineData("LEI 5493001KJTIIGC8Y1R12")]
    [InlineData("4100 4200 4300 4400")]
    [InlineData("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16")]
    [InlineData("7 numbers: 41 1111 11 11111 11 111")]
    [InlineData("501800000009 is a number of twelve digits")]
    [InlineData("4222222222222 is one of thirteen")]
    [InlineData("DE89 3704 0044 0532 0130 00")]
    [InlineData("call +44 20 7946 0000 or 020 7946 0001")]
    [InlineData("4111 1111 1111 1111 1111 1111 1111")]
    [InlineData("We never ask for your card number")]
    public void Find_LookAlike_MarksNothing(string text) => Marked.AssertFindsNothing(Type, text);

    [Theory]
    [InlineData("card ending [•••• 1234] was declined")]
    [InlineData("[**** **** **** 1234]")]
    [InlineData("[************1234]")]
    [InlineData("[XXXX-1234]")]
    [InlineData("[XXXX-XXXX-XXXX-1234]")]
    [InlineData("[xxxxxxxxxxxx1234]")]
    [InlineData("[4111 **** **** 1111]")]
    [InlineData("[4111********1111]")]
    [InlineData("[4111xxxxxxxx1111]")]
    [InlineData("visa [••••1234], thanks")]
    public void Find_Masked_MarksItAsMasked(string marked)
    {
        Marked.AssertFinds(Type, marked);
        var hit = Assert.Single(Marked.Detect(marked.Replace("[", "").Replace("]", "")));
        Assert.True(hit.Masked);
        Assert.False(hit.Validated);
    }

    [Theory]
    [InlineData("xxx 2026")]
    [InlineData("*** 2026 ***")]
    [InlineData("**2026** results")]
    [InlineData("f*** 1234")]
    [InlineData("see you xxxx")]
    [InlineData("* 1234\n* 5678")]
    [InlineData("••• three points")]
    [InlineData("**** 12345678901234567890")]
    public void Find_MaskLookAlike_MarksNothing(string text) => Marked.AssertFindsNothing(Type, text);

    public static TheoryData<string> Generated()
    {
        var data = new TheoryData<string>();
        var random = new Random(7);
        foreach (var (prefix, length) in new[] { ("4", 16), ("51", 16), ("55", 16), ("2221", 16), ("2719", 16), ("34", 15), ("37", 15), ("6011", 16), ("65", 16), ("3528", 16), ("3589", 16), ("36", 14), ("300", 14), ("62", 16), ("6759", 16) })
        {
            for (var i = 0; i < 4; i++)
            {
                var digits = prefix + string.Concat(Enumerable.Range(0, length - prefix.Length - 1).Select(_ => (char)('0' + random.Next(10))));
                data.Add(digits + Enumerable.Range(0, 10).First(d => Checksums.Luhn(digits + d)));
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Generated))]
    public void Find_GeneratedNumber_MarksItAndNoneWithOneDigitWrong(string digits)
    {
        Marked.AssertFinds(Type, $"card [{digits}] please");
        for (var i = 0; i < digits.Length; i++)
        {
            var wrong = (char)('0' + (digits[i] - '0' + 1 + i % 9) % 10);
            Marked.AssertFindsNothing(Type, $"card {digits[..i]}{wrong}{digits[(i + 1)..]} please");
        }
    }

    [Theory]
    [InlineData("charge 4111 1111 1111 1111", 0.86)]
    [InlineData("charge card 4111 1111 1111 1111", 0.99)]
    [InlineData("order 4111 1111 1111 1111", 0.36)]
    [InlineData("501800000009", 0.45)]
    public void Find_Evidence_DecidesTheConfidence(string text, double confidence) =>
        Assert.Equal(confidence, Assert.Single(Marked.Detect(text), h => h.Type == Type).Confidence);
}
