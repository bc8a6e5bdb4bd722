namespace Surveillance.Detection.Pii.Readers;

/// <summary>Words of the special categories of GDPR articles 9 and 10; they count with a person beside them.</summary>
internal static class SpecialCategories
{
    private const int WithPerson = 60;
    private const int PersonFurther = 45;
    private const int Alone = 28;

    /// <summary>Adds a phrase of a lexicon.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="i">Index of its first token.</param>
    /// <param name="count">How many tokens it has.</param>
    /// <param name="type">Index of the type.</param>
    internal static void Read(PiiScan scan, int i, int count, int type)
    {
        var tokens = scan.Text.Tokens;
        int start = tokens[i].Start, end = tokens[i + count - 1].End;
        var around = scan.SurroundingsOf(start, end);
        if (around.Not.Has(type)) { return; }
        var confidence = around.Near.Has(type) ? WithPerson : around.After.Has(type) || around.Far.Has(type) ? PersonFurther : Alone;
        scan.Add(start, end, type, confidence, validated: false);
    }
}
