using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Surveillance.Dashboard.Accounts;

/// <summary>The address at which a person on this machine opens the dashboard.</summary>
internal static class SiteAddress
{
    /// <summary>The first address over TCP, without a slash at its end; null when the host listens on its control socket alone.</summary>
    /// <param name="server">The started server.</param>
    public static string? Of(IServer server) =>
        server.Features.Get<IServerAddressesFeature>()?.Addresses
            .FirstOrDefault(address => address.StartsWith("http", StringComparison.Ordinal) && !address.Contains("unix:", StringComparison.Ordinal)) is { } found
            ? Browsable(found)
            : null;

    /// <summary>The address with <c>localhost</c> in place of a host that means every interface.</summary>
    /// <param name="address">As the server writes it.</param>
    internal static string Browsable(string address)
    {
        foreach (var any in (ReadOnlySpan<string>)["://[::]:", "://0.0.0.0:", "://+:", "://*:"])
        {
            address = address.Replace(any, "://localhost:", StringComparison.Ordinal);
        }
        return address.TrimEnd('/');
    }
}
