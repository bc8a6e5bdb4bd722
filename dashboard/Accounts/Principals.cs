using System.Security.Claims;
using Surveillance.Accounts;

namespace Surveillance.Dashboard.Accounts;

/// <summary>What a request's principal says of the user or token behind it.</summary>
public static class Principals
{
    internal const string SessionScheme = "Session";
    internal const string TokenScheme = "Token";

    private const string Id = "sub";
    private const string Name = "name";
    private const string RoleWord = "role";
    private const string Scope = "scope";
    private const string Stamp = "stamp";
    private const string Means = "amr";

    /// <summary>Who acts, in the form the audit log keeps.</summary>
    /// <param name="principal">A signed-in principal.</param>
    public static string Actor(this ClaimsPrincipal principal) => principal.UserId() is { } user
        ? AccountDesk.UserActor(user)
        : AccountDesk.TokenActor(principal.FindFirstValue(Id) ?? throw new InvalidOperationException("Nobody is signed in."));

    /// <summary>Who acts, as people are shown it: the user's name, or <c>token:ID</c>.</summary>
    /// <param name="principal">A signed-in principal.</param>
    public static string ActorName(this ClaimsPrincipal principal) =>
        principal.UserId() is null ? principal.Actor() : principal.Identity!.Name ?? throw new InvalidOperationException("Nobody is signed in.");

    /// <summary>The user's id; null for a token and for nobody.</summary>
    /// <param name="principal">Any principal.</param>
    public static string? UserId(this ClaimsPrincipal principal) => principal.Identity?.AuthenticationType == SessionScheme ? principal.FindFirstValue(Id) : null;

    /// <summary>The word of the user's role; null for a token and for nobody.</summary>
    /// <param name="principal">Any principal.</param>
    public static string? RoleName(this ClaimsPrincipal principal) => principal.FindFirstValue(RoleWord);

    /// <summary>Whether the principal may do something.</summary>
    /// <param name="principal">Any principal.</param>
    /// <param name="scope">The scope that it takes.</param>
    public static bool Has(this ClaimsPrincipal principal, string scope) => principal.HasClaim(Scope, scope);

    internal static string? SessionStamp(this ClaimsPrincipal principal) => principal.FindFirstValue(Stamp);

    internal static bool CameByLink(this ClaimsPrincipal principal) => principal.HasClaim(Means, "link");

    internal static ClaimsPrincipal Of(User user, bool cameByLink)
    {
        List<Claim> claims =
        [
            new(Id, user.Id), new(Name, user.Name), new(RoleWord, UserRoles.WordOf(user.Role)), new(Stamp, user.Stamp), new(Means, cameByLink ? "link" : "pwd"),
            .. UserRoles.ScopesOf(user.Role).Select(scope => new Claim(Scope, scope)),
        ];
        return new ClaimsPrincipal(new ClaimsIdentity(claims, SessionScheme, Name, RoleWord));
    }

    internal static ClaimsPrincipal Of(ApiToken token)
    {
        List<Claim> claims = [new(Id, token.Id), new(Name, token.Name), .. token.Scopes.Select(scope => new Claim(Scope, scope))];
        return new ClaimsPrincipal(new ClaimsIdentity(claims, TokenScheme, Name, RoleWord));
    }
}
