using Surveillance.Detection.Lexicons;
using Surveillance.Rules.Source;

namespace Surveillance.Rules;

/// <summary>A condition that looks for phrases; the matcher of the revision has looked for all of them already.</summary>
internal abstract class PhraseCondition : TextCondition
{
    private protected PhraseCondition(SourceNode node, SearchZones zones, IReadOnlyList<PhrasePattern> phrases)
        : base(node, zones) => Phrases = phrases;

    /// <summary>The phrases; numbers count in this list.</summary>
    internal IReadOnlyList<PhrasePattern> Phrases { get; }

    internal override NecessaryKey Key => NecessaryKey.OfPhrases(Phrases);

    internal override void Find(Facts facts, List<Occurrence> into)
    {
        var hits = facts.Phrases;
        if (hits.PhraseCount == 0)
        {
            return;
        }
        var bound = facts.Revision.PhrasesOf(this);
        for (var i = 0; i < hits.PhraseCount; i++)
        {
            var at = Array.BinarySearch(bound.Ids, hits.PhraseAt(i));
            if (at < 0)
            {
                continue;
            }
            foreach (var hit in hits.HitsAt(i))
            {
                var span = facts.Parts[hit.Part].Text.SpanOfTokens(hit.First, hit.Last);
                if ((facts.ZoneAt(hit.Part, span.Start) & Zones) != 0)
                {
                    into.Add(new Occurrence(hit.Part, span, hit.First, hit.Last, bound.Numbers[at]));
                }
            }
        }
    }
}

/// <summary>The phrases of a condition in one revision.</summary>
/// <param name="Ids">The matcher's numbers of them, rising.</param>
/// <param name="Numbers">For each its number in the condition's list, from 0.</param>
internal sealed record BoundPhrases(int[] Ids, int[] Numbers);
