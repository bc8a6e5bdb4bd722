using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Surveillance.Text;

namespace Surveillance.Detection.Classifiers;

/// <summary>A linear model over hashed words: adds one small whole number for each feature of a message and looks the sum up in a table.</summary>
/// <remarks>
/// No floating-point number takes part before the score is known, so the same message scores the same on every processor.
/// Scoring allocates nothing and costs linear time. Immutable; any number of threads may use one.
/// </remarks>
public sealed class TextClassifier : ITextClassifier
{
    private readonly ModelFile _model;

    [ThreadStatic]
    private static ulong[]? s_seen;

    private TextClassifier(string name, string hash, ModelFile model)
    {
        Name = name;
        Hash = hash;
        _model = model;
    }

    /// <inheritdoc />
    public string Name { get; }

    /// <inheritdoc />
    public string Hash { get; }

    /// <summary>The score from which the model's author means yes; a rule may choose another.</summary>
    public double Threshold => _model.ThresholdThousandths / 1000.0;

    /// <summary>Reads a model out of the bytes of its <c>weights.bin</c>.</summary>
    /// <param name="name">What rules call it.</param>
    /// <param name="bytes">The whole file.</param>
    /// <exception cref="ModelFormatException">The bytes are not a model that this program can use.</exception>
    public static TextClassifier Read(string name, ReadOnlySpan<byte> bytes) =>
        new(name, Convert.ToHexStringLower(SHA256.HashData(bytes)), ModelFile.Read(bytes));

    /// <inheritdoc />
    public double Score(PreparedMessage message) => ScoreOfSum(Sum(message));

    /// <summary>The bias and the weight of every feature of the message, each feature counted once.</summary>
    internal int Sum(PreparedMessage message)
    {
        var seen = s_seen ??= new ulong[FeatureExtractor.Slots / 64];
        Array.Clear(seen);
        var adding = new Adding(_model.Weights, seen, _model.Bias);
        FeatureExtractor.Walk(message, ref adding);
        return adding.Sum;
    }

    /// <summary>Tells which words and traits speak for and against, and how much.</summary>
    /// <param name="message">The message.</param>
    /// <param name="top">How many to name on either side, at least 0.</param>
    /// <returns>Contributions whose whole numbers add up, with <see cref="ScoreExplanation.Bias"/> and <see cref="ScoreExplanation.Rest"/>, to exactly <see cref="ScoreExplanation.Sum"/>.</returns>
    public ScoreExplanation Explain(PreparedMessage message, int top)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        var naming = new Naming(message, _model.Weights, new bool[FeatureExtractor.Slots], []);
        FeatureExtractor.Walk(message, ref naming);
        var all = naming.Places.Where(place => place.Value != 0)
            .Select(place => new ScoreContribution(place.Value, place.Key.Kind, place.Key.Part, place.Key.Span, place.Key.Trait)).ToList();
        var order = Comparer<ScoreContribution>.Create(static (a, b) =>
            a.Points != b.Points ? Math.Abs(b.Points).CompareTo(Math.Abs(a.Points))
            : a.Part != b.Part ? string.CompareOrdinal(a.Part, b.Part)
            : a.Span != b.Span ? (a.Span?.Start ?? -1, a.Span?.End ?? -1).CompareTo((b.Span?.Start ?? -1, b.Span?.End ?? -1))
            : string.CompareOrdinal(a.Trait, b.Trait));
        var supporting = all.Where(c => c.Points > 0).Order(order).Take(top).ToArray();
        var opposing = all.Where(c => c.Points < 0).Order(order).Take(top).ToArray();
        var sum = _model.Bias + all.Sum(c => c.Points);
        return new ScoreExplanation(
            ScoreOfSum(sum), sum, _model.Bias, supporting, opposing,
            sum - _model.Bias - supporting.Sum(c => c.Points) - opposing.Sum(c => c.Points));
    }

    private double ScoreOfSum(int sum)
    {
        var sums = _model.Sums;
        int low = 0, high = sums.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (sums[middle] <= sum) { low = middle + 1; }
            else { high = middle; }
        }
        return low / 1000.0;
    }

    private struct Adding(sbyte[] weights, ulong[] seen, int sum) : IFeatureSink
    {
        internal int Sum = sum;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(int slot, FeatureKind kind, PreparedText? text, int start, int end)
        {
            ref var word = ref seen[slot >> 6];
            var bit = 1UL << slot;
            if ((word & bit) == 0)
            {
                word |= bit;
                Sum += weights[slot];
            }
        }
    }

    private readonly struct Naming(PreparedMessage message, sbyte[] weights, bool[] seen, Dictionary<(FeatureKind Kind, string? Part, TextSpan? Span, string? Trait), int> places) : IFeatureSink
    {
        internal Dictionary<(FeatureKind Kind, string? Part, TextSpan? Span, string? Trait), int> Places => places;

        public void Add(int slot, FeatureKind kind, PreparedText? text, int start, int end)
        {
            if (seen[slot])
            {
                return;
            }
            seen[slot] = true;
            (FeatureKind, string?, TextSpan?, string?) place = text is null
                ? (kind, null, null, FeatureExtractor.NameOf(kind, start))
                : (kind == FeatureKind.Stem ? FeatureKind.Word : kind, text == message.Text ? null : "subject", text.ToOriginal(start, end), null);
            CollectionsMarshal.GetValueRefOrAddDefault(places, place, out _) += weights[slot];
        }
    }
}
