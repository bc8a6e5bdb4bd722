using Surveillance.Messages;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Archive.Search;

/// <summary>Messages and queries over few words, so that they meet each other often. The same for the same seed.</summary>
internal sealed class RandomMessages(int seed)
{
    private static readonly string[] Words =
        ["alpha", "alpine", "alp", "beta", "Beta", "béta", "don't", "dont", "rate", "rates", "Ｒａｔｅ", "利率", "率", "利", "1.5", "15", "sign-up", "sign", "up", "раypal", "paypal", "😀", "\u200Bal\u200Bpha", "O'Neil", "हिन्दी", "AND", "NOT", "near", "text:alpha"];

    private static readonly string[] Addresses = ["+44 20 7946 0000", "+442079460000", "0044 20 7946 0000", "a.shah@bank.example", "A.Shah@Bank.Example", "wx_lee", "c.vogel@firm.example"];
    private static readonly string?[] Names = [null, "A. Shah", "C. Vogel", "李 雷", "Alpha Beta"];
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 9, 0, 0, TimeSpan.Zero);
    private readonly Random _random = new(seed);

    public CapturedMessage Message() => A.Message(
        Text(8), channel: One([Channel.WhatsApp, Channel.Email, Channel.Chat]), conversation: "c-" + _random.Next(4), sentAt: Start.AddMinutes(_random.Next(0, 60 * 24 * 5)),
        direction: One([Direction.Inbound, Direction.Outbound, Direction.Internal]), from: Person(null), to: [.. Enumerable.Range(0, _random.Next(0, 3)).Select(_ => Person(RecipientKind.To))],
        subject: _random.Next(3) == 0 ? Text(3) : null,
        attachments: [.. Enumerable.Range(0, _random.Next(4) == 0 ? _random.Next(1, 3) : 0).Select(_ => new Attachment(Text(2), Text: _random.Next(2) == 0 ? Text(4) : null))]);

    public string Query(Func<CapturedMessage, OpaqueId> conversationOf)
    {
        var terms = new List<string>();
        for (var n = _random.Next(1, 4); n > 0; n--)
        {
            terms.Add(_random.Next(10) switch
            {
                0 => "channel:" + One(["whatsapp", "email", "chat"]),
                1 => "direction:" + One(["inbound", "outbound", "internal"]),
                2 => One(["from:", "to:", "with:"]) + Quoted(One(Addresses)),
                3 => One(["from:", "to:", "with:"]) + One(["shah", "vog*", "7946", "李", "\"alpha beta\"", "bank.example"]),
                4 => "after:2026-05-0" + _random.Next(4, 9),
                5 => "before:" + Rfc3339.Format(Start.AddMinutes(_random.Next(0, 60 * 24 * 5))),
                6 => "conversation:" + conversationOf(A.Message(channel: One([Channel.WhatsApp, Channel.Email]), conversation: "c-" + _random.Next(5))),
                7 => Quoted(Text(3)),
                8 => One(["alp*", "alph*", "rat*", "pay*", "don*", "sign-up*"]),
                _ => One(Words),
            });
        }
        return string.Join(' ', terms);
    }

    private string Text(int most) => string.Join(_random.Next(4) == 0 ? "\n" : " ", Enumerable.Range(0, _random.Next(1, most + 1)).Select(_ => One(Words)));

    private Participant Person(RecipientKind? kind) => new(One(Addresses), null, One(Names), kind);

    private T One<T>(T[] of) => of[_random.Next(of.Length)];

    private static string Quoted(string words) => "\"" + words.Replace("\n", " ", StringComparison.Ordinal) + "\"";
}
