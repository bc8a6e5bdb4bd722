using System.Buffers;
using Surveillance.Text;

namespace Surveillance.Detection.Pii.Readers;

/// <summary>Web addresses.</summary>
internal static class Urls
{
    /// <summary>URLs with a scheme, hosts that begin with <c>www.</c>, and bare hosts of a known top-level domain; file names and names in code are none.</summary>
    /// <remarks>Source: RFC 3986, 3; a sentence's punctuation behind it, and a bracket that it does not open, do not belong to it.</remarks>
    internal static readonly Recogniser Url = new(new Shape(Anchor.Colon, 4, int.MaxValue), Check.None, Near: WordGroup.Web, Not: WordGroup.None)
    {
        Bands = new(Passed: 99, Weak: 30, Near: 25, Not: 0),
    };

    private const int WithWww = 95;
    private const int SureHost = 65;
    private const int LikelyHost = 52;

    /// <summary>No host is longer (RFC 1035, 2.3.4).</summary>
    private const int LongestHost = 253;

    private static readonly SearchValues<char> PathEnds = SearchValues.Create(" \n\"<>`\\|^{}\t");
    private static readonly SearchValues<char> DottedQuad = SearchValues.Create("0123456789.");
    private static readonly string[] Schemes = ["https", "http", "sftp", "ftps", "ftp", "wss", "ws", "hxxps", "hxxp"];
    private static readonly string[] NoHosts = ["asp.net", "ado.net", "vb.net", "ml.net", "akka.net", "node.js", "socket.io", "system.io", "java.io", "java.net", "system.net", "tel.nr"];

    /// <summary>Reads the URL whose scheme ends at a colon before two slashes.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="colon">Folded offset of the colon.</param>
    /// <returns>The offset after it, or -1.</returns>
    internal static int ReadScheme(PiiScan scan, int colon)
    {
        var text = scan.Text.Folded;
        var letters = colon;
        while (letters > 0 && colon - letters < 12 && char.IsAsciiLetter(text[letters - 1])) { letters--; }
        var start = -1;
        foreach (var scheme in Schemes)
        {
            if (text[letters..colon].EndsWith(scheme)) { start = colon - scheme.Length; break; }
        }
        if (start < 0) { return -1; }
        var host = colon + 3;
        var end = HostEnd(text, host);
        if (end < text.Length && text[end] is '@' or ':' && UserInfoEnd(text, host, end) is > 0 and var userEnd)
        {
            host = userEnd;
            end = HostEnd(text, host);
        }
        if (!IsHost(text[host..end])) { return -1; }
        if (IsDottedQuad(text[host..end])) { scan.Add(host, end, PiiTypes.IpAddress, IpAddresses.IpAddress.Bands.Passed, validated: false); }
        end = TailEnd(scan, end);
        scan.Add(start, end, PiiTypes.Url, Url.Bands.Passed, validated: false);
        return end;
    }

    /// <summary>Reads the host around a full stop, with what follows it.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="dot">Folded offset of the full stop, between letters or digits.</param>
    /// <param name="from">Offset before which everything is read already.</param>
    /// <returns>The offset up to which no other full stop needs a look.</returns>
    internal static int ReadHost(PiiScan scan, int dot, int from)
    {
        var text = scan.Text.Folded;
        int start = dot, end = dot;
        while (start > from && IsHostCharacter(text[start - 1])) { start--; }
        while (end < text.Length && IsHostCharacter(text[end])) { end++; }
        var after = end;
        while (start < end && text[start] is '.' or '-' or '_') { start++; }
        while (end > start && text[end - 1] is '.' or '-' or '_') { end--; }
        if (end - start > LongestHost) { return after; }
        var before = start > 0 ? text[start - 1] : ' ';
        var next = end < text.Length ? text[end] : ' ';
        if (before is '@' or '/' or '\\' or '$' or '#' or '&' or '~' || next is '@' or '(' or '\\' or '[' or '=' || NumberCluster.Sticks(before) || NumberCluster.Sticks(next))
        {
            return after;
        }
        var name = text[start..end];
        var www = name.StartsWith("www.");
        if (name.IndexOf("..") >= 0 || (name.Contains('_') && !www)) { return after; }
        var last = name.LastIndexOf('.');
        if (last <= 0) { return after; }
        var level = TopLevelDomains.Of(name[(last + 1)..]);
        if (www && level == TopLevel.Unknown)
        {
            // "www.example.org.Please": the sentence behind it stuck to it.
            var shorter = name[..last].LastIndexOf('.');
            if (shorter > 4 && TopLevelDomains.Of(name[(shorter + 1)..last]) is not TopLevel.Unknown and var inner)
            {
                (end, last, level) = (start + last, shorter, inner);
                name = text[start..end];
                next = '.';
            }
        }
        if (level == TopLevel.Unknown || (www && name.Count('.') < 2)) { return after; }
        var labels = name.Count('.') + 1;
        var second = name[(name[..last].LastIndexOf('.') + 1)..last];
        if (second.Length == 0 || second[0] == '-' || second[^1] == '-' || IsExcepted(name)) { return after; }
        if (level == TopLevel.Ambiguous && labels > 2 && second is "com" or "co" or "org" or "net" or "gov" or "edu" or "ac" or "go" or "or" or "ne") { level = TopLevel.Likely; }
        var path = next is '/' or '?' || (next == ':' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]));
        var confidence = www ? WithWww
            : level == TopLevel.Sure ? SureHost
            : level == TopLevel.Likely ? (labels > 2 || second.Length >= 3 ? LikelyHost : Url.Bands.Weak)
            : Url.Bands.Weak;
        if (!www)
        {
            if (labels > 2 && level != TopLevel.Ambiguous) { confidence += 13; }
            if (second.Length < 2 || second.IndexOfAnyExceptInRange('0', '9') < 0) { confidence -= 5; }
            if (level == TopLevel.Ambiguous && IsNewSentence(scan, start + last + 1)) { confidence -= 20; }
        }
        var whole = path && next is '/' or '?' || next == ':' ? TailEnd(scan, end) : end;
        if (path && whole > end + 2) { confidence += level == TopLevel.Ambiguous && whole < end + 5 ? 15 : 25; }
        var context = scan.ContextOf(start, whole, Url.Near);
        if (context.All != 0) { confidence += Url.Bands.Near; }
        scan.Add(start, whole, PiiTypes.Url, confidence, validated: false);
        return Math.Max(after, whole);
    }

    /// <summary>Whether a capital follows the full stop: a sentence whose blank was forgotten.</summary>
    private static bool IsNewSentence(PiiScan scan, int offset) => char.IsUpper(scan.Text.Original[scan.Text.ToOriginal(offset, offset + 1).Start]);

    private static bool IsExcepted(ReadOnlySpan<char> name)
    {
        foreach (var exception in NoHosts)
        {
            if (name.SequenceEqual(exception)) { return true; }
        }
        return false;
    }

    private static bool IsHostCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_';

    private static int HostEnd(ReadOnlySpan<char> text, int start)
    {
        var end = start;
        if (end < text.Length && text[end] == '[')
        {
            var close = text[end..Math.Min(text.Length, end + 50)].IndexOf(']');
            return close < 0 ? end : end + close + 1;
        }
        while (end < text.Length && IsHostCharacter(text[end])) { end++; }
        return end;
    }

    /// <summary>The offset after <c>user:password@</c>, or -1.</summary>
    private static int UserInfoEnd(ReadOnlySpan<char> text, int start, int colonOrAt)
    {
        for (var i = colonOrAt; i < text.Length && i - start < 128; i++)
        {
            if (text[i] == '@') { return i + 1; }
            if (!char.IsAsciiLetterOrDigit(text[i]) && text[i] is not (':' or '.' or '-' or '_' or '~' or '!' or '$' or '%' or '*' or '+')) { return -1; }
        }
        return -1;
    }

    private static bool IsHost(ReadOnlySpan<char> host)
    {
        if (host.Length == 0 || host.Length > LongestHost) { return false; }
        if (host is "localhost" || host[0] == '[') { return true; }
        host = host.TrimEnd(".-_");
        var last = host.LastIndexOf('.');
        if (last <= 0 || host.IndexOf("..") >= 0) { return false; }
        var top = host[(last + 1)..];
        if (top.IndexOfAnyExceptInRange('a', 'z') < 0 || top.StartsWith("xn--")) { return top.Length >= 2; }
        return IsDottedQuad(host);
    }

    private static bool IsDottedQuad(ReadOnlySpan<char> host) => host.Count('.') == 3 && host.IndexOfAnyExcept(DottedQuad) < 0;

    /// <summary>The end of a URL that continues at the end of its host: port, path, query, fragment.</summary>
    private static int TailEnd(PiiScan scan, int hostEnd)
    {
        var text = scan.Text.Folded;
        var end = hostEnd;
        while (end > 0 && text[end - 1] is '.' or '-' or '_' && !(end < text.Length && text[end] is '/' or '?' or '#' or ':')) { end--; }
        if (end < text.Length && text[end] == ':')
        {
            var port = end + 1;
            while (port < text.Length && port - end <= 5 && char.IsAsciiDigit(text[port])) { port++; }
            if (port == end + 1) { return end; }
            end = port;
        }
        if (end >= text.Length || text[end] is not ('/' or '?' or '#')) { return end; }
        int parentheses = 0, brackets = 0, stop = end;
        for (var i = end; i < text.Length; i++)
        {
            var c = text[i];
            if (PathEnds.Contains(c) || (c >= 128 && !char.IsLetter(c)) || Folding.IsUnspaced(c) || IsWide(scan, i, c)) { break; }
            if (c == '(') { parentheses++; }
            if (c == '[') { brackets++; }
            if ((c == ')' && --parentheses < 0) || (c == ']' && --brackets < 0)) { break; }
            if (c is not ('.' or ',' or ';' or ':' or '!' or '?' or '\'' or '*' or '~' or '(' or '[')) { stop = i + 1; }
        }
        return Math.Max(stop, end);
    }

    /// <summary>Whether a sign was full-width in the text as captured, and so belongs to the sentence around it.</summary>
    private static bool IsWide(PiiScan scan, int i, char c) =>
        !char.IsAsciiLetterOrDigit(c) && scan.Text.Original[scan.Text.ToOriginal(i, i + 1).Start] >= '\u3000';
}
