using Microsoft.Data.Sqlite;
using Surveillance.Accounts;
using Surveillance.Audit;
using Surveillance.Engine.Tests.Accounts;
using Surveillance.Storage.Sqlite;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Storage;

public sealed class SqliteAccountStoreTests : AccountStoreContract, IDisposable
{
    private readonly TestWorkDatabase _work = new(SqliteAuditLog.Schema, SqliteAccountStore.Schema);

    protected override IAccountStore Store => new SqliteAccountStore(_work);

    protected override IAuditLog Log => new SqliteAuditLog(_work);

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task AddToken_AuditCannotBeWritten_NothingIsKept()
    {
        _work.Execute("CREATE TRIGGER no_audit BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END");
        var at = DateTimeOffset.UnixEpoch;

        await Assert.ThrowsAsync<SqliteException>(async () => await Store.AddTokenAsync(
            new ApiToken("0000000000000001", "feed", [Scopes.Admin], "operator", at), new byte[32], new AuditEntry("operator", "token.create", "token:1", null, at), default));

        Assert.Empty(await Store.ListTokensAsync(default));
    }
}
