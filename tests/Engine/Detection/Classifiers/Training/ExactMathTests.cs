using Surveillance.Detection.Classifiers.Training;

namespace Surveillance.Engine.Tests.Detection.Classifiers.Training;

public sealed class ExactMathTests
{
    [Fact]
    public void ExpAndLog_ManyNumbers_AgreeWithTheSystem()
    {
        for (var x = -690.0; x < 690; x += 0.37)
        {
            Assert.Equal(1, ExactMath.Exp(x) / Math.Exp(x), 1e-13);
            Assert.Equal(x, ExactMath.Log(ExactMath.Exp(x)), 1e-12);
        }
        Assert.Equal(Math.Log(0.0005 / 0.9995), ExactMath.Log(0.0005 / 0.9995), 1e-14);
    }

    [Theory]
    [InlineData(-10_000, 0)]
    [InlineData(10_000, 1)]
    [InlineData(0, 0.5)]
    public void Logistic_Extremes_StayProbabilities(double x, double probability) => Assert.Equal(probability, ExactMath.Logistic(x));
}
