using Surveillance.Engine.Tests.Pipeline;
using Surveillance.Pipeline;
using Surveillance.Review;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Storage;

public sealed class SqliteWorkStoreTests : WorkStoreContract, IAsyncDisposable
{
    private readonly SqliteWork _work = new();

    protected override IWorkStore Store => _work.Store;

    protected override IAlertReader Alerts => _work.Alerts;

    protected override IReviewDesk Desk => _work.Desk;

    protected override IQuarantineReader Quarantine => _work.Quarantine;

    protected override ManualTime Time => _work.Time;

    public ValueTask DisposeAsync() => _work.DisposeAsync();
}
