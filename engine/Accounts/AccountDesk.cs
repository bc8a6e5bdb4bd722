using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Surveillance.Audit;

namespace Surveillance.Accounts;

/// <summary>A token just made.</summary>
/// <param name="Token">What is kept.</param>
/// <param name="Secret">What the owner sends; shown here once and kept nowhere.</param>
public sealed record NewToken(ApiToken Token, string Secret);

/// <summary>A user together with a link just made.</summary>
/// <param name="User">Whom it signs in.</param>
/// <param name="Word">The word of the link; shown here once and kept nowhere.</param>
/// <param name="ExpiresAt">From then on it does nothing, UTC.</param>
public sealed record NewLink(User User, string Word, DateTimeOffset ExpiresAt);

/// <summary>What became of a wish for another password.</summary>
public enum PasswordOutcome
{
    /// <summary>It is set; every other session of the user has ended.</summary>
    Set,
    /// <summary>The current password was wrong, or the account is locked after wrong ones.</summary>
    WrongCurrent,
    /// <summary>Shorter than <see cref="AccountDesk.MinPasswordLength"/>.</summary>
    TooShort,
    /// <summary>Longer than <see cref="AccountDesk.MaxPasswordLength"/>.</summary>
    TooLong,
    /// <summary>The user's own name, alone or repeated, or one character over and over.</summary>
    TooPlain,
}

/// <summary>Everything that happens to users, tokens and sign-in links; writes each to the audit log. Thread-safe.</summary>
/// <param name="store">Keeps them.</param>
/// <param name="passwords">Hashes passwords.</param>
/// <param name="audit">For what changes nothing in the store.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Hears when the last use of a token could not be noted.</param>
public sealed class AccountDesk(IAccountStore store, IPasswordHashing passwords, IAuditLog audit, TimeProvider time, ILogger<AccountDesk> log)
{
    /// <summary>The actor for whoever may use the data folder on this machine.</summary>
    public const string Operator = "operator";

    /// <summary>The actor for what the program does by itself.</summary>
    public const string System = "system";

    /// <summary>Name of the administrator made at the first start.</summary>
    public const string FirstUserName = "admin";

    /// <summary>The longest name of a user or token, in UTF-16 units.</summary>
    public const int MaxNameLength = 100;

    /// <summary>The shortest password, in UTF-16 units. Length is all that is asked for (NIST SP 800-63B clause 3.1.1.2).</summary>
    public const int MinPasswordLength = 12;

    /// <summary>The longest password, in UTF-16 units.</summary>
    public const int MaxPasswordLength = 256;

    /// <summary>So many wrong passwords in a row lock the user.</summary>
    public const int MaxFailedTries = 5;

    /// <summary>For how long a user is locked.</summary>
    public static readonly TimeSpan LockTime = TimeSpan.FromMinutes(15);

    /// <summary>How long a user's sign-in link works.</summary>
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromMinutes(15);

    /// <summary>How long the link printed at the first start works.</summary>
    public static readonly TimeSpan FirstLinkLifetime = TimeSpan.FromHours(24);

    private static readonly TimeSpan TouchInterval = TimeSpan.FromMinutes(1);

    /// <summary>Verified when there is no hash to verify, so that an unknown name takes as long as a known one.</summary>
    private readonly Lazy<string> _decoyHash = new(() => passwords.Hash(Secrets.NewWord()));
    private readonly ConcurrentDictionary<string, DateTimeOffset> _touched = new(StringComparer.Ordinal);

    /// <summary>The actor of a user.</summary>
    /// <param name="userId">The user's id.</param>
    public static string UserActor(string userId) => "user:" + userId;

    /// <summary>The actor of a token.</summary>
    /// <param name="tokenId">The token's id.</param>
    public static string TokenActor(string tokenId) => "token:" + tokenId;

    /// <summary>Whether a user or token may bear a name: 1 to <see cref="MaxNameLength"/> characters, no blank at either end, nothing that does not print.</summary>
    /// <param name="name">The name.</param>
    public static bool IsValidName(string? name) =>
        name is { Length: > 0 and <= MaxNameLength } && name.Trim().Length == name.Length && !name.Any(c => char.IsControl(c) || char.IsSurrogate(c) || c == ':');

    /// <summary>Makes a token.</summary>
    /// <param name="name">A valid name.</param>
    /// <param name="scopes">At least one known scope; order and repetition do not count.</param>
    /// <param name="actor">Who makes it.</param>
    /// <param name="cancel">Gives up before it is kept.</param>
    public async ValueTask<NewToken> CreateTokenAsync(string name, IReadOnlyCollection<string> scopes, string actor, CancellationToken cancel)
    {
        RequireName(name);
        if (scopes.Count == 0 || scopes.Any(scope => !Scopes.All.Contains(scope)))
        {
            throw new ArgumentException("A token has at least one scope, and only known ones.", nameof(scopes));
        }
        var secret = Secrets.TokenPrefix + Secrets.NewWord();
        var token = new ApiToken(Secrets.NewId(), name, [.. Scopes.All.Where(scopes.Contains)], actor, time.GetUtcNow());
        await store.AddTokenAsync(token, Secrets.Hash(secret), Entry(actor, "token.create", "token:" + token.Id, string.Join(' ', token.Scopes)), cancel);
        return new NewToken(token, secret);
    }

    /// <summary>The token of a secret, or null when it is unknown or revoked. Notes the use at most once a minute.</summary>
    /// <param name="secret">What the caller sent.</param>
    /// <param name="cancel">Gives up.</param>
    public async ValueTask<ApiToken?> AuthenticateTokenAsync(string secret, CancellationToken cancel)
    {
        if (!secret.StartsWith(Secrets.TokenPrefix, StringComparison.Ordinal) || secret.Length > 200)
        {
            return null;
        }
        var token = await store.FindTokenAsync(Secrets.Hash(secret), cancel);
        if (token is null || token.RevokedAt is not null)
        {
            return null;
        }
        await TouchAsync(token, cancel);
        return token;
    }

    /// <summary>Every token, revoked ones too, oldest first.</summary>
    /// <param name="cancel">Gives up.</param>
    public ValueTask<IReadOnlyList<ApiToken>> ListTokensAsync(CancellationToken cancel) => store.ListTokensAsync(cancel);

    /// <summary>Revokes a token for good; false when there is none or it was revoked before.</summary>
    /// <param name="id">The token.</param>
    /// <param name="actor">Who revokes it.</param>
    /// <param name="cancel">Gives up before it is kept.</param>
    public ValueTask<bool> RevokeTokenAsync(string id, string actor, CancellationToken cancel) =>
        store.RevokeTokenAsync(id, time.GetUtcNow(), Entry(actor, "token.revoke", "token:" + id), cancel);

    /// <summary>Adds a user and makes the link for the first sign-in; null when the name is taken.</summary>
    /// <param name="name">A valid name.</param>
    /// <param name="role">What the user is.</param>
    /// <param name="actor">Who adds the user.</param>
    /// <param name="cancel">Gives up before anything is kept.</param>
    public ValueTask<NewLink?> AddUserAsync(string name, UserRole role, string actor, CancellationToken cancel) => AddUserAsync(name, role, LinkLifetime, actor, cancel);

    /// <summary>Every user, disabled ones too, oldest first.</summary>
    /// <param name="cancel">Gives up.</param>
    public ValueTask<IReadOnlyList<User>> ListUsersAsync(CancellationToken cancel) => store.ListUsersAsync(cancel);

    /// <summary>The user with a name, letter case aside, or null.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancel">Gives up.</param>
    public ValueTask<User?> FindUserByNameAsync(string name, CancellationToken cancel) => store.FindUserByNameAsync(name, cancel);

    /// <summary>Gives a user another role and ends the user's sessions; false when there is no such user.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="role">The new role.</param>
    /// <param name="actor">Who changes it.</param>
    /// <param name="cancel">Gives up before it is kept.</param>
    public ValueTask<bool> ChangeRoleAsync(string userId, UserRole role, string actor, CancellationToken cancel) =>
        store.ChangeUserAsync(userId, new UserChange(Secrets.NewId(), Role: role), Entry(actor, "user.role", "user:" + userId, UserRoles.WordOf(role)), cancel);

    /// <summary>Shuts a user out, or lets the user in again; ends the user's sessions. False when there is no such user.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="isDisabled">Whether the user is shut out.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="cancel">Gives up before it is kept.</param>
    public ValueTask<bool> SetDisabledAsync(string userId, bool isDisabled, string actor, CancellationToken cancel) =>
        store.ChangeUserAsync(userId, new UserChange(Secrets.NewId(), IsDisabled: isDisabled), Entry(actor, isDisabled ? "user.disable" : "user.enable", "user:" + userId), cancel);

    /// <summary>Makes a link that signs a user in once within <see cref="LinkLifetime"/>; the user's earlier links do nothing any more.</summary>
    /// <param name="user">The user.</param>
    /// <param name="actor">Who makes it.</param>
    /// <param name="cancel">Gives up before it is kept.</param>
    public ValueTask<NewLink> CreateLinkAsync(User user, string actor, CancellationToken cancel) => CreateLinkAsync(user, LinkLifetime, actor, cancel);

    /// <summary>The link to print when the service starts: makes the first administrator in a folder without users.</summary>
    /// <param name="always">Whether to make one although an administrator has signed in before, as a demonstration does.</param>
    /// <param name="cancel">Gives up before anything is kept.</param>
    /// <returns>Null when an administrator has signed in before.</returns>
    public async ValueTask<NewLink?> CreateStartLinkAsync(bool always, CancellationToken cancel)
    {
        var administrators = (await store.ListUsersAsync(cancel)).Where(u => u.Role == UserRole.Administrator && !u.IsDisabled).ToList();
        if (administrators.Count == 0)
        {
            // Null when somebody else bears the name: then that somebody decides, with `users add`.
            return await AddUserAsync(FirstUserName, UserRole.Administrator, FirstLinkLifetime, System, cancel);
        }
        return always || administrators.TrueForAll(u => u.LastSignInAt is null)
            ? await CreateLinkAsync(administrators[0], FirstLinkLifetime, System, cancel)
            : null;
    }

    /// <summary>Whom a link would sign in, without using it up; null when it does nothing (any more).</summary>
    /// <param name="word">The word of the link.</param>
    /// <param name="cancel">Gives up.</param>
    public ValueTask<User?> FindLinkAsync(string word, CancellationToken cancel) => store.FindLinkAsync(Secrets.Hash(word), time.GetUtcNow(), cancel);

    /// <summary>Uses a link up; null when it does nothing (any more).</summary>
    /// <param name="word">The word of the link.</param>
    /// <param name="cancel">Gives up before it is used up.</param>
    public async ValueTask<User?> RedeemLinkAsync(string word, CancellationToken cancel)
    {
        var user = await store.RedeemLinkAsync(Secrets.Hash(word), time.GetUtcNow(), u => Entry(UserActor(u.Id), "sign-in.link", "user:" + u.Id), cancel);
        if (user is null)
        {
            await audit.AppendAsync(Entry(System, "sign-in.failed", "user:unknown", "link unknown, used or expired"), cancel);
        }
        return user;
    }

    /// <summary>The user of a name and password; null when they do not fit, the user is locked or disabled: nobody learns which.</summary>
    /// <param name="name">The name typed.</param>
    /// <param name="password">The password typed.</param>
    /// <param name="cancel">Gives up.</param>
    public async ValueTask<User?> SignInAsync(string name, string password, CancellationToken cancel)
    {
        var user = await store.FindUserByNameAsync(name, cancel);
        var verdict = await CheckPasswordAsync(user, password, "sign-in.failed", cancel);
        if (verdict == PasswordVerdict.Wrong)
        {
            return null;
        }
        var newHash = verdict == PasswordVerdict.RightButDated ? passwords.Hash(password) : null;
        await store.RecordSignInAsync(user!.Id, time.GetUtcNow(), newHash, Entry(UserActor(user.Id), "sign-in.password", "user:" + user.Id), cancel);
        return user;
    }

    /// <summary>The user of a session; null when it has ended because password, role or standing changed.</summary>
    /// <param name="userId">The user's id in the session.</param>
    /// <param name="stamp">The stamp in the session.</param>
    /// <param name="cancel">Gives up.</param>
    public async ValueTask<User?> FindSessionAsync(string userId, string stamp, CancellationToken cancel)
    {
        var user = await store.FindUserAsync(userId, cancel);
        return user is { IsDisabled: false } && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(user.Stamp), Encoding.UTF8.GetBytes(stamp)) ? user : null;
    }

    /// <summary>Notes that a user signed out.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="cancel">Gives up before it is written.</param>
    public ValueTask SignOutAsync(string userId, CancellationToken cancel) => audit.AppendAsync(Entry(UserActor(userId), "sign-out", "user:" + userId), cancel);

    /// <summary>Sets a user's password and ends the user's sessions; the caller signs in again with the new stamp.</summary>
    /// <param name="user">The user, as just read.</param>
    /// <param name="current">The current password; may be null where none is set or <paramref name="cameByLink"/>.</param>
    /// <param name="wanted">The new password.</param>
    /// <param name="cameByLink">Whether the session began with a sign-in link, which stands for the current password.</param>
    /// <param name="cancel">Gives up before it is kept.</param>
    /// <returns>The outcome, and the user as changed where it is <see cref="PasswordOutcome.Set"/>.</returns>
    public async ValueTask<(PasswordOutcome Outcome, User? User)> SetPasswordAsync(User user, string? current, string wanted, bool cameByLink, CancellationToken cancel)
    {
        if (ProblemWith(user, wanted) is { } problem)
        {
            return (problem, null);
        }
        if (user.PasswordHash is not null && !cameByLink && await CheckPasswordAsync(user, current ?? "", "password.failed", cancel) == PasswordVerdict.Wrong)
        {
            return (PasswordOutcome.WrongCurrent, null);
        }
        var change = new UserChange(Secrets.NewId(), PasswordHash: passwords.Hash(wanted));
        var changed = await store.ChangeUserAsync(user.Id, change, Entry(UserActor(user.Id), "password.set", "user:" + user.Id), cancel);
        return changed
            ? (PasswordOutcome.Set, user with { Stamp = change.Stamp, PasswordHash = change.PasswordHash })
            : throw new InvalidOperationException("The user is gone.");
    }

    private static PasswordOutcome? ProblemWith(User user, string wanted)
    {
        if (wanted.Length < MinPasswordLength) { return PasswordOutcome.TooShort; }
        if (wanted.Length > MaxPasswordLength) { return PasswordOutcome.TooLong; }
        var rest = wanted.Replace(user.Name, "", StringComparison.OrdinalIgnoreCase);
        return rest.Length == 0 || wanted.All(c => c == wanted[0]) ? PasswordOutcome.TooPlain : null;
    }

    private async ValueTask<PasswordVerdict> CheckPasswordAsync(User? user, string password, string failure, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var tried = password.Length > MaxPasswordLength ? "" : password;
        var verdict = passwords.Verify(user?.PasswordHash ?? _decoyHash.Value, tried);
        if (user is null)
        {
            await audit.AppendAsync(Entry(System, failure, "user:unknown", "unknown name"), cancel);
            return PasswordVerdict.Wrong;
        }
        if (user.IsDisabled || user.PasswordHash is null || user.LockedUntil > now)
        {
            var why = user.IsDisabled ? "disabled" : user.PasswordHash is null ? "no password set" : "locked";
            await audit.AppendAsync(Entry(System, failure, "user:" + user.Id, why), cancel);
            return PasswordVerdict.Wrong;
        }
        if (verdict == PasswordVerdict.Wrong)
        {
            await store.CountFailedTryAsync(user.Id, MaxFailedTries, now + LockTime, Entry(System, failure, "user:" + user.Id, "wrong password"), cancel);
        }
        return verdict;
    }

    private async ValueTask<NewLink?> AddUserAsync(string name, UserRole role, TimeSpan lifetime, string actor, CancellationToken cancel)
    {
        RequireName(name);
        var now = time.GetUtcNow();
        var user = new User(Secrets.NewId(), name, role, Secrets.NewId(), now);
        var word = Secrets.NewWord();
        var link = new SignInLink(Secrets.Hash(word), user.Id, now + lifetime);
        var added = await store.AddUserAsync(user, link, Entry(actor, "user.add", "user:" + user.Id, UserRoles.WordOf(role)), cancel);
        return added ? new NewLink(user, word, link.ExpiresAt) : null;
    }

    private async ValueTask<NewLink> CreateLinkAsync(User user, TimeSpan lifetime, string actor, CancellationToken cancel)
    {
        var word = Secrets.NewWord();
        var link = new SignInLink(Secrets.Hash(word), user.Id, time.GetUtcNow() + lifetime);
        await store.AddLinkAsync(link, Entry(actor, "link.create", "user:" + user.Id), cancel);
        return new NewLink(user, word, link.ExpiresAt);
    }

    private async ValueTask TouchAsync(ApiToken token, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var known = _touched.GetOrAdd(token.Id, token.LastUsedAt ?? DateTimeOffset.MinValue);
        if (now - known < TouchInterval || !_touched.TryUpdate(token.Id, now, known))
        {
            return;
        }
        try
        {
            await store.TouchTokenAsync(token.Id, now, cancel);
        }
        catch (DbException e)
        {
            // When a token was last used is a convenience: a full disk must not keep its owner from reading.
            log.LogWarning(e, "The last use of token {Token} could not be noted.", token.Id);
        }
    }

    private AuditEntry Entry(string actor, string action, string on, string? reason = null) => new(actor, action, on, reason, time.GetUtcNow());

    private static void RequireName(string name)
    {
        if (!IsValidName(name))
        {
            throw new ArgumentException($"A name has 1 to {MaxNameLength} printable characters, no colon, and no blank at either end.", nameof(name));
        }
    }
}
