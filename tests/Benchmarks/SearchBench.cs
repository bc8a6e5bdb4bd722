using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Surveillance.Archive;
using Surveillance.Archive.Search;
using Surveillance.Messages;
using Surveillance.Storage.Sqlite;
using Surveillance.Tests;
using Surveillance.Tests.Drills;

namespace Surveillance.Benchmarks;

/// <summary>The search index over invented messages: how fast it fills, how large it gets, how long first pages and counts take.</summary>
internal static class SearchBench
{
    private static readonly string[] Queries =
    [
        "", "statement", "statement ready", "\"the statement for\"", "stat*", "the*", "personal whatsapp", "zanzibar", "对账单", "channel:whatsapp", "from:shah", "with:+447700900017",
        "with:+447700900017 statement", "direction:inbound channel:whatsapp thanks", "after:2026-05-05 before:2026-05-06", "statement before:2026-05-04T09:00:00Z",
        "the with:shah before:2026-05-04T08:30:00Z", "statement after:2030-01-01",
    ];

    internal static async Task RunAsync(int messages, CancellationToken cancel)
    {
        using var data = new TemporaryFolder();
        using var folder = DataFolder.Open(data.File("data"), "a benchmark");
        await using var archive = new SqliteMessageArchive(folder.ArchiveFile, folder.Ids, TimeProvider.System);
        foreach (var chunk in Traffic.Lines(messages, 11, Math.Max(20, messages / 50)).Where(l => l.Id is not null).Chunk(5_000))
        {
            await archive.AppendAsync([.. chunk.Select(l => ArchiveItem.Of(CapturedMessageJson.Read(Encoding.UTF8.GetBytes(l.Json)).Message!, default, folder.Ids))], null, cancel);
        }
        using var index = new SqliteSearchIndex(folder.SearchFile, folder.Ids);
        await using var indexer = new SearchIndexer(archive, index, folder.Ids, () => false, new SearchPace(), TimeProvider.System, NullLogger<SearchIndexer>.Instance);
        var began = Stopwatch.GetTimestamp();
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        while (await indexer.StepAsync(cancel) > 0) { }
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        var bytes = Directory.EnumerateFiles(folder.Path, "search.db*").Sum(f => new FileInfo(f).Length);
        Say($"{messages:N0} messages indexed in {took:0.0} s: {messages / took:N0} a second, {cpu.TotalSeconds / messages * 1e6:0} us CPU a message; {bytes / messages} bytes a message");
        Say($"{"query",-52} {"first page",10} {"median",8} {"p95",8} {"count",8}  hits");
        foreach (var text in Queries)
        {
            var query = SearchQueryParser.Parse(text).Query!;
            var first = await TimeAsync(() => index.FindAsync(query, null, 50, cancel));
            var times = new List<double>();
            for (var i = 0; i < 20; i++)
            {
                times.Add(await TimeAsync(() => index.FindAsync(query, null, 50, cancel)));
            }
            times.Sort();
            var hits = 0;
            var count = await TimeAsync(async () => hits = await index.CountAsync(query, cancel));
            Say($"{text,-52} {first,7:0.0} ms {times[10],5:0.0} ms {times[18],5:0.0} ms {count,5:0.0} ms  {hits:N0}");
        }
        var removed = await TimeAsync(async () => { await index.RemoveAsync([1, messages / 2, messages], cancel); return 0; });
        Say($"three messages taken out, no word of theirs left in the file: {removed:0} ms");
    }

    private static async Task<double> TimeAsync<T>(Func<ValueTask<T>> action)
    {
        var began = Stopwatch.GetTimestamp();
        await action();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}