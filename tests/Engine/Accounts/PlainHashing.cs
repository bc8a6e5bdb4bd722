using Surveillance.Accounts;

namespace Surveillance.Engine.Tests.Accounts;

/// <summary>Hashing that a test can read: the password behind a number of rounds.</summary>
internal sealed class PlainHashing : IPasswordHashing
{
    public int Rounds { get; set; } = 1;

    public int Verified { get; private set; }

    public string Hash(string password) => $"{Rounds}:{password}";

    public PasswordVerdict Verify(string hash, string password)
    {
        Verified++;
        var parts = hash.Split(':', 2);
        return parts[1] != password ? PasswordVerdict.Wrong : parts[0] == Rounds.ToString() ? PasswordVerdict.Right : PasswordVerdict.RightButDated;
    }
}
