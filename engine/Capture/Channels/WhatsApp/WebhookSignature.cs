using System.Security.Cryptography;
using System.Text;

namespace Surveillance.Capture.Channels.WhatsApp;

/// <summary>Checks <c>X-Hub-Signature-256</c>: <c>sha256=</c> and the hex digits of HMAC-SHA-256 (RFC 2104) over the bytes of the body, under the app secret.</summary>
public static class WebhookSignature
{
    private const string Prefix = "sha256=";

    /// <summary>Whether the signature fits. Takes a time that does not tell how much of it does.</summary>
    /// <param name="secret">The app secret; an empty one fits nothing.</param>
    /// <param name="rawBody">The body exactly as received, before any parsing.</param>
    /// <param name="header">The header's value, or null when it was missing.</param>
    public static bool Verify(string secret, ReadOnlySpan<byte> rawBody, string? header)
    {
        if (secret.Length == 0 || header is null || header.Length != Prefix.Length + 2 * HMACSHA256.HashSizeInBytes || !header.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (Convert.FromHexString(header.AsSpan(Prefix.Length), given, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }
        Span<byte> computed = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), rawBody, computed);
        return CryptographicOperations.FixedTimeEquals(given, computed);
    }
}
