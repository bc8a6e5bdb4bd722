using Surveillance.Detection.Pii;
using Surveillance.Messages;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Detection.Pii;

/// <summary>What speaks for a value beside its shape and check: the language of the words around it, who writes it, and from where.</summary>
public sealed class EvidenceTests
{
    /// <summary>A word of one language may be an ordinary one of another: there it counts in capitals or as a label only.</summary>
    [Theory]
    [InlineData("ca-sin", "Salimos ayer de la oficina sin 130 692 544 y con mucha prisa", false)]
    [InlineData("ca-sin", "Mi SIN de Canadá es 130 692 544, lo necesitan para la cuenta", true)]
    [InlineData("ca-sin", "Para la cuenta necesitan esto, sin: 130 692 544", true)]
    [InlineData("ca-sin", "for the account they need my sin 130 692 544", true)]
    [InlineData("es-nif", "my dni is 12345678Z and it expires next year", true)]
    [InlineData("us-ein", "das ist ja wohl nur ein 12-3456789 und nicht mehr", false)]
    [InlineData("us-ein", "unsere EIN ist die 12-3456789, bitte auf die Rechnung", true)]
    [InlineData("es-nie", "das habe ich dir doch nie geschrieben, Y2345678Z war es nicht", true)]
    public void Find_WordThatIsAnotherInTheLanguageOfTheText_SaysNothing(string type, string text, bool found) =>
        Assert.Equal(found, Marked.Detect(text).Any(h => h.Type == type && h.Confidence >= PiiDetector.DefaultThreshold));

    [Theory]
    [InlineData("ich brauche das bitte heute noch, meine reisepassnummer ist C01X00T47")]
    [InlineData("please renew it for me, my reisepass number is C01X00T47")]
    public void Find_LongWordOfAnotherLanguage_CountsEverywhere(string text) =>
        Assert.Contains(Marked.Detect(text), h => h.Type == "de-identity-document" && h.Confidence >= PiiDetector.DefaultThreshold);

    /// <summary>A client who names a number gives it away; the firm's own message says less.</summary>
    [Theory]
    [InlineData("my pin is 4821")]
    [InlineData("943 476 5919")]
    [InlineData("my routing number is 011000138")]
    public void Find_ValueFromAClient_WeighsMoreThanFromAnEmployee(string text) =>
        Assert.True(Best(text, Role.Client) > Best(text, Role.Employee));

    private static double Best(string text, Role role) =>
        Marked.Detect(A.Message(text, account: null, from: new Participant("one", role), to: [new Participant("two", role == Role.Client ? Role.Employee : Role.Client)])).Max(h => h.Confidence);

    /// <summary>A bare number is one of the country from which people telephone or write, rather than one of another that it passes the check of by chance.</summary>
    [Theory]
    [InlineData("+31612345678", "nl-bsn")]
    [InlineData("jan@kantoor.nl", "nl-bsn")]
    [InlineData("+48601234567", null)]
    [InlineData("jan@start.io", null)]
    public void Find_BareNumber_CountsMoreAtHome(string address, string? home)
    {
        var far = Confidence("client");
        var here = Confidence(address);
        Assert.True(home is not null ? here > far : here <= far, $"{here} and {far}");

        static double Confidence(string from) => Marked.Detect(A.Message("123456782", account: null, from: new Participant(from, Role.Client), to: [new Participant("adviser", Role.Employee)]))
            .SelectMany(h => (h.Alternatives ?? []).Append(new(h.Type, h.Confidence))).Where(a => a.Type == "nl-bsn").Select(a => a.Confidence).DefaultIfEmpty().Max();
    }

    /// <summary>A line break cuts a value where its form has no separator.</summary>
    [Theory]
    [InlineData("gb-nhs", "my nhs number is [943476\n5919] thanks")]
    [InlineData("us-ssn", "my ssn is [536-22-\n8711]")]
    [InlineData("us-ssn", "my ssn is [53622\r\n8711]")]
    [InlineData("aws-access-key", "use [AKIAZ5NNVB4XE7\nQ2MKLD] for the upload")]
    [InlineData("payment-card", "[41111111\n11111111] is the card")]
    [InlineData("payment-card", "[4111-1111-1111\n1111] is the card")]
    [InlineData("gb-nhs", "a) [9 4 3 4 7 6 5 9 1 9] is my NHS number")]
    [InlineData("iban", "iban [GB29NWBK6016\n1331926819]")]
    public void Find_ValueOverALineBreak_MarksAll(string type, string text) => Marked.AssertFinds(type, text);

    [Theory]
    [InlineData("gb-nhs", "943476\n5919")]
    [InlineData("gb-nhs", "Quantity\n943476\n5919\n118203")]
    [InlineData("us-ssn", "rows 53622\n8711")]
    [InlineData("us-ssn", "my ssn is below, the ticket is 53622\n\n8711")]
    public void Find_NumbersOnLinesOfTheirOwn_AreNotOneValue(string type, string text) => Marked.AssertFindsNothing(type, text);

    /// <summary>Fields of a row, and forgotten blanks.</summary>
    [Theory]
    [InlineData("payment-card", "my card is [4111111111111111],thanks")]
    [InlineData("payment-card", "my card is [4111111111111111].Thanks")]
    [InlineData("payment-card", "id,card\n17,[4111111111111111],0928")]
    [InlineData("payment-card", "card:[4111111111111111]:0928")]
    [InlineData("us-ssn", "my ssn is [536-22-8711],thanks")]
    [InlineData("us-ssn", "name,ssn\nJohn,[536-22-8711]")]
    [InlineData("gb-nhs", "my nhs number is [943 476 5919],ok")]
    [InlineData("us-ssn", "my ssn is [xxx-xx-1234]")]
    public void Find_ValueBesideACommaWithoutBlank_MarksIt(string type, string text) => Marked.AssertFinds(type, text);

    /// <summary>A warning asks for nothing.</summary>
    [Theory]
    [InlineData("Please do not share your password with anyone")]
    [InlineData("Never send your card number by chat, call us")]
    [InlineData("Das Passwort ist abgelaufen")]
    public void Find_Warning_IsNoRequest(string text) => Assert.DoesNotContain(Marked.Detect(text), h => h.Solicited);
}
