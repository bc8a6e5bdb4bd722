using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace Surveillance.Dashboard.Accounts;

/// <summary>Slows down guessing: so many tries a minute from one address (<c>SignIn:TriesPerMinute</c>, 30 by default).</summary>
/// <param name="settings">The program's settings.</param>
internal sealed class SignInLimit(IConfiguration settings) : IRateLimiterPolicy<string>
{
    /// <summary>The policy's name.</summary>
    public const string Name = "sign-in";

    /// <inheritdoc />
    public Func<OnRejectedContext, CancellationToken, ValueTask>? OnRejected => async (context, cancel) =>
    {
        var seconds = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : 60;
        var response = context.HttpContext.Response;
        response.StatusCode = StatusCodes.Status429TooManyRequests;
        response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        response.ContentType = "text/plain; charset=utf-8";
        await response.WriteAsync($"Too many tries from this address. Try again in {seconds} seconds.", cancel);
    };

    /// <inheritdoc />
    public RateLimitPartition<string> GetPartition(HttpContext httpContext) => RateLimitPartition.GetFixedWindowLimiter(
        httpContext.Connection.RemoteIpAddress?.ToString() ?? "local",
        _ => new FixedWindowRateLimiterOptions { PermitLimit = Math.Max(1, settings.GetValue("SignIn:TriesPerMinute", 30)), Window = TimeSpan.FromMinutes(1), QueueLimit = 0 });
}
