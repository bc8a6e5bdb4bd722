using Surveillance.Rules.Source;

namespace Surveillance.Rules;

/// <summary>Something outside the rule file that a condition uses.</summary>
/// <param name="Kind"><c>lexicon</c>, <c>list</c> or <c>classifier</c>.</param>
/// <param name="Name">Its id.</param>
public sealed record ConditionReference(string Kind, string Name);

/// <summary>Whether a condition holds: the three values of Kleene's logic.</summary>
public enum Truth
{
    /// <summary>It does not hold.</summary>
    NotMatched,
    /// <summary>It holds.</summary>
    Matched,
    /// <summary>Something it needs is missing, so nobody can tell.</summary>
    NotEvaluated,
}

/// <summary>One node of a rule's condition tree. Immutable and thread-safe.</summary>
public abstract class Condition
{
    /// <summary>A condition.</summary>
    /// <param name="node">The object in the rule file that it was read from.</param>
    private protected Condition(SourceNode node)
    {
        Node = node;
        Pointer = node.Pointer;
    }

    /// <summary>The operator's word in the rule file.</summary>
    public abstract string Operator { get; }

    /// <summary>JSON pointer (RFC 6901) of the condition in its rule file, such as <c>/when/all/1</c>.</summary>
    public string Pointer { get; }

    /// <summary>When it holds, as a sentence for people without a full stop; what its children say is left to them.</summary>
    public abstract string Says { get; }

    /// <summary>The conditions inside it, in order; empty for most.</summary>
    public virtual IReadOnlyList<Condition> Children => [];

    /// <summary>What it uses outside the rule file, its children's included; a name may come twice.</summary>
    public virtual IEnumerable<ConditionReference> References => Children.SelectMany(c => c.References);

    /// <summary>Where it stands.</summary>
    internal SourceNode Node { get; }

    /// <summary>What a message must have for it to be anything but not matched.</summary>
    internal virtual NecessaryKey Key => NecessaryKey.None;

    /// <summary>Which messages it can hold on at all.</summary>
    internal virtual AttributeMask Mask => AttributeMask.Everything;

    /// <summary>A guess what judging it costs; cheap conditions go first where one is enough.</summary>
    internal virtual int Cost => 1 + Children.Sum(c => c.Cost);

    /// <summary>How far back it looks at earlier messages of the conversation; null where it looks at none.</summary>
    internal virtual TimeSpan? Reach => Children.Max(c => c.Reach);

    /// <summary>Itself and everything inside it.</summary>
    internal IEnumerable<Condition> Tree => Children.SelectMany(c => c.Tree).Prepend(this);

    /// <summary>Judges it: a pure function of the facts.</summary>
    internal abstract Outcome Evaluate(Facts facts);

    /// <summary>The proof of an outcome, to be filled in.</summary>
    private protected ConditionProof ProofOf(Truth state) => new(Pointer, Operator, Says, state);

    /// <summary>An outcome without evidence of its own.</summary>
    private protected Outcome Result(Facts facts, Truth state, string? value = null, string? threshold = null, string? note = null) =>
        facts.Explaining ? new Outcome(state, ProofOf(state) with { Value = value, Threshold = threshold, Note = note }) : new Outcome(state);

    private protected Outcome Result(Facts facts, bool matched, string? value = null, string? threshold = null) =>
        Result(facts, matched ? Truth.Matched : Truth.NotMatched, value, threshold);
}
