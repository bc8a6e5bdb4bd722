namespace Surveillance.Rules;

/// <summary>What became of a condition.</summary>
/// <param name="State">Whether it holds.</param>
/// <param name="Proof">Why; only where the facts ask for it (<see cref="Facts.Explaining"/>).</param>
internal readonly record struct Outcome(Truth State, ConditionProof? Proof = null)
{
    internal static readonly Outcome NotMatched = new(Truth.NotMatched);
    internal static readonly Outcome Matched = new(Truth.Matched);
    internal static readonly Outcome NotEvaluated = new(Truth.NotEvaluated);

    internal static Outcome Of(bool matched) => matched ? Matched : NotMatched;
}
