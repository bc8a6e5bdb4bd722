namespace Surveillance.Detection.Pii;

/// <summary>Every type that the detector knows: those that code reads first, then those of the packs in order of name.</summary>
internal static class PiiTypes
{
    /// <summary>The kinds of data that a type can be.</summary>
    internal static readonly IReadOnlyList<string> Categories =
        ["contact", "financial", "government-id", "tax-id", "health", "vehicle", "device", "crypto", "secret", "business", "online", "person", "special", "context"];

    /// <summary>The pack of types that belong to no country.</summary>
    internal const string EveryCountry = "any";

    /// <summary>The types; a candidate names its type by its index here.</summary>
    internal static readonly PiiType[] All = PackReader.ReadAll();

    private static readonly Dictionary<string, PiiType> ByName = All.ToDictionary(t => t.Name, StringComparer.Ordinal);

    internal static readonly int Email = IndexOf("email");
    internal static readonly int Phone = IndexOf("phone");
    internal static readonly int PaymentCard = IndexOf("payment-card");
    internal static readonly int Iban = IndexOf("iban");
    internal static readonly int IpAddress = IndexOf("ip-address");
    internal static readonly int Url = IndexOf("url");

    /// <summary>The index of a type.</summary>
    /// <param name="name">Its name, which a pack must have.</param>
    internal static int IndexOf(string name) => ByName[name].Index;

    /// <summary>A type, or null where no pack has it.</summary>
    /// <param name="name">Its name.</param>
    internal static PiiType? Of(string name) => ByName.GetValueOrDefault(name);
}
