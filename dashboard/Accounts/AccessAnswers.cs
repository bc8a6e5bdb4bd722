using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http.HttpResults;
using Surveillance.Accounts;
using Surveillance.Dashboard.Shared;

namespace Surveillance.Dashboard.Accounts;

/// <summary>Says who may not come in and why: a problem for programs, a page or the sign-in form for people.</summary>
internal sealed class AccessAnswers : IAuthorizationMiddlewareResultHandler
{
    private static readonly PathString[] ForPrograms = ["/api", "/webhooks", "/metrics", "/openapi", "/control", "/health/live", "/health/ready"];

    /// <inheritdoc />
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            return next(context);
        }
        var scope = policy.Requirements.OfType<ScopeRequirement>().FirstOrDefault(r => !context.User.Has(r.Scope))?.Scope;
        return (authorizeResult.Challenged, IsProgram(context.Request)) switch
        {
            (true, true) => Unknown(context),
            (true, false) => SendToSignIn(context),
            (false, true) => Forbidden(scope).ExecuteAsync(context),
            (false, false) => ShowDenied(context, scope),
        };
    }

    private static bool IsProgram(HttpRequest request) => TokenAuthentication.IsMeant(request) || Array.Exists(ForPrograms, path => request.Path.StartsWithSegments(path));

    private static Task Unknown(HttpContext context)
    {
        var shown = TokenAuthentication.IsMeant(context.Request);
        context.Response.Headers.WWWAuthenticate = shown ? "Bearer error=\"invalid_token\"" : "Bearer";
        return Problems.Result(Problems.NotSignedIn, shown ? "The token is unknown or revoked." : "The request has neither a token nor a session.").ExecuteAsync(context);
    }

    private static Task SendToSignIn(HttpContext context)
    {
        var request = context.Request;
        var back = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? request.PathBase + request.Path + request.QueryString : "/";
        context.Response.Redirect(back == "/" ? SignInEndpoints.Path : SignInEndpoints.Path + QueryString.Create("returnUrl", back));
        return Task.CompletedTask;
    }

    private static ProblemHttpResult Forbidden(string? scope)
    {
        var roles = scope is null ? [] : UserRoles.WithScope(scope);
        return Problems.Result(
            Problems.Forbidden,
            scope is null
                ? "An administrator can grant what this takes."
                : $"This takes the scope `{scope}`. An administrator grants it: to a program by a token with that scope, to a person by a role that has it ({string.Join(", ", roles)}).",
            null, ("scope", scope), ("roles", roles));
    }

    private static Task ShowDenied(HttpContext context, string? scope) =>
        new RazorComponentResult<DeniedPage>(new { Scope = scope, Roles = scope is null ? [] : UserRoles.WithScope(scope), Name = context.User.Identity?.Name })
        {
            StatusCode = StatusCodes.Status403Forbidden,
        }.ExecuteAsync(context);
}
