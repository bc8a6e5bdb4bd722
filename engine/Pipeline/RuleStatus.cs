using System.Globalization;
using Surveillance.Archive;
using Surveillance.Messages;
using Surveillance.Rules;

namespace Surveillance.Pipeline;

/// <summary>Tells people about the rules that run, from the revision in force and the results of the pipeline.</summary>
/// <param name="activation">What runs.</param>
/// <param name="archive">Where earlier revisions lie.</param>
/// <param name="work">What rules did.</param>
/// <param name="time">The clock.</param>
public sealed class RuleStatus(RuleActivation activation, IMessageArchive archive, IWorkStore work, TimeProvider time) : IRuleStatus
{
    private const int MaxRevisionsSearched = 50;

    /// <inheritdoc />
    public ValueTask<RuleBookStatus> ReadAsync(CancellationToken cancel)
    {
        var running = activation.Running ?? throw new InvalidOperationException("Nothing runs before the start.");
        var figures = Figures();
        var at = work.ReadActivations(1) is [var latest, ..] && latest.Position == running.Activation ? latest.At : archive.Find(running.Activation)?.ReceivedAt ?? default;
        return ValueTask.FromResult(new RuleBookStatus(
            running.Revision.Id, at, running.Activation,
            [.. running.Book.Rules.OrderBy(r => r.Family, StringComparer.Ordinal).ThenBy(r => r.Id, StringComparer.Ordinal).Select(r => Summary(r, figures, running.Revision.MissingModels, "active"))],
            activation.Problems, activation.MissingModels) { Models = running.Revision.Models });
    }

    /// <inheritdoc />
    public ValueTask<RuleText?> FindAsync(string id, int? version, CancellationToken cancel)
    {
        foreach (var (active, isRunning) in Revisions())
        {
            if (active.Book.Rules.FirstOrDefault(r => r.Id == id && (version is null || r.Version == version)) is { } rule)
            {
                return ValueTask.FromResult<RuleText?>(Text(active, rule, isRunning ? "active" : "retired"));
            }
        }
        return ValueTask.FromResult<RuleText?>(null);
    }

    /// <inheritdoc />
    public ValueTask<RevisionSummary?> FindRevisionAsync(long position, CancellationToken cancel)
    {
        if (archive.Find(position) is not { Kind: EntryKind.Activation } entry)
        {
            return ValueTask.FromResult<RevisionSummary?>(null);
        }
        if (activation.Running is { } running && running.Activation == position)
        {
            return ValueTask.FromResult<RevisionSummary?>(new RevisionSummary(running.Revision.Id, entry.ReceivedAt, true));
        }
        try
        {
            return ValueTask.FromResult<RevisionSummary?>(new RevisionSummary(RevisionSnapshot.Read(entry.Canonical).Revision, entry.ReceivedAt, false));
        }
        catch (ArchiveDamagedException)
        {
            return ValueTask.FromResult<RevisionSummary?>(null);
        }
    }

    /// <summary>The revisions that ran, the running one first.</summary>
    private IEnumerable<(ActiveRevision Active, bool IsRunning)> Revisions()
    {
        var running = activation.Running;
        if (running is not null)
        {
            yield return (running, true);
        }
        var before = running?.Activation - 1 ?? long.MaxValue;
        for (var i = 0; i < MaxRevisionsSearched && archive.FindActivation(before) is { } entry; i++)
        {
            yield return (activation.Read(entry), false);
            before = entry.Position - 1;
        }
    }

    private IReadOnlyDictionary<string, RuleFigures> Figures() => work.ReadRuleFigures(time.GetUtcNow() - TimeSpan.FromDays(7));

    private RuleSummary Summary(Rule rule, IReadOnlyDictionary<string, RuleFigures> figures, IReadOnlyList<string> missing, string state)
    {
        var failing = activation.FailingTests;
        DateTimeOffset? fired = null;
        var alerts = 0;
        if (figures.TryGetValue(rule.Id, out var figure))
        {
            (fired, alerts) = (figure.LastFired, figure.Alerts);
        }
        var lacks = rule.ReferredClassifiers.Where(missing.Contains).ToArray();
        return new RuleSummary(
            rule.Id, rule.Version, rule.Family, rule.Severity, rule.Title, rule.Owner, state, rule.ReviewBy, rule.Tests.FiresOn.Count, rule.Tests.SilentOn.Count, fired, alerts,
            lacks.Length > 0 ? $"The model {string.Join(", ", lacks)} is missing: conditions on it are not evaluated."
                : state == "active" && failing.TryGetValue(rule.Id, out var tests) ? $"{tests} of its own tests fail: `surveillance rules test` shows which." : null);
    }

    private RuleText Text(ActiveRevision active, Rule rule, string state) => new(
        Summary(rule, Figures(), active.Revision.MissingModels, state), rule.Hash, rule.Why, rule.References, rule.Misses, AppliesTo(rule.AppliesTo),
        Words(rule.When), rule.Unless is { } unless ? Words(unless) : null,
        string.Create(CultureInfo.InvariantCulture, $"Matches of one {rule.Grouping.ToString().ToLowerInvariant()} sent within {Hours(rule.GroupWithin)} of the first share an alert"),
        [.. rule.Tests.FiresOn.Select(t => Test(t, fires: true)), .. rule.Tests.SilentOn.Select(t => Test(t, fires: false))],
        active.Book.Files.FirstOrDefault(f => f.Path == rule.Path)?.Text ?? "");

    private static RuleTestSummary Test(RuleTestCase test, bool fires) => new(test.Name ?? test.Messages[^1].Text ?? "a message without words", fires, test.Messages.Count);

    private static RuleWords Words(Condition condition) => new(condition.Pointer, condition.Operator, condition.Says, [.. condition.Children.Select(Words)]);

    private static string? AppliesTo(AppliesTo applies)
    {
        string[] parts =
        [
            .. applies.Channels is { } channels ? [$"channel {string.Join(", ", channels.Select(Names<Channel>.Of))}"] : Array.Empty<string>(),
            .. applies.Directions is { } directions ? [$"{string.Join(", ", directions.Select(Names<Direction>.Of))}"] : Array.Empty<string>(),
            .. applies.Kinds is { } kinds ? [$"kind {string.Join(", ", kinds.Select(Names<MessageKind>.Of))}"] : Array.Empty<string>(),
        ];
        return parts.Length == 0 ? null : string.Join("; ", parts);
    }

    private static string Hours(TimeSpan time) => time.TotalHours % 24 == 0 && time.TotalDays >= 2 ? $"{time.TotalDays:0} days" : time.TotalHours >= 1 ? $"{time.TotalHours:0.#} hours" : $"{time.TotalMinutes:0.#} minutes";
}
