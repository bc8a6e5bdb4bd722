namespace Surveillance.Detection.Classifiers.Training;

/// <summary>Turns sums into probabilities: a logistic curve with two numbers, fitted to sums of examples that the weights had not seen (Platt).</summary>
internal readonly record struct Calibration(double Slope, double Offset)
{
    /// <summary>The curve that makes the answers likeliest; Newton's method on the smoothed answers of Lin, Lin and Weng (2007).</summary>
    internal static Calibration Fit(double[] sums, bool[] answers)
    {
        var positives = answers.Count(a => a);
        var yes = (positives + 1.0) / (positives + 2.0);
        var no = 1.0 / (answers.Length - positives + 2.0);
        double slope = 1, offset = 0;
        for (var round = 0; round < 100; round++)
        {
            double gs = 0, go = 0, ss = 1e-9, so = 0, oo = 1e-9;
            for (var i = 0; i < sums.Length; i++)
            {
                var p = ExactMath.Logistic(slope * sums[i] + offset);
                var error = p - (answers[i] ? yes : no);
                var curve = p * (1 - p);
                gs += error * sums[i];
                go += error;
                ss += curve * sums[i] * sums[i];
                so += curve * sums[i];
                oo += curve;
            }
            var determinant = ss * oo - so * so;
            var slopeStep = (oo * gs - so * go) / determinant;
            var offsetStep = (ss * go - so * gs) / determinant;
            slope -= Math.Clamp(slopeStep, -1, 1);
            offset -= Math.Clamp(offsetStep, -1, 1);
            if (Math.Abs(slopeStep) + Math.Abs(offsetStep) < 1e-10)
            {
                break;
            }
        }
        return new Calibration(Math.Max(slope, 1e-3), offset);
    }

    internal double Probability(double sum) => ExactMath.Logistic(Slope * sum + Offset);

    /// <summary>The least whole sum that scores 0.001, 0.002, … 0.999, rounding to the nearest step.</summary>
    /// <param name="step">The logistic scale's worth of 1.</param>
    internal int[] Sums(double step)
    {
        var sums = new int[ModelFile.Steps];
        for (var k = 1; k <= sums.Length; k++)
        {
            var probability = (k - 0.5) / 1000;
            var sum = (ExactMath.Log(probability / (1 - probability)) - Offset) / Slope;
            sums[k - 1] = (int)Math.Clamp(Math.Ceiling(sum / step), int.MinValue, int.MaxValue);
        }
        return sums;
    }
}
