using Surveillance.Rules;

namespace Surveillance.Rescan;

/// <summary>Tells two revisions apart: which rules can say something else of a message, and whether the detectors can. Immutable and thread-safe.</summary>
/// <remarks>
/// A rule that reads the same, with every lexicon and list it names, and that asks the same models, gives the same answer on the same
/// message: so a rescan leaves it out. When personal data is found by another detector, every rule is judged.
/// </remarks>
public sealed class RevisionDelta
{
    private RevisionDelta(IReadOnlySet<string> rules, IReadOnlySet<string> all, bool sameDetectors)
    {
        Rules = rules;
        All = all;
        HasSameDetectors = sameDetectors;
    }

    /// <summary>Ids of the rules that differ: changed, new and retired ones.</summary>
    public IReadOnlySet<string> Rules { get; }

    /// <summary>Ids of the rules of either revision.</summary>
    public IReadOnlySet<string> All { get; }

    /// <summary>Whether what the detectors found under the one holds under the other.</summary>
    public bool HasSameDetectors { get; }

    /// <summary>What may differ where nobody can read what judged before: every rule, those that only have matches included, and the detectors.</summary>
    /// <param name="matched">Ids of the rules that have matches.</param>
    /// <param name="after">A revision.</param>
    public static RevisionDelta Unknown(IEnumerable<string> matched, Revision after)
    {
        var all = matched.Concat(after.Rules.Select(r => r.Id)).ToHashSet(StringComparer.Ordinal);
        return new RevisionDelta(all, all, sameDetectors: false);
    }

    /// <summary>What differs.</summary>
    /// <param name="before">A revision.</param>
    /// <param name="after">Another, or the same.</param>
    public static RevisionDelta Between(Revision before, Revision after)
    {
        var all = before.Rules.Concat(after.Rules).Select(r => r.Id).ToHashSet(StringComparer.Ordinal);
        return new RevisionDelta(
            all.Where(id => Differs(id, before, after)).ToHashSet(StringComparer.Ordinal), all, before.PiiHash == after.PiiHash && before.Models.SequenceEqual(after.Models));
    }

    /// <summary>Whether one rule can say something else.</summary>
    /// <param name="rule">Its id.</param>
    /// <param name="before">A revision.</param>
    /// <param name="after">Another.</param>
    public static bool Differs(string rule, Revision before, Revision after) =>
        (before.Find(rule), after.Find(rule)) switch
        {
            (null, null) => false,
            ({ }, { }) when before.PiiHash != after.PiiHash => true,
            ({ } old, { } now) => old.Hash != now.Hash || now.ReferredClassifiers.Any(name => HashOf(name, before) != HashOf(name, after)),
            _ => true,
        };

    private static string? HashOf(string model, Revision revision) => revision.Models.Where(m => m.Key == model).Select(m => m.Value).FirstOrDefault();
}
