using Surveillance.Rules.Source;

namespace Surveillance.Rules;

/// <summary>What came of reading a rule book.</summary>
/// <param name="Book">The book, or null when any file has an error.</param>
/// <param name="Diagnostics">Every finding in order of file, then place; may hold warnings only.</param>
public sealed record RuleBookResult(RuleBook? Book, IReadOnlyList<Diagnostic> Diagnostics);

/// <summary>Every rule, lexicon and list of a folder, checked. Immutable.</summary>
public sealed class RuleBook
{
}
