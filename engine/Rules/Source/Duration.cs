using System.Globalization;

namespace Surveillance.Rules.Source;

/// <summary>Lengths of time as rule files write them: a whole number and s, m, h or d, or ISO 8601-1:2019, 5.5.2.2 without years and months.</summary>
public static class Duration
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    /// <summary>Reads a length of time of more than nothing and at most 36,500 days; false for anything else.</summary>
    /// <param name="text">Such as <c>90s</c>, <c>30m</c>, <c>24h</c>, <c>7d</c>, <c>PT30M</c>, <c>P1DT12H</c>.</param>
    /// <param name="value">The length, or the default.</param>
    public static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        return text.StartsWith('P') ? TryParseIso(text, out value) : TryParseShort(text, out value);
    }

    /// <summary>The short form: the largest unit that gives a whole number.</summary>
    /// <param name="value">A whole number of seconds, more than nothing.</param>
    public static string Format(TimeSpan value) => value switch
    {
        _ when value.Ticks % TimeSpan.TicksPerDay == 0 => N(value.Ticks / TimeSpan.TicksPerDay) + "d",
        _ when value.Ticks % TimeSpan.TicksPerHour == 0 => N(value.Ticks / TimeSpan.TicksPerHour) + "h",
        _ when value.Ticks % TimeSpan.TicksPerMinute == 0 => N(value.Ticks / TimeSpan.TicksPerMinute) + "m",
        _ => N(value.Ticks / TimeSpan.TicksPerSecond) + "s",
    };

    /// <summary>The ISO 8601 form with one unit.</summary>
    /// <param name="value">A whole number of seconds, more than nothing.</param>
    public static string FormatIso(TimeSpan value)
    {
        var text = Format(value);
        return (text[^1] == 'd' ? "P" : "PT") + text.ToUpperInvariant();
    }

    /// <summary>The length that somebody meant who wrote it in words, such as <c>30 min</c>; null when that is unclear.</summary>
    /// <param name="text">What was written.</param>
    internal static TimeSpan? Meant(string text)
    {
        var trimmed = text.Trim();
        var digits = trimmed.TakeWhile(char.IsAsciiDigit).Count();
        if (digits is 0 or > 9)
        {
            return null;
        }
        var unit = trimmed[digits..].TrimStart(' ', '-').TrimEnd('.').ToLowerInvariant() switch
        {
            "s" or "sec" or "secs" or "second" or "seconds" => "s",
            "m" or "min" or "mins" or "minute" or "minutes" => "m",
            "h" or "hr" or "hrs" or "hour" or "hours" => "h",
            "d" or "day" or "days" => "d",
            "w" or "wk" or "wks" or "week" or "weeks" => "w",
            _ => null,
        };
        if (unit == "w")
        {
            return TryParseShort(N(7 * long.Parse(trimmed[..digits], CultureInfo.InvariantCulture)) + "d", out var weeks) ? weeks : null;
        }
        return unit is not null && TryParseShort(trimmed[..digits] + unit, out var value) ? value : null;
    }

    private static bool TryParseShort(string text, out TimeSpan value)
    {
        value = default;
        if (text.Length is < 2 or > 12 || !text.AsSpan(0, text.Length - 1).ContainsOnlyDigits())
        {
            return false;
        }
        var unit = text[^1] switch { 's' => TimeSpan.TicksPerSecond, 'm' => TimeSpan.TicksPerMinute, 'h' => TimeSpan.TicksPerHour, 'd' => TimeSpan.TicksPerDay, _ => 0 };
        return unit != 0 && IsUsable(long.Parse(text.AsSpan(0, text.Length - 1), CultureInfo.InvariantCulture) * (decimal)unit, out value);
    }

    private static bool TryParseIso(string text, out TimeSpan value)
    {
        value = default;
        var rest = text.AsSpan(1);
        var inTime = false;
        var last = -1;
        decimal ticks = 0;
        while (rest.Length > 0)
        {
            if (rest[0] == 'T' && !inTime)
            {
                inTime = true;
                rest = rest[1..];
                if (rest.Length == 0)
                {
                    return false;
                }
                continue;
            }
            var digits = 0;
            while (digits < rest.Length && char.IsAsciiDigit(rest[digits]))
            {
                digits++;
            }
            if (digits is 0 or > 10 || digits == rest.Length)
            {
                return false;
            }
            var (order, unit) = (rest[digits], inTime) switch
            {
                ('W', false) => (0, 7 * TimeSpan.TicksPerDay),
                ('D', false) => (1, TimeSpan.TicksPerDay),
                ('H', true) => (2, TimeSpan.TicksPerHour),
                ('M', true) => (3, TimeSpan.TicksPerMinute),
                ('S', true) => (4, TimeSpan.TicksPerSecond),
                _ => (-1, 0),
            };
            if (order <= last)
            {
                return false;
            }
            last = order;
            ticks += long.Parse(rest[..digits], CultureInfo.InvariantCulture) * (decimal)unit;
            rest = rest[(digits + 1)..];
        }
        return IsUsable(ticks, out value);
    }

    private static bool IsUsable(decimal ticks, out TimeSpan value)
    {
        var usable = ticks > 0 && ticks <= Longest.Ticks;
        value = usable ? TimeSpan.FromTicks((long)ticks) : default;
        return usable;
    }

    private static bool ContainsOnlyDigits(this ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }
        }
        return true;
    }

    private static string N(long value) => value.ToString(CultureInfo.InvariantCulture);
}
