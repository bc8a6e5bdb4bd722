namespace Surveillance.Dashboard.Accounts;

/// <summary>Where to go after signing in: only within this site.</summary>
internal static class LocalUrl
{
    /// <summary>The address, or <c>/</c> when it might lead elsewhere.</summary>
    /// <param name="url">What the request asked for, or null.</param>
    public static string OrHome(string? url) => url is ['/', ..] && url is not ['/', '/' or '\\', ..] && !url.Any(char.IsControl) ? url : "/";
}
