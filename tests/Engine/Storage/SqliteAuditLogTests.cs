using Microsoft.Data.Sqlite;
using Surveillance.Audit;
using Surveillance.Engine.Tests.Audit;
using Surveillance.Storage.Sqlite;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Storage;

public sealed class SqliteAuditLogTests : AuditLogContract, IDisposable
{
    private readonly TestWorkDatabase _work = new(SqliteAuditLog.Schema);

    protected override IAuditLog Log => new SqliteAuditLog(_work);

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("UPDATE audit SET actor = 'nobody'")]
    [InlineData("DELETE FROM audit")]
    public async Task Append_ThenTampered_TheTableRefuses(string sql)
    {
        var entry = new AuditEntry("system", "test.step", "step:1", null, DateTimeOffset.UnixEpoch);
        await Log.AppendAsync(entry, default);

        Assert.Throws<SqliteException>(() => _work.Execute(sql));
        Assert.Equal(entry, (await Log.ReadAsync(0, 10, default)).Single().Entry);
    }

    [Fact]
    public async Task Append_DiskFull_ThrowsSoThatTheActionStops()
    {
        _work.Execute("PRAGMA max_page_count = 1");
        var entry = new AuditEntry("system", "test.step", "step:1", new string('x', 100_000), DateTimeOffset.UnixEpoch);

        await Assert.ThrowsAsync<AuditUnavailableException>(async () => await Log.AppendAsync(entry, default));
    }
}
