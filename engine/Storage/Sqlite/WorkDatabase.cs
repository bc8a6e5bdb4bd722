using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Surveillance.Storage.Sqlite;

/// <summary>The file <c>work.db</c>: actions that wait together are committed together, each whole or not at all.</summary>
public sealed class WorkDatabase : IWorkDatabase, IAsyncDisposable
{
    private const int MaxWaiting = 4_096;
    private const int MaxActionsPerCommit = 256;

    private readonly SqliteConnection _writer;
    private readonly ReaderPool _readers;
    private readonly PreparedStatements _statements = new();
    private readonly Channel<Action> _waiting = Channel.CreateBounded<Action>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly Task _writing;

    /// <summary>Opens or creates the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="schemas">Statements that create what is not there yet.</param>
    public WorkDatabase(string path, params IEnumerable<string> schemas)
    {
        _writer = SqliteFiles.OpenWriter(path);
        foreach (var schema in schemas)
        {
            SqliteFiles.Execute(_writer, schema);
        }
        SqliteWorkStore.Upgrade(_writer);
        _readers = new ReaderPool(path);
        _writing = Task.Factory.StartNew(WriteAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <inheritdoc />
    public async ValueTask<T> WriteAsync<T>(Func<SqliteConnection, SqliteTransaction, T> action, CancellationToken cancel)
    {
        var waiting = new Action<T>(action);
        try
        {
            await _waiting.Writer.WriteAsync(waiting, cancel).ConfigureAwait(false);
        }
        catch (ChannelClosedException e)
        {
            throw new ObjectDisposedException("The work database is closed.", e);
        }
        using (cancel.Register(static state => ((Action)state!).GiveUp(), waiting))
        {
            return await waiting.Done.Task.ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public T Read<T>(Func<SqliteConnection, T> query) => _readers.Read(query);

    /// <summary>Finishes what waits, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
        _readers.Dispose();
        await _writer.DisposeAsync().ConfigureAwait(false);
    }

    private void WriteAll()
    {
        var group = new List<Action>();
        var reader = _waiting.Reader;
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult()) // this thread is the writer's own
        {
            while (group.Count < MaxActionsPerCommit && reader.TryRead(out var action))
            {
                if (action.TryBegin())
                {
                    group.Add(action);
                }
            }
            if (group.Count > 0)
            {
                Commit(group);
                group.Clear();
            }
        }
    }

    private void Commit(List<Action> group)
    {
        try
        {
            using var transaction = _writer.BeginTransaction(deferred: false);
            foreach (var action in group)
            {
                Execute("SAVEPOINT action", transaction);
                try
                {
                    action.Run(_writer, transaction);
                }
                catch (Exception e) when (e is not SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_NOMEM })
                {
                    Execute("ROLLBACK TO action", transaction);
                    action.Fail(e); // alone: the others of the group are kept
                }
                Execute("RELEASE action", transaction);
            }
            transaction.Commit();
        }
        catch (Exception e)
        {
            foreach (var action in group)
            {
                action.Fail(e);
            }
            return;
        }
        foreach (var action in group)
        {
            action.Succeed();
        }
    }

    private void Execute(string sql, SqliteTransaction transaction) => _statements.Get(_writer, transaction, sql, []).ExecuteNonQuery();

    private abstract class Action
    {
        private int _state; // 0 waits, 1 begun, 2 given up

        public bool TryBegin() => Interlocked.CompareExchange(ref _state, 1, 0) == 0;

        public void GiveUp()
        {
            if (Interlocked.CompareExchange(ref _state, 2, 0) == 0)
            {
                Fail(new OperationCanceledException());
            }
        }

        public abstract void Run(SqliteConnection connection, SqliteTransaction transaction);

        public abstract void Succeed();

        public abstract void Fail(Exception reason);
    }

    private sealed class Action<T>(Func<SqliteConnection, SqliteTransaction, T> action) : Action
    {
        private T _result = default!;

        public TaskCompletionSource<T> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Run(SqliteConnection connection, SqliteTransaction transaction) => _result = action(connection, transaction);

        public override void Succeed() => Done.TrySetResult(_result);

        public override void Fail(Exception reason) => Done.TrySetException(reason);
    }
}
