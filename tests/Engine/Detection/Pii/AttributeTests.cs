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
    [InlineData("We changed the password policy. Please read it.")]
    public void Detect_NoRequest_MarksNothingAsSolicited(string text) => Assert.DoesNotContain(Marked.Detect(text), h => h.Solicited);

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
