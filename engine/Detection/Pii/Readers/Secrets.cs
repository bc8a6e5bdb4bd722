using System.Buffers;
using System.Buffers.Text;
using System.Collections.Frozen;
using Surveillance.Text;

namespace Surveillance.Detection.Pii.Readers;

/// <summary>Secrets whose length no form can bound, and those that only the words before them make secret.</summary>
internal static class Secrets
{
    private const int LongestPassword = 512; // the keys of storage accounts have 88 characters
    private const int LongestToken = 4096;
    private const int Sure = 97;
    private const int Likely = 82;
    private const int Digits = 62;
    private const int SingleWord = 55;

    private static readonly int Jwt = PiiTypes.IndexOf("jwt");
    private static readonly int PrivateKey = PiiTypes.IndexOf("private-key");
    private static readonly int Connection = PiiTypes.IndexOf("connection-string");
    private static readonly int Password = PiiTypes.IndexOf("password");

    private const int MostForWords = 4;
    private const int ShortestOfWeb = 4;
    private const int ShortestMixed = 6;
    private const int ShortestBare = 8;

    /// <summary>What makes a password of a word right behind the name of one: <c>pwd Sommer2026!</c>.</summary>
    private static readonly SearchValues<char> BareSigns = SearchValues.Create("!#$%&+*");

    /// <summary>Words that link the name of a password to the password, folded.</summary>
    private static readonly FrozenSet<string> Links = FrozenSet.ToFrozenSet(["is", "are", "was", "be", "ist", "lautet", "war", "est", "es", "e", "era", "sera", "jest", "brzmi", "ar", "er", "это", "adalah", "c'est", "it's"]);

    /// <summary>Words that link the two in some sentences only: what follows must look like a password.</summary>
    private static readonly FrozenSet<string> WeakLinks = FrozenSet.ToFrozenSet(["to", "auf", "en", "on", "olarak", "на"]);

    /// <summary>Words before what a password is for, folded.</summary>
    private static readonly FrozenSet<string> Purposes = FrozenSet.ToFrozenSet(["for", "fur", "furs", "zum", "zur", "pour", "de", "du", "para", "del", "da", "per", "della", "voor", "van", "do", "till", "icin", "для", "от", "of", "to"]);

    /// <summary>Words before the name of a password that stands behind it: <c>use … as the password</c>, folded.</summary>
    private static readonly string[] Reversals = [" as the ", " as your ", " as my ", " as a ", " as ", " als ", " comme ", " como ", " come "];

    /// <summary>Words that may stand between the name of a password and the password, folded.</summary>
    private static readonly FrozenSet<string> Fillers = FrozenSet.ToFrozenSet(
        [
            "for", "now", "the", "your", "my", "of", "login", "account", "wifi", "wi", "fi", "wi-fi", "wlan", "portal", "new", "fur", "furs", "das", "den", "die", "der", "zum", "zur", "pour", "le", "la", "du", "de", "d", "des",
            "para", "el", "del", "do", "da", "o", "al", "il", "di", "per", "voor", "het", "van", "konta", "для", "от", "к", "icin", "vpn", "laptop", "mail", "email", "temporary", "temp", "will", "has", "been", "set", "changed", "reset", "back",
            "provisoire", "temporaire", "nouveau", "nueva", "nuevo", "neue", "neues", "nuova", "nova", "nowe", "temporal", "acceso", "acces", "d'acces", "accesso", "d'accesso", "вайфая", "вайфай", "почты", "входа", "аккаунта",
        ]);

    /// <summary>Reads a JSON web token: header, payload and signature in base64url, parted by full stops.</summary>
    /// <remarks>Source: RFC 7519; the header must be JSON that begins with a name.</remarks>
    /// <param name="scan">Where it goes.</param>
    /// <param name="start">Folded offset of its first character.</param>
    /// <returns>The offset after what was read.</returns>
    internal static int ReadJwt(PiiScan scan, int start)
    {
        var text = scan.Text.Folded;
        var end = start;
        int dots = 0, header = 0;
        while (end < text.Length && end - start < LongestToken && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '-' or '_' or '.'))
        {
            if (text[end] == '.' && ++dots == 1) { header = end - start; }
            end++;
        }
        while (end > start && text[end - 1] == '.') { end--; dots--; }
        if (dots is not (1 or 2 or 4) || header < 10 || end - start - header < 10) { return end; }
        Span<char> original = stackalloc char[Math.Min(header, 256)];
        for (var i = 0; i < original.Length; i++) { original[i] = scan.OriginalAt(start + i); }
        Span<byte> decoded = stackalloc byte[256];
        var whole = original[..(original.Length / 4 * 4)];
        if (original[0] != 'e' || original[2] != 'J' || !Base64Url.TryDecodeFromChars(whole, decoded, out var written) || written < 2 || decoded[0] != '{' || decoded[1] != '"') { return end; }
        scan.Add(start, end, Jwt, Sure, validated: true);
        return end;
    }

    /// <summary>Reads a block that begins with <c>-----BEGIN … PRIVATE KEY-----</c> (RFC 7468).</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="begin">Folded offset of the word.</param>
    /// <returns>The offset after what was read.</returns>
    internal static int ReadKeyBlock(PiiScan scan, int begin)
    {
        var text = scan.Text.Folded;
        if (begin < 5 || !text[(begin - 5)..begin].SequenceEqual("-----")) { return begin; }
        var line = text[begin..Math.Min(text.Length, begin + 80)];
        var key = line.IndexOf("private key");
        if (key < 0 || line[..key].IndexOf("\n") >= 0) { return begin; }
        var close = text[begin..].IndexOf("-----end");
        var end = text.Length;
        if (close >= 0)
        {
            end = begin + close + 8;
            while (end < text.Length && text[end] != '\n' && text[end] != '-') { end++; }
            while (end < text.Length && text[end] == '-') { end++; }
        }
        scan.Add(begin - 5, end, PrivateKey, Sure, validated: false);
        return end;
    }

    /// <summary>Reads a connection string with user and password: <c>scheme://user:password@host</c>.</summary>
    /// <remarks>Source: RFC 3986, 3.2.1.</remarks>
    /// <param name="scan">Where it goes.</param>
    /// <param name="i">Index of the scheme's token.</param>
    /// <returns>The offset after what was read.</returns>
    internal static int ReadConnection(PiiScan scan, int i)
    {
        var text = scan.Text.Folded;
        var token = scan.Text.Tokens[i];
        var at = token.End;
        if (text[at..].StartsWith("+srv")) { at += 4; }
        if (!text[at..].StartsWith("://")) { return token.Start; }
        int colon = -1, sign = -1;
        // Elsewhere than in the address of a database, a slash ends the host.
        var isWeb = text[token.Start..].StartsWith("http");
        for (at += 3; at < text.Length && at - token.Start < 512 && text[at] is not (' ' or '\n' or '"' or '\'' or '<' or '>'); at++)
        {
            if (text[at] == ':' && colon < 0 && sign < 0) { colon = at; }
            else if (text[at] == '@') { sign = at; }
            else if (isWeb && sign < 0 && text[at] is '/' or '?' or '#') { return at; }
        }
        if (colon < 0 || sign <= colon + (isWeb ? ShortestOfWeb : 1)) { return at; }
        while (text[at - 1] is '.' or ',' or ')' or ';') { at--; }
        scan.Add(token.Start, at, Connection, Sure + 2, validated: false);
        return at;
    }

    /// <summary>Reads the password that a word names: <c>the password for the portal is …</c>, <c>pwd=…</c>.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="i">Index of the word's first token.</param>
    /// <param name="count">How many tokens the word has.</param>
    /// <param name="isCode">Whether a code of a few digits is called so as well, which is not for here.</param>
    /// <param name="isOwned">Whether the word says whose it is, so that no verb links it to what follows.</param>
    /// <param name="needsSign">Whether the word names a password only where a sign follows.</param>
    /// <returns>The offset after what was read.</returns>
    internal static int ReadPassword(PiiScan scan, int i, int count, bool isOwned = false, bool isCode = false, bool needsSign = false)
    {
        var text = scan.Text.Folded;
        var tokens = scan.Text.Tokens;
        var at = tokens[i + count - 1].End;
        var named = at;
        if (!needsSign && !isCode && ReadReversed(scan, i, named)) { return named; }
        bool linked = false, assigned = false, purpose = false, weak = isOwned || text[..at].EndsWith("'s"); // "the password's …"
        for (int n = i + count, words = 0; words < 6; words++)
        {
            // Signs that say: here it comes.
            var sign = false;
            while (at < text.Length && text[at] is ' ' or ':' or '=' or '"' or '\'' or '-' or '>' or '是' or '为' or '為' or 'は' or '`')
            {
                sign |= text[at] is ':' or '=' or '是' or '为' or '為' or 'は';
                weak |= text[at] == '-' && at > 0 && text[at - 1] == ' ';
                at++;
            }
            linked |= sign;
            assigned = sign;
            if (at >= text.Length || text[at] == '\n') { return named; }
            while (n < tokens.Length && tokens[n].Start < at) { n++; }
            if (n < tokens.Length && tokens[n].Start == at && !sign && LinkBehindPurpose(scan, n) is var link and >= 0)
            {
                linked = true;
                at = tokens[link].End;
                n = link;
                continue;
            }
            if (n < tokens.Length && tokens[n].Start == at && !sign && IsLink(text[at..tokens[n].End], ref linked, ref weak) && (tokens[n].End == text.Length || text[tokens[n].End] is ' ' or ':'))
            {
                purpose = Purposes.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text[at..tokens[n].End]);
                at = tokens[n].End;
                continue;
            }
            break;
        }
        if (needsSign && !assigned) { return named; }
        if (purpose && !linked && !weak) { return named; } // "my password for Office365, who resets it?"
        var isBare = !linked && !weak;
        var end = at;
        int digits = 0, letters = 0, signs = 0;
        while (end < text.Length && end - at < LongestPassword && text[end] is not (' ' or '\n' or '"' or ';' or '<' or '>' or '`' or '，' or '。') && !Folding.IsUnspaced(text[end]))
        {
            var c = text[end++];
            if (char.IsAsciiDigit(c)) { digits++; }
            else if (char.IsLetter(c)) { letters++; }
            else { signs++; }
        }
        while (end > at && text[end - 1] is '.' or ',' or ')' or '?' or '\'' or ':' or ']') { end--; signs--; }
        var length = end - at;
        if (length < 4 || text[at..end].Contains("://", StringComparison.Ordinal) || text[at..end].Contains('(') || text[at] is '$' or '/' or '%' or '*' or '<' or '[' or '{' or '•') { return end > at ? at : named; }
        if (signs > 0 && digits == 0 && IsWords(text[at..end])) { return at; }
        if (!linked && (length < ShortestMixed || digits == 0 || letters == 0)) { return named; }
        if (isBare && (length < ShortestBare || (text[at..end].IndexOfAny(BareSigns) < 0 && !(EndsClause(text, end) && HasBothCases(scan, at, end))))) { return named; } // "pwd Sommer2026!", "hasło Zima2024"
        if (needsSign && (length < ShortestBare || digits == 0 || letters == 0 || !HasSmallLetters(scan, at, end))) { return named; } // "Pass: C01X00T47" is a passport
        var confidence = digits > 0 && letters > 0 ? Likely : signs > 0 && letters > 0 && length >= 6 ? Likely - 15 : digits >= 4 && letters == 0 && signs == 0 ? (isCode ? 0 : Digits) : assigned && letters == length && IsLoneWord(text, at, end) ? SingleWord : 0;
        if (confidence > 0) { scan.Add(at, end, Password, confidence, validated: false); }
        return end;
    }

    /// <summary>The verb behind a few words that say what the password is for: <c>for the old portal is</c>; -1 where there is none.</summary>
    private static int LinkBehindPurpose(PiiScan scan, int n)
    {
        var text = scan.Text.Folded;
        var tokens = scan.Text.Tokens;
        if (!Purposes.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text[tokens[n].Start..tokens[n].End])) { return -1; }
        var isPolish = text[tokens[n].Start..tokens[n].End] is "do";
        for (var k = n + 1; k < tokens.Length && k - n <= MostForWords + 1; k++)
        {
            if (!text[tokens[k - 1].End..tokens[k].Start].SequenceEqual(" ") || (tokens[k].Flags & (TokenFlags.Digits | TokenFlags.Unspaced)) != 0) { return -1; }
            var word = text[tokens[k].Start..tokens[k].End];
            if (k > n + 1 && (Links.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word) || (isPolish && word is "to"))) { return k; }
            if (tokens[k].End < text.Length && text[tokens[k].End] is ':' or '=') { return k; }
        }
        return -1;
    }

    /// <summary>Reads a password before the word for it: <c>use … as the password</c>.</summary>
    private static bool ReadReversed(PiiScan scan, int i, int named)
    {
        var text = scan.Text.Folded;
        var start = scan.Text.Tokens[i].Start;
        if (!EndsClause(text, named)) { return false; }
        foreach (var words in Reversals)
        {
            if (!text[..start].EndsWith(words)) { continue; }
            var end = start - words.Length;
            var at = end;
            int digits = 0, letters = 0;
            while (at > 0 && end - at < LongestPassword && text[at - 1] is not (' ' or '\n' or '"' or '\'' or '`' or '<' or '('))
            {
                at--;
                digits += char.IsAsciiDigit(text[at]) ? 1 : 0;
                letters += char.IsLetter(text[at]) ? 1 : 0;
            }
            while (end > at && text[end - 1] is '"' or '\'' or '`' or ',') { end--; }
            if (end - at < ShortestMixed || digits == 0 || letters == 0) { return false; }
            scan.Add(at, end, Password, Likely - 15, validated: false);
            return true;
        }
        return false;
    }

    /// <summary>Whether nothing more of the clause stands behind an offset.</summary>
    private static bool EndsClause(ReadOnlySpan<char> text, int end) => end >= text.Length || text[end] is ',' or ';' or '\n' or ')' or '!' or '/' || (text[end] is '.' or '"' or '\'' && (end + 1 == text.Length || text[end + 1] is ' ' or '\n'));

    /// <summary>Whether small letters and capitals stand there as they were written.</summary>
    private static bool HasBothCases(PiiScan scan, int start, int end)
    {
        bool capitals = false, small = false;
        for (var i = start; i < end; i++)
        {
            capitals |= char.IsUpper(scan.OriginalAt(i));
            small |= char.IsLower(scan.OriginalAt(i));
        }
        return capitals && small;
    }

    private static bool HasSmallLetters(PiiScan scan, int start, int end)
    {
        var small = 0;
        for (var i = start; i < end; i++) { small += char.IsLower(scan.OriginalAt(i)) ? 1 : 0; }
        return small > 1;
    }

    /// <summary>Words that say something about a password where one might stand.</summary>
    private static readonly string[] Continuations =
        [
            "required", "reset", "see", "asked", "none", "null", "true", "false", "changed", "change", "expired", "expires", "forgotten", "forgot", "incorrect", "invalid", "wrong", "protected", "same", "please", "your", "will",
            "must", "should", "cannot", "need", "needs", "with", "without", "from", "this", "that", "what", "when", "where", "which", "sent", "send", "click", "here", "there", "attached", "below", "above", "hidden", "redacted",
            "enter", "type", "string", "text", "value", "password", "passwd", "passcode", "pass", "undefined", "empty", "confirm", "input", "bytes", "username", "user", "email", "login", "tbd", "unknown", "policy", "settings",
            "erforderlich", "siehe", "bitte", "vergessen", "requis", "oublié", "voir", "olvidada", "requerida", "optional", "mandatory", "optionally", "field", "object", "number", "bool", "char", "varchar", "self", "config", "getpass",
        ];

    /// <summary>Whether a word of ASCII letters is all that stands behind the sign on its line, and is no common continuation.</summary>
    private static bool IsLoneWord(ReadOnlySpan<char> text, int at, int end)
    {
        if (text[at..end].ContainsAnyExceptInRange('a', 'z')) { return false; }
        var after = end;
        while (after < text.Length && text[after] is '.' or '"' or '\'' or '`' or ' ') { after++; }
        if (after < text.Length && text[after] is not ('\n' or ';' or ',')) { return false; }
        foreach (var word in Continuations)
        {
            if (text[at..end].SequenceEqual(word)) { return false; }
        }
        return true;
    }

    /// <summary>Words joined by hyphens, slashes or apostrophes are no password.</summary>
    private static bool IsWords(ReadOnlySpan<char> value)
    {
        foreach (var c in value)
        {
            if (!char.IsLetter(c) && c is not ('-' or '/' or '\'' or '.' or ',' or '&' or '_')) { return false; }
        }
        return true;
    }

    private static bool IsLink(ReadOnlySpan<char> word, ref bool linked, ref bool weak)
    {
        var isLink = Links.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
        var isWeak = WeakLinks.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
        linked |= isLink;
        weak |= isWeak;
        return isLink || isWeak || Fillers.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
    }
}
