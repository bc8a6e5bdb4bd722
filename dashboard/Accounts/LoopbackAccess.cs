using System.Net;

namespace Surveillance.Dashboard.Accounts;

/// <summary>Lets programs on the same machine in without a token, where the setting <see cref="Setting"/> does not forbid it.</summary>
internal static class LoopbackAccess
{
    /// <summary>The setting: <c>false</c> where a proxy on this machine would bring others.</summary>
    internal const string Setting = "Access:Loopback";

    private static readonly string[] SignsOfAProxy = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"];

    /// <summary>Asks for a scope, or that the request comes from this machine itself.</summary>
    /// <param name="builder">The endpoints.</param>
    /// <param name="scope">The scope.</param>
    internal static TBuilder RequireScopeOrLoopback<TBuilder>(this TBuilder builder, string scope) where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(policy => policy.AddRequirements(new ScopeRequirement(scope, orLoopback: true)));

    /// <summary>Whether a request comes from this machine and names it: neither a proxy's, as far as it tells, nor one that a page elsewhere had a browser here make.</summary>
    /// <param name="context">The request.</param>
    internal static bool IsLocal(HttpContext context)
    {
        if (context.RequestServices.GetService<IConfiguration>()?.GetValue<bool?>(Setting) == false)
        {
            return false;
        }
        var connection = context.Connection;
        return (connection.LocalIpAddress is null || (connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote)))
            && (context.Request.Host.Host is "localhost" || (IPAddress.TryParse(context.Request.Host.Host.Trim('[', ']'), out var named) && IPAddress.IsLoopback(named)))
            && !Array.Exists(SignsOfAProxy, context.Request.Headers.ContainsKey);
    }
}
