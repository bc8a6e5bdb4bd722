namespace Surveillance.Detection.Pii.Checks;

/// <summary>Rules of tokens and keys; the letters' case counts.</summary>
internal static class Tokens
{
    internal static readonly CheckEntry[] Entries =
    [
        new("crc32-base62", "CRC-32 in base 62", "GitHub, authentication token formats, 2021", Crc32Base62),
        new("mixed", "letters and digits mixed as if at random", "none", Mixed) { Confirms = false },
    ];

    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>The last six characters are the check sum of those between the prefix of <c>prefix=</c> characters and them.</summary>
    private static Test Crc32Base62(CheckSettings settings)
    {
        var prefix = settings.Number("prefix", 3);
        return value =>
        {
            if (value.Length < prefix + 7) { return Verdict.Fails; }
            var crc = Crc32(value[prefix..^6]);
            for (var i = value.Length - 1; i >= value.Length - 6; i--)
            {
                if (Base62[(int)(crc % 62)] != value[i]) { return Verdict.Fails; }
                crc /= 62;
            }
            return Verdict.Passes;
        };
    }

    /// <summary>CRC-32 of ISO/IEC 8802-3, as zip files have it.</summary>
    internal static uint Crc32(ReadOnlySpan<char> ascii)
    {
        var crc = uint.MaxValue;
        foreach (var c in ascii)
        {
            crc ^= (byte)c;
            for (var bit = 0; bit < 8; bit++) { crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1; }
        }
        return ~crc;
    }

    /// <summary>After the first <c>from=</c> characters come digits as well as letters, at least <c>different=</c> of them different: no word and no row of one sign.</summary>
    private static Test Mixed(CheckSettings settings)
    {
        int from = settings.Number("from", 0), different = settings.Number("different", 8);
        return value =>
        {
            UInt128 seen = 0;
            int digits = 0, letters = 0, count = 0;
            foreach (var c in value[Math.Min(from, value.Length)..])
            {
                if (char.IsAsciiDigit(c)) { digits++; }
                else { letters++; }
                var bit = UInt128.One << (c & 127);
                if ((seen & bit) == 0) { count++; }
                seen |= bit;
            }
            return digits > 0 && letters > 0 && count >= different ? Verdict.Passes : Verdict.Fails;
        };
    }
}
