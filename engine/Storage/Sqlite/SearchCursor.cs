using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Surveillance.Archive.Search;

namespace Surveillance.Storage.Sqlite;

/// <summary>A place in the list of a query: the position, and a hash of the query that it belongs to.</summary>
internal static class SearchCursor
{
    private const int Length = 8 + 8;

    internal static string Write(long position, SearchQuery query)
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, position);
        HashOf(query).CopyTo(bytes[8..]);
        return Base64Url.EncodeToString(bytes);
    }

    internal static bool TryRead(string cursor, SearchQuery query, out long position)
    {
        position = 0;
        Span<byte> bytes = stackalloc byte[Length];
        if (cursor.Length > 32 || !Base64Url.IsValid(cursor, out var length) || length != Length || !Base64Url.TryDecodeFromChars(cursor, bytes, out _))
        {
            return false;
        }
        position = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return position > 0 && bytes[8..].SequenceEqual(HashOf(query));
    }

    private static ReadOnlySpan<byte> HashOf(SearchQuery query) => SHA256.HashData(Encoding.UTF8.GetBytes(query.ToString())).AsSpan(0, 8);
}
