using System.Text.Json;
using Surveillance.Benchmarks;
using Surveillance.Tests.Drills;

var cancel = CancellationToken.None;
switch (args)
{
    case ["ratios", .. var rest]:
        var ratios = await Ratios.MeasureAsync(rest.Contains("--quick"), line => Console.Error.WriteLine(line), cancel);
        Console.WriteLine(JsonSerializer.Serialize(ratios, new JsonSerializerOptions { WriteIndented = !rest.Contains("--json") }));
        return 0;

    case ["pii", .. var rest]:
        var costs = new SortedDictionary<string, double>(StringComparer.Ordinal);
        PiiBench.Measure(costs, rest.FirstOrDefault(r => !r.StartsWith('-')), rest.Contains("--quick"), line => Console.Error.WriteLine(line));
        Console.WriteLine(JsonSerializer.Serialize(costs));
        return 0;

    case ["rescan-latency", .. var rest]:
        var latency = await RescanLatency.MeasureAsync(rest.Contains("--quick"), Ratios.Self, line => Console.Error.WriteLine(line), cancel);
        Console.WriteLine(JsonSerializer.Serialize(new { latency.P99, latency.P50 }));
        return 0;

    case ["crash", .. var rest]:
        var messages = Number(rest, "--messages", 20_000);
        var report = await CrashDrill.RunAsync(messages, Number(rest, "--clients", 8), Number(rest, "--kills", 5), Number(rest, "--seed", 1), line => Console.Error.WriteLine(line), cancel);
        Console.WriteLine(JsonSerializer.Serialize(report, new JsonSerializerOptions { WriteIndented = true }));
        return report is { LostOrDoubled: 0, NotEvaluated: 0, UnlikeUndisturbed: 0, UnlikeScan: 0, DoubledAlerts: 0 } ? 0 : 1;

    case ["rescan", .. var rest]:
        var killed = await RescanDrill.RunAsync(Number(rest, "--messages", 200_000), Number(rest, "--kills", 10), Number(rest, "--seed", 1), line => Console.Error.WriteLine(line), cancel);
        Console.WriteLine(JsonSerializer.Serialize(killed, new JsonSerializerOptions { WriteIndented = true }));
        return killed is { WentBack: 0, DoesNotAddUp: 0, UnlikeUndisturbed: 0, CountsUnlikeUndisturbed: 0, UnlikeScan: 0, DeltaUnlikeScan: 0, DoubledAlerts: 0 } ? 0 : 1;

    case ["rule-change", .. var rest]:
        var changed = await RescanDrill.ChangeAsync(Number(rest, "--messages", 50_000), Number(rest, "--seed", 1), line => Console.Error.WriteLine(line), cancel);
        Console.WriteLine(JsonSerializer.Serialize(changed, new JsonSerializerOptions { WriteIndented = true }));
        return changed is { NotJudgedOnce: 0, UnlikeScan: 0, DeltaUnlikeScan: 0, DoubledAlerts: 0 } ? 0 : 1;

    case ["restore", .. var rest]:
        var restored = await RestoreDrill.RunAsync(Number(rest, "--messages", 50_000), Number(rest, "--clients", 8), Number(rest, "--seed", 1), line => Console.Error.WriteLine(line), cancel);
        Console.WriteLine(JsonSerializer.Serialize(restored, new JsonSerializerOptions { WriteIndented = true }));
        return restored is { Flaws: 0, LostOrDoubled: 0, NotEvaluated: 0, UnlikeScan: 0, DoubledAlerts: 0, LostAfterResending: 0 } ? 0 : 1;

    case ["scan", .. var rest]:
        return await ScanDrill.RunAsync(Number(rest, "--messages", 100_000), cancel);

    case ["search", .. var rest]:
        await SearchBench.RunAsync(Number(rest, "--messages", 200_000), cancel);
        return 0;

    case ["empty-server", var url]:
        await PostBench.ServeEmptyAsync(url);
        return 0;

    case ["latency-client", var url, var token, var seconds, var connections, var perSecond]:
        await RescanLatency.ClientAsync(url, token, int.Parse(seconds), int.Parse(connections), int.Parse(perSecond));
        return 0;

    case ["post-client", var url, var token, var seconds, var connections]:
        await PostBench.ClientAsync(url, token, int.Parse(seconds), int.Parse(connections));
        return 0;

    default:
        Console.Error.WriteLine(
            """
            usage: ratios [--json] [--quick]                       ratios of costs, medians of interleaved rounds
                   pii [FILE] [--quick]                            the PII detector against plain patterns, over the texts of FILE or invented ones
                   rescan-latency [--quick]                        one of them: the durable answer while the archive is rescanned
                   crash [--messages N] [--clients N] [--kills N] [--seed N]
                   rescan [--messages N] [--kills N] [--seed N]    a lexicon changes; the rescan is killed at random moments
                   rule-change [--messages N] [--seed N]           a lexicon changes while messages stream in
                   restore [--messages N] [--clients N] [--seed N] a backup taken under load, restored
                   scan [--messages N]                             scan with 1, 2 and 4 partitions, twice: same bytes, flat memory
                   search [--messages N]                           how fast the search index fills, how long first pages take
            """);
        return 2;
}

static int Number(string[] arguments, string name, int otherwise)
{
    var at = Array.IndexOf(arguments, name);
    return at >= 0 && at + 1 < arguments.Length ? int.Parse(arguments[at + 1]) : otherwise;
}
