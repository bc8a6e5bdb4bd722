using System.Collections.Frozen;
using Surveillance.Rules.Operators;

namespace Surveillance.Rules;

/// <summary>Every operator of the rule language. Parser, schema, reference page and editor help come from this list.</summary>
internal static class RuleOperators
{
    /// <summary>The operators in the order in which people are shown them.</summary>
    internal static readonly IReadOnlyList<Operator> All =
    [
        Operators.All.Definition, Any.Definition, None.Definition, AtLeast.Definition,
        PhraseIs.Definition, LexiconIs.Definition, Near.Definition, RegexIs.Definition,
        Pii.Definition, Classifier.Definition, ConsentIs.Definition, InsideServiceWindow.Definition,
        DirectionIs.Definition, ChannelIs.Definition, KindIs.Definition, LanguageIs.Definition, AccountIs.Definition, TemplateCategoryIs.Definition,
        Participants.Definition, AttachmentIs.Definition, Sequence.Definition,
    ];

    private static readonly FrozenDictionary<string, Operator> ByName = All.ToFrozenDictionary(o => o.Name, StringComparer.Ordinal);

    /// <summary>The operator of a word, or null. Letter case counts.</summary>
    /// <param name="name">The key of a condition object.</param>
    internal static Operator? Find(string name) => ByName.GetValueOrDefault(name);
}
