using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.HttpResults;
using Surveillance.Accounts;
using Surveillance.Dashboard.Shared;
using Surveillance.Messages;

namespace Surveillance.Dashboard.Accounts;

/// <summary>Tokens and users for the command line, over <c>control.sock</c> only: whoever may open that file owns the data folder.</summary>
public static class ControlEndpoints
{
    /// <summary>Maps <c>/control/tokens</c> and <c>/control/users</c>. Over TCP they answer 404.</summary>
    /// <param name="routes">The host's routes.</param>
    public static IEndpointRouteBuilder MapControl(this IEndpointRouteBuilder routes)
    {
        var control = routes.MapGroup("/control").AllowAnonymous().DisableAntiforgery().ExcludeFromDescription().OnlyOverControlSocket();
        control.MapPost("/tokens", CreateTokenAsync);
        control.MapGet("/tokens", async (AccountDesk accounts, CancellationToken cancel) => (await accounts.ListTokensAsync(cancel)).Select(TokenLine.Of));
        control.MapPost("/tokens/{id}/revoke", RevokeTokenAsync);
        control.MapPost("/users", AddUserAsync);
        control.MapGet("/users", async (AccountDesk accounts, CancellationToken cancel) => (await accounts.ListUsersAsync(cancel)).Select(UserLine.Of));
        control.MapPost("/users/link", MakeLinkAsync);
        control.MapPost("/users/role", ChangeRoleAsync);
        control.MapPost("/users/disable", (UserName body, AccountDesk accounts, CancellationToken cancel) => SetDisabledAsync(body, true, accounts, cancel));
        control.MapPost("/users/enable", (UserName body, AccountDesk accounts, CancellationToken cancel) => SetDisabledAsync(body, false, accounts, cancel));
        return routes;
    }

    /// <summary>Refuses what did not come over a Unix socket; for other groups of control endpoints too.</summary>
    /// <param name="builder">The endpoints.</param>
    /// <typeparam name="T">Their builder.</typeparam>
    public static T OnlyOverControlSocket<T>(this T builder) where T : IEndpointConventionBuilder =>
        builder.AddEndpointFilter(async (context, next) =>
            context.HttpContext.Connection.LocalIpAddress is null ? await next(context) : TypedResults.NotFound());

    private static async Task<IResult> CreateTokenAsync(NewTokenRequest body, AccountDesk accounts, CancellationToken cancel)
    {
        if (BadName(body.Name) is { } bad)
        {
            return bad;
        }
        var scopes = body.Scopes ?? [];
        if (ScopeList.ProblemWith(scopes) is { } problem)
        {
            return Problems.Result(Problems.Invalid, problem);
        }
        var made = await accounts.CreateTokenAsync(body.Name!, scopes, AccountDesk.Operator, cancel);
        return TypedResults.Json(new CreatedToken(made.Token.Id, made.Token.Name, made.Token.Scopes, made.Secret), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> RevokeTokenAsync(string id, AccountDesk accounts, CancellationToken cancel) =>
        await accounts.RevokeTokenAsync(id, AccountDesk.Operator, cancel)
            ? TypedResults.NoContent()
            : Problems.Result(Problems.NotFound, "No working token has this id; `surveillance tokens list` shows them.");

    private static async Task<IResult> AddUserAsync(NewUserRequest body, AccountDesk accounts, IServer server, CancellationToken cancel)
    {
        if (BadName(body.Name) is { } bad)
        {
            return bad;
        }
        if (!UserRoles.TryParse(body.Role, out var role))
        {
            return UnknownRole();
        }
        return await accounts.AddUserAsync(body.Name!, role, AccountDesk.Operator, cancel) is { } made
            ? Link(made, server)
            : Problems.Result(Problems.Settled, "Another user has this name; `surveillance users link --name NAME` makes that user a new link.");
    }

    private static async Task<IResult> MakeLinkAsync(UserName body, AccountDesk accounts, IServer server, CancellationToken cancel) =>
        await FindAsync(body.Name, accounts, cancel) switch
        {
            null => UnknownUser(),
            { IsDisabled: true } => Problems.Result(Problems.Settled, "The user is disabled; `surveillance users enable --name NAME` lets the user in again."),
            { } user => Link(await accounts.CreateLinkAsync(user, AccountDesk.Operator, cancel), server),
        };

    private static async Task<IResult> ChangeRoleAsync(NewUserRequest body, AccountDesk accounts, CancellationToken cancel)
    {
        if (!UserRoles.TryParse(body.Role, out var role))
        {
            return UnknownRole();
        }
        return await FindAsync(body.Name, accounts, cancel) is { } user && await accounts.ChangeRoleAsync(user.Id, role, AccountDesk.Operator, cancel)
            ? TypedResults.NoContent()
            : UnknownUser();
    }

    private static async Task<IResult> SetDisabledAsync(UserName body, bool isDisabled, AccountDesk accounts, CancellationToken cancel) =>
        await FindAsync(body.Name, accounts, cancel) is { } user && await accounts.SetDisabledAsync(user.Id, isDisabled, AccountDesk.Operator, cancel)
            ? TypedResults.NoContent()
            : UnknownUser();

    private static async ValueTask<User?> FindAsync(string? name, AccountDesk accounts, CancellationToken cancel) =>
        name is null ? null : await accounts.FindUserByNameAsync(name, cancel);

    private static JsonHttpResult<CreatedLink> Link(NewLink made, IServer server)
    {
        var path = SignInEndpoints.LinkPath(made.Word);
        var site = SiteAddress.Of(server);
        return TypedResults.Json(
            new CreatedLink(made.User.Id, made.User.Name, UserRoles.WordOf(made.User.Role), path, site is null ? null : site + path, made.ExpiresAt),
            statusCode: StatusCodes.Status201Created);
    }

    private static ProblemHttpResult? BadName(string? name) => AccountDesk.IsValidName(name)
        ? null
        : Problems.Result(Problems.Invalid, $"A name has 1 to {AccountDesk.MaxNameLength} printable characters, no colon, and no blank at either end.");

    private static ProblemHttpResult UnknownRole() =>
        Problems.Result(Problems.Invalid, "The roles are " + string.Join(", ", UserRoles.Words) + ".");

    private static ProblemHttpResult UnknownUser() =>
        Problems.Result(Problems.NotFound, "No user has this name; `surveillance users list` shows them.");
}

/// <summary>Reads a list of scopes as people write them.</summary>
internal static class ScopeList
{
    /// <summary>The scopes of texts such as <c>ingest:write,alerts:read</c>.</summary>
    public static string[] Split(IEnumerable<string> texts) => [.. texts.SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    /// <summary>What is wrong with a list, with the nearest known names; null when nothing is.</summary>
    public static string? ProblemWith(IReadOnlyCollection<string> scopes)
    {
        if (scopes.Count == 0)
        {
            return "A token needs at least one scope: " + string.Join(", ", Scopes.All) + ".";
        }
        var unknown = scopes.Where(scope => !Scopes.All.Contains(scope)).Distinct().ToList();
        return unknown.Count == 0
            ? null
            : string.Join(" ", unknown.Select(scope => $"Unknown scope \"{scope}\"{(Nearest(scope) is { } near ? $"; did you mean `{near}`?" : ".")}"))
              + " The scopes are " + string.Join(", ", Scopes.All) + ".";
    }

    private static string? Nearest(string scope) => NearestName.Find(scope, Scopes.All) ?? Scopes.All.FirstOrDefault(known => known.Split(':')[0] == scope.Split(':')[0]);
}

internal sealed record NewTokenRequest(string? Name, IReadOnlyList<string>? Scopes);

internal sealed record CreatedToken(string Id, string Name, IReadOnlyList<string> Scopes, string Secret);

internal sealed record TokenLine(string Id, string Name, IReadOnlyList<string> Scopes, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt)
{
    public static TokenLine Of(ApiToken token) => new(token.Id, token.Name, token.Scopes, token.CreatedBy, token.CreatedAt, token.LastUsedAt, token.RevokedAt);
}

internal sealed record UserName(string? Name);

internal sealed record NewUserRequest(string? Name, string? Role);

internal sealed record CreatedLink(string Id, string Name, string Role, string Link, string? Url, DateTimeOffset ExpiresAt);

internal sealed record UserLine(string Id, string Name, string Role, DateTimeOffset CreatedAt, DateTimeOffset? LastSignInAt, DateTimeOffset? LockedUntil, bool HasPassword, bool IsDisabled)
{
    public static UserLine Of(User user) =>
        new(user.Id, user.Name, UserRoles.WordOf(user.Role), user.CreatedAt, user.LastSignInAt, user.LockedUntil, user.PasswordHash is not null, user.IsDisabled);
}
