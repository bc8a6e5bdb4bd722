using Surveillance.Text;

namespace Surveillance.Detection.Classifiers.Training;

/// <summary>The features of one row, each slot once, and the answer.</summary>
internal sealed class Example
{
    private Example(int[] slots, double[] rates, bool isPositive)
    {
        Slots = slots;
        Rates = rates;
        IsPositive = isPositive;
    }

    internal int[] Slots { get; }

    internal double[] Rates { get; }

    internal bool IsPositive { get; }

    internal static Example Of(TrainingRow row, FeatureRates rates)
    {
        using var message = new PreparedMessage(row.ToMessage());
        var collecting = new Collecting([], [], []);
        FeatureExtractor.Walk(message, ref collecting);
        return new Example([.. collecting.Slots], [.. collecting.Kinds.Select(rates.Of)], row.IsPositive);
    }

    private readonly struct Collecting(HashSet<int> seen, List<int> slots, List<FeatureKind> kinds) : IFeatureSink
    {
        internal List<int> Slots => slots;

        internal List<FeatureKind> Kinds => kinds;

        public void Add(int slot, FeatureKind kind, PreparedText? text, int start, int end)
        {
            if (seen.Add(slot))
            {
                slots.Add(slot);
                kinds.Add(kind);
            }
        }
    }
}
