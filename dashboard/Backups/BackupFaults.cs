using System.CommandLine;
using System.Globalization;
using Surveillance.Backups;
using Surveillance.Dashboard.Commands;

namespace Surveillance.Dashboard.Backups;

/// <summary>How backups and restores that were refused end a command.</summary>
internal static class BackupFaults
{
    internal static async Task<int> EndAsync(ParseResult parsed, BackupFault fault, string detail, string? help, IReadOnlyList<string> findings)
    {
        var error = parsed.InvocationConfiguration.Error;
        await error.WriteLineAsync("error: " + detail);
        foreach (var finding in findings)
        {
            await error.WriteLineAsync("  " + finding);
        }
        if (help is not null)
        {
            await error.WriteLineAsync("help: " + help);
        }
        return fault switch
        {
            BackupFault.Usage => ExitCodes.Usage,
            BackupFault.Conflict => ExitCodes.Conflict,
            BackupFault.Broken => ExitCodes.IntegrityBroken,
            _ => ExitCodes.Input,
        };
    }

    internal static Task<int> EndAsync(ParseResult parsed, BackupException e) => EndAsync(parsed, e.Fault, e.Message, e.Help, e.Findings);

    private static string Of(double amount, string unit) => string.Create(CultureInfo.InvariantCulture, $"{amount:N1} {unit}");

    /// <summary>A size for people.</summary>
    internal static string Size(long bytes) => bytes < 1_000_000 ? Of(bytes / 1e3, "kB") : bytes < 1_000_000_000 ? Of(bytes / 1e6, "MB") : Of(bytes / 1e9, "GB");
}
