using Surveillance.Text;

namespace Surveillance.Detection.Pii.Readers;

/// <summary>Walks over the words of a text and hands each that opens something to its reader.</summary>
internal static class WordReader
{
    /// <summary>Reads the whole text.</summary>
    /// <param name="scan">The text, and where the candidates go.</param>
    internal static void Find(PiiScan scan)
    {
        var tokens = scan.Text.Tokens;
        var text = scan.Text.Folded;
        int datesRead = 0, secretsRead = 0;
        for (var i = 0; i < tokens.Length; i++)
        {
            var token = tokens[i];
            var first = text[token.Start];
            if (char.IsAsciiDigit(first))
            {
                if (i > 0 && token.Start - tokens[i - 1].End <= 2) { PostalAddresses.ReadJoined(scan, i); }
                if (token.End - token.Start is 95 or 106) { LongTokens.ReadMonero(scan, token.Start, token.End); }
                if (token.Start >= datesRead) { datesRead = Math.Max(datesRead, DateTimes.ReadAtDigit(scan, i)); }
                continue;
            }
            if (first == 'e' && token.End - token.Start > 10 && token.Start >= secretsRead && text[token.Start..].StartsWith("eyj"))
            {
                secretsRead = Math.Max(secretsRead, Secrets.ReadJwt(scan, token.Start));
                continue;
            }
            if (LongTokens.MayBegin(first)) { LongTokens.Read(scan, token.Start); }
            if ((token.Flags & TokenFlags.Digits) != 0) { continue; }
            var trigger = TriggerWords.At(scan.Text, i, out var count);
            if (trigger.Kind == TriggerKind.None) { continue; }
            Read(scan, trigger.Kind, trigger.Value, i, count, ref datesRead, ref secretsRead);
            if (trigger.Second != TriggerKind.None) { Read(scan, trigger.Second, trigger.SecondValue, i, count, ref datesRead, ref secretsRead); }
        }
    }

    private static void Read(PiiScan scan, TriggerKind kind, int value, int i, int count, ref int datesRead, ref int secretsRead)
    {
        var start = scan.Text.Tokens[i].Start;
        switch (kind)
        {
            case TriggerKind.Month:
                if (start >= datesRead && value < TriggerWords.BehindDay) { datesRead = Math.Max(datesRead, DateTimes.ReadAtMonth(scan, i)); }
                break;
            case TriggerKind.Weekday:
                DateTimes.AddWeekday(scan, i);
                break;
            case TriggerKind.Password:
                if (start >= secretsRead) { secretsRead = Math.Max(secretsRead, Secrets.ReadPassword(scan, i, count, isOwned: value == 1, isCode: value == 2, needsSign: value == 3)); }
                break;
            case TriggerKind.KeyBlock:
                if (start >= secretsRead) { secretsRead = Math.Max(secretsRead, Secrets.ReadKeyBlock(scan, start)); }
                break;
            case TriggerKind.Connection:
                if (start >= secretsRead) { secretsRead = Math.Max(secretsRead, Secrets.ReadConnection(scan, i)); }
                break;
            case TriggerKind.Lexicon:
                SpecialCategories.Read(scan, i, count, value);
                break;
            case TriggerKind.Name:
                PersonNames.Read(scan, i, count);
                break;
            case TriggerKind.Street:
                PostalAddresses.Read(scan, i, count);
                break;
            case TriggerKind.Code:
                Codes.Read(scan, i, count, value);
                break;
            case TriggerKind.At:
                var after = scan.Text.Tokens[i + count - 1].End;
                var text = scan.Text.Folded;
                if (start > 0 && after < text.Length) { Emails.ReadSign(scan, text[start - 1] == ' ' ? start - 1 : start, text[after] == ' ' ? after + 1 : after, isSure: value == 1 || scan.OriginalAt(start) == 'ä'); }
                break;
            case TriggerKind.Asked:
                Requests.Read(scan, i, count, value);
                break;
        }
    }
}
