using System.Text;
using Surveillance.Messages;

namespace Surveillance.Archive.Search;

/// <summary>What the search index keeps of a message: tokens with blanks between, ready to be indexed.</summary>
/// <param name="Position">The position of its entry.</param>
/// <param name="Id">Our id of the message.</param>
/// <param name="SentAt">When it was sent, UTC.</param>
/// <param name="Text">Tokens of its words.</param>
/// <param name="Subject">Tokens of its subject.</param>
/// <param name="Files">Tokens of the names and words of its attachments, fences between.</param>
/// <param name="Sender">The mark of the sender's id, and tokens of address and name.</param>
/// <param name="Receivers">The same of every recipient.</param>
/// <param name="About">The marks of channel, direction and conversation.</param>
public sealed record SearchDocument(
    long Position, OpaqueId Id, DateTimeOffset SentAt, string Text, string Subject, string Files, string Sender, string Receivers, string About)
{
    /// <summary>What is kept of an entry.</summary>
    /// <param name="entry">An entry that holds a message.</param>
    /// <param name="ids">Makes the ids of this data folder.</param>
    /// <exception cref="ArchiveDamagedException">The content cannot be read back.</exception>
    public static SearchDocument Of(ArchivedEntry entry, IdMaker ids)
    {
        var message = entry.ReadMessage();
        var tokens = new StringBuilder();
        SearchTokens.Write(tokens, message.Text);
        var text = Take(tokens);
        SearchTokens.Write(tokens, message.Subject);
        var subject = Take(tokens);
        foreach (var file in message.Attachments)
        {
            SearchTokens.Write(tokens, file.Name);
            Mark(tokens, SearchTokens.Fence, "");
            SearchTokens.Write(tokens, file.Text);
            Mark(tokens, SearchTokens.Fence, "");
        }
        var files = Take(tokens);
        Add(tokens, message.From, ids);
        var sender = Take(tokens);
        foreach (var receiver in message.To)
        {
            Add(tokens, receiver, ids);
        }
        var receivers = Take(tokens);
        Mark(tokens, SearchMarks.OfChannel(message.Channel));
        Mark(tokens, SearchMarks.OfDirection(message.Direction));
        Mark(tokens, SearchMarks.OfConversation(entry.Conversation));
        return new SearchDocument(entry.Position, entry.Id, entry.SentAt, text, subject, files, sender, receivers, Take(tokens));
    }

    private static void Add(StringBuilder tokens, Participant person, IdMaker ids)
    {
        Mark(tokens, SearchMarks.OfPerson(ids.Person(person.Address)));
        SearchTokens.Write(tokens, person.Address);
        Mark(tokens, SearchTokens.Fence, "");
        SearchTokens.Write(tokens, person.Name);
        Mark(tokens, SearchTokens.Fence, "");
    }

    private static void Mark(StringBuilder tokens, string mark) => Mark(tokens, mark[0], mark.AsSpan(1));

    private static void Mark(StringBuilder tokens, char first, ReadOnlySpan<char> rest)
    {
        if (tokens.Length > 0)
        {
            tokens.Append(' ');
        }
        tokens.Append(first).Append(rest);
    }

    private static string Take(StringBuilder tokens)
    {
        var taken = tokens.ToString();
        tokens.Clear();
        return taken;
    }
}

/// <summary>Tokens that stand for facts of a message. Each begins with a character that is no letter to <see cref="Text.PreparedText"/>, so no word can be taken for one.</summary>
public static class SearchMarks
{
    /// <summary>The mark of a channel.</summary>
    /// <param name="channel">The channel.</param>
    public static string OfChannel(Channel channel) => "\uE001" + Names<Channel>.Of(channel);

    /// <summary>The mark of a direction.</summary>
    /// <param name="direction">The direction.</param>
    public static string OfDirection(Direction direction) => "\uE002" + Names<Direction>.Of(direction);

    /// <summary>The mark of a conversation.</summary>
    /// <param name="conversation">Our id of it.</param>
    public static string OfConversation(OpaqueId conversation) => "\uE003" + conversation;

    /// <summary>The mark of a person.</summary>
    /// <param name="person">Our id of the person.</param>
    public static string OfPerson(OpaqueId person) => "\uE004" + person;
}
