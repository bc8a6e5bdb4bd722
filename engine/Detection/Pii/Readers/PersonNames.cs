using Surveillance.Text;

namespace Surveillance.Detection.Pii.Readers;

/// <summary>Names of persons behind a form of address or a common given name: words in capitals. A guess, and below the default threshold.</summary>
internal static class PersonNames
{
    private const int Confidence = 42;
    private const int MostWords = 3;

    private static readonly int PersonName = PiiTypes.IndexOf("person-name");

    /// <summary>Reads the name that a word opens.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="i">Index of the word's first token.</param>
    /// <param name="count">How many tokens the word has.</param>
    internal static void Read(PiiScan scan, int i, int count)
    {
        var tokens = scan.Text.Tokens;
        var text = scan.Text.Folded;
        if (!char.IsUpper(scan.OriginalAt(tokens[i].Start)) && count == 1) { return; }
        var last = i + count - 1;
        for (var n = last + 1; n < tokens.Length && n - last <= MostWords; n++)
        {
            var gap = text[tokens[n - 1].End..tokens[n].Start];
            if (gap is not (" " or ". " or "-") || (tokens[n].Flags & TokenFlags.Digits) != 0 || !char.IsUpper(scan.OriginalAt(tokens[n].Start))) { break; }
            last = n;
            if (n - i >= MostWords) { break; }
        }
        if (last == i + count - 1) { return; }
        scan.Add(tokens[i].Start, tokens[last].End, PersonName, Confidence, validated: false);
    }
}
