using Surveillance.Archive.Search;
using Surveillance.Dashboard.Description;
using Surveillance.Messages;

namespace Surveillance.Dashboard.Search;

/// <summary>Somebody who takes part in a message that was found.</summary>
/// <param name="Address">The address as captured.</param>
/// <param name="Role">What the person is to the firm.</param>
/// <param name="Name">The name shown.</param>
internal sealed record FoundPerson(string Address, [property: Words(typeof(Role))] string? Role, string? Name)
{
    internal static FoundPerson Of(Participant person) => new(person.Address, person.Role is { } role ? Names<Role>.Of(role) : null, person.Name);
}

/// <summary>A stretch of a message that answers the query.</summary>
/// <param name="Part">The part of the message; left out for the text.</param>
/// <param name="Start">UTF-16 offset of the first unit.</param>
/// <param name="End">UTF-16 offset after the last unit.</param>
internal sealed record FoundSpan(string? Part, int Start, int End);

/// <summary>A message that was found; what cannot be read back from the archive has its id and its position alone.</summary>
/// <param name="Id">Our id of it.</param>
/// <param name="Position">Its position in the archive.</param>
/// <param name="Conversation">Our id of its conversation.</param>
/// <param name="Channel">Its channel.</param>
/// <param name="Direction">Which way it went.</param>
/// <param name="SentAt">When it was sent.</param>
/// <param name="ReceivedAt">When it was kept.</param>
/// <param name="From">The sender.</param>
/// <param name="To">The recipients.</param>
/// <param name="Subject">The subject line.</param>
/// <param name="Snippet">The words around what was found.</param>
/// <param name="Evidence">Where the words that were asked for stand.</param>
/// <param name="Alerts">Our ids of alerts that have a match in it; left out without the scope alerts:read.</param>
internal sealed record FoundItem(
    string Id, long Position, string? Conversation, [property: Words(typeof(Channel))] string? Channel, [property: Words(typeof(Direction))] string? Direction,
    [property: Moment] string? SentAt, [property: Moment] string? ReceivedAt, FoundPerson? From, IReadOnlyList<FoundPerson>? To, string? Subject, string? Snippet,
    IReadOnlyList<FoundSpan>? Evidence, IReadOnlyList<string>? Alerts)
{
    internal static FoundItem Of(FoundMessage found)
    {
        var (entry, evidence, alerts) = (found.Entry, found.Evidence, found.Alerts?.Select(a => a.ToString()).ToArray());
        return entry is null
            ? new FoundItem(found.Id.ToString(), found.Position, null, null, null, null, null, null, null, null, null, Spans(evidence), alerts)
            : new FoundItem(
                found.Id.ToString(), found.Position, found.Conversation.ToString(), Names<Channel>.Of(entry.Message.Channel), Names<Direction>.Of(entry.Message.Direction),
                Rfc3339.Format(entry.Message.SentAt), Rfc3339.Format(entry.ReceivedAt), FoundPerson.Of(entry.Message.From), [.. entry.Message.To.Select(FoundPerson.Of)], entry.Message.Subject,
                string.Concat(MessageRow.Of(found).Snippet.Select(p => p.Text)), Spans(evidence), alerts);
    }

    private static FoundSpan[]? Spans(SearchEvidence? evidence) => evidence is null ? null : [.. evidence.Spans.Select(s => new FoundSpan(evidence.Part, s.Start, s.End))];
}

/// <summary>A page of messages that were found.</summary>
/// <param name="Items">The messages.</param>
/// <param name="Next">What `after` takes for the next page; left out on the last.</param>
/// <param name="ApproxTotal">How many there are, exact up to a limit; left out where it was not counted.</param>
/// <param name="IndexedTo">The position up to which the index is filled.</param>
/// <param name="Head">Position of the last entry kept.</param>
internal sealed record FoundPageAnswer(IReadOnlyList<FoundItem> Items, string? Next, long? ApproxTotal, long IndexedTo, long Head);
