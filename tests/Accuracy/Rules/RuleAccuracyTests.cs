using System.Text.Json;
using Surveillance.Consent;
using Surveillance.Detection;
using Surveillance.Evaluation;
using Surveillance.Messages;
using Surveillance.Rules;
using Surveillance.Tests;

namespace Surveillance.Accuracy.Tests.Rules;

/// <summary>What the rules on sensitive data find in labelled messages of others, which are not part of the repository.</summary>
public sealed class RuleAccuracyTests
{
    private const string Family = "sensitive_data_exposure";

    /// <summary>The rules that find data; those on asking for it answer another question.</summary>
    private static readonly string[] Finders = ["bank-account-shared", "credentials-in-text", "identity-number-shared", "payment-card-shared", "special-category-shared"];

    private static readonly Lazy<Revision> s_revision = new(() => RevisionBuilder.Build(
        RuleBook.Load(Root("rules"), RevisionBuilder.KnownClassifiers([])).Book ?? throw new InvalidOperationException("The rules of the repository do not check."), []));

    /// <summary>How many of the messages that hold such data each rule finds at least: what was measured.</summary>
    public static TheoryData<string, string> Floors => new()
    {
        { "bank-account-shared", "risk 8, text 3" },
        { "credentials-in-text", "risk 8, text 10" },
        { "identity-number-shared", "risk 22, text 2" },
        { "payment-card-shared", "risk 11, text 1" },
        { "special-category-shared", "risk 2" },
    };

    [Theory]
    [MemberData(nameof(Floors))]
    public void Evaluate_LabelledMessages_FindsItsShareAndNothingElse(string rule, string floors)
    {
        foreach (var (set, rows) in new[] { ("risk", Risk()), ("text", Sentences()) })
        {
            var found = rows.Where(r => Matches(r.Message).Contains(rule)).ToList();
            var wrong = found.Where(r => r.Holds == false).Select(r => r.Message.Id).ToList();
            Console.WriteLine($"{rule} on {set}: {found.Count(r => r.Holds == true)} of {rows.Count(r => r.Holds == true)}; {wrong.Count} of {rows.Count(r => r.Holds == false)} without such data");
            Assert.Empty(wrong);
            var floor = floors.Split(", ").FirstOrDefault(f => f.StartsWith(set, StringComparison.Ordinal))?.Split(' ')[1];
            Assert.True(found.Count(r => r.Holds == true) >= int.Parse(floor ?? "0", System.Globalization.CultureInfo.InvariantCulture), $"{rule} on {set}");
        }
    }

    [Fact]
    public void Evaluate_LabelledMessages_FindsNearlyAllByOneRuleOrAnother()
    {
        var holding = Risk().Where(r => r.Holds == true).ToList();
        var missed = holding.Where(r => !Matches(r.Message).Intersect(Finders).Any()).Select(r => r.Message.Id).ToList();
        Console.WriteLine($"all rules on risk: {holding.Count - missed.Count} of {holding.Count}; missed {string.Join(", ", missed)}");
        Assert.True(missed.Count <= 0.05 * holding.Count, string.Join(", ", missed));
    }

    private static HashSet<string> Matches(CapturedMessage message)
    {
        var ids = new IdMaker(new byte[32]);
        using var prepared = new PreparedMessage(message);
        var hits = s_revision.Value.Detectors.Detect(prepared);
        var view = new ConversationMemory().View(ids.Conversation(message), new ConversationEntry(1, message, hits));
        var result = Evaluator.Evaluate(prepared, hits, 1, view, new ConsentLedger(ids.Person).At(1), s_revision.Value);
        return [.. result.Matches.Select(m => m.Rule.Id)];
    }

    /// <summary>Messages of a firm: those of the family, and ordinary ones, in which nothing is to be found.</summary>
    private static List<Row> Risk() =>
    [
        .. Lines("risk", "messages.jsonl").Where(r => r.GetProperty("family").GetString() == Family).Select(r => new Row(Message(r), r.GetProperty("label").GetInt32() == 1)),
        .. Lines("risk", "benign.jsonl").Select(r => new Row(Message(r), false)),
    ];

    /// <summary>Sentences out of public corpora, taken as a client's; for requests and for what is weak neither counts.</summary>
    private static List<Row> Sentences() =>
    [
        .. Lines("text", "sensitive_hand.jsonl").Select(r => new Row(
            A.Message(r.GetProperty("text").GetString(), id: r.GetProperty("id").GetString(), channel: Channel.Chat, direction: Direction.Inbound),
            r.GetProperty("label").GetString() switch { "sensitive" => true, "none" => false, _ => null })),
    ];

    private static CapturedMessage Message(JsonElement row)
    {
        var parties = new[] { row.GetProperty("from").GetString()!, row.GetProperty("to").GetString()! }
            .Select((role, i) => new Participant($"{role}{i}@example.com", Named<Role>(role))).ToArray();
        return A.Message(
            row.GetProperty("text").GetString(), row.GetProperty("id").GetString(), Named<Channel>(row.GetProperty("channel").GetString()!),
            direction: Named<Direction>(row.GetProperty("direction").GetString()!), from: parties[0], to: [parties[1] with { As = RecipientKind.To }],
            subject: row.GetProperty("subject").GetString());
    }

    private static T Named<T>(string word) where T : struct, Enum => Names<T>.TryParse(word, out var value) ? value : throw new FormatException($"{word} is no {typeof(T).Name}.");

    private static IEnumerable<JsonElement> Lines(string folder, string file)
    {
        var path = SampleData.Folder(folder);
        Assert.SkipWhen(path is null, $"no labelled {folder} here: set SURVEILLANCE_DATA");
        foreach (var line in File.ReadLines(Path.Combine(path!, file)))
        {
            using var json = JsonDocument.Parse(line);
            yield return json.RootElement.Clone();
        }
    }

    private static string Root(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Surveillance.sln"))) { folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository."); }
        return Path.Combine(folder.FullName, name);
    }

    /// <summary>A labelled message.</summary>
    /// <param name="Message">The message.</param>
    /// <param name="Holds">Whether it holds such data; null where that is open.</param>
    private sealed record Row(CapturedMessage Message, bool? Holds);
}
