using System.Text;
using Surveillance.Alerting;
using Surveillance.Archive;
using Surveillance.Messages;
using Surveillance.Pipeline;

namespace Surveillance.Tests;

/// <content>What comes of judging a message.</content>
public static partial class A
{
    /// <summary>The ids of tests.</summary>
    public static readonly IdMaker Ids = new(Encoding.ASCII.GetBytes("a secret of thirty-two characters"));

    /// <summary>When the first message of a test was sent.</summary>
    public static readonly DateTimeOffset Start = new(2026, 5, 4, 9, 0, 0, TimeSpan.Zero);

    /// <summary>A person.</summary>
    public static OpaqueId Person(string name) => Ids.Person(name);

    /// <summary>A conversation.</summary>
    public static OpaqueId Conversation(string name) => Ids.Conversation(Message(conversation: name));

    /// <summary>A match of the message at a position.</summary>
    public static Match Match(
        long position, string rule = "off-channel-move", string conversation = "c-1", DateTimeOffset? sentAt = null, OpaqueId? groupKey = null, TimeSpan? within = null,
        Severity severity = Severity.High, Channel channel = Channel.WhatsApp, string evidence = "0-4", int version = 1, IReadOnlyList<EvidenceSpan>? spans = null) => new()
        {
            Position = position,
            Message = MessageAt(position),
            Conversation = Conversation(conversation),
            Channel = channel,
            SentAt = sentAt ?? Start.AddMinutes(position),
            Rule = rule,
            RuleVersion = version,
            RuleTitle = "Title of " + rule,
            Family = "off-channel",
            Severity = severity,
            GroupKey = groupKey ?? Conversation(conversation),
            GroupWithin = within ?? TimeSpan.FromHours(24),
            EvidenceKey = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(evidence))),
            Evidence = spans ?? [new EvidenceSpan(0, 4, "/when")],
            Proof = new MatchProof
            {
                Rule = rule, Version = version, VersionHash = "hash", Revision = "revision", Position = position, When = new ProofNode("/when", "phrase", "a phrase is used", ProofState.Matched),
            },
        };

    /// <summary>Our id of the message at a position.</summary>
    public static OpaqueId MessageAt(long position) => Ids.Message(new NativeKey(Channel.WhatsApp, "", "m-" + position));

    /// <summary>What came of the message at a position; its place is taken from its first match.</summary>
    public static JudgedMessage Judged(long position, params IReadOnlyList<Match> matches) => new()
    {
        Position = position,
        Id = MessageAt(position),
        Conversation = matches is [var match, ..] ? match.Conversation : Conversation("c-1"),
        Channel = Channel.WhatsApp,
        SentAt = matches is [var first, ..] ? first.SentAt : Start.AddMinutes(position),
        KnownTo = position,
        Activation = 1,
        Matches = matches,
    };

    /// <summary>What came of judging the message at a position again when more was known.</summary>
    public static JudgedMessage JudgedAgain(long position, long knownTo, params IReadOnlyList<Match> matches) => Judged(position, matches) with { Again = true, KnownTo = knownTo };

    /// <summary>A message that could not be judged.</summary>
    public static JudgedMessage Poison(long position, string code = "evaluation-failed", bool retryable = true) =>
        Judged(position) with { Quarantine = new QuarantineReason(code, "It broke.", retryable) };

    /// <summary>A stretch of work of partition 0 up to its last message.</summary>
    public static WorkBatch Batch(params IReadOnlyList<JudgedMessage> judged) => new(0, judged.Max(j => j.KnownTo), judged);
}
