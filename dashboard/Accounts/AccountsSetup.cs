using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Surveillance.Accounts;
using Surveillance.Dashboard.Shared;

namespace Surveillance.Dashboard.Accounts;

/// <summary>Puts accounts into the host.</summary>
public static class AccountsSetup
{
    /// <summary>How long a session lasts without use.</summary>
    private static readonly TimeSpan SessionLifetime = TimeSpan.FromHours(12);

    /// <summary>Adds the account desk, sessions, tokens and one policy a scope. The host adds the stores and the clock.</summary>
    /// <param name="services">The host's services.</param>
    public static IServiceCollection AddSurveillanceAccounts(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IPasswordHashing, FrameworkPasswordHashing>();
        services.AddSingleton<AccountDesk>();
        services.AddSingleton<SessionEvents>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessAnswers>();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "surveillance.form";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddAuthentication("Either")
            .AddPolicyScheme("Either", null, options =>
                options.ForwardDefaultSelector = context => TokenAuthentication.IsMeant(context.Request) ? Principals.TokenScheme : Principals.SessionScheme)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(Principals.TokenScheme, null)
            .AddCookie(Principals.SessionScheme, options =>
            {
                options.Cookie.Name = "surveillance.session";
                options.Cookie.HttpOnly = true;
                options.Cookie.SameSite = SameSiteMode.Lax;
                options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                options.ExpireTimeSpan = SessionLifetime;
                options.SlidingExpiration = true;
                options.LoginPath = SignInEndpoints.Path;
                options.EventsType = typeof(SessionEvents);
            });
        services.AddAuthorization(options =>
        {
            // What says nothing about who may call it is for signed-in people and tokens only.
            options.FallbackPolicy = options.DefaultPolicy;
            foreach (var scope in Scopes.All)
            {
                options.AddPolicy(scope, policy => policy.RequireAuthenticatedUser().AddRequirements(new ScopeRequirement(scope)));
            }
        });
        services.AddRateLimiter(options => options.AddPolicy<string, SignInLimit>(SignInLimit.Name));
        return services;
    }

    /// <summary>Finds out who asks, whether they may, and whether a change asked for with a cookie comes from our own pages. After <c>UseRouting</c>, before the endpoints.</summary>
    /// <param name="app">The host.</param>
    public static IApplicationBuilder UseSurveillanceAccounts(this IApplicationBuilder app)
    {
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.Use(RequireOwnPageAsync);
        return app;
    }

    /// <summary>Maps <c>/sign-in</c>, <c>/sign-out</c> and <c>/account</c>.</summary>
    /// <param name="routes">The host's routes.</param>
    public static IEndpointRouteBuilder MapAccounts(this IEndpointRouteBuilder routes)
    {
        SignInEndpoints.Map(routes);
        return routes;
    }

    /// <summary>A change through the API with a session cookie takes the antiforgery header: a cookie alone is sent by other sites' pages too.</summary>
    private static async Task RequireOwnPageAsync(HttpContext context, RequestDelegate next)
    {
        var method = context.Request.Method;
        var changes = !(HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method));
        if (changes && context.Request.Path.StartsWithSegments("/api") && context.User.UserId() is not null
            && !await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context))
        {
            await Problems.Result(
                Problems.BadRequest,
                "With a session cookie, a change takes the header `RequestVerificationToken` with the value of the page's hidden field `__RequestVerificationToken`; programs use a bearer token instead.")
                .ExecuteAsync(context);
            return;
        }
        await next(context);
    }
}
