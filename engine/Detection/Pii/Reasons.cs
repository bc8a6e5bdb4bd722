using Surveillance.Text;

namespace Surveillance.Detection.Pii;

/// <summary>Says why a value was taken for its type.</summary>
internal static class Reasons
{
    private const int MostWords = 5;

    /// <summary>What is asked for is its own reason.</summary>
    private static readonly PiiReason Request = new("request", null, []);

    /// <summary>The reason of a hit.</summary>
    /// <param name="scan">The text.</param>
    /// <param name="hit">The candidate that became a hit.</param>
    internal static PiiReason Of(PiiScan scan, Candidate hit)
    {
        if (hit.Form == Candidate.Request) { return Request; }
        var type = PiiTypes.All[hit.Type];
        var found = new List<(string Text, TypeSet Near)>();
        Surroundings.Around(scan.Text, scan.Language, hit.Start, hit.End, found);
        string[] words = [.. found.Where(w => w.Near.Has(hit.Type)).Select(w => w.Text).Distinct(StringComparer.Ordinal).Take(MostWords)];
        var rule = hit.Form >= 0 ? FormatIndex.Forms[hit.Form].Form.Format.Pattern : type.Reader ?? "behind a card number";
        return new PiiReason(rule, hit.Validated ? (hit.Type == PiiTypes.Phone ? "numbering plan" : type.Check.Name) : null, words);
    }
}
