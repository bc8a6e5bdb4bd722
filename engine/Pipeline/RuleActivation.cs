using Microsoft.Extensions.Logging;
using Surveillance.Archive;
using Surveillance.Detection;
using Surveillance.Detection.Classifiers;
using Surveillance.Detection.Pii;
using Surveillance.Evaluation;
using Surveillance.Messages;
using Surveillance.Rules;
using Surveillance.Rules.Source;

namespace Surveillance.Pipeline;

/// <summary>Nothing ever ran in this data folder and the rules do not check.</summary>
/// <param name="problems">What is wrong, each rendered for people.</param>
public sealed class RulesInvalidException(IReadOnlyList<string> problems) : Exception("the rules do not check, and no revision ran here before")
{
    /// <summary>What is wrong, each rendered for people.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}

/// <summary>Looks after what judges: puts the rules into force at the start and whenever their files change, and keeps what ran while they do not check.</summary>
public sealed partial class RuleActivation : IRevisionSource, IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly string _rulesFolder, _modelsFolder;
    private readonly IMessageArchive _archive;
    private readonly IWorkStore _work;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private Task _watching = Task.CompletedTask;
    private ModelFolder _models = new([], []);
    private ActiveRevision? _running;
    private string? _activated;
    private string _seen = "";

    /// <summary>Looks after the rules of a folder.</summary>
    /// <param name="rulesFolder">The folder of rules.</param>
    /// <param name="modelsFolder">The folder of models.</param>
    /// <param name="archive">Where activations are kept.</param>
    /// <param name="work">Where they are shown from.</param>
    /// <param name="ids">Makes the ids of this data folder.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Paths and ids only.</param>
    public RuleActivation(string rulesFolder, string modelsFolder, IMessageArchive archive, IWorkStore work, IdMaker ids, TimeProvider time, ILogger log)
    {
        _rulesFolder = rulesFolder;
        _modelsFolder = modelsFolder;
        _archive = archive;
        _work = work;
        Ids = ids;
        _time = time;
        _log = log;
    }

    /// <summary>Makes the ids of this data folder.</summary>
    public IdMaker Ids { get; }

    /// <summary>Whether changed files come into force. A command that only borrows the data folder runs what ran last.</summary>
    public bool FollowsFiles { get; init; } = true;

    /// <summary>What finds personal data.</summary>
    internal IPiiDetector? Pii { get; init; }

    /// <summary>The revision activated last, which judges as soon as the dispatcher comes to it; null before the start.</summary>
    public ActiveRevision? Running
    {
        get { lock (_lock) { return _running; } }
    }

    /// <summary>What is wrong with the files as they are now, each rendered for people; empty when they check.</summary>
    public IReadOnlyList<string> Problems { get; private set; } = [];

    /// <summary>How many of its own tests each rule fails; rules that pass are left out. Rules that ask for a missing model are not tested.</summary>
    public IReadOnlyDictionary<string, int> FailingTests { get; private set; } = new Dictionary<string, int>();

    /// <summary>Classifiers that rules ask for and that are not there.</summary>
    public IReadOnlyList<string> MissingModels => Running?.Revision.MissingModels ?? [];

    /// <summary>Puts the rules into force when they differ from what ran last, then watches their files.</summary>
    /// <param name="cancel">Gives up starting.</param>
    /// <exception cref="RulesInvalidException">Nothing ever ran here and the rules do not check.</exception>
    public async Task StartAsync(CancellationToken cancel)
    {
        _models = ModelFolder.Load(_modelsFolder);
        if (_archive.FindActivation(long.MaxValue) is { } last)
        {
            try
            {
                await RecordAsync(Read(last), cancel).ConfigureAwait(false);
            }
            catch (ArchiveDamagedException)
            {
                LogUnreadable(_log, last.Position); // another version of the program wrote it; the files as they are now may check
            }
        }
        if (!FollowsFiles && Running is not null)
        {
            return;
        }
        await LookAsync(cancel).ConfigureAwait(false);
        if (Running is null)
        {
            throw new RulesInvalidException(Problems);
        }
        _watching = Task.Run(WatchAsync, CancellationToken.None);
    }

    /// <summary>Stops watching.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc />
    public void Dispose() => _stop.Dispose();

    /// <inheritdoc />
    public ActiveRevision Read(ArchivedEntry entry)
    {
        lock (_lock)
        {
            if (_running is { } running && running.Activation == entry.Position)
            {
                return running;
            }
        }
        var snapshot = RevisionSnapshot.Read(entry.Canonical);
        var models = _models.Models.Where(m => snapshot.Models.Any(s => s.Name == m.Name && s.Hash == m.Hash)).ToArray();
        var book = snapshot.ToRuleBook(RevisionBuilder.KnownClassifiers([.. snapshot.Models.Select(m => m.Name), .. snapshot.MissingModels]));
        var active = new ActiveRevision(entry.Position, RevisionBuilder.Build(book, models, Pii, snapshot.Pii ?? ""), book);
        Remember(active, snapshot.Revision);
        return active;
    }

    /// <summary>Checks the files as they are now and activates them when they check and differ from what runs.</summary>
    /// <param name="cancel">Gives up.</param>
    internal async Task LookAsync(CancellationToken cancel)
    {
        _seen = Fingerprint();
        _models = ModelFolder.Load(_modelsFolder);
        var result = RuleBook.Load(_rulesFolder, RevisionBuilder.KnownClassifiers([.. _models.Models.Select(m => m.Name), .. _models.Problems.Select(p => p.Name)]));
        if (result.Book is not { } book)
        {
            Problems = [.. result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(DiagnosticRenderer.Render)];
            if (Running is { } goesOn)
            {
                LogRefused(_log, Problems.Count, goesOn.Revision.Id);
            }
            return;
        }
        Problems = [];
        var revision = RevisionBuilder.Build(book, _models.Models, Pii);
        if (Running is { } running && _activated == revision.Id)
        {
            FailingTests = CountFailingTests(book, revision);
            await RecordAsync(running, cancel).ConfigureAwait(false);
            return;
        }
        var snapshot = new RevisionSnapshot(
            revision.Id, [.. book.Files.Select(f => new SnapshotFile(f.Path, f.Text))], [.. _models.Models.Select(m => new SnapshotModel(m.Name, m.Hash))], revision.MissingModels, revision.PiiHash);
        var item = new ArchiveItem
        {
            Kind = EntryKind.Activation,
            Id = Ids.Entry('r', $"{revision.Id}/{Running?.Activation ?? 0}"),
            SentAt = _time.GetUtcNow(),
            Canonical = snapshot.Write(),
        };
        FailingTests = CountFailingTests(book, revision);
        var receipt = (await _archive.AppendAsync([item], null, cancel).ConfigureAwait(false))[0];
        var active = new ActiveRevision(receipt.Position, revision, book);
        Remember(active, revision.Id);
        await RecordAsync(active, cancel).ConfigureAwait(false);
        LogActivated(_log, revision.Id, book.Rules.Count, receipt.Position);
    }

    private static Dictionary<string, int> CountFailingTests(RuleBook book, Revision revision) => book.Rules
        .Where(rule => !rule.ReferredClassifiers.Any(revision.MissingModels.Contains))
        .Select(rule => (rule.Id, Failing: RuleTester.Run(rule, revision).Count(test => !test.Passed)))
        .Where(rule => rule.Failing > 0).ToDictionary(rule => rule.Id, rule => rule.Failing);

    /// <summary>Has people see what was activated; what could not be recorded is recorded at the next look.</summary>
    private async Task RecordAsync(ActiveRevision active, CancellationToken cancel)
    {
        if (_work.ReadActivations(1) is not [var newest, ..] || newest.Position < active.Activation)
        {
            var at = _archive.Find(active.Activation)?.ReceivedAt ?? _time.GetUtcNow();
            await _work.RecordActivationAsync(new ActivatedRevision(active.Activation, _activated ?? active.Revision.Id, at, active.Revision.MissingModels), cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Keeps what runs, with the id under which it was activated: where a model is missing now, the revision has another one.</summary>
    private void Remember(ActiveRevision active, string activated)
    {
        lock (_lock)
        {
            if (_running is null || active.Activation >= _running.Activation)
            {
                _running = active;
                _activated = activated;
            }
        }
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(LookEvery, _time);
        try
        {
            var changing = "";
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                try
                {
                    var now = Fingerprint();
                    if (now == _seen)
                    {
                        continue;
                    }
                    if (now != changing)
                    {
                        changing = now; // wait until nothing has changed for a tick: an editor may still be writing
                        continue;
                    }
                    await LookAsync(_stop.Token).ConfigureAwait(false);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    _seen = "";
                    LogLookFailed(_log, e.GetType().Name); // the next tick tries again
                }
            }
        }
        catch (OperationCanceledException)
        {
            // stopping
        }
    }

    /// <summary>Names, sizes and times of every file that counts.</summary>
    private string Fingerprint()
    {
        var files = Files(_rulesFolder, "*.json").Concat(Files(_modelsFolder, ModelFolder.WeightsFile));
        return string.Join('\n', files.Select(f => $"{f.FullName}|{(f.Exists ? f.Length : -1)}|{(f.Exists ? f.LastWriteTimeUtc.Ticks : 0)}").Order(StringComparer.Ordinal));

        static IEnumerable<FileInfo> Files(string folder, string pattern) =>
            Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles(pattern, SearchOption.AllDirectories) : [];
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Revision {Revision} with {Rules} rules is in force from entry {Position}")]
    private static partial void LogActivated(ILogger log, string revision, int rules, long position);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The rule files do not check ({Count} errors); revision {Revision} goes on running")]
    private static partial void LogRefused(ILogger log, int count, string revision);

    [LoggerMessage(Level = LogLevel.Error, Message = "The rules activated at entry {Position} cannot be read by this version of the program")]
    private static partial void LogUnreadable(ILogger log, long position);

    [LoggerMessage(Level = LogLevel.Error, Message = "The rule files could not be looked at ({Reason}); trying again")]
    private static partial void LogLookFailed(ILogger log, string reason);
}
