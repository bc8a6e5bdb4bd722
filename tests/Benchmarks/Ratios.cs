using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Surveillance.Archive;
using Surveillance.Consent;
using Surveillance.Detection;
using Surveillance.Evaluation;
using Surveillance.Messages;
using Surveillance.Pipeline;
using Surveillance.Rules;
using Surveillance.Rules.Source;
using Surveillance.Storage.Sqlite;
using Surveillance.Tests;
using Surveillance.Tests.Drills;

namespace Surveillance.Benchmarks;

/// <summary>Ratios of costs: each is the median over interleaved rounds of one side's cost by the other's in the same round.</summary>
internal static class Ratios
{
    internal static async Task<SortedDictionary<string, double>> MeasureAsync(bool quick, Action<string> say, CancellationToken cancel)
    {
        var ratios = new SortedDictionary<string, double>(StringComparer.Ordinal);
        await StoredPipelineAsync(ratios, quick, say, cancel);
        ManyRules(ratios, quick, say);
        PiiBench.Measure(ratios, null, quick, say);
        await SinglePostAsync(ratios, quick, say, cancel);
        (ratios["answer-while-rescanning/answer (p99)"], ratios["answer-while-rescanning/answer (p50)"]) = await RescanLatency.MeasureAsync(quick, Self, say, cancel);
        return ratios;
    }

    private static async Task StoredPipelineAsync(SortedDictionary<string, double> ratios, bool quick, Action<string> say, CancellationToken cancel)
    {
        var messages = Traffic.Lines(quick ? 4_000 : 20_000, 3, 800).Where(l => l.Id is not null).Select(l => CapturedMessageJson.Read(System.Text.Encoding.UTF8.GetBytes(l.Json)).Message!).ToArray();
        var (cpu, wall, measuring) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = -4; round < (quick ? 3 : 7); round++)
        {
            using var folder = new TemporaryFolder();
            using var unheard = new TemporaryFolder();
            var unmeasured = round % 2 == 0 ? await RunPipelineAsync(unheard.Path, messages, isMeasured: false, cancel) : default;
            var pipeline = await RunPipelineAsync(folder.Path, messages, isMeasured: true, cancel);
            unmeasured = round % 2 == 0 ? unmeasured : await RunPipelineAsync(unheard.Path, messages, isMeasured: false, cancel);
            var rows = StoredRows.Read(folder.Path);
            var bare = await TimedAsync(() => { rows.Insert(folder.File("bare-archive.db"), folder.File("bare-work.db")); return Task.CompletedTask; });
            if (round < 0)
            {
                continue; // until the runtime has compiled what is hot
            }
            cpu.Add(pipeline.Cpu / bare.Cpu);
            wall.Add(pipeline.Wall / bare.Wall);
            measuring.Add(pipeline.Cpu / unmeasured.Cpu);
            say(string.Create(CultureInfo.InvariantCulture, $"stored pipeline: {pipeline.Wall / messages.Length * 1e6:0.0} us wall, {pipeline.Cpu / messages.Length * 1e6:0.0} us CPU a message ({unmeasured.Cpu / messages.Length * 1e6:0.0} us CPU where nobody listens); bare insert {bare.Wall / messages.Length * 1e6:0.0} us wall, {bare.Cpu / messages.Length * 1e6:0.0} us CPU"));
        }
        ratios["stored-pipeline/bare-insert"] = Median(wall);
        ratios["stored-pipeline/bare-insert (CPU)"] = Median(cpu);
        ratios["measured-pipeline/unmeasured (CPU)"] = Median(measuring);
    }

    /// <summary>Captures, judges and stores the messages; starting and compiling the rules is not timed.</summary>
    private static async Task<(double Wall, double Cpu)> RunPipelineAsync(string data, CapturedMessage[] messages, bool isMeasured, CancellationToken cancel)
    {
        using var folder = DataFolder.Open(data, "a benchmark");
        var scope = new object();
        using var metrics = isMeasured ? new Surveillance.Dashboard.Telemetry.MetricsStore(scope) : null; // as in the service
        using var meter = new System.Diagnostics.Metrics.Meter(new System.Diagnostics.Metrics.MeterOptions(ArchiveMeter.Name) { Scope = scope });
        var pipelineMeter = new PipelineMeter(meter);
        await using var archive = new SqliteMessageArchive(folder.ArchiveFile, folder.Ids, TimeProvider.System, null, new ArchiveMeter(meter));
        await using var database = new WorkDatabase(folder.WorkFile, SqliteWorkStore.Schema, SqliteRunStore.Schema, SqliteRescanStore.Schema, SqliteAuditLog.Schema);
        var work = new SqliteWorkStore(database, folder.Ids, TimeProvider.System);
        var rules = new RuleActivation(Path.Combine(AppContext.BaseDirectory, "rules"), Path.Combine(AppContext.BaseDirectory, "models"), archive, work, folder.Ids, TimeProvider.System, NullLogger.Instance);
        await using var pipeline = new PipelineService(archive, work, new SqliteRescanStore(database, folder.Ids, TimeProvider.System), rules, new ConsentLedger(folder.Ids.Person), _ => { }, TimeProvider.System, NullLogger.Instance, pipelineMeter);
        await pipeline.StartAsync(cancel);
        var desk = new CaptureDesk(archive, folder.Ids, TimeProvider.System, pipelineMeter);
        var timed = await TimedAsync(async () =>
        {
            foreach (var chunk in messages.Chunk(1_000))
            {
                await desk.CaptureAsync([.. chunk.Select(m => new Surveillance.Capture.CaptureItem(m, null, ReadOnlyMemory<byte>.Empty))], null, cancel);
            }
            while (pipeline.Read().Waiting > 0)
            {
                await Task.Delay(1, cancel);
            }
        });
        await pipeline.StopAsync(cancel);
        return timed;
    }

    private static void ManyRules(SortedDictionary<string, double> ratios, bool quick, Action<string> say)
    {
        var messages = Traffic.Lines(quick ? 2_000 : 10_000, 5, 400).Where(l => l.Id is not null).Select(l => CapturedMessageJson.Read(System.Text.Encoding.UTF8.GetBytes(l.Json)).Message!).ToArray();
        var few = LexiconRules(10);
        var many = LexiconRules(10_000);
        var perRound = new List<double>();
        for (var round = -2; round < (quick ? 5 : 11); round++)
        {
            var a = EvaluateAll(few, messages);
            var b = EvaluateAll(many, messages);
            if (round >= 0)
            {
                perRound.Add(b / a);
                say(string.Create(CultureInfo.InvariantCulture, $"evaluation: {a / messages.Length * 1e6:0.00} us with 10 rules, {b / messages.Length * 1e6:0.00} us with 10,000"));
            }
        }
        ratios["10000-rules/10-rules"] = Median(perRound);
    }

    private static double EvaluateAll(Revision revision, CapturedMessage[] messages)
    {
        var ledger = new ConsentLedger(new IdMaker(new byte[32]).Person);
        var started = Stopwatch.GetTimestamp();
        for (var pass = 0; pass < 10; pass++)
        {
            foreach (var message in messages)
            {
                using var prepared = new PreparedMessage(message);
                var hits = revision.Detectors.Detect(prepared);
                Evaluator.Evaluate(prepared, hits, 1, EmptyConversation.Instance, ledger.At(1), revision);
            }
        }
        return Stopwatch.GetElapsedTime(started).TotalSeconds / 10;
    }

    /// <summary>Rules of one lexicon each, of five phrases of two or three invented words.</summary>
    private static Revision LexiconRules(int count)
    {
        var random = new Random(11);
        string Word() => string.Concat(Enumerable.Range(0, random.Next(2, 4)).Select(_ => "bdfgklmnprstvz"[random.Next(14)].ToString() + "aeiou"[random.Next(5)]));
        var files = new List<SourceFile>();
        for (var i = 0; i < count; i++)
        {
            var phrases = string.Join(", ", Enumerable.Range(0, 5).Select(_ => $"\"{Word()} {Word()} {Word()}\""));
            files.Add(new SourceFile($"rules/lexicons/bench-{i}.json", $$"""{ "id": "bench-{{i}}", "version": 1, "title": "bench", "phrases": [ {{phrases}} ] }"""));
            files.Add(new SourceFile(
                $"rules/marketing/bench-rule-{i}.json",
                $$"""{ "id": "bench-rule-{{i}}", "version": 1, "family": "marketing", "severity": "low", "title": "bench", "why": "bench", "owner": "bench", "when": { "lexicon": "bench-{{i}}" }, "tests": { "firesOn": ["a"], "silentOn": ["b"] } }"""));
        }
        var result = RuleBook.FromFiles(files, []);
        return RevisionBuilder.Build(result.Book ?? throw new InvalidOperationException(DiagnosticRenderer.Render(result.Diagnostics)), []);
    }

    private static async Task SinglePostAsync(SortedDictionary<string, double> ratios, bool quick, Action<string> say, CancellationToken cancel)
    {
        using var folder = new TemporaryFolder();
        await using var service = await ServiceProcess.ServeAsync(folder.File("data"), ServiceProcess.FreePort(), cancel);
        var (_, token, _) = await ServiceProcess.RunAsync(["tokens", "create", "--name", "bench", "--scopes", "ingest:write", "--data", folder.File("data")], cancel);
        var emptyUrl = $"http://127.0.0.1:{ServiceProcess.FreePort()}";
        using var empty = Self("empty-server", emptyUrl);
        var perRound = new List<double>();
        try
        {
            await Task.Delay(2_000, cancel);
            for (var round = -1; round < (quick ? 3 : 5); round++)
            {
                var a = await RateAsync(emptyUrl, "none", cancel);
                var b = await RateAsync(service.Url, token.Trim(), cancel);
                if (round >= 0)
                {
                    perRound.Add(b / a);
                    say(string.Create(CultureInfo.InvariantCulture, $"single posts: {a:N0}/s to an empty endpoint, {b:N0}/s kept durably"));
                }
            }
        }
        finally
        {
            empty.Kill();
        }
        ratios["single-post-durable/empty-endpoint"] = Median(perRound);
    }

    private static async Task<double> RateAsync(string url, string token, CancellationToken cancel)
    {
        using var client = Self("post-client", url, token, "3", "64");
        var printed = await client.StandardOutput.ReadToEndAsync(cancel);
        await client.WaitForExitAsync(cancel);
        return double.Parse(printed, CultureInfo.InvariantCulture);
    }

    internal static Process Self(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(typeof(Ratios).Assembly.Location);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        return Process.Start(start)!;
    }

    private static async Task<(double Wall, double Cpu)> TimedAsync(Func<Task> action)
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var (cpu, wall) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        await action();
        process.Refresh();
        return (Stopwatch.GetElapsedTime(wall).TotalSeconds, (process.TotalProcessorTime - cpu).TotalSeconds);
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToArray();
        return Math.Round(sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2, 3);
    }
}

/// <summary>The rows that a pipeline stored, to be inserted again by a bare loop into the same tables.</summary>
internal sealed class StoredRows
{
    private readonly List<(bool IsArchive, string Table, string[] Columns, List<object?[]> Rows)> _tables = [];
    private readonly List<(bool IsArchive, string Sql)> _schema = [];

    internal static StoredRows Read(string folder)
    {
        var stored = new StoredRows();
        stored.ReadFile(Path.Combine(folder, "archive.db"), true, "entries", "contents");
        stored.ReadFile(Path.Combine(folder, "work.db"), false, "evaluations", "matches", "alerts", "alert_events");
        return stored;
    }

    internal void Insert(string archive, string work)
    {
        InsertFile(archive, true);
        InsertFile(work, false);
    }

    private void ReadFile(string path, bool isArchive, params string[] tables)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        foreach (var table in tables)
        {
            foreach (var row in Query(connection, $"SELECT sql FROM sqlite_master WHERE tbl_name = '{table}' AND sql IS NOT NULL").Rows)
            {
                _schema.Add((isArchive, (string)row[0]!));
            }
            var (columns, rows) = Query(connection, $"SELECT * FROM {table}");
            _tables.Add((isArchive, table, columns, rows));
        }
    }

    private void InsertFile(string path, bool isArchive)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
        foreach (var (_, sql) in _schema.Where(s => s.IsArchive == isArchive))
        {
            Execute(connection, sql);
        }
        foreach (var (_, table, columns, rows) in _tables.Where(t => t.IsArchive == isArchive))
        {
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // names of our own tables
            command.CommandText = $"INSERT INTO {table}({string.Join(',', columns)}) VALUES({string.Join(',', columns.Select((_, i) => $"$p{i}"))})";
#pragma warning restore CA2100
            foreach (var (_, i) in columns.Select((c, i) => (c, i)))
            {
                command.Parameters.Add(new SqliteParameter($"$p{i}", null));
            }
            foreach (var batch in rows.Chunk(1_000))
            {
                using var transaction = connection.BeginTransaction();
                command.Transaction = transaction;
                foreach (var row in batch)
                {
                    for (var i = 0; i < row.Length; i++)
                    {
                        command.Parameters[i].Value = row[i] ?? DBNull.Value;
                    }
                    command.ExecuteNonQuery();
                }
                transaction.Commit();
            }
        }
    }

    private static (string[] Columns, List<object?[]> Rows) Query(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // names of our own tables
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var columns = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToArray();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }
        return (columns, rows);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // statements of our own schema
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
