using System.Globalization;
using System.Text;

namespace Surveillance.Detection.Classifiers.Training;

/// <summary>How far training has come.</summary>
/// <param name="Stage">What is being done: <c>reading</c>, <c>measuring</c>, <c>fitting</c>.</param>
/// <param name="Done">Steps done of the stage.</param>
/// <param name="Of">Steps of the stage.</param>
public readonly record struct TrainingProgress(string Stage, int Done, int Of);

/// <summary>A trained model that has not been written yet.</summary>
/// <param name="Weights">The content of <c>weights.bin</c>.</param>
/// <param name="Card">The content of <c>card.md</c>, UTF-8, LF.</param>
/// <param name="Classifier">The model, ready to score.</param>
/// <param name="HeldOut">Figures on held-out rows: each row scored by a model that had not seen it.</param>
/// <param name="Epochs">How many passes over the rows did best.</param>
public sealed record TrainedModel(byte[] Weights, string Card, TextClassifier Classifier, EvaluationReport HeldOut, int Epochs)
{
    /// <summary>The file that tells people about the model.</summary>
    public const string CardFile = "card.md";

    /// <summary>Writes <c>weights.bin</c> and <c>card.md</c>, each whole or not at all.</summary>
    /// <param name="modelFolder">The model's folder; must exist.</param>
    public void Save(string modelFolder)
    {
        Write(Path.Combine(modelFolder, ModelFolder.WeightsFile), Weights);
        Write(Path.Combine(modelFolder, CardFile), Encoding.UTF8.GetBytes(Card));
    }

    private static void Write(string path, byte[] bytes)
    {
        var part = path + ".part";
        File.WriteAllBytes(part, bytes);
        File.Move(part, path, overwrite: true);
    }
}

/// <summary>Trains a classifier out of the labelled rows of its folder. Same files, same bytes, on every processor.</summary>
/// <remarks>
/// The rows are cut into parts, alike in labels and languages. Each part is scored by a model fitted to the others; those scores
/// choose the number of passes, make the figures of the card and fit the calibration. The model kept is fitted to all rows.
/// </remarks>
public static class ClassifierTrainer
{
    /// <summary>Trains the model of a folder that holds <c>train.json</c> and the rows it names. Writes nothing.</summary>
    /// <param name="modelFolder">The folder; its name is the model's.</param>
    /// <param name="progress">Told of every step, on the calling thread; may be null.</param>
    /// <param name="cancel">Stops between steps.</param>
    /// <exception cref="TrainingDataException">Settings or rows cannot be used.</exception>
    public static TrainedModel Train(string modelFolder, Action<TrainingProgress>? progress = null, CancellationToken cancel = default)
    {
        var settings = TrainingSettings.ReadFile(Path.Combine(modelFolder, TrainingSettings.FileName));
        progress?.Invoke(new TrainingProgress("reading", 0, 1));
        var rows = ReadRows(modelFolder, settings);
        progress?.Invoke(new TrainingProgress("reading", 1, 1));
        return Train(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(modelFolder))), settings, rows, progress, cancel);
    }

    /// <summary>Every row that the settings name: files in order of name, each row once.</summary>
    /// <param name="modelFolder">The model's folder.</param>
    /// <param name="settings">Its settings.</param>
    /// <exception cref="TrainingDataException">A file is missing or wrong, or one text has both labels.</exception>
    public static IReadOnlyList<TrainingRow> ReadRows(string modelFolder, TrainingSettings settings)
    {
        var files = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var pattern in settings.Data)
        {
            var folder = Path.Combine(modelFolder, Path.GetDirectoryName(pattern) ?? "");
            var found = Directory.Exists(folder) ? Directory.GetFiles(folder, Path.GetFileName(pattern)) : [];
            if (found.Length == 0)
            {
                throw new TrainingDataException($"{TrainingSettings.FileName}: no file is called \"{pattern}\".");
            }
            files.UnionWith(found);
        }
        var rows = new List<TrainingRow>();
        var known = new Dictionary<(string, string?, Messages.Direction), bool>();
        foreach (var file in files)
        {
            foreach (var row in TrainingRow.ReadFile(file))
            {
                var key = (row.Text, row.Subject, row.Direction);
                if (!known.TryGetValue(key, out var label))
                {
                    known.Add(key, row.IsPositive);
                    rows.Add(row);
                }
                else if (label != row.IsPositive)
                {
                    throw new TrainingDataException($"{Path.GetFileName(file)}: a row of {row.Text.Length} characters has label {(label ? 0 : 1)} here and {(label ? 1 : 0)} earlier. Decide for one.");
                }
            }
        }
        return rows;
    }

    /// <summary>Trains a model.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="settings">How.</param>
    /// <param name="rows">Labelled rows; at least as many of each label as there are folds.</param>
    /// <param name="progress">Told of every step, on the calling thread; may be null.</param>
    /// <param name="cancel">Stops between steps.</param>
    /// <exception cref="TrainingDataException">There are too few rows.</exception>
    public static TrainedModel Train(string name, TrainingSettings settings, IReadOnlyList<TrainingRow> rows, Action<TrainingProgress>? progress = null, CancellationToken cancel = default)
    {
        var positives = rows.Count(r => r.IsPositive);
        if (positives < settings.Folds || rows.Count - positives < settings.Folds)
        {
            throw new TrainingDataException(string.Create(CultureInfo.InvariantCulture,
                $"There are {positives} positive and {rows.Count - positives} other rows; at least {settings.Folds} of each are needed."));
        }
        var examples = rows.Select(row => Example.Of(row, settings.Rates)).ToArray();
        var parts = Cut(rows, settings);
        var (epochs, sums) = Measure(examples, parts, settings, progress, cancel);
        var calibration = Calibration.Fit(sums, [.. examples.Select(e => e.IsPositive)]);

        var quantised = FitAll(examples, settings, epochs, done => progress?.Invoke(new TrainingProgress("fitting", done, settings.Runs * epochs)), cancel);
        var file = new ModelFile
        {
            Weights = quantised.Weights,
            Bias = quantised.Bias,
            ThresholdThousandths = (int)Math.Round(settings.Threshold * 1000, MidpointRounding.AwayFromZero),
            Sums = calibration.Sums(quantised.Step),
        };
        var bytes = file.ToBytes();
        var classifier = TextClassifier.Read(name, bytes);
        var scores = sums.Select(sum => Math.Clamp(Math.Floor(calibration.Probability(sum) * 1000 + 0.5), 0, ModelFile.Steps) / 1000).ToArray();
        var heldOut = ModelEvaluation.Evaluate(rows, scores, classifier.Threshold);
        return new TrainedModel(bytes, ModelCard.Write(name, settings, rows, heldOut, epochs, file, classifier.Hash), classifier, heldOut, epochs);
    }

    /// <summary>Deals the rows of each label and language out to the parts, shuffled.</summary>
    private static int[] Cut(IReadOnlyList<TrainingRow> rows, TrainingSettings settings)
    {
        var shuffler = new Shuffler(settings.Seed);
        var parts = new int[rows.Count];
        var next = 0;
        var alike = Enumerable.Range(0, rows.Count).GroupBy(i => (rows[i].IsPositive, Language: rows[i].Language ?? ""))
            .OrderBy(g => g.Key.IsPositive).ThenBy(g => g.Key.Language, StringComparer.Ordinal);
        foreach (var group in alike)
        {
            var members = group.ToArray();
            shuffler.Shuffle(members);
            foreach (var member in members)
            {
                parts[member] = next++ % settings.Folds;
            }
        }
        return parts;
    }

    /// <summary>Finds the number of passes with the least loss on held-out rows, and the sums that held-out rows have after it.</summary>
    private static (int Epochs, double[] Sums) Measure(
        Example[] examples, int[] parts, TrainingSettings settings, Action<TrainingProgress>? progress, CancellationToken cancel)
    {
        var sums = new double[settings.Epochs][];
        for (var epoch = 0; epoch < settings.Epochs; epoch++)
        {
            sums[epoch] = new double[examples.Length];
        }
        for (var part = 0; part < settings.Folds; part++)
        {
            var seen = examples.Where((_, i) => parts[i] != part).ToArray();
            var fits = Enumerable.Range(0, settings.Runs).Select(run => new LogisticFit(seen, settings, SeedOf(settings, run))).ToArray();
            for (var epoch = 0; epoch < settings.Epochs; epoch++)
            {
                cancel.ThrowIfCancellationRequested();
                var quantised = Average(fits);
                for (var i = 0; i < examples.Length; i++)
                {
                    if (parts[i] == part)
                    {
                        sums[epoch][i] = quantised.Sum(examples[i]);
                    }
                }
                progress?.Invoke(new TrainingProgress("measuring", part * settings.Epochs + epoch + 1, settings.Folds * settings.Epochs));
            }
        }
        var best = 0;
        var least = double.MaxValue;
        for (var epoch = 0; epoch < settings.Epochs; epoch++)
        {
            var loss = 0.0;
            for (var i = 0; i < examples.Length; i++)
            {
                var p = ExactMath.Logistic(examples[i].IsPositive ? sums[epoch][i] : -sums[epoch][i]);
                loss -= ExactMath.Log(Math.Max(p, 1e-12));
            }
            if (loss < least)
            {
                (best, least) = (epoch, loss);
            }
        }
        return (best + 1, sums[best]);
    }

    private static QuantisedWeights FitAll(Example[] examples, TrainingSettings settings, int epochs, Action<int> done, CancellationToken cancel)
    {
        var fits = Enumerable.Range(0, settings.Runs).Select(run => new LogisticFit(examples, settings, SeedOf(settings, run))).ToArray();
        QuantisedWeights? quantised = null;
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            cancel.ThrowIfCancellationRequested();
            quantised = Average(fits);
            done((epoch + 1) * settings.Runs);
        }
        return quantised!;
    }

    /// <summary>Lets each fit pass over its rows once more, and gives the mean of their weights.</summary>
    private static QuantisedWeights Average(LogisticFit[] fits)
    {
        var weights = new double[FeatureExtractor.Slots];
        var bias = 0.0;
        foreach (var fit in fits)
        {
            fit.Pass();
            fit.AddTo(weights, ref bias);
        }
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] /= fits.Length;
        }
        return new QuantisedWeights(weights, bias / fits.Length);
    }

    private static ulong SeedOf(TrainingSettings settings, int run) => settings.Seed * 1000 + (ulong)run;
}
