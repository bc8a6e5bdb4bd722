using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Surveillance.Detection;
using Surveillance.Detection.Pii;
using Surveillance.Tests;

namespace Surveillance.Benchmarks;

/// <summary>The PII detector with every pack against one plain regular expression a pattern, in the same rounds.</summary>
internal static class PiiBench
{
    /// <summary>The texts of a file of JSON lines, or invented chat where none is given.</summary>
    internal static string[] Texts(string? file) => file is not null && File.Exists(file)
        ? [.. File.ReadLines(file).Select(line => { using var json = JsonDocument.Parse(line); return json.RootElement.GetProperty("text").GetString()!; })]
        : [.. Enumerable.Range(0, 2_000).Select(i => (i % 8) switch
        {
            0 => $"Could we move the call to {i % 12 + 1}:30? My mobile is +44 7700 9{i % 100_000:00000}.",
            1 => $"please send the statement to client{i}@example.org before Friday",
            2 => $"order {1_000_000 + i} has shipped, tracking 1Z{i:0000000000}",
            3 => "good morning, thanks for the call yesterday, I will come back to you with the figures",
            4 => $"we bought {i * 10:N0} shares at {i % 90 + 10}.25 and sold half of them in the afternoon",
            5 => "see https://www.example.org/rates?d=today for the new rates",
            6 => $"invoice {i} of 2026-05-{i % 28 + 1:00} is paid, ref AB{i:000000}C",
            _ => "are you at the desk later? the client asked whether we could do a bit better on the fee",
        })];

    /// <summary>The median of how many times the plain patterns cost.</summary>
    internal static void Measure(SortedDictionary<string, double> ratios, string? file, bool quick, Action<string> say)
    {
        var texts = Texts(file);
        var detector = new PiiDetector();
        var prepared = texts.Select(t => new PreparedMessage(A.Message(t))).ToArray();
        var rounds = new List<double>();
        double bestDetect = double.MaxValue;
        for (var round = -3; round < (quick ? 5 : 11); round++)
        {
            var detect = Best(() => { foreach (var p in prepared) { detector.Detect(p); } }, 5);
            var plain = Best(() => { foreach (var t in texts) { SlowPii.CountMatches(t); SlowPacks.CountMatches(t); } }, 1);
            if (round < 0) { continue; }
            rounds.Add(plain / detect);
            bestDetect = Math.Min(bestDetect, detect);
            say(string.Create(CultureInfo.InvariantCulture, $"pii: {detect / texts.Length * 1e6:0.00} us a message with every pack, {plain / texts.Length * 1e6:0.0} us for {SlowPacks.Count + SlowPii.LocatorCount} plain patterns"));
        }
        var sorted = rounds.Order().ToArray();
        ratios["plain-patterns/pii-detector"] = Math.Round(sorted[sorted.Length / 2], 1);
        var empty = prepared.Where(p => detector.Detect(p).Count == 0).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var p in empty) { detector.Detect(p); }
        ratios["pii-bytes-without-hits"] = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Math.Max(1, empty.Length);
    }

    private static double Best(Action act, int times)
    {
        var best = double.MaxValue;
        for (var i = 0; i < times; i++)
        {
            var started = Stopwatch.GetTimestamp();
            act();
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        return best;
    }
}
