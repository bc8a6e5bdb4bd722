using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Surveillance.Accounts;

/// <summary>Makes and hashes the random words that open something. They carry 256 bits, so one plain SHA-256 protects them.</summary>
internal static class Secrets
{
    /// <summary>Every API token begins so; secret scanners find a leaked one by it.</summary>
    public const string TokenPrefix = "surv_";

    /// <summary>32 random bytes as 43 base64url characters (RFC 4648 clause 5, no padding).</summary>
    public static string NewWord() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>An id that tells nothing: 16 lower-case hex digits.</summary>
    public static string NewId() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>SHA-256 of the UTF-8 bytes.</summary>
    /// <param name="word">A secret.</param>
    public static byte[] Hash(string word) => SHA256.HashData(Encoding.UTF8.GetBytes(word));
}
