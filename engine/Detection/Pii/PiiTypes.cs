using Surveillance.Detection.Pii.Packs;

namespace Surveillance.Detection.Pii;

/// <summary>Every type that the detector knows, in a fixed order.</summary>
internal static class PiiTypes
{
    /// <summary>The types; a candidate names its type by its index here.</summary>
    internal static readonly PiiType[] All = [Emails.Email, Phones.Phone, PaymentCards.PaymentCard, Ibans.Iban, IpAddresses.IpAddress, Urls.Url];

    internal const int Email = 0;
    internal const int Phone = 1;
    internal const int PaymentCard = 2;
    internal const int Iban = 3;
    internal const int IpAddress = 4;
    internal const int Url = 5;
}
