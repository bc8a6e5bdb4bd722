using Surveillance.Messages;

namespace Surveillance.Alerting;

/// <summary>What a stored batch changed.</summary>
/// <param name="LastEvent">Sequence of the last alert event written; 0 when there was none.</param>
public readonly record struct CommitResult(long LastEvent)
{
    /// <summary>The matches that were not stored before.</summary>
    public IReadOnlyList<NewMatch> NewMatches { get => field ?? []; init; }
}

/// <summary>A match that was stored for the first time.</summary>
/// <param name="Rule">Id of the rule.</param>
/// <param name="Severity">How much it weighs.</param>
/// <param name="OpenedAlert">Whether it opened an alert rather than joining one.</param>
public readonly record struct NewMatch(string Rule, Severity Severity, bool OpenedAlert);
