using Surveillance.Detection.Classifiers;
using Surveillance.Engine.Tests.Rules;
using Surveillance.Evaluation;
using Surveillance.Rules;

namespace Surveillance.Engine.Tests.Evaluation;

/// <summary>The tests inside the rule files of the repository.</summary>
public sealed class RepositoryRulesTests
{
    private static readonly Lazy<Revision> s_revision = new(() =>
    {
        var models = ModelFolder.Load(Repository.At("models"));
        var result = RuleBook.Load(Repository.At("rules"), RevisionBuilder.KnownClassifiers(models.Models.Select(m => m.Name)));
        return RevisionBuilder.Build(result.Book ?? throw new InvalidOperationException("The rules of the repository do not check."), models.Models);
    });

    public static TheoryData<string> Rules => [.. s_revision.Value.Rules.Select(r => r.Id)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Run_RuleOfTheRepository_PassesItsOwnTests(string id)
    {
        var failed = RuleTester.Run(s_revision.Value.Find(id)!, s_revision.Value).Where(r => !r.Passed);

        Assert.Empty(failed.Select(r => $"{(r.ShouldFire ? "should fire" : "should be silent")}: {r.Name}\n{r.Explanation}"));
    }
}
