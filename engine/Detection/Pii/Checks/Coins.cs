using System.Numerics;
using System.Security.Cryptography;

namespace Surveillance.Detection.Pii.Checks;

/// <summary>Check sums of coin addresses; the letters' case counts.</summary>
internal static class Coins
{
    internal static readonly CheckEntry[] Entries =
    [
        new("base58check", "Base58Check", "Bitcoin, Base58Check encoding (double SHA-256)", Base58),
        new("bech32", "Bech32 or Bech32m", "BIP 173, BIP 350", static v => Bech32(v)),
        new("base58", "Base58 of a whole number of bytes", "Bitcoin, Base58 encoding", Base58Plain) { Confirms = false },
        new("strkey", "CRC-16", "Stellar SEP-23 (base32, CRC-16/XMODEM)", static v => StrKey(v)),
        new("eip55", "mixed-case checksum", "EIP-55 (Keccak-256)", _ => Eip55),
        new("cashaddr", "CashAddr", "Bitcoin Cash, CashAddr specification", static v => CashAddr(v)),
    ];

    private const string Base58Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const string RippleAlphabet = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";

    private static Test Base58(CheckSettings settings)
    {
        var alphabet = settings.Has("ripple") ? RippleAlphabet : Base58Alphabet;
        var length = settings.Number("bytes", 25);
        var versions = settings.Has("versions") ? settings.Numbers("versions") : [];
        return value => IsBase58(value, alphabet, length, versions) ? Verdict.Passes : Verdict.Fails;
    }

    private static bool IsBase58(ReadOnlySpan<char> value, string alphabet, int length, int[] versions)
    {
        Span<byte> bytes = stackalloc byte[length];
        if (!Decode(value, alphabet, bytes)) { return false; }
        if (versions.Length > 0 && Array.IndexOf(versions, bytes[0]) < 0) { return false; }
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(bytes[..^4], hash);
        SHA256.HashData(hash, hash);
        return hash[..4].SequenceEqual(bytes[^4..]);
    }

    /// <summary>A number of exactly so many bytes, without a checksum.</summary>
    private static Test Base58Plain(CheckSettings settings)
    {
        var length = settings.Number("bytes", 32);
        return value =>
        {
            Span<byte> bytes = stackalloc byte[length];
            return Decode(value, Base58Alphabet, bytes) && bytes[0] != 0 ? Verdict.Passes : Verdict.Fails;
        };
    }

    /// <summary>A Stellar account: version byte, 32 bytes and a CRC-16 in base32.</summary>
    private static bool StrKey(ReadOnlySpan<char> value)
    {
        if (value.Length != 56) { return false; }
        Span<byte> bytes = stackalloc byte[35];
        int bits = 0, held = 0, n = 0;
        foreach (var c in value)
        {
            var v = "abcdefghijklmnopqrstuvwxyz234567".IndexOf(char.ToLowerInvariant(c));
            if (v < 0) { return false; }
            held = (held << 5 | v) & 0xfff;
            bits += 5;
            if (bits >= 8) { bytes[n++] = (byte)(held >> (bits -= 8)); }
        }
        var crc = 0;
        foreach (var b in bytes[..33])
        {
            crc ^= b << 8;
            for (var i = 0; i < 8; i++) { crc = (crc & 0x8000) != 0 ? (crc << 1 ^ 0x1021) & 0xffff : crc << 1 & 0xffff; }
        }
        return (bytes[33] | bytes[34] << 8) == crc;
    }

    /// <summary>A Monero address: blocks of eleven characters for eight bytes, the last four bytes of all a Keccak-256 checksum.</summary>
    /// <param name="value">The letters as captured.</param>
    internal static bool Monero(ReadOnlySpan<char> value)
    {
        if (value.Length is not (95 or 106)) { return false; }
        Span<byte> bytes = stackalloc byte[77];
        var n = 0;
        for (var i = 0; i < value.Length; i += 11)
        {
            var block = value[i..Math.Min(value.Length, i + 11)];
            var size = block.Length switch { 11 => 8, 7 => 5, _ => 0 };
            if (size == 0 || !Decode(block, Base58Alphabet, bytes.Slice(n, size))) { return false; }
            n += size;
        }
        Span<byte> hash = stackalloc byte[32];
        Keccak256(bytes[..(n - 4)], hash);
        return bytes[0] is 18 or 19 or 42 && hash[..4].SequenceEqual(bytes[(n - 4)..n]);
    }

    private static bool Decode(ReadOnlySpan<char> value, string alphabet, Span<byte> bytes)
    {
        bytes.Clear();
        foreach (var c in value)
        {
            var carry = alphabet.IndexOf(c);
            if (carry < 0) { return false; }
            for (var i = bytes.Length - 1; i >= 0; i--)
            {
                carry += bytes[i] * 58;
                bytes[i] = (byte)carry;
                carry >>= 8;
            }
            if (carry != 0) { return false; }
        }
        return true;
    }

    private const string Bech32Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

    internal static bool Bech32(ReadOnlySpan<char> value)
    {
        var split = value.LastIndexOf('1');
        if (split < 1 || value.Length - split < 7) { return false; }
        bool upper = false, lower = false;
        foreach (var c in value) { upper |= char.IsAsciiLetterUpper(c); lower |= char.IsAsciiLetterLower(c); }
        if (upper && lower) { return false; }
        uint check = 1;
        foreach (var c in value[..split]) { check = Step(check, (uint)(char.ToLowerInvariant(c) >> 5)); }
        check = Step(check, 0);
        foreach (var c in value[..split]) { check = Step(check, (uint)(char.ToLowerInvariant(c) & 31)); }
        foreach (var c in value[(split + 1)..])
        {
            var v = Bech32Alphabet.IndexOf(char.ToLowerInvariant(c));
            if (v < 0) { return false; }
            check = Step(check, (uint)v);
        }
        return check is 1 or 0x2bc830a3;

        static uint Step(uint check, uint value)
        {
            var top = check >> 25;
            check = (check & 0x1ffffff) << 5 ^ value;
            ReadOnlySpan<uint> generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
            for (var i = 0; i < 5; i++)
            {
                if ((top >> i & 1) != 0) { check ^= generator[i]; }
            }
            return check;
        }
    }

    /// <summary>The address after its prefix, which counts as <c>bitcoincash</c>.</summary>
    private static bool CashAddr(ReadOnlySpan<char> value)
    {
        ulong check = 1;
        foreach (var c in "bitcoincash") { check = Step(check, (ulong)(c & 31)); }
        check = Step(check, 0);
        foreach (var c in value.StartsWith("bitcoincash") ? value["bitcoincash".Length..] : value)
        {
            var v = Bech32Alphabet.IndexOf(c);
            if (v < 0) { return false; }
            check = Step(check, (ulong)v);
        }
        return (check ^ 1) == 0;

        static ulong Step(ulong check, ulong value)
        {
            var top = check >> 35;
            check = (check & 0x07ffffffff) << 5 ^ value;
            ReadOnlySpan<ulong> generator = [0x98f2bc8e61, 0x79b76d99e2, 0xf33e5fb3c4, 0xae2eabe2a8, 0x1e4f43e470];
            for (var i = 0; i < 5; i++)
            {
                if ((top >> i & 1) != 0) { check ^= generator[i]; }
            }
            return check;
        }
    }

    /// <summary>Passes with the right mixture of cases; one case alone says nothing.</summary>
    private static Verdict Eip55(ReadOnlySpan<char> value)
    {
        var hex = value[2..];
        bool upper = false, lower = false;
        Span<byte> small = stackalloc byte[40];
        for (var i = 0; i < hex.Length && i < 40; i++)
        {
            upper |= char.IsAsciiLetterUpper(hex[i]);
            lower |= char.IsAsciiLetterLower(hex[i]);
            small[i] = (byte)char.ToLowerInvariant(hex[i]);
        }
        if (hex.Length != 40) { return Verdict.Fails; }
        if (!upper || !lower) { return Verdict.Weak; }
        Span<byte> hash = stackalloc byte[32];
        Keccak256(small, hash);
        for (var i = 0; i < 40; i++)
        {
            if (char.IsAsciiLetter(hex[i]) && char.IsAsciiLetterUpper(hex[i]) != ((hash[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15) >= 8)) { return Verdict.Fails; }
        }
        return Verdict.Passes;
    }

    private static readonly ulong[] Rounds =
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000, 0x000000000000808B, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
        0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A, 0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003,
        0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    private static readonly int[] Rotations = [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];
    private static readonly int[] Lanes = [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];

    /// <summary>Keccak-256 with the padding that SHA-3 changed later; at most 135 bytes.</summary>
    internal static void Keccak256(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        Span<ulong> state = stackalloc ulong[25];
        state.Clear();
        for (var i = 0; i < data.Length; i++) { state[i / 8] ^= (ulong)data[i] << (i % 8 * 8); }
        state[data.Length / 8] ^= 1UL << (data.Length % 8 * 8);
        state[16] ^= 0x8000000000000000;
        Span<ulong> column = stackalloc ulong[5];
        foreach (var round in Rounds)
        {
            for (var i = 0; i < 5; i++) { column[i] = state[i] ^ state[i + 5] ^ state[i + 10] ^ state[i + 15] ^ state[i + 20]; }
            for (var i = 0; i < 5; i++)
            {
                var t = column[(i + 4) % 5] ^ BitOperations.RotateLeft(column[(i + 1) % 5], 1);
                for (var j = 0; j < 25; j += 5) { state[i + j] ^= t; }
            }
            var last = state[1];
            for (var i = 0; i < 24; i++)
            {
                (state[Lanes[i]], last) = (BitOperations.RotateLeft(last, Rotations[i]), state[Lanes[i]]);
            }
            for (var j = 0; j < 25; j += 5)
            {
                state.Slice(j, 5).CopyTo(column);
                for (var i = 0; i < 5; i++) { state[j + i] ^= ~column[(i + 1) % 5] & column[(i + 2) % 5]; }
            }
            state[0] ^= round;
        }
        for (var i = 0; i < 32; i++) { hash[i] = (byte)(state[i / 8] >> (i % 8 * 8)); }
    }
}
