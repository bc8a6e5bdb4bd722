namespace Surveillance.Detection.Pii.Checks;

/// <summary>Rules that one American authority alone uses.</summary>
internal static class Americas
{
    internal static readonly CheckEntry[] Entries =
    [
        new("us-ssn", "area, group and serial", "SSA, 20 CFR 422.103; POMS RM 10201.035", Ssn) { Confirms = false },
        new("us-dea", "check digit of the DEA number", "21 CFR 1301, DEA registration number", static v => v.Length == 9 && Europe.Sum(v[2..], 1, 2, 1, 2, 1, 2) % 10 == v[8] - '0'),
        new("br-cpf", "two check digits mod 11", "Receita Federal, CPF", static v => v.Length == 11 && Br(v[..9], 10) == v[9] - '0' && Br(v[..10], 11) == v[10] - '0'),
        new("br-cnpj", "two check digits mod 11", "Receita Federal, CNPJ (IN RFB 2119/2022, 2229/2024)", Cnpj),
        new("mx-curp", "check digit of the CURP", "RENAPO, instructivo normativo para la CURP", Curp),
        new("mx-clabe", "weighted 3-7-1", "Asociación de Bancos de México, CLABE", static v => v.Length == 18 && Clabe(v)),
        new("mx-rfc-date", "date of birth or foundation", "SAT, RFC", static v => v[^9..^3] is var d && Dates.IsDate(2000 + (int)General.NumberOf(d[..2]), (int)General.NumberOf(d[2..4]), (int)General.NumberOf(d[4..6]))) { Confirms = false },
        new("ca-health", "Luhn", "Ontario Ministry of Health", static v => Checksums.Luhn(v[..10])),
        new("cl-rut", "mod 11 character", "Servicio de Impuestos Internos, RUT", Rut),
        new("ar-cuit", "mod 11", "AFIP, CUIT", static v => v.Length == 11 && (11 - Europe.Sum(v, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11) % 11 is var c && c < 10 && c == v[10] - '0'),
        new("co-nit", "mod 11", "DIAN, NIT", static v => v.Length == 10 && Nit(v)),
    ];

    private static bool Ssn(ReadOnlySpan<char> v)
    {
        if (v.Length != 9) { return false; }
        return !(v[0] == '9' || v.StartsWith("000") || v.StartsWith("666") || v[3..5] is "00" || v[5..] is "0000" || v is "078051120" or "219099999" or "123456789" or "987654321" or "457555462");
    }

    private static int Br(ReadOnlySpan<char> digits, int first)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++) { sum += (digits[i] - '0') * (first - i); }
        var rest = sum % 11;
        return rest < 2 ? 0 : 11 - rest;
    }

    private static bool Cnpj(ReadOnlySpan<char> v)
    {
        if (v.Length != 14) { return false; }
        return Digit(v[..12], 5) == v[12] - '0' && Digit(v[..13], 6) == v[13] - '0';

        static int Digit(ReadOnlySpan<char> characters, int first)
        {
            int sum = 0, weight = first;
            foreach (var c in characters)
            {
                sum += (char.ToUpperInvariant(c) - '0') * weight;
                weight = weight == 2 ? 9 : weight - 1;
            }
            var rest = sum % 11;
            return rest < 2 ? 0 : 11 - rest;
        }
    }

    private static bool Curp(ReadOnlySpan<char> v)
    {
        if (v.Length != 18) { return false; }
        var sum = 0;
        for (var i = 0; i < 17; i++)
        {
            // 0 to 9, A to N, Ñ, O to Z.
            var value = General.ValueOf(v[i]);
            if (v[i] >= 'o') { value++; }
            sum += value * (18 - i);
        }
        return (10 - sum % 10) % 10 == v[17] - '0';
    }

    private static bool Clabe(ReadOnlySpan<char> v)
    {
        var sum = 0;
        for (var i = 0; i < 17; i++) { sum += (v[i] - '0') * (i % 3) switch { 0 => 3, 1 => 7, _ => 1 } % 10; }
        return (10 - sum % 10) % 10 == v[17] - '0';
    }

    private static bool Rut(ReadOnlySpan<char> v)
    {
        int sum = 0, weight = 2;
        for (var i = v.Length - 2; i >= 0; i--)
        {
            sum += (v[i] - '0') * weight;
            weight = weight == 7 ? 2 : weight + 1;
        }
        return "0123456789k0"[11 - sum % 11] == v[^1];
    }

    private static bool Nit(ReadOnlySpan<char> v)
    {
        var rest = Europe.Sum(v, 41, 37, 29, 23, 19, 17, 13, 7, 3) % 11;
        return (rest < 2 ? rest : 11 - rest) == v[9] - '0';
    }
}
