using System.Collections;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Surveillance.Dashboard.Jobs;
using Surveillance.Health;
using Surveillance.Messages;

namespace Surveillance.Dashboard.Health;

/// <summary>Looks at the settings: unknown names, values that cannot be, half of what belongs together, ports that are taken.</summary>
/// <param name="folders">Folders whose <c>appsettings.json</c> counts, the later wins.</param>
/// <param name="environment">Variables of the environment.</param>
internal sealed class SettingsCheck(IReadOnlyList<string> folders, IDictionary environment)
{
    private const string Area = "configuration";
    private const string Prefix = "SURVEILLANCE_";

    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The value of a setting as the service would read it, or null.</summary>
    internal string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>Looks at every name and value.</summary>
    internal IReadOnlyList<CheckResult> Run()
    {
        var results = new List<CheckResult>();
        foreach (var file in folders.Select(f => Path.Combine(f, "appsettings.json")).Distinct(StringComparer.Ordinal).Where(File.Exists))
        {
            Take(Read(file, results), file, results);
        }
        var variables = environment.Keys.Cast<string>().Where(k => k.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)
            .Select(k => KeyValuePair.Create(k[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal), environment[k] as string));
        Take(variables, "the environment", results);
        if (this["WhatsApp:AppSecret"] is { Length: > 0 } != this["WhatsApp:VerifyToken"] is { Length: > 0 })
        {
            results.Add(new(
                Area, CheckState.Finding, "Of WhatsApp:AppSecret and WhatsApp:VerifyToken one is set alone, so the webhook answers 404 to half of what the platform asks.",
                "Set both, or neither where WhatsApp is not captured."));
        }
        try
        {
            RescanSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(_values.Select(v => KeyValuePair.Create(v.Key, (string?)v.Value))).Build());
        }
        catch (SettingException e)
        {
            results.Add(new(Area, CheckState.Finding, char.ToUpperInvariant(e.Message[0]) + e.Message[1..] + ".", "Correct it; the service does not start with it."));
        }
        return results.Exists(r => r.State != CheckState.Ok) ? results : [new(Area, CheckState.Ok, _values.Count == 0 ? "Nothing is set; everything is as it comes." : "Every setting is known and can be used.")];
    }

    /// <summary>Tries the addresses to listen on; only where no service listens there.</summary>
    internal IEnumerable<CheckResult> TryPorts()
    {
        List<BindingAddress> addresses;
        try
        {
            addresses = DashboardHost.ReadAddresses(this["Urls"] ?? DashboardHost.DefaultUrls);
        }
        catch (AddressException)
        {
            yield break; // told above
        }
        foreach (var address in addresses.Where(a => a.Port > 0 && !a.IsUnixPipe))
        {
            var ip = address.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(address.Host.Trim('[', ']'), out var named) ? named : IPAddress.Any;
            yield return Try(address, ip);
        }
    }

    private static CheckResult Try(BindingAddress address, IPAddress ip)
    {
        try
        {
            using var listener = new TcpListener(ip, address.Port);
            listener.Start();
            return new(Area, CheckState.Ok, $"Port {address.Port} is free.");
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => new(Area, CheckState.Finding, $"Another program listens on port {address.Port}.", "Give another address with --urls or the setting Urls, or stop that program."),
                SocketError.AccessDenied => new(Area, CheckState.Finding, $"This user may not listen on port {address.Port}.", "Take a port from 1024 on, with a proxy in front, or give the program the right CAP_NET_BIND_SERVICE."),
                _ => new(Area, CheckState.Finding, $"Nothing can listen on {address.Host} port {address.Port} ({e.SocketErrorCode}).", "Give an address of this machine with --urls or the setting Urls."),
            };
        }
    }

    private static List<KeyValuePair<string, string?>> Read(string file, List<CheckResult> results)
    {
        try
        {
            return [.. new ConfigurationBuilder().AddJsonFile(file).Build().AsEnumerable().Where(p => p.Value is not null)];
        }
        catch (InvalidDataException e)
        {
            var cause = (Exception)e;
            while (cause is not JsonException && cause.InnerException is { } inner)
            {
                cause = inner;
            }
            var line = cause is JsonException { LineNumber: { } number } ? $":{number + 1}" : "";
            results.Add(new(Area, CheckState.Finding, $"{file}{line} is no JSON object, and the service does not start with it.", "Correct the file; a comma too many or too few is the usual reason."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            results.Add(new(Area, CheckState.Unreadable, $"{file} cannot be read ({e.GetType().Name}).", "Run the command as the user that runs the service."));
        }
        return [];
    }

    private void Take(IEnumerable<KeyValuePair<string, string?>> settings, string source, List<CheckResult> results)
    {
        foreach (var (name, value) in settings)
        {
            if (KnownSettings.OfTheFramework.Any(section => name.Equals(section, StringComparison.OrdinalIgnoreCase) || name.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase)))
            {
                continue;
            }
            if (KnownSettings.All.FirstOrDefault(s => s.Is(name)) is not { } known)
            {
                var near = Nearest(name);
                results.Add(new(
                    Area, CheckState.Finding, $"There is no setting {name} (in {source}); it changes nothing.",
                    near is not null ? $"Write {near}." : "Remove it; docs/operations.md lists every setting."));
                continue;
            }
            _values[name] = value ?? "";
            if (value is not null && known.ProblemWith?.Invoke(value) is { } problem)
            {
                results.Add(new(Area, CheckState.Finding, $"The setting {known.Name} (in {source}) cannot be used: {problem}.", $"Correct {known.Name}."));
            }
        }
    }

    /// <summary>The setting that was most likely meant.</summary>
    private static string? Nearest(string name)
    {
        var names = KnownSettings.All.Select(s => s.For(name)).ToList();
        return NearestName.Find(name.ToLowerInvariant(), names.Select(n => n.ToLowerInvariant())) is { } near
            ? names.First(n => n.Equals(near, StringComparison.OrdinalIgnoreCase))
            : names.Find(n => n.Split(':')[^1].Equals(name.Split(':')[^1], StringComparison.OrdinalIgnoreCase));
    }
}
