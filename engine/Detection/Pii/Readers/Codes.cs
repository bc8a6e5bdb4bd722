using System.Collections.Frozen;
using Surveillance.Text;

namespace Surveillance.Detection.Pii.Readers;

/// <summary>Codes that the sentence names, where no word right beside them does: <c>the code we texted you is 482113</c>, <c>482113 is your … code</c>, <c>Votre code est 482113</c>.</summary>
/// <remarks>A code of a parcel, a discount or an area is none: the word before <c>code</c> tells, or the one behind it.</remarks>
internal static class Codes
{
    private const int SixDigits = 64;
    private const int OtherDigits = 58;
    private const int CardCode = 60;
    private const int MostWords = 10;
    private const int MostNames = 3;

    private static readonly int CardSecurityCode = PiiTypes.IndexOf("card-security-code");

    /// <summary>Words that say: here it comes.</summary>
    private static readonly FrozenSet<ulong> Links = Hashes("is it's its was be are sind sont ist lautet war est es é è e era sera to jest brzmi это är er on są olarak");

    /// <summary>Words of a sentence that says how a code came and what it is for.</summary>
    private static readonly FrozenSet<ulong> Fillers = Hashes("""
        i we they you me us him he she it just that which was been has have have sent send texted text texts messaged emailed received receive got get gave gives give your my the this his her our
        phone mobile number email by via sms to for on in from at of with log logging login sign signing in up account app bank portal access verify verification verifying security and confirm now again new here today below transaction txn payment purchase eur usd gbp inr one time
        zur zum für die den der das dein deine ihr ihre ihnen dir mein meine wir haben per auf anmeldung gesendet geschickt bestätigung konto
        pour le la les de du des vous nous avons avez envoyé reçu par votre ton mon connexion compte se connecter
        para el al del de tu su mi te le hemos enviado recibido por acceso iniciar sesión cuenta que
        o a do da seu meu que enviamos recebeu conta acesso per il del che ti abbiamo inviato ricevuto accesso accedere tuo suo
        je jouw uw mijn die we hebben gestuurd gestuurde om te loggen inloggen twój pani pana który wysłaliśmy z przez do na logowania konta
        weryfikacyjny autoryzacyjny için gönderilen giriş hesap size ваш твой для входа который мы вам отправили подтверждения в на
        """);

    /// <summary>Whose code it is, behind <c>482113 is</c>.</summary>
    private static readonly FrozenSet<ulong> Owners = Hashes("your my his her our dein deine ihr mein votre ton mon tu su mi seu teu meu tuo suo il je jouw uw mijn twój mój ваш твой мой");

    /// <summary>Words between a code and the word for it: <c>they sent 482113 as the code</c>.</summary>
    private static readonly FrozenSet<ulong> AsLinks = Hashes("as als comme como come");

    private static readonly FrozenSet<ulong> Articles = Hashes("the der le el la o il de das");

    /// <summary>Words before a code without a link: <c>enter code 482113</c>.</summary>
    private static readonly FrozenSet<ulong> Commands = Hashes("your my enter type dein deine ihr votre ton tu su tuo jouw uw twój ваш entrez saisissez eingeben introduce ingrese inserisci digite wpisz podaj введите girin");

    /// <summary>Words somewhere before a code that has come, or that nobody must be told.</summary>
    private static readonly FrozenSet<ulong> Arrivals = Hashes("received got arrived share tell disclose bekommen erhalten gekommen reçu reçois llegó recibí ricevuto arrivato recebi chegou ontvangen gekregen dostałem dostałam geldi пришел пришёл говорите сообщайте");

    /// <summary>What else has a code, before the word or behind it.</summary>
    private static readonly FrozenSet<ulong> Others = Hashes("""
        zip area post postal country dial dialing dialling dress source sort branch bank swift bic promo promotion promotional discount voucher coupon referral offer gift product article item material error
        session course class seat status exit return reason response http building door gate bar qr passenger conference meeting participant bridge stock ticker fund currency tax hs sic naics mcc vat cost project deal
        client customer vendor supplier site location store plant airport penal civil commercial labour labor criminal morse machine legacy identifier claim python sql java of review base
        promo postale fiscale sconto postal fiscal descuento promocional producto error barras área desconto promocional rabatowy promocyjny pocztowy kreskowy rabais réduction promotionnel civil pénal
        indirim posta alan ürün hata города ошибки скидки товара почтовый korting
        """);

    /// <summary>Words of a sale behind a code.</summary>
    private static readonly FrozenSet<ulong> Sales = Hashes("off checkout discount save saving basket shopping rabatt réduction descuento sconto desconto");

    /// <summary>What a one-time code is for, behind <c>use code 482113 to</c>.</summary>
    private static readonly FrozenSet<ulong> Purposes = Hashes("log login sign signin eingeben verify authenticate activate unlock anmelden einloggen bestätigen expires expire valid gültig valable válido valido ważny geldig geçerli действителен connecter vérifier confirmer verificar acceder iniciar accedere verificare inloggen zalogować giriş");

    private static readonly FrozenSet<ulong> Stock = Hashes("shares calls puts lots");

    private static FrozenSet<ulong> Hashes(string words) =>
        words.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(w => PreparedText.Of(w).Tokens[0].Hash).ToFrozenSet();

    /// <summary>Reads the code that a word for it speaks of.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="i">Index of the word's first token.</param>
    /// <param name="count">How many tokens the word has.</param>
    /// <param name="type">Index of the type.</param>
    internal static void Read(PiiScan scan, int i, int count, int type)
    {
        var text = scan.Text;
        var tokens = text.Tokens;
        var after = i + count;
        if (type != CardSecurityCode)
        {
            // エラーコード is one word; 確認コード too, and that one is for us.
            if (i > 0 && tokens[i - 1].End == tokens[i].Start && IsKatakana(text.Folded[tokens[i].Start - 1])) { return; }
            if (i > 0 && tokens[i].Start - tokens[i - 1].End <= 2 && Others.Contains(tokens[i - 1].Hash)) { return; }
            if (after < tokens.Length && tokens[after].Start - tokens[after - 1].End <= 2 && Others.Contains(tokens[after].Hash)) { return; }
            if (ReadBefore(scan, i, type)) { return; }
        }
        ReadBehind(scan, i, after, type);
    }

    private static void ReadBehind(PiiScan scan, int i, int after, int type)
    {
        var text = scan.Text;
        var tokens = text.Tokens;
        var folded = text.Folded;
        var first = tokens[i];
        var isUnspaced = (first.Flags & TokenFlags.Unspaced) != 0;
        // The words of a card say it alone, and so do those of scripts without blanks but for the bare コード; "code's" holds its verb.
        var isLinked = type == CardSecurityCode || (isUnspaced && !IsKatakana(folded[first.Start])) || folded[first.Start..first.End].Contains('\'');
        for (var n = after; n < tokens.Length && n - after < MostWords; n++)
        {
            var token = tokens[n];
            var gap = folded[tokens[n - 1].End..token.Start];
            if (gap.Length > 3 || gap.Contains('\n') || (gap.IndexOfAny('.', '!') >= 0)) { return; }
            if (TryNumber(scan, n, type, out var end, out var confidence))
            {
                var isAssigned = gap.IndexOfAny(':', '=', '?') >= 0 || (gap.Length > 0 && gap[0] == '-');
                var isBare = n == after && confidence == SixDigits && ((i > 0 && Commands.Contains(tokens[i - 1].Hash)) || IsBefore(text, n, Purposes) || IsBehind(text, i, Arrivals));
                if ((isLinked || isAssigned || isBare) && !IsBefore(text, n, Sales) && !scan.SurroundingsOf(token.Start, end).Not.Has(type)) { scan.Add(token.Start, end, type, confidence, validated: false); }
                return;
            }
            if ((token.Flags & TokenFlags.Digits) != 0)
            {
                if (!Words.IsUnit(tokens[n - 1].Hash)) { return; } // the code for EUR 500 is
                continue;
            }
            if ((token.Flags & TokenFlags.Unspaced) != 0)
            {
                if (folded[token.Start] is not ('は' or '是' or '为' or '為' or 'が')) { return; }
                isLinked = true;
                continue;
            }
            isLinked = Links.Contains(token.Hash) || (isLinked && Articles.Contains(token.Hash));
            if (!isLinked && !Fillers.Contains(token.Hash)) { return; }
        }
    }

    private static bool IsKatakana(char c) => c is >= 'ァ' and <= 'ー';

    /// <summary>Reads <c>482113 is your … code</c>.</summary>
    private static bool ReadBefore(PiiScan scan, int i, int type)
    {
        var text = scan.Text;
        var tokens = text.Tokens;
        var names = 0;
        for (var n = i - 1; n > 0 && names <= MostNames && text.SameSentence(n, n + 1); n--, names++)
        {
            if ((tokens[n].Flags & TokenFlags.Digits) != 0 || Others.Contains(tokens[n].Hash)) { return false; }
            var isArticle = Articles.Contains(tokens[n].Hash);
            if (!isArticle && !Owners.Contains(tokens[n].Hash)) { continue; }
            if (isArticle && names > 0) { return false; }
            var link = n - 1;
            var number = Links.Contains(tokens[link].Hash) || AsLinks.Contains(tokens[link].Hash) ? link - 1 : link;
            if (number == link && !text.Folded[tokens[link].End..tokens[n].Start].Contains('-')) { return false; }
            if (number < 0) { return false; }
            // "482-113" and "G-482113" are two tokens.
            var first = number > 0 && tokens[number].Start - tokens[number - 1].End == 1 && text.Folded[tokens[number].Start - 1] is '-' or ' ' && tokens[number - 1].End - tokens[number - 1].Start is 1 or 3 ? number - 1 : number;
            for (; first <= number; first++)
            {
                if (TryNumber(scan, first, type, out var end, out var confidence) && end == tokens[number].End)
                {
                    scan.Add(tokens[first].Start, end, type, confidence, validated: false);
                    return true;
                }
            }
            return false;
        }
        return false;
    }

    /// <summary>Whether a code begins at a token: three digits twice, a letter and six, or four to eight; of a card, three or four.</summary>
    private static bool TryNumber(PiiScan scan, int n, int type, out int end, out int confidence)
    {
        var text = scan.Text.Folded;
        var tokens = scan.Text.Tokens;
        var start = tokens[n].Start;
        end = start;
        confidence = SixDigits;
        if (!Boundary.MayBegin(text, start)) { return false; }
        if (tokens[n].End - start == 1 && start + 2 < text.Length && char.IsAsciiLetter(text[start]) && text[start + 1] == '-')
        {
            end = start + 2;
            while (end < text.Length && char.IsAsciiDigit(text[end])) { end++; }
            return end - start == 8 && Boundary.MayEnd(text, end);
        }
        while (end < text.Length && char.IsAsciiDigit(text[end])) { end++; }
        var digits = end - start;
        if (type == CardSecurityCode)
        {
            confidence = CardCode;
            return digits == 3 && Boundary.MayEnd(text, end);
        }
        if (digits == 3 && end + 3 < text.Length && text[end] is '-' or ' ')
        {
            var from = ++end;
            while (end < text.Length && char.IsAsciiDigit(text[end])) { end++; }
            return end - from == 3 && Boundary.MayEnd(text, end);
        }
        if (digits is < 4 or > 8 || !MayEnd(scan, end) || (end + 1 < text.Length && text[end] == ' ' && char.IsAsciiDigit(text[end + 1]))) { return false; }
        if (digits != 6) { confidence = OtherDigits; }
        return !(n + 1 < tokens.Length && tokens[n + 1].Start - end <= 1 && (Words.IsUnit(tokens[n + 1].Hash) || Stock.Contains(tokens[n + 1].Hash)));
    }

    /// <summary>A wide comma parts a number from the next, where a narrow one may be inside it.</summary>
    private static bool MayEnd(PiiScan scan, int end) => Boundary.MayEnd(scan.Text.Folded, end) || (scan.Text.Folded[end] == ',' && scan.OriginalAt(end) == '，');

    private static bool IsBehind(PreparedText text, int i, FrozenSet<ulong> words)
    {
        for (var k = i - 1; k >= 0 && i - k <= 5; k--)
        {
            if (words.Contains(text.Tokens[k].Hash)) { return true; }
        }
        return false;
    }

    /// <summary>Whether one of some words follows within a few.</summary>
    private static bool IsBefore(PreparedText text, int n, FrozenSet<ulong> words)
    {
        var tokens = text.Tokens;
        for (var k = n + 1; k < tokens.Length && k - n <= 7; k++)
        {
            if (words.Contains(tokens[k].Hash)) { return true; }
        }
        return false;
    }
}
