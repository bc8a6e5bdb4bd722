namespace Surveillance.Detection.Pii.Readers;

/// <summary>Finds payment cards: one pass over the groups of a cluster, every window that fits a shape is checked.</summary>
internal static class DigitReader
{
    /// <summary>Adds the candidates.</summary>
    /// <param name="scan">Where they go.</param>
    /// <param name="cluster">The digits.</param>
    internal static void Find(PiiScan scan, NumberCluster cluster)
    {
        var type = PiiTypes.PaymentCard;
        var pii = PaymentCards.PaymentCard;
        var shape = pii.Shape;
        if (cluster.Digits < shape.MinLength)
        {
            return;
        }
        Span<char> plain = stackalloc char[shape.MaxLength];
        var groups = cluster.Groups;
        for (var first = 0; first < groups.Length; first++)
        {
            if (!MayBegin(cluster, first)) { continue; }
            var digits = 0;
            var separator = '\0';
            for (var last = first; last < groups.Length; last++)
            {
                if (last > first && !IsSeparated(cluster, first, last, shape, ref separator)) { break; }
                var group = groups[last];
                if (digits + group.Length > shape.MaxLength) { break; }
                cluster.Text[group.Start..group.End].CopyTo(plain[digits..]);
                digits += group.Length;
                if (digits < shape.MinLength || !MayEnd(cluster, last)) { continue; }
                var value = plain[..digits];
                if (IsOneDigit(value)) { continue; }
                var verdict = pii.Check.Test(value);
                if (verdict != Verdict.Fails)
                {
                    var confidence = Confidence(scan, cluster, first, last, pii, verdict);
                    scan.Add(groups[first].Start, groups[last].End, type, confidence, validated: true);
                    if (confidence >= LikelyCard) { CardGroups.Read(scan, groups[last].End); }
                }
            }
        }
    }

    /// <summary>From here on what follows is read as expiry and security code.</summary>
    private const int LikelyCard = 60;

    private static int Confidence(PiiScan scan, NumberCluster cluster, int first, int last, Recogniser pii, Verdict verdict)
    {
        var groups = cluster.Groups;
        var confidence = verdict == Verdict.Passes ? pii.Bands.Passed : pii.Bands.Weak;
        var context = scan.ContextOf(groups[first].Start, groups[last].End, pii.Near | pii.Not);
        var near = ((context.AllBefore | context.AllAfter) & pii.Near) != 0;
        if ((context.Before & pii.Not) != 0 && (context.Before & pii.Near) == 0)
        {
            confidence -= pii.Bands.Not;
        }
        else if (near)
        {
            confidence += pii.Bands.Near;
        }
        if (first < last)
        {
            var oddity = Oddity(cluster, first, last);
            confidence -= near ? oddity / 4 : oddity;
        }
        // A window cut out of a longer row of like groups is met by chance ten times as often.
        if (first < last && cluster.GapBefore(first + 1).IndexOfAnyExcept(" \n") < 0 && (Continues(cluster, first, first - 1, first) || Continues(cluster, first, last + 1, last + 1)))
        {
            confidence -= near ? 10 : 40;
        }
        return confidence;
    }

    /// <summary>Whether a neighbour is one more group of the same row: as long, parted by a blank only, and no year of a date before it.</summary>
    private static bool Continues(NumberCluster cluster, int first, int neighbour, int gap)
    {
        var groups = cluster.Groups;
        return (uint)neighbour < (uint)groups.Length && groups[neighbour].Length == groups[first].Length && groups[gap].Gap == Gap.Blank && !(neighbour < first && cluster.IsYear(neighbour)) && cluster.GapBefore(gap).IndexOfAnyExcept(' ') < 0;
    }

    /// <summary>Whether a window may begin at a group: not inside a longer token, a decimal fraction or an amount.</summary>
    private static bool MayBegin(NumberCluster cluster, int first)
    {
        if (first > 0) { return cluster.IsBreak(first); }
        var before = cluster.Before;
        if (NumberCluster.Sticks(before) || before is '$' or '€' or '£' or '¥' or '%') { return false; }
        var second = cluster.At(cluster.Start - 2);
        return !(before is '-' or '.' or '+' && NumberCluster.Sticks(second)) && before is not ('.' or '+');
    }

    private static bool MayEnd(NumberCluster cluster, int last)
    {
        if (last + 1 < cluster.Groups.Length) { return cluster.IsBreak(last + 1); }
        var after = cluster.At(cluster.End);
        var second = cluster.At(cluster.End + 1);
        return !NumberCluster.Sticks(after) && after is not ('%' or '€' or '@') && !((after == '-' && char.IsAsciiLetterOrDigit(second)) || (after == '.' && char.IsAsciiDigit(second))); // so long a number is no decimal: "…,thanks", "…,0928"
    }

    /// <summary>Whether a group is parted from the one before it by the separator of the window; a line break may stand for a blank.</summary>
    private static bool IsSeparated(NumberCluster cluster, int first, int i, Shape shape, ref char separator)
    {
        var gap = cluster.GapBefore(i).Trim(" \n");
        if (gap.Length > 1) { return false; }
        if (gap.Length == 0 && i > first + 1 && cluster.Groups[i].Gap == Gap.Line) { return true; } // "4111-1111-1111\n1111"
        var sign = gap.Length == 0 ? ' ' : gap[0];
        if (!shape.Separators.Contains(sign)) { return false; }
        if (i == first + 1) { separator = sign; }
        return sign == separator;
    }

    /// <summary>What to take, in hundredths, for groups as nobody writes them: nothing for groups of four or as on an American Express or Diners card.</summary>
    private static int Oddity(NumberCluster cluster, int first, int last)
    {
        var groups = cluster.Groups;
        var size = groups[first].Length;
        var even = groups[last].Length <= size;
        var round = true; // 4100 4200 4300 4400: a row of amounts
        for (var i = first; i <= last; i++)
        {
            if (i < last) { even &= groups[i].Length == size; }
            round &= groups[i].Length >= 3 && cluster.Text[groups[i].Start..groups[i].End].EndsWith("00");
        }
        if (round) { return 50; }
        if (size == 4 && (even || (last - first == 2 && groups[first + 1].Length == 6 && groups[last].Length is 4 or 5))) { return 0; }
        return !even ? 50 : size == 1 ? 40 : 15;
    }

    private static bool IsOneDigit(ReadOnlySpan<char> value) => value.IndexOfAnyExcept(value[0]) < 0;
}
