namespace Surveillance.Detection.Pii.Checks;

/// <summary>Check characters that many numbering systems share.</summary>
internal static class General
{
    private const string Digits = "0123456789";

    internal static readonly CheckEntry[] Entries =
    [
        new("luhn", "Luhn", "ISO/IEC 7812-1, annex B", Luhn),
        new("mod97", "mod 97", "ISO 13616-1; ISO/IEC 7064, MOD 97-10", static value => value.Length > 4 && Checksums.Mod97(value)),
        new("weighted", "weighted sum", "the authority that issues the number", Weighted),
        new("verhoeff", "Verhoeff", "J. Verhoeff, Error detecting decimal codes, 1969", Verhoeff),
        new("iso7064-11-10", "ISO 7064 mod 11,10", "ISO/IEC 7064, MOD 11,10", static value => Hybrid(value, 10)),
        new("iso7064-11-2", "ISO 7064 mod 11-2", "ISO/IEC 7064, MOD 11-2", static value => Pure(value, 11, "0123456789x")),
        new("icao9303", "ICAO 9303 7-3-1", "ICAO Doc 9303-3, 4.9", Icao),
        new("between", "range", "the authority that issues the number", Between) { Confirms = false },
        new("not-in", "values never issued", "the authority that issues the number", NotIn) { Confirms = false },
        new("one-of", "list of codes", "the authority that issues the number", OneOf) { Confirms = false },
        new("not-palindrome", "no palindrome", "UIDAI", static value => !IsPalindrome(value)) { Confirms = false },
    ];

    /// <summary>What a letter or digit counts: 0 to 9, and 10 to 35 for a to z.</summary>
    internal static int ValueOf(char c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;

    /// <summary>The number that digits make; letters count as digits by their place after 9.</summary>
    internal static long NumberOf(ReadOnlySpan<char> digits)
    {
        long number = 0;
        foreach (var c in digits) { number = number * 10 + (c - '0'); }
        return number;
    }

    private static Verdict Say(bool holds) => holds ? Verdict.Passes : Verdict.Fails;

    private static Test Luhn(CheckSettings settings)
    {
        var prefix = settings.Text("prefix") ?? "";
        var last = settings.Number("last", 0); // only so many of the last digits count
        return value =>
        {
            if (last > 0 && value.Length > last) { value = value[^last..]; }
            if (prefix.Length == 0) { return Say(Checksums.Luhn(value)); }
            Span<char> all = stackalloc char[prefix.Length + value.Length];
            prefix.CopyTo(all);
            value.CopyTo(all[prefix.Length..]);
            return Say(Checksums.Luhn(all));
        };
    }

    /// <summary>
    /// A weighted sum over characters from <c>from=</c>. Its remainder by <c>mod=</c> must be 0 (or <c>is=</c>), unless <c>rest</c> or <c>complement</c>
    /// say that it (or what it lacks to <c>k=</c>, default the modulus), once more modulo <c>then=</c>, stands at <c>at=</c> as a character of
    /// <c>alphabet=</c>. <c>add=</c> is added to the sum, <c>cross</c> adds the digits of each product, <c>a=</c> is what the letter a counts.
    /// </summary>
    private static Test Weighted(CheckSettings settings)
    {
        var weights = settings.Numbers("w");
        int mod = settings.Number("mod", 10), from = settings.Number("from", 0), at = settings.Number("at", from + weights.Length), add = settings.Number("add", 0);
        bool rest = settings.Has("rest"), complement = settings.Has("complement"), cross = settings.Has("cross");
        int k = settings.Number("k", mod), then = settings.Number("then", mod), equals = settings.Number("is", 0), letterA = settings.Number("a", 10);
        var alphabet = settings.Text("alphabet") ?? Digits;
        return value =>
        {
            if (value.Length < from + weights.Length) { return Verdict.Fails; }
            var sum = add;
            for (var i = 0; i < weights.Length; i++)
            {
                var c = value[from + i];
                var product = weights[i] * (c <= '9' ? c - '0' : c - 'a' + letterA);
                sum += cross ? product / 10 + product % 10 : product;
            }
            var remainder = (sum % mod + mod) % mod;
            if (!rest && !complement) { return Say(remainder == equals); }
            if (complement) { remainder = k - remainder; }
            remainder %= then;
            return Say(at < value.Length && remainder < alphabet.Length && alphabet[remainder] == value[at]);
        };
    }

    private static readonly byte[,] Dihedral =
    {
        { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 }, { 1, 2, 3, 4, 0, 6, 7, 8, 9, 5 }, { 2, 3, 4, 0, 1, 7, 8, 9, 5, 6 }, { 3, 4, 0, 1, 2, 8, 9, 5, 6, 7 }, { 4, 0, 1, 2, 3, 9, 5, 6, 7, 8 },
        { 5, 9, 8, 7, 6, 0, 4, 3, 2, 1 }, { 6, 5, 9, 8, 7, 1, 0, 4, 3, 2 }, { 7, 6, 5, 9, 8, 2, 1, 0, 4, 3 }, { 8, 7, 6, 5, 9, 3, 2, 1, 0, 4 }, { 9, 8, 7, 6, 5, 4, 3, 2, 1, 0 },
    };

    private static readonly byte[,] Permutation =
    {
        { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 }, { 1, 5, 7, 6, 2, 8, 3, 0, 9, 4 }, { 5, 8, 0, 3, 7, 9, 6, 1, 4, 2 }, { 8, 9, 1, 6, 0, 4, 3, 5, 2, 7 },
        { 9, 4, 5, 3, 1, 2, 6, 8, 7, 0 }, { 4, 2, 8, 6, 5, 7, 3, 9, 0, 1 }, { 2, 7, 9, 3, 8, 0, 6, 4, 1, 5 }, { 7, 0, 4, 6, 9, 1, 3, 2, 5, 8 },
    };

    internal static bool Verhoeff(ReadOnlySpan<char> value)
    {
        var c = 0;
        for (var i = 0; i < value.Length; i++)
        {
            var digit = value[value.Length - 1 - i] - '0';
            if ((uint)digit > 9) { return false; }
            c = Dihedral[c, Permutation[i & 7, digit]];
        }
        return c == 0;
    }

    /// <summary>The hybrid systems of ISO/IEC 7064: modulus M+1 and M.</summary>
    internal static bool Hybrid(ReadOnlySpan<char> value, int m)
    {
        var p = m;
        for (var i = 0; i < value.Length - 1; i++)
        {
            var v = ValueOf(value[i]);
            if (v >= m) { return false; }
            p = (p + v) % m;
            if (p == 0) { p = m; }
            p = p * 2 % (m + 1);
        }
        return value.Length > 1 && (p + ValueOf(value[^1])) % m == 1;
    }

    /// <summary>The pure systems of ISO/IEC 7064 with radix 2 and one check character.</summary>
    internal static bool Pure(ReadOnlySpan<char> value, int modulus, string alphabet)
    {
        var p = 0;
        for (var i = 0; i < value.Length; i++)
        {
            var v = alphabet.IndexOf(value[i]);
            if (v < 0 || (v >= 10 && modulus == 11 && i < value.Length - 1)) { return false; }
            p = (p * 2 + v) % modulus;
        }
        return p == 1;
    }

    /// <summary>The last digit checks what stands before it.</summary>
    internal static bool Icao(ReadOnlySpan<char> value)
    {
        var sum = 0;
        for (var i = 0; i < value.Length - 1; i++) { sum += ValueOf(value[i]) * (i % 3) switch { 0 => 7, 1 => 3, _ => 1 }; }
        return value.Length > 1 && char.IsAsciiDigit(value[^1]) && sum % 10 == value[^1] - '0';
    }

    /// <summary>The digits from <c>at=</c>, so many as <c>length=</c>, make a number that lies in one of <c>in=1-24,26</c>.</summary>
    private static Test Between(CheckSettings settings)
    {
        int at = settings.Number("at", 0), length = settings.Number("length", 2);
        var ranges = (settings.Text("in") ?? "").Split(',').Select(r => r.Split('-').Select(long.Parse).ToArray()).Select(r => (Low: r[0], High: r[^1])).ToArray();
        return value =>
        {
            if (value.Length < at + length) { return Verdict.Fails; }
            long number = 0;
            foreach (var c in value.Slice(at, length))
            {
                if (!char.IsAsciiDigit(c)) { return Verdict.Fails; }
                number = number * 10 + (c - '0');
            }
            foreach (var (low, high) in ranges)
            {
                if (number >= low && number <= high) { return Verdict.Passes; }
            }
            return Verdict.Fails;
        };
    }

    /// <summary>Nothing of <c>values=</c> stands at <c>at=</c>.</summary>
    private static Test NotIn(CheckSettings settings)
    {
        var at = settings.Number("at", 0);
        var values = (settings.Text("values") ?? "").Split(',');
        return value =>
        {
            if (value.Length <= at) { return Verdict.Fails; }
            foreach (var one in values)
            {
                if (value[at..].StartsWith(one)) { return Verdict.Fails; }
            }
            return Verdict.Passes;
        };
    }

    /// <summary>One of <c>values=</c>, all of <c>length=</c> characters, stands at <c>at=</c>.</summary>
    private static Test OneOf(CheckSettings settings)
    {
        int at = settings.Number("at", 0), length = settings.Number("length", 2);
        var lookup = (settings.Text("values") ?? "").Split(',').ToHashSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        return value => Say(value.Length >= at + length && lookup.Contains(value.Slice(at, length)));
    }

    private static bool IsPalindrome(ReadOnlySpan<char> value)
    {
        for (var i = 0; i < value.Length / 2; i++)
        {
            if (value[i] != value[value.Length - 1 - i]) { return false; }
        }
        return true;
    }
}
