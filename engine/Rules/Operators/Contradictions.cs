using Surveillance.Rules.Source;

namespace Surveillance.Rules.Operators;

/// <summary>Finds conditions that can never hold together.</summary>
internal static class Contradictions
{
    /// <summary>Reports (E015) the first two conditions of a list of which each shuts the other out; whether there are any.</summary>
    /// <param name="together">Conditions that must hold together.</param>
    /// <param name="context">Where errors go.</param>
    internal static bool Report(IReadOnlyList<Condition> together, ConditionContext context)
    {
        var attributes = together.SelectMany(c => c is All ? c.Children : [c]).OfType<AttributeCondition>().ToList();
        for (var later = 1; later < attributes.Count; later++)
        {
            for (var earlier = 0; earlier < later; earlier++)
            {
                var (a, b) = (attributes[earlier], attributes[later]);
                if (a.Operator == b.Operator && !a.Values.Intersect(b.Values, StringComparer.OrdinalIgnoreCase).Any())
                {
                    context.Diagnostics.Error(
                        "E015", b.Node.Span, $"this can never hold: {a.Operator} is {Quoted(a)} and {Quoted(b)}",
                        help: "use `any` where one of them is enough", related: new RelatedPlace(a.Node.Span, $"{a.Operator} is {Quoted(a)} here"));
                    return true;
                }
            }
        }
        return false;
    }

    /// <summary>Reports (E015) the first condition that shuts out everything that the rule applies to.</summary>
    /// <param name="applies">What the rule applies to.</param>
    /// <param name="written">Where that is written; null where it is not.</param>
    /// <param name="when">The rule's condition.</param>
    /// <param name="context">Where errors go.</param>
    internal static void ReportOutside(AppliesTo applies, SourceObject? written, Condition when, ConditionContext context)
    {
        var looked = AttributeMask.Of(applies);
        foreach (var condition in (when is All ? when.Children : [when]).OfType<AttributeCondition>())
        {
            var both = looked.And(condition.Mask);
            if (written is not null && (both.Channels == 0 || both.Directions == 0 || both.Kinds == 0))
            {
                context.Diagnostics.Error(
                    "E015", condition.Node.Span, $"this rule can never fire: {condition.Operator} is {Quoted(condition)}, and the rule applies to others only",
                    help: "change one of the two", related: written.Find(condition.Operator) is { } member ? new RelatedPlace(member.Value.Span, "what the rule applies to") : null);
                return;
            }
        }
    }

    private static string Quoted(AttributeCondition condition) => Options.Join([.. condition.Values.Select(v => $"\"{Shown.Clip(v)}\"")], "or");
}
