using Surveillance.Messages;

namespace Surveillance.Review;

/// <summary>What a person decides about an alert: a disposition with its reason, or an escalation.</summary>
/// <param name="Disposition">What it was found to be; null only for an escalation.</param>
/// <param name="Reason">The reason's code (<see cref="Reasons"/>); null only for an escalation.</param>
/// <param name="Note">The person's words, at most 2,000 characters; must be there for an escalation.</param>
/// <param name="EscalateTo">To whom it is passed, such as <c>supervisor</c>; null when it is closed.</param>
public sealed record Decision(Disposition? Disposition, string? Reason, string? Note = null, string? EscalateTo = null);

/// <summary>What came of a decision.</summary>
public abstract record DecisionOutcome
{
    private DecisionOutcome() { }

    /// <summary>It holds.</summary>
    /// <param name="Version">The alert's version now.</param>
    /// <param name="UndoToken">Takes it back; opaque, safe in a form.</param>
    /// <param name="Until">Until when the token works, UTC.</param>
    public sealed record Done(int Version, string UndoToken, DateTimeOffset Until) : DecisionOutcome;

    /// <summary>There is no alert of that id.</summary>
    public sealed record UnknownAlert : DecisionOutcome;

    /// <summary>Somebody changed the alert since it was read; nothing was written.</summary>
    /// <param name="Current">The alert as it is.</param>
    /// <param name="ChangedBy">User name of the person who changed it; null for the engine.</param>
    /// <param name="At">When it was changed, UTC.</param>
    public sealed record Stale(AlertRow Current, string? ChangedBy, DateTimeOffset At) : DecisionOutcome;

    /// <summary>The decision is incomplete or does not suit the alert's status; nothing was written.</summary>
    /// <param name="Field">The field at fault: <c>disposition</c>, <c>reason</c>, <c>note</c>, <c>escalateTo</c> or <c>status</c>.</param>
    /// <param name="Detail">A sentence for people.</param>
    public sealed record Invalid(string Field, string Detail) : DecisionOutcome;
}

/// <summary>What came of taking a decision back.</summary>
public enum UndoOutcome
{
    /// <summary>The alert is as it was before the decision.</summary>
    Done,
    /// <summary>There is no alert of that id, or the token is not one of its tokens.</summary>
    Unknown,
    /// <summary>The time to undo has passed.</summary>
    WindowPassed,
    /// <summary>Somebody changed the alert since the decision.</summary>
    Changed,
}

/// <summary>Where people decide alerts. Every change is one event of the alert and one audit entry, written together or not at all.</summary>
public interface IReviewDesk
{
    /// <summary>How long a decision can be taken back.</summary>
    static readonly TimeSpan UndoWindow = TimeSpan.FromSeconds(30);

    /// <summary>Decides an alert.</summary>
    /// <param name="alert">Our id.</param>
    /// <param name="ifVersion">The version that the person saw.</param>
    /// <param name="decision">What was decided.</param>
    /// <param name="actor">User name of the person.</param>
    /// <param name="cancel">Ends the call.</param>
    ValueTask<DecisionOutcome> DecideAsync(OpaqueId alert, int ifVersion, Decision decision, string actor, CancellationToken cancel);

    /// <summary>Takes a decision back by appending the opposite.</summary>
    /// <param name="alert">Our id.</param>
    /// <param name="undoToken">The token of <see cref="DecisionOutcome.Done"/>.</param>
    /// <param name="actor">User name of the person; only who decided may undo.</param>
    /// <param name="cancel">Ends the call.</param>
    ValueTask<UndoOutcome> UndoAsync(OpaqueId alert, string undoToken, string actor, CancellationToken cancel);

    /// <summary>Opens a closed or escalated alert again, at any later time.</summary>
    /// <param name="alert">Our id.</param>
    /// <param name="ifVersion">The version that the person saw.</param>
    /// <param name="note">Why, in the person's words; must be there.</param>
    /// <param name="actor">User name of the person.</param>
    /// <param name="cancel">Ends the call.</param>
    ValueTask<DecisionOutcome> ReopenAsync(OpaqueId alert, int ifVersion, string? note, string actor, CancellationToken cancel);
}
