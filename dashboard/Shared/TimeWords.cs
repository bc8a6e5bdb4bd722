using System.Globalization;

namespace Surveillance.Dashboard.Shared;

/// <summary>Times as people read them.</summary>
public static class TimeWords
{
    /// <summary>Day, time and zone: "4 May 2026, 09:12:30 UTC".</summary>
    /// <param name="time">Any time.</param>
    public static string Full(DateTimeOffset time) => time.UtcDateTime.ToString("d MMM yyyy, HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";

    /// <summary>Hour and minute: "09:12 UTC".</summary>
    /// <param name="time">Any time.</param>
    public static string Hour(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture) + " UTC";

    /// <summary>How long: "now", "40 s", "5 min", "3 h", "2 d". What lies ahead counts as now.</summary>
    /// <param name="span">How long ago.</param>
    public static string Age(TimeSpan span) => span switch
    {
        { TotalSeconds: < 5 } => "now",
        { TotalSeconds: < 60 } => Whole(span.TotalSeconds) + " s",
        { TotalMinutes: < 60 } => Whole(span.TotalMinutes) + " min",
        { TotalHours: < 48 } => Whole(span.TotalHours) + " h",
        _ => Whole(span.TotalDays) + " d",
    };

    /// <summary>How long ago, in a sentence: "just now", "5 min ago".</summary>
    /// <param name="span">How long ago.</param>
    public static string Ago(TimeSpan span) => span.TotalSeconds < 5 ? "just now" : Age(span) + " ago";

    /// <summary>How long, in words that stand in a sentence: "12 seconds", "1 hour".</summary>
    /// <param name="span">How long.</param>
    public static string Long(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => Plural(Math.Max(0, span.TotalSeconds), "second"),
        { TotalMinutes: < 60 } => Plural(span.TotalMinutes, "minute"),
        { TotalHours: < 48 } => Plural(span.TotalHours, "hour"),
        _ => Plural(span.TotalDays, "day"),
    };

    private static string Whole(double value) => ((long)value).ToString(CultureInfo.InvariantCulture);

    private static string Plural(double value, string unit) => (long)value == 1 ? "1 " + unit : Whole(value) + " " + unit + "s";
}
