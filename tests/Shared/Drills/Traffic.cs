using System.Globalization;
using System.Text;
using Surveillance.Messages;

namespace Surveillance.Tests.Drills;

/// <summary>Invented traffic that is the same for the same seed: conversations with promotions, opt-outs, card numbers, off-channel invitations and much that is harmless.</summary>
public static class Traffic
{
    private static readonly string[] Openers =
    [
        "Good morning, the statement for {0} is ready", "thanks, received", "Could you call me about {0} when you have a minute?", "The meeting moved to {0}",
        "ok 👍", "Please find the {0} attached", "what is the rate on the two year fix today?", "Two year is {1} per cent, five year a little less", "能发一下{0}的对账单吗", "Danke, bis {0}",
        "settlement on {0} went through, ref {2}", "order ref {2} is confirmed", "lunch at the usual place?", "I'll be out until {0}", "see you at the branch on {0}",
    ];

    private static readonly string[] Risky =
    [
        "Exclusive offer for you: our new {1}% saver closes {0}, sign up today and get £50 cashback, reply YES to claim", "Let's move this to my personal WhatsApp, not on here",
        "text me on my private number instead, easier to talk there", "card 4111 1111 1111 1111 exp 09/29 cvv 123", "my iban is DE89 3704 0044 0532 0130 00",
        "Please send me a photo of your card, both sides", "STOP", "please take me off your marketing list", "limited time promotion: open an account by {0} and win a bonus, don't miss out",
        "keep this off the record please, call my mobile", "王女士，本周限时理财优惠，名额有限，今天锁定吗？", "5555 5555 5555 4444 is the card, last 3 are 321",
    ];

    private static readonly string[] Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];

    /// <summary>The lines, one JSON object each, in an order in which a conversation's consent lines and messages follow each other.</summary>
    /// <param name="messages">How many messages.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="conversations">How many conversations they belong to.</param>
    public static IReadOnlyList<TrafficLine> Lines(int messages, int seed, int conversations)
    {
        var random = new Random(seed);
        var lines = new List<TrafficLine>(messages + conversations);
        var start = new DateTimeOffset(2026, 5, 4, 8, 0, 0, TimeSpan.Zero);
        var states = new ConsentState?[] { null, null, ConsentState.Granted, ConsentState.Withdrawn, ConsentState.SoftOptIn };
        var begun = new bool[conversations];
        for (var i = 0; i < messages; i++)
        {
            var c = random.Next(conversations);
            var client = string.Create(CultureInfo.InvariantCulture, $"+4477009{c:00000}");
            var account = "+442079460000";
            if (!begun[c])
            {
                begun[c] = true;
                if (states[random.Next(states.Length)] is { } state)
                {
                    var consent = new ConsentEntry(client, "marketing", state, start.AddDays(-30), Channel.WhatsApp, null, "drill");
                    lines.Add(new TrafficLine(c, null, Encoding.UTF8.GetString(CapturedMessageJson.Write(consent))));
                }
            }
            var outbound = random.Next(2) == 0;
            var text = string.Format(
                CultureInfo.InvariantCulture, random.Next(8) == 0 ? Risky[random.Next(Risky.Length)] : Openers[random.Next(Openers.Length)],
                Days[random.Next(Days.Length)], (random.Next(100, 600) / 100.0).ToString("0.00", CultureInfo.InvariantCulture), random.NextInt64(1_000_000_000, 9_999_999_999));
            var employee = new Participant(account, Role.Employee, "A. Shah");
            var person = new Participant(client, Role.Client, null);
            var message = new CapturedMessage
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"drill-{seed}-{i}"),
                Channel = Channel.WhatsApp,
                Account = account,
                Conversation = string.Create(CultureInfo.InvariantCulture, $"c-{c}"),
                SentAt = start.AddSeconds(i * 7),
                Direction = outbound ? Direction.Outbound : Direction.Inbound,
                From = outbound ? employee : person,
                To = [(outbound ? person : employee) with { As = RecipientKind.To }],
                Text = text,
            };
            lines.Add(new TrafficLine(c, message.Id, Encoding.UTF8.GetString(CapturedMessageJson.Write(message))));
        }
        return lines;
    }
}

/// <summary>A line of traffic.</summary>
/// <param name="Conversation">Number of its conversation.</param>
/// <param name="Id">Native id of the message; null for a consent line.</param>
/// <param name="Json">The line.</param>
public sealed record TrafficLine(int Conversation, string? Id, string Json);
