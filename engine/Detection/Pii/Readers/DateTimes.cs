using System.Collections.Frozen;
using Surveillance.Text;
using Surveillance.Detection.Pii.Checks;

namespace Surveillance.Detection.Pii.Readers;

/// <summary>Dates and times: context, never an exposure by themselves; beside a word of birth, a date of birth.</summary>
/// <remarks>Source: ISO 8601-1 for the numeric forms that begin with a year; the others as people write them.</remarks>
internal static class DateTimes
{
    private const int IsoDate = 88;
    private const int FullYear = 85;
    private const int ShortYear = 62;
    private const int DottedShortYear = 38;
    private const int DayAndMonth = 62;
    private const int Weekday = 55;
    private const int ClockTime = 52;
    private const int YearAfterWord = 56;
    private const int YearAlone = 26;
    private const int Birth = 12;
    private const int Whole = 15;

    private static readonly int DateTime = PiiTypes.IndexOf("date-time");
    private static readonly int CardExpiry = PiiTypes.IndexOf("card-expiry");
    private static readonly int DateOfBirth = PiiTypes.IndexOf("date-of-birth");

    private static readonly FrozenSet<string> BeforeDates = FrozenSet.ToFrozenSet(["on", "dated", "since", "date", "until", "till", "born", "dob", "vom", "am", "seit", "bis", "datum", "le", "du", "depuis", "el", "del", "desde", "fecha", "em", "data", "il", "dal", "op", "den"]);
    private static readonly string[] BeforeYears = ["in", "during", "since", "of", "from", "until", "till", "by", "a", "the", "year", "early", "late", "before", "after", "around", "seit", "bis", "anno", "jahr", "en", "depuis", "desde", "nel", "dal"];

    /// <summary>Reads the date, time or year that begins at a token of digits.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="i">Index of the token.</param>
    /// <returns>The offset after it, or that of the token when there is none.</returns>
    internal static int ReadAtDigit(PiiScan scan, int i)
    {
        var text = scan.Text.Folded;
        var start = scan.Text.Tokens[i].Start;
        if (start > 0 && (NumberCluster.Sticks(text[start - 1]) || text[start - 1] is '$' or '€' or '£' or '#' || (text[start - 1] is '-' or '/' or '.' or ',' or ':' && start > 1 && NumberCluster.Sticks(text[start - 2])))) { return start; }
        var at = start;
        var first = Number(text, ref at);
        var digits = at - start;
        if (digits == 5) { return ReadCompactBirth(scan, start); }
        if (digits is 0 or > 4) { return start; }
        if (digits <= 2 && start >= 2 && at < text.Length && text[at] == '年' && Eras.Contains(text[(start - 2)..start].ToString()) && TryCjk(text, at, out var eraEnd))
        {
            Add(scan, start - 2, eraEnd, FullYear); // 昭和54年11月8日
            return eraEnd;
        }
        if (digits == 4)
        {
            if (first is < 1800 or > 2199) { return start; }
            var end = at;
            if (at + 1 < text.Length && text[at] is '-' or '/' or '.' && TryRest(text, at, text[at], out var month, out var day, out end) && Dates.IsDate(first, month, day))
            {
                end = TimeEnd(text, end);
                Add(scan, start, end, IsoDate, whole: true);
                return end;
            }
            if (at < text.Length && text[at] is '年' or '년' && TryCjk(text, at, out end)) { Add(scan, start, end, FullYear); return end; }
            return ReadYear(scan, i, start, at);
        }
        if (digits > 2) { return start; }
        if (at < text.Length && text[at] is '/' or '.' or '-')
        {
            var separator = text[at];
            if (TryNumeric(text, at, separator, first, out var end, out var yearDigits))
            {
                end = TimeEnd(text, end);
                Add(scan, start, end, yearDigits == 4 ? FullYear : separator == '.' ? (IsAfterDateWord(scan, i) ? ShortYear : DottedShortYear) : separator == '-' ? ShortYear - 20 : ShortYear, whole: true);
                return end;
            }
        }
        if (first is >= 1 and <= 12 && at + 4 < text.Length && text[at] is '/' && text[(at + 1)..(at + 3)] is "19" or "20" && char.IsAsciiDigit(text[at + 3]) && char.IsAsciiDigit(text[at + 4]) && Boundary.MayEnd(text, at + 5))
        {
            // Beside a word of cards it is when one expires.
            Add(scan, start, at + 5, scan.SurroundingsOf(start, at + 5).Near.Has(CardExpiry) ? YearAlone : DayAndMonth, isFull: false);
            return at + 5;
        }
        if (first is >= 1 and <= 31 && ReadDayOfMonth(scan, i, start, at) is var after && after > start) { return after; }
        return ReadClock(scan, start, at, first);
    }

    /// <summary>Reads the date that a month opens: <c>May 21, 2021</c>, <c>March 2004</c>.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="i">Index of the month's token.</param>
    /// <returns>The offset after it, or that of the token when there is none.</returns>
    internal static int ReadAtMonth(PiiScan scan, int i)
    {
        var text = scan.Text.Folded;
        var tokens = scan.Text.Tokens;
        var start = tokens[i].Start;
        var at = tokens[i].End;
        if (at < text.Length && text[at] == '.') { at++; }
        if (at >= text.Length || text[at] is not (' ' or '-')) { return start; }
        at++;
        if (at < text.Length && text[at] == ' ') { at++; }
        var numberStart = at;
        var number = Number(text, ref at);
        var digits = at - numberStart;
        if (digits == 4 && number is >= 1800 and <= 2199 && Boundary.MayEnd(text, at))
        {
            Add(scan, start, at, FullYear, isFull: false);
            return at;
        }
        if (digits == 2 && text[numberStart - 1] == '-' && number is 0 or > 31 && Boundary.MayEnd(text, at) && Boundary.MayBegin(text, start))
        {
            Add(scan, start, at, DayAndMonth - 10, isFull: false); // Jan-61: no day is so late
            return at;
        }
        if (digits is not (1 or 2) || number is < 1 or > 31) { return start; }
        at = SkipOrdinal(text, at);
        var end = at;
        if (TryYear(text, at, out var withYear)) { end = withYear; }
        if (!Boundary.MayEnd(text, end)) { return start; }
        Add(scan, start, end, end > at ? FullYear : DayAndMonth, isFull: end > at);
        return end;
    }

    /// <summary>Adds a day of the week.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="i">Index of its token.</param>
    internal static void AddWeekday(PiiScan scan, int i)
    {
        var token = scan.Text.Tokens[i];
        scan.Add(token.Start, token.End, DateTime, Weekday, validated: false);
    }

    private static void Add(PiiScan scan, int start, int end, int confidence, bool whole = false, bool isFull = true)
    {
        if (whole && scan.IsWhole(start, end)) { confidence += Whole; }
        scan.Add(start, end, DateTime, confidence, validated: false);
        if (isFull)
        {
            var around = scan.SurroundingsOf(start, end);
            if ((around.Near.Has(DateOfBirth) && !around.Not.Has(DateOfBirth)) || IsMarkedAsBirth(scan.Text, start, end)) { scan.Add(start, end, DateOfBirth, confidence + Birth, validated: false); }
        }
    }

    /// <summary>Eras that years are counted by in Japan and Taiwan.</summary>
    private static readonly FrozenSet<string> Eras = FrozenSet.ToFrozenSet(["明治", "大正", "昭和", "平成", "令和", "民國", "民国"]);

    /// <summary>Reads eight digits that are a day behind a word of birth and nothing else: <c>dob 08111979</c>.</summary>
    private static int ReadCompactBirth(PiiScan scan, int start)
    {
        var text = scan.Text.Folded;
        var end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end])) { end++; }
        if (end - start != 8 || !Boundary.MayBegin(text, start) || !Boundary.MayEnd(text, end)) { return start; }
        var (a, b, c, d) = (Two(text, start), Two(text, start + 2), Two(text, start + 4), Two(text, start + 6));
        var isYearLast = c is 19 or 20 && (Dates.IsDate(c * 100 + d, b, a) || Dates.IsDate(c * 100 + d, a, b));
        var isYearFirst = a is 19 or 20 && Dates.IsDate(a * 100 + b, c, d);
        if (!isYearLast && !isYearFirst) { return start; }
        var around = scan.SurroundingsOf(start, end);
        if (around.Near.Has(DateOfBirth) && !around.Not.Has(DateOfBirth)) { scan.Add(start, end, DateOfBirth, ShortYear + Birth, validated: false); }
        return start;

        static int Two(ReadOnlySpan<char> text, int at) => (text[at] - '0') * 10 + text[at + 1] - '0';
    }

    /// <summary>The last year of birth for which a sign is enough that means other things as well.</summary>
    private const int YoungestBySign = 2015;

    /// <summary>Abbreviations of "born" that are other words without their full stop, or letters of a list.</summary>
    private static readonly string[] BornShort = ["b", "f", "ur", "nar", "geb", "n", "p"];

    /// <summary>What stands right behind a date of birth.</summary>
    private static readonly string[] BornBehind = [" dogumlu", "生まれ", "出生", "生人", " г.р", " г. р", " года рождения", " г. рождения", " р.н", " 출생", "생", "년생", " (dob)", " (d.o.b", " (geb"];

    /// <summary>Whether a sign of birth stands right at a date: <c>*12.05.1981</c>, <c>b. 12.05.81</c>, <c>12.05.1981 г.р.</c></summary>
    private static bool IsMarkedAsBirth(PreparedText prepared, int start, int end)
    {
        var text = prepared.Folded;
        foreach (var behind in BornBehind)
        {
            if (text[end..].StartsWith(behind)) { return true; }
        }
        if (start < 1 || YearOf(text[start..end]) is < 1900 or > YoungestBySign) { return false; }
        var at = text[start - 1] == ' ' ? start - 2 : start - 1;
        if (at < 0) { return false; }
        if (text[at] == '*')
        {
            // No bold text, no item of a list, no product.
            var isApart = at < start - 1;
            if (end < text.Length && text[end] == '*') { return false; }
            return at == 0 ? !isApart : text[at - 1] is ' ' or '(' or ',' or ';' || (text[at - 1] == '\n' && !isApart);
        }
        if (text[at] != '.') { return false; }
        var from = at;
        while (from > 0 && at - from < 5 && char.IsAsciiLetter(text[from - 1])) { from--; }
        foreach (var word in BornShort)
        {
            if (text[from..at].SequenceEqual(word)) { return true; }
        }
        return false;
    }

    /// <summary>The year of a date, or 0: two digits are of the last century, or of this one up to 15.</summary>
    private static int YearOf(ReadOnlySpan<char> date)
    {
        if (date.Contains(':')) { return 0; }
        var first = 0;
        while (first < date.Length && char.IsAsciiDigit(date[first])) { first++; }
        if (first == 4) { return int.Parse(date[..4], System.Globalization.CultureInfo.InvariantCulture); }
        var from = date.Length;
        while (from > 0 && char.IsAsciiDigit(date[from - 1])) { from--; }
        if (date.Length - from is not (2 or 4)) { return 0; }
        var year = int.Parse(date[from..], System.Globalization.CultureInfo.InvariantCulture);
        return year >= 100 ? year : year <= YoungestBySign - 2000 ? 2000 + year : year > 26 ? 1900 + year : 0;
    }

    /// <summary>Whether a word of dates stands right before a token: with it two digits are a year.</summary>
    private static bool IsAfterDateWord(PiiScan scan, int i)
    {
        if (i == 0) { return false; }
        var before = scan.Text.Tokens[i - 1];
        return scan.Text.Tokens[i].Start - before.End <= 2 && BeforeDates.GetAlternateLookup<ReadOnlySpan<char>>().Contains(scan.Text.Folded[before.Start..before.End]);
    }

    /// <summary>Month and day behind a year and its sign, as in Chinese, Japanese and Korean.</summary>
    private static bool TryCjk(ReadOnlySpan<char> text, int at, out int end)
    {
        end = SkipBlank(text, at + 1);
        var from = end;
        var month = Number(text, ref end);
        if (end - from is not (1 or 2) || month is < 1 or > 12 || end >= text.Length || text[end] is not ('月' or '월')) { return false; }
        var monthEnd = ++end;
        from = end = SkipBlank(text, end);
        var day = Number(text, ref end);
        if (end - from is 1 or 2 && day is >= 1 and <= 31 && end < text.Length && text[end] is '日' or '号' or '號' or '일') { end++; }
        else { end = monthEnd; }
        return true;
    }

    private static int SkipBlank(ReadOnlySpan<char> text, int at) => at < text.Length && text[at] == ' ' ? at + 1 : at;

    private static int Number(ReadOnlySpan<char> text, ref int at)
    {
        var number = 0;
        var start = at;
        while (at < text.Length && at - start < 5 && char.IsAsciiDigit(text[at])) { number = number * 10 + (text[at++] - '0'); }
        return number;
    }

    /// <summary>The offset behind a separator, and behind the blank that Czechs and Koreans write after a full stop.</summary>
    private static int SkipBlankBehind(ReadOnlySpan<char> text, int at, char separator) => separator == '.' ? SkipBlank(text, at + 1) : at + 1;

    /// <summary>Month and day behind a year.</summary>
    private static bool TryRest(ReadOnlySpan<char> text, int at, char separator, out int month, out int day, out int end)
    {
        day = 0;
        var from = end = SkipBlankBehind(text, at, separator);
        month = Number(text, ref end);
        if (end - from is not (1 or 2) || end >= text.Length || text[end] != separator) { return false; }
        from = end = SkipBlankBehind(text, end, separator);
        day = Number(text, ref end);
        return end - from is 1 or 2;
    }

    /// <summary>Month and year behind a day, or day and year behind a month.</summary>
    private static bool TryNumeric(ReadOnlySpan<char> text, int at, char separator, int first, out int end, out int yearDigits)
    {
        var from = end = SkipBlankBehind(text, at, separator);
        var isSpaced = end > at + 1;
        yearDigits = 0;
        var second = Number(text, ref end);
        if (end - from is not (1 or 2) || end >= text.Length || text[end] != separator) { return false; }
        from = end = SkipBlankBehind(text, end, separator);
        var year = Number(text, ref end);
        yearDigits = end - from;
        if (isSpaced && yearDigits != 4) { return false; }
        if (yearDigits is not (2 or 4) || (yearDigits == 4 && year is < 1800 or > 2199)) { return false; }
        if (end < text.Length && (NumberCluster.Sticks(text[end]) && text[end] is not 't' || (text[end] is '-' or '/' or '.' or ',' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1])))) { return false; }
        var any = yearDigits == 4 ? year : 2000;
        return Dates.IsDate(any, second, first) || Dates.IsDate(any, first, second);
    }

    /// <summary>The end of the clock time and zone that follow a date, or the end of the date.</summary>
    private static int TimeEnd(ReadOnlySpan<char> text, int dateEnd)
    {
        var at = dateEnd;
        if (at >= text.Length || text[at] is not ('t' or ' ')) { return dateEnd; }
        at++;
        if (!TryClock(text, ref at, out var withColon) || !withColon) { return dateEnd; }
        if (at < text.Length && text[at] == 'z') { at++; }
        else if (at < text.Length && text[at] is '+' or '-')
        {
            var zone = at + 1;
            Number(text, ref zone);
            if (zone - at is 3 or 5)
            {
                if (zone - at == 3 && zone + 2 < text.Length && text[zone] == ':' && char.IsAsciiDigit(text[zone + 1]) && char.IsAsciiDigit(text[zone + 2])) { zone += 3; }
                at = zone;
            }
        }
        return at < text.Length && NumberCluster.Sticks(text[at]) ? dateEnd : at;
    }

    private static bool TryClock(ReadOnlySpan<char> text, ref int at, out bool withColon)
    {
        withColon = false;
        var from = at;
        var hour = Number(text, ref at);
        if (at - from is not (1 or 2) || hour > 24) { return false; }
        for (var part = 0; part < 2 && at + 2 < text.Length && text[at] == ':' && char.IsAsciiDigit(text[at + 1]) && char.IsAsciiDigit(text[at + 2]); part++)
        {
            if (text[at + 1] > '5') { return false; }
            at += 3;
            withColon = true;
        }
        if (withColon && at + 1 < text.Length && text[at] is '.' or ',' && char.IsAsciiDigit(text[at + 1]))
        {
            at++;
            while (at < text.Length && char.IsAsciiDigit(text[at])) { at++; }
        }
        return true;
    }

    private static int ReadClock(PiiScan scan, int start, int at, int hour)
    {
        var text = scan.Text.Folded;
        var end = start;
        if (!TryClock(text, ref end, out var withColon)) { return start; }
        var suffix = end < text.Length && text[end] == ' ' ? end + 1 : end;
        if (suffix + 1 < text.Length && text[suffix] is 'a' or 'p' && text[suffix + 1] == 'm' && hour <= 12 && (suffix + 2 >= text.Length || !NumberCluster.Sticks(text[suffix + 2]))) { end = suffix + 2; }
        else if (!withColon || end == at || !Boundary.MayEnd(text, end)) { return start; }
        Add(scan, start, end, ClockTime, isFull: false);
        return end;
    }

    /// <summary>A day with its month and perhaps its year: <c>21 May 2021</c>, <c>21st of May</c>, <c>21-May</c>.</summary>
    private static int ReadDayOfMonth(PiiScan scan, int i, int start, int at)
    {
        var text = scan.Text.Folded;
        var tokens = scan.Text.Tokens;
        at = SkipOrdinal(text, at);
        if (at < text.Length && text[at] == '.') { at++; }
        if (at >= text.Length || text[at] is not (' ' or '-' or '/')) { return start; }
        var next = i + 1;
        if (next < tokens.Length && text[tokens[next].Start..tokens[next].End] is "of" or "de" or "di") { next++; }
        if (next >= tokens.Length || tokens[next].Start - at > 4 || TriggerWords.At(scan.Text, next, out _) is not { Kind: TriggerKind.Month }) { return start; }
        var end = tokens[next].End;
        var dayAndMonth = end;
        if (end < text.Length && text[end] == '.') { end++; }
        var withYear = TryYear(text, end, out var yearEnd) || TryShortYear(text, start, end, out yearEnd) ? yearEnd : dayAndMonth;
        if (!Boundary.MayEnd(text, withYear)) { return start; }
        Add(scan, start, withYear, withYear > dayAndMonth ? FullYear : DayAndMonth, isFull: withYear > dayAndMonth);
        return withYear;
    }

    private static int SkipOrdinal(ReadOnlySpan<char> text, int at) =>
        at + 1 < text.Length && text[at..(at + 2)] is "st" or "nd" or "rd" or "th" && (at + 2 == text.Length || !NumberCluster.Sticks(text[at + 2])) ? at + 2 : at;

    /// <summary>A year of four digits behind a comma, a blank, a hyphen or a small word.</summary>
    private static bool TryYear(ReadOnlySpan<char> text, int at, out int end)
    {
        end = at;
        if (end < text.Length && text[end] == ',') { end++; }
        if (end < text.Length && text[end] is ' ' or '-' or '/') { end++; }
        if (end == at) { return false; }
        if (text[end..].StartsWith("de ")) { end += 3; }
        else if (text[end..].StartsWith("del ")) { end += 4; }
        var from = end;
        var year = Number(text, ref end);
        return end - from == 4 && year is >= 1800 and <= 2199 && (end == text.Length || !NumberCluster.Sticks(text[end]));
    }

    /// <summary>A year of two digits behind a hyphen, where a hyphen stands before the month too: <c>21-May-21</c>.</summary>
    private static bool TryShortYear(ReadOnlySpan<char> text, int start, int at, out int end)
    {
        end = at + 3;
        return at + 2 < text.Length && text[at] is '-' or '/' && text[start..at].Contains(text[at]) && char.IsAsciiDigit(text[at + 1]) && char.IsAsciiDigit(text[at + 2]) && (end == text.Length || !NumberCluster.Sticks(text[end]));
    }

    private static int ReadYear(PiiScan scan, int i, int start, int end)
    {
        var text = scan.Text.Folded;
        if (!Boundary.MayEnd(text, end) || end < text.Length && text[end] is '-' or '/' || start > 0 && text[start - 1] is '-' or '+' or '(') { return start; }
        var tokens = scan.Text.Tokens;
        var confidence = YearAlone;
        if (i > 0 && tokens[i - 1].End == start - 1 && text[start - 1] == ' ' && IsBeforeYear(text[tokens[i - 1].Start..tokens[i - 1].End]))
        {
            confidence = YearAfterWord;
        }
        scan.Add(start, end, DateTime, confidence, validated: false);
        return end;
    }

    private static bool IsBeforeYear(ReadOnlySpan<char> word)
    {
        foreach (var one in BeforeYears)
        {
            if (word.SequenceEqual(one)) { return true; }
        }
        return false;
    }
}
