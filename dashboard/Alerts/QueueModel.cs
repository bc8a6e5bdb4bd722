using Surveillance.Archive;
using Surveillance.Dashboard.Conversations;
using Surveillance.Messages;
using Surveillance.Review;
using Surveillance.Rules;

namespace Surveillance.Dashboard.Alerts;

/// <summary>An alert with the words that its row shows.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Message">Its first message; null when the archive does not give it (any longer).</param>
/// <param name="Part">The part that the snippet is cut from, as people name it; null for the text.</param>
/// <param name="Snippet">The snippet, marked.</param>
public sealed record QueueRow(AlertRow Alert, CapturedMessage? Message, string? Part, IReadOnlyList<TextPiece> Snippet)
{
    /// <summary>Cuts the snippet of an alert around its first evidence.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="message">Its first message, or null.</param>
    public static QueueRow Of(AlertRow alert, CapturedMessage? message)
    {
        if (message is null)
        {
            return new QueueRow(alert, null, null, []);
        }
        var evidence = alert.SnippetEvidence.Where(e => e.Message is null || e.Message == alert.SnippetMessage.ToString()).ToList();
        var part = evidence.Count == 0 || evidence.Exists(e => e.Part is null or "text") ? null : evidence[0].Part;
        var words = message.TextOf(part) ?? message.Subject ?? (message.Attachments is [var file, ..] ? file.Name : null) ?? "";
        var marks = evidence.Where(e => (e.Part is "text" ? null : e.Part) == part).Select(e => new Mark(e.Start, e.End, 1)).ToList();
        return new QueueRow(alert, message, part is null ? null : part == "subject" ? "Subject" : "Attachment", MessageText.Snippet(words, message.TextOf(part) is null ? [] : Joined(marks)));
    }

    // A row shows that there is evidence, not which condition it is of.
    private static List<Mark> Joined(List<Mark> marks)
    {
        var joined = new List<Mark>();
        foreach (var mark in marks.OrderBy(m => m.Start))
        {
            if (joined.Count > 0 && mark.Start <= joined[^1].End)
            {
                joined[^1] = joined[^1] with { End = Math.Max(joined[^1].End, mark.End) };
            }
            else
            {
                joined.Add(mark);
            }
        }
        return joined;
    }
}

/// <summary>Something that narrows a list, and what taking it away would show.</summary>
/// <param name="Title">What it asks for, such as "Severity: high".</param>
/// <param name="Url">The list without it.</param>
/// <param name="Hidden">How many alerts the list would have without it; null where that was not counted.</param>
public sealed record ActiveFilter(string Title, string Url, int? Hidden);

/// <summary>What the queue shows.</summary>
public sealed record QueueModel
{
    /// <summary>What the address asks for.</summary>
    public required AlertListQuery Query { get; init; }

    /// <summary>How tall the rows are.</summary>
    public required Density Density { get; init; }

    /// <summary>The rows in order.</summary>
    public required IReadOnlyList<QueueRow> Rows { get; init; }

    /// <summary>Cursor of the rows after these, or null.</summary>
    public required string? Next { get; init; }

    /// <summary>How many alerts the list has with each status, with the other filters as they are.</summary>
    public required IReadOnlyDictionary<AlertStatus, int> Counts { get; init; }

    /// <summary>The rules to choose from.</summary>
    public required IReadOnlyList<RuleSummary> Rules { get; init; }

    /// <summary>What narrows the list.</summary>
    public required IReadOnlyList<ActiveFilter> Active { get; init; }

    /// <summary>The time now.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether the person may decide.</summary>
    public required bool CanDecide { get; init; }

    /// <summary>Whether there is no alert at all.</summary>
    public required bool IsEmpty { get; init; }

    /// <summary>Whether the cursor of the address was not understood, so that the first page is shown.</summary>
    public bool CursorLost { get; init; }
}
