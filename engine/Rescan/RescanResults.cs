using Surveillance.Messages;

namespace Surveillance.Rescan;

/// <summary>What a rescan found for one rule, in matches.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="Gained">Matches that did not stand before.</param>
/// <param name="Lost">Matches that stood before and no longer hold.</param>
/// <param name="Kept">Matches that stand as before.</param>
/// <param name="Decided">How many of the lost and kept belong to an alert that a person had decided; its decision stays.</param>
/// <param name="NotEvaluated">Matches that stand because nobody can tell whether they still hold.</param>
public sealed record RescanRuleResult(string Rule, long Gained, long Lost, long Kept, long Decided, long NotEvaluated);

/// <summary>How a match changed. The numbers are stored.</summary>
public enum RescanChangeKind
{
    /// <summary>It did not stand before.</summary>
    Gained = 0,
    /// <summary>It stood before and no longer holds.</summary>
    Lost = 1,
}

/// <summary>A match that a rescan gained or lost, or would have.</summary>
/// <param name="Number">Its number among the changes of the run, for going on after it.</param>
/// <param name="Kind">How it changed.</param>
/// <param name="Rule">The rule's id.</param>
/// <param name="Position">Position of the message.</param>
/// <param name="Message">Our id of the message.</param>
/// <param name="EvidenceKey">What makes it the same match when it is found again.</param>
/// <param name="Alert">Our id of the alert it belongs to; null in a dry run for what would be gained.</param>
public sealed record RescanChange(long Number, RescanChangeKind Kind, string Rule, long Position, OpaqueId Message, string EvidenceKey, OpaqueId? Alert);

/// <summary>A message that a rescan could not judge. What stood of it stays.</summary>
/// <param name="Position">Its position.</param>
/// <param name="Message">Our id of it.</param>
/// <param name="Detail">Why, for people; no words of the message.</param>
/// <param name="Tries">How often it was tried, at least 1.</param>
public sealed record RescanFailure(long Position, OpaqueId Message, string Detail, int Tries);
