using Microsoft.Extensions.Logging.Abstractions;
using Surveillance.Accounts;
using Surveillance.Storage.Sqlite;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Accounts;

public sealed class AccountDeskTests : IDisposable
{
    private const string Good = "correct horse battery";

    private readonly TestWorkDatabase _work = new(SqliteAuditLog.Schema, SqliteAccountStore.Schema);
    private readonly ManualTime _time = new();
    private readonly PlainHashing _passwords = new();
    private readonly AccountDesk _desk;

    public AccountDeskTests() => _desk = NewDesk();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task CreateToken_SecretIsLongAndNotStored()
    {
        var made = await _desk.CreateTokenAsync("feed", [Scopes.AlertsRead, Scopes.IngestWrite, Scopes.AlertsRead], "operator", default);

        Assert.Matches("^surv_[A-Za-z0-9_-]{43}$", made.Secret);
        Assert.Equal([Scopes.IngestWrite, Scopes.AlertsRead], made.Token.Scopes);
        Assert.DoesNotContain(made.Secret, await Everything(), StringComparison.Ordinal);
        Assert.DoesNotContain(made.Secret["surv_".Length..], await Everything(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ingest:read")]
    [InlineData("")]
    public async Task CreateToken_UnknownScope_Throws(string scope) =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await _desk.CreateTokenAsync("feed", [scope], "operator", default));

    [Fact]
    public async Task AuthenticateToken_RightSecret_GivesTheToken()
    {
        var made = await _desk.CreateTokenAsync("feed", [Scopes.IngestWrite], "operator", default);

        Assert.Equal(made.Token.Id, (await _desk.AuthenticateTokenAsync(made.Secret, default))!.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("surv_")]
    [InlineData("surv_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Bearer x")]
    public async Task AuthenticateToken_WrongSecret_GivesNull(string secret)
    {
        await _desk.CreateTokenAsync("feed", [Scopes.IngestWrite], "operator", default);

        Assert.Null(await _desk.AuthenticateTokenAsync(secret, default));
    }

    [Fact]
    public async Task AuthenticateToken_Revoked_GivesNull()
    {
        var made = await _desk.CreateTokenAsync("feed", [Scopes.IngestWrite], "operator", default);
        await _desk.RevokeTokenAsync(made.Token.Id, "operator", default);

        Assert.Null(await _desk.AuthenticateTokenAsync(made.Secret, default));
    }

    [Fact]
    public async Task AuthenticateToken_WithinAMinute_NotesTheUseOnce()
    {
        var made = await _desk.CreateTokenAsync("feed", [Scopes.IngestWrite], "operator", default);

        await _desk.AuthenticateTokenAsync(made.Secret, default);
        var first = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(59));
        await _desk.AuthenticateTokenAsync(made.Secret, default);
        Assert.Equal(first, (await _desk.ListTokensAsync(default)).Single().LastUsedAt);

        _time.Advance(TimeSpan.FromSeconds(1));
        await _desk.AuthenticateTokenAsync(made.Secret, default);
        Assert.Equal(_time.GetUtcNow(), (await _desk.ListTokensAsync(default)).Single().LastUsedAt);
    }

    [Fact]
    public async Task AuthenticateToken_UseCannotBeNoted_StillWorks()
    {
        var made = await _desk.CreateTokenAsync("feed", [Scopes.IngestWrite], "operator", default);
        _work.Execute("CREATE TRIGGER full BEFORE UPDATE ON tokens BEGIN SELECT RAISE(ABORT, 'no'); END");

        Assert.NotNull(await _desk.AuthenticateTokenAsync(made.Secret, default));
    }

    [Fact]
    public async Task AddUser_LinkSignsInOnce()
    {
        var made = await _desk.AddUserAsync("maria", UserRole.Analyst, "operator", default);

        Assert.Equal(made!.User.Id, (await _desk.FindLinkAsync(made.Word, default))!.Id);
        Assert.Equal(made.User.Id, (await _desk.RedeemLinkAsync(made.Word, default))!.Id);
        Assert.Null(await _desk.RedeemLinkAsync(made.Word, default));
        Assert.Null(await _desk.FindLinkAsync(made.Word, default));
    }

    [Fact]
    public async Task AddUser_LinkAfterFifteenMinutes_DoesNothing()
    {
        var made = await _desk.AddUserAsync("maria", UserRole.Analyst, "operator", default);
        _time.Advance(TimeSpan.FromMinutes(15));

        Assert.Null(await _desk.RedeemLinkAsync(made!.Word, default));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" maria")]
    [InlineData("ma\u0007ria")]
    public async Task AddUser_BadName_Throws(string name) =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await _desk.AddUserAsync(name, UserRole.Analyst, "operator", default));

    [Fact]
    public async Task CreateStartLink_EmptyFolder_MakesAnAdministratorForADay()
    {
        var made = await _desk.CreateStartLinkAsync(always: false, default);

        Assert.Equal((AccountDesk.FirstUserName, UserRole.Administrator), (made!.User.Name, made.User.Role));
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromHours(24), made.ExpiresAt);
    }

    [Fact]
    public async Task CreateStartLink_LinkNeverUsed_MakesAnotherForTheSameUser()
    {
        var first = await _desk.CreateStartLinkAsync(always: false, default);
        var second = await _desk.CreateStartLinkAsync(always: false, default);

        Assert.Equal(first!.User.Id, second!.User.Id);
        Assert.Null(await _desk.FindLinkAsync(first.Word, default));
        Assert.NotNull(await _desk.FindLinkAsync(second.Word, default));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task CreateStartLink_AdministratorSignedInBefore_OnlyWhenAlways(bool always, bool expected)
    {
        var first = await _desk.CreateStartLinkAsync(always: false, default);
        await _desk.RedeemLinkAsync(first!.Word, default);

        Assert.Equal(expected, await _desk.CreateStartLinkAsync(always, default) is not null);
    }

    [Fact]
    public async Task SignIn_RightPassword_GivesTheUser()
    {
        var user = await UserWithPassword();

        Assert.Equal(user.Id, (await _desk.SignInAsync("MARIA", Good, default))!.Id);
    }

    [Fact]
    public async Task SignIn_UnknownName_VerifiesADecoyAllTheSame()
    {
        var before = _passwords.Verified;

        Assert.Null(await _desk.SignInAsync("nobody", Good, default));
        Assert.Equal(before + 1, _passwords.Verified);
    }

    [Fact]
    public async Task SignIn_FiveWrongPasswords_LocksForFifteenMinutes()
    {
        await UserWithPassword();
        for (var i = 0; i < 5; i++)
        {
            Assert.Null(await _desk.SignInAsync("maria", "wrong", default));
        }

        Assert.Null(await _desk.SignInAsync("maria", Good, default));
        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.NotNull(await _desk.SignInAsync("maria", Good, default));
    }

    [Fact]
    public async Task SignIn_RightPasswordBetween_StartsTheCountAgain()
    {
        await UserWithPassword();
        for (var i = 0; i < 12; i++)
        {
            if (i % 4 == 0) { Assert.NotNull(await _desk.SignInAsync("maria", Good, default)); }
            Assert.Null(await _desk.SignInAsync("maria", "wrong", default));
        }

        Assert.NotNull(await _desk.SignInAsync("maria", Good, default));
    }

    [Fact]
    public async Task SignIn_NoPasswordSet_IsRefused()
    {
        await _desk.AddUserAsync("maria", UserRole.Analyst, "operator", default);

        Assert.Null(await _desk.SignInAsync("maria", "", default));
    }

    [Fact]
    public async Task SignIn_Disabled_IsRefused()
    {
        var user = await UserWithPassword();
        await _desk.SetDisabledAsync(user.Id, true, "operator", default);

        Assert.Null(await _desk.SignInAsync("maria", Good, default));
    }

    [Fact]
    public async Task SignIn_HashWithFewerRounds_IsHashedAnew()
    {
        var user = await UserWithPassword();
        _passwords.Rounds = 2;

        Assert.NotNull(await _desk.SignInAsync("maria", Good, default));
        Assert.Equal("2:" + Good, (await _desk.FindSessionAsync(user.Id, user.Stamp, default))!.PasswordHash);
    }

    [Fact]
    public async Task FindSession_AfterRoleChange_HasEnded()
    {
        var user = await UserWithPassword();
        Assert.NotNull(await _desk.FindSessionAsync(user.Id, user.Stamp, default));

        await _desk.ChangeRoleAsync(user.Id, UserRole.Supervisor, "operator", default);

        Assert.Null(await _desk.FindSessionAsync(user.Id, user.Stamp, default));
    }

    [Theory]
    [InlineData("short", PasswordOutcome.TooShort)]
    [InlineData("mariamariamaria", PasswordOutcome.TooPlain)]
    [InlineData("aaaaaaaaaaaaaaaa", PasswordOutcome.TooPlain)]
    [InlineData("a new long password", PasswordOutcome.Set)]
    public async Task SetPassword_ByLength(string wanted, PasswordOutcome expected)
    {
        var user = await UserWithPassword();

        Assert.Equal(expected, (await _desk.SetPasswordAsync(user, Good, wanted, cameByLink: false, default)).Outcome);
    }

    [Fact]
    public async Task SetPassword_WrongCurrent_CountsAsAFailedTry()
    {
        var user = await UserWithPassword();
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(PasswordOutcome.WrongCurrent, (await _desk.SetPasswordAsync(user, "wrong", "a new long password", cameByLink: false, default)).Outcome);
        }

        Assert.Null(await _desk.SignInAsync("maria", Good, default));
    }

    [Fact]
    public async Task SetPassword_CameByLink_NeedsNoCurrent()
    {
        var user = await UserWithPassword();

        var (outcome, changed) = await _desk.SetPasswordAsync(user, null, "a new long password", cameByLink: true, default);

        Assert.Equal(PasswordOutcome.Set, outcome);
        Assert.NotNull(await _desk.FindSessionAsync(user.Id, changed!.Stamp, default));
        Assert.Null(await _desk.FindSessionAsync(user.Id, user.Stamp, default));
    }

    [Fact]
    public async Task EverythingAudited_InOrder_WithoutWhatWasTyped()
    {
        var token = await _desk.CreateTokenAsync("feed", [Scopes.IngestWrite], "operator", default);
        await _desk.RevokeTokenAsync(token.Token.Id, "operator", default);
        var user = await UserWithPassword();
        await _desk.SignInAsync("maria", "typed wrong", default);
        await _desk.SignInAsync("typed name", "typed wrong", default);
        await _desk.SignInAsync("maria", Good, default);
        await _desk.CreateLinkAsync(user, "operator", default);
        await _desk.RedeemLinkAsync("no such link", default);
        await _desk.SignOutAsync(user.Id, default);
        await _desk.ChangeRoleAsync(user.Id, UserRole.Author, "operator", default);
        await _desk.SetDisabledAsync(user.Id, true, "operator", default);

        var entries = await new SqliteAuditLog(_work).ReadAsync(0, 100, default);

        Assert.Equal(
            [
                "token.create", "token.revoke", "user.add", "sign-in.link", "password.set", "sign-in.failed", "sign-in.failed", "sign-in.password",
                "link.create", "sign-in.failed", "sign-out", "user.role", "user.disable",
            ],
            entries.Select(e => e.Entry.Action));
        Assert.DoesNotContain("typed", await Everything(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_AuditCannotBeWritten_IsRefusedLoudly()
    {
        await UserWithPassword();
        _work.Execute("CREATE TRIGGER no_audit BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END");

        await Assert.ThrowsAnyAsync<Exception>(async () => await _desk.SignInAsync("maria", Good, default));
    }

    private AccountDesk NewDesk() => new(new SqliteAccountStore(_work), _passwords, new SqliteAuditLog(_work), _time, NullLogger<AccountDesk>.Instance);

    private async Task<User> UserWithPassword()
    {
        var made = await _desk.AddUserAsync("maria", UserRole.Analyst, "operator", default);
        var user = await _desk.RedeemLinkAsync(made!.Word, default);
        return (await _desk.SetPasswordAsync(user!, null, Good, cameByLink: true, default)).User!;
    }

    private async Task<string> Everything()
    {
        var audit = await new SqliteAuditLog(_work).ReadAsync(0, 1_000, default);
        var rows = _work.Read(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT id || name || scopes || created_by FROM tokens UNION ALL SELECT id || name || role FROM users";
            using var reader = command.ExecuteReader();
            var all = new List<string>();
            while (reader.Read()) { all.Add(reader.GetString(0)); }
            return all;
        });
        return string.Join('\n', audit.Select(a => a.ToString()).Concat(rows));
    }
}
