using Surveillance.Detection.Classifiers;
using Surveillance.Detection.Classifiers.Training;

namespace Surveillance.Engine.Tests.Detection.Classifiers;

/// <summary>Small models for tests.</summary>
internal static class AModel
{
    internal static readonly string[] Pitches =
    [
        "our new bond pays 5% and closes friday", "open a saver today and get £50", "refer a friend and you both get a voucher", "the fund launches monday, shall i send the brochure",
        "exclusive rate for you this week only", "upgrade to the gold card, first year free", "top up your pension and we halve the fee", "switch to us and earn a bonus",
    ];

    internal static readonly string[] Others =
    [
        "your statement is ready in the app", "the branch is closed on monday", "your card was posted yesterday", "we have received your form",
        "filled 2,000 at 412", "see you at three, bring your passport", "the payment left this morning", "your appointment is confirmed",
    ];

    internal static readonly TrainingSettings Settings = new() { Title = "Pitches", Definition = "Positive: a pitch.", Data = ["rows.jsonl"], Seed = 7, Folds = 2, Epochs = 10, Runs = 2 };

    internal static IReadOnlyList<TrainingRow> Rows { get; } =
        [.. Pitches.Select(text => new TrainingRow(text, true, "en")), .. Others.Select(text => new TrainingRow(text, false, "en"))];

    internal static TrainedModel Trained { get; } = ClassifierTrainer.Train("pitches", Settings, Rows);

    internal static ModelFile File(Action<sbyte[]>? weights = null, int bias = 0)
    {
        var all = new sbyte[FeatureExtractor.Slots];
        weights?.Invoke(all);
        return new ModelFile { Weights = all, Bias = bias, ThresholdThousandths = 500, Sums = [.. Enumerable.Range(1, ModelFile.Steps)] };
    }
}
