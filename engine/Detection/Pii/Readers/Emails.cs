using System.Collections.Frozen;

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
    private const int Rate = 30;
    private const int SignInWords = 82; // more than the host has as a web address

    /// <summary>What stands for a full stop where the sign is spelt out too; the first two beside the English <c>at</c> as well.</summary>
    private static readonly string[] DotWords = [" dot ", " punkt ", " punto ", " point ", " ponto ", " kropka ", " tecka ", " nokta ", " точка "];

    private const int PlainDotWords = 2;

    /// <summary>What is written in brackets for the at sign, folded.</summary>
    private static readonly string[] BracketedSigns = ["at", "@", "arroba", "arobase", "a"];

    private static readonly string[] BracketedDots = ["dot", ".", "punkt", "punto", "point", "ponto"];

    /// <summary>Who gives addresses to everybody: a label of the host, or the whole of it where the label is a word.</summary>
    private static readonly FrozenSet<string> Providers = FrozenSet.ToFrozenSet("""
        gmail googlemail yahoo ymail rocketmail hotmail outlook icloud aol gmx msn protonmail proton tutanota yandex qq foxmail 163 126 sina naver hanmail
        wanadoo laposte libero rediffmail zoho fastmail seznam comcast btinternet web.de mail.ru mail.com live.com me.com free.fr orange.fr t-online.de wp.pl onet.pl interia.pl
        """.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Words before the preposition <c>at</c>: no mailbox is called so.</summary>
    private static readonly FrozenSet<string> BeforePreposition = FrozenSet.ToFrozenSet("""
        me us you it him her them this that these those one ones someone anyone everyone everything something nothing all both
        look looks looked see seen saw meet met work works worked stay stays stayed start starts arrive arrives arrived live lives lived buy sell trade trades traded
        hosted found posted available is are was were be been am here there now today tomorrow yesterday tonight up down out in on back over online offline
        directly only just even also again still and or but not then who which what where when mail email e-mail address site website page pages link account accounts
        inbox domain people person guy guys folks team teams staff engineer engineers employee employees users user customers analyst analysts office offices
        job jobs role position order orders price prices shop store sale sales deal deals laugh laughed point aim shout store stores register sign signed log logged login read
        from to of with for by as than plus via using under into onto whose
        check checked visit visited call click go went come came get got try tried used use hack hacked server servers hosting data event events conference booth desk
        """.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Words that make a noun of what follows them.</summary>
    private static readonly FrozenSet<string> Determiners = FrozenSet.ToFrozenSet(
        "the a an our your my their his her its some any every each no this that these those many few several more most two three other new old".Split(' '));

    /// <summary>Words that make a firm or a subject of the host before them.</summary>
    private static readonly FrozenSet<string> BehindFirms = FrozenSet.ToFrozenSet(
        "office offices team teams hq campus headquarters account accounts page site website support stock shares is are was were has have had will would can said says told who which that they".Split(' '));

    /// <summary>Reads the address around an at sign.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="at">Folded offset of the sign.</param>
    internal static void Read(PiiScan scan, int at)
    {
        var text = scan.Text.Folded;
        if (at == 0 || at + 1 >= text.Length) { return; }
        if (text[at - 1] == ' ' || text[at + 1] == ' ')
        {
            // "joe@ example.org" is an address; "joe @example.org" may be a name behind a word.
            ReadSign(scan, text[at - 1] == ' ' ? at - 1 : at, text[at + 1] == ' ' ? at + 2 : at + 1, isSure: text[at - 1] != ' ', isDomain: text[at + 1] != ' ');
            return;
        }
        if (Masks.IsHidden(text[at - 1]) || text[at - 1] == '.' || Masks.IsHidden(text[at + 1]))
        {
            Masks.ReadEmail(scan, at);
            return;
        }
        if (!IsLocal(text[at - 1]) || !char.IsAsciiLetterOrDigit(text[at + 1])) { return; }
        var start = LocalStart(text, at);
        if (start < 0 || (start > 0 && Masks.IsHidden(text[start - 1]) && Masks.ReadEmail(scan, at))) { return; }
        var end = HostEnd(text, at + 1, out var known);
        if (end < 0)
        {
            if (!Masks.ReadEmail(scan, at)) { AddSpelt(scan, at, at + 1, SpeltWithBrackets); } // joe@example dot com
            return;
        }
        // "rate 5000@sq.mtr": a number at a price, unless the host is one.
        var isRate = !known && !text[start..at].ContainsAnyExceptInRange('0', '9');
        scan.Add(start, end, PiiTypes.Email, IsMessageId(text, start) ? MessageId : known ? Email.Bands.Passed : isRate ? Rate : Email.Bands.Weak, validated: false);
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
        var after = SkipBracketed(text, bracket, BracketedSigns);
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
        ReadSign(scan, host - 4, host, isSure: false);
    }

    /// <summary>Reads an address whose sign is a word or stands apart: <c>joe arroba example punto com</c>, <c>joe at gmail.com</c>.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="localEnd">Folded offset after the local part.</param>
    /// <param name="hostStart">Folded offset of the host.</param>
    /// <param name="isSure">Whether the word means nothing but the sign; <c>at</c> is a preposition as well.</param>
    /// <param name="isDomain">Whether the sign sticks to the host, so that it may name everybody's there.</param>
    internal static void ReadSign(PiiScan scan, int localEnd, int hostStart, bool isSure, bool isDomain = false)
    {
        var text = scan.Text.Folded;
        if (localEnd <= 0 || hostStart + 3 >= text.Length || !IsLocal(text[localEnd - 1]) || !char.IsAsciiLetterOrDigit(text[hostStart])) { return; }
        if (!TryHost(text, hostStart, isSure ? DotWords.Length : PlainDotWords, out var end, out var last, out var isSpelt)) { return; }
        var start = LocalStart(text, localEnd);
        if (start < 0) { return; }
        if (isSure)
        {
            if (HasLetter(text[start..localEnd]) && EndsHost(text[last..end])) { scan.Add(LongerLocal(text, start), end, PiiTypes.Email, isSpelt ? SpeltInWords + 10 : SignInWords, validated: false); }
            return;
        }
        if (TopLevelDomains.Of(text[last..end]) < TopLevel.Likely || !HasLetter(text[hostStart..last]) || IsProse(scan, start, localEnd)) { return; }
        if (isSpelt)
        {
            scan.Add(LongerLocal(text, start), end, PiiTypes.Email, SpeltInWords, validated: false);
        }
        else if (IsWrittenAsAddress(scan, start, localEnd, hostStart, end, isDomain))
        {
            scan.Add(LongerLocal(text, start), end, PiiTypes.Email, SignInWords, validated: false);
        }
    }

    /// <summary>Whether a preposition stands behind a word: <c>look at</c>, <c>working at</c>, <c>the guys at</c>.</summary>
    private static bool IsProse(PiiScan scan, int start, int end)
    {
        var text = scan.Text.Folded;
        var local = text[start..end];
        if (!HasLetter(local) || local.Contains('\'') || BeforePreposition.GetAlternateLookup<ReadOnlySpan<char>>().Contains(local)) { return true; }
        if (local.Length > 4 && (local.EndsWith("ing") || local.EndsWith("ed")) && char.IsLower(scan.OriginalAt(start))) { return true; }
        return Determiners.GetAlternateLookup<ReadOnlySpan<char>>().Contains(WordBefore(text, start));
    }

    /// <summary>What tells <c>joe at gmail.com</c> from a meeting at a firm's: the mailbox, the host, or what the words around say.</summary>
    private static bool IsWrittenAsAddress(PiiScan scan, int start, int localEnd, int hostStart, int end, bool isDomain)
    {
        var text = scan.Text.Folded;
        var behind = end + 1 < text.Length && text[end] == ' ' ? WordAt(text, end + 1) : default;
        if (BehindFirms.GetAlternateLookup<ReadOnlySpan<char>>().Contains(behind) && !IsNamed(text[start..localEnd])) { return false; }
        if (IsNamed(text[start..localEnd]) || scan.IsWhole(start, end) || (start > 1 && text[start - 1] is ' ' or ':' or '"' or '<' && text[Math.Max(0, start - 8)..start].TrimEnd(" \"<").EndsWith(":"))) { return true; }
        if (!isDomain && scan.SurroundingsOf(start, end).Near.Has(PiiTypes.Email)) { return true; }
        var host = text[hostStart..end];
        var label = host[..host.IndexOf('.')];
        var providers = Providers.GetAlternateLookup<ReadOnlySpan<char>>();
        return providers.Contains(label) || providers.Contains(host);
    }

    /// <summary>Two names joined, as in <c>joe.miller</c>, and no host or file.</summary>
    private static bool IsNamed(ReadOnlySpan<char> local)
    {
        var joint = local.LastIndexOfAny('.', '_');
        return joint >= 3 && local.Length - joint > 3 && IsLetters(local[(joint + 1)..]) && !TopLevelDomains.EndsAddress(local[(joint + 1)..]);
    }

    /// <summary>The word that ends one blank before an offset, or nothing.</summary>
    private static ReadOnlySpan<char> WordBefore(ReadOnlySpan<char> text, int start)
    {
        if (start < 2 || text[start - 1] != ' ') { return default; }
        var from = start - 1;
        while (from > 0 && start - from < 16 && char.IsAsciiLetter(text[from - 1])) { from--; }
        return text[from..(start - 1)];
    }

    private static ReadOnlySpan<char> WordAt(ReadOnlySpan<char> text, int start)
    {
        var end = start;
        while (end < text.Length && end - start < 16 && char.IsAsciiLetter(text[end])) { end++; }
        return text[start..end];
    }

    /// <summary>Where a local part whose dots are spelt out begins: <c>joe dot miller</c>.</summary>
    private static int LongerLocal(ReadOnlySpan<char> text, int start)
    {
        for (var parts = 0; parts < 3; parts++)
        {
            var dot = -1;
            foreach (var word in DotWords.AsSpan())
            {
                if (text[..start].EndsWith(word)) { dot = start - word.Length; break; }
            }
            if (dot <= 0 || !char.IsAsciiLetterOrDigit(text[dot - 1])) { break; }
            start = dot;
            while (start > 0 && dot - start < LongestLocalPart && char.IsAsciiLetterOrDigit(text[start - 1])) { start--; }
        }
        return start;
    }

    private static bool HasLetter(ReadOnlySpan<char> text) => text.ContainsAnyInRange('a', 'z');

    private static bool EndsHost(ReadOnlySpan<char> label) => TopLevelDomains.EndsAddress(label) || label is "ру" or "ком";

    private static void AddSpelt(PiiScan scan, int localEnd, int hostStart, int confidence)
    {
        var text = scan.Text.Folded;
        if (localEnd == 0 || hostStart >= text.Length || !IsLocal(text[localEnd - 1]) || !char.IsAsciiLetterOrDigit(text[hostStart])) { return; }
        var start = LocalStart(text, localEnd);
        if (start < 0) { return; }
        if (TryHost(text, hostStart, DotWords.Length, out var end, out var last, out _) && EndsHost(text[last..end])) { scan.Add(LongerLocal(text, start), end, PiiTypes.Email, confidence, validated: false); }
    }

    /// <summary>Reads a host of two labels or more, whose dots are plain or spelt out.</summary>
    private static bool TryHost(ReadOnlySpan<char> text, int start, int dotWords, out int end, out int last, out bool isSpelt)
    {
        isSpelt = false;
        end = last = start;
        for (var labels = 1; labels <= 8; labels++)
        {
            last = end;
            while (end < text.Length && end - last < 63 && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '-' || IsCyrillic(text[end]))) { end++; }
            if (end == last) { return false; }
            var next = SkipDot(text, end, dotWords);
            if (next < 0) { return labels > 1 && (end == text.Length || text[end] != '@'); }
            isSpelt |= next > end + 1;
            end = next;
        }
        return false;
    }

    private static bool IsCyrillic(char c) => c is >= 'а' and <= 'я';

    /// <summary>The offset after a dot, plain or spelt out, or -1.</summary>
    private static int SkipDot(ReadOnlySpan<char> text, int i, int dotWords)
    {
        if (i + 1 >= text.Length) { return -1; }
        if (text[i] == '.') { return char.IsAsciiLetterOrDigit(text[i + 1]) ? i + 1 : -1; }
        if (text[i] == '点') { return i + 1; }
        if (text[i] == ' ')
        {
            foreach (var word in DotWords.AsSpan(0, dotWords))
            {
                if (text[i..].StartsWith(word)) { return i + word.Length; }
            }
        }
        var open = text[i] == ' ' ? i + 1 : i;
        var after = SkipBracketed(text, open, BracketedDots);
        return after < 0 ? -1 : after < text.Length && text[after] == ' ' ? after + 1 : after;
    }

    /// <summary>The offset after one of some words in brackets, or -1.</summary>
    private static int SkipBracketed(ReadOnlySpan<char> text, int i, string[] words)
    {
        if (i >= text.Length || text[i] is not ('[' or '(' or '{' or '<')) { return -1; }
        i++;
        if (i < text.Length && text[i] == ' ') { i++; }
        foreach (var word in words)
        {
            if (!text[i..].StartsWith(word)) { continue; }
            var after = i + word.Length;
            if (after < text.Length && text[after] == ' ') { after++; }
            if (after < text.Length && text[after] is ']' or ')' or '}' or '>') { return after + 1; }
        }
        return -1;
    }

    /// <summary>Whether a character may stand in a local part that is written without quotation marks.</summary>
    /// <param name="c">A folded character.</param>
    internal static bool IsLocal(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+' or '%' or '\'' or '&' or '~';

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
    /// <param name="text">Folded text.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="known">Whether its top-level domain is known.</param>
    internal static int HostEnd(ReadOnlySpan<char> text, int start, out bool known)
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
