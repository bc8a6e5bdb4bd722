using System.Globalization;
using Surveillance.Alerting;
using Surveillance.Archive;
using Surveillance.Health;
using Surveillance.Messages;
using Surveillance.Pipeline;
using Surveillance.Review;
using Surveillance.Rules;

namespace Surveillance.Browser.Tests.Staged;

/// <summary>Puts an ordinary day of a small firm on the stage. All names, numbers and words are invented.</summary>
internal sealed partial class Stage
{
    private static readonly Participant Shah = new("+442079460000", Role.Employee, "Anika Shah");
    private static readonly Participant Osei = new("b.osei@larchmont.example", Role.Employee, "Ben Osei");
    private static readonly Participant Vogel = new("+4915112345678", Role.Client, "Clara Vogel");
    private static readonly Participant Lindqvist = new("p.lindqvist@nordhavn.example", Role.Client, "Per Lindqvist");
    private static readonly Participant Chen = new("wxid_chenwei88", Role.Client, "陈伟");
    private static readonly Participant Haddad = new("+97145551234", Role.Client, "سامي حداد");

    private readonly DateTimeOffset _now;
    private int _native;

    public Stage(TimeProvider time)
    {
        World = new StagedWorld(time);
        _now = time.GetUtcNow();
    }

    public StagedWorld World { get; }

    public OpaqueId OffChannel { get; private set; }

    public OpaqueId MailAlert { get; private set; }

    public OpaqueId Consent { get; private set; }

    public OpaqueId Hostile { get; private set; }

    public OpaqueId Conversation { get; private set; }

    public Stage Fill(int extra = 64)
    {
        AddRules();
        AddExtra(extra);
        AddConsent();
        AddMail();
        AddSensitive();
        AddHostile();
        AddOffChannel();
        AddQuarantine();
        AddJobs();
        AddSources();
        World.Progress = new PipelineProgress(18_412, 3, _now.AddSeconds(-2), _now.AddSeconds(-2), 1_284, true);
        return this;
    }

    public CapturedMessage Message(
        string conversation, Channel channel, Participant from, Participant to, TimeSpan ago, string? text, string? subject = null, MessageKind kind = MessageKind.Text,
        string? about = null, MessageTemplate? template = null, IReadOnlyList<Attachment>? attachments = null, string? id = null) => new()
    {
        Id = id ?? "n-" + (++_native).ToString(CultureInfo.InvariantCulture),
        Channel = channel,
        Account = channel == Channel.Email ? "larchmont.example" : "+442079460000",
        Conversation = conversation,
        SentAt = _now - ago,
        Direction = from.Role == Role.Employee ? to.Role == Role.Employee ? Direction.Internal : Direction.Outbound : Direction.Inbound,
        Kind = kind,
        From = @from,
        To = [to with { As = RecipientKind.To }],
        Subject = subject,
        Text = text,
        About = about,
        Template = template,
        Attachments = attachments ?? [],
    };

    private ArchivedMessage Say(string conversation, Channel channel, Participant from, Participant to, double minutesAgo, string? text, string? subject = null,
        MessageKind kind = MessageKind.Text, string? about = null, MessageTemplate? template = null, IReadOnlyList<Attachment>? attachments = null, string? id = null) =>
        World.Keep(Message(conversation, channel, from, to, TimeSpan.FromMinutes(minutesAgo), text, subject, kind, about, template, attachments, id));

    /// <summary>Evidence for every place where the words stand.</summary>
    public static EvidenceSpan Span(ArchivedMessage message, string words, string condition, string? part = null, bool other = false)
    {
        var start = message.Message.TextOf(part)!.IndexOf(words, StringComparison.Ordinal);
        return start >= 0 ? new EvidenceSpan(start, start + words.Length, condition, part, other ? message.Id.ToString() : null) : throw new ArgumentException("Not in the text.", nameof(words));
    }

    public AlertDetail Alert(
        string rule, IReadOnlyList<(ArchivedMessage Message, IReadOnlyList<EvidenceSpan> Evidence)> matches, ProofNode when, ProofNode? unless = null,
        IReadOnlyList<ProofConsent>? consent = null, IReadOnlyList<ProofModel>? models = null, bool tell = true, DateTimeOffset? at = null)
    {
        var summary = World.Book.Rules.First(r => r.Id == rule);
        var (first, evidence) = matches[0];
        var members = matches.Select(m => new AlertMember(m.Message.Id, m.Message.Position, rule, summary.Version, m.Evidence, new MatchProof
        {
            Rule = rule,
            Version = summary.Version,
            VersionHash = "5f0b7a1c9e2d4418a6c3f1e07d92b8446c0f5de1a2937b80c4e6d1f23a598b70",
            Revision = World.Book.Revision,
            Position = m.Message.Position,
            When = when,
            Unless = unless,
            Consent = consent ?? [],
            Models = models ?? [],
        })).ToList();
        var opened = at ?? matches[^1].Message.ReceivedAt.AddSeconds(1);
        var row = new AlertRow
        {
            Id = World.Ids.Message(new NativeKey(Channel.Other, "alert", rule + "/" + first.Id)),
            Version = 1,
            RuleId = rule,
            RuleTitle = summary.Title,
            RuleVersion = summary.Version,
            Family = summary.Family,
            Severity = summary.Severity,
            Status = AlertStatus.Open,
            Channel = first.Message.Channel,
            Conversation = World.Ids.Conversation(first.Message),
            Count = matches.Count,
            OpenedAt = opened,
            LastSentAt = matches[^1].Message.Message.SentAt,
            SnippetMessage = first.Id,
            SnippetEvidence = [.. evidence.Take(20)],
        };
        return World.Raise(new AlertDetail(row, members, []), tell);
    }

    private void AddRules()
    {
        World.Book = new RuleBookStatus("r-2026-05-04-7c19e0b2a4f8", _now.AddHours(-31), 15_220,
        [
            Rule("marketing-objected", "marketing", Severity.High, "Marketing sent to a client who objected", 3, 6, 9, _now.AddMinutes(-52), 14),
            Rule("marketing-without-consent", "marketing", Severity.Medium, "Marketing sent without consent", 4, 8, 11, _now.AddMinutes(-9), 61, "The model marketing is missing: its condition is not evaluated."),
            Rule("off-channel-move", "off-channel", Severity.Critical, "Business talk moved to a channel we do not record", 3, 12, 15, _now.AddMinutes(-3), 9),
            Rule("off-channel-device", "off-channel", Severity.High, "Personal number or address offered to a client", 2, 7, 8, _now.AddHours(-5), 12),
            Rule("card-number-in-chat", "sensitive-data", Severity.High, "Payment card number sent in a chat", 1, 5, 9, _now.AddMinutes(-21), 22),
            Rule("bank-details-out", "sensitive-data", Severity.Low, "Bank details sent outside of the firm", 2, 4, 6, null, 0),
        ], [], []) { Models = [KeyValuePair.Create("marketing", "9c1e6f0f2b7a4d18a6c3f1e07d92b8446c0f5de1a2937b80c4e6d1f23a598b70")] };
        foreach (var rule in World.Book.Rules)
        {
            World.Rules[rule.Id] = new RuleText(
                rule, "5f0b7a1c9e2d4418a6c3f1e07d92b8446c0f5de1a2937b80c4e6d1f23a598b70",
                "Records must be kept of business communications: SEC Rule 17a-4(b)(4), FCA SYSC 10A. What is said elsewhere is lost to supervision.",
                ["SEC Rule 17a-4(b)(4)", "FCA SYSC 10A.1"], "Invitations made in a picture or by voice.", "messages of WhatsApp, WeChat and e-mail that are outbound",
                new RuleWords("/when", "all", "all of these hold",
                [
                    new RuleWords("/when/all/0", "lexicon", "a phrase of the lexicon off-channel-invitations is used in the sender's own words", []),
                    new RuleWords("/when/all/1", "any", "at least one of these holds",
                    [
                        new RuleWords("/when/all/1/any/0", "near", "a word of the lexicon channels stands within 8 words of a word of the lexicon private", []),
                        new RuleWords("/when/all/1/any/1", "phrase", "\"delete this\" is said", []),
                    ]),
                ]),
                new RuleWords("/unless", "lexicon", "a phrase of the lexicon recorded-channels is used", []),
                "One alert for a conversation and 24 hours.",
                [
                    new RuleTestSummary("ping me on my personal whatsapp instead", true, 1),
                    new RuleTestSummary("price talk, then an invitation two messages later", true, 3),
                    new RuleTestSummary("our WhatsApp channel is archived", false, 1),
                    new RuleTestSummary("the client asked whether we use WhatsApp", false, 1),
                ],
                Source(rule));
        }

        static RuleSummary Rule(string id, string family, Severity severity, string title, int version, int fires, int silent, DateTimeOffset? fired, int week, string? missing = null) =>
            new(id, version, family, severity, title, "compliance", "active", new DateOnly(2027, 6, 30), fires, silent, fired, week, missing);
    }

    private static string Source(RuleSummary rule) =>
        $$"""
        {
          "$schema": "../../rules.schema.json",
          "id": "{{rule.Id}}", "version": {{rule.Version}}, "family": "{{rule.Family}}", "severity": "{{Names<Severity>.Of(rule.Severity)}}",
          "title": "{{rule.Title}}",
          "why": "Records must be kept of business communications: SEC Rule 17a-4(b)(4), FCA SYSC 10A.",
          "when": { "all": [
            { "lexicon": "off-channel-invitations" },
            { "any": [
              { "near": { "first": { "lexicon": "channels" }, "second": { "lexicon": "private" }, "words": 8 } },
              { "phrase": "delete this" } ] } ] },
          "unless": { "lexicon": "recorded-channels" }
        }
        """;

    private void AddOffChannel()
    {
        const string c = "c-vogel";
        Say(c, Channel.WhatsApp, Vogel, Shah, 41, "Morning! Have you seen where the Nordhavn paper opened?");
        Say(c, Channel.WhatsApp, Shah, Vogel, 39, "Good morning Clara. Yes, 40 bp wider than on Friday. I would not chase it before the auction.");
        Say(c, Channel.WhatsApp, Vogel, Shah, 36, "And if somebody already knew how the auction goes? 😉");
        Say(c, Channel.WhatsApp, Vogel, Shah, 35, null, kind: MessageKind.Image, attachments: [new Attachment("screenshot-auction.png", "image/png", 188_230, "9c1f6e07d92b8446c0f5de1a2937b80c4e6d1f23a598b705f0b7a1c9e2d4418a")]);
        var talk = Say(c, Channel.WhatsApp, Shah, Vogel, 11, "What price did they give you for the block?");
        Say(c, Channel.WhatsApp, Vogel, Shah, 9, "98.40 for the whole block, before noon.");
        var move = Say(c, Channel.WhatsApp, Shah, Vogel, 4, "Rather not here. Text me on my personal WhatsApp, and delete this afterwards.", id: "n-move");
        Say(c, Channel.WhatsApp, Vogel, Shah, 3.6, "👍", kind: MessageKind.Reaction, about: "n-move");
        Say(c, Channel.WhatsApp, Vogel, Shah, 3.2, "ok, in five minutes");
        var again = Say(c, Channel.WhatsApp, Shah, Vogel, 2.8, "Same number as last time, ping me there.", id: "n-again");
        Say(c, Channel.WhatsApp, Shah, Vogel, 2, null, kind: MessageKind.Revoke, about: "n-move");
        Conversation = World.Ids.Conversation(move.Message);
        var when = new ProofNode("/when", "all", "all of these hold", ProofState.Matched)
        {
            Parts =
            [
                new ProofNode("/when/all/0", "lexicon", "a phrase of the lexicon off-channel-invitations is used", ProofState.Matched)
                {
                    Value = "1 phrase", Threshold = "at least 1", Evidence = [Span(move, "Text me on my personal WhatsApp", "/when/all/0")],
                },
                new ProofNode("/when/all/1", "any", "at least one of these holds", ProofState.Matched)
                {
                    Parts =
                    [
                        new ProofNode("/when/all/1/any/0", "phrase", "\"delete this\" is said", ProofState.Matched) { Evidence = [Span(move, "delete this", "/when/all/1/any/0")] },
                        new ProofNode("/when/all/1/any/1", "near", "a word of the lexicon channels stands near a word of the lexicon private", ProofState.Matched) { Value = "1 word apart", Threshold = "at most 8 words" },
                        new ProofNode("/when/all/1/any/2", "classifier", "the model secrecy gives at least 0.80", ProofState.NotEvaluated) { Threshold = "at least 0.80", Note = "the model secrecy is missing" },
                    ],
                },
                new ProofNode("/when/all/2", "sequence", "somebody spoke of a price at most 24 hours before", ProofState.Matched) { Value = "7 minutes before", Threshold = "at most 24 hours", Evidence = [Span(talk, "What price did they give you", "/when/all/2", other: true)] },
                new ProofNode("/when/all/3", "participants", "a client is among the recipients", ProofState.Matched),
            ],
        };
        var unless = new ProofNode("/unless", "lexicon", "a phrase of the lexicon recorded-channels is used", ProofState.NotMatched) { Value = "0 phrases", Threshold = "at least 1" };
        OffChannel = Alert("off-channel-move",
        [
            (move, [Span(move, "Text me on my personal WhatsApp", "/when/all/0"), Span(move, "my personal WhatsApp, and delete this", "/when/all/1/any/1"), Span(move, "delete this", "/when/all/1/any/0"), Span(talk, "What price did they give you", "/when/all/2", other: true)]),
            (again, [Span(again, "ping me there", "/when/all/0")]),
        ], when, unless).Row.Id;
    }

    private void AddConsent()
    {
        const string c = "c-haddad";
        Say(c, Channel.WhatsApp, Haddad, Shah, 190, "شكرا، لا أريد رسائل عن العروض بعد الآن.");
        var sent = Say(c, Channel.WhatsApp, Shah, Haddad, 53, "Our spring offer ends on Friday: 4.1 % on twelve months. Reply YES and I reserve it for you.", template: new MessageTemplate("spring_rates", "marketing"), kind: MessageKind.Template);
        var edit = Say(c, Channel.WhatsApp, Shah, Haddad, 51, "Our spring offer ends on Friday: 4.2 % on twelve months. Reply YES and I reserve it for you.", kind: MessageKind.Edit, about: sent.Message.Id);
        _ = edit;
        var when = new ProofNode("/when", "all", "all of these hold", ProofState.Matched)
        {
            Parts =
            [
                new ProofNode("/when/all/0", "any", "at least one of these holds", ProofState.Matched)
                {
                    Parts =
                    [
                        new ProofNode("/when/all/0/any/0", "classifier", "the model marketing gives at least 0.80", ProofState.Matched) { Value = "0.963", Threshold = "at least 0.80" },
                        new ProofNode("/when/all/0/any/1", "templateCategory", "the template is of the category marketing", ProofState.Matched),
                        new ProofNode("/when/all/0/any/2", "lexicon", "a phrase of the lexicon offers is used", ProofState.Matched) { Value = "2 phrases", Threshold = "at least 1" },
                    ],
                },
                new ProofNode("/when/all/1", "consent", "the client objected to marketing, or withdrew the consent", ProofState.Matched) { Value = "objected", Threshold = "withdrawn or objected" },
            ],
        };
        Consent = Alert("marketing-objected",
            [(sent, [Span(sent, "Our spring offer ends on Friday", "/when/all/0/any/2"), Span(sent, "Reply YES and I reserve it", "/when/all/0/any/2")])], when,
            consent: [new ProofConsent(World.Ids.Person(Haddad.Address).ToString(), "marketing", "objected", _now.AddMinutes(-190), 17_003)],
            models: [new ProofModel("marketing", "c3f1e07d92b8446c0f5de1a2937b80c4e6d1f23a598b705f0b7a1c9e2d4418a6", 0.963)]).Row.Id;
    }

    private void AddMail()
    {
        const string c = "thread-quote";
        Say(c, Channel.Email, Lindqvist, Osei, 400, "Ben,\n\ncould you send me the quote for the block again? The other one is out of date.\n\nRegards\nPer", "Quote for the block");
        var mail = Say(c, Channel.Email, Osei, Lindqvist, 300,
            """
            Hi Per,

            attached. For anything quick use my own address, ben.osei.private@mailbox.example, I read that one on the road.

            Best
            Ben
            --
            Ben Osei, Larchmont Partners
            +44 20 7946 0001

            On Mon, 4 May 2026 at 08:02, Per Lindqvist wrote:
            > Ben,
            > could you send me the quote for the block again? The other one is out of date.

            This e-mail is confidential and intended for the addressee only. If you have received it in error, please tell the sender and delete it.
            """, "Re: Quote for the block",
            attachments: [new Attachment("quote-q2.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 18_211, "07d92b8446c0f5de1a2937b80c4e6d1f23a598b705f0b7a1c9e2d4418a9c1f6e", "Block 4, 25 m, 98.40\nBlock 5, 10 m, 97.95")]);
        Say(c, Channel.Email, Lindqvist, Osei, 280, "Thanks, will do.\n\nPer", "Re: Quote for the block");
        var when = new ProofNode("/when", "all", "all of these hold", ProofState.Matched)
        {
            Parts =
            [
                new ProofNode("/when/all/0", "pii", "an e-mail address or a phone number is given in the sender's own words", ProofState.Matched) { Value = "1 e-mail address, 0.97", Threshold = "at least 0.60" },
                new ProofNode("/when/all/1", "lexicon", "a phrase of the lexicon private is used", ProofState.Matched) { Value = "1 phrase", Threshold = "at least 1" },
                new ProofNode("/when/all/2", "direction", "the message is outbound", ProofState.Matched),
            ],
        };
        MailAlert = Alert("off-channel-device", [(mail, [Span(mail, "ben.osei.private@mailbox.example", "/when/all/0"), Span(mail, "use my own address", "/when/all/1")])], when).Row.Id;
    }

    private void AddSensitive()
    {
        var sent = Say("c-chen", Channel.WeChat, Chen, Shah, 22, "您好，我的卡号是 4111 1111 1111 1111，麻烦您帮我确认一下。");
        Say("c-chen", Channel.WeChat, Shah, Chen, 20, "收到，请不要在聊天里发送卡号。");
        Alert("card-number-in-chat", [(sent, [Span(sent, "4111 1111 1111 1111", "/when")])],
            new ProofNode("/when", "pii", "a payment card number stands in the message", ProofState.Matched) { Value = "1 number, check digit right", Threshold = "at least 1" });
    }

    private void AddHostile()
    {
        var sent = Say("c-hostile", Channel.Chat, new Participant("eve\u202Egnp.exe@mailbox.example", Role.External, "Eve \u202Egnp.exe"), Osei, 15,
            "<script>alert('x')</script> <img src=x onerror=alert(1)> invoice\u202Egnp.exe \u200Bhid\u200Bden\u0000 text me, " + new string('W', 400) + " 👩‍👩‍👧‍👦 e\u0301 \uD83D",
            attachments: [new Attachment("\u202Egnp.exe", "image/png", 10)]);
        Hostile = Alert("off-channel-device", [(sent, [Span(sent, "text me", "/when")])],
            new ProofNode("/when", "phrase", "\"text me\" is said", ProofState.Matched) { Evidence = [Span(sent, "text me", "/when")] }).Row.Id;
    }

    /// <summary>Five weeks of hours: WhatsApp busy by day, mail steady, WeChat silent since this morning.</summary>
    private void AddSources()
    {
        long[] Hours(Func<int, int, long> count) => [.. Enumerable.Range(0, 840).Select(i => count((int)((_now.Ticks / TimeSpan.TicksPerHour - 839 + i) % 24), 839 - i))];
        World.Sources.Add(new SourceActivity(Channel.WhatsApp, _now.AddSeconds(-2), Hours((hour, ago) => hour is >= 6 and < 20 ? 60 + hour * 7 % 40 : 3)));
        World.Sources.Add(new SourceActivity(Channel.WeChat, _now.AddHours(-6), Hours((hour, ago) => ago < 6 ? 0 : 12)));
        World.Sources.Add(new SourceActivity(Channel.Email, _now.AddMinutes(-9), Hours((hour, ago) => hour is >= 7 and < 18 ? 25 : 0)));
        World.Storage = new StorageState([new StoredFile("archive.db", 61_440_000), new StoredFile("work.db", 22_118_400)], 41_200_000_000, 64_000_000_000, "SQLite 3.50.4");
    }

    private void AddQuarantine()
    {
        var broken = Say("c-chen", Channel.WeChat, Chen, Shah, 18, "?");
        World.Quarantine(new QuarantineItem(broken.Id, broken.Position, World.Ids.Conversation(broken.Message), Channel.WeChat, "evaluation-failed", "A condition took more than its limit of time.", _now.AddMinutes(-18), 3, _now.AddMinutes(-2)));
        var conflict = Say("c-vogel", Channel.WhatsApp, Vogel, Shah, 90, "See you at ten.");
        World.Quarantine(new QuarantineItem(conflict.Id, conflict.Position, Conversation, Channel.WhatsApp, "conflict", "Another message was kept under the same id: 9c1f6e07… and c3f1e07d….", _now.AddMinutes(-90), 1, _now.AddMinutes(-90), Retryable: false));
    }

    private void AddExtra(int count)
    {
        string[] offers =
        [
            "Last places for our webinar on green bonds: sign up by Thursday and bring a friend.",
            "New this month: our income fund pays 5.2 % a year. Shall I send you the sheet?",
            "We have lowered our dealing fee for trades above 50k. Would you like to hear more?",
            "Dear client, a reminder of our autumn offer on time deposits, valid until Friday.",
        ];
        Participant[] clients = [Vogel, Lindqvist, Haddad, Chen];
        for (var i = 0; i < count; i++)
        {
            var minutes = 30 + ((count - i) * 37.0);
            var client = clients[i % 4];
            var sent = Say($"c-extra-{i}", client.Address.Contains('@') ? Channel.Email : client == Chen ? Channel.WeChat : Channel.WhatsApp, i % 3 == 0 ? Osei : Shah, client, minutes, offers[i % 4]);
            var words = offers[i % 4].Split(':', '.')[0];
            var alert = Alert("marketing-without-consent", [(sent, [Span(sent, words, "/when/all/0")])],
                new ProofNode("/when", "all", "all of these hold", ProofState.Matched)
                {
                    Parts =
                    [
                        new ProofNode("/when/all/0", "lexicon", "a phrase of the lexicon offers is used", ProofState.Matched) { Value = "1 phrase", Threshold = "at least 1" },
                        new ProofNode("/when/all/1", "consent", "no consent to marketing is recorded", ProofState.Matched) { Value = "none", Threshold = "withdrawn, objected or none" },
                    ],
                }, consent: [new ProofConsent(World.Ids.Person(client.Address).ToString(), "marketing", "none", null, null)]);
            if (i % 11 == 0)
            {
                World.DecideAsync(alert.Row.Id, 1, new Decision(Disposition.FalsePositive, "benign-context", "The client asked for it on the phone."), "m.okafor", CancellationToken.None).AsTask().GetAwaiter().GetResult();
            }
        }
    }
}
