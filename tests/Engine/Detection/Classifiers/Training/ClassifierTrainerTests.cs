using Surveillance.Detection;
using Surveillance.Detection.Classifiers.Training;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Detection.Classifiers.Training;

public sealed class ClassifierTrainerTests
{
    [Fact]
    public void Train_SameRowsTwice_GivesTheSameBytes()
    {
        var again = ClassifierTrainer.Train("pitches", AModel.Settings, AModel.Rows);
        Assert.Equal(AModel.Trained.Weights, again.Weights);
        Assert.Equal(AModel.Trained.Card, again.Card);
    }

    [Fact]
    public void Train_OtherSeed_GivesOtherBytes() =>
        Assert.NotEqual(AModel.Trained.Weights, ClassifierTrainer.Train("pitches", AModel.Settings with { Seed = 8 }, AModel.Rows).Weights);

    [Fact]
    public void Train_OnItsRows_TellsThemApart()
    {
        var report = ModelEvaluation.Evaluate(AModel.Trained.Classifier, AModel.Rows);
        Assert.Equal(1.0, report.AveragePrecision);
        Assert.True(AModel.Trained.Classifier.Threshold is 0.5);
    }

    [Fact]
    public void Train_Progress_ReachesTheEndOfEveryStage()
    {
        var told = new List<TrainingProgress>();
        ClassifierTrainer.Train("pitches", AModel.Settings, AModel.Rows, told.Add);
        Assert.Equal(["measuring", "fitting"], told.Select(p => p.Stage).Distinct());
        Assert.All(told.GroupBy(p => p.Stage), stage => Assert.Equal(stage.Last().Of, stage.Last().Done));
    }

    [Fact]
    public void Train_Cancelled_Stops()
    {
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => ClassifierTrainer.Train("pitches", AModel.Settings, AModel.Rows, _ => cancel.Cancel(), cancel.Token));
    }

    [Fact]
    public void Train_TooFewRows_SaysHowManyAreNeeded()
    {
        var e = Assert.Throws<TrainingDataException>(() => ClassifierTrainer.Train("pitches", AModel.Settings, [new TrainingRow("a", true), new TrainingRow("b", false)]));
        Assert.Contains("at least 2 of each", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_Folder_ReadsWritesAndRepeats()
    {
        using var folder = Folder("""{ "title": "t", "definition": "d", "data": ["rows/*.jsonl"], "folds": 2, "epochs": 3 }""");
        var model = ClassifierTrainer.Train(folder.Path);
        model.Save(folder.Path);
        Assert.Equal(model.Weights, File.ReadAllBytes(Path.Combine(folder.Path, "weights.bin")));
        Assert.Equal(model.Card, File.ReadAllText(Path.Combine(folder.Path, "card.md")));
        Assert.Equal(model.Weights, ClassifierTrainer.Train(folder.Path).Weights);
        Assert.Equal(Path.GetFileName(folder.Path), model.Classifier.Name);
        Assert.DoesNotContain('\r', model.Card);
        Assert.Contains(model.Classifier.Hash, model.Card, StringComparison.Ordinal);
        Assert.DoesNotContain("20" + TimeProvider.System.GetUtcNow().ToString("yy-MM"), model.Card, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "title": "t", "definition": "d", "data": ["rows/*.jsonl"], "epocs": 3 }""", "epocs")]
    [InlineData("""{ "title": "t", "definition": "d" }""", "data")]
    [InlineData("""{ "title": "t", "definition": "d", "data": [] }""", "names no file")]
    [InlineData("""{ "title": "t", "definition": "d", "data": ["none.jsonl"] }""", "no file is called \"none.jsonl\"")]
    [InlineData("""{ "title": "t", "definition": "d", "data": ["rows/*.jsonl"], "folds": 1 }""", "folds")]
    [InlineData("""{ "title": "t", "definition": "d", "data": ["rows/*.jsonl"], "threshold": 1 }""", "threshold")]
    [InlineData("""{ "title": "t", "definition": "d", "data": ["rows/*.jsonl"], "rates": { "word": 0 } }""", "rates")]
    public void Train_BadSettings_NamesTheField(string settings, string named)
    {
        using var folder = Folder(settings);
        Assert.Contains(named, Assert.Throws<TrainingDataException>(() => ClassifierTrainer.Train(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "more.jsonl:2: this is not JSON")]
    [InlineData("[]", "more.jsonl:2: a row is a JSON object")]
    [InlineData("""{ "text": "a", "label": 2 }""", "more.jsonl:2: \"label\"")]
    [InlineData("""{ "label": 1 }""", "more.jsonl:2: \"text\" is missing")]
    [InlineData("""{ "text": 5, "label": 1 }""", "more.jsonl:2: \"text\" must be a string")]
    [InlineData("""{ "text": "a", "label": 1, "direction": "sideways" }""", "more.jsonl:2: \"direction\" must be one of inbound, outbound, internal")]
    [InlineData("""{ "text": "your card was posted yesterday", "label": 1 }""", "Decide for one")]
    public void Train_BadRow_NamesFileLineAndCause(string line, string named)
    {
        using var folder = Folder("""{ "title": "t", "definition": "d", "data": ["rows/*.jsonl"], "folds": 2 }""");
        File.WriteAllText(Path.Combine(folder.Path, "rows", "more.jsonl"), "\n" + line + "\n");
        Assert.Contains(named, Assert.Throws<TrainingDataException>(() => ClassifierTrainer.Train(folder.Path)).Message.Replace("rows:", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadRows_SameRowTwice_CountsOnce()
    {
        using var folder = Folder("""{ "title": "t", "definition": "d", "data": ["rows/*.jsonl"], "folds": 2 }""");
        File.Copy(Path.Combine(folder.Path, "rows", "a.jsonl"), Path.Combine(folder.Path, "rows", "b.jsonl"));
        Assert.Equal(AModel.Rows.Count, ClassifierTrainer.ReadRows(folder.Path, TrainingSettings.ReadFile(Path.Combine(folder.Path, "train.json"))).Count);
    }

    [Fact]
    public void ReadFile_RowsOfOtherFamilies_AreLeftOut()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "mixed.jsonl");
        File.WriteAllLines(file,
        [
            """{ "text": "a", "label": 1, "family": "marketing" }""",
            """{ "text": "b", "label": 1, "family": "harassment", "note": "x" }""",
            """{ "text": "c", "label": 0, "family": "benign" }""",
        ]);
        Assert.Equal(["a", "c"], TrainingRow.ReadFile(file, "marketing").Select(r => r.Text));
    }

    private static TemporaryFolder Folder(string settings)
    {
        var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "rows"));
        File.WriteAllText(Path.Combine(folder.Path, "train.json"), settings);
        File.WriteAllLines(Path.Combine(folder.Path, "rows", "a.jsonl"), AModel.Rows.Select(r => System.Text.Json.JsonSerializer.Serialize(new { text = r.Text, label = r.IsPositive ? 1 : 0, lang = r.Language })));
        return folder;
    }
}
