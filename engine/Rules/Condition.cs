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

    /// <summary>The conditions inside it, in order; empty for most.</summary>
    public virtual IReadOnlyList<Condition> Children => [];

    /// <summary>What it uses outside the rule file, its children's included; a name may come twice.</summary>
    public virtual IEnumerable<ConditionReference> References => Children.SelectMany(c => c.References);

    /// <summary>One sentence that says when it holds, for people.</summary>
    public abstract string Paraphrase { get; }

    /// <summary>Where it stands.</summary>
    internal SourceNode Node { get; }
}
