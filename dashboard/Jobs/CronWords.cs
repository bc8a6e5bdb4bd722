using System.Globalization;

namespace Surveillance.Dashboard.Jobs;

/// <summary>Says when a schedule fires, for the shapes that people write most.</summary>
public static class CronWords
{
    private static readonly Dictionary<string, string> Days = new(StringComparer.OrdinalIgnoreCase)
    {
        ["*"] = "every day", ["?"] = "every day", ["MON-FRI"] = "on working days", ["2-6"] = "on working days", ["SAT,SUN"] = "at weekends",
        ["SUN"] = "on Sundays", ["MON"] = "on Mondays", ["TUE"] = "on Tuesdays", ["WED"] = "on Wednesdays", ["THU"] = "on Thursdays", ["FRI"] = "on Fridays", ["SAT"] = "on Saturdays",
        ["1"] = "on Sundays", ["2"] = "on Mondays", ["3"] = "on Tuesdays", ["4"] = "on Wednesdays", ["5"] = "on Thursdays", ["6"] = "on Fridays", ["7"] = "on Saturdays",
    };

    /// <summary>Words such as "every day at 02:00"; null for an expression of another shape.</summary>
    /// <param name="cron">A Quartz cron expression: seconds, minutes, hours, day of month, month, day of week.</param>
    public static string? Of(string cron)
    {
        if (cron.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var second, var minute, var hour, "*" or "?", "*", var day] || !Days.TryGetValue(day, out var days))
        {
            return null;
        }
        if (!Is(second, 59, out _) || !Is(minute, 59, out var m))
        {
            return null;
        }
        return hour == "*" ? days == "every day" ? $"every hour, {m.ToString(CultureInfo.InvariantCulture)} minutes past" : null
            : Is(hour, 23, out var h) ? string.Create(CultureInfo.InvariantCulture, $"{days} at {h:00}:{m:00}") : null;
    }

    private static bool Is(string text, int most, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= most;
}
