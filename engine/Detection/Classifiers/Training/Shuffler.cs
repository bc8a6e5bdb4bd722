namespace Surveillance.Detection.Classifiers.Training;

/// <summary>Random numbers that are the same everywhere and for ever (SplitMix64), for shuffling rows.</summary>
internal sealed class Shuffler(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number from 0 to below the limit.</summary>
    internal int Below(int limit) => (int)Math.BigMul(Next(), (ulong)limit, out _);

    /// <summary>Brings the items into another order.</summary>
    internal void Shuffle(int[] items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
