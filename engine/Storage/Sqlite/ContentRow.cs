using System.Buffers.Binary;
using System.Security.Cryptography;
using Surveillance.Archive;

namespace Surveillance.Storage.Sqlite;

/// <summary>The bytes of a content row: version, 16 bytes of salt, length of the canonical bytes (4 bytes, big endian), canonical bytes, original.</summary>
internal static class ContentRow
{
    private const byte Version = 1;
    private const int Head = 1 + 16 + 4;

    internal static byte[] Join(ReadOnlySpan<byte> canonical, ReadOnlySpan<byte> original)
    {
        var body = new byte[Head + canonical.Length + original.Length];
        body[0] = Version;
        RandomNumberGenerator.Fill(body.AsSpan(1, 16));
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(17), canonical.Length);
        canonical.CopyTo(body.AsSpan(Head));
        original.CopyTo(body.AsSpan(Head + canonical.Length));
        return body;
    }

    /// <summary>The canonical bytes alone, so that a large original beside them is not held in memory.</summary>
    internal static ReadOnlyMemory<byte> CanonicalOf(byte[] body)
    {
        var (canonical, original) = Split(body);
        return original.Length > canonical.Length / 4 ? canonical.ToArray() : canonical;
    }

    /// <summary>Cuts a row.</summary>
    /// <exception cref="ArchiveDamagedException">It has not this form.</exception>
    internal static (ReadOnlyMemory<byte> Canonical, ReadOnlyMemory<byte> Original) Split(byte[] body)
    {
        if (body.Length < Head || body[0] != Version)
        {
            throw new ArchiveDamagedException("A content row has no form that this program knows.");
        }
        var length = BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(17));
        if (length < 0 || length > body.Length - Head)
        {
            throw new ArchiveDamagedException("A content row is shorter than it says.");
        }
        return (body.AsMemory(Head, length), body.AsMemory(Head + length));
    }
}
