using System.Buffers;

namespace Surveillance.Detection.Pii.Readers;

/// <summary>Finds values with some characters hidden: <c>•••• 1234</c>, <c>**** **** **** 1234</c>, <c>XXXX-1234</c>, <c>+44 •••• ••1234</c>, <c>DE** … 30 00</c>, <c>j***@example.org</c>.</summary>
internal static class Masks
{
    /// <summary>Signs that stand for a hidden character wherever three stand together; the letter x does so only beside digits.</summary>
    internal const string Signs = "*•●∙◦✱";

    private const int Sure = 75;
    private const int Likely = 60;
    private const int Unsure = 40;
    private const int Near = 20;
    private const int MostCharacters = 60;

    /// <summary>Those of the signs that are not ASCII.</summary>
    internal static readonly SearchValues<char> WideSigns = SearchValues.Create("•●∙◦✱");

    private static readonly int SocialSecurity = PiiTypes.IndexOf("us-ssn");
    private static readonly int Cpf = PiiTypes.IndexOf("br-cpf");
    private static readonly SearchValues<char> SignSet = SearchValues.Create(Signs);

    private const int EmailConfidence = 78;
    private const int LongestName = 64;

    /// <summary>Whether a character hides others in an address: one of the signs, or an ellipsis.</summary>
    /// <param name="c">A folded character.</param>
    internal static bool IsHidden(char c) => c == '…' || SignSet.Contains(c);

    /// <summary>Reads the e-mail address around an at sign with a part of it hidden: <c>j***n@example.org</c>, <c>j…@e••••.org</c>.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="at">Folded offset of the at sign.</param>
    /// <returns>Whether there is one.</returns>
    internal static bool ReadEmail(PiiScan scan, int at)
    {
        var text = scan.Text.Folded;
        var start = at;
        while (start > 0 && at - start < LongestName && (IsHidden(text[start - 1]) || Emails.IsLocal(text[start - 1]))) { start--; }
        var local = text[start..at];
        var shown = local.IndexOfAnyInRange('0', 'z');
        if (shown > 0 && IsHidden(local[0]))
        {
            // Signs in front of what is shown set it in bold.
            start += shown;
            local = local[shown..];
        }
        var isHidden = local.Length > 0 && local.EndsWith("...") && shown >= 0;
        isHidden |= Hides(local) && (shown >= 0 || local.Length > 2);
        if (start > 0 && NumberCluster.Sticks(text[start - 1]) || local.Length == 0) { return false; }
        var end = at + 1;
        int dot = -1, hostMasks = 0;
        while (end < text.Length && end - at < 128 && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '-' or '.' || IsHidden(text[end])))
        {
            if (text[end] == '.' && end + 1 < text.Length && char.IsAsciiLetterOrDigit(text[end + 1])) { dot = end; }
            hostMasks += IsHidden(text[end]) ? 1 : 0;
            end++;
        }
        while (end > at && (text[end - 1] is '.' or '-' || (dot >= 0 && end - 1 > dot && IsHidden(text[end - 1])))) { end--; }
        if (dot < 0 || end <= dot + 1 || !TopLevelDomains.EndsAddress(text[(dot + 1)..end])) { return false; }
        if (!isHidden && !(hostMasks > 1 && shown >= 0 && Hides(text[(at + 1)..end]))) { return false; }
        scan.Add(start, end, PiiTypes.Email, EmailConfidence, validated: false, masked: true);
        return true;
    }

    /// <summary>Whether two signs stand together, or one that means nothing else.</summary>
    private static bool Hides(ReadOnlySpan<char> part)
    {
        for (var i = 0; i < part.Length; i++)
        {
            if (part[i] is '…' || (IsHidden(part[i]) && i + 1 < part.Length && IsHidden(part[i + 1]))) { return true; }
        }
        return false;
    }

    private static bool IsMask(char c) => c == 'x' || SignSet.Contains(c);

    /// <summary>Reads the masked value around a mask sign.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="at">Folded offset of a mask sign.</param>
    /// <param name="from">Offset before which everything is read already.</param>
    /// <returns>The offset after the hidden characters; what is shown behind them is read again as what it may be alone.</returns>
    internal static int Read(PiiScan scan, int at, int from)
    {
        var text = scan.Text.Folded;
        int start = at, end = at;
        if (ReadMiddle(scan, at)) { return at + "***.###.###-**".Length; }
        // "GB** BARC **** …": the bank's letters may be shown.
        var isAccount = at >= 2 && char.IsAsciiLetter(text[at - 1]) && char.IsAsciiLetter(text[at - 2]) && Ibans.FormatOf(text[at - 2], text[at - 1]) is not null;
        while (start > from && at - start < MostCharacters && IsPart(text, start - 1, start)) { start--; }
        while (end < text.Length && end - at < MostCharacters)
        {
            if (IsMask(text[end]) || char.IsAsciiDigit(text[end]) || (IsSeparator(text[end]) && end + 1 < text.Length && (IsMask(text[end + 1]) || char.IsAsciiDigit(text[end + 1])))) { end++; }
            else if (isAccount && IsBank(text, end)) { end += 5; }
            else { break; }
        }
        // Other numbers may stand behind: what follows the last hidden character is one group, or two pairs as at the end of an IBAN.
        var hidden = end - 1;
        while (!IsMask(text[hidden])) { hidden--; }
        var after = hidden + 1;
        var shown = after;
        if (shown < end && IsSeparator(text[shown])) { shown++; }
        while (shown < end && char.IsAsciiDigit(text[shown])) { shown++; }
        if (shown - after is 2 && end - shown == 3 && IsSeparator(text[shown])) { shown = end; }
        end = shown;
        if (end + 1 < text.Length && text[end] is '.' or ',' && char.IsAsciiDigit(text[end + 1])) { return after; }
        if (end < text.Length && NumberCluster.Sticks(text[end]) || (end < text.Length && SignSet.Contains(text[end]))) { return after; }
        while (start < at && IsSeparator(text[start])) { start++; }
        var country = start >= 2 && char.IsAsciiLetter(text[start - 1]) && char.IsAsciiLetter(text[start - 2]) && Ibans.FormatOf(text[start - 2], text[start - 1]) is not null && (start == 2 || !NumberCluster.Sticks(text[start - 3]));
        if (country) { start -= 2; }
        else if (start > 0 && text[start - 1] == '+') { start--; }
        if (start > 0 && NumberCluster.Sticks(text[start - 1])) { return after; }
        int masks = 0, digits = 0, tail = 0, xs = 0;
        for (var i = start; i < end; i++)
        {
            if (IsMask(text[i])) { masks++; tail = 0; xs += text[i] == 'x' ? 1 : 0; }
            else if (char.IsAsciiDigit(text[i])) { digits++; tail++; }
        }
        if (masks < 3 || tail is 0 or > 6 || digits < 2) { return after; }
        var all = masks + digits;
        var context = scan.ContextOf(start, end, WordGroup.Card | WordGroup.Iban | WordGroup.IbanName | WordGroup.Phone | WordGroup.Contact);
        if (country && all is >= 11 and <= 32)
        {
            scan.Add(start, end, PiiTypes.Iban, Sure + ((context.All & WordGroup.Iban) != 0 ? Near : 0), validated: false, masked: true);
            return after;
        }
        var phone = text[start] == '+' || ((context.Before & (WordGroup.Phone | WordGroup.Contact)) != 0 && (context.Before & WordGroup.Card) == 0);
        if (phone && all is >= 7 and <= 15)
        {
            scan.Add(start, end, PiiTypes.Phone, Likely + (text[start] == '+' ? 10 : 0), validated: false, masked: true);
            return after;
        }
        if (tail == 4 && masks == 5 && digits == 4 && end - start == 11 && IsSeparator(text[start + 3]) && text[start + 6] == text[start + 3])
        {
            scan.Add(start, end, SocialSecurity, Sure, validated: false, masked: true); // 3, 2 and 4 are grouped so in this number alone
            return after;
        }
        var card = (context.All & WordGroup.Card) != 0;
        if ((context.Before & WordGroup.IbanName) != 0 && tail >= 2 && !card && all is >= 6 and <= 34)
        {
            scan.Add(start, end, PiiTypes.Iban, Likely, validated: false, masked: true);
            return after;
        }
        if (!card && NamedType(scan, start, end, all) is >= 0 and var named)
        {
            scan.Add(start, end, named, Likely, validated: false, masked: true);
            return after;
        }
        if (tail == 4 && all is >= 12 and <= 19)
        {
            scan.Add(start, end, PiiTypes.PaymentCard, Sure + (card ? Near : 0), validated: false, masked: true);
            return after;
        }
        if (tail == 4 && masks is >= 3 and <= 8 && digits == 4)
        {
            // Kisses and emphasis look alike: "xxx 2026", "*** 2026".
            var confidence = text[start] is '*' or 'x' && (masks == 3 || (xs > 0 && text[end - 5] == ' ')) ? Unsure : Likely;
            scan.Add(start, end, PiiTypes.PaymentCard, confidence + (card ? Near : 0), validated: false, masked: true);
            return after;
        }
        return after;
    }

    /// <summary>Whether a blank and the four letters of a bank stand before a blank and more of the value.</summary>
    private static bool IsBank(ReadOnlySpan<char> text, int at) =>
        at + 6 < text.Length && text[at] == ' ' && text[at + 5] == ' ' && !text[(at + 1)..(at + 5)].ContainsAnyExceptInRange('a', 'z') && (IsMask(text[at + 6]) || char.IsAsciiDigit(text[at + 6]));

    /// <summary>Reads a Brazilian CPF of which the middle is shown, as its authorities publish it: <c>***.482.133-**</c>.</summary>
    private static bool ReadMiddle(PiiScan scan, int at)
    {
        var text = scan.Text.Folded;
        const string outline = "***.###.###-**";
        if (at + outline.Length > text.Length || text[at + 3] != '.' || (at > 0 && NumberCluster.Sticks(text[at - 1]))) { return false; }
        for (var i = 0; i < outline.Length; i++)
        {
            var c = text[at + i];
            if (outline[i] switch { '*' => !IsMask(c), '#' => !char.IsAsciiDigit(c), var sign => c != sign }) { return false; }
        }
        if (at + outline.Length < text.Length && NumberCluster.Sticks(text[at + outline.Length])) { return false; }
        scan.Add(at, at + outline.Length, Cpf, Sure, validated: false, masked: true); // digits are grouped so in this number alone
        return true;
    }

    /// <summary>The type of the packs that a word before a masked value names and that has values of its length, or -1.</summary>
    private static int NamedType(PiiScan scan, int start, int end, int length)
    {
        var near = scan.SurroundingsOf(start, end).Near;
        var found = -1;
        if (near.IsEmpty) { return found; }
        foreach (var type in PiiTypes.All)
        {
            if (!near.Has(type.Index) || !scan.Enabled[type.Index] || type.Category is not ("government-id" or "tax-id" or "health" or "financial")) { continue; }
            foreach (var form in type.Forms)
            {
                if (length < form.Format.Shortest || length > form.Format.Longest) { continue; }
                if (type.Pack == "any") { return type.Index; }
                if (found < 0) { found = type.Index; }
                break;
            }
        }
        return found;
    }

    private static bool IsSeparator(char c) => c is ' ' or '-';

    private static bool IsPart(ReadOnlySpan<char> text, int i, int right) =>
        IsMask(text[i]) || char.IsAsciiDigit(text[i]) || (IsSeparator(text[i]) && i > 0 && (IsMask(text[i - 1]) || char.IsAsciiDigit(text[i - 1])) && right < text.Length && !IsSeparator(text[right]));
}
