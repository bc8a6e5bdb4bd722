namespace Surveillance.Messages;

/// <summary>How much a match weighs, lightest first. The JSON form is the name in lower case.</summary>
public enum Severity
{
    /// <summary>To be looked at when there is time.</summary>
    Low,
    /// <summary>To be looked at in the ordinary order.</summary>
    Medium,
    /// <summary>To be looked at before the ordinary ones.</summary>
    High,
    /// <summary>To be looked at now.</summary>
    Critical,
}
