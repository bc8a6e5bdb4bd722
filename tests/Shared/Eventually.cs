using System.Diagnostics;

namespace Surveillance.Tests;

/// <summary>Waits on the thing itself instead of sleeping for a while.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Returns as soon as something holds.</summary>
    /// <param name="holds">What must come to hold; asked again and again.</param>
    /// <param name="what">What is waited for, told when it never comes.</param>
    /// <param name="meanwhile">Done between two looks, such as moving a clock.</param>
    /// <exception cref="TimeoutException">It does not hold after a minute.</exception>
    public static async Task IsTrueAsync(Func<bool> holds, string what, Action? meanwhile = null)
    {
        var started = Stopwatch.GetTimestamp();
        for (var looks = 0; !holds(); looks++)
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException("Waited in vain: " + what);
            }
            meanwhile?.Invoke();
            if (looks < 50) { await Task.Yield(); }
            else { await Task.Delay(2); }
        }
    }
}
