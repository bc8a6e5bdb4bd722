using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Surveillance.Dashboard.Shared;

/// <summary>What the next page says about what was just done. It travels in a cookie, so that it survives the redirect and needs no script.</summary>
/// <param name="Text">A sentence for people; words of ours only.</param>
/// <param name="Alert">The alert it speaks of, or null.</param>
/// <param name="UndoToken">Takes it back, or null when there is nothing to take back.</param>
/// <param name="Until">Until when it is shown and can be taken back, UTC.</param>
/// <param name="IsProblem">Whether it tells that something did not work.</param>
public sealed record Notice(string Text, string? Alert, string? UndoToken, DateTimeOffset Until, bool IsProblem = false)
{
    private const string Cookie = "notice";

    /// <summary>Shows it on the next page; one that can be undone on every page until its time is over.</summary>
    /// <param name="context">The request that did something.</param>
    /// <param name="now">The time now.</param>
    public void Send(HttpContext context, DateTimeOffset now) => context.Response.Cookies.Append(
        Cookie,
        WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(this)),
        new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/", MaxAge = Until - now });

    /// <summary>What there is to show, or null. What cannot be undone is shown once.</summary>
    /// <param name="context">The request for a page.</param>
    /// <param name="now">The time now.</param>
    public static Notice? Take(HttpContext context, DateTimeOffset now)
    {
        if (context.Request.Cookies[Cookie] is not { Length: > 0 and < 2000 } text || Read(text) is not { } notice || notice.Until <= now)
        {
            return null;
        }
        if (notice.UndoToken is null)
        {
            Clear(context);
        }
        return notice;
    }

    /// <summary>Shows it no longer.</summary>
    /// <param name="context">The request.</param>
    public static void Clear(HttpContext context)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.Cookies.Delete(Cookie, new CookieOptions { Path = "/" });
        }
    }

    private static Notice? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Notice>(WebEncoders.Base64UrlDecode(text));
        }
        catch (Exception failure) when (failure is JsonException or FormatException)
        {
            return null; // A cookie that another version wrote: nothing to say.
        }
    }
}
