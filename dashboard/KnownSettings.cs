using System.Globalization;
using Surveillance.Dashboard.Telemetry;

namespace Surveillance.Dashboard;

/// <summary>A setting that the program reads.</summary>
/// <param name="Name">Its name, parts parted by colons; a part <c>*</c> is a name that people choose.</param>
/// <param name="ProblemWith">Tells what is wrong with a value; null where every value is taken.</param>
/// <param name="StopsTheStart">Whether a host refuses to start with a value that cannot be used, here and not where it is read.</param>
internal sealed record KnownSetting(string Name, Func<string, string?>? ProblemWith = null, bool StopsTheStart = false)
{
    /// <summary>Whether a setting of some name is this one; letter case counts for nothing.</summary>
    /// <param name="name">The name.</param>
    internal bool Is(string name) => For(name).Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Its name with the chosen parts of another.</summary>
    /// <param name="name">A name that may be meant for it.</param>
    internal string For(string name)
    {
        var (own, parts) = (Name.Split(':'), name.Split(':'));
        return own.Length == parts.Length ? string.Join(':', own.Zip(parts, (mine, other) => mine == "*" ? other : mine)) : Name;
    }
}

/// <summary>Every setting that the program reads: add a line with each, and one to the table in docs/operations.md.</summary>
internal static class KnownSettings
{
    /// <summary>The program's own settings.</summary>
    internal static readonly IReadOnlyList<KnownSetting> All =
    [
        new("Urls", ProblemWithUrls),
        new("Data"),
        new("Rules"),
        new("Models"),
        new("WhatsApp:AppSecret"),
        new("WhatsApp:VerifyToken"),
        new("Archive:MaxPages", Number(1), StopsTheStart: true),
        new("SignIn:TriesPerMinute", Number(1), StopsTheStart: true),
        new("Access:Loopback", YesOrNo, StopsTheStart: true),
        new("Rescan:OnActivation"),
        new("Rescan:Schedules:*:Cron"),
        new("Rescan:Schedules:*:TimeZone"),
        new("Rescan:Schedules:*:Range"),
        new("Rescan:Schedules:*:Verify"),
        new("Telemetry:Otlp:Endpoint", OtlpExport.ProblemWithEndpoint),
        new("Telemetry:Otlp:Protocol", OtlpExport.ProblemWithProtocol),
        new("Telemetry:Otlp:Headers"),
        new("Telemetry:Otlp:SampleRatio", OtlpExport.ProblemWithRatio),
    ];

    /// <summary>Sections that belong to the framework: what is in them is its to understand.</summary>
    internal static readonly IReadOnlyList<string> OfTheFramework = ["Logging", "Kestrel", "AllowedHosts"];

    /// <summary>Refuses values that would be found out only by the request that reads them.</summary>
    /// <param name="settings">What the host is started with.</param>
    /// <exception cref="SettingException">One cannot be used.</exception>
    internal static void Refuse(IConfiguration settings)
    {
        foreach (var known in All.Where(s => s.StopsTheStart))
        {
            if (settings[known.Name] is { } value && known.ProblemWith?.Invoke(value) is { } problem)
            {
                throw new SettingException(known.Name, $"cannot be used: {problem}");
            }
        }
    }

    private static string? ProblemWithUrls(string value)
    {
        try
        {
            DashboardHost.ReadAddresses(value);
            return null;
        }
        catch (AddressException e)
        {
            return e.Message;
        }
    }

    private static string? YesOrNo(string value) => bool.TryParse(value, out _) ? null : "it is true or false";

    private static Func<string, string?> Number(long least) => value =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least ? null : string.Create(CultureInfo.InvariantCulture, $"it is a whole number from {least}");
}
