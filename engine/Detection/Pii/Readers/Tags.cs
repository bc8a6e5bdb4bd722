namespace Surveillance.Detection.Pii.Readers;

/// <summary>Mentions (<c>@name</c>) and hashtags (<c>#topic</c>).</summary>
internal static class Tags
{
    private const int Confidence = 72;
    private const int Longest = 64;

    private static readonly int Mention = PiiTypes.IndexOf("mention");
    private static readonly int Hashtag = PiiTypes.IndexOf("hashtag");

    /// <summary>What C and its kin write behind the sign.</summary>
    private static readonly string[] Directives = ["include", "define", "ifdef", "ifndef", "endif", "if", "else", "elif", "pragma", "undef", "error", "region", "endregion"];

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
        if (!letters || length < 2 || (end < text.Length && text[end] is '#' or '@' or '(')) { return; }
        var name = text[(at + 1)..end];
        if (text[at] == '@')
        {
            if (!char.IsLetter(name[0]) && name[0] != '_' || (end + 1 < text.Length && text[end] == '.' && char.IsLetter(text[end + 1]))) { return; }
            scan.Add(at, end, Mention, Confidence, validated: false);
            return;
        }
        if (hex && length is 3 or 6 or 8 && name.ContainsAnyInRange('0', '9') || (hex && length is 6 or 8)) { return; }
        foreach (var directive in Directives)
        {
            if (name.SequenceEqual(directive)) { return; }
        }
        scan.Add(at, end, Hashtag, Confidence, validated: false);
    }
}
