using Surveillance.Detection;
using Surveillance.Detection.Classifiers;
using Surveillance.Detection.OptOut;
using Surveillance.Detection.Pii;
using Surveillance.Rules;

namespace Surveillance.Evaluation;

/// <summary>Makes a revision out of a rule book and the models that are there.</summary>
public static class RevisionBuilder
{
    /// <summary>The classifiers of this product: a rule may name them also where a model is missing; the condition is then not evaluated.</summary>
    private static readonly string[] ProductClassifiers = ["marketing"];

    /// <summary>The names of classifiers that rules may use.</summary>
    /// <param name="found">Names of models and of models that could not be loaded.</param>
    public static IReadOnlyCollection<string> KnownClassifiers(IEnumerable<string> found) => [.. ProductClassifiers.Concat(found).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The revision.</summary>
    /// <param name="book">The rules.</param>
    /// <param name="models">The models that are there.</param>
    public static Revision Build(RuleBook book, IReadOnlyList<TextClassifier> models) => Build(book, models, null);

    /// <summary>The revision with another detector of personal data; null makes the one that the list <see cref="PiiPolicy.ListId"/> asks for, with every pack where there is none.</summary>
    /// <param name="book">The rules.</param>
    /// <param name="models">The models that are there.</param>
    /// <param name="pii">The detector, or null.</param>
    /// <param name="piiHash">Hash of the detector that ran with it when it was in force; null for the one that runs now.</param>
    internal static Revision Build(RuleBook book, IReadOnlyList<TextClassifier> models, IPiiDetector? pii, string? piiHash = null)
    {
        pii ??= new PiiDetector(book.Lists.TryGetValue(PiiPolicy.ListId, out var policy) ? PiiPolicy.Of(policy.Entries.Select(e => e.Value)) : null);
        var lists = OptOutLists.From(id => book.Lexicons.TryGetValue(id, out var lexicon) ? [.. lexicon.Phrases.Select(p => p.Text)] : null);
        return new Revision(book, new DetectorSet(pii, models, new OptOutDetector(lists)), piiHash);
    }
}
