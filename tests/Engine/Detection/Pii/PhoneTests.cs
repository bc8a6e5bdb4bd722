using Surveillance.Detection;
using Surveillance.Detection.Pii;
using Surveillance.Detection.Pii.Readers;
using Surveillance.Messages;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Detection.Pii;

public sealed class PhoneTests
{
    private const string Type = "phone";

    [Theory]
    [InlineData("reach me on [+44 20 7946 0000]")]
    [InlineData("[+442079460000]")]
    [InlineData("[+44 (0)20 7946 0000]")]
    [InlineData("[+44-7700-900123]")]
    [InlineData("[+1 415 555 0132]")]
    [InlineData("[+1 (415) 555-0132]")]
    [InlineData("[+49 151 12345678]")]
    [InlineData("[+33 6 12 34 56 78]")]
    [InlineData("[+34 612 345 678]")]
    [InlineData("[+39 02 1234567]")]
    [InlineData("[+351 912 345 678]")]
    [InlineData("[+31 6 12345678]")]
    [InlineData("[+41 44 668 18 00]")]
    [InlineData("[+86 138 1234 5678]")]
    [InlineData("[+852 2345 6789]")]
    [InlineData("[+65 6123 4567]")]
    [InlineData("[+91 98765 43210]")]
    [InlineData("[+55 11 91234-5678]")]
    [InlineData("[+61 412 345 678]")]
    [InlineData("[+81 90 1234 5678]")]
    [InlineData("[+82 10 1234 5678]")]
    [InlineData("[+971 50 123 4567]")]
    [InlineData("[+90 532 123 45 67]")]
    [InlineData("[+7 912 345-67-89]")]
    [InlineData("[+48 512 345 678]")]
    [InlineData("[0044 20 7946 0000]")]
    [InlineData("call ([020 7946 0000])")]
    [InlineData("[07700 900123]")]
    [InlineData("[07700900123]")]
    [InlineData("[(415) 555-0132] after six")]
    [InlineData("[415-555-0132]")]
    [InlineData("[1-800-555-0199]")]
    [InlineData("[06 12 34 56 78]")]
    [InlineData("[044 668 18 00]")]
    [InlineData("[138 1234 5678]")]
    [InlineData("我的手机[13812345678]")]
    [InlineData("联系人王先生，[13812345678]")]
    [InlineData("[010-1234-5678] 입니다")]
    [InlineData("Tel: [12 34 56]")]
    [InlineData("my phone number is [12345678]")]
    [InlineData("Telefon [0211 123456-78]")]
    [InlineData("mobile: [612345678]")]
    [InlineData("Fax:[22-333-44]")]
    [InlineData("[655 437 108] office")]
    [InlineData("call [0161 123 4567 ext. 12] please")]
    [InlineData("phone [0161 123 4567 x12]")]
    [InlineData("ring [07700 900123], not [07700 900124]")]
    [InlineData("[+44 20 7946\n0000]")]
    [InlineData("[＋４４　２０　７９４６　００００]")]
    [InlineData("call [+44\u200B20\u200B7946\u200B0000]")]
    [InlineData("मेरा फोन [९९२५७४३५०८] है")]
    [InlineData("call me [0161 123 4567] at 10:30")]
    [InlineData("on 04/05/2026 call [0161 123 4567] 3 times")]
    [InlineData("order 4471 shipped, questions to phone [0161 123 4567]")]
    [InlineData("WhatsApp[+447700900456]")]
    [InlineData("Springfield 94305-5015 Phone: [650-856-4611]")]
    [InlineData("FAX: [650-725-8306]\nSpringfield 94305-6072")]
    [InlineData("Tokyo 100-0004\nTel. [03-5219-4500]")]
    [InlineData("[2546712361] fax\n[062-085-9260x155] mobile")]
    [InlineData("[+1 415 555 0132] 10 am")]
    [InlineData("电话，[13812345678]，谢谢")]
    [InlineData("il mio numero è [347 123 4567]")]
    [InlineData("mon numéro [0612345678]")]
    [InlineData("call me on [06 12 34 56 78]")]
    public void Find_Valid_MarksIt(string marked) => Marked.AssertFinds(Type, marked);

    [Theory]
    [InlineData("2026-05-04 09:12:00")]
    [InlineData("04/05/2026 and 04.05.2026")]
    [InlineData("2009/2010")]
    [InlineData("16-04-2010 doesn't look like a phone number")]
    [InlineData("order 12345678")]
    [InlineData("order no. 0161 123 4567")]
    [InlineData("invoice 2026-1234567")]
    [InlineData("tracking number 1234 5678 9012")]
    [InlineData("订单号 13812345678")]
    [InlineData("account 12345678")]
    [InlineData("sort code 20-00-00, account 55779911")]
    [InlineData("my card number is 12345678")]
    [InlineData("ref 415-555-0132")]
    [InlineData("1748503543012")]
    [InlineData("12,345,678 shares")]
    [InlineData("1.234.567,89")]
    [InlineData("EUR 1 234 567")]
    [InlineData("$ 4155550132")]
    [InlineData("€12345678")]
    [InlineData("12345678 EUR")]
    [InlineData("-77.034040723966")]
    [InlineData("0.000000012")]
    [InlineData("3333/2=6666")]
    [InlineData("45*31-339243873")]
    [InlineData("(45)+(31)-278394")]
    [InlineData("s666666666")]
    [InlineData("666666666s")]
    [InlineData("E-151673398")]
    [InlineData("T005-2333-100731-SW-2")]
    [InlineData("9a1-677-0060")]
    [InlineData("id 110bcd25-a55d-453a-8046-1297901ea002")]
    [InlineData("version 10.0.19041.1")]
    [InlineData("192.168.100.200")]
    [InlineData("12345678")]
    [InlineData("123 456 789")]
    [InlineData("isbn 978-3-16-148410-0")]
    [InlineData("0 0 0 0 0 0 0 0")]
    [InlineData("00000000")]
    [InlineData("1 2 3 4 5 6 7 8")]
    [InlineData("10:30 12:45 20260504")]
    [InlineData("http://example.org/447700900123")]
    [InlineData("447700900123@s.example.net")]
    [InlineData("office is at 58 2347 Lauzon")]
    [InlineData("+45-12-34-56-78 is not a phone number")]
    [InlineData("DE89 3704 0044 0532 0130 00")]
    [InlineData("4111 1111 1111 1111")]
    [InlineData("call the desk at 9")]
    [InlineData("phone me")]
    [InlineData("call me on the 13 2002")]
    [InlineData("9430-5015 Phone: none")]
    [InlineData("01 02 03 04 05 06 07 08")]
    [InlineData("rates 03 04 05 06 07")]
    [InlineData("rates were 04 12 03 15 22 11 then")]
    [InlineData("rates were 04 12 03 15 22 then")]
    [InlineData("call 4500 4600 spread")]
    [InlineData("sms 2024 2025")]
    [InlineData("call 123 456")]
    [InlineData("5 mio 347 123 4567")]
    public void Find_LookAlike_MarksNothing(string text) => Marked.AssertFindsNothing(Type, text);

    [Theory]
    [InlineData("call [+44 •••• ••1234]")]
    [InlineData("mobile [07*** ***456]")]
    [InlineData("phone [******456]")]
    public void Find_Masked_MarksItAsMasked(string marked)
    {
        Marked.AssertFinds(Type, marked);
        Assert.True(Marked.Detect(marked.Replace("[", "").Replace("]", "")).Single().Masked);
    }

    [Fact]
    public void Find_NumberOfAParticipantsCountry_CountsForMore()
    {
        const string text = "612 345 671";
        Assert.Empty(Hits("+447700900456"));
        Assert.Single(Hits("+34612000111"));

        IEnumerable<PiiHit> Hits(string address)
        {
            using var message = new PreparedMessage(A.Message(text, account: null, from: new Participant(address, Role.Client), to: []));
            return [.. new PiiDetector().Detect(message).Where(h => h.Confidence >= PiiDetector.DefaultThreshold)];
        }
    }

    [Theory]
    [InlineData("+33612000111", "0612345678")]
    [InlineData("+31612000111", "0612345678")]
    [InlineData("+34612000111", "612345671")]
    [InlineData("+393471234000", "3471234567")]
    [InlineData("+48512000111", "512345678")]
    [InlineData("+351912000111", "912345678")]
    [InlineData("+5511912340000", "11912345678")]
    [InlineData("+6581230000", "81234567")]
    [InlineData("+14155550100", "4155550132")]
    public void Find_MobileWithoutBlanksAtHome_IsOne(string address, string text)
    {
        using var message = new PreparedMessage(A.Message(text, account: null, from: new Participant(address, Role.Client), to: []));
        var hit = Assert.Single(new PiiDetector().Detect(message), h => h.Confidence >= PiiDetector.DefaultThreshold);
        Assert.Equal(Type, hit.Type);
    }

    [Fact]
    public void Plan_KnownCountries_AreMany() => Assert.InRange(PhonePlan.KnownCountries.Distinct().Count(), 30, 128);

    [Theory]
    [InlineData("442079460000", true)]
    [InlineData("4402079460000", true)]
    [InlineData("14155550132", true)]
    [InlineData("8613812345678", true)]
    [InlineData("999123456789", false)]
    [InlineData("44123", false)]
    [InlineData("0123456789", false)]
    public void IsInternational_Digits_AreJudgedByThePlan(string digits, bool valid) => Assert.Equal(valid, PhonePlan.IsInternational(digits, out _));
}
