using Surveillance.Text;

namespace Surveillance.Detection.Pii.Readers;

/// <summary>Finds every type that its written forms describe: at each token all types at once, each value tested by the checks of those that fit.</summary>
internal static class FormReader
{
    private const int LongestValue = 64;

    // What the surroundings add or take, in hundredths.
    private const int FarWord = -20;
    private const int WordAfter = -8;
    private const int RunningWord = -30;
    private const int WordAgainst = -40;
    private const int ProviderPrefix = 50;
    private const int FromOutside = 6; // a client who names a secret or a number gives it away; the firm's own messages send one to its owner
    private const int AtHome = 6;
    private const int Reported = 50;
    private const int UnitBehind = -40;
    private const int InLongerRow = -20;
    private const int SmallLetters = -12;
    private const int MixedLetters = -24; // "A12 3rd exit": nobody writes one value so
    private const int DigitsOfADate = 8;
    private const int DateLike = -15;
    private const int PartlySeparated = -6;
    private const int Split = -25; // columns and rows of a table look alike

    /// <summary>Words that people forget the blank behind.</summary>
    private static readonly string[] StickingWords = ["is", "no", "nr", "id", "code", "number", "tel", "ist"];

    /// <summary>Reads the whole text.</summary>
    /// <param name="scan">The text, and where the candidates go.</param>
    internal static void Find(PiiScan scan)
    {
        var tokens = scan.Text.Tokens;
        var text = scan.Text.Folded;
        for (var i = 0; i < tokens.Length; i++)
        {
            var token = tokens[i];
            if ((token.Flags & TokenFlags.Unspaced) != 0) { continue; }
            if (token.End - token.Start == 1) { SplitValues.ReadSpaced(scan, i); }
            var hasDigits = (token.Flags & TokenFlags.Digits) != 0;
            if (!hasDigits && !DigitsFollow(tokens, i) && !IsHexPair(tokens, i, text) && !MayBeWhole(scan, token)) { continue; }
            var start = token.Start;
            if (text[start] >= 128)
            {
                // The value begins where the script changes.
                while (start < token.End && text[start] >= 128) { start++; }
                if (start == token.End || (NumberCluster.Sticks(text[start - 1]))) { continue; }
            }
            else if (!Boundary.MayBegin(text, start)) { continue; }
            var runEnd = ReadAt(scan, start);
            if (hasDigits && char.IsAsciiLetter(text[start]) && runEnd < token.End && IsSticking(text[start..runEnd])) { ReadAt(scan, runEnd); }
        }
        SplitValues.ReadBroken(scan);
    }

    /// <summary>Whether one of the next two tokens holds a digit and is close.</summary>
    private static bool DigitsFollow(ReadOnlySpan<Token> tokens, int i)
    {
        for (var n = i + 1; n < tokens.Length && n <= i + 2; n++)
        {
            if (tokens[n].Start - tokens[n - 1].End > 2) { return false; }
            if ((tokens[n].Flags & TokenFlags.Digits) != 0) { return true; }
        }
        return false;
    }

    /// <summary>Whether two letters open a row of pairs, as in <c>AA:BB:CC</c>.</summary>
    private static bool IsHexPair(ReadOnlySpan<Token> tokens, int i, ReadOnlySpan<char> text)
    {
        var end = tokens[i].End;
        return end - tokens[i].Start == 2 && i + 1 < tokens.Length && tokens[i + 1].Start == end + 1 && tokens[i + 1].End == end + 3 && text[end] is ':' or '-';
    }

    /// <summary>Whether a word without digits is as long as a value may be, and in capitals.</summary>
    private static bool MayBeWhole(PiiScan scan, Token token)
    {
        var length = token.End - token.Start;
        return length < 64 && (FormatIndex.WholeWords >> length & 1) != 0 && char.IsAsciiLetterUpper(scan.OriginalAt(token.Start)) && char.IsAsciiLetterUpper(scan.OriginalAt(token.End - 1));
    }

    private static bool IsSticking(ReadOnlySpan<char> word)
    {
        foreach (var one in StickingWords)
        {
            if (word.SequenceEqual(one)) { return true; }
        }
        return false;
    }

    /// <summary>Tries every form that fits the run at an offset; gives the offset after the run.</summary>
    private static int ReadAt(PiiScan scan, int start)
    {
        var text = scan.Text.Folded;
        var isDigits = char.IsAsciiDigit(text[start]);
        var end = start;
        while (end < text.Length && (isDigits ? char.IsAsciiDigit(text[end]) : char.IsAsciiLetterLower(text[end]))) { end++; }
        foreach (ref readonly var entry in FormatIndex.Of(isDigits, end - start))
        {
            if (end < text.Length && entry.MayContinue(text[end]) ? true : entry.MayEnd && Boundary.MayEnd(text, end))
            {
                Match(scan, start, entry);
            }
        }
        return end;
    }

    private static void Match(PiiScan scan, int start, in FormEntry entry)
    {
        if (!scan.Enabled[entry.Type.Index]) { return; }
        var text = scan.Text.Folded;
        var format = entry.Form.Format;
        var end = format.Match(text, start);
        if (end < 0 || !format.IsSeparatedAlike(text[start..end], out var separator)) { return; }
        Judge(scan, start, end, entry, separator, isSplit: false);
    }

    /// <summary>Tests the value between two offsets, weighs it and keeps it.</summary>
    /// <param name="scan">The text, and where the candidate goes.</param>
    /// <param name="start">Folded offset of its first character.</param>
    /// <param name="end">Folded offset after its last character.</param>
    /// <param name="entry">The form that it fits.</param>
    /// <param name="separator">What parts its groups, or <c>\0</c>.</param>
    /// <param name="isSplit">Whether blanks or a line break part it where the form has none: only a word makes one value of the pieces.</param>
    internal static void Judge(PiiScan scan, int start, int end, in FormEntry entry, char separator, bool isSplit)
    {
        var text = scan.Text.Folded;
        var format = entry.Form.Format;
        var type = entry.Type;
        Span<char> buffer = stackalloc char[LongestValue];
        var length = 0;
        var exact = type.Case == LetterCase.Exact;
        bool letters = false, small = false, capital = false;
        for (var i = start; i < end; i++)
        {
            var c = text[i];
            if (!char.IsAsciiLetterOrDigit(c)) { continue; }
            if (length == LongestValue) { return; }
            if (char.IsAsciiLetter(c))
            {
                letters = true;
                var original = scan.OriginalAt(i);
                if (char.IsUpper(original)) { capital = true; }
                else { small = true; }
                if (exact && char.IsAsciiLetter(original)) { c = original; }
            }
            buffer[length++] = c;
        }
        if (small && (type.Case == LetterCase.Upper || (entry.Form.IsCapitals && !scan.IsWhole(start, end)))) { return; }
        var value = buffer[..length];
        if (length > 5 && value.IndexOfAnyExcept(value[0]) < 0) { return; }
        var verdict = type.Check.Test(value);
        if (verdict == Verdict.Fails) { return; }
        var confidence = (verdict == Verdict.Passes ? entry.Form.Confidence : entry.Form.Undecided) + type.Prior;
        var around = scan.SurroundingsOf(start, end);
        var near = around.Near.Has(type.Index) ? type.NearAdds
            : around.After.Has(type.Index) ? type.NearAdds + WordAfter
            : around.Far.Has(type.Index) ? type.NearAdds + FarWord
            : 0;
        // "invoice R7150482 for the passport photos": what stands before it names it.
        if (around.IsRunning && !around.Near.Has(type.Index) && around.After.Has(type.Index)) { near += FarWord; }
        if (near > 0 && type.TakesNearestOnly && !around.Nearest.Has(type.Index)) { near = 0; }
        if (near > 0 && type.Name == "card-security-code" && around.Near.Has(type.Index) && !IsLinked(scan, start)) { near = 0; }
        confidence += near;
        if (!letters && IsBeforeUnit(scan, end)) { confidence += UnitBehind; }
        if (near > 0 && type.IsGivenAway && scan.IsFromOutside) { confidence += FromOutside; }
        var provider = type.Category == "secret" && entry.Form.Confidence >= ProviderPrefix; // a key in a ticket is a key
        if (near == 0 && around.IsRunning && !provider) { confidence += RunningWord; }
        if (around.Not.Has(type.Index)) { confidence += near > 0 ? WordAgainst / 2 : WordAgainst; }
        if (isSplit && near == 0 && !provider) { confidence += Split; }
        if (scan.IsWhole(start, end))
        {
            var alone = confidence + Alone(scan, type, near);
            // So many authorities' checks there are that a lone number passes one of them by chance: reported only when it is one of home, or rare enough by itself.
            confidence = near == 0 && confidence < Reported && type.Pack != PiiTypes.EveryCountry && !PhonePlan.IsHome(type.Pack, scan.Homes) ? Math.Min(alone, Reported - 1) : alone;
        }
        else if (!letters && IsInLongerRow(text, start, end)) { confidence += near > 0 ? InLongerRow / 2 : InLongerRow; }
        if (letters && small && !exact && (near == 0 || capital)) { confidence += capital ? MixedLetters : SmallLetters; }
        if (!letters && length == DigitsOfADate && IsDate(value)) { confidence += DateLike; }
        if (separator != '\0' && IsPartlySeparated(text[start..end], format)) { confidence += PartlySeparated; }
        scan.Add(start, end, type.Index, confidence, validated: verdict == Verdict.Passes && type.Check.Confirms, form: entry.Number);
    }

    /// <summary>
    /// What it adds that a message is nothing but the value. A client who writes a bare number answers a question; an employee who does may as
    /// well name an account or a ticket. And a number of a country from which nobody here telephones is more likely one by chance.
    /// </summary>
    private static int Alone(PiiScan scan, PiiType type, int near)
    {
        var adds = scan.IsFromOutside || near > 0 ? type.AloneAdds : type.AloneAdds / 2;
        return type.Pack == PiiTypes.EveryCountry || scan.Homes == 0 ? adds : PhonePlan.IsHome(type.Pack, scan.Homes) ? adds + AtHome : adds / 2;
    }

    /// <summary>Whether eight digits are a day of this or the last century, the year first or last.</summary>
    private static bool IsDate(ReadOnlySpan<char> digits)
    {
        return IsDay(digits[..4], digits[4..6], digits[6..]) || IsDay(digits[4..], digits[2..4], digits[..2]) || IsDay(digits[4..], digits[..2], digits[2..4]);

        static bool IsDay(ReadOnlySpan<char> year, ReadOnlySpan<char> month, ReadOnlySpan<char> day) =>
            year[..2] is "19" or "20" && Checks.General.NumberOf(month) is >= 1 and <= 12 && Checks.General.NumberOf(day) is >= 1 and <= 31;
    }

    /// <summary>Words between the name of a code and the code.</summary>
    private static readonly string[] CodeLinks = ["is", "ist", "est", "es", "be", "code", "number", "no", "verification", "seguridad", "seguranca", "cvc2", "cid", "prufnummer", "exp", "back", "digits"];

    /// <summary>Whether the word right before a code names it or links it to its name.</summary>
    private static bool IsLinked(PiiScan scan, int start)
    {
        var text = scan.Text.Folded;
        var end = start;
        while (end > 0 && text[end - 1] is ' ' or ':' or '=' or '(' or '-' or '#' or '\n' or '"' && start - end < 6) { end--; }
        if (end == 0 || Folding.IsUnspaced(text[end - 1])) { return end > 0; }
        var from = end;
        while (from > 0 && end - from < 32 && char.IsLetterOrDigit(text[from - 1])) { from--; }
        var word = text[from..end];
        foreach (var link in CodeLinks)
        {
            if (word.SequenceEqual(link)) { return true; }
        }
        return (Words.GroupsOf(Folding.HashToken(word)) & WordGroup.Card) != 0;
    }

    /// <summary>Whether a unit stands right behind a value: it is an amount.</summary>
    private static bool IsBeforeUnit(PiiScan scan, int end)
    {
        var text = scan.Text.Folded;
        if (end + 2 >= text.Length || text[end] != ' ' || !char.IsLetter(text[end + 1])) { return false; }
        if (text[end + 1] is '股' or '元' or '万') { return true; }
        var after = end + 1;
        while (after < text.Length && char.IsLetter(text[after]) && after - end < 12) { after++; }
        return !(after < text.Length && text[after] is ':' or '-') && Words.IsUnit(Folding.HashToken(text[(end + 1)..after]));
    }

    /// <summary>Whether more digits stand beside a value, parted by a blank only.</summary>
    private static bool IsInLongerRow(ReadOnlySpan<char> text, int start, int end) =>
        (start > 1 && text[start - 1] is ' ' && char.IsAsciiDigit(text[start - 2])) || (end + 1 < text.Length && text[end] is ' ' && char.IsAsciiDigit(text[end + 1]));

    /// <summary>Whether a form that has several separators was written with some of them only.</summary>
    private static bool IsPartlySeparated(ReadOnlySpan<char> value, Format format)
    {
        var written = 0;
        foreach (var c in value)
        {
            if (format.Separators.Contains(c)) { written++; }
        }
        return written < format.Pattern.AsSpan().Count('~');
    }
}
