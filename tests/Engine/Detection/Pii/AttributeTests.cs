using Surveillance.Detection;
using Surveillance.Detection.Pii;
using Surveillance.Pipeline;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Detection.Pii;

/// <summary>What a hit says beside its type: solicited, why, and how the packs in force decide it.</summary>
public sealed class AttributeTests
{
    [Theory]
    [InlineData("please send me the ⟦card number⟧ and the 3 digits on the back", "payment-card")]
    [InlineData("send me the card and the 3 ⟦digits on the back⟧", "card-security-code")]
    [InlineData("what's your ⟦IBAN⟧?", "iban")]
    [InlineData("Nennen Sie mir bitte die ⟦Kartennummer⟧", "payment-card")]
    [InlineData("麻烦把⟦银行卡号⟧发我", "payment-card")]
    [InlineData("schick mir die Karte und die ⟦drei Ziffern auf der Rückseite⟧", "card-security-code")]
    [InlineData("⟦Karte⟧ und Prüfziffer bitte", "payment-card")]
    [InlineData("können Sie mir die ⟦Kartennummer⟧ durchgeben?", "payment-card")]
    [InlineData("envoyez-moi la carte et les 3 ⟦chiffres au dos⟧", "card-security-code")]
    [InlineData("peux-tu me donner le ⟦cryptogramme visuel⟧ ?", "card-security-code")]
    [InlineData("mándame la tarjeta y ⟦los 3 números de atrás⟧", "card-security-code")]
    [InlineData("mandami il ⟦numero della carta⟧ per favore", "payment-card")]
    [InlineData("stuur me je ⟦kaartnummer⟧", "payment-card")]
    [InlineData("podaj mi ⟦numer karty⟧", "payment-card")]
    [InlineData("⟦güvenlik kodunu⟧ gönderin", "card-security-code")]
    [InlineData("пришлите ⟦номер карты⟧", "payment-card")]
    [InlineData("把⟦卡号⟧发给我", "payment-card")]
    [InlineData("你的⟦卡号⟧发我一下", "payment-card")]
    [InlineData("⟦カード番号⟧を教えてください", "payment-card")]
    [InlineData("⟦카드번호를⟧ 보내주세요", "payment-card")]
    [InlineData("passe-moi ton ⟦mot de passe⟧", "password")]
    [InlineData("could you text me the ⟦verification code⟧", "one-time-code")]
    [InlineData("please give me your ⟦password⟧", "password")]
    public void Detect_Request_MarksWhatIsAskedForBelowTheThreshold(string marked, string type)
    {
        var text = marked.Replace("⟦", "").Replace("⟧", "");
        var hit = Assert.Single(Marked.Detect(text), h => h.Solicited && h.Type == type);
        Assert.Equal(marked, text.Insert(hit.Span.End, "⟧").Insert(hit.Span.Start, "⟦"));
        Assert.InRange(hit.Confidence, PiiDetector.LeastKept, PiiDetector.DefaultThreshold - 0.01);
    }

    [Theory]
    [InlineData("my card number is on file")]
    [InlineData("the IBAN is missing")]
    [InlineData("the card is on the table")]
    [InlineData("die Karte liegt bereit")]
    [InlineData("la carte est bloquée")]
    [InlineData("我的卡号丢了")]
    [InlineData("la tarjeta no funciona")]
    [InlineData("We changed the password policy. Please read it.")]
    public void Detect_NoRequest_MarksNothingAsSolicited(string text) => Assert.DoesNotContain(Marked.Detect(text), h => h.Solicited);

    [Theory]
    [InlineData("SSN ⟦***-**-6789⟧ on file", "us-ssn")]
    [InlineData("card ⟦•••• 1234⟧", "payment-card")]
    [InlineData("ssn ⟦XXX-XX-9017⟧", "us-ssn")]
    [InlineData("CPF ⟦***.482.133-**⟧", "br-cpf")]
    [InlineData("account ⟦GB** BARC **** **** **48 21⟧", "iban")]
    [InlineData("call ⟦+44 •••• ••1234⟧", "phone")]
    public void Detect_MaskedValue_IsMasked(string marked, string type)
    {
        Marked.AssertFinds(type, marked);
        Assert.True(Assert.Single(Marked.Detect(marked.Replace("⟦", "").Replace("⟧", "")), h => h.Type == type).Masked);
    }

    [Theory]
    [InlineData("card 4111 1111 1111 1111 09/29 123", "card-expiry 25-30, card-security-code 31-34")]
    [InlineData("4111111111111111 exp. 9/2029 cvv 1234", "card-expiry 22-28, card-security-code 33-37")]
    [InlineData("card 4111 1111 1111 1111 for 12 people", "")]
    public void Detect_BehindACard_MarksExpiryAndCode(string text, string expected) =>
        Assert.Equal(expected, string.Join(", ", Marked.Detect(text).Where(h => h.Type is "card-expiry" or "card-security-code").Select(h => $"{h.Type} {h.Span.Start}-{h.Span.End}")));

    /// <summary>What normalisation hides in the text as captured is found there, and the span is of the captured text.</summary>
    [Theory]
    [InlineData("NHS ⟦９４３　４７６　５９１９⟧", "gb-nhs")]
    [InlineData("NHS ⟦943\u200B476\u200B5919⟧", "gb-nhs")]
    [InlineData("NHS number ⟦943\n476\n5919⟧", "gb-nhs")]
    [InlineData("身份证号⟦11010519491231002X⟧谢谢", "cn-resident-id")]
    [InlineData("NINO ⟦АB 12 34 56 C⟧", "gb-nino")]
    [InlineData("IBAN ⟦DE89 3704 0044\n0532 0130 00⟧", "iban")]
    [InlineData("write to ⟦joe [at] example [dot] com⟧", "email")]
    [InlineData("여권번호는 ⟦M789A1234⟧입니다", "kr-passport")]
    public void Detect_DisguisedValue_IsFoundWhereItStands(string marked, string type) => Marked.AssertFinds(type, marked);

    [Theory]
    [InlineData("the code we texted you is ⟦482113⟧", "one-time-code", 0.5)]
    [InlineData("my pin is ⟦4821⟧ if you need it", "pin", 0.5)]
    [InlineData("he has been ⟦diagnosed with⟧ something", "special-health", 0.5)]
    [InlineData("Mr James Carter", "person-name", 0.4)]
    [InlineData("12 High Street", "postal-address", 0.4)]
    public void Detect_WordsOnly_GivesThemTheirConfidence(string marked, string type, double least)
    {
        var hit = Assert.Single(Marked.Detect(marked.Replace("⟦", "").Replace("⟧", "")), h => h.Type == type);
        Assert.True(hit.Confidence >= least);
        Assert.Equal(type is "person-name" or "postal-address", hit.Confidence < PiiDetector.DefaultThreshold);
    }

    [Fact]
    public void Detect_Hit_SaysRuleCheckAndWords()
    {
        var reason = Assert.Single(Marked.Detect("her NHS number is 943 476 5919"), h => h.Type == "gb-nhs").Reason!;
        Assert.Equal("###_###_####", reason.Rule);
        Assert.Equal("weighted sum", reason.Check);
        Assert.Contains("nhs number", reason.Words);
    }

    [Fact]
    public void HitsJson_EveryAttribute_IsReadAsWritten()
    {
        var hits = new MessageHits { Pii = Marked.Detect("NHS 943 476 5919, •••• 1234, send me your iban") };
        var read = HitsJson.Read(HitsJson.Write(hits));
        Assert.Equal(HitsJson.Write(hits), HitsJson.Write(read));
        Assert.Contains(read.Pii, h => h.Solicited);
        Assert.Contains(read.Pii, h => h.Masked);
        Assert.All(read.Pii, h => Assert.NotNull(h.Reason));
    }

    [Fact]
    public void HitsJson_HitOfAnEarlierVersion_HasNoReason()
    {
        var hit = Assert.Single(HitsJson.Read("""{"pii":[{"start":0,"end":4,"type":"email","confidence":0.9,"alternatives":[]}],"scores":{},"optOut":false,"language":null}""").Pii);
        Assert.Null(hit.Reason);
        Assert.False(hit.Solicited);
    }

    [Fact]
    public void Policy_OfSomePacks_LeavesTheOthersOut()
    {
        Assert.Equal(["gb-nhs", "us-npi"], Types(null));
        Assert.Equal(["gb-nhs"], Types(PiiPolicy.Of(["any", "gb"])));
        Assert.Equal(["us-npi"], Types(PiiPolicy.Of(["-gb-nhs"])));
        Assert.Contains("atlantis", Assert.Throws<ArgumentException>(() => PiiPolicy.Of(["atlantis"])).Message, StringComparison.Ordinal);
        Assert.Contains("no-type", Assert.Throws<ArgumentException>(() => PiiPolicy.Of(["-no-type"])).Message, StringComparison.Ordinal);

        static string[] Types(PiiPolicy? policy)
        {
            using var message = new PreparedMessage(A.Message("NHS number 943 476 5919 and NPI 1234567893"));
            return [.. new PiiDetector(policy).Detect(message).Where(h => h.Confidence >= PiiDetector.DefaultThreshold && h.Type is "gb-nhs" or "us-npi").Select(h => h.Type)];
        }
    }

    [Fact]
    public void CategoryOf_EveryType_IsOneOfTheCategories()
    {
        Assert.All(PiiDetector.Types, t => Assert.Contains(PiiDetector.CategoryOf(t), PiiDetector.Categories));
        Assert.All(PiiDetector.Categories, c => Assert.NotEmpty(PiiDetector.TypesOf(c)));
        Assert.Equal("context", PiiDetector.CategoryOf("date-time"));
    }
}
