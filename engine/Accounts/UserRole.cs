namespace Surveillance.Accounts;

/// <summary>What a user is in the firm; decides the scopes.</summary>
public enum UserRole
{
    /// <summary>Clears the queue.</summary>
    Analyst,
    /// <summary>Writes rules.</summary>
    Author,
    /// <summary>Looks after analysts and the quality of their work.</summary>
    Supervisor,
    /// <summary>Looks after consent and the rights of data subjects.</summary>
    DataProtectionOfficer,
    /// <summary>Manages tokens and users, and may do everything else.</summary>
    Administrator,
}

/// <summary>The words of roles, and the scopes each has.</summary>
public static class UserRoles
{
    private static readonly (UserRole Role, string Word, string[] Scopes)[] Table =
    [
        (UserRole.Analyst, "analyst", [Scopes.MessagesRead, Scopes.AlertsRead, Scopes.AlertsWrite, Scopes.RulesRead]),
        (UserRole.Author, "author", [Scopes.MessagesRead, Scopes.AlertsRead, Scopes.RulesRead, Scopes.RulesWrite, Scopes.JobsRun]),
        (UserRole.Supervisor, "supervisor", [Scopes.MessagesRead, Scopes.AlertsRead, Scopes.AlertsWrite, Scopes.RulesRead, Scopes.JobsRun, Scopes.QuarantineWrite]),
        (UserRole.DataProtectionOfficer, "data-protection-officer", [Scopes.ConsentWrite, Scopes.MessagesRead, Scopes.AlertsRead, Scopes.RulesRead]),
        (UserRole.Administrator, "administrator", [.. Scopes.All]),
    ];

    /// <summary>The word of every role, in the order of the enumeration.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. Table.Select(row => row.Word)];

    /// <summary>The word of a role: lower case, hyphens.</summary>
    /// <param name="role">A defined role.</param>
    public static string WordOf(UserRole role) => Table[(int)role].Word;

    /// <summary>The scopes of a role, in the order of <see cref="Scopes.All"/>.</summary>
    /// <param name="role">A defined role.</param>
    public static IReadOnlyList<string> ScopesOf(UserRole role) => Table[(int)role].Scopes;

    /// <summary>The words of the roles that have a scope, in the order of the enumeration.</summary>
    /// <param name="scope">A scope.</param>
    public static IReadOnlyList<string> WithScope(string scope) => [.. Table.Where(row => row.Scopes.Contains(scope)).Select(row => row.Word)];

    /// <summary>The role of a word; false when there is none. Letter case counts.</summary>
    /// <param name="word">The word.</param>
    /// <param name="role">The role, or the default.</param>
    public static bool TryParse(string? word, out UserRole role)
    {
        foreach (var row in Table)
        {
            if (row.Word == word)
            {
                role = row.Role;
                return true;
            }
        }
        role = default;
        return false;
    }
}
