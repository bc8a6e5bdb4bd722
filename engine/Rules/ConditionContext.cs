using Surveillance.Messages;
using Surveillance.Rules.Source;

namespace Surveillance.Rules;

/// <summary>What a condition may refer to, and where its errors go.</summary>
/// <param name="Diagnostics">Takes the errors.</param>
/// <param name="Lexicons">Every lexicon of the book by name. A lexicon whose file has errors is here too, with what could be read of it.</param>
/// <param name="Lists">Every list of the book by name, likewise.</param>
/// <param name="Classifiers">The names of the classifiers.</param>
internal sealed record ConditionContext(
    Diagnostics Diagnostics, IReadOnlyDictionary<string, Lexicon> Lexicons, IReadOnlyDictionary<string, NamedList> Lists, IReadOnlyCollection<string> Classifiers)
{
    /// <summary>Reports a name that is not defined (E014), with the nearest one that is.</summary>
    /// <param name="kind"><c>lexicon</c>, <c>list</c> or <c>classifier</c>.</param>
    /// <param name="name">The name as written.</param>
    public void UnknownName(string kind, SourceString name)
    {
        var known = kind switch
        {
            "lexicon" => Lexicons.Keys,
            "list" => Lists.Keys,
            _ => Classifiers.AsEnumerable(),
        };
        var sorted = known.Order(StringComparer.Ordinal).ToArray();
        var near = NearestName.Find(name.Value, sorted);
        var folder = kind switch { "lexicon" => "lexicons", "list" => "lists", _ => "models" };
        var help = near switch
        {
            null when sorted.Length == 0 && kind == "classifier" => "train one, or leave the condition out",
            null when sorted.Length == 0 => $"write it as {folder}/{Shown.Clip(name.Value)}.json",
            null => $"defined: {Shown.Some(sorted)}",
            _ when kind == "classifier" => $"`{near}` is",
            _ => $"`{near}` is ({folder}/{near}.json:1:1)",
        };
        Diagnostics.Error("E014", name.Span, $"{kind} \"{Shown.Clip(name.Value)}\" is not defined", help: help);
    }
}
