using Surveillance.Text;

namespace Surveillance.Detection.Classifiers;

/// <summary>Why a classifier gave a message its score. The points are whole numbers and add up exactly.</summary>
/// <param name="Score">The score, as <see cref="ITextClassifier.Score"/> gives it.</param>
/// <param name="Sum">What the score was looked up with: bias, supporting, opposing and rest together.</param>
/// <param name="Bias">What every message starts with.</param>
/// <param name="Supporting">What raised the sum most, strongest first; points above 0.</param>
/// <param name="Opposing">What lowered the sum most, strongest first; points below 0.</param>
/// <param name="Rest">The points of everything not named.</param>
public sealed record ScoreExplanation(
    double Score, int Sum, int Bias, IReadOnlyList<ScoreContribution> Supporting, IReadOnlyList<ScoreContribution> Opposing, int Rest);

/// <summary>What one word, pair of words or trait of a message did to the sum.</summary>
/// <param name="Points">Points added, or taken off when negative; never 0.</param>
/// <param name="Kind">What it is. The beginnings of a word are counted with the word.</param>
/// <param name="Part">Null for the text, <c>subject</c> for the subject line; null also for a trait.</param>
/// <param name="Span">Where it first stands in that part; null for a trait.</param>
/// <param name="Trait">What a trait of the whole message is called, such as <c>outbound</c>; else null.</param>
public sealed record ScoreContribution(int Points, FeatureKind Kind, string? Part, TextSpan? Span, string? Trait);
