using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Surveillance.Detection.Classifiers;
using Surveillance.Detection.Classifiers.Training;

namespace Surveillance.Dashboard.Commands;

/// <summary><c>surveillance models train|evaluate</c>.</summary>
internal static class ModelsCommand
{
    internal static Command Build()
    {
        var folder = new Option<string?>("--models") { Description = "The folder of models (default: ./models, else the one beside the program)", HelpName = "DIR" };
        return new Command(
            "models",
            """
            Trains and measures the classifiers.

            Examples:
              surveillance models train marketing --dry-run
              surveillance models evaluate marketing held-out.jsonl
            """)
        { Train(folder), Evaluate(folder) };
    }

    private static Command Train(Option<string?> folder)
    {
        var name = new Argument<string>("name") { Description = "The model, such as marketing" };
        var dry = new Option<bool>("--dry-run") { Description = "Train and print the figures, write nothing" };
        var train = new Command(
            "train",
            """
            Trains a model from the rows in its folder and writes weights.bin and card.md. The same files give the same bytes.

            Examples:
              surveillance models train marketing
              surveillance models train marketing --dry-run
            """)
        { name, folder, dry };
        train.SetAction((parsed, cancel) =>
        {
            if (FindModel(parsed.GetValue(folder), parsed.GetRequiredValue(name)) is not { } path)
            {
                return UnknownModelAsync(parsed.GetValue(folder), parsed.GetRequiredValue(name));
            }
            try
            {
                var bar = new ProgressLine(parsed.InvocationConfiguration.Error);
                var trained = ClassifierTrainer.Train(path, step => bar.Show(step.Stage, step.Done, step.Of), cancel);
                bar.Finish();
                Write(parsed.InvocationConfiguration.Output, "held out", trained.HeldOut);
                parsed.InvocationConfiguration.Output.WriteLine($"hash {trained.Classifier.Hash}");
                if (parsed.GetValue(dry))
                {
                    parsed.InvocationConfiguration.Error.WriteLine("Nothing was written (--dry-run).");
                    return Task.FromResult(ExitCodes.Ok);
                }
                trained.Save(path);
                parsed.InvocationConfiguration.Error.WriteLine($"Wrote {Path.Combine(path, ModelFolder.WeightsFile)} and {Path.Combine(path, TrainedModel.CardFile)}.");
                return Task.FromResult(ExitCodes.Ok);
            }
            catch (TrainingDataException e)
            {
                return CommandLine.FailAsync(ExitCodes.Input, e.Message, $"Training reads {path}; give another folder of models with --models.");
            }
        });
        return train;
    }

    private static Command Evaluate(Option<string?> folder)
    {
        var name = new Argument<string>("name") { Description = "The model, such as marketing" };
        var rows = new Argument<string[]>("rows") { Description = "Files of labelled rows, one JSON object a line with text and label", Arity = ArgumentArity.OneOrMore };
        var family = new Option<string?>("--family") { Description = "Of rows with a field `family`, take this one's and the benign ones", HelpName = "NAME" };
        var threshold = new Option<double?>("--threshold") { Description = "The score that means yes (default: the model's)", HelpName = "P" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object" };
        var evaluate = new Command(
            "evaluate",
            """
            Measures a model on labelled rows.

            Examples:
              surveillance models evaluate marketing held-out.jsonl
              surveillance models evaluate marketing messages.jsonl --family marketing --threshold 0.8 --json
            """)
        { name, rows, folder, family, threshold, json };
        evaluate.SetAction(async (parsed, cancel) =>
        {
            var wanted = parsed.GetRequiredValue(name);
            if (FindModel(parsed.GetValue(folder), wanted) is null)
            {
                return await UnknownModelAsync(parsed.GetValue(folder), wanted);
            }
            var loaded = ModelFolder.Load(HostFolders.Beside("models", parsed.GetValue(folder)));
            if (loaded.Models.FirstOrDefault(m => m.Name == wanted) is not { } model)
            {
                return await CommandLine.FailAsync(ExitCodes.Input, loaded.Problems.First(p => p.Name == wanted).Message, null);
            }
            try
            {
                var read = parsed.GetRequiredValue(rows).SelectMany(file => TrainingRow.ReadFile(file, parsed.GetValue(family))).ToList();
                var report = ModelEvaluation.Evaluate(model, read, parsed.GetValue(threshold));
                if (parsed.GetValue(json)) { await parsed.InvocationConfiguration.Output.WriteLineAsync(JsonSerializer.Serialize(report, Accounts.ControlCall.Indented)); }
                else { Write(parsed.InvocationConfiguration.Output, wanted, report); }
                return ExitCodes.Ok;
            }
            catch (TrainingDataException e)
            {
                return await CommandLine.FailAsync(ExitCodes.Input, e.Message, null);
            }
        });
        return evaluate;
    }

    private static string? FindModel(string? folder, string name)
    {
        var path = Path.Combine(HostFolders.Beside("models", folder), name);
        return name.AsSpan().IndexOfAny('/', '\\') < 0 && Directory.Exists(path) ? path : null;
    }

    private static Task<int> UnknownModelAsync(string? folder, string name)
    {
        var models = HostFolders.Beside("models", folder);
        var known = Directory.Exists(models) ? Directory.GetDirectories(models).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal).ToList() : [];
        return CommandLine.FailAsync(
            ExitCodes.Input, $"there is no model `{name}` in {models}",
            known.Count == 0 ? "Give the folder with --models." : $"There {(known.Count == 1 ? "is" : "are")}: {string.Join(", ", known)}.");
    }

    private static void Write(TextWriter output, string title, EvaluationReport report)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title}: {report.Rows} rows, {report.Positives} positive, average precision {report.AveragePrecision:0.000}"));
        output.WriteLine("threshold  precision  recall     F1  false positive rate");
        foreach (var figures in report.ByThreshold.Append(report.AtThreshold).DistinctBy(f => f.Threshold).OrderBy(f => f.Threshold))
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{figures.Threshold,9:0.00}  {figures.Precision,9:0.000}  {figures.Recall,6:0.000}  {figures.F1,5:0.000}  {figures.FalsePositiveRate,19:0.000}{(figures.Threshold == report.AtThreshold.Threshold ? "  <" : "")}"));
        }
    }
}
