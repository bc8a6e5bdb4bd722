using Surveillance.Detection.Language;
using Surveillance.Text;

namespace Surveillance.Engine.Tests.Detection.Language;

public sealed class LanguageGuesserTests
{
    [Theory]
    [InlineData("en", "Could you send me the statement for March, please?")]
    [InlineData("en", "done at 41.20, leave the rest")]
    [InlineData("en", "cant make it tmr, can we move to thurs")]
    [InlineData("de", "Die Filiale bleibt am Montag geschlossen.")]
    [InlineData("de", "Haben Sie meine Überweisung schon bekommen?")]
    [InlineData("de", "Gruesse aus Koeln, ich melde mich naechste Woche")]
    [InlineData("fr", "Je vous envoie le relevé demain matin.")]
    [InlineData("fr", "L'agence est fermée lundi")]
    [InlineData("fr", "c'est noté merci")]
    [InlineData("es", "¿Me puede mandar el extracto de marzo?")]
    [InlineData("es", "La oficina cierra el viernes")]
    [InlineData("es", "manana te llamo")]
    [InlineData("pt", "Você pode me mandar o extrato de março?")]
    [InlineData("pt", "A agência não abre na sexta")]
    [InlineData("it", "Mi può mandare l'estratto conto di marzo?")]
    [InlineData("it", "La filiale è chiusa venerdì")]
    [InlineData("nl", "Kunt u mij het overzicht van maart sturen?")]
    [InlineData("nl", "Het kantoor is maandag gesloten")]
    [InlineData("zh", "请把三月份的对账单发给我")]
    [InlineData("zh", "A股今天跌了两个点，先别动")]
    [InlineData("ja", "三月の明細を送ってください")]
    [InlineData("ko", "3월 명세서를 보내 주세요")]
    [InlineData("ru", "Пришлите, пожалуйста, выписку за март")]
    [InlineData("uk", "Надішліть, будь ласка, виписку за березень і квітень")]
    [InlineData("ar", "أرسل لي كشف الحساب من فضلك")]
    [InlineData("fa", "لطفا صورتحساب مارس را برای من بفرستید چون گم کردم")]
    [InlineData("el", "Στείλτε μου το αντίγραφο του Μαρτίου")]
    [InlineData("he", "שלח לי את הדוח בבקשה")]
    [InlineData("th", "ช่วยส่งใบแจ้งยอดให้ด้วย")]
    [InlineData("hi", "कृपया मार्च का विवरण भेजें")]
    [InlineData("zh", "您好，请看 WhatsApp 上的 PDF 文件")]
    public void Guess_Text_GivesItsLanguage(string language, string text) => Assert.Equal(language, LanguageGuesser.Guess(PreparedText.Of(text)));

    [Theory]
    [InlineData("")]
    [InlineData("12,500 @ 41.20")]
    [InlineData("👍🎉")]
    [InlineData("STOP")]
    [InlineData("ok")]
    [InlineData("x")]
    [InlineData("GB29NWBK60161331926819")]
    [InlineData("https://a.example/xyz")]
    [InlineData("Müller")]
    public void Guess_TooLittle_GivesNull(string text) => Assert.Null(LanguageGuesser.Guess(PreparedText.Of(text)));

    [Fact]
    public void Guess_ManyTexts_AllocatesNothing()
    {
        var texts = new[] { "Könnten Sie bitte schnell antworten?", "三月の明細", "hello there, how are you", "¿Qué tal?" }.Select(PreparedText.Of).ToArray();
        foreach (var text in texts)
        {
            _ = text.ZoneSpans;
            LanguageGuesser.Guess(text);
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            LanguageGuesser.Guess(texts[i % texts.Length]);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Guess_VeryLongText_LooksAtItsBeginning()
    {
        var text = string.Concat(Enumerable.Repeat("Bitte schicken Sie mir die Unterlagen. ", 200)) + string.Concat(Enumerable.Repeat("please send me the papers ", 20_000));
        Assert.Equal("de", LanguageGuesser.Guess(PreparedText.Of(text)));
    }

    [Fact]
    public void All_Profiles_AreWellFormed()
    {
        foreach (var profile in LanguageProfile.All)
        {
            Assert.All(profile.Words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), word => Assert.Equal(Folding.Fold(word), word));
            Assert.All(profile.Pieces.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), piece => Assert.Matches("^[_a-z][a-z][_a-z][1-9]$", piece));
            Assert.All(profile.Letters.Split(' ', StringSplitOptions.RemoveEmptyEntries), letter => Assert.Matches("^[^\\u0000-\\u007F][1-9]$", letter));
        }
    }
}
