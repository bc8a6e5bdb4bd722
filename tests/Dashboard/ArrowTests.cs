using Surveillance.Tests;

namespace Surveillance.Dashboard.Tests;

/// <summary>Which types of the dashboard name a store: everything else knows interfaces alone, so that a store can be another.</summary>
public sealed class ArrowTests
{
    private static readonly string[] NameStorage =
    [
        "Surveillance.Dashboard.Backups.RestoreCommand", // makes a data folder where no host runs
        "Surveillance.Dashboard.Commands.CommandLine", // says that a data folder is in use
        "Surveillance.Dashboard.Commands.ControlClient", // finds the socket of whoever holds a data folder
        "Surveillance.Dashboard.Commands.DoctorCommand", // looks at a data folder without taking it
        "Surveillance.Dashboard.DashboardHost", // puts everything together
        "Surveillance.Dashboard.Health.ServiceCheck", // asks whoever holds a data folder
    ];

    [Fact]
    public void Types_OfTheDashboard_NameNoStoreButThoseOfTheList() =>
        Assert.Equal(NameStorage, typeof(DashboardHost).Assembly.GetTypes()
            .Where(type => TypeUses.Of(type).Any(used => used.Namespace?.StartsWith("Surveillance.Storage", StringComparison.Ordinal) == true))
            .Select(type => Outermost(type).FullName!).Distinct().Order(StringComparer.Ordinal));

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
