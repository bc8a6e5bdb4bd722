namespace Surveillance.Detection.Pii.Readers;

/// <summary>E-mail addresses.</summary>
internal static class Emails
{
    /// <summary>E-mail addresses: the dot-atom form with a host name of at least two labels; also with the signs spelt out, as in <c>joe [at] example [dot] com</c>.</summary>
    /// <remarks>Source: RFC 5321, 4.1.2, and RFC 5322, 3.4.1, without quoted local parts and address literals.</remarks>
    internal static readonly Recogniser Email = new(new Shape(Anchor.At, 6, 254), Check.None, Near: WordGroup.None, Not: WordGroup.None)
    {
        Bands = new(Passed: 99, Weak: 80, Near: 0, Not: 0),
    };

    private const int LongestLocalPart = 64;
    private const int MessageId = 30;
    private const int LongestLine = 256;
    private const int SpeltWithBrackets = 85;
    private const int SpeltInWords = 60;

    /// <summary>Reads the address around an at sign.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="at">Folded offset of the sign.</param>
    internal static void Read(PiiScan scan, int at)
    {
        var text = scan.Text.Folded;
        if (at == 0 || at + 1 >= text.Length || !IsLocal(text[at - 1]) || !char.IsAsciiLetterOrDigit(text[at + 1]))
        {
            return;
        }
        var start = LocalStart(text, at);
        if (start < 0)
        {
            return;
        }
        var end = HostEnd(text, at + 1, out var known);
        if (end < 0)
        {
            return;
        }
        scan.Add(start, end, PiiTypes.Email, IsMessageId(text, start) ? MessageId : known ? Email.Bands.Passed : Email.Bands.Weak, validated: false);
    }

    /// <summary>Whether the line names identifiers of messages, which only look like addresses (RFC 5322, 3.6.4).</summary>
    private static bool IsMessageId(ReadOnlySpan<char> text, int start)
    {
        if (start == 0 || text[start - 1] is not ('<' or ' ' or ':')) { return false; }
        var from = Math.Max(0, start - LongestLine);
        var line = text[from..start];
        line = line[(line.LastIndexOf('\n') + 1)..].TrimStart(" >");
        return line.StartsWith("message-id:") || line.StartsWith("in-reply-to:") || line.StartsWith("references:");
    }

    /// <summary>Reads an address with its sign spelt out, at the bracket before <c>at</c>.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="bracket">Folded offset of the opening bracket.</param>
    internal static void ReadSpelt(PiiScan scan, int bracket)
    {
        var text = scan.Text.Folded;
        var after = SkipBracketed(text, bracket, "at");
        if (after < 0) { after = SkipBracketed(text, bracket, "@"); }
        if (after < 0) { return; }
        var localEnd = bracket > 0 && text[bracket - 1] == ' ' ? bracket - 1 : bracket;
        if (after < text.Length && text[after] == ' ') { after++; }
        AddSpelt(scan, localEnd, after, SpeltWithBrackets);
    }

    /// <summary>Reads an address that is all words, at the blank before <c>dot</c>: <c>joe at example dot com</c>.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="dot">Folded offset of the blank.</param>
    internal static void ReadWords(PiiScan scan, int dot)
    {
        var text = scan.Text.Folded;
        var host = dot;
        while (host > 0 && dot - host < 63 && (char.IsAsciiLetterOrDigit(text[host - 1]) || text[host - 1] == '-')) { host--; }
        if (host == dot || host < 4 || !text[..host].EndsWith(" at ")) { return; }
        AddSpelt(scan, host - 4, host, SpeltInWords);
    }

    private static void AddSpelt(PiiScan scan, int localEnd, int hostStart, int confidence)
    {
        var text = scan.Text.Folded;
        if (localEnd == 0 || hostStart >= text.Length || !IsLocal(text[localEnd - 1]) || !char.IsAsciiLetterOrDigit(text[hostStart])) { return; }
        var start = LocalStart(text, localEnd);
        if (start < 0) { return; }
        var labels = 0;
        for (var i = hostStart; labels < 8;)
        {
            var label = i;
            while (i < text.Length && i - label < 63 && (char.IsAsciiLetterOrDigit(text[i]) || text[i] == '-')) { i++; }
            if (i == label) { return; }
            labels++;
            var next = SkipDot(text, i);
            if (next < 0)
            {
                if (labels > 1 && (confidence == SpeltInWords ? TopLevelDomains.Of(text[label..i]) >= TopLevel.Likely : TopLevelDomains.EndsAddress(text[label..i]))) { scan.Add(start, i, PiiTypes.Email, confidence, validated: false); }
                return;
            }
            i = next;
        }
    }

    /// <summary>The offset after a dot, plain or spelt out, or -1.</summary>
    private static int SkipDot(ReadOnlySpan<char> text, int i)
    {
        if (i + 1 < text.Length && text[i] == '.' && char.IsAsciiLetterOrDigit(text[i + 1])) { return i + 1; }
        if (text[i..].StartsWith(" dot ")) { return i + 5; }
        var open = i < text.Length && text[i] == ' ' ? i + 1 : i;
        var after = SkipBracketed(text, open, "dot");
        if (after < 0) { after = SkipBracketed(text, open, "."); }
        return after < 0 ? -1 : after < text.Length && text[after] == ' ' ? after + 1 : after;
    }

    /// <summary>The offset after a word in brackets, or -1.</summary>
    private static int SkipBracketed(ReadOnlySpan<char> text, int i, string word)
    {
        if (i >= text.Length || text[i] is not ('[' or '(' or '{' or '<')) { return -1; }
        i++;
        if (i < text.Length && text[i] == ' ') { i++; }
        if (!text[i..].StartsWith(word)) { return -1; }
        i += word.Length;
        if (i < text.Length && text[i] == ' ') { i++; }
        return i < text.Length && text[i] is ']' or ')' or '}' or '>' ? i + 1 : -1;
    }

    private static bool IsLocal(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+' or '%' or '\'' or '&' or '~';

    /// <summary>Where the local part that ends at an offset begins, or -1 when there is none that may stand.</summary>
    private static int LocalStart(ReadOnlySpan<char> text, int end)
    {
        if (text[end - 1] == '.') { return -1; }
        var start = end;
        while (start > 0 && IsLocal(text[start - 1]))
        {
            if (text[start - 1] == '.' && start < end && text[start] == '.')
            {
                // Two dots are a mistake; more are an ellipsis in front of the address.
                if (start < 2 || text[start - 2] != '.') { return -1; }
                start++;
                break;
            }
            if (end - --start > LongestLocalPart) { return -1; }
        }
        if (start < end && text[start] == '.' && !(start > 0 && text[start - 1] == '.')) { return -1; }
        while (start < end && !char.IsAsciiLetterOrDigit(text[start]) && text[start] != '_') { start++; }
        return start < end ? start : -1;
    }

    /// <summary>Where the host name that begins at an offset ends, or -1 when it is none.</summary>
    private static int HostEnd(ReadOnlySpan<char> text, int start, out bool known)
    {
        known = false;
        int end = -1, labels = 0, i = start;
        while (i - start <= 253)
        {
            var label = i;
            while (i < text.Length && i - label <= 63 && (char.IsAsciiLetterOrDigit(text[i]) || text[i] == '-')) { i++; }
            if (i == label || i - label > 63 || text[label] == '-') { break; }
            labels++;
            var name = text[label..i].TrimEnd('-');
            if (i < text.Length && text[i] == '_') { return -1; }
            if (labels > 1 && name.Length >= 2 && (IsLetters(name) || name.StartsWith("xn--")))
            {
                var ends = TopLevelDomains.EndsAddress(name);
                if (ends || !known)
                {
                    end = label + name.Length;
                    known = ends;
                }
            }
            if (i + 1 >= text.Length || text[i] != '.' || name.Length < i - label) { break; }
            i++;
        }
        if (end >= 0 && end < text.Length && (text[end] == '@' || (text[end] == '.' && !known && end + 1 < text.Length && char.IsAsciiLetterOrDigit(text[end + 1])))) { return -1; }
        return end;
    }

    private static bool IsLetters(ReadOnlySpan<char> label)
    {
        foreach (var c in label)
        {
            if (!char.IsAsciiLetter(c)) { return false; }
        }
        return true;
    }
}
