namespace Surveillance.Accounts;

/// <summary>What a password turned out to be.</summary>
public enum PasswordVerdict
{
    /// <summary>Not the password.</summary>
    Wrong,
    /// <summary>The password.</summary>
    Right,
    /// <summary>The password, but its hash was made with fewer rounds than today: hash it anew.</summary>
    RightButDated,
}

/// <summary>Hashes passwords with salt and many rounds. Thread-safe.</summary>
public interface IPasswordHashing
{
    /// <summary>A new salted hash, in a form that names its method.</summary>
    /// <param name="password">The password.</param>
    string Hash(string password);

    /// <summary>Compares in a time that does not tell how much is right.</summary>
    /// <param name="hash">What <see cref="Hash"/> gave.</param>
    /// <param name="password">What was typed.</param>
    PasswordVerdict Verify(string hash, string password);
}
