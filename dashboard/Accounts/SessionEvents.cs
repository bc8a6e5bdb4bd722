using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Surveillance.Accounts;

namespace Surveillance.Dashboard.Accounts;

/// <summary>Asks at every request whether the session still holds: a changed password, role or standing ends it at once.</summary>
internal sealed class SessionEvents(AccountDesk accounts) : CookieAuthenticationEvents
{
    /// <inheritdoc />
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        var principal = context.Principal;
        if (principal?.UserId() is not { } id || principal.SessionStamp() is not { } stamp
            || await accounts.FindSessionAsync(id, stamp, context.HttpContext.RequestAborted) is null)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(Principals.SessionScheme);
        }
    }
}
