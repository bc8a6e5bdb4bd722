using System.Globalization;
using Surveillance.Messages;

namespace Surveillance.Tests;

/// <summary>Builds what a test needs and fills in what it does not care about.</summary>
public static partial class A
{
    private static int s_next;

    /// <summary>A message; every call gives another id.</summary>
    public static CapturedMessage Message(
        string? text = "good morning",
        string? id = null,
        Channel channel = Channel.WhatsApp,
        string? account = "+442079460000",
        string conversation = "c-1",
        DateTimeOffset? sentAt = null,
        Direction direction = Direction.Outbound,
        MessageKind kind = MessageKind.Text,
        Participant? from = null,
        IReadOnlyList<Participant>? to = null,
        string? subject = null,
        MessageTemplate? template = null,
        IReadOnlyList<Attachment>? attachments = null)
    {
        var employee = new Participant("+442079460000", Role.Employee, "A. Shah");
        var client = new Participant("+4915112345678", Role.Client, "C. Vogel");
        var colleague = new Participant("+442079460001", Role.Employee, "B. Osei");
        return new CapturedMessage
        {
            Id = id ?? "m-" + Interlocked.Increment(ref s_next).ToString(CultureInfo.InvariantCulture),
            Channel = channel,
            Account = account,
            Conversation = conversation,
            SentAt = sentAt ?? new DateTimeOffset(2026, 5, 4, 9, 12, 0, TimeSpan.Zero),
            Direction = direction,
            Kind = kind,
            From = from ?? (direction == Direction.Inbound ? client : employee),
            To = to ?? [(direction switch { Direction.Inbound => employee, Direction.Internal => colleague, _ => client }) with { As = RecipientKind.To }],
            Subject = subject,
            Text = text,
            Template = template,
            Attachments = attachments ?? [],
        };
    }
}
