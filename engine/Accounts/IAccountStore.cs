using Surveillance.Audit;

namespace Surveillance.Accounts;

/// <summary>What is known of an API token. The secret itself is nowhere.</summary>
/// <param name="Id">Its id, 16 lower-case hex digits.</param>
/// <param name="Name">What its owner calls it; need not be unique.</param>
/// <param name="Scopes">What it may do, in the order of <see cref="Scopes.All"/>.</param>
/// <param name="CreatedBy">The actor who made it.</param>
/// <param name="CreatedAt">When, UTC.</param>
/// <param name="LastUsedAt">When it was last used, UTC, to the minute or so; null when never.</param>
/// <param name="RevokedAt">When it was revoked, UTC; null while it works.</param>
public sealed record ApiToken(
    string Id, string Name, IReadOnlyList<string> Scopes, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt = null, DateTimeOffset? RevokedAt = null);

/// <summary>Somebody who signs in.</summary>
/// <param name="Id">The user's id, 16 lower-case hex digits.</param>
/// <param name="Name">The name to sign in with; unique, letter case aside.</param>
/// <param name="Role">What the user is.</param>
/// <param name="Stamp">A random word that changes with password, role and standing; a session with another stamp has ended.</param>
/// <param name="CreatedAt">When the user was added, UTC.</param>
/// <param name="PasswordHash">As made by <see cref="IPasswordHashing"/>; null until a password is set.</param>
/// <param name="FailedTries">Wrong passwords since the last right one or the last lock.</param>
/// <param name="LockedUntil">No password is accepted before this time, UTC; null when never locked.</param>
/// <param name="LastSignInAt">When the user last signed in, UTC; null when never.</param>
/// <param name="IsDisabled">Whether the user is shut out.</param>
public sealed record User(
    string Id, string Name, UserRole Role, string Stamp, DateTimeOffset CreatedAt,
    string? PasswordHash = null, int FailedTries = 0, DateTimeOffset? LockedUntil = null, DateTimeOffset? LastSignInAt = null, bool IsDisabled = false);

/// <summary>A link that signs a user in once. The word in the link is nowhere, only its hash.</summary>
/// <param name="Hash">SHA-256 of the word, 32 bytes.</param>
/// <param name="UserId">Who is signed in.</param>
/// <param name="ExpiresAt">From then on it does nothing, UTC.</param>
public sealed record SignInLink(ReadOnlyMemory<byte> Hash, string UserId, DateTimeOffset ExpiresAt);

/// <summary>What to change of a user; null leaves as it is.</summary>
/// <param name="Stamp">The new stamp, which ends the user's sessions.</param>
/// <param name="PasswordHash">The new password's hash; also clears failed tries and lock.</param>
/// <param name="Role">The new role.</param>
/// <param name="IsDisabled">Whether the user is shut out.</param>
public sealed record UserChange(string Stamp, string? PasswordHash = null, UserRole? Role = null, bool? IsDisabled = null);

/// <summary>Keeps users, tokens and sign-in links. Thread-safe.</summary>
/// <remarks>
/// Every change is committed together with its audit entry: both or none.
/// A change that cannot be committed throws and leaves nothing behind.
/// </remarks>
public interface IAccountStore
{
    /// <summary>Adds a token.</summary>
    /// <param name="token">The token; its id is new.</param>
    /// <param name="secretHash">SHA-256 of its secret, 32 bytes.</param>
    /// <param name="audit">Who and why.</param>
    /// <param name="cancel">Gives up before the commit.</param>
    ValueTask AddTokenAsync(ApiToken token, ReadOnlyMemory<byte> secretHash, AuditEntry audit, CancellationToken cancel);

    /// <summary>The token whose secret has this hash, also when it is revoked; null when there is none. The stored hash is compared in constant time.</summary>
    /// <param name="secretHash">SHA-256 of the secret shown, 32 bytes.</param>
    /// <param name="cancel">Stops reading.</param>
    ValueTask<ApiToken?> FindTokenAsync(ReadOnlyMemory<byte> secretHash, CancellationToken cancel);

    /// <summary>Every token, revoked ones too, oldest first.</summary>
    /// <param name="cancel">Stops reading.</param>
    ValueTask<IReadOnlyList<ApiToken>> ListTokensAsync(CancellationToken cancel);

    /// <summary>Remembers that a token was used; an earlier time changes nothing. Not audited.</summary>
    /// <param name="id">The token.</param>
    /// <param name="at">When, UTC.</param>
    /// <param name="cancel">Gives up before the commit.</param>
    ValueTask TouchTokenAsync(string id, DateTimeOffset at, CancellationToken cancel);

    /// <summary>Revokes a token for good.</summary>
    /// <param name="id">The token.</param>
    /// <param name="at">When, UTC.</param>
    /// <param name="audit">Who and why.</param>
    /// <param name="cancel">Gives up before the commit.</param>
    /// <returns>False, and no audit entry, when there is no such token or it was revoked before.</returns>
    ValueTask<bool> RevokeTokenAsync(string id, DateTimeOffset at, AuditEntry audit, CancellationToken cancel);

    /// <summary>Adds a user together with a link to sign in the first time.</summary>
    /// <param name="user">The user; the id is new.</param>
    /// <param name="link">The link.</param>
    /// <param name="audit">Who and why.</param>
    /// <param name="cancel">Gives up before the commit.</param>
    /// <returns>False, and nothing written, when the name is taken.</returns>
    ValueTask<bool> AddUserAsync(User user, SignInLink link, AuditEntry audit, CancellationToken cancel);

    /// <summary>The user with an id, or null.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancel">Stops reading.</param>
    ValueTask<User?> FindUserAsync(string id, CancellationToken cancel);

    /// <summary>The user with a name, letter case aside, or null.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancel">Stops reading.</param>
    ValueTask<User?> FindUserByNameAsync(string name, CancellationToken cancel);

    /// <summary>Every user, disabled ones too, oldest first.</summary>
    /// <param name="cancel">Stops reading.</param>
    ValueTask<IReadOnlyList<User>> ListUsersAsync(CancellationToken cancel);

    /// <summary>Changes a user. Disabling and a new password also void the user's open links.</summary>
    /// <param name="id">The user.</param>
    /// <param name="change">What to change.</param>
    /// <param name="audit">Who and why.</param>
    /// <param name="cancel">Gives up before the commit.</param>
    /// <returns>False, and nothing written, when there is no such user.</returns>
    ValueTask<bool> ChangeUserAsync(string id, UserChange change, AuditEntry audit, CancellationToken cancel);

    /// <summary>Counts a wrong password; at the limit the count starts again and the user is locked.</summary>
    /// <param name="id">The user.</param>
    /// <param name="limit">The number of wrong passwords that locks, 1 or more.</param>
    /// <param name="lockedUntil">Until when, UTC, if this one locks.</param>
    /// <param name="audit">What happened.</param>
    /// <param name="cancel">Gives up before the commit.</param>
    /// <returns>The user as changed, or null when there is none.</returns>
    ValueTask<User?> CountFailedTryAsync(string id, int limit, DateTimeOffset lockedUntil, AuditEntry audit, CancellationToken cancel);

    /// <summary>Remembers that a user signed in with a password: clears failed tries and lock.</summary>
    /// <param name="id">The user.</param>
    /// <param name="at">When, UTC.</param>
    /// <param name="newPasswordHash">The same password hashed anew, where the old hash was made with fewer rounds; else null.</param>
    /// <param name="audit">What happened.</param>
    /// <param name="cancel">Gives up before the commit.</param>
    ValueTask RecordSignInAsync(string id, DateTimeOffset at, string? newPasswordHash, AuditEntry audit, CancellationToken cancel);

    /// <summary>Adds a link and voids the user's earlier ones.</summary>
    /// <param name="link">The link.</param>
    /// <param name="audit">Who and why.</param>
    /// <param name="cancel">Gives up before the commit.</param>
    ValueTask AddLinkAsync(SignInLink link, AuditEntry audit, CancellationToken cancel);

    /// <summary>The user whom a link would sign in at a time, or null when it is unknown, used, expired or its user disabled. Uses nothing up.</summary>
    /// <param name="linkHash">SHA-256 of the word in the link, 32 bytes.</param>
    /// <param name="at">The time, UTC.</param>
    /// <param name="cancel">Stops reading.</param>
    ValueTask<User?> FindLinkAsync(ReadOnlyMemory<byte> linkHash, DateTimeOffset at, CancellationToken cancel);

    /// <summary>Uses a link up; of several at once exactly one gets the user. Clears failed tries and lock.</summary>
    /// <param name="linkHash">SHA-256 of the word in the link, 32 bytes.</param>
    /// <param name="at">The time, UTC.</param>
    /// <param name="audit">Makes the entry for the user who is signed in.</param>
    /// <param name="cancel">Gives up before the commit.</param>
    /// <returns>The user, or null (and no audit entry) when it is unknown, used, expired or its user disabled.</returns>
    ValueTask<User?> RedeemLinkAsync(ReadOnlyMemory<byte> linkHash, DateTimeOffset at, Func<User, AuditEntry> audit, CancellationToken cancel);
}
