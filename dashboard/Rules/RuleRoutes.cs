using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Surveillance.Accounts;
using Surveillance.Dashboard.Shared;
using Surveillance.Rules;

namespace Surveillance.Dashboard.Rules;

/// <summary>What the list of rules shows.</summary>
/// <param name="Book">What runs.</param>
/// <param name="Now">The time now.</param>
public sealed record RulesModel(RuleBookStatus Book, DateTimeOffset Now);

/// <summary>What the page of a rule shows.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Version">Its version shown.</param>
public sealed record RuleModel(RuleText Rule, int Version);

/// <summary>The pages of rules.</summary>
internal static class RuleRoutes
{
    internal static void MapRules(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/rules").RequireAuthorization(Scopes.RulesRead);
        read.MapGet("", async (IRuleStatus rules, TimeProvider time, CancellationToken cancel) =>
            Pages.Show<RulesPage>(new RulesModel(await rules.ReadAsync(cancel), time.GetUtcNow())));
        read.MapGet("{id}", async Task<Results<RazorComponentResult<RulePage>, RazorComponentResult<ErrorView>>> (string id, int? version, IRuleStatus rules, CancellationToken cancel) =>
            await rules.FindAsync(id, version, cancel) is { } rule
                ? Pages.Show<RulePage>(new RuleModel(rule, version ?? rule.Summary.Version))
                : Pages.NotFound("There is no such rule", "No stored revision has a rule of that id and version."));
    }
}
