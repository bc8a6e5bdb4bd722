using Surveillance.Evaluation;
using Surveillance.Messages;
using Surveillance.Rules;

namespace Surveillance.Alerting;

/// <summary>Where a judged message lies, in our ids.</summary>
/// <param name="Position">Its position.</param>
/// <param name="Id">Our id of it.</param>
/// <param name="Conversation">Our id of its conversation.</param>
/// <param name="Message">The message.</param>
/// <param name="KnownTo">The position up to which the judgement knew the archive.</param>
public readonly record struct JudgedPlace(long Position, OpaqueId Id, OpaqueId Conversation, CapturedMessage Message, long KnownTo);

/// <summary>Turns what a rule found into a match: our ids instead of native ones, the grouping key, the proof.</summary>
/// <param name="ids">Makes the ids of this data folder.</param>
public sealed class MatchMaker(IdMaker ids)
{
    /// <summary>The match of a rule that held.</summary>
    /// <param name="found">What the evaluator found.</param>
    /// <param name="place">Where the message lies.</param>
    public Match Make(RuleMatch found, JudgedPlace place)
    {
        var rule = found.Rule;
        var evidence = found.Evidence.Select(e => Span(e, place.Message)).ToArray();
        return new Match
        {
            Position = place.Position,
            Message = place.Id,
            Conversation = place.Conversation,
            Channel = place.Message.Channel,
            SentAt = place.Message.SentAt,
            Rule = rule.Id,
            RuleVersion = rule.Version,
            RuleTitle = rule.Title,
            Family = rule.Family,
            Severity = rule.Severity,
            GroupKey = rule.Grouping switch
            {
                Grouping.Conversation => place.Conversation,
                Grouping.Sender => ids.Person(place.Message.From.Address),
                _ => place.Id,
            },
            GroupWithin = rule.GroupWithin,
            Evidence = evidence,
            EvidenceKey = found.EvidenceKey,
            Proof = new MatchProof
            {
                Rule = rule.Id,
                Version = rule.Version,
                VersionHash = rule.Hash,
                Revision = found.Proof.Revision,
                Position = place.KnownTo,
                When = Node(found.Proof.When, place.Message),
                Unless = found.Proof.Unless is { } unless ? Node(unless, place.Message) : null,
                Models = [.. found.Proof.Models.Select(m => new ProofModel(m.Name, m.Hash, m.Score))],
                Consent = [.. found.Proof.Consent.Select(c => new ProofConsent(c.Person.ToString(), c.Purpose, c.State, c.At, c.Position))],
            },
        };
    }

    private EvidenceSpan Span(Rules.Evidence evidence, CapturedMessage message) => new(
        evidence.Span.Start, evidence.Span.End, evidence.Condition, evidence.Part,
        evidence.MessageId is { } native ? ids.Message(new NativeKey(message.Channel, message.Account ?? "", native)).ToString() : null);

    private ProofNode Node(ConditionProof proof, CapturedMessage message) => new(proof.Pointer, proof.Operator, proof.Says, proof.State switch
    {
        Truth.Matched => ProofState.Matched,
        Truth.NotMatched => ProofState.NotMatched,
        _ => ProofState.NotEvaluated,
    })
    {
        Value = proof.Value,
        Threshold = proof.Threshold,
        Note = proof.Note,
        Evidence = [.. proof.Evidence.Select(e => Span(e, message))],
        Parts = [.. proof.Parts.Select(p => Node(p, message))],
    };
}
