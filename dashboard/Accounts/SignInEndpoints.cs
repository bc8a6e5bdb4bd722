using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Surveillance.Accounts;

namespace Surveillance.Dashboard.Accounts;

/// <summary>Signing in and out, and one's own account.</summary>
internal static class SignInEndpoints
{
    /// <summary>Where one signs in.</summary>
    public const string Path = "/sign-in";

    private const string Stale = "The form had expired. Please try again.";
    private const string Refused = "Name and password do not fit, or the account is locked. After several wrong passwords it opens again by itself within a quarter of an hour.";
    private const string DeadLink = "This link has been used or has expired. Ask an administrator for another, or sign in with your password.";

    /// <summary>The path of a sign-in link.</summary>
    /// <param name="word">The word of the link.</param>
    public static string LinkPath(string word) => Path + QueryString.Create("link", word);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, ShowAsync).AllowAnonymous();
        routes.MapPost(Path, SignInAsync).AllowAnonymous().DisableAntiforgery().RequireRateLimiting(SignInLimit.Name);
        routes.MapPost("/sign-out", SignOutAsync).AllowAnonymous().DisableAntiforgery();
        routes.MapGet("/account", ShowAccountAsync).RequireAuthorization();
        routes.MapPost("/account", SetPasswordAsync).RequireAuthorization().DisableAntiforgery().RequireRateLimiting(SignInLimit.Name);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, AccountDesk accounts, string? link, string? returnUrl, CancellationToken cancel)
    {
        KeepPrivate(http);
        if (link is null)
        {
            return http.User.UserId() is null ? Form(null, returnUrl) : TypedResults.LocalRedirect(LocalUrl.OrHome(returnUrl));
        }
        // Looking at the link uses nothing up: mail scanners and chat previews look too.
        return await accounts.FindLinkAsync(link, cancel) is { } user
            ? new RazorComponentResult<LinkPage>(new { Name = user.Name, Link = link, ReturnUrl = LocalUrl.OrHome(returnUrl) })
            : Form(DeadLink, returnUrl, status: StatusCodes.Status410Gone);
    }

    private static async Task<IResult> SignInAsync(HttpContext http, AccountDesk accounts, IAntiforgery antiforgery, CancellationToken cancel)
    {
        KeepPrivate(http);
        if (!await antiforgery.IsRequestValidAsync(http))
        {
            return Form(Stale, null, status: StatusCodes.Status400BadRequest);
        }
        var form = await http.Request.ReadFormAsync(cancel);
        var returnUrl = form["returnUrl"].ToString();
        if (form["link"].ToString() is { Length: > 0 } link)
        {
            return await accounts.RedeemLinkAsync(link, cancel) is { } linked
                ? await EnterAsync(http, linked, cameByLink: true, returnUrl)
                : Form(DeadLink, returnUrl, status: StatusCodes.Status410Gone);
        }
        var name = form["name"].ToString();
        return await accounts.SignInAsync(name, form["password"].ToString(), cancel) is { } user
            ? await EnterAsync(http, user, cameByLink: false, returnUrl)
            : Form(Refused, returnUrl, name, StatusCodes.Status403Forbidden);
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, AccountDesk accounts, IAntiforgery antiforgery, CancellationToken cancel)
    {
        KeepPrivate(http);
        if (!await antiforgery.IsRequestValidAsync(http))
        {
            return Form(Stale, null, status: StatusCodes.Status400BadRequest);
        }
        if (http.User.UserId() is { } id)
        {
            await accounts.SignOutAsync(id, cancel);
            await http.SignOutAsync(Principals.SessionScheme);
        }
        return TypedResults.LocalRedirect(Path);
    }

    private static async Task<IResult> ShowAccountAsync(HttpContext http, AccountDesk accounts, CancellationToken cancel)
    {
        KeepPrivate(http);
        return await CurrentAsync(http, accounts, cancel) is { } user
            ? Account(http.User, user, null, wasSet: user.PasswordHash is not null && http.Request.Query.ContainsKey("saved"))
            : TypedResults.Forbid();
    }

    private static async Task<IResult> SetPasswordAsync(HttpContext http, AccountDesk accounts, IAntiforgery antiforgery, CancellationToken cancel)
    {
        KeepPrivate(http);
        if (await CurrentAsync(http, accounts, cancel) is not { } user)
        {
            return TypedResults.Forbid();
        }
        if (!await antiforgery.IsRequestValidAsync(http))
        {
            return Account(http.User, user, Stale, StatusCodes.Status400BadRequest);
        }
        var form = await http.Request.ReadFormAsync(cancel);
        var wanted = form["password"].ToString();
        if (wanted != form["again"].ToString())
        {
            return Account(http.User, user, "The two passwords differ.", StatusCodes.Status422UnprocessableEntity);
        }
        var (outcome, changed) = await accounts.SetPasswordAsync(user, form["current"], wanted, http.User.CameByLink(), cancel);
        if (changed is null)
        {
            return Account(http.User, user, Say(outcome), StatusCodes.Status422UnprocessableEntity);
        }
        await http.SignInAsync(Principals.SessionScheme, Principals.Of(changed, cameByLink: false));
        return TypedResults.LocalRedirect("/account?saved");
    }

    private static async Task<IResult> EnterAsync(HttpContext http, User user, bool cameByLink, string returnUrl)
    {
        await http.SignInAsync(Principals.SessionScheme, Principals.Of(user, cameByLink));
        return TypedResults.LocalRedirect(LocalUrl.OrHome(returnUrl));
    }

    private static async ValueTask<User?> CurrentAsync(HttpContext http, AccountDesk accounts, CancellationToken cancel) =>
        http.User.UserId() is { } id && http.User.SessionStamp() is { } stamp ? await accounts.FindSessionAsync(id, stamp, cancel) : null;

    private static RazorComponentResult<SignInPage> Form(string? problem, string? returnUrl, string? name = null, int status = StatusCodes.Status200OK) =>
        new(new { Problem = problem, ReturnUrl = LocalUrl.OrHome(returnUrl), Name = name }) { StatusCode = status };

    private static RazorComponentResult<AccountPage> Account(ClaimsPrincipal principal, User user, string? problem, int status = StatusCodes.Status200OK, bool wasSet = false) =>
        new(new { User = user, AsksCurrent = user.PasswordHash is not null && !principal.CameByLink(), Problem = problem, WasSet = wasSet }) { StatusCode = status };

    private static string Say(PasswordOutcome outcome) => outcome switch
    {
        PasswordOutcome.WrongCurrent => "The current password is not right, or the account is locked for a quarter of an hour.",
        PasswordOutcome.TooShort => $"A password has at least {AccountDesk.MinPasswordLength} characters; a few words make a good one.",
        PasswordOutcome.TooLong => $"A password has at most {AccountDesk.MaxPasswordLength} characters.",
        _ => "That is too easy to guess: your own name, or one character over and over.",
    };

    private static void KeepPrivate(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
    }
}
