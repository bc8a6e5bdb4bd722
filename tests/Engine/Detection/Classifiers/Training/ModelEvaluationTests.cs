using Surveillance.Detection.Classifiers.Training;

namespace Surveillance.Engine.Tests.Detection.Classifiers.Training;

public sealed class ModelEvaluationTests
{
    private static readonly TrainingRow[] Rows =
        [new("a", true, "en"), new("b", true, "de"), new("c", false, "en"), new("d", false, "en"), new("e", true, "en")];

    [Fact]
    public void Evaluate_KnownScores_GivesTheFigures()
    {
        var report = ModelEvaluation.Evaluate(Rows, [0.9, 0.4, 0.8, 0.1, 0.7], 0.5);
        Assert.Equal(new ThresholdFigures(0.5, 2, 1, 1, 1), report.AtThreshold);
        Assert.Equal(2 / 3.0, report.AtThreshold.Precision, 1e-12);
        Assert.Equal(2 / 3.0, report.AtThreshold.Recall, 1e-12);
        Assert.Equal(0.5, report.AtThreshold.FalsePositiveRate);
        Assert.Equal((1 + 2 / 3.0 + 3 / 4.0) / 3, report.AveragePrecision, 1e-12);
        Assert.Equal(["de", "en"], report.ByLanguage.Select(l => l.Language));
        Assert.Equal(5, report.Calibration.Sum(c => c.Rows));
    }

    [Fact]
    public void Evaluate_EqualScores_CountTogether() =>
        Assert.Equal(3 / 5.0, ModelEvaluation.Evaluate(Rows, [0.5, 0.5, 0.5, 0.5, 0.5], 0.5).AveragePrecision, 1e-12);

    [Fact]
    public void Evaluate_NoRows_GivesZeros() => Assert.Equal(0, ModelEvaluation.Evaluate([], [], 0.5).AveragePrecision);
}
