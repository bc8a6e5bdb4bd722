namespace Surveillance.Detection.Classifiers;

/// <summary>A model that could not be loaded. Conditions that name it are not evaluated.</summary>
/// <param name="Name">The model's name, or the folder's when there is none at all.</param>
/// <param name="Path">The file or folder it is about.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record ModelProblem(string Name, string Path, string Message);

/// <summary>The trained models of a folder: each sub-folder with a <c>weights.bin</c> is a model, named like the sub-folder.</summary>
/// <param name="Models">Those that can be used, in order of name.</param>
/// <param name="Problems">Those that cannot, in order of name.</param>
public sealed record ModelFolder(IReadOnlyList<TextClassifier> Models, IReadOnlyList<ModelProblem> Problems)
{
    /// <summary>The file that holds a model's numbers.</summary>
    public const string WeightsFile = "weights.bin";

    /// <summary>Loads every model. A missing or broken one is a problem, never an exception.</summary>
    /// <param name="path">The folder <c>models</c>.</param>
    public static ModelFolder Load(string path)
    {
        var models = new List<TextClassifier>();
        var problems = new List<ModelProblem>();
        if (!Directory.Exists(path))
        {
            problems.Add(new ModelProblem(Path.GetFileName(Path.TrimEndingDirectorySeparator(path)), path, "The folder does not exist, so no classifier is loaded and their conditions are not evaluated. Give the folder with --models."));
            return new ModelFolder(models, problems);
        }
        foreach (var folder in Directory.GetDirectories(path).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(folder);
            var file = Path.Combine(folder, WeightsFile);
            if (name.StartsWith('.'))
            {
                continue;
            }
            try
            {
                models.Add(TextClassifier.Read(name, File.ReadAllBytes(file)));
            }
            catch (FileNotFoundException)
            {
                problems.Add(new ModelProblem(name, file, $"The file is missing, so conditions on the classifier {name} are not evaluated. Make it with: surveillance models train {name}"));
            }
            catch (Exception e) when (e is ModelFormatException or IOException or UnauthorizedAccessException)
            {
                problems.Add(new ModelProblem(name, file, e.Message));
            }
        }
        return new ModelFolder(models, problems);
    }
}
