using Surveillance.Archive;
using Surveillance.Messages;
using Surveillance.Text;

namespace Surveillance.Dashboard.Conversations;

/// <summary>What became of a message later in the conversation.</summary>
/// <param name="Kind">edit, revoke, reaction or status.</param>
/// <param name="At">When.</param>
/// <param name="Id">Our id of the entry that says so.</param>
/// <param name="Words">The reaction, or the word of the status; null for edits and revokes.</param>
public sealed record Afterwards(MessageKind Kind, DateTimeOffset At, OpaqueId Id, string? Words);


/// <summary>A message as a conversation shows it.</summary>
/// <param name="Entry">The message.</param>
/// <param name="IsMatch">Whether an alert is about it.</param>
/// <param name="IsShownMatch">Whether it is the match that the page explains.</param>
/// <param name="Subject">The subject, cut; null where there is none.</param>
/// <param name="Text">The text, cut by zone; empty where there is none.</param>
/// <param name="Attachments">For each attachment its name and its words, cut.</param>
/// <param name="About">Our id of the message that it speaks of, when that is shown too.</param>
/// <param name="AboutSentAt">When that message was sent.</param>
/// <param name="Later">What became of it, oldest first.</param>
public sealed record MessageModel(
    ArchivedMessage Entry, bool IsMatch, bool IsShownMatch,
    IReadOnlyList<TextPiece>? Subject, IReadOnlyList<TextBlock> Text, IReadOnlyList<(IReadOnlyList<TextPiece> Name, IReadOnlyList<TextPiece> Words)> Attachments,
    OpaqueId? About, DateTimeOffset? AboutSentAt, IReadOnlyList<Afterwards> Later)
{
    /// <summary>Whether it is a mere note on another message: shown as one line.</summary>
    public bool IsNote => Entry.Message.Kind is MessageKind.Reaction or MessageKind.Status or MessageKind.Revoke or MessageKind.System && Text.All(b => !b.HasMarks) && !IsMatch;

    /// <summary>Whether something in it is marked.</summary>
    public bool HasMarks => Text.Any(b => b.HasMarks) || Subject?.Any(p => p.Marks.Count > 0) == true;
}

/// <summary>Evidence in a message, ready to be shown.</summary>
/// <param name="Message">Our id of the message.</param>
/// <param name="Part">The part; null for the text.</param>
/// <param name="Mark">What to mark.</param>
public sealed record PlacedMark(OpaqueId Message, string? Part, Mark Mark);

/// <summary>Makes what a conversation shows out of its messages and the evidence in them.</summary>
public static class ConversationModels
{
    /// <summary>The messages in their order, cut, marked and linked to each other.</summary>
    /// <param name="messages">The messages, as read.</param>
    /// <param name="marks">The evidence in any of them.</param>
    /// <param name="matches">The messages that the alert is about.</param>
    /// <param name="shown">The match that the page explains, or null.</param>
    public static IReadOnlyList<MessageModel> Of(
        IReadOnlyList<ArchivedMessage> messages, IReadOnlyList<PlacedMark> marks, IReadOnlySet<OpaqueId> matches, OpaqueId? shown)
    {
        var byNativeId = new Dictionary<string, ArchivedMessage>(StringComparer.Ordinal);
        var later = new Dictionary<OpaqueId, List<Afterwards>>();
        foreach (var entry in messages)
        {
            byNativeId.TryAdd(entry.Message.Id, entry);
        }
        foreach (var entry in messages)
        {
            var message = entry.Message;
            if (message.About is { } about && byNativeId.TryGetValue(about, out var target) && target.Id != entry.Id
                && message.Kind is MessageKind.Edit or MessageKind.Revoke or MessageKind.Reaction or MessageKind.Status)
            {
                if (!later.TryGetValue(target.Id, out var list))
                {
                    later[target.Id] = list = [];
                }
                list.Add(new Afterwards(message.Kind, message.SentAt, entry.Id, message.Kind is MessageKind.Reaction or MessageKind.Status ? message.Text ?? message.NativeKind : null));
            }
        }
        return [.. messages.Select(entry =>
        {
            var message = entry.Message;
            var own = marks.Where(m => m.Message == entry.Id).ToList();
            var about = message.About is { } id && byNativeId.TryGetValue(id, out var target) ? target : null;
            return new MessageModel(
                entry, matches.Contains(entry.Id), shown == entry.Id,
                message.Subject is { Length: > 0 } subject ? Flat(subject, own, "subject") : null,
                message.Text is { Length: > 0 } text ? MessageText.Cut(text, Zones(text), In(own, null)) : [],
                [.. message.Attachments.Select((a, i) => (Flat(a.Name ?? "", own, $"attachments/{i}/name"), Flat(a.Text ?? "", own, $"attachments/{i}/text")))],
                about?.Id, about?.Message.SentAt,
                later.GetValueOrDefault(entry.Id) ?? []);
        })];
    }

    private static IReadOnlyList<ZonedSpan> Zones(string text)
    {
        var prepared = PreparedText.Rent(text);
        try
        {
            return prepared.ZoneSpans;
        }
        finally
        {
            PreparedText.Return(prepared);
        }
    }

    private static IReadOnlyList<TextPiece> Flat(string words, List<PlacedMark> marks, string part) =>
        [.. MessageText.Cut(words, [], In(marks, part)).SelectMany(b => b.Pieces)];

    private static IReadOnlyList<Mark> In(List<PlacedMark> marks, string? part) =>
        [.. marks.Where(m => (m.Part is "text" ? null : m.Part) == part).Select(m => m.Mark)];
}
