using Surveillance.Detection.Lexicons;

namespace Surveillance.Engine.Tests.Detection.Lexicons;

public sealed class StemmerTests
{
    [Theory]
    [InlineData("promise promises promised promising")]
    [InlineData("guarantee guarantees guaranteed guaranteeing")]
    [InlineData("delete deletes deleted deleting")]
    [InlineData("plan plans planned planning")]
    [InlineData("call calls called calling")]
    [InlineData("control controls controlled controlling")]
    [InlineData("party parties")]
    [InlineData("copy copies copied copying")]
    [InlineData("watch watches watched watching")]
    [InlineData("pass passes passed passing")]
    [InlineData("use uses used")]
    [InlineData("meeting meetings meet meets")]
    [InlineData("agree agreed agrees agreeing")]
    [InlineData("client client's clients")]
    public void StemOf_FormsOfOneWord_AreEqual(string forms) => Assert.Single(forms.Split(' ').Select(f => Stemmer.StemOf(f)).Distinct());

    [Theory]
    [InlineData("thing think")]
    [InlineData("need ned")]
    [InlineData("status stat")]
    [InlineData("bring br")]
    [InlineData("red re")]
    public void StemOf_DifferentWords_Differ(string words) => Assert.Equal(2, words.Split(' ').Select(f => Stemmer.StemOf(f)).Distinct().Count());

    [Fact]
    public void StemOf_AnyLetters_KeepsTheFirstThree()
    {
        var random = new Random(7);
        string[] endings = ["", "s", "es", "ies", "ied", "ed", "eed", "ing", "ings", "sses", "e", "y", "ll", "xes"];
        for (var i = 0; i < 20_000; i++)
        {
            var word = new string([.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => "aeiouybcdlstz"[random.Next(13)])]) + endings[random.Next(endings.Length)];
            var stem = Stemmer.StemOf(word);
            Assert.Equal(word[..Math.Min(3, word.Length)], stem[..Math.Min(3, stem.Length)]);
        }
    }
}
