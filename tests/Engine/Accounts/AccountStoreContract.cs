using System.Security.Cryptography;
using System.Text;
using Surveillance.Accounts;
using Surveillance.Audit;

namespace Surveillance.Engine.Tests.Accounts;

/// <summary>What every account store promises.</summary>
public abstract class AccountStoreContract
{
    private static readonly DateTimeOffset At = new(2026, 5, 4, 9, 0, 0, TimeSpan.Zero);
    private static readonly AuditEntry Why = new("operator", "test.step", "test:1", null, At);

    protected abstract IAccountStore Store { get; }

    protected abstract IAuditLog Log { get; }

    [Fact]
    public async Task AddToken_FoundByItsHash()
    {
        var token = Token("0000000000000001");
        await Store.AddTokenAsync(token, Hash("secret"), Why, default);

        var found = await Store.FindTokenAsync(Hash("secret"), default);

        Assert.NotNull(found);
        Assert.Equal(token.Scopes, found.Scopes);
        Assert.Equal(token, found with { Scopes = token.Scopes });
        Assert.Null(await Store.FindTokenAsync(Hash("another"), default));
    }

    [Fact]
    public async Task ListTokens_OldestFirst_RevokedOnesToo()
    {
        await Store.AddTokenAsync(Token("000000000000000b") with { CreatedAt = At.AddHours(1) }, Hash("b"), Why, default);
        await Store.AddTokenAsync(Token("000000000000000a"), Hash("a"), Why, default);
        await Store.RevokeTokenAsync("000000000000000a", At.AddHours(2), Why, default);

        var tokens = await Store.ListTokensAsync(default);

        Assert.Equal(["000000000000000a", "000000000000000b"], tokens.Select(t => t.Id));
        Assert.Equal(At.AddHours(2), tokens[0].RevokedAt);
    }

    [Fact]
    public async Task RevokeToken_Twice_TheSecondDoesNothing()
    {
        await Store.AddTokenAsync(Token("000000000000000a"), Hash("a"), Why, default);

        Assert.True(await Store.RevokeTokenAsync("000000000000000a", At, Why, default));
        Assert.False(await Store.RevokeTokenAsync("000000000000000a", At.AddHours(1), Why, default));
        Assert.False(await Store.RevokeTokenAsync("000000000000000b", At, Why, default));
        Assert.Equal(2, await AuditCount());
    }

    [Fact]
    public async Task TouchToken_EarlierTime_KeepsTheLater()
    {
        await Store.AddTokenAsync(Token("000000000000000a"), Hash("a"), Why, default);

        await Store.TouchTokenAsync("000000000000000a", At.AddHours(2), default);
        await Store.TouchTokenAsync("000000000000000a", At.AddHours(1), default);

        Assert.Equal(At.AddHours(2), (await Store.FindTokenAsync(Hash("a"), default))!.LastUsedAt);
        Assert.Equal(1, await AuditCount());
    }

    [Fact]
    public async Task AddUser_FoundByIdAndByNameInAnyCase()
    {
        var user = Person("0000000000000001", "Zoë");
        Assert.True(await Store.AddUserAsync(user, Link(user, "w"), Why, default));

        Assert.Equal(user, await Store.FindUserAsync(user.Id, default));
        Assert.Equal(user, await Store.FindUserByNameAsync("ZOË", default));
        Assert.Null(await Store.FindUserByNameAsync("zoe", default));
    }

    [Fact]
    public async Task AddUser_NameTakenInAnotherCase_WritesNothing()
    {
        await AddUser("0000000000000001", "maria");
        var second = Person("0000000000000002", "Maria");

        Assert.False(await Store.AddUserAsync(second, Link(second, "w2"), Why, default));

        Assert.Null(await Store.FindUserAsync(second.Id, default));
        Assert.Null(await Store.FindLinkAsync(Hash("w2"), At, default));
        Assert.Equal(1, await AuditCount());
    }

    [Fact]
    public async Task ChangeUser_Password_SetsItAndClearsLockAndLinks()
    {
        var user = await AddUser("0000000000000001", "maria");
        await Store.CountFailedTryAsync(user.Id, 1, At.AddHours(1), Why, default);

        Assert.True(await Store.ChangeUserAsync(user.Id, new UserChange("other", PasswordHash: "hash"), Why, default));

        Assert.Equal(user with { Stamp = "other", PasswordHash = "hash" }, await Store.FindUserAsync(user.Id, default));
        Assert.Null(await Store.FindLinkAsync(Hash("maria"), At, default));
    }

    [Fact]
    public async Task ChangeUser_Role_LeavesTheRest()
    {
        var user = await AddUser("0000000000000001", "maria");
        await Store.ChangeUserAsync(user.Id, new UserChange("two", PasswordHash: "hash"), Why, default);

        await Store.ChangeUserAsync(user.Id, new UserChange("three", Role: UserRole.Supervisor), Why, default);

        Assert.Equal(user with { Stamp = "three", PasswordHash = "hash", Role = UserRole.Supervisor }, await Store.FindUserAsync(user.Id, default));
    }

    [Fact]
    public async Task ChangeUser_Unknown_WritesNothing()
    {
        Assert.False(await Store.ChangeUserAsync("ffffffffffffffff", new UserChange("s", Role: UserRole.Analyst), Why, default));
        Assert.Equal(0, await AuditCount());
    }

    [Fact]
    public async Task CountFailedTry_AtTheLimit_LocksAndStartsAgain()
    {
        var user = await AddUser("0000000000000001", "maria");

        await Fail(user);
        var second = await Fail(user);
        var third = await Fail(user);

        Assert.Equal((2, null), (second!.FailedTries, second.LockedUntil));
        Assert.Equal((0, At.AddMinutes(15)), (third!.FailedTries, third.LockedUntil));

        async Task<User?> Fail(User of) => await Store.CountFailedTryAsync(of.Id, 3, At.AddMinutes(15), Why, default);
    }

    [Fact]
    public async Task RecordSignIn_ClearsTriesAndTakesTheNewHash()
    {
        var user = await AddUser("0000000000000001", "maria");
        await Store.CountFailedTryAsync(user.Id, 3, At, Why, default);

        await Store.RecordSignInAsync(user.Id, At.AddHours(1), "newer", Why, default);

        Assert.Equal(user with { LastSignInAt = At.AddHours(1), PasswordHash = "newer" }, await Store.FindUserAsync(user.Id, default));
    }

    [Fact]
    public async Task RedeemLink_Twice_WorksOnce()
    {
        var user = await AddUser("0000000000000001", "maria");

        var first = await Store.RedeemLinkAsync(Hash("maria"), At, u => Why with { Object = "user:" + u.Id }, default);
        var second = await Store.RedeemLinkAsync(Hash("maria"), At, _ => Why, default);

        Assert.Equal(user with { LastSignInAt = At }, first);
        Assert.Null(second);
        Assert.Equal("user:" + user.Id, (await Log.ReadAsync(1, 10, default)).Single().Entry.Object);
    }

    [Fact]
    public async Task RedeemLink_ManyAtOnce_ExactlyOneGetsTheUser()
    {
        await AddUser("0000000000000001", "maria");

        var redeemed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await Store.RedeemLinkAsync(Hash("maria"), At, _ => Why, default))));

        Assert.Single(redeemed, user => user is not null);
    }

    [Fact]
    public async Task RedeemLink_AtItsEnd_DoesNothing()
    {
        await AddUser("0000000000000001", "maria");

        Assert.Null(await Store.RedeemLinkAsync(Hash("maria"), At.AddMinutes(15), _ => Why, default));
    }

    [Fact]
    public async Task RedeemLink_UserDisabled_DoesNothing()
    {
        var user = await AddUser("0000000000000001", "maria");
        await Store.ChangeUserAsync(user.Id, new UserChange("s", IsDisabled: true), Why, default);
        await Store.AddLinkAsync(Link(user, "later"), Why, default);

        Assert.Null(await Store.FindLinkAsync(Hash("later"), At, default));
        Assert.Null(await Store.RedeemLinkAsync(Hash("later"), At, _ => Why, default));
    }

    [Fact]
    public async Task AddLink_VoidsTheEarlierOne()
    {
        var user = await AddUser("0000000000000001", "maria");

        await Store.AddLinkAsync(Link(user, "second"), Why, default);

        Assert.Null(await Store.FindLinkAsync(Hash("maria"), At, default));
        Assert.Equal(user.Id, (await Store.FindLinkAsync(Hash("second"), At, default))!.Id);
    }

    private async Task<User> AddUser(string id, string name)
    {
        var user = Person(id, name);
        await Store.AddUserAsync(user, Link(user, name), Why, default);
        return user;
    }

    private async Task<int> AuditCount() => (await Log.ReadAsync(0, 100, default)).Count;

    private static ApiToken Token(string id) => new(id, "feed", [Scopes.IngestWrite, Scopes.AlertsRead], "operator", At);

    private static User Person(string id, string name) => new(id, name, UserRole.Analyst, "one", At);

    private static SignInLink Link(User user, string word) => new(Hash(word), user.Id, At.AddMinutes(15));

    private static byte[] Hash(string word) => SHA256.HashData(Encoding.UTF8.GetBytes(word));
}
