using System.Diagnostics;
using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Surveillance.Archive;
using Surveillance.Messages;

namespace Surveillance.Storage.Sqlite;

/// <summary>The archive in one SQLite file: shells and contents apart, one writer, group commit.</summary>
/// <remarks>
/// Batches that arrive while a commit runs are kept in the next one. The last batches stay in memory, so that the dispatcher, which follows closely, reads no file.
/// </remarks>
public sealed class SqliteMessageArchive : IMessageArchive, IAsyncDisposable
{
    private const int MaxWaitingBatches = 512;
    private const int MaxItemsPerCommit = 8_192;
    private const int MaxBytesPerRead = 32 * 1024 * 1024;
    private const int RingSize = 16_384;
    private const int RingBytes = 32 * 1024 * 1024;

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS entries(
          position INTEGER PRIMARY KEY, id BLOB NOT NULL, kind INTEGER NOT NULL, message_kind INTEGER NOT NULL, conversation BLOB, partition INTEGER NOT NULL,
          sent_at INTEGER NOT NULL, received_at INTEGER NOT NULL, leaf BLOB NOT NULL, key_id INTEGER NOT NULL, envelope INTEGER NOT NULL) STRICT;
        CREATE UNIQUE INDEX IF NOT EXISTS entries_by_id ON entries(id);
        CREATE INDEX IF NOT EXISTS entries_by_conversation ON entries(conversation, sent_at, position) WHERE conversation IS NOT NULL;
        CREATE INDEX IF NOT EXISTS entries_by_kind ON entries(kind, position) WHERE kind <> 0;
        CREATE TABLE IF NOT EXISTS contents(position INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS keys(key_id INTEGER PRIMARY KEY, conversation BLOB NOT NULL, author BLOB NOT NULL, cipher TEXT NOT NULL) STRICT;
        CREATE UNIQUE INDEX IF NOT EXISTS keys_by_owner ON keys(conversation, author);
        CREATE TABLE IF NOT EXISTS envelopes(envelope INTEGER PRIMARY KEY, channel TEXT NOT NULL, sha256 BLOB NOT NULL UNIQUE, verdict TEXT NOT NULL, received_at INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS seals(position INTEGER PRIMARY KEY, hash BLOB NOT NULL) STRICT;
        """;

    private readonly SqliteConnection _writer;
    private readonly ReaderPool _readers;
    private readonly IdMaker _ids;
    private readonly TimeProvider _time;
    private readonly ArchiveMeter? _meter;
    private readonly EntryTraces? _traces;
    private readonly Channel<Pending> _pending = System.Threading.Channels.Channel.CreateBounded<Pending>(
        new BoundedChannelOptions(MaxWaitingBatches) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Task _writing;
    private readonly Statements _statements;
    private readonly Dictionary<(OpaqueId, OpaqueId), long> _keyIds = [];
    private readonly object _ringLock = new();
    private readonly ArchivedEntry[] _ring = new ArchivedEntry[RingSize];
    private long _ringFirst = 1, _ringLast, _ringBytes;
    private long _lastPosition;
    private long _lastKeyId;
    private byte[] _seal;
    private volatile TaskCompletionSource _appended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Opens or creates the archive.</summary>
    /// <param name="path">The file.</param>
    /// <param name="ids">Makes the ids of this data folder.</param>
    /// <param name="time">The clock of <c>receivedAt</c>.</param>
    /// <param name="maxPages">The most pages the file may have, for drills of a full disk; null for no limit.</param>
    /// <param name="meter">What is measured; null where nobody listens.</param>
    /// <param name="traces">Takes the traces that bring entries; null where nobody goes on with them.</param>
    public SqliteMessageArchive(string path, IdMaker ids, TimeProvider time, long? maxPages = null, ArchiveMeter? meter = null, EntryTraces? traces = null)
    {
        _traces = traces;
        _meter = meter;
        meter?.WatchQueue(() => _pending.Reader.Count);
        _ids = ids;
        _time = time;
        _writer = SqliteFiles.OpenWriter(path);
        SqliteFiles.Execute(_writer, Schema);
        if (maxPages is { } pages)
        {
            SqliteFiles.Execute(_writer, $"PRAGMA max_page_count={pages};");
        }
        _readers = new ReaderPool(path);
        _lastPosition = Scalar("SELECT coalesce(max(position), 0) FROM entries");
        _ringFirst = _lastPosition + 1;
        _ringLast = _lastPosition;
        _lastKeyId = Scalar("SELECT coalesce(max(key_id), 0) FROM keys");
        _seal = ReadSeal();
        CheckKey(path);
        _statements = new Statements(_writer);
        _writing = Task.Factory.StartNew(WriteAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Refuses an archive whose ids were made with another key: nothing that comes in would be known again.</summary>
    private void CheckKey(string path)
    {
        var newest = Scalar("SELECT coalesce(max(position), 0) FROM entries WHERE kind = 0 AND conversation IS NOT NULL");
        try
        {
            if (newest > 0 && Find(newest) is { } entry && _ids.Message(entry.ReadMessage().NativeKey) != entry.Id)
            {
                throw new IOException($"The key in instance.key is not the one with which {path} was made: the ids of its messages are others. Restore the key from a backup of this archive.");
            }
        }
        catch (ArchiveDamagedException)
        {
            // the verification of the archive tells of damage, not the check of the key
        }
    }

    /// <inheritdoc />
    public long LastPosition => Volatile.Read(ref _lastPosition);

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Receipt>> AppendAsync(IReadOnlyList<ArchiveItem> batch, Envelope? envelope, CancellationToken cancel)
    {
        var pending = new Pending(batch, envelope, EntryTraces.Current);
        if (!_pending.Writer.TryWrite(pending))
        {
            throw _pending.Reader.Completion.IsCompleted ? new ArchiveUnavailableException("The archive is closing.") : new ArchiveBusyException();
        }
        return await pending.Done.Task.WaitAsync(cancel).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ArchivedEntry>> ReadAsync(long after, int max, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (_ringLock)
        {
            if (_ringFirst <= after + 1 && _ringFirst <= _ringLast)
            {
                var entries = new ArchivedEntry[Math.Clamp(_ringLast - after, 0, max)]; // the ring is bounded in bytes itself
                for (var i = 0; i < entries.Length; i++)
                {
                    entries[i] = _ring[(after + 1 + i) % RingSize];
                }
                return ValueTask.FromResult<IReadOnlyList<ArchivedEntry>>(entries);
            }
        }
        return ValueTask.FromResult<IReadOnlyList<ArchivedEntry>>(_readers.Read(connection =>
        {
            using var command = Command(connection, Select + " WHERE e.position > $after ORDER BY e.position LIMIT $max");
            command.Parameters.AddWithValue("$after", after);
            command.Parameters.AddWithValue("$max", max);
            return ReadEntries(command, MaxBytesPerRead);
        }));
    }

    /// <inheritdoc />
    public IReadOnlyList<ArchivedEntry> ReadKind(EntryKind kind, long after, int max) => _readers.Read(connection =>
    {
        using var command = Command(connection, Select + " WHERE e.kind = $kind AND e.kind <> 0 AND e.position > $after ORDER BY e.position LIMIT $max");
        command.Parameters.AddWithValue("$kind", (int)kind);
        command.Parameters.AddWithValue("$after", after);
        command.Parameters.AddWithValue("$max", max);
        return ReadEntries(command);
    });

    /// <inheritdoc />
    public ArchivedEntry? FindActivation(long position) => _readers.Read(connection =>
    {
        using var command = Command(connection, Select + " WHERE e.kind = 2 AND e.kind <> 0 AND e.position <= $position ORDER BY e.position DESC LIMIT 1");
        command.Parameters.AddWithValue("$position", position);
        return ReadEntries(command) is [var entry, ..] ? entry : null;
    });

    /// <inheritdoc />
    public async Task WaitAsync(long after, CancellationToken cancel)
    {
        while (LastPosition <= after)
        {
            var appended = _appended;
            if (LastPosition > after)
            {
                return;
            }
            await appended.Task.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public ArchivedEntry? Find(OpaqueId id) => FindOne("e.id = $key", id.ToBytes());

    /// <inheritdoc />
    public ArchivedEntry? Find(long position) => FindOne("e.position = $key", position);

    /// <inheritdoc />
    public DateTimeOffset? FindReceivedAt(long position) => _readers.Read<DateTimeOffset?>(connection =>
    {
        using var command = Command(connection, "SELECT received_at FROM entries WHERE position = $position");
        command.Parameters.AddWithValue("$position", position);
        return command.ExecuteScalar() is long ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
    });

    /// <inheritdoc />
    public bool HasMessages() => _readers.Read(connection =>
    {
        using var command = Command(connection, "SELECT 1 FROM entries WHERE kind = 0 AND conversation IS NOT NULL LIMIT 1");
        return command.ExecuteScalar() is not null;
    });

    /// <inheritdoc />
    public long CountMessages(DateTimeOffset? from, DateTimeOffset? to, long upTo) => _readers.Read(connection =>
    {
        using var command = Command(connection, "SELECT count(*) FROM entries WHERE kind = 0 AND position <= $upTo AND sent_at >= $from AND sent_at < $to");
        command.Parameters.AddWithValue("$upTo", upTo);
        command.Parameters.AddWithValue("$from", from?.UtcTicks ?? long.MinValue);
        command.Parameters.AddWithValue("$to", to?.UtcTicks ?? long.MaxValue);
        return (long)command.ExecuteScalar()!;
    });

    /// <inheritdoc />
    public ArchivedOriginal? FindOriginal(OpaqueId id) => _readers.Read(connection =>
    {
        using var command = Command(connection, "SELECT e.position, e.kind, e.id, e.conversation, e.sent_at, e.received_at, c.body, e.leaf FROM entries e JOIN contents c USING(position) WHERE e.id = $id");
        command.Parameters.AddWithValue("$id", id.ToBytes());
        using var reader = command.ExecuteReader();
        if (!reader.Read())
        {
            return null;
        }
        var entry = ToEntry(reader);
        var body = (byte[])reader[6];
        var (canonical, original) = ContentRow.Split(body);
        return new ArchivedOriginal(entry, original.IsEmpty ? canonical : original, (byte[])reader[7]);
    });

    /// <inheritdoc />
    public IReadOnlyList<ArchivedEntry> ReadBefore(OpaqueId conversation, DateTimeOffset sentAt, long position, long upTo, int max) =>
        ReadBeside("(e.sent_at, e.position) < ($sent, $position)", "DESC", conversation, sentAt, position, upTo, max);

    /// <inheritdoc />
    public IReadOnlyList<ArchivedEntry> ReadAfter(OpaqueId conversation, DateTimeOffset sentAt, long position, long upTo, int max) =>
        ReadBeside("(e.sent_at, e.position) > ($sent, $position)", "ASC", conversation, sentAt, position, upTo, max);

    /// <summary>Keeps what waits, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _pending.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
        _readers.Dispose();
        _statements.Dispose();
        await _writer.DisposeAsync().ConfigureAwait(false);
    }

    private const string Select = "SELECT e.position, e.kind, e.id, e.conversation, e.sent_at, e.received_at, c.body FROM entries e JOIN contents c USING(position)";

    private List<ArchivedEntry> ReadBeside(string where, string order, OpaqueId conversation, DateTimeOffset sentAt, long position, long upTo, int max) => _readers.Read(connection =>
    {
        using var command = Command(connection, $"{Select} WHERE e.conversation = $conversation AND e.kind = 0 AND {where} AND e.position <= $upTo ORDER BY e.sent_at {order}, e.position {order} LIMIT $max");
        command.Parameters.AddWithValue("$conversation", conversation.ToBytes());
        command.Parameters.AddWithValue("$sent", sentAt.UtcTicks);
        command.Parameters.AddWithValue("$position", position);
        command.Parameters.AddWithValue("$upTo", upTo);
        command.Parameters.AddWithValue("$max", max);
        return ReadEntries(command);
    });

    private ArchivedEntry? FindOne(string where, object key) => _readers.Read(connection =>
    {
        using var command = Command(connection, $"{Select} WHERE {where}");
        command.Parameters.AddWithValue("$key", key);
        return ReadEntries(command) is [var entry, ..] ? entry : null;
    });

    private static List<ArchivedEntry> ReadEntries(SqliteCommand command, long maxBytes = long.MaxValue)
    {
        var entries = new List<ArchivedEntry>();
        using var reader = command.ExecuteReader();
        for (long bytes = 0; bytes < maxBytes && reader.Read();)
        {
            entries.Add(ToEntry(reader));
            bytes += entries[^1].Canonical.Length;
        }
        return entries;
    }

    private static ArchivedEntry ToEntry(SqliteDataReader reader) => new(
        reader.GetInt64(0),
        (EntryKind)reader.GetInt32(1),
        OpaqueId.FromBytes((byte[])reader[2]),
        reader.IsDBNull(3) ? default : OpaqueId.FromBytes((byte[])reader[3]),
        new DateTimeOffset(reader.GetInt64(4), TimeSpan.Zero),
        new DateTimeOffset(reader.GetInt64(5), TimeSpan.Zero),
        ContentRow.CanonicalOf((byte[])reader[6]));

    private void WriteAll()
    {
        var group = new List<Pending>();
        var reader = _pending.Reader;
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult()) // this thread is the writer's own
        {
            var items = 0;
            while (items < MaxItemsPerCommit && reader.TryRead(out var pending))
            {
                group.Add(pending);
                items += pending.Items.Count;
            }
            Keep(group);
            group.Clear();
        }
    }

    private void Keep(List<Pending> group)
    {
        var entries = new List<ArchivedEntry>();
        var answers = new List<Receipt[]>(group.Count);
        var (position, keyId, seal) = (_lastPosition, _lastKeyId, _seal);
        var started = Stopwatch.GetTimestamp();
        using var span = BeginSpan(group);
        try
        {
            using var transaction = _writer.BeginTransaction(deferred: false);
            var now = _time.GetUtcNow();
            using var chain = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            chain.AppendData(seal);
            foreach (var pending in group)
            {
                var envelope = pending.Envelope is { } e ? KeepEnvelope(e, now) : 0;
                var receipts = new Receipt[pending.Items.Count];
                for (var i = 0; i < receipts.Length; i++)
                {
                    receipts[i] = KeepItem(pending.Items[i], envelope, now, entries, chain);
                }
                answers.Add(receipts);
            }
            if (entries.Count > 0)
            {
                _seal = chain.GetHashAndReset();
                _statements.InsertSeal(_lastPosition + entries.Count, _seal);
            }
            transaction.Commit();
        }
        catch (Exception e)
        {
            _lastKeyId = keyId;
            _seal = seal;
            _keyIds.Clear();
            System.Diagnostics.Debug.Assert(position == _lastPosition, "Positions move after the commit only.");
            var reason = e is SqliteException sqlite && SqliteFiles.IsFull(sqlite)
                ? new ArchiveUnavailableException("The archive's disk is full or cannot be written.", e)
                : new ArchiveUnavailableException("The archive could not keep the batch.", e);
            foreach (var pending in group)
            {
                pending.Done.TrySetException(reason);
            }
            _meter?.Failed(Stopwatch.GetElapsedTime(started));
            return;
        }
        NoteTraces(group, answers);
        Publish(entries);
        _meter?.Kept(entries, Stopwatch.GetElapsedTime(started));
        for (var i = 0; i < group.Count; i++)
        {
            group[i].Done.TrySetResult(answers[i]);
        }
    }

    private static Activity? BeginSpan(List<Pending> group)
    {
        if (!EntryTraces.Source.HasListeners())
        {
            return null;
        }
        var span = EntryTraces.Begin("archive commit", [.. group.Where(p => p.Trace != default).Select(p => p.Trace)]);
        span?.SetTag("surveillance.batches", group.Count);
        return span;
    }

    private void NoteTraces(List<Pending> group, List<Receipt[]> answers)
    {
        for (var i = 0; _traces is not null && i < group.Count; i++)
        {
            if (group[i].Trace != default && Array.FindAll(answers[i], r => r.State != ReceiptState.Duplicate) is [var first, ..] kept)
            {
                _traces.Note(first.Position, kept[^1].Position, group[i].Trace);
            }
        }
    }

    private Receipt KeepItem(ArchiveItem item, long envelope, DateTimeOffset now, List<ArchivedEntry> entries, IncrementalHash chain)
    {
        var id = item.Id;
        var kind = item.Kind;
        var state = ReceiptState.New;
        if (_statements.FindBody(id) is { } known)
        {
            if (ContentRow.Split(known.Body).Canonical.Span.SequenceEqual(item.Canonical.Span))
            {
                return new Receipt(id, known.Position, ReceiptState.Duplicate);
            }
            state = ReceiptState.Conflict;
            kind = EntryKind.Conflict;
            id = ConflictId(item);
            if (_statements.FindBody(id) is { } again)
            {
                return new Receipt(id, again.Position, ReceiptState.Conflict);
            }
        }
        var position = _lastPosition + entries.Count + 1;
        var body = ContentRow.Join(item.Canonical.Span, item.Original.Span);
        var leaf = SHA256.HashData(body);
        var partition = ArchiveItem.PartitionOf(item.Conversation);
        _statements.Insert(position, id, kind, item, partition, now, leaf, KeyIdOf(item), envelope != 0 ? envelope : item.Envelope, body);
        chain.AppendData(leaf);
        entries.Add(new ArchivedEntry(position, kind, id, item.Conversation, item.SentAt, now, item.Canonical));
        return new Receipt(id, position, state);
    }

    private OpaqueId ConflictId(ArchiveItem item)
    {
        var message = CapturedMessageJson.Read(item.Canonical.Span).Message ?? throw new ArchiveDamagedException("Only messages can conflict.");
        return _ids.Conflict(message.NativeKey, SHA256.HashData(item.Canonical.Span));
    }

    private long KeyIdOf(ArchiveItem item)
    {
        var owner = (item.Conversation, item.Author);
        if (_keyIds.TryGetValue(owner, out var known))
        {
            return known;
        }
        var keyId = _statements.FindKey(owner);
        if (keyId == 0)
        {
            keyId = ++_lastKeyId;
            _statements.InsertKey(keyId, owner);
        }
        if (_keyIds.Count >= 100_000)
        {
            _keyIds.Clear();
        }
        _keyIds[owner] = keyId;
        return keyId;
    }

    private long KeepEnvelope(Envelope envelope, DateTimeOffset now)
    {
        using (var find = Command(_writer, "SELECT envelope FROM envelopes WHERE sha256 = $sha"))
        {
            find.Parameters.AddWithValue("$sha", envelope.Sha256.ToArray());
            if (find.ExecuteScalar() is long known)
            {
                return known;
            }
        }
        using var insert = Command(_writer, "INSERT INTO envelopes(channel, sha256, verdict, received_at, body) VALUES($channel, $sha, $verdict, $at, $body) RETURNING envelope");
        insert.Parameters.AddWithValue("$channel", Names<Surveillance.Messages.Channel>.Of(envelope.Channel));
        insert.Parameters.AddWithValue("$sha", envelope.Sha256.ToArray());
        insert.Parameters.AddWithValue("$verdict", envelope.Verdict);
        insert.Parameters.AddWithValue("$at", now.UtcTicks);
        insert.Parameters.AddWithValue("$body", envelope.Body.ToArray());
        return (long)insert.ExecuteScalar()!;
    }

    private void Publish(List<ArchivedEntry> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }
        lock (_ringLock)
        {
            foreach (var entry in entries)
            {
                if (_ringLast - _ringFirst + 1 == RingSize)
                {
                    DropOldest();
                }
                _ring[entry.Position % RingSize] = entry;
                _ringLast = entry.Position;
                _ringBytes += entry.Canonical.Length;
            }
            while (_ringBytes > RingBytes && _ringFirst < _ringLast)
            {
                DropOldest();
            }
            Volatile.Write(ref _lastPosition, entries[^1].Position);
        }
        var appended = _appended;
        _appended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        appended.TrySetResult();
    }

    private void DropOldest()
    {
        ref var oldest = ref _ring[_ringFirst % RingSize];
        _ringBytes -= oldest.Canonical.Length;
        oldest = null!;
        _ringFirst++;
    }

    private byte[] ReadSeal()
    {
        using var command = Command(_writer, "SELECT hash FROM seals ORDER BY position DESC LIMIT 1");
        return command.ExecuteScalar() as byte[] ?? new byte[32];
    }

    private long Scalar(string sql)
    {
        using var command = Command(_writer, sql);
        return (long)command.ExecuteScalar()!;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every statement is a constant of this file; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    private sealed record Pending(IReadOnlyList<ArchiveItem> Items, Envelope? Envelope, ActivityContext Trace)
    {
        public TaskCompletionSource<IReadOnlyList<Receipt>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>The writer's prepared statements: a message runs each of them once or twice.</summary>
    private sealed class Statements(SqliteConnection connection) : IDisposable
    {
        private readonly RawStatement _find = new(connection, "SELECT e.position, c.body FROM entries e JOIN contents c USING(position) WHERE e.id = ?1");
        private readonly RawStatement _insertEntry = new(
            connection, "INSERT INTO entries(position, id, kind, message_kind, conversation, partition, sent_at, received_at, leaf, key_id, envelope) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");

        private readonly RawStatement _insertContent = new(connection, "INSERT INTO contents(position, body) VALUES(?1, ?2)");
        private readonly RawStatement _findKey = new(connection, "SELECT key_id FROM keys WHERE conversation = ?1 AND author = ?2");
        private readonly RawStatement _insertKey = new(connection, "INSERT INTO keys(key_id, conversation, author, cipher) VALUES(?1, ?2, ?3, 'none')");
        private readonly RawStatement _insertSeal = new(connection, "INSERT INTO seals(position, hash) VALUES(?1, ?2)");

        public (long Position, byte[] Body)? FindBody(OpaqueId id)
        {
            _find.Bind(1, id.ToBytes());
            var found = _find.Step() ? (_find.Number(0), _find.Blob(1)) : ((long, byte[])?)null;
            _find.Reset();
            return found;
        }

        public void Insert(long position, OpaqueId id, EntryKind kind, ArchiveItem item, int partition, DateTimeOffset now, byte[] leaf, long keyId, long envelope, byte[] body)
        {
            var entry = _insertEntry;
            entry.Bind(1, position);
            entry.Bind(2, id.ToBytes());
            entry.Bind(3, (int)kind);
            entry.Bind(4, (int)item.MessageKind);
            if (item.Conversation == default) { entry.BindNull(5); }
            else { entry.Bind(5, item.Conversation.ToBytes()); }
            entry.Bind(6, partition);
            entry.Bind(7, item.SentAt.UtcTicks);
            entry.Bind(8, now.UtcTicks);
            entry.Bind(9, leaf);
            entry.Bind(10, keyId);
            entry.Bind(11, envelope);
            entry.Run();
            _insertContent.Bind(1, position);
            _insertContent.Bind(2, body);
            _insertContent.Run();
        }

        public long FindKey((OpaqueId Conversation, OpaqueId Author) owner)
        {
            _findKey.Bind(1, owner.Conversation.ToBytes());
            _findKey.Bind(2, owner.Author.ToBytes());
            var found = _findKey.Step() ? _findKey.Number(0) : 0;
            _findKey.Reset();
            return found;
        }

        public void InsertKey(long keyId, (OpaqueId Conversation, OpaqueId Author) owner)
        {
            _insertKey.Bind(1, keyId);
            _insertKey.Bind(2, owner.Conversation.ToBytes());
            _insertKey.Bind(3, owner.Author.ToBytes());
            _insertKey.Run();
        }

        public void InsertSeal(long position, byte[] hash)
        {
            _insertSeal.Bind(1, position);
            _insertSeal.Bind(2, hash);
            _insertSeal.Run();
        }

        public void Dispose()
        {
            foreach (var statement in new[] { _find, _insertEntry, _insertContent, _findKey, _insertKey, _insertSeal })
            {
                statement.Dispose();
            }
        }
    }
}
