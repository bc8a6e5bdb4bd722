using Surveillance.Messages;

namespace Surveillance.Rules;

/// <summary>A rule as a row of the list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">Its version that runs.</param>
/// <param name="Family">Its family, such as <c>marketing</c>.</param>
/// <param name="Severity">How much its matches weigh.</param>
/// <param name="Title">Its title.</param>
/// <param name="Owner">Who answers for it.</param>
/// <param name="State">active, shadow, paused or retired.</param>
/// <param name="ReviewBy">By when it must be looked at again, or null.</param>
/// <param name="FiringTests">How many of its tests must match.</param>
/// <param name="SilentTests">How many of its tests must not match.</param>
/// <param name="LastFired">When it last matched, UTC; null when never.</param>
/// <param name="AlertsOfWeek">How many alerts it opened in the last seven days.</param>
/// <param name="NotEvaluated">Why it cannot be evaluated in full, such as a missing model; null when nothing is missing.</param>
public sealed record RuleSummary(
    string Id, int Version, string Family, Severity Severity, string Title, string Owner, string State, DateOnly? ReviewBy,
    int FiringTests, int SilentTests, DateTimeOffset? LastFired, int AlertsOfWeek, string? NotEvaluated = null);

/// <summary>What runs, and what would run but does not.</summary>
/// <param name="Revision">Id of the running revision.</param>
/// <param name="ActivatedAt">When it took effect, UTC.</param>
/// <param name="ActivatedPosition">Messages after this position are judged by it.</param>
/// <param name="Rules">Its rules in order of family, then id.</param>
/// <param name="Problems">What is wrong with the files as they are now, each rendered for people over several lines; empty when they check. While it is not empty, <paramref name="Revision"/> goes on running.</param>
/// <param name="MissingModels">Names of classifiers that rules ask for and that are not there.</param>
public sealed record RuleBookStatus(
    string Revision, DateTimeOffset ActivatedAt, long ActivatedPosition,
    IReadOnlyList<RuleSummary> Rules, IReadOnlyList<string> Problems, IReadOnlyList<string> MissingModels)
{
    /// <summary>Name and hash of every model that judges, in order of name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Models { get; init; } = [];
}

/// <summary>A revision that came into force.</summary>
/// <param name="Revision">Its id.</param>
/// <param name="ActivatedAt">When it took effect, UTC.</param>
/// <param name="IsRunning">Whether it still judges what comes.</param>
public sealed record RevisionSummary(string Revision, DateTimeOffset ActivatedAt, bool IsRunning);

/// <summary>A condition in words, with the conditions it is made of.</summary>
/// <param name="Path">JSON pointer in the rule file, such as <c>/when/all/1</c>.</param>
/// <param name="Operator">The operator's name.</param>
/// <param name="Says">A sentence for people, without a full stop.</param>
/// <param name="Parts">The conditions it is made of.</param>
public sealed record RuleWords(string Path, string Operator, string Says, IReadOnlyList<RuleWords> Parts);

/// <summary>A test of a rule.</summary>
/// <param name="Name">Its name, or the text itself where it has no name.</param>
/// <param name="Fires">Whether the rule must match.</param>
/// <param name="Messages">How many messages it plays.</param>
public sealed record RuleTestSummary(string Name, bool Fires, int Messages);

/// <summary>A version of a rule in full.</summary>
/// <param name="Summary">Its row; figures are those of the rule, whatever the version.</param>
/// <param name="Hash">Hash of the rule with every lexicon, list and parameter it refers to, lower-case hex.</param>
/// <param name="Why">Why the rule exists.</param>
/// <param name="References">What it refers to, such as <c>SEC Rule 17a-4(b)(4)</c>.</param>
/// <param name="Misses">What it is known to miss, or null.</param>
/// <param name="AppliesTo">What it looks at at all, in words, or null for everything.</param>
/// <param name="When">When it matches.</param>
/// <param name="Unless">When it does not match all the same, or null.</param>
/// <param name="Grouping">How its matches become alerts, in words.</param>
/// <param name="Tests">Its tests: the firing ones, then the silent ones.</param>
/// <param name="Source">The rule file.</param>
public sealed record RuleText(
    RuleSummary Summary, string Hash, string Why, IReadOnlyList<string> References, string? Misses, string? AppliesTo,
    RuleWords When, RuleWords? Unless, string Grouping, IReadOnlyList<RuleTestSummary> Tests, string Source);

/// <summary>Tells people about the rules that run. Thread-safe.</summary>
public interface IRuleStatus
{
    /// <summary>What runs now.</summary>
    /// <param name="cancel">Ends the call.</param>
    ValueTask<RuleBookStatus> ReadAsync(CancellationToken cancel);

    /// <summary>The revision of an activation; null where there is none, or where another version of the program wrote it.</summary>
    /// <param name="position">Position of the activation.</param>
    /// <param name="cancel">Ends the call.</param>
    ValueTask<RevisionSummary?> FindRevisionAsync(long position, CancellationToken cancel);

    /// <summary>A version of a rule from the stored revisions, or null when there is none.</summary>
    /// <param name="id">The rule's id.</param>
    /// <param name="version">The version; null means the one that runs, or else the latest that ran.</param>
    /// <param name="cancel">Ends the call.</param>
    ValueTask<RuleText?> FindAsync(string id, int? version, CancellationToken cancel);
}
