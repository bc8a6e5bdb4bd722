namespace Surveillance.Accounts;

/// <summary>What somebody may do. A scope is also the name of the authorization policy that asks for it.</summary>
public static class Scopes
{
    /// <summary>Send captured messages.</summary>
    public const string IngestWrite = "ingest:write";

    /// <summary>Record consent lines.</summary>
    public const string ConsentWrite = "consent:write";

    /// <summary>Read archived messages and conversations.</summary>
    public const string MessagesRead = "messages:read";

    /// <summary>Read alerts and their proof.</summary>
    public const string AlertsRead = "alerts:read";

    /// <summary>Claim, decide and reopen alerts.</summary>
    public const string AlertsWrite = "alerts:write";

    /// <summary>Read rules and what runs.</summary>
    public const string RulesRead = "rules:read";

    /// <summary>Change and activate rules.</summary>
    public const string RulesWrite = "rules:write";

    /// <summary>Start and stop jobs.</summary>
    public const string JobsRun = "jobs:run";

    /// <summary>Retry and settle what is in quarantine.</summary>
    public const string QuarantineWrite = "quarantine:write";

    /// <summary>Read the figures at <c>/metrics</c>.</summary>
    public const string MetricsRead = "metrics:read";

    /// <summary>Manage tokens and users.</summary>
    public const string Admin = "admin";

    /// <summary>Every scope, in the order of this list.</summary>
    public static IReadOnlyList<string> All { get; } =
        [IngestWrite, ConsentWrite, MessagesRead, AlertsRead, AlertsWrite, RulesRead, RulesWrite, JobsRun, QuarantineWrite, MetricsRead, Admin];
}
