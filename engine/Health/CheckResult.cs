namespace Surveillance.Health;

/// <summary>What came of a check.</summary>
public enum CheckState
{
    /// <summary>As it should be.</summary>
    Ok,
    /// <summary>Something is wrong; the fix says what to do.</summary>
    Finding,
    /// <summary>It could not be looked at, so nobody knows.</summary>
    Unreadable,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Area">configuration, storage, clock, rules, models or service.</param>
/// <param name="State">What came of it.</param>
/// <param name="What">What is there, a sentence; no words of a message and no secret.</param>
/// <param name="Fix">What to do about it; null where nothing has to be done.</param>
public sealed record CheckResult(string Area, CheckState State, string What, string? Fix = null);
