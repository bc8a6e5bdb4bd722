using Surveillance.Rules.Source;
using Surveillance.Text;

namespace Surveillance.Rules;

/// <summary>A place where a condition found what it looks for.</summary>
/// <param name="Part">Number of the part (<see cref="Facts.Parts"/>).</param>
/// <param name="Span">Where it is, in the words of the part as captured.</param>
/// <param name="First">Index of its first token, or -1 when it was not found by tokens.</param>
/// <param name="Last">Index of its last token, or -1.</param>
/// <param name="Phrase">Number of the phrase in the condition's list, from 0, or -1.</param>
internal readonly record struct Occurrence(int Part, TextSpan Span, int First = -1, int Last = -1, int Phrase = -1);

/// <summary>A condition that finds places in the words of a message: these can stand in <c>near</c>.</summary>
internal abstract class TextCondition : Condition
{
    private protected TextCondition(SourceNode node, SearchZones zones)
        : base(node) => Zones = zones;

    /// <summary>Where it looks.</summary>
    internal SearchZones Zones { get; }

    internal override int Cost => 2;

    /// <summary>Adds every place, in order of part and start where its finder gives them so.</summary>
    /// <param name="facts">The facts.</param>
    /// <param name="into">Takes the places.</param>
    internal abstract void Find(Facts facts, List<Occurrence> into);

    /// <summary>Judges what was found.</summary>
    /// <param name="facts">The facts.</param>
    /// <param name="found">Every place.</param>
    /// <returns>Whether they are enough, what was found and what was asked for.</returns>
    private protected abstract (bool Enough, string? Value, string? Threshold) Judge(Facts facts, List<Occurrence> found);

    /// <summary>What else is to be said of the places, or null.</summary>
    internal virtual string? NoteOn(IEnumerable<Occurrence> found) => null;

    internal sealed override Outcome Evaluate(Facts facts)
    {
        var found = facts.RentList();
        Find(facts, found);
        var (enough, value, threshold) = Judge(facts, found);
        var outcome = facts.Explaining ? Explain(facts, enough, found, value, threshold) : Outcome.Of(enough);
        facts.Return(found);
        return outcome;
    }

    /// <summary>An outcome with the places as evidence.</summary>
    internal Outcome Explain(Facts facts, bool holds, IReadOnlyList<Occurrence> found, string? value = null, string? threshold = null)
    {
        var state = holds ? Truth.Matched : Truth.NotMatched;
        var evidence = Evidence.Tidy(found.Select(o => facts.Evidence(o.Span, facts.Parts[o.Part].Name, this)), out var truncated);
        return new Outcome(state, ProofOf(state) with
        {
            Value = value, Threshold = threshold, Note = found.Count == 0 ? null : NoteOn(found), Evidence = evidence, EvidenceTruncated = truncated,
        });
    }
}
