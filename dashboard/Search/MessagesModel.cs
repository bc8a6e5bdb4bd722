using Surveillance.Archive.Search;
using Surveillance.Dashboard.Conversations;
using Surveillance.Messages;

namespace Surveillance.Dashboard.Search;

/// <summary>A message as a row shows it.</summary>
/// <param name="Found">The message.</param>
/// <param name="Part">The part that the snippet is cut from, as people name it; null for the text.</param>
/// <param name="Snippet">The snippet, marked.</param>
public sealed record MessageRow(FoundMessage Found, string? Part, IReadOnlyList<TextPiece> Snippet)
{
    /// <summary>Cuts the snippet of a message around the first words asked for.</summary>
    /// <param name="found">The message.</param>
    public static MessageRow Of(FoundMessage found)
    {
        if (found.Entry?.Message is not { } message)
        {
            return new MessageRow(found, null, []);
        }
        var part = found.Evidence is { } evidence ? evidence.Part : FirstPartOf(message);
        var marks = found.Evidence?.Spans.Select(s => new Mark(s.Start, s.End, 1)).ToList() ?? [];
        return new MessageRow(found, part is null ? null : part == "subject" ? "Subject" : "Attachment", MessageText.Snippet(message.TextOf(part) ?? "", marks));
    }

    /// <summary>The address of the message in its conversation; null without the message.</summary>
    public string? Url => Found.Entry is null ? null : $"/conversations/{Found.Conversation}?around={Found.Position}#m-{Found.Id}";

    private static string? FirstPartOf(CapturedMessage message) =>
        message.Text is { Length: > 0 } ? null : message.Subject is { Length: > 0 } ? "subject" : message.Attachments.Count > 0 ? "attachments/0/name" : null;
}

/// <summary>A query with what is wrong in it, to be shown one above the other.</summary>
/// <param name="Line">The query on one line.</param>
/// <param name="Carets">Carets under what is wrong.</param>
public sealed record MarkedQuery(string Line, string Carets)
{
    private const int Shown = 160;

    /// <summary>Marks one mistake; of a long query, what surrounds it is shown.</summary>
    /// <param name="text">The query as typed.</param>
    /// <param name="error">The mistake.</param>
    public static MarkedQuery Of(string text, SearchError error)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) || IsInvisible(c) ? '\uFFFD' : c));
        var at = Math.Min(error.Column - 1, line.Length);
        var start = line.Length <= Shown ? 0 : Math.Max(0, Math.Min(at - Shown / 2, line.Length - Shown));
        var end = Math.Min(line.Length, start + Shown);
        var length = Math.Max(1, Math.Min(error.Length, end - at));
        var (before, after) = (start > 0 ? "…" : "", end < line.Length ? "…" : "");
        return new MarkedQuery(before + line[start..end] + after, new string(' ', before.Length + at - start) + new string('^', length));
    }

    private static bool IsInvisible(char c) => char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator;
}

/// <summary>What the page of messages shows.</summary>
public sealed record MessagesModel
{
    /// <summary>What the address asks for.</summary>
    public required MessagesQuery Query { get; init; }

    /// <summary>The rows; empty where <see cref="Errors"/> or <see cref="Trouble"/> say why.</summary>
    public IReadOnlyList<MessageRow> Rows { get; init; } = [];

    /// <summary>Cursor of the rows after these, or null.</summary>
    public string? Next { get; init; }

    /// <summary>How many messages meet the query; null where that was not counted.</summary>
    public int? Total { get; init; }

    /// <summary>How far the index is; null when it cannot be read.</summary>
    public IndexProgress? Progress { get; init; }

    /// <summary>What is wrong with the query.</summary>
    public IReadOnlyList<SearchError> Errors { get; init; } = [];

    /// <summary>Why there is no answer, or null.</summary>
    public string? Trouble { get; init; }

    /// <summary>Whether the cursor of the address was not understood, so that the first page is shown.</summary>
    public bool CursorLost { get; init; }

    /// <summary>Whether the person may know of alerts.</summary>
    public required bool MayReadAlerts { get; init; }

    /// <summary>Whether the person may have the index made anew.</summary>
    public required bool MayRebuild { get; init; }

    /// <summary>How many rows there are altogether, in words.</summary>
    public string TotalWords => Total switch
    {
        null => "more than can be counted quickly",
        >= ISearchIndex.CountLimit => "more than 10,000 messages",
        1 => "1 message",
        { } n => n.ToString("N0", System.Globalization.CultureInfo.InvariantCulture) + " messages",
    };
}
