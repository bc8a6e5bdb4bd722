namespace Surveillance.Detection.Pii.Readers;

/// <summary>Mentions (<c>@name</c>) and hashtags (<c>#topic</c>).</summary>
internal static class Tags
{
    private const int Confidence = 72;
    private const int AsPreposition = 40;
    private const int Longest = 64;

    private static readonly int Mention = PiiTypes.IndexOf("mention");
    private static readonly int Hashtag = PiiTypes.IndexOf("hashtag");

    /// <summary>What C and its kin write behind the sign.</summary>
    private static readonly string[] Directives = ["include", "define", "ifdef", "ifndef", "endif", "if", "else", "elif", "pragma", "undef", "error", "region", "endregion"];

    /// <summary>What people buy and sell at, and where they meet.</summary>
    private static readonly string[] PriceWords =
        ["market", "mkt", "open", "close", "limit", "best", "par", "mid", "bid", "ask", "offer", "vwap", "twap", "moc", "loc", "cost", "least", "once", "all", "the", "same", "work", "home", "office", "noon", "night", "lunch", "flat", "spot", "last", "high", "low", "avg", "strike", "price", "top", "any", "around", "about"];

    private static bool IsPriceWord(ReadOnlySpan<char> name)
    {
        foreach (var word in PriceWords)
        {
            if (name.SequenceEqual(word)) { return true; }
        }
        return false;
    }

    /// <summary>Reads the mention or hashtag at its sign.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="at">Folded offset of the sign.</param>
    internal static void Read(PiiScan scan, int at)
    {
        var text = scan.Text.Folded;
        if (at + 2 > text.Length || (at > 0 && (NumberCluster.Sticks(text[at - 1]) || text[at - 1] is '@' or '#' or '/' or '.' or '-' or '&' or '=' or '%' or '>'))) { return; }
        var end = at + 1;
        bool letters = false, hex = true;
        while (end < text.Length && end - at < Longest && (text[end] == '_' || NumberCluster.Sticks(text[end])))
        {
            letters |= char.IsLetter(text[end]);
            hex &= char.IsAsciiHexDigit(text[end]);
            end++;
        }
        var length = end - at - 1;
        // The rest of a longer word, as in #ubuntu-offtopic and @font-face.
        if (end + 1 < text.Length && text[end] is '-' or '/' or '+' && char.IsLetterOrDigit(text[end + 1])) { return; }
        if (!letters || length < 2 || (end < text.Length && text[end] is '#' or '@' or '(')) { return; }
        var name = text[(at + 1)..end];
        if (text[at] == '@')
        {
            if (at > 0 && text[at - 1] == ';') { return; }
            if (!char.IsLetter(name[0]) && name[0] != '_' || (end + 1 < text.Length && text[end] == '.' && char.IsLetter(text[end + 1]))) { return; }
            var isSentence = at > 1 && text[at - 1] == ' ' && IsPriceWord(name);
            scan.Add(at, end, Mention, isSentence ? AsPreposition : Confidence, validated: false);
            return;
        }
        if (!char.IsLetter(name[0])) { return; }
        if (hex && length is 3 or 6 or 8 && name.ContainsAnyInRange('0', '9') || (hex && length is 6 or 8)) { return; }
        foreach (var directive in Directives)
        {
            if (name.SequenceEqual(directive)) { return; }
        }
        var context = scan.ContextOf(at, at, WordGroup.Order);
        if (context.Before != 0 && context.DistanceBefore == 0 && at > 0 && text[at - 1] != '\n') { return; } // order #A12
        scan.Add(at, end, Hashtag, Confidence, validated: false);
    }
}
