using System.Text.Json;
using Surveillance.Rules;
using Surveillance.Rules.Source;

namespace Surveillance.Engine.Tests.Rules;

/// <summary>
/// Each mistake that an author can make is a pair in Errors/: <c>what-is-wrong.json</c> and what is said about it, <c>what-is-wrong.txt</c>.
/// </summary>
/// <remarks>
/// The file is read as the rule <c>rules/off-channel/off-channel-move.json</c>, or, when its name begins so, as a lexicon or a list that the
/// rule names. After a deliberate change write the texts anew with the environment variable SURVEILLANCE_WRITE_GOLDEN=1 and look at the diff.
/// </remarks>
public sealed class ErrorGalleryTests
{
    private static readonly string s_folder = Repository.At("tests", "Engine", "Rules", "Errors");

    public static TheoryData<string> Mistakes => [.. Directory.EnumerateFiles(s_folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Load_Mistake_SaysWhereWhatAndWhatInstead(string mistake)
    {
        var result = Load(mistake);

        var said = DiagnosticRenderer.Render(result.Diagnostics);

        var golden = Path.Combine(s_folder, mistake + ".txt");
        if (Environment.GetEnvironmentVariable("SURVEILLANCE_WRITE_GOLDEN") == "1")
        {
            File.WriteAllText(golden, said);
        }
        Assert.Equal(File.ReadAllText(golden), said);
        Assert.Equal(result.Book is null, result.Diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error));
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void ToJson_Mistake_HasTheSamePlaces(string mistake)
    {
        var result = Load(mistake);

        using var json = JsonDocument.Parse(DiagnosticRenderer.ToJson(result.Diagnostics));

        var places = json.RootElement.EnumerateArray().Select(d =>
            $"{d.GetProperty("code")} {d.GetProperty("file")}:{d.GetProperty("line")}:{d.GetProperty("column")} {d.GetProperty("message")}");
        var expected = result.Diagnostics.Select(d =>
        {
            var (line, column) = d.Span.File.Place(d.Span.Start);
            return $"{d.Code} {d.Span.File.Path}:{line}:{column} {d.Message}";
        });
        Assert.Equal(expected, places);
    }

    [Fact]
    public void Gallery_HoldsEveryCodeThatReadingGives()
    {
        var shown = Mistakes.SelectMany(row => Load(row.Data).Diagnostics).Select(d => d.Code).ToHashSet();

        Assert.Equal(RuleErrors.Codes.Where(c => c != "E028").Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal)); // E028 speaks of files that are not text
    }

    internal static RuleBookResult Load(string mistake)
    {
        var text = System.Text.Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(s_folder, mistake + ".json"))); // keeps a byte order mark
        var files = new Dictionary<string, string>
        {
            ["rules/off-channel/off-channel-move.json"] = Rule,
            ["rules/lexicons/off-channel-invitations.json"] = """{ "id": "off-channel-invitations", "version": 1, "title": "Invitations", "phrases": [ "text me" ] }""",
        };
        var path = mistake switch
        {
            _ when mistake.StartsWith("lexicon-", StringComparison.Ordinal) => "rules/lexicons/off-channel-invitations.json",
            _ when mistake.StartsWith("list-", StringComparison.Ordinal) => "rules/lists/captured-accounts.json",
            _ when mistake.StartsWith("folder-", StringComparison.Ordinal) => "rules/of-channel/off-channel-move.json",
            _ when mistake.StartsWith("second-", StringComparison.Ordinal) => "rules/marketing/off-channel-move.json",
            _ => "rules/off-channel/off-channel-move.json",
        };
        files[path] = text;
        return RuleBook.FromFiles([.. files.Select(f => new SourceFile(f.Key, f.Value))], ["marketing"]);
    }

    private const string Rule = """
        {
          "id": "off-channel-move",
          "version": 3,
          "family": "off-channel",
          "severity": "high",
          "title": "Business talk moved to a channel we do not record",
          "why": "Records must be kept of business communications: SEC Rule 17a-4(b)(4).",
          "owner": "compliance",
          "when": { "lexicon": "off-channel-invitations" },
          "tests": {
            "firesOn": [ "text me", "just text me", "text me later" ],
            "silentOn": [ "good morning", "our line is recorded", "see the text" ]
          }
        }
        """;
}
