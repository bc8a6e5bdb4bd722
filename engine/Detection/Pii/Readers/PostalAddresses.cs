using Surveillance.Text;

namespace Surveillance.Detection.Pii.Readers;

/// <summary>Postal addresses by the kind of street: <c>12 High Street</c>, <c>Lindenstraße 5</c>, <c>14 rue de la Paix</c>. A guess, and below the default threshold.</summary>
internal static class PostalAddresses
{
    private const int Confidence = 44;
    private const int MostWords = 4;

    private static readonly int Address = PiiTypes.IndexOf("postal-address");

    /// <summary>Reads the address around a kind of street.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="i">Index of the word's token.</param>
    /// <param name="count">How many tokens the word has.</param>
    internal static void Read(PiiScan scan, int i, int count)
    {
        var tokens = scan.Text.Tokens;
        var text = scan.Text.Folded;
        // The house number in front, over words in capitals.
        for (var n = i - 1; n >= 0 && i - n <= MostWords; n--)
        {
            if (text[tokens[n].End..tokens[n + 1].Start] is not (" " or ", " or ". ")) { break; }
            if ((tokens[n].Flags & TokenFlags.Digits) != 0)
            {
                if (char.IsAsciiDigit(text[tokens[n].Start]) && tokens[n].End - tokens[n].Start <= 5 && Boundary.MayBegin(text, tokens[n].Start))
                {
                    scan.Add(tokens[n].Start, tokens[i + count - 1].End, Address, Confidence, validated: false);
                }
                return;
            }
            if (!char.IsUpper(scan.OriginalAt(tokens[n].Start))) { break; }
        }
        // Or behind it: "calle Mayor 5".
        for (var n = i + count; n < tokens.Length && n - i <= MostWords; n++)
        {
            if (text[tokens[n - 1].End..tokens[n].Start] is not (" " or ", " or ". ")) { return; }
            if ((tokens[n].Flags & TokenFlags.Digits) != 0)
            {
                if (tokens[n].End - tokens[n].Start <= 4 && char.IsUpper(scan.OriginalAt(tokens[n - 1].Start))) { scan.Add(tokens[i].Start, tokens[n].End, Address, Confidence, validated: false); }
                return;
            }
            if (!char.IsUpper(scan.OriginalAt(tokens[n].Start)) && text[tokens[n].Start..tokens[n].End] is not ("de" or "la" or "del" or "di" or "des" or "du" or "den" or "der")) { return; }
        }
    }

    /// <summary>Reads the street whose name ends in its kind, at that name: <c>Lindenstraße 5</c>.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="i">Index of the token of the house number.</param>
    internal static void ReadJoined(PiiScan scan, int i)
    {
        var tokens = scan.Text.Tokens;
        var text = scan.Text.Folded;
        if (i == 0 || tokens[i].End - tokens[i].Start > 4) { return; }
        var street = text[tokens[i - 1].Start..tokens[i - 1].End];
        if (street.Length < 6 || text[tokens[i - 1].End..tokens[i].Start] is not (" " or ". ")) { return; }
        if (street.EndsWith("strasse") || street.EndsWith("str") || street.EndsWith("straat") || street.EndsWith("allee") || street.EndsWith("gasse") || street.EndsWith("platz") || street.EndsWith("gade") || street.EndsWith("gatan") || street.EndsWith("weg"))
        {
            scan.Add(tokens[i - 1].Start, tokens[i].End, Address, Confidence, validated: false);
        }
    }
}
