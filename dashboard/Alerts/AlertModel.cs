using Surveillance.Alerting;
using Surveillance.Archive;
using Surveillance.Dashboard.Conversations;
using Surveillance.Messages;
using Surveillance.Review;
using Surveillance.Rules;

namespace Surveillance.Dashboard.Alerts;

/// <summary>That somebody else was faster.</summary>
/// <param name="By">Who; null for the engine.</param>
/// <param name="Did">What, such as "closed this as false positive: boilerplate".</param>
/// <param name="Ago">How long ago.</param>
/// <param name="Mine">What was asked for and not done.</param>
public sealed record StaleWrite(string? By, string Did, TimeSpan Ago, string Mine);

/// <summary>What the page of an alert shows.</summary>
public sealed record AlertModel
{
    /// <summary>The alert.</summary>
    public required AlertDetail Alert { get; init; }

    /// <summary>The match that the page explains.</summary>
    public required AlertMember Member { get; init; }

    /// <summary>Its place in <see cref="AlertDetail.Members"/>, from 0.</summary>
    public required int MemberIndex { get; init; }

    /// <summary>The conversation around it; empty when the archive does not give it.</summary>
    public required IReadOnlyList<MessageModel> Messages { get; init; }

    /// <summary>The address that shows more before, or null.</summary>
    public string? Earlier { get; init; }

    /// <summary>The address that shows more after, or null.</summary>
    public string? Later { get; init; }

    /// <summary>The numbers of the conditions.</summary>
    public required ConditionNumbers Numbers { get; init; }

    /// <summary>The HTML ids of the marks of a condition by its number; only those on the page.</summary>
    public required IReadOnlyDictionary<int, IReadOnlyList<string>> Anchors { get; init; }

    /// <summary>The version of the rule that raised it, or null when it is not known any more.</summary>
    public required RuleText? Rule { get; init; }

    /// <summary>The list that the reader comes from.</summary>
    public required AlertListQuery Context { get; init; }

    /// <summary>The alerts before and after it in that list.</summary>
    public required AlertNeighbours Neighbours { get; init; }

    /// <summary>The time now.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether the person may decide.</summary>
    public required bool CanDecide { get; init; }

    /// <summary>That somebody else was faster, or null.</summary>
    public StaleWrite? Stale { get; init; }

    /// <summary>What is wrong with what was sent, or null.</summary>
    public string? Problem { get; init; }

    /// <summary>The note as typed, kept after a refusal.</summary>
    public string? Note { get; init; }

    /// <summary>Whether the heading takes the focus: the reader came here by a decision.</summary>
    public bool FocusHeading { get; init; }

    /// <summary>The address of this alert, with another match or range.</summary>
    /// <param name="match">The match to explain, from 0.</param>
    /// <param name="before">How many messages before it.</param>
    /// <param name="after">How many messages after it.</param>
    public string Url(int match = 0, int before = 5, int after = 5)
    {
        var parts = new List<string>();
        if (Context.ToString() is { Length: > 0 } context)
        {
            parts.Add("ctx=" + Uri.EscapeDataString(context));
        }
        if (match > 0)
        {
            parts.Add($"match={match}");
        }
        if (before != 5)
        {
            parts.Add($"before={before}");
        }
        if (after != 5)
        {
            parts.Add($"after={after}");
        }
        return "/alerts/" + Alert.Row.Id + (parts.Count > 0 ? "?" + string.Join('&', parts) : "");
    }

    /// <summary>The address of another alert of the same list.</summary>
    /// <param name="id">Our id of it.</param>
    /// <param name="context">The list.</param>
    public static string UrlOf(OpaqueId id, AlertListQuery context) =>
        "/alerts/" + id + (context.ToString() is { Length: > 0 } query ? "?ctx=" + Uri.EscapeDataString(query) : "");
}
