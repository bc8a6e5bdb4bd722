using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Surveillance.Archive;
using Surveillance.Consent;
using Surveillance.Messages;
using Surveillance.Pipeline;
using Surveillance.Jobs;
using Surveillance.Rescan;
using Surveillance.Review;
using Surveillance.Storage.Sqlite;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Pipeline;

/// <summary>A match as it is stored, by the native id of its message.</summary>
internal sealed record StoredMatch(string Rule, string Message, Standing Standing, bool Late, int Version)
{
    public override string ToString() => $"{Rule} on {Message}{(Late ? ", late" : "")}{(Standing == Standing.NoLongerRaised ? ", no longer" : "")}";
}

/// <summary>What is stored of a judgement.</summary>
internal sealed record StoredEvaluation(string Message, long Position, long KnownTo, long Activation, string? NotEvaluated);

/// <summary>The whole pipeline over a folder of its own, with rules that a test picks and a clock that it moves.</summary>
internal sealed class PipelineRig : IAsyncDisposable
{
    internal const string Employee = "+442079460000";
    internal const string Vogel = "+4915112345678";
    internal const string Weber = "+4915187654321";

    private readonly TemporaryFolder _folder = new();
    private SqliteMessageArchive? _archive;
    private WorkDatabase? _database;

    internal PipelineRig(params IEnumerable<(string Path, string Text)> rules)
    {
        Directory.CreateDirectory(Models);
        foreach (var (path, text) in rules)
        {
            WriteRule(path, text);
        }
    }

    internal ManualTime Time { get; } = new(A.Start.AddDays(30));

    internal string Rules => _folder.File("rules");

    internal string Models => _folder.File("models");

    internal Trap Trap { get; } = new();

    internal FaultyArchive Archive { get; private set; } = null!;

    internal FaultyWork Work { get; private set; } = null!;

    internal RuleActivation Activation { get; private set; } = null!;

    internal PipelineService Pipeline { get; private set; } = null!;

    internal SqliteRescanStore Rescans { get; private set; } = null!;

    internal SqliteRunStore Runs { get; private set; } = null!;

    internal RunRunner Runner { get; private set; } = null!;

    internal RunDesk RunDesk { get; private set; } = null!;

    internal RescanDesk RescanDesk { get; private set; } = null!;

    internal SqliteQuarantine Quarantine { get; private set; } = null!;

    internal SqliteAlertReader Alerts { get; private set; } = null!;

    private bool IsOpen => _archive is not null;

    internal static async Task<PipelineRig> StartedAsync(params IEnumerable<(string Path, string Text)> rules)
    {
        var rig = new PipelineRig(rules);
        await rig.StartAsync();
        return rig;
    }

    internal void WriteRule(string path, string text)
    {
        var file = Path.Combine(Rules, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    /// <summary>Opens the stores without starting the pipeline.</summary>
    internal void Open()
    {
        _archive = new SqliteMessageArchive(_folder.File("archive.db"), A.Ids, Time);
        _database = new WorkDatabase(_folder.File("work.db"), SqliteWorkStore.Schema, SqliteRunStore.Schema, SqliteRescanStore.Schema, SqliteAuditLog.Schema);
        Archive = new FaultyArchive(_archive);
        Work = new FaultyWork(new SqliteWorkStore(_database, A.Ids, Time));
        Activation = new RuleActivation(Rules, Models, Archive, Work, A.Ids, Time, NullLogger.Instance) { Pii = Trap };
        Rescans = new SqliteRescanStore(_database, A.Ids, Time);
        Runs = new SqliteRunStore(_database, Time);
        Pipeline = new PipelineService(Archive, Work, Rescans, Activation, new ConsentLedger(A.Ids.Person), _ => { }, Time, NullLogger.Instance);
        Runner = new RunRunner(Runs, [new RescanWorker(Archive, Rescans, Runs, Pipeline, Time)], Time, NullLogger<RunRunner>.Instance);
        RunDesk = new RunDesk(Runs, Runner, Time);
        RescanDesk = new RescanDesk(RunDesk, Rescans, Archive, () => Activation.Running is { } running ? new RescanTarget(running.Activation, running.Revision) : null);
        Quarantine = new SqliteQuarantine(_database, Pipeline, Time);
        Alerts = new SqliteAlertReader(_database);
    }

    internal async Task StartAsync()
    {
        if (!IsOpen)
        {
            Open();
        }
        await Pipeline.StartAsync(default);
    }

    /// <summary>Stops and closes everything; a kill leaves undone whatever is not stored.</summary>
    internal async Task StopAsync(bool kill = false)
    {
        if (!IsOpen)
        {
            return;
        }
        if (Pipeline.IsRunning)
        {
            await Pipeline.StopAsync(new CancellationToken(kill));
        }
        await Pipeline.DisposeAsync();
        Activation.Dispose();
        await _database!.DisposeAsync();
        await _archive!.DisposeAsync();
        _archive = null;
    }

    internal async Task RestartAsync(bool kill = false)
    {
        await StopAsync(kill);
        await StartAsync();
    }

    /// <summary>Keeps messages and consent lines in one batch and gives their positions.</summary>
    internal async Task<long[]> SendAsync(params object[] lines) => [.. (await Archive.AppendAsync([.. lines.Select(Item)], null, default)).Select(r => r.Position)];

    /// <summary>Keeps lines and waits until they are judged.</summary>
    internal async Task<long[]> JudgeAsync(params object[] lines)
    {
        var positions = await SendAsync(lines);
        await SettleAsync();
        return positions;
    }

    private static ArchiveItem Item(object line) => line switch
    {
        CapturedMessage message => ArchiveItem.Of(message, CapturedMessageJson.Write(message), A.Ids),
        ConsentEntry consent => ArchiveItem.Of(consent, CapturedMessageJson.Write(consent), A.Ids),
        ArchiveItem item => item,
        _ => throw new ArgumentException("Neither a message nor a consent line."),
    };

    /// <summary>Waits until everything kept is judged and stored; with <paramref name="moving"/> the clock goes on meanwhile.</summary>
    internal Task SettleAsync(bool moving = false) =>
        Eventually.IsTrueAsync(() => Pipeline.Read().Waiting == 0, "everything kept is judged and stored", moving ? () => Time.Advance(TimeSpan.FromMilliseconds(500)) : null);

    /// <summary>Puts changed rule files into force.</summary>
    internal async Task ActivateAsync(params IEnumerable<(string Path, string Text)> rules)
    {
        foreach (var (path, text) in rules)
        {
            WriteRule(path, text);
        }
        await Activation.LookAsync(default);
        await SettleAsync();
    }

    /// <summary>Queues a rescan and does it to its end.</summary>
    internal async Task<Run> RescanAsync(RescanRequest? request = null, RunTrigger trigger = RunTrigger.Request)
    {
        var run = (await RescanDesk.StartAsync(request ?? new RescanRequest(), trigger, "user:m.okafor", default)).Run!;
        await DrainAsync();
        return Runs.Find(run.Number)!;
    }

    /// <summary>Does every run that waits.</summary>
    internal async Task DrainAsync()
    {
        var draining = Runner.DrainAsync(default);
        await Eventually.IsTrueAsync(() => draining.IsCompleted, "every run is done", () => Time.Advance(TimeSpan.FromMilliseconds(20)));
        await draining;
    }

    /// <summary>The result of a run, a line a rule.</summary>
    internal string[] Results(Run run) =>
        [.. Rescans.ReadRules(run.Number).Select(r => $"{r.Rule}: {r.Gained} gained, {r.Lost} lost, {r.Kept} kept, {r.Decided} decided, {r.NotEvaluated} open")];

    /// <summary>The matches that stand, by rule, message and evidence.</summary>
    internal string[] Standing() => [.. Query("SELECT rule, position, evidence_key FROM matches WHERE standing = 0 ORDER BY position, rule, evidence_key", row => $"{row.GetString(0)} on {Native(row.GetInt64(1))} {row.GetString(2)}")];

    internal async Task RetryAsync(string native)
    {
        var message = A.Ids.Message(new NativeKey(Channel.WhatsApp, Employee, native));
        var item = (await Quarantine.PageAsync(null, 200, default))!.Items.Single(i => i.Message == message);
        Assert.Equal(RetryOutcome.Queued, await Quarantine.RetryAsync(message, "m.okafor", default));
        await Eventually.IsTrueAsync(() => Quarantined().Where(q => q.Message == native).All(q => q.Tries > item.Tries), "the message is tried again");
        await SettleAsync();
    }

    internal List<T> Query<T>(string sql, Func<SqliteDataReader, T> read) => _database!.Read(connection => connection.Query(null, sql, read));

    /// <summary>Changes what is stored behind the program's back.</summary>
    internal async Task WriteAsync(string sql) => await _database!.WriteAsync((connection, transaction) => connection.Execute(transaction, sql), default);

    private string Native(long position) => Archive.Find(position) is { Kind: EntryKind.Message or EntryKind.Conflict } entry ? entry.ReadMessage().Id : "entry " + position.ToString(CultureInfo.InvariantCulture);

    /// <summary>The matches in order of message and rule.</summary>
    internal IReadOnlyList<StoredMatch> Matches() => Query(
        "SELECT rule, position, standing, late, rule_version FROM matches ORDER BY position, rule, evidence_key",
        row => new StoredMatch(row.GetString(0), Native(row.GetInt64(1)), (Standing)row.GetInt32(2), row.GetInt32(3) == 1, row.GetInt32(4)));

    internal IReadOnlyDictionary<string, StoredEvaluation> Evaluations() => Query(
        "SELECT position, known_to, activation, not_evaluated FROM evaluations ORDER BY position",
        row => new StoredEvaluation(Native(row.GetInt64(0)), row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.TextOrNull(3))).ToDictionary(e => e.Message);

    internal IReadOnlyList<(string Message, string Reason, int Tries)> Quarantined() => Query(
        "SELECT position, reason, tries FROM quarantine ORDER BY position", row => (Native(row.GetInt64(0)), row.GetString(1), row.GetInt32(2)));

    /// <summary>Everything that two runs over the same lines must have in common, a line each; moments and numbers of rows are left out.</summary>
    internal string Everything() => string.Join('\n',
    [
        .. Query("SELECT position, rule, evidence_key, rule_version, standing, late, known_to, proof FROM matches ORDER BY position, rule, evidence_key", row => "match " + Row(row)),
        .. Query("SELECT position, known_to, activation, hits, not_evaluated FROM evaluations ORDER BY position", row => "evaluation " + Row(row)),
        .. Query("SELECT position, reason, tries FROM quarantine ORDER BY position", row => "quarantine " + Row(row)),
        .. Query("SELECT position FROM opt_outs ORDER BY position", row => "opt-out " + Row(row)),
        .. Query("SELECT hex(person), sent_at, position FROM consent_lookups ORDER BY person, position", row => "look-up " + Row(row)),
        .. Query(
            """
            SELECT hex(a.id), a.rule, a.version, a.status, a.standing, a.count, a.first_sent_at, a.last_sent_at, hex(p.id),
              (SELECT group_concat(kind || ':' || coalesce(hex(message), ''), ' ') FROM (SELECT kind, message FROM alert_events e WHERE e.alert = a.alert ORDER BY sequence))
            FROM alerts a LEFT JOIN alerts p ON p.alert = a.predecessor ORDER BY a.id
            """,
            row => "alert " + Row(row)),
    ]);

    private static string Row(SqliteDataReader row) => string.Join(" | ", Enumerable.Range(0, row.FieldCount).Select(i => Convert.ToString(row.GetValue(i), CultureInfo.InvariantCulture)));

    public async ValueTask DisposeAsync()
    {
        await StopAsync(kill: true);
        _folder.Dispose();
    }
}

/// <summary>Rules for tests of the pipeline, as files.</summary>
internal static class RigRules
{
    /// <summary>A rule with a test that it passes.</summary>
    /// <param name="fires">A message on which it fires, or a whole case as JSON.</param>
    internal static (string Path, string Text) Rule(string id, string when, string fires, string? unless = null, string? appliesTo = null, int version = 1) => (
        $"off-channel/{id}.json",
        $$"""
        { "id": "{{id}}", "version": {{version}}, "family": "off-channel", "severity": "high", "title": "Title of {{id}}", "why": "w", "owner": "compliance",
          {{(appliesTo is null ? "" : $"\"appliesTo\": {appliesTo},")}}
          "when": {{when}},
          {{(unless is null ? "" : $"\"unless\": {unless},")}}
          "tests": { "firesOn": [ {{(fires.StartsWith('{') ? fires : $"\"{fires}\"")}} ], "silentOn": [ "another example" ] } }
        """);

    /// <summary>An offer to somebody who did not agree.</summary>
    internal static readonly (string, string) Promotion = Rule(
        "promotion", """{ "all": [ { "phrase": "special offer" }, { "consent": { "purpose": "marketing", "state": ["withdrawn", "objected", "none"] } } ] }""", "a special offer",
        appliesTo: """{ "direction": "outbound" }""");

    /// <summary>Somebody asks for a deletion and it is done.</summary>
    internal static readonly (string, string) Deletion = Rule(
        "deletion", """{ "sequence": { "first": { "phrase": "delete this chat" }, "then": { "phrase": "done" }, "within": "24h" } }""",
        """{ "messages": [ { "text": "please delete this chat" }, { "text": "all done" } ] }""");

    /// <summary>A call that the client did not invite by writing.</summary>
    internal static readonly (string, string) ColdCall = Rule(
        "cold-call", """{ "phrase": "may i call" }""", "may I call you?", """{ "insideServiceWindow": { "within": "24h" } }""", """{ "direction": "outbound" }""");

    /// <summary>A card number.</summary>
    internal static readonly (string, string) Card = Rule("card", """{ "pii": { "types": ["payment-card"], "zones": ["authored", "quoted"] } }""", "card 4111 1111 1111 1111");

    /// <summary>Two card numbers; breaks on a hit outside of the text.</summary>
    internal static readonly (string, string) Cards = Rule("cards", """{ "pii": { "types": ["payment-card"], "distinct": 2 } }""", "cards 4111 1111 1111 1111 and 5555 5555 5555 4444");

    /// <summary>A pitch, by the classifier.</summary>
    internal static readonly (string, string) Pitch = Rule("pitch", """{ "any": [ { "classifier": { "name": "marketing", "atLeast": 0.5 } }, { "phrase": "golden ticket" } ] }""", "your golden ticket");

    /// <summary>Opts out by a word.</summary>
    internal static readonly (string, string) OptOutWords = ("lexicons/opt-out-words.json", """{ "id": "opt-out-words", "version": 1, "title": "Opt-outs", "phrases": [ "stop" ] }""");

    internal static IEnumerable<(string, string)> All => [Promotion, Deletion, ColdCall, Card, Cards, OptOutWords];
}
