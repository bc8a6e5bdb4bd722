using Surveillance.Text;

namespace Surveillance.Detection.Pii.Readers;

/// <summary>Telephone numbers.</summary>
internal static class Phones
{
    /// <summary>Telephone numbers: international with <c>+</c> or an exit code, national as grouped at home, and any groups of 6 to 13 digits beside a word that names a telephone.</summary>
    /// <remarks>Source: ITU-T E.164, 6.2 (at most 15 digits), E.123 (how they are written), and the national plans in <see cref="PhonePlan"/>.</remarks>
    internal static readonly Recogniser Phone = new(
        Shape.Digits(6, 15).Separated(" -./()"), new Check("numbering plan", static _ => Verdict.Weak),
        Near: WordGroup.Phone | WordGroup.Contact, Not: WordGroup.Order | WordGroup.Card | WordGroup.Account | WordGroup.Amount | WordGroup.Time)
    {
        Bands = new(Passed: PlanWithPlus, Weak: Groups, Near: 45, Not: 40),
    };

    // What the number itself says, in hundredths.
    private const int PlanWithPlus = 88;
    private const int LengthWithPlus = 72;
    private const int NothingWithPlus = 30;
    private const int PlanWithExitCode = 68;
    private const int NothingWithExitCode = 15;
    private const int DistinctAtHome = 62;
    private const int AreaInBrackets = 72;
    private const int ShapeInBrackets = 52;
    private const int BareAtHome = 55;
    private const int BareMobile = 45;
    private const int WrittenAtHome = 35;
    private const int TrunkAndGroups = 40;
    private const int CodeAndGroups = 40;
    private const int Groups = 18;
    private const int FewGroups = 12;
    private const int BareTrunk = 30;
    private const int BareDigits = 10;

    // What stands around it.
    private const int NearContact = 35;
    private const int FarWord = -8;
    private const int SpokenFor = -20; // another number stands nearer to the word
    private const int NearAfter = 40;
    private const int WholeMessage = 5;
    private const int AmongUnspaced = 10;
    private const int AfterSign = -20;
    private const int Denied = -80;
    private const int Slashes = -20; // one parts an area code, two part the numbers of authorities

    /// <summary>Three, three and four digits.</summary>
    private const ulong NorthAmerican = 0x334;

    /// <summary>Five pairs, as in France and Morocco; many lists look so.</summary>
    private const ulong Pairs = 0x22222;

    private const int FewestDigits = 6;
    private const int FewestBesideContact = 7;
    private const int MostDigits = 15;
    private const int MostNationalDigits = 13;

    /// <summary>Finds the numbers of a cluster of digits.</summary>
    /// <param name="scan">Where they go.</param>
    /// <param name="cluster">The digits.</param>
    internal static void Find(PiiScan scan, NumberCluster cluster)
    {
        if (cluster.Digits < FewestDigits) { return; }
        Span<bool> bad = stackalloc bool[NumberCluster.MostGroups];
        MarkOthers(scan, cluster, bad);
        var groups = cluster.Groups;
        for (var first = 0; first < groups.Length;)
        {
            if (bad[first]) { first++; continue; }
            var last = first;
            var digits = groups[first].Length;
            while (last + 1 < groups.Length && !bad[last + 1] && groups[last + 1].Gap != Gap.Line) { digits += groups[++last].Length; }
            if (first == 0) { last = JoinBrokenLine(cluster, bad, last, ref digits); }
            if (digits >= FewestDigits) { FindIn(scan, cluster, first, last, digits); }
            first = last + 1;
        }
    }

    /// <summary>The last group of an international number that a line break cuts: the plan knows it whole, but not up to the break.</summary>
    private static int JoinBrokenLine(NumberCluster cluster, ReadOnlySpan<bool> bad, int last, ref int digits)
    {
        var groups = cluster.Groups;
        if (last + 1 >= groups.Length || groups[last + 1].Gap != Gap.Line || bad[last + 1] || !HasPlus(cluster, 0, out _)) { return last; }
        Span<char> buffer = stackalloc char[MostDigits];
        if (PhonePlan.IsInternational(cluster.Plain(0, last, buffer), out var exact) && exact) { return last; }
        for (int end = last + 1, count = digits; end < groups.Length && !bad[end] && (end == last + 1 || groups[end].Gap != Gap.Line); end++)
        {
            count += groups[end].Length;
            if (PhonePlan.IsInternational(cluster.Plain(0, end, buffer), out exact) && exact)
            {
                digits = count;
                return end;
            }
        }
        return last;
    }

    /// <summary>Marks the groups that are something else: dates, times, ranges of years, fractions, amounts, parts of longer tokens.</summary>
    private static void MarkOthers(PiiScan scan, NumberCluster cluster, Span<bool> bad)
    {
        var groups = cluster.Groups;
        for (var first = 0; first < groups.Length;)
        {
            var last = first;
            while (last + 1 < groups.Length && groups[last + 1].Gap == Gap.Tight) { last++; }
            if (IsOther(scan, cluster, first, last)) { bad[first..(last + 1)].Fill(true); }
            first = last + 1;
        }
    }

    /// <summary>Five digits, a hyphen and three as in Brazil or four as in the United States; a Brazilian mobile number begins with 9.</summary>
    private static bool IsPostcode(NumberCluster cluster) =>
        cluster.Groups[0].Length == 5 && (cluster.Groups[1].Length == 3 || (cluster.Groups[1].Length == 4 && cluster.Text[cluster.Start] != '9'));

    private static bool IsOther(PiiScan scan, NumberCluster cluster, int first, int last)
    {
        var groups = cluster.Groups;
        var text = cluster.Text;
        int start = groups[first].Start, end = groups[last].End;
        char before = cluster.At(start - 1), after = cluster.At(end), next = cluster.At(end + 1);
        if (first == 0)
        {
            if (NumberCluster.Sticks(before) || before is '*' or '=' or '_' or '^' or '\\' or '$' or '€' or '£' or '¥' or '%' or '<' or '&') { return true; }
            if (before is '.' or ',' or ':' or '/' or '-' && char.IsAsciiDigit(cluster.At(start - 2))) { return true; }
            if (before == ' ' && cluster.At(start - 2) is '$' or '€' or '£' or '¥') { return true; }
            if (before is '-' or '/' && NumberCluster.Sticks(cluster.At(start - 2)) && !IsAfterPhoneWord(text, start - 1)) { return true; }
        }
        if (last == groups.Length - 1)
        {
            if (after is '%' or '*' or '=' or '_' or '€' or '$' or '£' or '¥' or '@' or '°' or '^') { return true; }
            if (NumberCluster.Sticks(after) && !IsExtension(text, end)) { return true; }
            if (after is ':' or ',' or '+' && char.IsAsciiDigit(next)) { return true; }
            if (after == '-' && NumberCluster.Sticks(next) && !char.IsAsciiLetter(next)) { return true; }
            // "500 €" is an amount; "+44 20 7946 0000 $5" is a number and an amount.
            if (end < text.Length && text[end] == ' ' && next is '€' or '$' or '£' or '¥' or '%' && before != '+' && !char.IsAsciiDigit(cluster.At(end + 2))) { return true; }
        }
        if (first == last) { return false; }
        var gap = cluster.GapBefore(first + 1);
        if (last == 1 && groups.Length == 2 && gap is "-" && IsPostcode(cluster) && !IsLabelled(scan, start)) { return true; }
        if (last - first == 1)
        {
            // A fraction, or two years.
            return gap is "." || (gap is "-" or "/" && cluster.IsYear(first) && cluster.IsYear(last));
        }
        return last - first == 2 && cluster.GapBefore(last).SequenceEqual(gap) && gap is "-" or "/" or "." && IsDate(cluster, first, last);
    }

    private static bool IsDate(NumberCluster cluster, int first, int last)
    {
        var groups = cluster.Groups;
        int a = Value(cluster, first), b = Value(cluster, first + 1), c = Value(cluster, last);
        if (groups[first + 1].Length > 2) { return false; }
        if (groups[first].Length == 4) { return cluster.IsYear(first) && groups[last].Length <= 2 && b is >= 1 and <= 12 && c is >= 1 and <= 31; }
        return groups[first].Length <= 2 && (cluster.IsYear(last) || groups[last].Length == 2) && ((a is >= 1 and <= 31 && b is >= 1 and <= 12) || (a is >= 1 and <= 12 && b is >= 1 and <= 31));
    }

    private static int Value(NumberCluster cluster, int i)
    {
        var value = 0;
        var group = cluster.Groups[i];
        for (var at = group.Start; at < group.End && value < 100_000; at++) { value = value * 10 + (cluster.Text[at] - '0'); }
        return value;
    }

    /// <summary>Whether the word that ends at an offset names a telephone: <c>Office-…</c>.</summary>
    private static bool IsAfterPhoneWord(ReadOnlySpan<char> text, int end)
    {
        var start = end;
        while (start > 0 && end - start < 20 && char.IsAsciiLetter(text[start - 1])) { start--; }
        return start < end && (Words.GroupsOf(Folding.HashToken(text[start..end])) & (WordGroup.Phone | WordGroup.Place)) != 0;
    }

    private static void FindIn(PiiScan scan, NumberCluster cluster, int first, int last, int digits)
    {
        var groups = cluster.Groups;
        var international = HasPlus(cluster, first, out var formula);
        if (formula) { return; }
        if (international)
        {
            // The longest stretch that a plan knows; another number may stand behind it.
            var end = EndByPlan(cluster, first, last);
            if (end >= first)
            {
                Add(scan, cluster, first, end, Window.Whole, plus: true);
                if (end == last) { return; }
                (first, international, digits) = (end + 1, false, 0);
                foreach (var group in groups[first..(last + 1)]) { digits += group.Length; }
                if (digits < FewestDigits) { return; }
            }
        }
        var whole = digits <= (international || cluster.Text[groups[first].Start] == '0' ? MostDigits + 2 : MostNationalDigits)
            && Add(scan, cluster, first, last, Window.Whole, international);
        if (first == last || (whole && international)) { return; }
        // Numbers beside each other, or with some other number beside them: windows that a plan knows, or that are long enough alone.
        // Right behind "Phone:" no other number comes first.
        var labelled = whole && IsLabelled(scan, groups[first].Start);
        for (var i = first; i <= last && !(labelled && i > first); i++)
        {
            if (i > first && !cluster.IsBreak(i)) { continue; }
            var key = 0UL;
            var count = 0;
            for (var j = i; j <= last && j - i < 6; j++)
            {
                count += groups[j].Length;
                if (count > MostNationalDigits) { break; }
                key = PhonePlan.KeyWith(key, groups[j].Length);
                if (count < 7 || (i == first && j == last) || (j < last && !cluster.IsBreak(j + 1))) { continue; }
                Add(scan, cluster, i, j, whole ? Window.Part : Window.Piece, international && i == first, key);
            }
        }
    }

    /// <summary>The last group of the longest international number that begins at a group and that its plan confirms, or -1.</summary>
    private static int EndByPlan(NumberCluster cluster, int first, int last)
    {
        Span<char> plain = stackalloc char[MostDigits + 1], buffer = stackalloc char[MostDigits + 1];
        var found = -1;
        for (var end = first; end <= last; end++)
        {
            var digits = cluster.Plain(first, end, plain);
            if (digits.IsEmpty) { break; }
            if (end < last && !cluster.IsBreak(end + 1)) { continue; }
            var number = WithoutTrunkInBrackets(cluster, first, end, digits, buffer);
            if (number.Length <= MostDigits && PhonePlan.IsInternational(number, out var exact) && exact) { found = end; }
        }
        return found;
    }

    /// <summary>What a window is of the digits in a row.</summary>
    private enum Window
    {
        /// <summary>All of them.</summary>
        Whole,
        /// <summary>Some, where all of them may be a number.</summary>
        Part,
        /// <summary>Some, where all are too many.</summary>
        Piece,
    }

    private static bool IsLabelled(PiiScan scan, int start)
    {
        var context = scan.ContextOf(start, start, WordGroup.Phone);
        return context.Before != 0 && context.DistanceBefore <= 3;
    }

    /// <summary>Whether a plus sign opens the number.</summary>
    private static bool HasPlus(NumberCluster cluster, int first, out bool formula)
    {
        formula = false;
        if (first > 0) { return false; }
        var at = cluster.Start - 1;
        for (var i = 0; i < 2 && cluster.At(at) is ' ' or '('; i++) { at--; }
        if (cluster.At(at) != '+') { return false; }
        formula = cluster.At(at - 1) is ')' || char.IsAsciiDigit(cluster.At(at - 1));
        return !formula;
    }

    /// <summary>Adds a window as a candidate; gives whether it may be a number at all.</summary>
    private static bool Add(PiiScan scan, NumberCluster cluster, int first, int last, Window window, bool plus, ulong key = 0)
    {
        Span<char> buffer = stackalloc char[MostDigits + 2];
        var groups = cluster.Groups;
        var text = cluster.Text;
        var digits = cluster.Plain(first, last, buffer);
        if (digits.IsEmpty || digits.IndexOfAnyExcept(digits[0]) < 0) { return false; }
        if (!plus && (IsProgression(cluster, first, last) || (window != Window.Whole && IsPieceOfEquals(cluster, first, last)))) { return false; }
        if (window == Window.Whole)
        {
            foreach (var group in groups[first..(last + 1)]) { key = group.Length > 15 ? 0 : PhonePlan.KeyWith(key, group.Length); }
        }
        var (confidence, validated) = Weigh(scan, cluster, first, last, digits, key, plus);
        if (confidence < DistinctAtHome && (window == Window.Part || (window == Window.Piece && first < last))) { return false; }
        if (!plus && confidence < DistinctAtHome && digits.Length > MostNationalDigits) { return false; }
        if (window != Window.Whole && first > 0 && groups[first].Gap == Gap.Blank && groups[first - 1].Length <= 3 && groups[first - 1].Gap != Gap.Tight)
        {
            // "86 189-1111-1111": the calling code in front, without its plus sign.
            var withCode = cluster.Plain(first - 1, last, buffer);
            if (!withCode.IsEmpty && PhonePlan.IsInternational(withCode, out var exact) && exact) { first--; }
        }
        var (start, end) = Bounds(cluster, first, last, plus);
        if (last == groups.Length - 1 && IsExtension(text, end, out var extensionEnd)) { end = extensionEnd; }
        var grouped = last > first;
        var context = scan.ContextOf(start, end, Phone.Near | Phone.Not | WordGroup.Place, WordGroup.Negation | WordGroup.Likeness);
        var words = WeighContext(context, IsTagged(text, end));
        if (words > 0 && !plus && (context.Before & WordGroup.Phone) == 0 && (context.Before & WordGroup.Contact) != 0 && ((!validated && digits.Length < FewestBesideContact) || IsAmounts(cluster, first, last)))
        {
            // "call 4500 4600 spread", "sms 2024 2025": one can call for many things.
            (words, confidence) = (0, Math.Min(confidence, Groups));
        }
        if (words <= 0 && !plus && last - first == 4 && key == Pairs && confidence >= DistinctAtHome && !scan.IsWhole(start, end) && !PhonePlan.IsAtHome(digits, key, scan.Homes)) { confidence = TrunkAndGroups; }
        confidence += words;
        if (!plus && words <= 0 && HasSlashes(cluster, first, last)) { confidence += Slashes; }
        if (cluster.At(start - 1) is '#' or '-') { confidence += AfterSign; }
        if (scan.IsWhole(start, end)) { confidence += WholeMessage; }
        if (validated && first == last && scan.IsAmongUnspaced(start, end)) { confidence += AmongUnspaced; }
        scan.Add(start, end, PiiTypes.Phone, confidence, validated, form: !grouped && !plus && PhonePlan.IsMobileAtHome(digits, scan.Homes) ? Candidate.MobileAtHome : -1);
        return true;
    }

    /// <summary>Whether four groups or more of one length count on by the same step: <c>01 02 03 04 05</c>.</summary>
    private static bool IsProgression(NumberCluster cluster, int first, int last)
    {
        if (last - first < 3) { return false; }
        var step = Value(cluster, first + 1) - Value(cluster, first);
        if (step is < -10 or > 10) { return false; }
        for (var i = first; i < last; i++)
        {
            if (cluster.Groups[i].Length != cluster.Groups[i + 1].Length || Value(cluster, i + 1) - Value(cluster, i) != step) { return false; }
        }
        return true;
    }

    /// <summary>Whether a window is part of a longer row of groups of one length, of three digits at most.</summary>
    private static bool IsPieceOfEquals(NumberCluster cluster, int first, int last)
    {
        var groups = cluster.Groups;
        var length = groups[first].Length;
        if (last == first || length > 3) { return false; }
        for (var i = first + 1; i <= last; i++)
        {
            if (groups[i].Length != length) { return false; }
        }
        return (first > 0 && groups[first].Gap == Gap.Blank && groups[first - 1].Length == length) || (last + 1 < groups.Length && groups[last + 1].Gap == Gap.Blank && groups[last + 1].Length == length);
    }

    /// <summary>Whether every group is a year or a round number.</summary>
    private static bool IsAmounts(NumberCluster cluster, int first, int last)
    {
        for (var i = first; i <= last; i++)
        {
            var group = cluster.Groups[i];
            if (!cluster.IsYear(i) && !(group.Length >= 3 && cluster.Text[group.End - 1] == '0' && cluster.Text[group.End - 2] == '0')) { return false; }
        }
        return true;
    }

    private static bool HasSlashes(NumberCluster cluster, int first, int last)
    {
        var slashes = 0;
        for (var i = first + 1; i <= last; i++) { slashes += cluster.GapBefore(i).Contains('/') ? 1 : 0; }
        return slashes > 1;
    }

    /// <summary>What the digits and their grouping say, and whether a plan confirms it.</summary>
    private static (int Confidence, bool Validated) Weigh(PiiScan scan, NumberCluster cluster, int first, int last, ReadOnlySpan<char> digits, ulong key, bool plus)
    {
        Span<char> buffer = stackalloc char[MostDigits + 2];
        var grouped = last > first;
        if (plus)
        {
            var number = WithoutTrunkInBrackets(cluster, first, last, digits, buffer);
            if (number.Length > MostDigits) { return (0, false); }
            return PhonePlan.IsInternational(number, out var exact) ? (exact ? PlanWithPlus : LengthWithPlus, true) : (NothingWithPlus, false);
        }
        var exit = digits.StartsWith("00") ? 2 : digits.StartsWith("011") ? 3 : 0;
        if (exit > 0 && digits.Length > exit + 6)
        {
            var number = WithoutTrunkInBrackets(cluster, first, last, digits, buffer)[exit..];
            if (PhonePlan.IsInternational(number, out var exact) && (exact || exit == 2)) { return (PlanWithExitCode, true); }
            if (exit == 2) { return (NothingWithExitCode + (grouped ? Groups - BareDigits : 0), false); }
        }
        if (digits.Length < 7) { return (grouped ? FewGroups : BareDigits, false); }
        var brackets = grouped && cluster.At(cluster.Groups[first].Start - 1) == '(' && cluster.GapBefore(first + 1).Contains(')');
        if (!grouped && PhonePlan.IsMobileAtHome(digits, scan.Homes) && (digits[0] == '0' || scan.IsWhole(cluster.Groups[first].Start, cluster.Groups[first].End))) { return (BareAtHome, true); }
        if (PhonePlan.IsWrittenAtHome(digits, key, scan.Homes, out var distinct, out var atHome))
        {
            distinct |= atHome && grouped;
            if (!grouped) { return distinct ? (digits[0] == '0' ? BareAtHome : BareMobile, true) : (digits[0] == '0' ? BareTrunk : BareDigits + 10, true); }
            return distinct ? (brackets ? AreaInBrackets : DistinctAtHome, true) : (brackets ? WrittenAtHome + 15 : WrittenAtHome, true);
        }
        if (brackets && key == NorthAmerican) { return (ShapeInBrackets, false); }
        if (PhonePlan.IsNationalWithTrunk(digits)) { return (grouped ? TrunkAndGroups : BareTrunk, true); }
        if (PhonePlan.IsInternational(digits, out var known) && known && digits.Length >= 10) { return (grouped ? CodeAndGroups : BareDigits + 15, true); }
        return (grouped ? Groups : BareDigits, false);
    }

    /// <summary>The digits of <c>+44 (0) 20 …</c> without the zero that is only dialled at home.</summary>
    private static ReadOnlySpan<char> WithoutTrunkInBrackets(NumberCluster cluster, int first, int last, ReadOnlySpan<char> digits, Span<char> buffer)
    {
        var at = 0;
        for (var i = first; i <= last; i++)
        {
            var group = cluster.Groups[i];
            if (i > first && group.Length == 1 && cluster.Text[group.Start] == '0' && cluster.At(group.Start - 1) == '(' && cluster.At(group.End) == ')')
            {
                digits[..at].CopyTo(buffer);
                digits[(at + 1)..].CopyTo(buffer[at..]);
                return buffer[..(digits.Length - 1)];
            }
            at += group.Length;
        }
        return digits;
    }

    private static int WeighContext(Context context, bool tagged)
    {
        if ((context.AllAfter & WordGroup.Negation) != 0 && (context.AllAfter & (WordGroup.Likeness | WordGroup.Phone)) != 0) { return Denied; }
        var near = 0;
        if ((context.Before & WordGroup.Phone) != 0)
        {
            near = Phone.Bands.Near;
        }
        else if ((context.Before & WordGroup.Contact) != 0)
        {
            near = NearContact;
        }
        else if ((context.Before & WordGroup.Place) != 0 && context.DistanceBefore == 0)
        {
            near = NearAfter;
        }
        if (near > 0 && context.DistanceBefore > 9) { near += FarWord; }
        if (near > 0 && context.DigitsBefore >= FewestDigits) { near += SpokenFor; }
        var against = (context.Before & Phone.Not) != 0;
        if (tagged && (context.After & (WordGroup.Phone | WordGroup.Place)) != 0 && (context.DistanceAfter == 0 || (!against && context.DistanceAfter <= 3 && (context.After & WordGroup.Phone) != 0)))
        {
            near = Math.Max(near, NearAfter);
        }
        if (near > 0) { return near; }
        return against || ((context.After & (WordGroup.Amount | WordGroup.Account)) != 0 && context.DistanceAfter == 0) ? -Phone.Bands.Not : 0;
    }

    /// <summary>Whether the next word is on the same line and may speak of the number before it: it is not a label of the number behind it, as in <c>94305 Phone: …</c>.</summary>
    private static bool IsTagged(ReadOnlySpan<char> text, int end)
    {
        var i = end;
        while (i < text.Length && i - end < 4 && text[i] != '\n' && !char.IsLetter(text[i])) { i++; }
        if (i == text.Length || text[i] == '\n') { return false; }
        while (i < text.Length && char.IsLetter(text[i])) { i++; }
        if (i < text.Length && text[i] is ':' or '：') { return false; }
        while (i < text.Length && text[i] is ' ' or '.' or '#' or '+' or '(') { i++; }
        return !(i < text.Length && char.IsAsciiDigit(text[i]));
    }

    /// <summary>The span with plus sign and brackets that belong to it.</summary>
    private static (int Start, int End) Bounds(NumberCluster cluster, int first, int last, bool plus)
    {
        int start = cluster.Groups[first].Start, end = cluster.Groups[last].End;
        var opening = 0;
        var at = start;
        if (plus)
        {
            while (cluster.Text[--at] != '+')
            {
                if (cluster.Text[at] == '(') { opening++; }
            }
            start = at;
        }
        // An opening bracket belongs to it when the closing one does.
        var inside = cluster.Text[start..end];
        var closing = inside.Count(')') - inside.Count('(');
        if (closing > 0)
        {
            at = start - 1;
            if (cluster.At(at) == ' ' && cluster.At(at - 1) == '(') { at--; }
            if (cluster.At(at) == '(') { start = at; }
        }
        else if (closing < 0 && cluster.At(end) == ')')
        {
            end++;
        }
        return (start, end);
    }

    private static bool IsExtension(ReadOnlySpan<char> text, int end) => IsExtension(text, end, out _);

    /// <summary>Whether an extension follows: <c>x123</c>, <c>ext. 123</c>.</summary>
    private static bool IsExtension(ReadOnlySpan<char> text, int end, out int extensionEnd)
    {
        extensionEnd = end;
        var i = end;
        if (i < text.Length && text[i] is ' ' or ',') { i++; }
        if (i < text.Length && text[i] == ' ') { i++; }
        var rest = text[i..];
        var word = rest.StartsWith("extension") ? 9 : rest.StartsWith("ext") ? 3 : rest.StartsWith("durchwahl") ? 9 : rest.StartsWith("poste") ? 5 : rest.StartsWith("转") || rest.StartsWith("轉") ? 1 : rest.StartsWith("x") ? 1 : 0;
        if (word == 0) { return false; }
        i += word;
        if (i < text.Length && (text[i] == '.' || (text[i] == ':' && word > 1))) { i++; }
        if (i < text.Length && text[i] == ' ') { i++; }
        var digits = i;
        while (i < text.Length && i - digits <= 6 && char.IsAsciiDigit(text[i])) { i++; }
        if (i == digits || i - digits > 6 || (i < text.Length && NumberCluster.Sticks(text[i])) || (i + 1 < text.Length && text[i] is '-' or '.' or '/' or ':' && char.IsAsciiDigit(text[i + 1]))) { return false; }
        extensionEnd = i;
        return true;
    }
}
