using System.Security.Cryptography;
using Surveillance.Detection;
using Surveillance.Detection.Classifiers;
using Surveillance.Messages;
using Surveillance.Tests;
using Surveillance.Text;

namespace Surveillance.Engine.Tests.Detection.Classifiers;

public sealed class TextClassifierTests
{
    [Fact]
    public void Score_FeatureTwice_CountsOnce()
    {
        var slot = FeatureExtractor.SlotOf(FeatureKind.Word, Folding.HashToken("bonus"));
        var classifier = TextClassifier.Read("m", AModel.File(w => w[slot] = 100).ToBytes());
        Assert.Equal(0.1, Score(classifier, "bonus"));
        Assert.Equal(0.1, Score(classifier, "bonus, bonus and bonus"));
        Assert.Equal(0.0, Score(classifier, "nothing here"));
    }

    [Theory]
    [InlineData(-1, 0.0)]
    [InlineData(0, 0.0)]
    [InlineData(1, 0.001)]
    [InlineData(500, 0.5)]
    [InlineData(999, 0.999)]
    [InlineData(1_000_000, 0.999)]
    public void Score_Sum_IsLookedUpInTheTable(int sum, double score)
    {
        var classifier = TextClassifier.Read("m", AModel.File(bias: sum).ToBytes());
        Assert.Equal(score, Score(classifier, ""));
    }

    [Fact]
    public void Score_SubjectAndText_BothCount()
    {
        var slot = FeatureExtractor.SlotOf(FeatureKind.Word, Folding.HashToken("bonus"));
        var classifier = TextClassifier.Read("m", AModel.File(w => w[slot] = 100).ToBytes());
        using var message = new PreparedMessage(A.Message("hello", subject: "Bonus"));
        Assert.Equal(0.1, classifier.Score(message));
    }

    [Fact]
    public void Score_ManyMessages_AllocatesNothing()
    {
        var classifier = AModel.Trained.Classifier;
        using var message = new PreparedMessage(A.Message("Guten Tag, 4,5 % für Sie! 优惠利率 wh@tsapp 🎉 https://a.example"));
        classifier.Score(message);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            classifier.Score(message);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Score_ManyThreads_AgreeWithOne()
    {
        var classifier = AModel.Trained.Classifier;
        var texts = AModel.Pitches.Concat(AModel.Others).ToArray();
        var expected = texts.Select(text => Score(classifier, text)).ToArray();
        Parallel.For(0, 200, i => Assert.Equal(expected[i % texts.Length], Score(classifier, texts[i % texts.Length])));
    }

    [Fact]
    public void Hash_IsTheSha256OfTheFile() =>
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(AModel.Trained.Weights)), AModel.Trained.Classifier.Hash);

    [Fact]
    public void Explain_RandomMessages_AddsUpToTheSum()
    {
        var random = new Random(3);
        var words = string.Join(' ', AModel.Pitches.Concat(AModel.Others)).Split(' ');
        for (var round = 0; round < 500; round++)
        {
            var text = string.Join(' ', Enumerable.Range(0, random.Next(40)).Select(_ => words[random.Next(words.Length)]));
            using var message = new PreparedMessage(A.Message(text, direction: (Direction)random.Next(3), subject: random.Next(2) == 0 ? "A new BONUS!" : null));
            var told = AModel.Trained.Classifier.Explain(message, random.Next(6));
            Assert.Equal(AModel.Trained.Classifier.Sum(message), told.Sum);
            Assert.Equal(told.Sum, told.Bias + told.Rest + told.Supporting.Sum(c => c.Points) + told.Opposing.Sum(c => c.Points));
            Assert.Equal(AModel.Trained.Classifier.Score(message), told.Score);
            Assert.All(told.Supporting, c => Assert.True(c.Points > 0));
            Assert.All(told.Opposing, c => Assert.True(c.Points < 0));
        }
    }

    [Fact]
    public void Explain_Word_PointsAtItInTheTextAsCaptured()
    {
        var slot = FeatureExtractor.SlotOf(FeatureKind.Word, Folding.HashToken("bonus"));
        var classifier = TextClassifier.Read("m", AModel.File(w => w[slot] = 100).ToBytes());
        using var message = new PreparedMessage(A.Message("A ﬁne B\u200Bónus!"));
        var only = Assert.Single(classifier.Explain(message, 5).Supporting);
        Assert.Equal("B\u200Bónus", message.Text.Original[only.Span!.Value.Start..only.Span.Value.End]);
        Assert.Equal((100, FeatureKind.Word, null), (only.Points, only.Kind, only.Part));
    }

    [Fact]
    public void Explain_Direction_IsNamed()
    {
        var slot = FeatureExtractor.SlotOf(FeatureKind.Direction, Folding.HashEnd((ulong)Direction.Inbound + 1));
        var classifier = TextClassifier.Read("m", AModel.File(w => w[slot] = -90).ToBytes());
        using var message = new PreparedMessage(A.Message("hello", direction: Direction.Inbound));
        var only = Assert.Single(classifier.Explain(message, 5).Opposing);
        Assert.Equal((-90, "inbound", null), (only.Points, only.Trait, only.Span));
    }

    private static double Score(TextClassifier classifier, string text)
    {
        using var message = new PreparedMessage(A.Message(text));
        return classifier.Score(message);
    }
}
