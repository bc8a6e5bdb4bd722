using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Surveillance.Detection.Classifiers;
using Surveillance.Evaluation;
using Surveillance.Messages;
using Surveillance.Rules;
using Surveillance.Rules.Source;

namespace Surveillance.Dashboard.Commands;

/// <summary><c>surveillance rules check|test|explain|schema</c>.</summary>
internal static class RulesCommand
{
    internal static Command Build() => new(
        "rules",
        """
        Checks, tests and explains the rules.

        Examples:
          surveillance rules check
          surveillance rules test --only off-channel
        """)
    { Check(), Test(), Explain(), Schema() };

    private static Option<string?> Models() => new("--models") { Description = "The folder of models (default: ./models, else the one beside the program)", HelpName = "DIR" };

    private static Argument<string?> Folder() => new("folder")
    {
        Description = "The folder of rules (default: ./rules, else the one beside the program)", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => null,
    };

    private static Command Check()
    {
        var folder = Folder();
        var models = Models();
        var json = new Option<bool>("--json") { Description = "Print one JSON document" };
        var deny = new Option<bool>("--deny-warnings") { Description = "Treat warnings as errors" };
        var check = new Command(
            "check",
            """
            Reads every rule, lexicon and list and shows what is wrong: where, what, and what to write instead.

            Examples:
              surveillance rules check
              surveillance rules check my-rules --json
            """)
        { folder, models, json, deny };
        check.SetAction(async (parsed, _) =>
        {
            if (await FindFolderAsync(parsed.GetValue(folder)) is not { } path)
            {
                return ExitCodes.Input;
            }
            var (result, _) = Load(path, parsed.GetValue(models));
            var errors = result.Diagnostics.Count(d => d.Severity == DiagnosticSeverity.Error);
            var warnings = result.Diagnostics.Count - errors;
            if (parsed.GetValue(json))
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(DiagnosticRenderer.ToJson(result.Diagnostics));
            }
            else
            {
                if (result.Diagnostics.Count > 0)
                {
                    await parsed.InvocationConfiguration.Error.WriteLineAsync(DiagnosticRenderer.Render(result.Diagnostics));
                }
                await parsed.InvocationConfiguration.Output.WriteLineAsync(result.Book is { } book
                    ? $"{Count(book.Rules.Count, "rule")}, {Count(book.Lexicons.Count, "lexicon")}, {Count(book.Lists.Count, "list")}: no errors, {Count(warnings, "warning")}"
                    : $"{Count(errors, "error")}, {Count(warnings, "warning")}");
            }
            return errors > 0 || (parsed.GetValue(deny) && warnings > 0) ? ExitCodes.Findings : ExitCodes.Ok;
        });
        return check;
    }

    private static Command Test()
    {
        var folder = Folder();
        var models = Models();
        var only = new Option<string?>("--only") { Description = "Rules whose id holds this", HelpName = "WORD" };
        var json = new Option<bool>("--json") { Description = "Print one JSON document" };
        var test = new Command(
            "test",
            """
            Runs the tests inside the rule files; a failing one shows the condition that decided.

            Examples:
              surveillance rules test
              surveillance rules test --only off-channel
            """)
        { folder, models, only, json };
        test.SetAction(async (parsed, _) =>
        {
            if (await FindFolderAsync(parsed.GetValue(folder)) is not { } path)
            {
                return ExitCodes.Input;
            }
            var (result, loaded) = Load(path, parsed.GetValue(models));
            if (result.Book is not { } book)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(DiagnosticRenderer.Render(result.Diagnostics));
                return await CommandLine.FailAsync(ExitCodes.Findings, "the rules do not check, so no test was run", null);
            }
            foreach (var problem in loaded.Problems)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync("warning: " + problem.Message);
            }
            var revision = RevisionBuilder.Build(book, loaded.Models);
            var word = parsed.GetValue(only);
            var rules = book.Rules.Where(r => word is null || r.Id.Contains(word, StringComparison.OrdinalIgnoreCase)).ToList();
            var results = rules.Select(rule => (Rule: rule, Cases: RuleTester.Run(rule, revision))).ToList();
            var failed = results.Sum(r => r.Cases.Count(c => !c.Passed));
            var passed = results.Sum(r => r.Cases.Count) - failed;
            if (parsed.GetValue(json))
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(JsonSerializer.Serialize(
                    new
                    {
                        passed, failed,
                        rules = results.Select(r => new { id = r.Rule.Id, version = r.Rule.Version, cases = r.Cases.Select(c => new { c.Name, c.ShouldFire, c.Passed, c.Explanation }) }),
                    },
                    Accounts.ControlCall.Indented));
            }
            else
            {
                await WriteAsync(parsed.InvocationConfiguration.Output, results, passed, failed);
            }
            if (passed + failed == 0)
            {
                return await CommandLine.FailAsync(ExitCodes.Findings, word is null ? "there is no rule to test" : $"no rule's id holds `{word}`", "The ids are the names of the files in the folders of the families.");
            }
            return failed > 0 ? ExitCodes.Findings : ExitCodes.Ok;
        });
        return test;
    }

    private static async Task WriteAsync(TextWriter output, List<(Rule Rule, IReadOnlyList<RuleTestResult> Cases)> results, int passed, int failed)
    {
        foreach (var (rule, cases) in results)
        {
            var wrong = cases.Where(c => !c.Passed).ToList();
            await output.WriteLineAsync($"{(wrong.Count == 0 ? "PASS" : "FAIL")}  {rule.Id} v{rule.Version}  {Count(cases.Count - wrong.Count, "test")} passed{(wrong.Count > 0 ? $", {wrong.Count} failed" : "")}");
            foreach (var failure in wrong)
            {
                await output.WriteLineAsync($"  {(failure.ShouldFire ? "expected a match, the rule did not fire" : "expected silence, the rule fired")}: {failure.Name}");
                await output.WriteLineAsync("    " + failure.Explanation.TrimEnd().Replace("\n", "\n    ", StringComparison.Ordinal));
            }
        }
        await output.WriteLineAsync($"{Count(results.Count, "rule")}: {passed} passed, {failed} failed");
    }

    private static Command Explain()
    {
        var code = new Argument<string>("code") { Description = "The code of a finding, such as E014" };
        var explain = new Command(
            "explain",
            """
            Tells at length what a finding means and how to mend it.

            Examples:
              surveillance rules explain E014
              surveillance rules explain E010
            """)
        { code };
        explain.SetAction(async (parsed, _) =>
        {
            var wanted = parsed.GetRequiredValue(code).ToUpperInvariant();
            if (RuleErrors.Explain(wanted) is { } text)
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(text);
                return ExitCodes.Ok;
            }
            return await CommandLine.FailAsync(
                ExitCodes.Input, $"no finding has the code {wanted}",
                NearestName.Find(wanted, RuleErrors.Codes) is { } near ? $"The nearest is {near}." : "Codes are E or W and three digits, as the findings show them.");
        });
        return explain;
    }

    private static Command Schema()
    {
        var schema = new Command(
            "schema",
            """
            Prints the JSON Schema of rule files, for editors.

            Examples:
              surveillance rules schema
              surveillance rules schema > rules.schema.json
            """);
        schema.SetAction(async (parsed, _) => await parsed.InvocationConfiguration.Output.WriteAsync(RuleSchema.Generate()));
        return schema;
    }

    private static async Task<string?> FindFolderAsync(string? asked)
    {
        var path = HostFolders.Beside("rules", asked);
        if (Directory.Exists(path))
        {
            return path;
        }
        await CommandLine.FailAsync(ExitCodes.Input, $"there is no folder {path}", "Give the folder of rules as the argument.");
        return null;
    }

    private static (RuleBookResult Result, ModelFolder Models) Load(string folder, string? models)
    {
        var loaded = ModelFolder.Load(HostFolders.Beside("models", models));
        return (RuleBook.Load(folder, RevisionBuilder.KnownClassifiers(loaded.Models.Select(m => m.Name).Concat(loaded.Problems.Select(p => p.Name)))), loaded);
    }

    private static string Count(int count, string word) => string.Create(CultureInfo.InvariantCulture, $"{count} {word}{(count == 1 ? "" : "s")}");
}
