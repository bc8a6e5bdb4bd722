namespace Surveillance.Detection.Pii.Readers;

/// <summary>What people write behind a card number: the month it expires, and the security code.</summary>
/// <remarks>Source: ISO/IEC 7813 (expiry date); PCI DSS v4.0.1, 3.3.1.2 (card verification code).</remarks>
internal static class CardGroups
{
    private const int Confidence = 90;
    private const int Reach = 40;

    private static readonly int Expiry = PiiTypes.IndexOf("card-expiry");
    private static readonly int SecurityCode = PiiTypes.IndexOf("card-security-code");

    /// <summary>Reads expiry and security code behind a card number.</summary>
    /// <param name="scan">Where they go.</param>
    /// <param name="cardEnd">Folded offset after the card number.</param>
    internal static void Read(PiiScan scan, int cardEnd)
    {
        var text = scan.Text.Folded;
        var limit = Math.Min(text.Length, cardEnd + Reach);
        for (var i = cardEnd; i < limit; i++)
        {
            if (!char.IsAsciiDigit(text[i])) { continue; }
            if (!TryExpiry(text, i, out var end)) { return; }
            scan.Add(i, end, Expiry, Confidence, validated: false);
            ReadCode(scan, end);
            return;
        }
    }

    private static bool TryExpiry(ReadOnlySpan<char> text, int at, out int end)
    {
        end = at;
        var month = 0;
        while (end < text.Length && end - at < 3 && char.IsAsciiDigit(text[end])) { month = month * 10 + (text[end++] - '0'); }
        if (end - at > 2 || month is < 1 or > 12 || end >= text.Length || text[end] is not ('/' or '-' or ' ')) { return false; }
        if (text[end] == ' ' && !(end + 1 < text.Length && text[end + 1] == '/')) { return false; }
        while (end < text.Length && text[end] is ' ' or '/' or '-') { end++; }
        var from = end;
        while (end < text.Length && char.IsAsciiDigit(text[end])) { end++; }
        return end - from is 2 or 4 && Boundary.MayEnd(text, end);
    }

    private static void ReadCode(PiiScan scan, int from)
    {
        var text = scan.Text.Folded;
        var limit = Math.Min(text.Length, from + Reach / 2);
        for (var i = from; i < limit; i++)
        {
            if (!char.IsAsciiDigit(text[i])) { continue; }
            var end = i;
            while (end < text.Length && char.IsAsciiDigit(text[end])) { end++; }
            if (end - i is 3 or 4 && Boundary.MayEnd(text, end) && Boundary.MayBegin(text, i)) { scan.Add(i, end, SecurityCode, Confidence - 10, validated: false); }
            return;
        }
    }
}
