using Microsoft.AspNetCore.Authorization;

namespace Surveillance.Dashboard.Accounts;

/// <summary>Asks for one scope.</summary>
/// <param name="scope">The scope.</param>
/// <param name="orLoopback">Whether a request from this machine does as well.</param>
internal sealed class ScopeRequirement(string scope, bool orLoopback = false) : AuthorizationHandler<ScopeRequirement>, IAuthorizationRequirement
{
    private readonly bool _orLoopback = orLoopback;

    /// <summary>The scope asked for.</summary>
    public string Scope { get; } = scope;

    /// <inheritdoc />
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        if (context.User.Has(requirement.Scope) || (requirement._orLoopback && context.Resource is HttpContext http && LoopbackAccess.IsLocal(http)))
        {
            context.Succeed(requirement);
        }
        return Task.CompletedTask;
    }
}
