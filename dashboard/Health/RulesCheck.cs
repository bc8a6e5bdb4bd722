using System.Globalization;
using Surveillance.Detection.Classifiers;
using Surveillance.Evaluation;
using Surveillance.Health;
using Surveillance.Rules;
using Surveillance.Rules.Source;

namespace Surveillance.Dashboard.Health;

/// <summary>Looks at the files of rules and models as the service would: whether they load, check, and pass their own tests.</summary>
internal static class RulesCheck
{
    private const int MostShown = 10;

    internal static IEnumerable<CheckResult> Run(string rulesFolder, string modelsFolder)
    {
        var models = ModelFolder.Load(modelsFolder);
        foreach (var model in models.Models)
        {
            yield return new("models", CheckState.Ok, $"The model {model.Name} loads (hash {model.Hash[..12]}).");
        }
        foreach (var problem in models.Problems)
        {
            yield return new("models", CheckState.Finding, $"{problem.Name}: {problem.Message}", $"Restore {problem.Path}, or make it with `surveillance models train {problem.Name}`.");
        }
        if (!Directory.Exists(rulesFolder))
        {
            yield return new("rules", CheckState.Unreadable, $"There is no folder of rules {rulesFolder}.", "Give the folder with --rules or the setting Rules.");
            yield break;
        }
        var read = RuleBook.Load(rulesFolder, RevisionBuilder.KnownClassifiers(models.Models.Select(m => m.Name).Concat(models.Problems.Select(p => p.Name))));
        foreach (var result in Findings(read.Diagnostics))
        {
            yield return result;
        }
        if (read.Book is not { } book)
        {
            yield break;
        }
        var revision = RevisionBuilder.Build(book, models.Models);
        if (revision.MissingModels.Count > 0)
        {
            yield return new(
                "models", CheckState.Finding, $"Rules ask for {string.Join(", ", revision.MissingModels)}, and it is not there: those conditions are not evaluated.",
                "Put the file weights.bin into the model's folder, or make it with `surveillance models train NAME`.");
        }
        foreach (var result in Tests(book, revision))
        {
            yield return result;
        }
    }

    private static IEnumerable<CheckResult> Findings(IReadOnlyList<Diagnostic> diagnostics)
    {
        var errors = diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).ToList();
        foreach (var error in errors.Take(MostShown))
        {
            yield return new("rules", CheckState.Finding, DiagnosticRenderer.Render(error).Split('\n')[0] + " (" + error.Span.File.Path + ")", error.Help ?? "`surveillance rules check` shows the place.");
        }
        if (errors.Count > MostShown)
        {
            yield return new("rules", CheckState.Finding, string.Create(CultureInfo.InvariantCulture, $"{errors.Count - MostShown} more errors in the rule files."), "`surveillance rules check` shows them all.");
        }
    }

    private static List<CheckResult> Tests(RuleBook book, Revision revision)
    {
        var results = new List<CheckResult>();
        var cases = 0;
        foreach (var rule in book.Rules.Where(r => !r.ReferredClassifiers.Any(revision.MissingModels.Contains)))
        {
            var run = RuleTester.Run(rule, revision);
            cases += run.Count;
            if (run.Count(t => !t.Passed) is > 0 and var failed)
            {
                results.Add(new("rules", CheckState.Finding, string.Create(CultureInfo.InvariantCulture, $"The rule {rule.Id} fails {failed} of its {run.Count} tests."), $"`surveillance rules test --only {rule.Id}` shows the conditions that decided."));
            }
        }
        if (results.Count == 0)
        {
            results.Add(new("rules", CheckState.Ok, string.Create(CultureInfo.InvariantCulture, $"{book.Rules.Count} rules check and pass their {cases} tests.")));
        }
        return results;
    }
}
