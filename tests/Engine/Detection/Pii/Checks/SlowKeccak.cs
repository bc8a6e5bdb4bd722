namespace Surveillance.Engine.Tests.Detection.Pii.Checks;

/// <summary>Keccak-256 bit by bit as FIPS 202 defines its steps, with constants that are computed; the padding is Keccak's own. The twin of the one in the engine.</summary>
internal static class SlowKeccak
{
    private const int Rate = 136;

    /// <summary>The hash.</summary>
    /// <param name="data">Any number of bytes.</param>
    internal static byte[] Hash(byte[] data)
    {
        byte[] padded = [.. data, .. new byte[Rate - data.Length % Rate]];
        padded[data.Length] |= 1;
        padded[^1] |= 0x80;
        var bits = new bool[5, 5, 64]; // x, y, z
        foreach (var block in padded.Chunk(Rate))
        {
            for (var i = 0; i < Rate * 8; i++) { bits[i / 64 % 5, i / 320, i % 64] ^= (block[i / 8] >> (i % 8) & 1) == 1; }
            for (var round = 0; round < 24; round++) { bits = Round(bits, round); }
        }
        var hash = new byte[32];
        for (var i = 0; i < 256; i++) { hash[i / 8] |= (byte)((bits[i / 64 % 5, i / 320, i % 64] ? 1 : 0) << (i % 8)); }
        return hash;
    }

    private static bool[,,] Round(bool[,,] a, int round)
    {
        var mixed = Each((x, y, z) => a[x, y, z] ^ Parity(a, (x + 4) % 5, z) ^ Parity(a, (x + 1) % 5, (z + 63) % 64));
        var moved = new bool[5, 5, 64];
        for (var z = 0; z < 64; z++) { moved[0, 0, z] = mixed[0, 0, z]; }
        for (int t = 0, x = 1, y = 0; t < 24; t++, (x, y) = (y, (2 * x + 3 * y) % 5))
        {
            // Rotated by the t-th triangular number and laid down where the next one is taken up.
            for (var z = 0; z < 64; z++) { moved[y, (2 * x + 3 * y) % 5, (z + (t + 1) * (t + 2) / 2) % 64] = mixed[x, y, z]; }
        }
        var bent = Each((x, y, z) => moved[x, y, z] ^ (!moved[(x + 1) % 5, y, z] && moved[(x + 2) % 5, y, z]));
        for (var j = 0; j <= 6; j++) { bent[0, 0, (1 << j) - 1] ^= ConstantBit(j + 7 * round); }
        return bent;
    }

    private static bool[,,] Each(Func<int, int, int, bool> bit)
    {
        var all = new bool[5, 5, 64];
        for (var i = 0; i < 1600; i++) { all[i / 64 % 5, i / 320, i % 64] = bit(i / 64 % 5, i / 320, i % 64); }
        return all;
    }

    private static bool Parity(bool[,,] a, int x, int z) => a[x, 0, z] ^ a[x, 1, z] ^ a[x, 2, z] ^ a[x, 3, z] ^ a[x, 4, z];

    /// <summary>The shift register with x^8 + x^6 + x^5 + x^4 + 1.</summary>
    private static bool ConstantBit(int t)
    {
        var register = 1;
        for (var i = 0; i < t % 255; i++)
        {
            register <<= 1;
            if (register > 255) { register ^= 0x171; }
        }
        return (register & 1) == 1;
    }
}
