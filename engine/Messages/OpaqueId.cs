using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Surveillance.Messages;

/// <summary>An id that tells nothing about what it stands for: 128 bits, written as 26 lower-case base32 characters (RFC 4648 clause 6 alphabet, no padding), safe in paths.</summary>
/// <param name="Value">The 128 bits.</param>
public readonly record struct OpaqueId(UInt128 Value)
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>The 16 bytes, most significant first.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return bytes;
    }

    /// <summary>The id of 16 bytes, most significant first.</summary>
    /// <param name="bytes">At least 16 bytes; what follows is ignored.</param>
    public static OpaqueId FromBytes(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    /// <inheritdoc />
    public override string ToString() => string.Create(26, Value, static (chars, value) =>
    {
        chars[25] = Alphabet[(int)(value & 7) << 2];
        value >>= 3;
        for (var i = 24; i >= 0; i--)
        {
            chars[i] = Alphabet[(int)(value & 31)];
            value >>= 5;
        }
    });

    /// <summary>Reads what <see cref="ToString"/> wrote; false for anything else.</summary>
    /// <param name="text">The 26 characters.</param>
    /// <param name="id">The id, or the empty one.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out OpaqueId id)
    {
        id = default;
        if (text is not { Length: 26 })
        {
            return false;
        }
        UInt128 value = 0;
        for (var i = 0; i < 26; i++)
        {
            var digit = Alphabet.IndexOf(text[i], StringComparison.Ordinal);
            if (digit < 0 || (i == 25 && (digit & 3) != 0))
            {
                return false;
            }
            value = i == 25 ? (value << 3) | (uint)(digit >> 2) : (value << 5) | (uint)digit;
        }
        id = new OpaqueId(value);
        return true;
    }
}

/// <summary>Makes the ids of one data folder: HMAC-SHA-256 (RFC 2104) under the folder's secret key, cut to 128 bits. Thread-safe.</summary>
/// <param name="instanceKey">The folder's secret, at least 32 bytes. Without it no id leads back to an address.</param>
public sealed class IdMaker(byte[] instanceKey)
{
    /// <summary>The id of a message.</summary>
    /// <param name="key">What makes it the same message.</param>
    public OpaqueId Message(NativeKey key) => Make('m', key.Channel, key.Account, key.Id);

    /// <summary>The id of what arrived under the key of another message with other content.</summary>
    /// <param name="key">The shared key.</param>
    /// <param name="contentHash">SHA-256 of the content that arrived later.</param>
    public OpaqueId Conflict(NativeKey key, ReadOnlySpan<byte> contentHash) => Make('x', key.Channel, key.Account, key.Id + "\n" + Convert.ToHexString(contentHash));

    /// <summary>The id of an entry that is no message; no message can have it.</summary>
    /// <param name="kind">A letter of the entry's kind, other than those of this class.</param>
    /// <param name="key">What makes it the same entry.</param>
    public OpaqueId Entry(char kind, string key) => Make(kind is 'm' or 'x' or 'c' or 'p' or 'a' ? throw new ArgumentOutOfRangeException(nameof(kind)) : kind, null, "", key);

    /// <summary>The id of a conversation.</summary>
    /// <param name="message">Any message of it.</param>
    public OpaqueId Conversation(CapturedMessage message) => Make('c', message.Channel, message.Account ?? "", message.Conversation);

    /// <summary>The id of the person behind an address. The same address on two channels is the same person.</summary>
    /// <param name="address">The address as captured; letter case and surrounding blanks do not count.</param>
    public OpaqueId Person(string address) => Make('p', null, "", PersonKey.Of(address));

    /// <summary>The id of an alert.</summary>
    /// <param name="rule">The rule that opened it.</param>
    /// <param name="message">The message that opened it.</param>
    /// <param name="evidenceKey">The evidence that opened it.</param>
    public OpaqueId Alert(string rule, OpaqueId message, string evidenceKey) => Make('a', null, rule, message + "/" + evidenceKey);

    private OpaqueId Make(char kind, Channel? channel, string account, string id)
    {
        var count = 3 + Encoding.UTF8.GetMaxByteCount(account.Length) + 1 + Encoding.UTF8.GetMaxByteCount(id.Length);
        var rented = System.Buffers.ArrayPool<byte>.Shared.Rent(count);
        try
        {
            rented[0] = (byte)kind;
            rented[1] = channel is { } c ? (byte)(1 + (int)c) : (byte)0;
            var length = 2 + Encoding.UTF8.GetBytes(account, rented.AsSpan(2));
            rented[length++] = 0;
            length += Encoding.UTF8.GetBytes(id, rented.AsSpan(length));
            Span<byte> hash = stackalloc byte[32];
            HMACSHA256.HashData(instanceKey, rented.AsSpan(0, length), hash);
            return OpaqueId.FromBytes(hash);
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(rented);
        }
    }
}

/// <summary>The form of an address that is the same however it was typed.</summary>
public static class PersonKey
{
    /// <summary>Lower case without surrounding blanks; a phone number without spaces, hyphens, dots and brackets, with <c>00</c> as <c>+</c>.</summary>
    /// <param name="address">An address as captured.</param>
    public static string Of(string address)
    {
        var trimmed = address.Trim();
        var digits = 0;
        foreach (var c in trimmed)
        {
            if (char.IsAsciiDigit(c)) { digits++; }
            else if (c is not (' ' or '-' or '.' or '(' or ')' or '+')) { return trimmed.ToLowerInvariant(); }
        }
        if (digits < 6)
        {
            return trimmed.ToLowerInvariant();
        }
        var number = new string([.. trimmed.Where(c => char.IsAsciiDigit(c) || c == '+')]);
        return number.StartsWith("00", StringComparison.Ordinal) ? "+" + number[2..] : number;
    }
}
