using Surveillance.Detection;
using Surveillance.Detection.Classifiers;
using Surveillance.Messages;
using Surveillance.Tests;
using Surveillance.Text;

namespace Surveillance.Engine.Tests.Detection.Classifiers;

public sealed class FeatureExtractorTests
{
    private static readonly string[] Pieces =
    [
        "offer", "OFFER", "fixed", "Zinsen", "don't", "d'été", "été", "4.75%", "£50", "50 €", "1,000", "50k", "2nd", "fr33", "wh@tsapp", "s i g n a l", "优惠", "存款", "利率4.2％", "ﬁne",
        "\u200Bhidden", "https://a.example", "WWW.b.example", "!", "？", "🎉", "☂️", " ", "\n", "\n> quoted words\n", ", ", ". ", "'", "é\u0301", "%", "$", "¥9", "9¥", "a", "-- \nSigned", "рауment",
    ];

    [Fact]
    public void Walk_RandomTexts_GivesWhatTheSlowWayGives()
    {
        var random = new Random(20260504);
        for (var round = 0; round < 3000; round++)
        {
            var message = A.Message(Random(random, 30), direction: (Direction)random.Next(3), subject: random.Next(3) == 0 ? Random(random, 5) : null);
            using var prepared = new PreparedMessage(message);
            var collecting = new Collecting([]);
            FeatureExtractor.Walk(prepared, ref collecting);
            Assert.Equal(SlowFeatures.Of(prepared).Order(), collecting.Found.Select(f => (f.Slot, f.Kind)).Order());
        }
    }

    [Fact]
    public void Walk_Number_CountsBySignsNotDigits()
    {
        Assert.Equal(Slots("4.75 % for £50", FeatureKind.Number), Slots("3.10 % for £99", FeatureKind.Number));
        Assert.NotEqual(Slots("5 %", FeatureKind.Number), Slots("5 p", FeatureKind.Number));
        Assert.NotEqual(Slots("£5", FeatureKind.Number), Slots("5", FeatureKind.Number));
    }

    [Fact]
    public void Walk_OtherSpelling_FindsTheSameWord()
    {
        var plain = Slots("whatsapp", FeatureKind.Word);
        Assert.Superset(plain, Slots("WhatsApp", FeatureKind.Word));
        Assert.Superset(plain, Slots("wh@tsapp", FeatureKind.Word));
        Assert.Superset(plain, Slots("w h a t s a p p", FeatureKind.Word));
    }

    [Fact]
    public void Walk_OtherEnding_SharesItsBeginning() =>
        Assert.Subset(Slots("angebote", FeatureKind.Stem), Slots("angebot", FeatureKind.Stem));

    private static HashSet<int> Slots(string text, FeatureKind kind)
    {
        using var prepared = new PreparedMessage(A.Message(text));
        var collecting = new Collecting([]);
        FeatureExtractor.Walk(prepared, ref collecting);
        return [.. collecting.Found.Where(f => f.Kind == kind).Select(f => f.Slot)];
    }

    private static string Random(Random random, int most) =>
        string.Concat(Enumerable.Range(0, random.Next(most)).Select(_ => Pieces[random.Next(Pieces.Length)] + (random.Next(2) == 0 ? " " : "")));

    private readonly struct Collecting(List<(int Slot, FeatureKind Kind)> found) : IFeatureSink
    {
        internal List<(int Slot, FeatureKind Kind)> Found => found;

        public void Add(int slot, FeatureKind kind, PreparedText? text, int start, int end)
        {
            if (text is not null)
            {
                Assert.InRange(start, 0, end - 1);
                Assert.InRange(end, 1, text.Folded.Length);
            }
            found.Add((slot, kind));
        }
    }
}
