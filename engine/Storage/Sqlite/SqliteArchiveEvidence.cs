using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Surveillance.Archive;
using Surveillance.Messages;

namespace Surveillance.Storage.Sqlite;

/// <summary>An archive's file as evidence: one snapshot of it, also while a service writes. Not thread-safe.</summary>
public sealed class SqliteArchiveEvidence : IArchiveEvidence, IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _snapshot;

    private SqliteArchiveEvidence(SqliteConnection connection)
    {
        _connection = connection;
        _snapshot = connection.BeginTransaction(deferred: true);
        LastPosition = Number("SELECT coalesce(max(position), 0) FROM entries"); // the first read takes the snapshot
        LastSeal = Number("SELECT coalesce(max(position), 0) FROM seals");
    }

    /// <inheritdoc />
    public long LastPosition { get; }

    /// <inheritdoc />
    public long LastSeal { get; }

    /// <summary>Reads an archive that may be written meanwhile.</summary>
    /// <param name="path">The file.</param>
    public static SqliteArchiveEvidence Open(string path) => new(SqliteFiles.OpenReader(path));

    /// <summary>Reads an archive that nobody writes, such as a backup's.</summary>
    /// <param name="path">The file.</param>
    internal static SqliteArchiveEvidence OpenUnchanging(string path) => new(SqliteFiles.OpenUnchanging(path));

    /// <inheritdoc />
    public IEnumerable<EntryEvidence> ReadEntries()
    {
        using var command = Sql.Command(
            _connection,
            "SELECT e.position, e.kind, e.id, e.conversation, e.partition, e.sent_at, e.leaf, c.body, s.hash FROM entries e LEFT JOIN contents c USING(position) LEFT JOIN seals s USING(position) ORDER BY e.position");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var body = BytesOrNull(reader, 7);
            yield return new EntryEvidence
            {
                Position = reader.GetInt64(0),
                Kind = (EntryKind)reader.GetInt64(1),
                Id = IdOf((byte[])reader[2]),
                Conversation = reader.IsDBNull(3) ? default : IdOf((byte[])reader[3]),
                Partition = (int)reader.GetInt64(4),
                SentAt = reader.GetInt64(5),
                Leaf = (byte[])reader[6],
                Content = MemoryOf(body),
                Canonical = CanonicalOf(body),
                Seal = MemoryOf(BytesOrNull(reader, 8)),
            };
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<long> ReadStrayContents()
    {
        using var command = Sql.Command(_connection, "SELECT position FROM contents c WHERE NOT EXISTS (SELECT 1 FROM entries e WHERE e.position = c.position) LIMIT 100");
        return Sql.Numbers(command);
    }

    /// <inheritdoc />
    public IEnumerable<long> ReadAlteredEnvelopes()
    {
        using var command = Sql.Command(_connection, "SELECT envelope, sha256, body FROM envelopes ORDER BY envelope");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (!SHA256.HashData((byte[])reader[2]).AsSpan().SequenceEqual((byte[])reader[1]))
            {
                yield return reader.GetInt64(0);
            }
        }
    }

    /// <summary>The last link of the chain, 64 lower-case hex digits; zeros for an empty archive.</summary>
    internal string ReadLastSeal()
    {
        using var command = Sql.Command(_connection, "SELECT hash FROM seals ORDER BY position DESC LIMIT 1");
        return Convert.ToHexStringLower(command.ExecuteScalar() as byte[] ?? new byte[32]);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _snapshot.Dispose();
        _connection.Dispose();
    }

    private long Number(string sql)
    {
        using var command = Sql.Command(_connection, sql);
        return (long)command.ExecuteScalar()!;
    }

    private static byte[]? BytesOrNull(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : (byte[])reader[column];

    /// <summary>Null for null: the conversion that comes with the type makes empty memory of it.</summary>
    private static ReadOnlyMemory<byte>? MemoryOf(byte[]? bytes) => bytes is null ? default(ReadOnlyMemory<byte>?) : bytes;

    private static OpaqueId IdOf(byte[] bytes) => bytes.Length == 16 ? OpaqueId.FromBytes(bytes) : default;

    private static ReadOnlyMemory<byte>? CanonicalOf(byte[]? body)
    {
        try
        {
            return body is null ? default(ReadOnlyMemory<byte>?) : ContentRow.Split(body).Canonical;
        }
        catch (ArchiveDamagedException)
        {
            return null;
        }
    }
}
