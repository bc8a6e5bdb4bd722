namespace Surveillance.Detection;

/// <summary>The types of personal data that rules can name.</summary>
public static class PiiTypeNames
{
    /// <summary>The confidence from which a hit counts unless somebody asks for another.</summary>
    public const double DefaultConfidence = 0.5;

    /// <summary>The types in the order in which people are shown them.</summary>
    public static IReadOnlyList<string> All { get; } = ["email", "phone", "payment-card", "iban", "ip-address", "url"];
}
