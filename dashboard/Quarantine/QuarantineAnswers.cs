using Surveillance.Dashboard.Description;
using Surveillance.Messages;
using Surveillance.Pipeline;

namespace Surveillance.Dashboard.Quarantine;

/// <summary>A message that could not be judged.</summary>
/// <param name="Message">Our id of it.</param>
/// <param name="Position">Its position in the archive.</param>
/// <param name="Conversation">Our id of its conversation.</param>
/// <param name="Channel">Its channel.</param>
/// <param name="Reason">The code of the reason.</param>
/// <param name="Detail">The reason in words.</param>
/// <param name="Since">Since when it lies there.</param>
/// <param name="Tries">How often it was tried.</param>
/// <param name="LastTry">When it was tried last.</param>
/// <param name="Retryable">Whether trying again can help.</param>
internal sealed record QuarantineEntry(
    string Message, long Position, string Conversation, [property: Words(typeof(Channel))] string Channel, string Reason, string Detail, [property: Moment] string Since, int Tries, [property: Moment] string LastTry, bool Retryable)
{
    internal static QuarantineEntry Of(QuarantineItem item) => new(
        item.Message.ToString(), item.Position, item.Conversation.ToString(), Names<Channel>.Of(item.Channel), item.Reason, item.Detail, Rfc3339.Format(item.Since), item.Tries, Rfc3339.Format(item.LastTry), item.Retryable);
}

/// <summary>A page of the quarantine.</summary>
/// <param name="Items">The messages by position.</param>
/// <param name="Next">What `after` takes for the next page; left out on the last.</param>
/// <param name="ApproxTotal">How many there are: exact up to 10,000; 10,001 means more.</param>
internal sealed record QuarantinePageAnswer(IReadOnlyList<QuarantineEntry> Items, string? Next, long ApproxTotal);
