using Surveillance.Rules.Source;

namespace Surveillance.Rules;

/// <summary>One word of the rule language: what it is called, how it is written, what it says and how it is read.</summary>
/// <param name="Name">The key of a condition object.</param>
/// <param name="Sentence">When a condition of it holds, for people.</param>
/// <param name="Example">A condition object as JSON.</param>
/// <param name="Schema">JSON schema (draft 2020-12) of the key's value, as JSON; may refer to <see cref="ConditionSchema.Definitions"/>.</param>
/// <param name="Read">Reads a condition; null after it put an error into the context's diagnostics.</param>
internal sealed record Operator(string Name, string Sentence, string Example, string Schema, Operator.Reader Read)
{
    /// <summary>Reads the value of the operator's key.</summary>
    /// <param name="value">The value.</param>
    /// <param name="node">The condition object that holds the key; its pointer is the condition's.</param>
    /// <param name="context">What the rule book knows, and where errors go.</param>
    internal delegate Condition? Reader(SourceNode value, SourceObject node, ConditionContext context);
}
