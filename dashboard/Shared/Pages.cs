using System.Diagnostics;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Surveillance.Dashboard.Shared;

/// <summary>Makes the answers of pages.</summary>
internal static class Pages
{
    /// <summary>A page that shows what it is given in its parameter <c>Page</c>.</summary>
    /// <param name="model">What it shows.</param>
    /// <param name="status">The status code.</param>
    internal static RazorComponentResult<TPage> Show<TPage>(object model, int status = StatusCodes.Status200OK) where TPage : IComponent =>
        new(new Dictionary<string, object?> { ["Page"] = model }) { StatusCode = status };

    /// <summary>The page that says that something is not there.</summary>
    /// <param name="title">What is missing.</param>
    /// <param name="detail">A sentence for people.</param>
    internal static RazorComponentResult<ErrorView> NotFound(string title, string detail) => Error(title, detail, StatusCodes.Status404NotFound);

    /// <summary>The page that says what went wrong.</summary>
    /// <param name="title">What went wrong.</param>
    /// <param name="detail">A sentence for people.</param>
    /// <param name="status">The status code.</param>
    /// <param name="id">What to quote when asking for help, or null.</param>
    /// <param name="retry">Where to try again, or null.</param>
    internal static RazorComponentResult<ErrorView> Error(string title, string detail, int status, string? id = null, string? retry = null) =>
        new(new Dictionary<string, object?>
        {
            [nameof(ErrorView.Title)] = title,
            [nameof(ErrorView.Detail)] = detail,
            [nameof(ErrorView.Id)] = id,
            [nameof(ErrorView.Retry)] = retry,
        })
        { StatusCode = status };

    /// <summary>What a request is called in the logs.</summary>
    /// <param name="context">The request.</param>
    internal static string IdOf(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
}
