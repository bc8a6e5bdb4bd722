namespace Surveillance.Dashboard.Commands;

/// <summary>What a command's exit code says.</summary>
internal static class ExitCodes
{
    internal const int Ok = 0;

    /// <summary>An invalid rule, a failed test, a gate exceeded.</summary>
    internal const int Findings = 1;

    internal const int Usage = 2;

    /// <summary>Input is missing or cannot be read.</summary>
    internal const int Input = 3;

    internal const int NotAuthorised = 4;

    /// <summary>Something is in use or has changed.</summary>
    internal const int Conflict = 5;

    internal const int IntegrityBroken = 6;

    /// <summary>Some of it was done; the output says what was not.</summary>
    internal const int PartlyDone = 7;

    internal const int Internal = 70;

    internal const int Interrupted = 130;
}
