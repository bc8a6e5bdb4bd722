using System.Globalization;
using Microsoft.AspNetCore.Http;
using Surveillance.Messages;
using Surveillance.Rescan;

namespace Surveillance.Dashboard.Jobs;

/// <summary>What somebody typed into the form of a new rescan.</summary>
/// <param name="From">First day of the range, as typed; empty for none. Days are UTC.</param>
/// <param name="To">Last day of the range, as typed; empty for none.</param>
/// <param name="Channels">The channels ticked.</param>
/// <param name="Rules">The ids of the rules ticked.</param>
/// <param name="Verify">Whether unchanged rules are judged again too.</param>
/// <param name="DryRun">Whether it tells only what would change.</param>
public sealed record RescanForm(string From, string To, IReadOnlyList<Channel> Channels, IReadOnlyList<string> Rules, bool Verify, bool DryRun)
{
    /// <summary>The form as it opens.</summary>
    public static RescanForm Empty { get; } = new("", "", [], [], false, false);

    /// <summary>Reads the fields; a channel that there is not is left out.</summary>
    /// <param name="fields">The form.</param>
    public static RescanForm Of(IFormCollection fields) => new(
        fields["from"].ToString().Trim(),
        fields["to"].ToString().Trim(),
        [.. fields["channel"].Select(c => Names<Channel>.TryParse(c, out var channel) ? channel : (Channel?)null).OfType<Channel>().Distinct()],
        [.. fields["rule"].OfType<string>().Where(r => r.Length is > 0 and <= 200).Distinct(StringComparer.Ordinal)],
        fields["verify"] == "on",
        fields["dryRun"] == "on");

    /// <summary>What it asks for, or why it asks for nothing.</summary>
    /// <returns>The request and null, or null, the problem and the name of the field.</returns>
    public (RescanRequest? Request, string? Problem, string? Field) Read()
    {
        if (!TryDay(From, out var from))
        {
            return (null, "The first day is a date, such as 2026-05-01.", "from");
        }
        if (!TryDay(To, out var to))
        {
            return (null, "The last day is a date, such as 2026-05-31.", "to");
        }
        if (from > to)
        {
            return (null, "The last day lies before the first.", "to");
        }
        return (new RescanRequest { From = from, To = to?.AddDays(1), Channels = Channels, Rules = Rules, Verify = Verify, DryRun = DryRun }, null, null);
    }

    private static bool TryDay(string text, out DateTimeOffset? day)
    {
        var isDay = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date < DateOnly.MaxValue;
        day = isDay ? new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null;
        return isDay || text.Length == 0;
    }
}
