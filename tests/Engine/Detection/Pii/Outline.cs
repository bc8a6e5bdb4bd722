using System.Text;

namespace Surveillance.Engine.Tests.Detection.Pii;

/// <summary>Random values of an outline as standards print them.</summary>
/// <remarks>
/// <c>#</c> a digit, <c>@</c> a capital, <c>&amp;</c> either, <c>[A-F2]</c> one of a set, <c>{3}</c> repeats what stands before, <c>_</c> one of the separators, the
/// same throughout (<c>0</c> in their list stands for none), <c>&lt;ddmmyy&gt;</c> a date, the same throughout;
/// <c>\\</c> takes the next sign as it is; all else stands for itself.
/// </remarks>
internal static class Outline
{
    /// <summary>One value.</summary>
    /// <param name="outline">The outline.</param>
    /// <param name="separator">What <c>_</c> becomes.</param>
    /// <param name="random">The source of chance.</param>
    internal static string Make(string outline, string separator, Random random)
    {
        var value = new StringBuilder();
        var set = "";
        var day = new DateOnly(1940, 1, 1).AddDays(random.Next(24_000));
        for (var i = 0; i < outline.Length; i++)
        {
            switch (outline[i])
            {
                case '{':
                    var close = outline.IndexOf('}', i);
                    for (var n = int.Parse(outline[(i + 1)..close], System.Globalization.CultureInfo.InvariantCulture); n > 1; n--) { value.Append(set[random.Next(set.Length)]); }
                    i = close;
                    continue;
                case '_':
                    value.Append(separator);
                    continue;
                case '<':
                    var end = outline.IndexOf('>', i);
                    value.Append(Date(outline[(i + 1)..end], day));
                    i = end;
                    continue;
                case '\\': set = outline[++i].ToString(); break;
                case '#': set = "0123456789"; break;
                case '@': set = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"; break;
                case '&': set = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"; break;
                case '[':
                    var stop = outline.IndexOf(']', i);
                    set = Set(outline[(i + 1)..stop]);
                    i = stop;
                    break;
                default: set = outline[i].ToString(); break;
            }
            value.Append(set[random.Next(set.Length)]);
        }
        return value.ToString();
    }

    private static string Date(string form, DateOnly day)
    {
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        return form.Replace("yyyy", day.ToString("yyyy", culture)).Replace("yy", day.ToString("yy", culture)).Replace("mm", day.ToString("MM", culture)).Replace("dd", day.ToString("dd", culture));
    }

    private static string Set(string items)
    {
        var set = new StringBuilder();
        for (var i = 0; i < items.Length; i++)
        {
            if (i + 2 < items.Length && items[i + 1] == '-')
            {
                for (var c = items[i]; c <= items[i + 2]; c++) { set.Append(c); }
                i += 2;
            }
            else { set.Append(items[i]); }
        }
        return set.ToString();
    }
}
