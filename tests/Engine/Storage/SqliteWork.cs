using Surveillance.Audit;
using Surveillance.Pipeline;
using Surveillance.Storage.Sqlite;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Storage;

/// <summary>Every store of <c>work.db</c> over one file in a folder of its own.</summary>
internal sealed class SqliteWork : IRetryQueue, IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal SqliteWork()
    {
        Database = Open();
        Feed = new SqliteAlertFeed(Database);
    }

    internal ManualTime Time { get; } = new(A.Start.AddDays(1));

    internal WorkDatabase Database { get; }

    internal SqliteAlertFeed Feed { get; }

    internal IWorkStore Store => field ??= new SqliteWorkStore(Database, A.Ids, Time);

    internal SqliteAlertReader Alerts => field ??= new SqliteAlertReader(Database);

    internal SqliteReviewDesk Desk => field ??= new SqliteReviewDesk(Database, Feed, Time);

    internal SqliteQuarantine Quarantine => field ??= new SqliteQuarantine(Database, this, Time);

    internal IAuditLog Audit => field ??= new SqliteAuditLog(Database);

    /// <summary>The positions whose retry was asked for.</summary>
    internal List<long> Retries { get; } = [];

    public ValueTask EnqueueAsync(long position, CancellationToken cancel)
    {
        Retries.Add(position);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        _folder.Dispose();
    }

    private WorkDatabase Open() => new(_folder.File("work.db"), SqliteWorkStore.Schema, SqliteRunStore.Schema, SqliteRescanStore.Schema, SqliteAuditLog.Schema);
}
