using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Surveillance.Consent;
using Surveillance.Detection;
using Surveillance.Messages;
using Surveillance.Rules;

namespace Surveillance.Evaluation;

/// <summary>Judges messages. The only way a message is judged, in the service, in rescans, in <c>scan</c> and in the tests of rules alike.</summary>
public static class Evaluator
{
    [ThreadStatic]
    private static List<int>? s_candidates;

    /// <summary>Judges one message: a pure function of its arguments, whatever the thread or processor.</summary>
    /// <param name="message">The message; read, not kept.</param>
    /// <param name="hits">What the detectors found in it.</param>
    /// <param name="position">Its archive position.</param>
    /// <param name="conversation">The messages of its conversation before it.</param>
    /// <param name="ledger">Consent as known at the position up to which the judgement knows the archive.</param>
    /// <param name="revision">What judges.</param>
    /// <param name="only">Ids of the rules that are judged; null for all.</param>
    /// <param name="timed">Told how long each rule took, its proof included; changes nothing of the result. Null on all but a sample.</param>
    public static EvaluationResult Evaluate(
        PreparedMessage message, MessageHits hits, long position, IConversationView conversation, IConsentView ledger, Revision revision, IReadOnlySet<string>? only = null,
        Action<Rule, TimeSpan>? timed = null)
    {
        using var facts = Facts.Of(message, hits, conversation, ledger, revision);
        var candidates = s_candidates ??= [];
        candidates.Clear();
        revision.FindCandidates(facts, candidates);
        if (candidates.Count == 0)
        {
            return EvaluationResult.Nothing;
        }
        List<RuleMatch>? matches = null;
        List<UnevaluatedRule>? open = null;
        foreach (var index in candidates)
        {
            var rule = revision.Rules[index];
            if (only is not null && !only.Contains(rule.Id))
            {
                continue;
            }
            var started = timed is null ? 0 : Stopwatch.GetTimestamp();
            switch (Judge(rule, facts))
            {
                case Truth.Matched:
                    (matches ??= []).Add(Prove(rule, position, facts));
                    break;
                case Truth.NotEvaluated:
                    (open ??= []).Add(new UnevaluatedRule(rule, Reasons(Explain(rule, facts))));
                    break;
            }
            timed?.Invoke(rule, Stopwatch.GetElapsedTime(started));
        }
        IReadOnlyList<ConsentLookup> lookups = facts.Lookups.Count == 0 ? [] : [.. facts.Lookups.Distinct()];
        return new EvaluationResult(matches ?? [], open ?? (IReadOnlyList<UnevaluatedRule>)[], lookups, candidates.Count);
    }

    /// <summary>Judges one rule of the revision and tells why, whatever comes of it.</summary>
    internal static (Truth State, RuleMatch Explained) EvaluateRule(
        Rule rule, PreparedMessage message, MessageHits hits, long position, IConversationView conversation, IConsentView ledger, Revision revision)
    {
        using var facts = Facts.Of(message, hits, conversation, ledger, revision);
        return (Judge(rule, facts), Prove(rule, position, facts));
    }

    private static Truth Judge(Rule rule, Facts facts)
    {
        if (!rule.AppliesTo.Covers(facts.Message))
        {
            return Truth.NotMatched;
        }
        var when = rule.When.Evaluate(facts).State;
        if (when == Truth.NotMatched || rule.Unless is null)
        {
            return when;
        }
        return rule.Unless.Evaluate(facts).State switch
        {
            Truth.Matched => Truth.NotMatched,
            Truth.NotMatched => when,
            _ => Truth.NotEvaluated,
        };
    }

    private static (ConditionProof When, ConditionProof? Unless) Explain(Rule rule, Facts facts)
    {
        facts.Explaining = true;
        try
        {
            return (rule.When.Evaluate(facts).Proof!, rule.Unless?.Evaluate(facts).Proof);
        }
        finally
        {
            facts.Explaining = false;
        }
    }

    private static RuleMatch Prove(Rule rule, long position, Facts facts)
    {
        var (when, unless) = Explain(rule, facts);
        var evidence = Evidence.Tidy(when.AllEvidence, out var truncated);
        truncated |= when.Tree.Any(p => p is { State: Truth.Matched, EvidenceTruncated: true });
        ModelProof[] models =
        [
            .. rule.ReferredClassifiers.Select(name => new ModelProof(
                name, facts.Revision.Models.Where(m => m.Key == name).Select(m => m.Value).FirstOrDefault(), facts.Hits.ScoreOf(name))),
        ];
        var proof = new RuleProof(rule.Id, rule.Version, rule.Hash, facts.Revision.Id, position, when, unless, models);
        return new RuleMatch(rule, evidence, truncated, proof, KeyOf(rule.Id, facts.Message.NativeKey, evidence));
    }

    private static string[] Reasons((ConditionProof When, ConditionProof? Unless) trees) =>
    [
        .. trees.When.Tree.Concat(trees.Unless?.Tree ?? []).Where(p => p.State == Truth.NotEvaluated && p.Note is not null).Select(p => p.Note!).Distinct(),
    ];

    /// <summary>What makes it the same match when it is found again. Lengths stand before texts, so that no two lists read alike.</summary>
    private static string KeyOf(string rule, NativeKey message, IReadOnlyList<Evidence> evidence)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        Text(rule);
        Text(Names<Channel>.Of(message.Channel));
        Text(message.Account);
        Text(message.Id);
        (string?, string?, Surveillance.Text.TextSpan)? last = null;
        foreach (var piece in evidence)
        {
            var place = (piece.MessageId, piece.Part, piece.Span);
            if (place != last)
            {
                Text(piece.MessageId);
                Text(piece.Part);
                Number(piece.Span.Start);
                Number(piece.Span.End);
            }
            last = place;
        }
        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));

        void Number(int value)
        {
            BinaryPrimitives.WriteInt32BigEndian(buffer.GetSpan(4), value);
            buffer.Advance(4);
        }

        void Text(string? value)
        {
            if (value is null)
            {
                Number(-1);
                return;
            }
            var count = Encoding.UTF8.GetByteCount(value);
            Number(count);
            Encoding.UTF8.GetBytes(value, buffer.GetSpan(Math.Max(1, count)));
            buffer.Advance(count);
        }
    }
}
