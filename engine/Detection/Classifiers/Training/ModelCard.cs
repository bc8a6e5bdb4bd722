using System.Globalization;
using System.Text;

namespace Surveillance.Detection.Classifiers.Training;

/// <summary>Writes what people should know about a model. Holds no date and no path, so that training again gives the same card.</summary>
internal static class ModelCard
{
    internal static string Write(
        string name, TrainingSettings settings, IReadOnlyList<TrainingRow> rows, EvaluationReport heldOut, int epochs, ModelFile file, string hash)
    {
        var card = new StringBuilder();
        Line($"# {settings.Title}");
        Line($"Classifier `{name}`. Written by `surveillance models train {name}`; do not edit.");
        Put("");
        Put(settings.Definition);
        Put("");
        Put("## Identity");
        Line($"SHA-256 of `{ModelFolder.WeightsFile}`: `{hash}`");
        Put("");
        Put("## Rows");
        Line($"{rows.Count} rows, {heldOut.Positives} of them positive. All were written for this model; none is a real message.");
        Put("");
        Put("| language | positive | other |");
        Put("|---|---:|---:|");
        foreach (var group in rows.GroupBy(r => r.Language ?? "?").OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            Line($"| {group.Key} | {group.Count(r => r.IsPositive)} | {group.Count(r => !r.IsPositive)} |");
        }
        Put("");
        Put("| direction | positive | other |");
        Put("|---|---:|---:|");
        foreach (var group in rows.GroupBy(r => r.Direction).OrderBy(g => g.Key))
        {
            Line($"| {group.Key.ToString().ToLowerInvariant()} | {group.Count(r => r.IsPositive)} | {group.Count(r => !r.IsPositive)} |");
        }
        Put("");
        Put("## How it was trained");
        Line($"Features of version {FeatureExtractor.Version}: words, word pairs, beginnings of words, numbers and traits, hashed to {FeatureExtractor.Slots} weights of one byte, {file.Weights.Count(w => w != 0)} of them in use.");
        Line($"Logistic loss; seed {settings.Seed}, {settings.Folds} parts, {epochs} passes (at most {settings.Epochs}), {settings.Runs} fits averaged, learning rate {Number(settings.LearningRate)}, decay {Number(settings.Decay)}.");
        Put("");
        Put("## Figures on held-out rows");
        Put("Each row was scored by a model that had not seen it, with weights rounded as in the file. Many rows are written in pairs that differ in little, so these figures are lower than those on ordinary traffic.");
        Put("");
        Line($"Average precision {Figure(heldOut.AveragePrecision)}. Threshold {Figure(heldOut.AtThreshold.Threshold)}.");
        Put("");
        Put("| score at least | precision | recall | F1 | false positives among others |");
        Put("|---:|---:|---:|---:|---:|");
        foreach (var at in heldOut.ByThreshold)
        {
            Line($"| {at.Threshold.ToString("0.0", CultureInfo.InvariantCulture)} | {Figure(at.Precision)} | {Figure(at.Recall)} | {Figure(at.F1)} | {Figure(at.FalsePositiveRate)} |");
        }
        Put("");
        Put("| language, at the threshold | precision | recall | F1 |");
        Put("|---|---:|---:|---:|");
        foreach (var (language, at) in heldOut.ByLanguage)
        {
            Line($"| {language} | {Figure(at.Precision)} | {Figure(at.Recall)} | {Figure(at.F1)} |");
        }
        Put("");
        Put("### Calibration");
        Put("The share of positive rows is that of the training rows, far above that of real traffic: a score ranks messages and is not the chance that a message of your archive is positive.");
        Put("");
        Put("| score | rows | mean score | positive |");
        Put("|---|---:|---:|---:|");
        foreach (var range in heldOut.Calibration)
        {
            Line($"| {range.From.ToString("0.0", CultureInfo.InvariantCulture)} to {range.To.ToString("0.0", CultureInfo.InvariantCulture)} | {range.Rows} | {Figure(range.MeanScore)} | {Figure(range.PositiveShare)} |");
        }
        List("## Measured elsewhere", settings.Notes);
        List("## Limits", settings.Limits);
        return card.ToString();

        void Line(FormattableString text) => Put(text.ToString(CultureInfo.InvariantCulture));

        void Put(string text) => card.Append(text).Append('\n');

        void List(string heading, IReadOnlyList<string> items)
        {
            if (items.Count == 0)
            {
                return;
            }
            Put("");
            Put(heading);
            foreach (var item in items)
            {
                Put("- " + item);
            }
        }
    }

    private static string Figure(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
