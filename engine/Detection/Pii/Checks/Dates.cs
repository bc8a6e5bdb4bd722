namespace Surveillance.Detection.Pii.Checks;

/// <summary>Dates inside numbers.</summary>
internal static class Dates
{
    internal static readonly CheckEntry[] Entries =
    [
        new("date", "date of birth", "Gregorian calendar", Date) { Confirms = false },
    ];

    /// <summary>
    /// A date stands at <c>at=</c>, written as <c>form=</c> says in y, m and d: <c>yymmdd</c>, <c>ddmmyyyy</c>. <c>day-plus=</c> and <c>month-plus=</c> are
    /// numbers, parted by commas, that some authorities add to day or month. A year of two digits fits 29 February where any century does.
    /// </summary>
    private static Test Date(CheckSettings settings)
    {
        var at = settings.Number("at", 0);
        var last = settings.Number("last", 0); // only so many of the last characters count
        var form = settings.Text("form") ?? "yymmdd";
        var dayPlus = settings.Has("day-plus") ? settings.Numbers("day-plus") : [];
        var monthPlus = settings.Has("month-plus") ? settings.Numbers("month-plus") : [];
        return value =>
        {
            if (last > 0 && value.Length > last) { value = value[^last..]; }
            if (value.Length < at + form.Length) { return Verdict.Fails; }
            int year = 0, month = 0, day = 0, yearDigits = 0;
            for (var i = 0; i < form.Length; i++)
            {
                var digit = value[at + i] - '0';
                if ((uint)digit > 9) { return Verdict.Fails; }
                switch (form[i])
                {
                    case 'y': year = year * 10 + digit; yearDigits++; break;
                    case 'm': month = month * 10 + digit; break;
                    default: day = day * 10 + digit; break;
                }
            }
            foreach (var plus in dayPlus)
            {
                if (day > plus) { day -= plus; break; }
            }
            foreach (var plus in monthPlus)
            {
                if (month > plus) { month -= plus; break; }
            }
            return IsDate(yearDigits == 4 ? year : year + (year % 4 == 0 ? 2000 : 1900), month, day) && (yearDigits < 4 || year is >= 1850 and <= 2040) ? Verdict.Passes : Verdict.Fails;
        };
    }

    internal static bool IsDate(int year, int month, int day) => year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
}
