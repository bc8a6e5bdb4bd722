using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Surveillance.Accounts;
using Surveillance.Audit;

namespace Surveillance.Storage.Sqlite;

/// <summary>Users, tokens and sign-in links as tables of <c>work.db</c>.</summary>
/// <param name="work">The file; its schema holds <see cref="Schema"/> and <see cref="SqliteAuditLog.Schema"/>.</param>
public sealed class SqliteAccountStore(IWorkDatabase work) : IAccountStore
{
    private const string TokenColumns = "id, name, scopes, created_by, created_at, last_used_at, revoked_at, secret_hash";
    private const string UserColumns = "users.id, name, role, stamp, created_at, password_hash, failed_tries, locked_until, last_sign_in_at, is_disabled";

    /// <summary>Makes the tables where they are missing. Times are UTC ticks.</summary>
    public static string Schema => """
        CREATE TABLE IF NOT EXISTS tokens (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            scopes TEXT NOT NULL,
            secret_hash BLOB NOT NULL UNIQUE,
            created_by TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            last_used_at INTEGER,
            revoked_at INTEGER
        ) STRICT;
        CREATE TABLE IF NOT EXISTS users (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            name_key TEXT NOT NULL UNIQUE,
            role TEXT NOT NULL,
            stamp TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            password_hash TEXT,
            failed_tries INTEGER NOT NULL DEFAULT 0,
            locked_until INTEGER,
            last_sign_in_at INTEGER,
            is_disabled INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE TABLE IF NOT EXISTS sign_in_links (
            hash BLOB PRIMARY KEY,
            user_id TEXT NOT NULL REFERENCES users (id),
            expires_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX IF NOT EXISTS sign_in_links_by_user ON sign_in_links (user_id);
        """;

    /// <inheritdoc />
    public async ValueTask AddTokenAsync(ApiToken token, ReadOnlyMemory<byte> secretHash, AuditEntry audit, CancellationToken cancel) =>
        await WriteAsync(audit, (connection, transaction) => connection.Execute(
            transaction,
            "INSERT INTO tokens (id, name, scopes, secret_hash, created_by, created_at) VALUES ($id, $name, $scopes, $hash, $by, $at)",
            ("$id", token.Id), ("$name", token.Name), ("$scopes", string.Join(' ', token.Scopes)), ("$hash", secretHash.ToArray()),
            ("$by", token.CreatedBy), ("$at", token.CreatedAt.UtcTicks)) == 1, cancel);

    /// <inheritdoc />
    public ValueTask<ApiToken?> FindTokenAsync(ReadOnlyMemory<byte> secretHash, CancellationToken cancel)
    {
        // The index walks the hash of the secret, so its timing tells nothing about the secret; the row found is compared in constant time all the same.
        var found = work.Read(connection => connection.Query(
            null, $"SELECT {TokenColumns} FROM tokens WHERE secret_hash = $hash", row => (Token: ReadToken(row), Hash: (byte[])row.GetValue(7)), ("$hash", secretHash.ToArray())));
        return ValueTask.FromResult(found.Count == 1 && CryptographicOperations.FixedTimeEquals(found[0].Hash, secretHash.Span) ? found[0].Token : null);
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ApiToken>> ListTokensAsync(CancellationToken cancel) =>
        ValueTask.FromResult<IReadOnlyList<ApiToken>>(work.Read(connection => connection.Query(null, $"SELECT {TokenColumns} FROM tokens ORDER BY created_at, rowid", ReadToken)));

    /// <inheritdoc />
    public async ValueTask TouchTokenAsync(string id, DateTimeOffset at, CancellationToken cancel) =>
        await work.WriteAsync(
            (connection, transaction) => connection.Execute(
                transaction,
                "UPDATE tokens SET last_used_at = $at WHERE id = $id AND (last_used_at IS NULL OR last_used_at < $at)",
                ("$id", id), ("$at", at.UtcTicks)),
            cancel);

    /// <inheritdoc />
    public ValueTask<bool> RevokeTokenAsync(string id, DateTimeOffset at, AuditEntry audit, CancellationToken cancel) =>
        WriteAsync(audit, (connection, transaction) => connection.Execute(
            transaction, "UPDATE tokens SET revoked_at = $at WHERE id = $id AND revoked_at IS NULL", ("$id", id), ("$at", at.UtcTicks)) == 1, cancel);

    /// <inheritdoc />
    public ValueTask<bool> AddUserAsync(User user, SignInLink link, AuditEntry audit, CancellationToken cancel) =>
        WriteAsync(audit, (connection, transaction) =>
        {
            var added = connection.Execute(
                transaction,
                """
                INSERT INTO users (id, name, name_key, role, stamp, created_at, password_hash, is_disabled)
                VALUES ($id, $name, $key, $role, $stamp, $at, $password, $disabled)
                ON CONFLICT (name_key) DO NOTHING
                """,
                ("$id", user.Id), ("$name", user.Name), ("$key", NameKey(user.Name)), ("$role", UserRoles.WordOf(user.Role)), ("$stamp", user.Stamp),
                ("$at", user.CreatedAt.UtcTicks), ("$password", user.PasswordHash), ("$disabled", user.IsDisabled));
            if (added == 1)
            {
                AddLink(connection, transaction, link);
            }
            return added == 1;
        }, cancel);

    /// <inheritdoc />
    public ValueTask<User?> FindUserAsync(string id, CancellationToken cancel) => ValueTask.FromResult(work.Read(connection => FindUser(connection, null, id)));

    /// <inheritdoc />
    public ValueTask<User?> FindUserByNameAsync(string name, CancellationToken cancel) =>
        ValueTask.FromResult(work.Read(connection => connection.Query(
            null, $"SELECT {UserColumns} FROM users WHERE name_key = $key", ReadUser, ("$key", NameKey(name))).SingleOrDefault()));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<User>> ListUsersAsync(CancellationToken cancel) =>
        ValueTask.FromResult<IReadOnlyList<User>>(work.Read(connection => connection.Query(null, $"SELECT {UserColumns} FROM users ORDER BY created_at, rowid", ReadUser)));

    /// <inheritdoc />
    public ValueTask<bool> ChangeUserAsync(string id, UserChange change, AuditEntry audit, CancellationToken cancel) =>
        WriteAsync(audit, (connection, transaction) =>
        {
            var changed = connection.Execute(
                transaction,
                """
                UPDATE users SET
                    stamp = $stamp,
                    failed_tries = iif($password IS NULL, failed_tries, 0),
                    locked_until = iif($password IS NULL, locked_until, NULL),
                    password_hash = coalesce($password, password_hash),
                    role = coalesce($role, role),
                    is_disabled = coalesce($disabled, is_disabled)
                WHERE id = $id
                """,
                ("$id", id), ("$stamp", change.Stamp), ("$password", change.PasswordHash),
                ("$role", change.Role is { } role ? UserRoles.WordOf(role) : null), ("$disabled", change.IsDisabled));
            if (changed == 1 && (change.PasswordHash is not null || change.IsDisabled == true))
            {
                VoidLinks(connection, transaction, id);
            }
            return changed == 1;
        }, cancel);

    /// <inheritdoc />
    public async ValueTask<User?> CountFailedTryAsync(string id, int limit, DateTimeOffset lockedUntil, AuditEntry audit, CancellationToken cancel)
    {
        User? user = null;
        await WriteAsync(audit, (connection, transaction) =>
        {
            connection.Execute(
                transaction,
                """
                UPDATE users SET
                    failed_tries = iif(failed_tries + 1 >= $limit, 0, failed_tries + 1),
                    locked_until = iif(failed_tries + 1 >= $limit, $until, locked_until)
                WHERE id = $id
                """,
                ("$id", id), ("$limit", limit), ("$until", lockedUntil.UtcTicks));
            user = FindUser(connection, transaction, id);
            return user is not null;
        }, cancel);
        return user;
    }

    /// <inheritdoc />
    public async ValueTask RecordSignInAsync(string id, DateTimeOffset at, string? newPasswordHash, AuditEntry audit, CancellationToken cancel) =>
        await WriteAsync(audit, (connection, transaction) => connection.Execute(
            transaction,
            "UPDATE users SET failed_tries = 0, locked_until = NULL, last_sign_in_at = $at, password_hash = coalesce($password, password_hash) WHERE id = $id",
            ("$id", id), ("$at", at.UtcTicks), ("$password", newPasswordHash)) == 1, cancel);

    /// <inheritdoc />
    public async ValueTask AddLinkAsync(SignInLink link, AuditEntry audit, CancellationToken cancel) =>
        await WriteAsync(audit, (connection, transaction) =>
        {
            VoidLinks(connection, transaction, link.UserId);
            AddLink(connection, transaction, link);
            return true;
        }, cancel);

    /// <inheritdoc />
    public ValueTask<User?> FindLinkAsync(ReadOnlyMemory<byte> linkHash, DateTimeOffset at, CancellationToken cancel) =>
        ValueTask.FromResult(work.Read(connection => FindLink(connection, null, linkHash, at)));

    /// <inheritdoc />
    public ValueTask<User?> RedeemLinkAsync(ReadOnlyMemory<byte> linkHash, DateTimeOffset at, Func<User, AuditEntry> audit, CancellationToken cancel) =>
        work.WriteAsync(
            (connection, transaction) =>
            {
                var user = FindLink(connection, transaction, linkHash, at);
                if (user is null)
                {
                    return null;
                }
                connection.Execute(transaction, "DELETE FROM sign_in_links WHERE hash = $hash", ("$hash", linkHash.ToArray()));
                connection.Execute(
                    transaction, "UPDATE users SET failed_tries = 0, locked_until = NULL, last_sign_in_at = $at WHERE id = $id", ("$id", user.Id), ("$at", at.UtcTicks));
                SqliteAuditLog.Append(connection, transaction, audit(user));
                return FindUser(connection, transaction, user.Id);
            },
            cancel);

    /// <summary>Runs a change and, if it did something, adds its audit entry in the same transaction.</summary>
    private ValueTask<bool> WriteAsync(AuditEntry audit, Func<SqliteConnection, SqliteTransaction, bool> change, CancellationToken cancel) =>
        work.WriteAsync(
            (connection, transaction) =>
            {
                var changed = change(connection, transaction);
                if (changed)
                {
                    SqliteAuditLog.Append(connection, transaction, audit);
                }
                return changed;
            },
            cancel);

    private static void AddLink(SqliteConnection connection, SqliteTransaction transaction, SignInLink link) =>
        connection.Execute(
            transaction, "INSERT INTO sign_in_links (hash, user_id, expires_at) VALUES ($hash, $user, $until)",
            ("$hash", link.Hash.ToArray()), ("$user", link.UserId), ("$until", link.ExpiresAt.UtcTicks));

    private static void VoidLinks(SqliteConnection connection, SqliteTransaction transaction, string userId) =>
        connection.Execute(transaction, "DELETE FROM sign_in_links WHERE user_id = $user", ("$user", userId));

    private static User? FindUser(SqliteConnection connection, SqliteTransaction? transaction, string id) =>
        connection.Query(transaction, $"SELECT {UserColumns} FROM users WHERE id = $id", ReadUser, ("$id", id)).SingleOrDefault();

    private static User? FindLink(SqliteConnection connection, SqliteTransaction? transaction, ReadOnlyMemory<byte> linkHash, DateTimeOffset at) =>
        connection.Query(
            transaction,
            $"SELECT {UserColumns} FROM sign_in_links JOIN users ON users.id = user_id WHERE hash = $hash AND expires_at > $at AND is_disabled = 0",
            ReadUser, ("$hash", linkHash.ToArray()), ("$at", at.UtcTicks)).SingleOrDefault();

    private static ApiToken ReadToken(SqliteDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2).Split(' ', StringSplitOptions.RemoveEmptyEntries), row.GetString(3), row.Time(4), row.TimeOrNull(5), row.TimeOrNull(6));

    private static User ReadUser(SqliteDataReader row) =>
        new(
            row.GetString(0), row.GetString(1),
            UserRoles.TryParse(row.GetString(2), out var role) ? role : throw new InvalidDataException("The table of users holds an unknown role."),
            row.GetString(3), row.Time(4), row.TextOrNull(5), row.GetInt32(6), row.TimeOrNull(7), row.TimeOrNull(8), row.GetBoolean(9));

    private static string NameKey(string name) => name.ToUpperInvariant();
}
