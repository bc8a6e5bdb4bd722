using Microsoft.AspNetCore.Http;
using Surveillance.Dashboard.Alerts;
using Surveillance.Messages;

namespace Surveillance.Dashboard.Shared;

/// <summary>How somebody likes the pages; kept in cookies of the browser.</summary>
/// <param name="Theme">light, dark, or null to follow the system.</param>
/// <param name="Keys">Whether single keys do something (WCAG 2.1.4).</param>
/// <param name="Density">How tall the rows of lists are.</param>
public sealed record Preferences(string? Theme, bool Keys, Density Density)
{
    /// <summary>Reads the cookies.</summary>
    /// <param name="context">The request.</param>
    public static Preferences Of(HttpContext context)
    {
        var cookies = context.Request.Cookies;
        return new Preferences(
            cookies["theme"] is "light" or "dark" ? cookies["theme"] : null,
            cookies["keys"] != "off",
            Names<Density>.TryParse(cookies["density"], out var density) ? density : Density.Comfortable);
    }

    /// <summary>Keeps a choice; a name or value that is not one of ours changes nothing.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">theme, keys or density.</param>
    /// <param name="value">The choice.</param>
    public static void Keep(HttpContext context, string? name, string? value)
    {
        if ((name, value) is ("theme", "light" or "dark" or "system") or ("keys", "on" or "off") or ("density", "comfortable" or "compact"))
        {
            context.Response.Cookies.Append(name!, value!, new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Secure = context.Request.IsHttps,
                Path = "/",
                MaxAge = TimeSpan.FromDays(365),
            });
        }
    }
}
