using System.CommandLine;
using System.Globalization;
using Surveillance.Detection.Classifiers;
using Surveillance.Detection.Pii;
using Surveillance.Evaluation;
using Surveillance.Pipeline;
using Surveillance.Rules;
using Surveillance.Rules.Source;

namespace Surveillance.Dashboard.Commands;

/// <summary><c>surveillance scan</c>: the dry run over lines of captured messages.</summary>
internal static class ScanCommand
{
    internal static Command Build()
    {
        var file = new Argument<string>("file") { Description = "Captured messages, one JSON object a line; - reads standard input" };
        var only = WordOption.OneOf("--only", "Compute and write this alone: pii, scores or alerts", "PART", "pii", "scores", "alerts");
        var confidence = WordOption.Number("--min-confidence", "Leave out PII hits of less, 0 to 1", "P", PiiDetector.DefaultThreshold, p => p is >= 0 and <= 1, "a number from 0 to 1");
        var partitions = WordOption.Number("--partitions", "Threads that work side by side, 1 to 64; the output is the same", "N", Environment.ProcessorCount, n => n is >= 1 and <= 64, "a number from 1 to 64");
        var stats = new Option<bool>("--stats") { Description = "Print rate, latency and memory to standard error" };
        var rules = new Option<string?>("--rules") { Description = "The folder of rules (default: ./rules, else the one beside the program)", HelpName = "DIR" };
        var models = new Option<string?>("--models") { Description = "The folder of models (default: ./models, else the one beside the program)", HelpName = "DIR" };
        var output = new Option<string?>("--output") { Description = "Write to a file instead of standard output", HelpName = "FILE" };
        var scan = new Command(
            "scan",
            """
            Judges captured messages as the service would and stores nothing: one JSON line a message, in input order.

            Examples:
              surveillance scan messages.ndjson
              surveillance scan - --only alerts --stats < messages.ndjson
            """)
        { file, only, confidence, partitions, stats, rules, models, output };
        scan.SetAction((parsed, cancel) => RunAsync(
            parsed.GetRequiredValue(file), parsed.GetValue(output),
            new ScanOptions(
                parsed.GetValue(only) switch { "pii" => ScanParts.Pii, "scores" => ScanParts.Scores, "alerts" => ScanParts.Alerts, _ => ScanParts.All },
                parsed.GetValue(confidence), parsed.GetValue(partitions)),
            parsed.GetValue(stats), parsed.GetValue(rules), parsed.GetValue(models), cancel));
        return scan;
    }

    private static async Task<int> RunAsync(string file, string? output, ScanOptions options, bool showStats, string? rules, string? models, CancellationToken cancel)
    {
        if (file != "-" && !File.Exists(file))
        {
            return await CommandLine.FailAsync(
                ExitCodes.Input, Directory.Exists(file) ? $"{file} is a folder" : $"there is no file {file}", "Give a file of captured messages, one JSON object a line, or - for standard input.");
        }
        var loaded = ModelFolder.Load(HostFolders.Beside("models", models));
        var result = RuleBook.Load(HostFolders.Beside("rules", rules), RevisionBuilder.KnownClassifiers(loaded.Models.Select(m => m.Name).Concat(loaded.Problems.Select(p => p.Name))));
        if (result.Book is not { } book)
        {
            await Console.Error.WriteLineAsync(DiagnosticRenderer.Render(result.Diagnostics));
            return await CommandLine.FailAsync(ExitCodes.Findings, "the rules do not check, so nothing was scanned", "`surveillance rules check` shows the same.");
        }
        foreach (var problem in loaded.Problems)
        {
            await Console.Error.WriteLineAsync("warning: " + problem.Message);
        }
        var revision = RevisionBuilder.Build(book, loaded.Models);
        await using var input = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
        await using var into = output is null ? Console.OpenStandardOutput() : File.Create(output);
        await using var buffered = new BufferedStream(into, 1 << 16);
        var bar = new ProgressLine(Console.Error);
        var length = input.CanSeek ? input.Length : 0;
        var stats = await Task.Run(() => new Scanner(revision, options).Run(input, buffered, output is null && !Console.IsOutputRedirected ? null : read => bar.Show("scanning", read, length), cancel), cancel);
        bar.Finish();
        cancel.ThrowIfCancellationRequested(); // whoever wrote to the pipe was stopped too, and the input ended early
        if (showStats)
        {
            await WriteAsync(stats);
        }
        return stats.Unreadable > 0 ? ExitCodes.PartlyDone : ExitCodes.Ok;
    }

    private static async Task WriteAsync(ScanStats s)
    {
        var seconds = Math.Max(s.Elapsed.TotalSeconds, 1e-9);
        const double megabyte = 1024 * 1024;
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"messages      {s.Messages:N0} in {seconds:0.00} s ({s.Unreadable:N0} lines could not be read)"));
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"rate          {s.Messages / seconds:N0} messages/s, {s.Bytes / megabyte / seconds:0.0} MB/s"));
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"latency       p50 {s.P50.TotalMicroseconds:0.0} us, p99 {s.P99.TotalMicroseconds:0.0} us a message"));
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"allocations   {s.AllocatedBytes / Math.Max(1.0, s.Messages):N0} bytes a message"));
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"memory        peak {s.PeakBytes / megabyte:0} MB; in use half way {s.HeapAtHalfBytes / megabyte:0.0} MB, at the end {s.HeapAtEndBytes / megabyte:0.0} MB"));
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"conversations {s.FellOut:N0} earlier messages let go to bound memory"));
    }
}
