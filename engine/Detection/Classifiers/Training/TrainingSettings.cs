using System.Text.Json;
using System.Text.Json.Serialization;

namespace Surveillance.Detection.Classifiers.Training;

/// <summary>What a model's <c>train.json</c> says.</summary>
public sealed record TrainingSettings
{
    /// <summary>The file beside <c>weights.bin</c>.</summary>
    public const string FileName = "train.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>What the model is, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>What makes a message positive and what does not.</summary>
    public required string Definition { get; init; }

    /// <summary>Files of rows, relative to the model's folder; <c>*</c> in the file name stands for anything. Each must find a file.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>Where the shuffling starts.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Into how many parts the rows are cut for measuring: each part is scored by a model of the others. 2 to 20.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>The most passes over the rows; the number used is the one that does best on held-out parts. 1 to 200.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>How many models, shuffled differently, are averaged. 1 to 20.</summary>
    public int Runs { get; init; } = 3;

    /// <summary>How far one row moves a weight at first. Above 0, at most 1.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>How strongly weights are drawn back to 0 (L2). 0 to 1.</summary>
    public double Decay { get; init; } = 0.0001;

    /// <summary>How fast each kind of feature learns, above 0: a slow kind has a say only where many rows agree.</summary>
    public FeatureRates Rates { get; init; } = new();

    /// <summary>The score from which the model means yes. 0.001 to 0.999.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>What the model cannot do; written on its card.</summary>
    public IReadOnlyList<string> Limits { get; init; } = [];

    /// <summary>Figures measured elsewhere and anything else a reader should know; written on its card.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Reads and checks a settings file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="TrainingDataException">It cannot be read, a field is unknown, missing or out of range.</exception>
    public static TrainingSettings ReadFile(string path)
    {
        TrainingSettings? settings;
        try
        {
            settings = JsonSerializer.Deserialize<TrainingSettings>(File.ReadAllText(path), Json);
        }
        catch (FileNotFoundException)
        {
            throw new TrainingDataException($"{FileName} is missing: it names the rows and the settings of a model.");
        }
        catch (JsonException e)
        {
            throw new TrainingDataException($"{FileName}: {e.Message}");
        }
        return (settings ?? throw new TrainingDataException($"{FileName} is empty.")).Check();
    }

    private TrainingSettings Check()
    {
        Expect(Data.Count > 0, "\"data\" names no file of rows");
        Expect(Folds is >= 2 and <= 20, "\"folds\" must be from 2 to 20");
        Expect(Epochs is >= 1 and <= 200, "\"epochs\" must be from 1 to 200");
        Expect(Runs is >= 1 and <= 20, "\"runs\" must be from 1 to 20");
        Expect(LearningRate is > 0 and <= 1, "\"learningRate\" must be above 0 and at most 1");
        Expect(Decay is >= 0 and <= 1, "\"decay\" must be from 0 to 1");
        Expect(Threshold is >= 0.001 and <= 0.999, "\"threshold\" must be from 0.001 to 0.999");
        foreach (var kind in Enum.GetValues<FeatureKind>())
        {
            Expect(Rates.Of(kind) is > 0 and <= 10, "every one of \"rates\" must be above 0 and at most 10");
        }
        return this;
    }

    private static void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new TrainingDataException($"{FileName}: {otherwise}.");
        }
    }
}

/// <summary>How fast each kind of feature learns, beside the others.</summary>
public sealed record FeatureRates
{
    /// <summary>Words.</summary>
    public double Word { get; init; } = 0.3;

    /// <summary>Pairs of words.</summary>
    public double WordPair { get; init; } = 0.2;

    /// <summary>Beginnings of words.</summary>
    public double Stem { get; init; } = 0.2;

    /// <summary>Numbers.</summary>
    public double Number { get; init; } = 0.3;

    /// <summary>Traits of the whole message.</summary>
    public double Trait { get; init; } = 0.3;

    /// <summary>The direction.</summary>
    public double Direction { get; init; } = 1;

    /// <summary>The rate of a kind.</summary>
    /// <param name="kind">The kind.</param>
    public double Of(FeatureKind kind) => kind switch
    {
        FeatureKind.Word => Word,
        FeatureKind.WordPair => WordPair,
        FeatureKind.Stem => Stem,
        FeatureKind.Number => Number,
        FeatureKind.Trait => Trait,
        _ => Direction,
    };
}
