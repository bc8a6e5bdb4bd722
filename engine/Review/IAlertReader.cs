using Surveillance.Messages;

namespace Surveillance.Review;

/// <summary>Which alerts a list shows. Within a list any value counts, between lists all; an empty list asks nothing.</summary>
public sealed record AlertFilter
{
    /// <summary>Every alert.</summary>
    public static readonly AlertFilter Everything = new();

    /// <summary>The statuses.</summary>
    public IReadOnlyList<AlertStatus> Statuses { get; init; } = [];

    /// <summary>The severities.</summary>
    public IReadOnlyList<Severity> Severities { get; init; } = [];

    /// <summary>The ids of rules.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>The channels.</summary>
    public IReadOnlyList<Channel> Channels { get; init; } = [];

    /// <summary>The standings.</summary>
    public IReadOnlyList<Standing> Standings { get; init; } = [];
}

/// <summary>The order of a list of alerts.</summary>
public enum AlertSort
{
    /// <summary>Severity, heaviest first; then opened last first; then id.</summary>
    Priority,
    /// <summary>Opened last first; then id.</summary>
    Newest,
}

/// <summary>A page of alerts.</summary>
/// <param name="Items">The rows in order.</param>
/// <param name="Next">Cursor of the rows after these; null when there are none.</param>
public sealed record AlertPage(IReadOnlyList<AlertRow> Items, string? Next);

/// <summary>The rows before and after an alert in a list.</summary>
/// <param name="Previous">The row before it, or null.</param>
/// <param name="Next">The row after it, or null.</param>
public sealed record AlertNeighbours(OpaqueId? Previous, OpaqueId? Next);

/// <summary>Reads alerts for people. Thread-safe. Every call costs the same at any depth of the list.</summary>
public interface IAlertReader
{
    /// <summary>The highest number that <see cref="CountAsync"/> gives; it stands for "more".</summary>
    const int CountLimit = 10_001;

    /// <summary>A page of the list; null when the cursor is unreadable or belongs to another filter or order.</summary>
    /// <param name="filter">Which alerts.</param>
    /// <param name="sort">In which order.</param>
    /// <param name="after">The cursor of the page before, or null for the first page.</param>
    /// <param name="count">How many rows at most, 1 to 200.</param>
    /// <param name="cancel">Ends the call.</param>
    ValueTask<AlertPage?> PageAsync(AlertFilter filter, AlertSort sort, string? after, int count, CancellationToken cancel);

    /// <summary>How many alerts the filter lets through, at most <see cref="CountLimit"/>.</summary>
    /// <param name="filter">Which alerts.</param>
    /// <param name="cancel">Ends the call.</param>
    ValueTask<int> CountAsync(AlertFilter filter, CancellationToken cancel);

    /// <summary>An alert, or null when there is none of that id.</summary>
    /// <param name="id">Our id.</param>
    /// <param name="cancel">Ends the call.</param>
    ValueTask<AlertDetail?> FindAsync(OpaqueId id, CancellationToken cancel);

    /// <summary>The rows around an alert by its place in the order, whether or not the filter still lets it through itself.</summary>
    /// <param name="id">Our id of an alert; both are null for an unknown one.</param>
    /// <param name="filter">Which alerts.</param>
    /// <param name="sort">In which order.</param>
    /// <param name="cancel">Ends the call.</param>
    ValueTask<AlertNeighbours> NeighboursAsync(OpaqueId id, AlertFilter filter, AlertSort sort, CancellationToken cancel);

    /// <summary>The alerts that have a match in some messages, opened first first; messages without one are left out.</summary>
    /// <param name="positions">Positions of at most 200 messages.</param>
    /// <param name="cancel">Ends the call.</param>
    ValueTask<IReadOnlyDictionary<long, IReadOnlyList<OpaqueId>>> AlertsOfAsync(IReadOnlyCollection<long> positions, CancellationToken cancel);
}
