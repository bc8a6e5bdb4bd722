using Surveillance.Rules;

namespace Surveillance.Evaluation;

/// <summary>A trained model that a rule asked.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Hash">Hash of everything that decides a score, lower-case hex digits; null when it is missing.</param>
/// <param name="Score">What it gave the message; null when it is missing.</param>
public sealed record ModelProof(string Name, string? Hash, double? Score);

/// <summary>Why a rule holds on a message, complete enough to say it again at any later time. Holds no words of a message.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="Version">The rule's version.</param>
/// <param name="VersionHash">The rule's hash with every lexicon and list it refers to.</param>
/// <param name="Revision">The revision that judged.</param>
/// <param name="Position">The archive position of the judged message.</param>
/// <param name="When">The tree of <c>when</c>.</param>
/// <param name="Unless">The tree of <c>unless</c>; null where the rule has none.</param>
/// <param name="Models">Every model that the rule asks, in order of name.</param>
public sealed record RuleProof(
    string Rule, int Version, string VersionHash, string Revision, long Position, ConditionProof When, ConditionProof? Unless, IReadOnlyList<ModelProof> Models)
{
    /// <summary>Every look into the ledger in order of the trees, each once.</summary>
    public IReadOnlyList<ConsentLookup> Consent => [.. When.Tree.Concat(Unless?.Tree ?? []).SelectMany(p => p.Consent).Distinct()];
}

/// <summary>A rule held on a message.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Evidence">What made it hold, in order, each once, at most <see cref="Rules.Evidence.Most"/>; may be empty for rules that look at no words.</param>
/// <param name="EvidenceTruncated">Whether there was more evidence than is kept.</param>
/// <param name="Proof">Why it held.</param>
/// <param name="EvidenceKey">SHA-256 in 64 lower-case hex digits over rule id, native key of the message and evidence without pointers: the same match found again has the same.</param>
public sealed record RuleMatch(Rule Rule, IReadOnlyList<Evidence> Evidence, bool EvidenceTruncated, RuleProof Proof, string EvidenceKey);

/// <summary>A rule of which nobody can tell whether it holds.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Reasons">What is missing, each once, in order of the tree; never words of a message.</param>
public sealed record UnevaluatedRule(Rule Rule, IReadOnlyList<string> Reasons);

/// <summary>What came of judging a message.</summary>
/// <param name="Matches">The rules that hold, in ordinal order of their ids.</param>
/// <param name="NotEvaluated">The rules of which nobody can tell, in ordinal order of their ids.</param>
/// <param name="ConsentLookups">Every look into the ledger, each once, in the order they were made, whether its rule held or not: a record that changes one of these answers may change the judgement.</param>
/// <param name="Candidates">How many rules were judged.</param>
public sealed record EvaluationResult(IReadOnlyList<RuleMatch> Matches, IReadOnlyList<UnevaluatedRule> NotEvaluated, IReadOnlyList<ConsentLookup> ConsentLookups, int Candidates)
{
    /// <summary>No rule was a candidate.</summary>
    internal static readonly EvaluationResult Nothing = new([], [], [], 0);
}
