namespace Surveillance.Detection.Pii.Checks;

/// <summary>Check digits of numbering standards.</summary>
internal static class Checksums
{
    /// <summary>Whether the last of the digits is the check digit of ISO/IEC 7812-1, annex B.</summary>
    /// <param name="digits">ASCII digits only, at least two.</param>
    internal static bool Luhn(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        var doubled = false;
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            var digit = digits[i] - '0';
            if (doubled)
            {
                digit *= 2;
                if (digit > 9) { digit -= 9; }
            }
            sum += digit;
            doubled = !doubled;
        }
        return digits.Length > 1 && sum % 10 == 0;
    }

    /// <summary>Whether an account number is congruent to 1 modulo 97 with its first four characters moved to the end (ISO 13616-1).</summary>
    /// <param name="value">Lower-case letters and digits, at least five.</param>
    internal static bool Mod97(ReadOnlySpan<char> value)
    {
        var rest = 0;
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[(i + 4) % value.Length];
            rest = c is >= '0' and <= '9' ? (rest * 10 + (c - '0')) % 97 : (rest * 100 + (c - 'a' + 10)) % 97;
        }
        return rest == 1;
    }
}
