using Microsoft.AspNetCore.Http;

namespace Surveillance.Dashboard.Shared;

/// <summary>The answer to a form: look there (303, RFC 9110 clause 15.4.4), so that a reload sends nothing twice.</summary>
/// <param name="url">A path of this site, with query and fragment.</param>
public sealed class SeeOther(string url) : IResult
{
    /// <summary>Where to look.</summary>
    public string Url => url;

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = url;
        return Task.CompletedTask;
    }

    /// <summary>The place that a form asks to go back to, if it lies on this site; else another one.</summary>
    /// <param name="back">What the form says.</param>
    /// <param name="otherwise">A path of this site.</param>
    public static SeeOther Back(string? back, string otherwise) =>
        new(back is ['/', ..] && back is not ['/', '/' or '\\', ..] && back.All(c => c is > ' ' and < '\u007f') ? back : otherwise);
}
