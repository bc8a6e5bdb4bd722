namespace Surveillance.Detection.Pii.Checks;

/// <summary>Check digits that one European authority alone uses.</summary>
internal static class Europe
{
    internal static readonly CheckEntry[] Entries =
    [
        new("de-kvnr", "check digit of the health insurance number", "GKV-Spitzenverband, Krankenversichertennummer (SGB V 290)", Kvnr),
        new("de-rvnr", "check digit of the pension insurance number", "VKVV 2; DRV, Versicherungsnummer", Rvnr),
        new("de-tax-id-digits", "one digit twice or three times, the others once", "AO 139b; BZSt", _ => TaxIdDigits) { Confirms = false },
        new("es-dni", "mod 23 letter", "Real Decreto 1553/2005, article 11", Dni),
        new("es-cif", "check character of the CIF", "Orden EHA/451/2008", Cif),
        new("fi-hetu", "mod 31 character", "Digital and Population Data Services Agency, henkilötunnus", Hetu),
        new("it-codice-fiscale", "check letter of the fiscal code", "D.M. 23 dicembre 1976", CodiceFiscale),
        new("gb-driver-number", "surname, date of birth", "DVLA, driver number", DriverNumber) { Confirms = false },
        new("gb-utr", "check digit of the taxpayer reference", "HMRC, unique taxpayer reference", static v => v.Length == 10 && "21987654321"[Sum(v[1..], 6, 7, 8, 9, 10, 5, 4, 3, 2) % 11] == v[0]),
        new("gb-vat", "mod 97 or mod 97-55", "HMRC, VAT registration number", GbVat),
        new("fr-nir", "mod 97 key", "INSEE, numéro d'inscription au répertoire", Nir),
        new("fr-siret", "Luhn of the number and of its SIREN", "INSEE, numéro SIRET; La Poste's own sum", Siret),
        new("be-national", "mod 97 key", "Rijksregister, national number", BeNational),
        new("bg-egn", "check digit of the EGN", "GRAO, ordinance RD-02-20-9", static v => v.Length == 10 && Sum(v, 2, 4, 8, 5, 10, 9, 7, 3, 6) % 11 % 10 == v[9] - '0'),
        new("cz-birth-number", "mod 11", "Act 133/2000 Coll.", CzBirthNumber),
        new("dk-cpr", "mod 11", "CPR-kontoret, personnummer", static v => v.Length == 10 && Sum(v, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0),
        new("no-fodselsnummer", "two check digits mod 11", "Skatteetaten, fødselsnummer", NoFodselsnummer),
        new("ee-isikukood", "two-stage mod 11", "EVS 585:2007; Lithuania, asmens kodas", Isikukood),
        new("hu-taj", "mod 10 by 3 and 7", "NEAK, TAJ-szám", static v => v.Length == 9 && Sum(v, 3, 7, 3, 7, 3, 7, 3, 7) % 10 == v[8] - '0'),
        new("ro-cnp", "check digit of the CNP", "Legea 105/1996", RoCnp),
        new("si-emso", "mod 11", "Zakon o centralnem registru prebivalstva", Emso),
        new("ie-pps", "mod 23 letter", "Department of Social Protection, PPS number", Pps),
        new("nl-vat", "mod 97 of the number with NL", "Belastingdienst, btw-identificatienummer", NlVat),
        new("tr-tckn", "two check digits", "NVI, T.C. kimlik numarası", Tckn),
        new("tr-vkn", "check digit of the tax number", "GİB, vergi kimlik numarası", Vkn),
        new("de-vat", "ISO 7064 mod 11,10", "UStG 27a; ISO/IEC 7064, MOD 11,10", static v => v.Length == 11 && v[2] != '0' && General.Hybrid(v[2..], 10)),
        new("be-company", "mod 97 key", "KBO/BCE, ondernemingsnummer", static v => 97 - General.NumberOf(v[^10..^2]) % 97 == General.NumberOf(v[^2..])),
        new("dk-cvr", "weighted mod 11", "Erhvervsstyrelsen, CVR-nummer", static v => v[^8] != '0' && Sum(v[^8..], 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0),
        new("at-svnr", "mod 11 in the fourth place", "Dachverband der Sozialversicherungsträger", static v => v.Length == 10 && (Sum(v, 3, 7, 9) + Sum(v[4..], 5, 8, 4, 2, 1, 6)) % 11 == v[3] - '0'),
        new("at-uid", "check digit of the UID", "BMF, UID-Nummer", AtUid),
        new("fi-business-id", "weighted mod 11", "PRH, Y-tunnus", static v => v.Length >= 8 && Sum(v[^8..], 7, 9, 10, 5, 8, 4, 2, 1) % 11 == 0),
        new("fr-vat", "mod 97 key, Luhn", "CGI 286 ter; INSEE", FrVat),
        new("cz-ico", "mod 11", "ČSÚ, IČO", static v => v.Length >= 8 && (11 - Sum(v[^8..], 8, 7, 6, 5, 4, 3, 2) % 11) % 10 == v[^1] - '0'),
        new("hu-tax-id", "mod 11", "NAV, adóazonosító jel", static v => v.Length == 10 && Sum(v, 1, 2, 3, 4, 5, 6, 7, 8, 9) % 11 == v[9] - '0'),
        new("hr-oib", "ISO 7064 mod 11,10", "Zakon o osobnom identifikacijskom broju; ISO/IEC 7064", static v => General.Hybrid(v[^11..], 10)),
        new("emso-date", "date of birth", "ZCRP: day, month, three digits of the year", static v => v.Length == 13 && Dates.IsDate((int)General.NumberOf(v[4..7]) + (v[4] == '9' ? 1000 : 2000), (int)General.NumberOf(v[2..4]), (int)General.NumberOf(v[..2])) && v[4] is '0' or '9') { Confirms = false },
        new("si-tax", "mod 11", "FURS, davčna številka", static v => Sum(v[^8..], 8, 7, 6, 5, 4, 3, 2) % 11 is > 0 and var rest && (11 - rest) % 10 == v[^1] - '0'),
        new("lv-pk", "mod 11", "PMLP, personas kods", static v => v.Length == 11 && (1 + Sum(v, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9)) % 11 % 10 == v[10] - '0'),
        new("sk-vat", "divisible by 11", "Finančná správa SR, IČ DPH", static v => v[^8] is '2' or '3' or '4' or '7' or '8' or '9' && General.NumberOf(v[^10..]) % 11 == 0),
        new("cy-tic", "mod 26 letter", "Tax Department of Cyprus", CyTic),
        new("ru-snils", "mod 101", "ПФР, СНИЛС", static v => v.Length == 11 && Sum(v, 9, 8, 7, 6, 5, 4, 3, 2, 1) % 101 % 100 == General.NumberOf(v[9..])),
        new("ru-inn", "mod 11", "ФНС, ИНН", static v => v.Length == 10
            ? Sum(v, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10 == v[9] - '0'
            : v.Length == 12 && Sum(v, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10 == v[10] - '0' && Sum(v, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10 == v[11] - '0'),
        new("ua-rnokpp", "mod 11", "ДПС, РНОКПП", static v => v.Length == 10 && ((Sum(v, -1, 5, 7, 9, 4, 6, 10, 5, 7) % 11 + 11) % 11) % 10 == v[9] - '0'),
        new("it-vat", "Luhn, office code", "D.P.R. 633/1972, article 35", ItVat),
        new("pl-nip", "mod 11", "ustawa z 13 października 1995 o zasadach ewidencji podatników", static v => Sum(v[^10..], 6, 5, 7, 2, 3, 4, 5, 6, 7) % 11 == v[^1] - '0'),
        new("pl-id-card", "weighted 7-3-1", "MSWiA, dowód osobisty", PlIdCard),
        new("gb-plate-age", "age of the current style", "DVLA INF104", PlateAge) { Confirms = false },
        new("gr-afm", "powers of two mod 11", "AADE, AFM", static v => v.Length >= 9 && Sum(v[^9..], 256, 128, 64, 32, 16, 8, 4, 2) % 11 % 10 == v[^1] - '0'),
    ];

    /// <summary>The last year, of two digits, that may mean one after 2000.</summary>
    private const int LastYear = 40;

    /// <summary>The weighted sum of the first digits.</summary>
    internal static int Sum(ReadOnlySpan<char> value, params ReadOnlySpan<int> weights)
    {
        var sum = 0;
        for (var i = 0; i < weights.Length; i++) { sum += weights[i] * (value[i] - '0'); }
        return sum;
    }

    private static int CrossSum(int product) => product / 10 + product % 10;

    private static bool Kvnr(ReadOnlySpan<char> v)
    {
        if (v.Length != 10 || !char.IsAsciiLetter(v[0])) { return false; }
        var letter = v[0] - 'a' + 1;
        var sum = letter / 10 + CrossSum(letter % 10 * 2);
        for (var i = 1; i < 9; i++) { sum += CrossSum((v[i] - '0') * (i % 2 == 1 ? 1 : 2)); }
        return sum % 10 == v[9] - '0';
    }

    private static bool Rvnr(ReadOnlySpan<char> v)
    {
        if (v.Length != 12 || !char.IsAsciiLetter(v[8])) { return false; }
        var letter = v[8] - 'a' + 1;
        ReadOnlySpan<int> weights = [2, 1, 2, 5, 7, 1, 2, 1];
        var sum = 0;
        for (var i = 0; i < 8; i++) { sum += CrossSum(weights[i] * (v[i] - '0')); }
        sum += CrossSum(2 * (letter / 10)) + CrossSum(1 * (letter % 10)) + CrossSum(2 * (v[9] - '0')) + CrossSum(1 * (v[10] - '0'));
        return sum % 10 == v[11] - '0';
    }

    /// <summary>Of the first ten digits one comes twice or three times, the others at most once; invented numbers often break that, so only a digit four times rules out.</summary>
    private static Verdict TaxIdDigits(ReadOnlySpan<char> v)
    {
        Span<int> counts = stackalloc int[10];
        foreach (var digit in v[..10]) { counts[digit - '0']++; }
        var repeated = 0;
        foreach (var count in counts)
        {
            if (count > 3) { return Verdict.Fails; }
            if (count > 1) { repeated++; }
        }
        return repeated == 1 ? Verdict.Passes : Verdict.Weak;
    }

    private const string DniLetters = "trwagmyfpdxbnjzsqvhlcke";

    private static bool Dni(ReadOnlySpan<char> v)
    {
        var number = 0L;
        for (var i = 0; i < v.Length - 1; i++)
        {
            var c = v[i];
            number = number * 10 + (c is >= 'x' and <= 'z' ? c - 'x' : c - '0');
        }
        return DniLetters[(int)(number % 23)] == v[^1];
    }

    private static bool Cif(ReadOnlySpan<char> v)
    {
        if (v.Length != 9) { return false; }
        var sum = 0;
        for (var i = 1; i < 8; i++) { sum += i % 2 == 1 ? CrossSum(2 * (v[i] - '0')) : v[i] - '0'; }
        var check = (10 - sum % 10) % 10;
        return v[8] == '0' + check || v[8] == "jabcdefghi"[check];
    }

    private static bool Hetu(ReadOnlySpan<char> v)
    {
        // The century sign is there when it is a letter.
        if (v.Length is not (10 or 11)) { return false; }
        var serial = v.Length - 4;
        var number = General.NumberOf(v[..6]) * 1000 + General.NumberOf(v[serial..(serial + 3)]);
        return number % 1000 > 1 && "0123456789abcdefhjklmnprstuvwxy"[(int)(number % 31)] == v[^1];
    }

    private static bool CodiceFiscale(ReadOnlySpan<char> v)
    {
        ReadOnlySpan<int> odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
        if (v.Length != 16) { return false; }
        var sum = 0;
        for (var i = 0; i < 15; i++)
        {
            var value = char.IsAsciiDigit(v[i]) ? v[i] - '0' : v[i] - 'a';
            sum += i % 2 == 0 ? odd[value] : value;
        }
        // Letters stand for digits where two people would have the same code; women's days count from 41.
        var day = 10 * Digit(v[9]) + Digit(v[10]);
        var year = 10 * Digit(v[6]) + Digit(v[7]);
        return sum % 26 == v[15] - 'a' && Dates.IsDate((year % 4 == 0 ? 2000 : 1900) + year, "abcdehlmprst".IndexOf(v[8]) + 1, day > 40 ? day - 40 : day);

        static int Digit(char c) => char.IsAsciiDigit(c) ? c - '0' : "lmnpqrstuv".IndexOf(c);
    }

    private static bool DriverNumber(ReadOnlySpan<char> v)
    {
        if (v.Length < 16 || v[0] == '9') { return false; }
        var filled = false;
        for (var i = 0; i < 5; i++)
        {
            if (v[i] == '9') { filled = true; }
            else if (filled || !char.IsAsciiLetter(v[i])) { return false; }
        }
        var month = (int)General.NumberOf(v[6..8]) % 50;
        var day = (int)General.NumberOf(v[8..10]);
        return v[6] is '0' or '1' or '5' or '6' && month is >= 1 and <= 12 && day is >= 1 and <= 31;
    }

    private static bool GbVat(ReadOnlySpan<char> v)
    {
        if (v.StartsWith("gb")) { v = v[2..]; }
        if (v.Length is not (9 or 12)) { return false; }
        var rest = (Sum(v, 8, 7, 6, 5, 4, 3, 2) + (int)General.NumberOf(v[7..9])) % 97;
        return rest == 0 || (rest == 42 && v[0] != '0'); // mod 97-55 is for numbers from 100 0000 00
    }

    private static bool Nir(ReadOnlySpan<char> v)
    {
        if (v.Length != 15) { return false; }
        Span<char> digits = stackalloc char[15];
        v.CopyTo(digits);
        var minus = 0L;
        // Corsica's departments are 2A and 2B.
        if (digits[5] is '2' && digits[6] is 'a') { digits[6] = '0'; minus = 1_000_000; }
        else if (digits[5] is '2' && digits[6] is 'b') { digits[6] = '0'; minus = 2_000_000; }
        return digits.IndexOfAnyExceptInRange('0', '9') < 0 && 97 - (General.NumberOf(digits[..13]) - minus) % 97 == General.NumberOf(digits[13..]);
    }

    /// <summary>FR, a key of two characters, a SIREN: a key of digits is a remainder by 97, one with a letter (never I or O) a remainder by 11.</summary>
    private static bool FrVat(ReadOnlySpan<char> v)
    {
        if (v.Length != 13 || !Checksums.Luhn(v[4..])) { return false; }
        const string alphabet = "0123456789abcdefghjklmnpqrstuvwxyz";
        var siren = General.NumberOf(v[4..]);
        int first = alphabet.IndexOf(v[2]), second = alphabet.IndexOf(v[3]);
        if (first < 10 && second < 10) { return (siren * 100 + 12) % 97 == first * 10 + second; }
        var key = first < 10 ? first * 24 + second - 10 : first * 34 + second - 100;
        return (siren + 1 + key / 11) % 11 == key % 11;
    }

    private static bool Siret(ReadOnlySpan<char> v)
    {
        // La Poste has too many establishments for Luhn; its head office alone has it.
        var isPostOffice = v.StartsWith("356000000") && v[9..] is not "00048";
        return v.Length == 14 && Checksums.Luhn(v[..9]) && (isPostOffice ? Sum(v, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1) % 5 == 0 : Checksums.Luhn(v));
    }

    private static bool BeNational(ReadOnlySpan<char> v)
    {
        if (v.Length != 11) { return false; }
        var number = General.NumberOf(v[..9]);
        var key = General.NumberOf(v[9..]);
        // A 2 stands before the number of who was born in 2000 or later.
        return 97 - number % 97 == key || (General.NumberOf(v[..2]) <= LastYear && 97 - (2_000_000_000 + number) % 97 == key);
    }

    /// <summary>Ten digits are given since 1954; until 1985 a rest of 10 became 0.</summary>
    private static bool CzBirthNumber(ReadOnlySpan<char> v)
    {
        if (v.Length != 10) { return false; }
        return General.NumberOf(v) % 11 == 0 || (General.NumberOf(v[..2]) is >= 54 and < 85 && General.NumberOf(v[..9]) % 11 == 10 && v[9] == '0');
    }

    private static bool NoFodselsnummer(ReadOnlySpan<char> v) =>
        v.Length == 11 && (11 - Sum(v, 3, 7, 6, 1, 8, 9, 4, 5, 2) % 11) % 11 == v[9] - '0' && (11 - Sum(v, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11) % 11 == v[10] - '0';

    private static bool Isikukood(ReadOnlySpan<char> v)
    {
        if (v.Length != 11) { return false; }
        var rest = Sum(v, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1) % 11;
        if (rest == 10) { rest = Sum(v, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3) % 11 % 10; }
        return rest == v[10] - '0';
    }

    private static bool RoCnp(ReadOnlySpan<char> v)
    {
        if (v.Length != 13) { return false; }
        var rest = Sum(v, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11;
        return (rest == 10 ? 1 : rest) == v[12] - '0';
    }

    private static bool Emso(ReadOnlySpan<char> v) => v.Length == 13 && (11 - Sum(v, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11) % 11 == v[12] - '0';

    private static bool Pps(ReadOnlySpan<char> v)
    {
        if (v.Length is not (8 or 9)) { return false; }
        var sum = Sum(v, 8, 7, 6, 5, 4, 3, 2);
        if (v.Length == 9 && v[8] != 'w') { sum += 9 * (v[8] - 'a' + 1); }
        return "wabcdefghijklmnopqrstuv"[sum % 23] == v[7];
    }

    private static bool NlVat(ReadOnlySpan<char> v)
    {
        if (v.Length != 14 || !v.StartsWith("nl") || v[12..] is "00") { return false; }
        var bsn = Sum(v[2..], 9, 8, 7, 6, 5, 4, 3, 2) % 11;
        if (bsn < 10 && bsn == v[10] - '0') { return true; }
        var rest = 0;
        foreach (var c in v)
        {
            var value = General.ValueOf(c);
            rest = value < 10 ? (rest * 10 + value) % 97 : (rest * 100 + value) % 97;
        }
        return rest == 1;
    }

    private static bool Tckn(ReadOnlySpan<char> v)
    {
        if (v.Length != 11 || v[0] == '0') { return false; }
        int odd = Sum(v, 1, 0, 1, 0, 1, 0, 1, 0, 1), even = Sum(v, 0, 1, 0, 1, 0, 1, 0, 1);
        return ((7 * odd - even) % 10 + 10) % 10 == v[9] - '0' && (odd + even + v[9] - '0') % 10 == v[10] - '0';
    }

    /// <summary>Seven digits, the code of the office that gave it, the check digit.</summary>
    private static bool ItVat(ReadOnlySpan<char> v)
    {
        v = v[^11..];
        return General.NumberOf(v[..7]) > 0 && General.NumberOf(v[7..10]) is (>= 1 and <= 121) or 888 or 999 && Checksums.Luhn(v);
    }

    private static bool AtUid(ReadOnlySpan<char> v)
    {
        v = v[^8..];
        var sum = 0;
        for (var i = 0; i < 7; i++) { sum += i % 2 == 0 ? v[i] - '0' : CrossSum(2 * (v[i] - '0')); }
        return (10 - (sum + 4) % 10) % 10 == v[7] - '0';
    }

    private static bool CyTic(ReadOnlySpan<char> v)
    {
        ReadOnlySpan<int> even = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
        if (v.Length < 9) { return false; }
        v = v[^9..];
        var sum = 0;
        for (var i = 0; i < 8; i++) { sum += i % 2 == 0 ? even[v[i] - '0'] : v[i] - '0'; }
        return 'a' + sum % 26 == v[8];
    }

    private static bool PlIdCard(ReadOnlySpan<char> v)
    {
        ReadOnlySpan<int> weights = [7, 3, 1, 9, 7, 3, 1, 7, 3];
        if (v.Length != 9) { return false; }
        var sum = 0;
        for (var i = 0; i < 9; i++) { sum += weights[i] * General.ValueOf(v[i]); }
        return sum % 10 == 0;
    }

    /// <summary>Two letters, then the age: 02 to 29 from March, 51 to 79 from September. Older styles carry none.</summary>
    private static bool PlateAge(ReadOnlySpan<char> v) =>
        v.Length != 7 || !char.IsAsciiLetter(v[1]) || char.IsAsciiLetter(v[2]) || General.NumberOf(v[2..4]) is (>= 2 and <= 29) or (>= 51 and <= 79);

    private static bool Vkn(ReadOnlySpan<char> v)
    {
        if (v.Length != 10) { return false; }
        var sum = 0;
        for (var i = 0; i < 9; i++)
        {
            var a = (v[i] - '0' + 9 - i) % 10;
            var b = a * (1 << (9 - i)) % 9;
            sum += a != 0 && b == 0 ? 9 : b;
        }
        return (10 - sum % 10) % 10 == v[9] - '0';
    }
}
