namespace Surveillance.Detection.Classifiers.Training;

/// <summary>Exponential and logarithm out of plain additions, multiplications and divisions, which every processor rounds alike.</summary>
/// <remarks>The system's own functions may differ in the last digit from one processor to the next, and training would follow.</remarks>
internal static class ExactMath
{
    private const double Ln2High = 0.693147180369123816490;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>e to the power of x; 0 below -700, and at 700 at most.</summary>
    internal static double Exp(double x)
    {
        if (x < -700)
        {
            return 0;
        }
        x = Math.Min(x, 700);
        var twos = Math.Floor(x / (Ln2High + Ln2Low) + 0.5);
        var r = x - twos * Ln2High - twos * Ln2Low;
        var sum = 1.0;
        for (var n = 16; n >= 1; n--)
        {
            sum = 1 + sum * r / n;
        }
        return Math.ScaleB(sum, (int)twos);
    }

    /// <summary>The natural logarithm of a number above 0.</summary>
    internal static double Log(double x)
    {
        var twos = Math.ILogB(x);
        var m = Math.ScaleB(x, -twos);
        if (m > 1.4142135623730951)
        {
            m /= 2;
            twos++;
        }
        var t = (m - 1) / (m + 1);
        var square = t * t;
        var sum = 0.0;
        for (var n = 25; n >= 1; n -= 2)
        {
            sum = sum * square + 1.0 / n;
        }
        return 2 * t * sum + twos * Ln2Low + twos * Ln2High;
    }

    /// <summary>The probability that belongs to a sum on the logistic scale.</summary>
    internal static double Logistic(double x) => x >= 0 ? 1 / (1 + Exp(-x)) : 1 - 1 / (1 + Exp(x));
}
