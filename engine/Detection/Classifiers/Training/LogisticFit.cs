namespace Surveillance.Detection.Classifiers.Training;

/// <summary>Fits weights to examples by logistic loss, one example at a time (AdaGrad), in a fixed order: same examples, same weights.</summary>
internal sealed class LogisticFit
{
    private readonly Example[] _examples;
    private readonly TrainingSettings _settings;
    private readonly Shuffler _shuffler;
    private readonly int[] _order;
    private readonly double[] _weights = new double[FeatureExtractor.Slots];
    private readonly double[] _squares = new double[FeatureExtractor.Slots];
    private readonly double[] _rates = new double[FeatureExtractor.Slots];
    private double _bias, _biasSquares = 1e-8;

    internal LogisticFit(Example[] examples, TrainingSettings settings, ulong seed)
    {
        _examples = examples;
        _settings = settings;
        _shuffler = new Shuffler(seed);
        _order = [.. Enumerable.Range(0, examples.Length)];
        Array.Fill(_squares, 1e-8);
        foreach (var example in examples)
        {
            for (var i = 0; i < example.Slots.Length; i++)
            {
                _rates[example.Slots[i]] = Math.Max(_rates[example.Slots[i]], example.Rates[i]);
            }
        }
    }

    /// <summary>Goes over every example once more.</summary>
    internal void Pass()
    {
        _shuffler.Shuffle(_order);
        foreach (var at in _order)
        {
            var example = _examples[at];
            var sum = _bias;
            foreach (var slot in example.Slots)
            {
                sum += _weights[slot] * _rates[slot];
            }
            var error = ExactMath.Logistic(sum) - (example.IsPositive ? 1 : 0);
            foreach (var slot in example.Slots)
            {
                var slope = error * _rates[slot] + _settings.Decay * _weights[slot];
                _squares[slot] += slope * slope;
                _weights[slot] -= _settings.LearningRate * slope / Math.Sqrt(_squares[slot]);
            }
            _biasSquares += error * error;
            _bias -= _settings.LearningRate * error / Math.Sqrt(_biasSquares);
        }
    }

    /// <summary>Adds what the weights are now to sums over several fits.</summary>
    internal void AddTo(double[] weights, ref double bias)
    {
        for (var slot = 0; slot < weights.Length; slot++)
        {
            weights[slot] += _weights[slot] * _rates[slot];
        }
        bias += _bias;
    }
}

/// <summary>Weights as small whole numbers, with what one of them is worth on the logistic scale.</summary>
internal sealed class QuantisedWeights
{
    /// <summary>Rounds weights so that the largest becomes 127.</summary>
    internal QuantisedWeights(double[] weights, double bias)
    {
        var largest = 1e-9;
        foreach (var weight in weights)
        {
            largest = Math.Max(largest, Math.Abs(weight));
        }
        Step = largest / 127;
        Weights = new sbyte[weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            Weights[i] = (sbyte)Math.Round(weights[i] / Step, MidpointRounding.AwayFromZero);
        }
        Bias = (int)Math.Round(bias / Step, MidpointRounding.AwayFromZero);
    }

    internal sbyte[] Weights { get; }

    internal int Bias { get; }

    /// <summary>The logistic scale's worth of 1.</summary>
    internal double Step { get; }

    internal double Sum(Example example)
    {
        var sum = Bias;
        foreach (var slot in example.Slots)
        {
            sum += Weights[slot];
        }
        return sum * Step;
    }
}
