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
    private const int FromOutside = 6; // a client who writes a code or a PIN gives it away; the firm's own messages send one to its owner
    private const int UnitBehind = -40;
    private const int InLongerRow = -20;
    private const int SmallLetters = -12;
    private const int PartlySeparated = -6;
    private const int OneByOne = -25; // columns of a table look alike

    private const int LongestSpaced = 40;
    private const int ShortestSpaced = 8;

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
            if (token.End - token.Start == 1 && IsSpacedFrom(tokens, i) && !IsSpacedFrom(tokens, i - 1) && Boundary.MayBegin(text, token.Start)) { ReadSpaced(scan, i); }
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

    /// <summary>Whether a token is a single character and so is the next, one or two characters on.</summary>
    private static bool IsSpacedFrom(ReadOnlySpan<Token> tokens, int i) =>
        i >= 0 && i + 1 < tokens.Length && ((tokens[i].Flags | tokens[i + 1].Flags) & TokenFlags.Unspaced) == 0 && tokens[i].End - tokens[i].Start == 1 && tokens[i + 1].End - tokens[i + 1].Start == 1 && tokens[i + 1].Start - tokens[i].End is 1 or 2;

    /// <summary>Tries every form on digits and letters that stand apart one by one: <c>9 4 3 4 7 6 5 9 1 9</c>.</summary>
    private static void ReadSpaced(PiiScan scan, int i)
    {
        var tokens = scan.Text.Tokens;
        var text = scan.Text.Folded;
        Span<char> joined = stackalloc char[LongestSpaced];
        int length = 0, digits = 0, last = i;
        while (true)
        {
            var c = text[tokens[last].Start];
            if (length == joined.Length || !char.IsAsciiLetterOrDigit(c)) { return; }
            joined[length++] = c;
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            if (!IsSpacedFrom(tokens, last) || text[tokens[last].End..tokens[last + 1].Start].IndexOfAnyExcept(' ', '\n') >= 0) { break; }
            last++;
        }
        if (length < ShortestSpaced || digits * 2 < length || !Boundary.MayEnd(text, tokens[last].End)) { return; }
        var isDigits = char.IsAsciiDigit(joined[0]);
        var run = 0;
        while (run < length && char.IsAsciiDigit(joined[run]) == isDigits) { run++; }
        foreach (ref readonly var entry in FormatIndex.Of(isDigits, run))
        {
            if (scan.Enabled[entry.Type.Index] && entry.Form.Format.Match(joined[..length], 0) == length) { Judge(scan, tokens[i].Start, tokens[last].End, entry, '\0', isSpaced: true); }
        }
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
        Judge(scan, start, end, entry, separator, isSpaced: false);
    }

    /// <summary>Tests the value between two offsets, weighs it and keeps it.</summary>
    private static void Judge(PiiScan scan, int start, int end, in FormEntry entry, char separator, bool isSpaced)
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
        if (type.Case == LetterCase.Upper && small) { return; }
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
        if (near > 0 && type.TakesNearestOnly && !around.Nearest.Has(type.Index)) { near = 0; }
        if (near > 0 && type.Name == "card-security-code" && around.Near.Has(type.Index) && !IsLinked(scan, start)) { near = 0; }
        confidence += near;
        if (!letters && IsBeforeUnit(scan, end)) { confidence += UnitBehind; }
        if (near > 0 && type.Category == "secret" && scan.IsFromOutside) { confidence += FromOutside; }
        var provider = type.Category == "secret" && entry.Form.Confidence >= ProviderPrefix; // a key in a ticket is a key
        if (near == 0 && around.IsRunning && !provider) { confidence += RunningWord; }
        if (around.Not.Has(type.Index)) { confidence += near > 0 ? WordAgainst / 2 : WordAgainst; }
        if (isSpaced) { confidence += near > 0 ? 0 : OneByOne; }
        if (scan.IsWhole(start, end)) { confidence += type.AloneAdds; }
        else if (!letters && IsInLongerRow(text, start, end)) { confidence += near > 0 ? InLongerRow / 2 : InLongerRow; }
        if (letters && small && !exact && near == 0) { confidence += capital ? SmallLetters * 2 : SmallLetters; }
        if (separator != '\0' && IsPartlySeparated(text[start..end], format)) { confidence += PartlySeparated; }
        scan.Add(start, end, type.Index, confidence, validated: verdict == Verdict.Passes && type.Check.Confirms, form: entry.Number);
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
