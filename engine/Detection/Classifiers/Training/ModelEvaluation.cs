namespace Surveillance.Detection.Classifiers.Training;

/// <summary>How often a model is right when yes means a score of at least the threshold.</summary>
/// <param name="Threshold">The least score that means yes.</param>
/// <param name="TruePositives">Positive rows found.</param>
/// <param name="FalsePositives">Other rows found.</param>
/// <param name="FalseNegatives">Positive rows missed.</param>
/// <param name="TrueNegatives">Other rows left alone.</param>
public sealed record ThresholdFigures(double Threshold, int TruePositives, int FalsePositives, int FalseNegatives, int TrueNegatives)
{
    /// <summary>The share of the rows found that are positive; 0 when nothing was found.</summary>
    public double Precision => Share(TruePositives, TruePositives + FalsePositives);

    /// <summary>The share of the positive rows that were found; 0 when there are none.</summary>
    public double Recall => Share(TruePositives, TruePositives + FalseNegatives);

    /// <summary>Harmonic mean of precision and recall; 0 when nothing was found.</summary>
    public double F1 => Share(2 * TruePositives, 2 * TruePositives + FalsePositives + FalseNegatives);

    /// <summary>The share of the other rows that were found all the same; 0 when there are none.</summary>
    public double FalsePositiveRate => Share(FalsePositives, FalsePositives + TrueNegatives);

    private static double Share(int part, int whole) => whole == 0 ? 0 : part / (double)whole;
}

/// <summary>Figures of the rows of one language.</summary>
/// <param name="Language">ISO 639-1, or <c>?</c> for rows without.</param>
/// <param name="Figures">At the model's threshold.</param>
public sealed record LanguageFigures(string Language, ThresholdFigures Figures);

/// <summary>Whether scores mean what they say: of the rows scored in this range, how many are positive.</summary>
/// <param name="From">Lower end, itself included.</param>
/// <param name="To">Upper end; not included, except 1.</param>
/// <param name="Rows">How many rows score in it.</param>
/// <param name="MeanScore">Their mean score; 0 when there are none.</param>
/// <param name="PositiveShare">The share of them that is positive; 0 when there are none.</param>
public sealed record CalibrationFigures(double From, double To, int Rows, double MeanScore, double PositiveShare);

/// <summary>How well a classifier does on labelled rows.</summary>
/// <param name="Rows">How many rows.</param>
/// <param name="Positives">How many of them are positive.</param>
/// <param name="AveragePrecision">Area under precision over recall; rows with equal scores count together.</param>
/// <param name="AtThreshold">At the threshold asked for.</param>
/// <param name="ByThreshold">At 0.1, 0.2, … 0.9.</param>
/// <param name="ByLanguage">At the threshold asked for, in order of language.</param>
/// <param name="Calibration">Ten ranges of score, in order.</param>
public sealed record EvaluationReport(
    int Rows, int Positives, double AveragePrecision, ThresholdFigures AtThreshold,
    IReadOnlyList<ThresholdFigures> ByThreshold, IReadOnlyList<LanguageFigures> ByLanguage, IReadOnlyList<CalibrationFigures> Calibration);

/// <summary>Measures classifiers on labelled rows.</summary>
public static class ModelEvaluation
{
    /// <summary>Scores every row and compares with its label.</summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="rows">Labelled rows, any number.</param>
    /// <param name="threshold">The score that means yes; null takes <see cref="TextClassifier.Threshold"/>, or 0.5 for a classifier without one.</param>
    public static EvaluationReport Evaluate(ITextClassifier classifier, IReadOnlyList<TrainingRow> rows, double? threshold = null)
    {
        var scores = new double[rows.Count];
        for (var i = 0; i < scores.Length; i++)
        {
            using var message = new PreparedMessage(rows[i].ToMessage());
            scores[i] = classifier.Score(message);
        }
        return Evaluate(rows, scores, threshold ?? (classifier as TextClassifier)?.Threshold ?? 0.5);
    }

    /// <summary>Compares scores with labels.</summary>
    /// <param name="rows">Labelled rows.</param>
    /// <param name="scores">One score a row, 0 to 1.</param>
    /// <param name="threshold">The score that means yes.</param>
    internal static EvaluationReport Evaluate(IReadOnlyList<TrainingRow> rows, double[] scores, double threshold)
    {
        var all = rows.Select((row, i) => (Row: row, Score: scores[i])).ToArray();
        return new EvaluationReport(
            all.Length,
            all.Count(r => r.Row.IsPositive),
            AveragePrecision(all),
            At(threshold, all),
            [.. Enumerable.Range(1, 9).Select(tenths => At(tenths / 10.0, all))],
            [.. all.GroupBy(r => r.Row.Language ?? "?").OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new LanguageFigures(g.Key, At(threshold, [.. g])))],
            [.. Enumerable.Range(0, 10).Select(tenths => Range(tenths, all))]);
    }

    private static ThresholdFigures At(double threshold, (TrainingRow Row, double Score)[] all)
    {
        int tp = 0, fp = 0, fn = 0, tn = 0;
        foreach (var (row, score) in all)
        {
            switch (row.IsPositive, score >= threshold)
            {
                case (true, true): tp++; break;
                case (false, true): fp++; break;
                case (true, false): fn++; break;
                default: tn++; break;
            }
        }
        return new ThresholdFigures(threshold, tp, fp, fn, tn);
    }

    private static double AveragePrecision((TrainingRow Row, double Score)[] all)
    {
        var positives = all.Count(r => r.Row.IsPositive);
        double area = 0;
        int found = 0, seen = 0;
        foreach (var equals in all.GroupBy(r => r.Score).OrderByDescending(g => g.Key))
        {
            var hits = equals.Count(r => r.Row.IsPositive);
            found += hits;
            seen += equals.Count();
            area += hits * (found / (double)seen);
        }
        return positives == 0 ? 0 : area / positives;
    }

    private static CalibrationFigures Range(int tenths, (TrainingRow Row, double Score)[] all)
    {
        var inside = all.Where(r => Math.Min(9, (int)Math.Floor(r.Score * 10 + 1e-9)) == tenths).ToArray();
        return new CalibrationFigures(
            tenths / 10.0, (tenths + 1) / 10.0, inside.Length,
            inside.Length == 0 ? 0 : inside.Sum(r => r.Score) / inside.Length,
            inside.Length == 0 ? 0 : inside.Count(r => r.Row.IsPositive) / (double)inside.Length);
    }
}
