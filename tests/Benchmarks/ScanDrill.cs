using System.Security.Cryptography;
using Surveillance.Tests;
using Surveillance.Tests.Drills;

namespace Surveillance.Benchmarks;

/// <summary>Scans chat messages with 1, 2 and 4 partitions, each twice, by the real program: the same bytes, memory that does not grow.</summary>
internal static class ScanDrill
{
    internal static async Task<int> RunAsync(int messages, CancellationToken cancel)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("lines.ndjson");
        await File.WriteAllLinesAsync(file, Traffic.Lines(messages, 7, messages / 20).Select(l => l.Json), cancel);
        var hashes = new HashSet<string>();
        foreach (var partitions in new[] { "1", "1", "2", "2", "4", "4" })
        {
            var output = folder.File("out.ndjson");
            var (code, _, error) = await ServiceProcess.RunAsync(["scan", file, "--stats", "--partitions", partitions, "--output", output], cancel);
            var hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(output, cancel)));
            hashes.Add(hash);
            Console.WriteLine($"partitions {partitions}: exit {code}, SHA-256 of the output {hash[..16]}…");
            Console.WriteLine(error);
        }
        Console.WriteLine(hashes.Count == 1 ? "same bytes every time" : $"{hashes.Count} different outputs");
        return hashes.Count == 1 ? 0 : 1;
    }
}
