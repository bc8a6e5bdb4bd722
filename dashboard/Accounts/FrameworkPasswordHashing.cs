using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Surveillance.Accounts;

namespace Surveillance.Dashboard.Accounts;

/// <summary>Passwords by the framework's hasher: PBKDF2 (RFC 8018) with HMAC-SHA-512, a salt of 128 bits, 210,000 rounds.</summary>
internal sealed class FrameworkPasswordHashing : IPasswordHashing
{
    private static readonly object Nobody = new();
    private readonly PasswordHasher<object> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));

    /// <inheritdoc />
    public string Hash(string password) => _hasher.HashPassword(Nobody, password);

    /// <inheritdoc />
    public PasswordVerdict Verify(string hash, string password) => _hasher.VerifyHashedPassword(Nobody, hash, password) switch
    {
        PasswordVerificationResult.Success => PasswordVerdict.Right,
        PasswordVerificationResult.SuccessRehashNeeded => PasswordVerdict.RightButDated,
        _ => PasswordVerdict.Wrong,
    };
}
