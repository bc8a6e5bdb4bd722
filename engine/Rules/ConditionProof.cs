using Surveillance.Messages;

namespace Surveillance.Rules;

/// <summary>A look into the ledger.</summary>
/// <param name="Person">The data subject.</param>
/// <param name="Purpose">The purpose asked for.</param>
/// <param name="State">The state found: granted, withdrawn, objected, soft-opt-in, or none when nothing is recorded.</param>
/// <param name="At">From when it holds; null when nothing is recorded.</param>
/// <param name="Position">Archive position of the record; null when nothing is recorded.</param>
public sealed record ConsentLookup(OpaqueId Person, string Purpose, string State, DateTimeOffset? At, long? Position);

/// <summary>One condition as it was judged. Holds no words of a message.</summary>
/// <param name="Pointer">JSON pointer in the rule file, such as <c>/when/all/1</c>.</param>
/// <param name="Operator">The operator's word.</param>
/// <param name="Says">The condition as a sentence for people, without a full stop.</param>
/// <param name="State">What became of it.</param>
public sealed record ConditionProof(string Pointer, string Operator, string Says, Truth State)
{
    /// <summary>What was found, such as <c>0.93</c> or <c>2 phrases</c>; null where there is nothing to compare.</summary>
    public string? Value { get; init; }

    /// <summary>What was asked for, such as <c>at least 0.8</c>; null where there is nothing to compare.</summary>
    public string? Threshold { get; init; }

    /// <summary>Why it was not evaluated, or which phrases of which lexicon were found (by number, from 1); null when nothing is to be said.</summary>
    public string? Note { get; init; }

    /// <summary>Its own evidence in order, at most <see cref="Rules.Evidence.Most"/>; that of <see cref="Parts"/> is theirs.</summary>
    public IReadOnlyList<Evidence> Evidence { get; init; } = [];

    /// <summary>Whether there was more evidence than is kept.</summary>
    public bool EvidenceTruncated { get; init; }

    /// <summary>What it found in the ledger, in order of participants.</summary>
    public IReadOnlyList<ConsentLookup> Consent { get; init; } = [];

    /// <summary>The conditions it is made of, in the order of the rule.</summary>
    public IReadOnlyList<ConditionProof> Parts { get; init; } = [];

    /// <summary>The evidence that made it hold: its own and that of those parts that hold.</summary>
    internal IEnumerable<Evidence> AllEvidence => State != Truth.Matched ? [] : Evidence.Concat(Parts.SelectMany(p => p.AllEvidence));

    /// <summary>Itself and everything inside it.</summary>
    internal IEnumerable<ConditionProof> Tree => Parts.SelectMany(p => p.Tree).Prepend(this);
}
