using System.Buffers;
using Surveillance.Detection.Pii.Readers;

namespace Surveillance.Detection.Pii;

/// <summary>Makes disjoint hits of candidates that overlap: the likeliest wins, the longest of equals, and the others become its alternatives.</summary>
internal static class Resolver
{
    /// <summary>Appends the hits of a text in order of start.</summary>
    /// <param name="scan">The text with its candidates; their order is changed.</param>
    /// <param name="part">The part of the message, or null for the text.</param>
    /// <param name="least">Confidence in hundredths below which a hit is not kept.</param>
    /// <param name="hits">Where they go; made when there is a first.</param>
    internal static void Resolve(PiiScan scan, string? part, int least, ref List<PiiHit>? hits)
    {
        var candidates = scan.Candidates;
        ExplainAway(scan, candidates);
        candidates.Sort(Candidate.Compare);
        var length = scan.Text.Folded.Length;
        var owners = ArrayPool<int>.Shared.Rent(length); // index + 1 of the winner that holds a unit
        try
        {
            owners.AsSpan(0, length).Clear();
            List<(int Candidate, List<PiiAlternative>? Alternatives)>? winners = null;
            for (var i = 0; i < candidates.Length; i++)
            {
                var candidate = candidates[i];
                var span = owners.AsSpan(candidate.Start, candidate.End - candidate.Start);
                var held = span.IndexOfAnyExcept(0);
                if (held >= 0)
                {
                    AddAlternative(candidates, winners!, span[held] - 1, candidate);
                }
                else if (candidate.Confidence >= least)
                {
                    (winners ??= []).Add((i, null));
                    span.Fill(winners.Count);
                }
            }
            if (winners is null)
            {
                return;
            }
            hits ??= new List<PiiHit>(winners.Count);
            var first = hits.Count;
            foreach (var (index, alternatives) in winners)
            {
                var winner = candidates[index];
                hits.Add(new PiiHit(
                    PiiTypes.All[winner.Type].Name, scan.Text.ToOriginal(winner.Start, winner.End), winner.Confidence / 100.0, part, winner.Validated, winner.Masked, alternatives,
                    winner.Form == Candidate.Request, Reasons.Of(scan, winner)));
            }
            hits.Sort(first, hits.Count - first, ByStart);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(owners);
        }
    }

    /// <summary>
    /// A message that is nothing but digits: what numbering plans call a telephone number passes a check that one in twenty passes by chance.
    /// Then the check is the better explanation, and the telephone number the lesser one.
    /// </summary>
    private static void ExplainAway(PiiScan scan, Span<Candidate> candidates)
    {
        // Only what is the whole message explains anything, and there are few of those: each candidate is looked at twice at most.
        int start = int.MaxValue, end = 0;
        var atHome = false;
        foreach (var other in candidates)
        {
            if (scan.IsWhole(other.Start, other.End) && other.Form >= 0 && other.Validated && FormatIndex.Forms[other.Form] is var (type, form) && form.Confidence + type.Prior >= RareByChance)
            {
                (start, end) = (Math.Min(start, other.Start), Math.Max(end, other.End));
                atHome |= PhonePlan.IsHome(type.Pack, scan.Homes);
            }
        }
        if (end == 0) { return; }
        foreach (ref var phone in candidates)
        {
            if (phone.Type != PiiTypes.Phone || phone.Start < start || phone.End > end) { continue; }
            // The identifier of another country says less than a number that the participants' own country gives to mobiles.
            if (phone.Form == Candidate.MobileAtHome && !atHome) { continue; }
            phone = phone with { Confidence = Math.Max(PiiScan.LeastConfidence, phone.Confidence - PhoneExplainedAway) };
        }
    }

    private const int RareByChance = 24;
    private const int PhoneExplainedAway = 25;

    private static readonly Comparer<PiiHit> ByStart = Comparer<PiiHit>.Create(static (a, b) => a.Span.Start.CompareTo(b.Span.Start));

    private static void AddAlternative(ReadOnlySpan<Candidate> candidates, List<(int Candidate, List<PiiAlternative>? Alternatives)> winners, int owner, Candidate candidate)
    {
        var (index, alternatives) = winners[owner];
        if (candidates[index].Type == candidate.Type)
        {
            return;
        }
        var name = PiiTypes.All[candidate.Type].Name;
        alternatives ??= [];
        foreach (var known in alternatives)
        {
            if (known.Type == name) { return; }
        }
        alternatives.Add(new PiiAlternative(name, candidate.Confidence / 100.0));
        winners[owner] = (index, alternatives);
    }
}
