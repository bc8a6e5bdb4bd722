using Surveillance.Detection;
using Surveillance.Detection.Classifiers;
using Surveillance.Detection.Classifiers.Training;
using Surveillance.Messages;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Detection.Classifiers;

public sealed class ShippedModelTests
{
    private static readonly string Models = Path.Combine(Repository(), "models");

    [Fact]
    public void Marketing_TrainedAgain_GivesTheSameFiles()
    {
        var folder = Path.Combine(Models, "marketing");
        var again = ClassifierTrainer.Train(folder);
        Assert.Equal(again.Weights, File.ReadAllBytes(Path.Combine(folder, "weights.bin")));
        Assert.Equal(again.Card, File.ReadAllText(Path.Combine(folder, "card.md")));
    }

    [Fact]
    public void Load_ModelsOfTheRepository_HaveNoProblems()
    {
        var loaded = ModelFolder.Load(Models);
        Assert.Empty(loaded.Problems);
        Assert.Contains(loaded.Models, m => m.Name == "marketing");
    }

    [Theory]
    [InlineData("Our new 2-year bond pays 5.2%. Shall I open one for you before Friday?")]
    [InlineData("Refer a friend this month and you both get £100!")]
    [InlineData("Jetzt Depot eröffnen und 150 € Bonus sichern!")]
    [InlineData("Profitez de notre nouvelle assurance vie, premier mois offert")]
    [InlineData("Solo esta semana: 4 % en nuestro depósito a 12 meses. ¿Te interesa?")]
    [InlineData("本周新客专享理财，年化4.5%，名额有限，要不要了解一下？")]
    public void Score_Pitch_IsAboveTheThreshold(string text) => Assert.True(Score(text, Direction.Outbound) >= 0.5);

    [Theory]
    [InlineData("Your statement for May is ready in the app.", Direction.Outbound)]
    [InlineData("best offer 99.50, they want a discount to mid", Direction.Internal)]
    [InlineData("You sent me that cashback offer, is it still on?", Direction.Inbound)]
    [InlineData("Ihr Termin am Montag um 9 Uhr ist bestätigt.", Direction.Outbound)]
    [InlineData("Filled: sold 5,000 at 101.2", Direction.Outbound)]
    [InlineData("您的存款下周五到期，请留意。", Direction.Outbound)]
    public void Score_LookAlike_IsBelowTheThreshold(string text, Direction direction) => Assert.True(Score(text, direction) < 0.5);

    private static double Score(string text, Direction direction)
    {
        using var message = new PreparedMessage(A.Message(text, direction: direction));
        return ModelFolder.Load(Models).Models.Single(m => m.Name == "marketing").Score(message);
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Surveillance.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("No folder above the tests holds Surveillance.sln.");
        }
        return folder;
    }
}
