using System.Text.Json;
using Surveillance.Detection.Pii;
using Surveillance.Detection.Pii.Checks;
using Surveillance.Engine.Tests.Rules;

namespace Surveillance.Engine.Tests.Detection.Pii.Checks;

/// <summary>No checksum without an oracle: python-stdnum, a second implementation, or values that one makes.</summary>
public sealed class CheckCoverageTests
{
    /// <summary>The checks of every type as its pack writes them.</summary>
    private static readonly Dictionary<string, string[]> ChecksOf = ReadPacks();

    private static readonly HashSet<string> ByStdnum = [.. StdnumTable.All.Select(s => s.Type)];

    private static readonly HashSet<string> ByTwin = [.. CheckOracleTests.Oracles.Keys, .. CoinOracleTests.Makers.Keys];

    public static TheoryData<string> ConfirmedTypes() => [.. PiiTypes.All.Where(t => t.Check.Confirms).Select(t => t.Name)];

    public static TheoryData<string> ConfirmingChecks() => [.. CheckTable.All().Where(e => e.Confirms).Select(e => e.Name)];

    [Theory]
    [MemberData(nameof(ConfirmedTypes))]
    public void Type_ThatAChecksumConfirms_HasAnOracle(string type)
    {
        var open = ChecksOf[type].Where(c => CheckTable.All([c]).Confirms && !ByTwin.Contains(Plain(c)));
        Assert.True(ByStdnum.Contains(type) || !open.Any(), $"neither StdnumTable has {type}, nor CheckOracleTests or CoinOracleTests {string.Join(", ", open)}");
    }

    [Theory]
    [MemberData(nameof(ConfirmingChecks))]
    public void Check_ThatConfirms_HasAnOracle(string check)
    {
        var isAsked = ChecksOf.Any(t => ByStdnum.Contains(t.Key) && t.Value.Any(c => NameOf(c) == check));
        Assert.True(isAsked || ByTwin.Any(c => NameOf(c) == check), $"no oracle for {check}");
    }

    [Fact]
    public void Checks_All_AreUsedByAPack() =>
        Assert.Empty(CheckTable.All().Select(c => c.Name).Except(ChecksOf.Values.SelectMany(c => c).Select(NameOf)));

    [Fact]
    public void StdnumTable_Types_AreThoseOfPacks() => Assert.All(ByStdnum, type => Assert.NotNull(PiiTypes.Of(type)));

    /// <summary>The check without saying that its failure leaves the question open.</summary>
    private static string Plain(string check) => check.Replace(" undecided", "", StringComparison.Ordinal);

    private static string NameOf(string check) => check.Split(' ')[0];

    private static Dictionary<string, string[]> ReadPacks()
    {
        var checks = new Dictionary<string, string[]>();
        foreach (var file in Directory.EnumerateFiles(Repository.At("engine", "Detection", "Pii", "Packs"), "*.json", SearchOption.AllDirectories))
        {
            using var pack = JsonDocument.Parse(File.ReadAllText(file));
            foreach (var type in pack.RootElement.GetProperty("types").EnumerateArray())
            {
                checks[type.GetProperty("name").GetString()!] = type.TryGetProperty("check", out var own) ? [.. own.EnumerateArray().Select(c => c.GetString()!)] : [];
            }
        }
        return checks;
    }
}
