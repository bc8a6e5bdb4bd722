using Surveillance.Messages;
using Surveillance.Rules;
using Surveillance.Rules.Source;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Rules;

public sealed class RuleBookTests
{
    private const string Lexicon = """{ "id": "invitations", "version": 1, "title": "Invitations", "phrases": [ "text me", { "text": "sign up", "stem": true } ] }""";

    [Fact]
    public void FromFiles_WholeRule_ReadsEveryField()
    {
        var rule = Only(Rule(extra: """
            "references": [ "SEC Rule 17a-4(b)(4)" ], "misses": "Pictures.", "reviewBy": "2020-01-01",
            "appliesTo": { "channel": [ "whatsapp", "wechat" ], "direction": "inbound", "kind": "text" },
            "unless": { "lexicon": "invitations" },
            "alert": { "groupBy": "sender", "within": "7d" },
            """));

        Assert.Equal(("move", 2, "off-channel", Severity.High), (rule.Id, rule.Version, rule.Family, rule.Severity));
        Assert.Equal(("A title", "A reason", "compliance", "Pictures."), (rule.Title, rule.Why, rule.Owner, rule.Misses));
        Assert.Equal(["SEC Rule 17a-4(b)(4)"], rule.References);
        Assert.Equal(new DateOnly(2020, 1, 1), rule.ReviewBy);
        Assert.Equal([Channel.WhatsApp, Channel.WeChat], rule.AppliesTo.Channels!);
        Assert.Equal([Direction.Inbound], rule.AppliesTo.Directions!);
        Assert.Equal([MessageKind.Text], rule.AppliesTo.Kinds!);
        Assert.Equal((Grouping.Sender, TimeSpan.FromDays(7)), (rule.Grouping, rule.GroupWithin));
        Assert.NotNull(rule.Unless);
        Assert.Equal(["invitations"], rule.ReferredLexicons);
        Assert.Equal("rules/off-channel/move.json", rule.Path);
    }

    [Fact]
    public void FromFiles_LeftOut_TakesWhatIsUsual()
    {
        var rule = Only(Rule());

        Assert.Equal((Grouping.Conversation, TimeSpan.FromHours(24)), (rule.Grouping, rule.GroupWithin));
        Assert.Equal(AppliesTo.Everything, rule.AppliesTo);
        Assert.Null(rule.Unless);
        Assert.Null(rule.ReviewBy);
    }

    [Fact]
    public void FromFiles_BareText_IsOneMessageOfTheRulesFirstKind()
    {
        var test = Only(Rule(extra: """ "appliesTo": { "channel": "wechat", "direction": [ "inbound", "outbound" ] }, """)).Tests.FiresOn[0];

        var message = Assert.Single(test.Messages);
        Assert.Equal(("text me", Channel.WeChat, Direction.Inbound, MessageKind.Text), (message.Text, message.Channel, message.Direction, message.Kind));
        Assert.Equal(("client@client.example", Role.Client), (message.From.Address, message.From.Role));
        Assert.Equal(("employee@firm.example", Role.Employee), (message.To[0].Address, message.To[0].Role));
        Assert.Equal(new DateTimeOffset(2026, 5, 4, 9, 0, 0, TimeSpan.Zero), message.SentAt);
    }

    [Fact]
    public void FromFiles_Conversation_FillsInTimesAndPeople()
    {
        var test = Only(Rule(firesOn: """
            { "name": "withdrawn in March",
              "consent": [ { "subject": "client2", "purpose": "marketing", "channel": "whatsapp", "state": "withdrawn", "at": "2026-03-03T00:00:00Z" } ],
              "messages": [
                { "text": "hello", "from": "client2" },
                { "text": "text me", "to": [ "client2", "external" ], "channel": "whatsapp", "after": "5m", "template": { "name": "spring", "category": "utility" } },
                { "text": "we are among us", "from": "employee", "to": "employee3" },
                { "attachments": [ { "name": "q3.xlsx", "sizeBytes": 18211 } ], "to": [ { "address": "me@mail.example", "role": "external" } ], "sentAt": "2026-05-05T00:00:00Z" },
                "a bare text" ] }
            """)).Tests.FiresOn[0];

        Assert.Equal("withdrawn in March", test.Name);
        Assert.Equal([new ConsentEntry("client2@client.example", "marketing", ConsentState.Withdrawn, new(2026, 3, 3, 0, 0, 0, TimeSpan.Zero), Channel.WhatsApp, null, "test")], test.Consent);
        Assert.Equal([Direction.Inbound, Direction.Outbound, Direction.Internal, Direction.Outbound, Direction.Outbound], test.Messages.Select(m => m.Direction));
        Assert.Equal(["09:00", "09:05", "09:06", "00:00", "00:01"], test.Messages.Select(m => m.SentAt.ToString("HH:mm")));
        Assert.Equal(["employee@firm.example", "employee@firm.example", "employee@firm.example"], test.Messages.Skip(1).Take(3).Select(m => m.From.Address));
        Assert.Equal([Role.Client, Role.External], test.Messages[1].To.Select(p => p.Role!.Value));
        Assert.Equal("employee3@firm.example", test.Messages[2].To[0].Address);
        Assert.Equal((MessageKind.Document, "q3.xlsx", Role.External), (test.Messages[3].Kind, test.Messages[3].Attachments[0].Name, test.Messages[3].To[0].Role));
        Assert.Single(test.Messages.Select(m => m.Conversation).Distinct());
        Assert.Equal(5, test.Messages.Select(m => m.Id).Distinct().Count());
    }

    [Fact]
    public void Hash_OfRule_ChangesWithWhatItSaysOnly()
    {
        var first = Only(Rule());

        Assert.Equal(first.Hash, Only(Rule().ReplaceLineEndings("\n \t")).Hash);
        Assert.Equal(first.Hash, Only(Rule(firesOn: "\"another test: text me\"")).Hash);
        Assert.Equal(first.Hash, Only(Rule(extra: "\"$schema\": \"../../rules.schema.json\",")).Hash);
        Assert.NotEqual(first.Hash, Only(Rule().Replace("A reason", "Another reason")).Hash);
        Assert.NotEqual(first.Hash, Only(Rule(), Lexicon.Replace("text me", "message me")).Hash);
        Assert.Equal(first.Hash, Only(Rule(), Lexicon.Replace(", \"title\": \"Invitations\"", "").Replace("\"id\"", "\"title\": \"Invitations\", \"id\"")).Hash);
        Assert.Matches("^[0-9a-f]{64}$", first.Hash);
    }

    [Fact]
    public void Hash_OfBook_ChangesWithLexiconsAndNotWithTests()
    {
        var first = Load(Rule()).Book!.Hash;

        Assert.Equal(first, Load(Rule(firesOn: "\"another test: text me\"")).Book!.Hash);
        Assert.NotEqual(first, Load(Rule(), Lexicon.Replace("text me", "message me")).Book!.Hash);
    }

    [Fact]
    public void FromFiles_Lexicon_KeepsPhrasesInOrder()
    {
        var lexicon = Load(Rule()).Book!.Lexicons["invitations"];

        Assert.Equal([new LexiconPhrase("text me", false), new LexiconPhrase("sign up", true)], lexicon.Phrases);
    }

    [Fact]
    public void FromFiles_LexiconWithError_IsNotReportedAsUndefinedToo()
    {
        var result = Load(Rule(), Lexicon.Replace("\"text me\"", "\"\""));

        Assert.Null(result.Book);
        Assert.Equal(["E025"], result.Diagnostics.Select(d => d.Code));
    }

    [Fact]
    public void FromFiles_OptOutLexicon_NeedsNoRule()
    {
        var files = Files(Rule(), Lexicon);
        files.Add(new SourceFile("rules/lexicons/opt-out-words.json", """{ "id": "opt-out-words", "version": 1, "title": "Opt-outs", "phrases": [ "stop" ] }"""));
        files.Add(new SourceFile("rules/lexicons/unused.json", """{ "id": "unused", "version": 1, "title": "Unused", "phrases": [ "stop" ] }"""));

        var result = RuleBook.FromFiles(files, []);

        Assert.NotNull(result.Book);
        Assert.Equal(["no rule uses the lexicon \"unused\""], result.Diagnostics.Select(d => d.Message));
    }

    [Fact]
    public void Contains_ListEntry_HoldsOnItsDaysOnly()
    {
        var list = new NamedList("x", 1, "X", [new("Desk@Firm.example", new DateOnly(2025, 1, 1), new DateOnly(2025, 12, 31)), new("+44 20 7946 0000")], "");

        Assert.True(list.Contains("desk@firm.example", new(2025, 12, 31, 23, 59, 59, TimeSpan.Zero)));
        Assert.False(list.Contains("desk@firm.example", new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.False(list.Contains("desk@firm.example", new(2025, 1, 1, 0, 30, 0, TimeSpan.FromHours(1))));
        Assert.True(list.Contains("+442079460000", DateTimeOffset.UnixEpoch));
        Assert.False(list.Contains("other", DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void Load_Folder_ReadsRulesAndLeavesTheRestAlone()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "off-channel/move.json", Rule());
        Write(folder, "lexicons/invitations.json", Lexicon);
        Write(folder, "lists/accounts.json", """{ "id": "accounts", "version": 1, "title": "A", "entries": [ "x" ] }""");
        Write(folder, "retired/old.json", "not read");
        Write(folder, "parameters.json", "not read");
        Write(folder, "versions.lock.json", "not read");
        Write(folder, "off-channel/.hidden.json", "not read");
        Write(folder, "off-channel/notes.md", "not read");

        var result = RuleBook.Load(folder.Path, []);

        Assert.Equal(["W032"], result.Diagnostics.Select(d => d.Code));
        Assert.Equal(["lexicons/invitations.json", "lists/accounts.json", "off-channel/move.json"], result.Book!.Files.Select(f => f.Path[(f.Path.IndexOf('/') + 1)..]));
        Assert.Equal(["move"], result.Book.Rules.Select(r => r.Id));
    }

    [Theory]
    [InlineData("off-chanel/move.json", "E021")]
    [InlineData("move.json", "E021")]
    [InlineData("off-channel/deeper/move.json", "E021")]
    public void Load_RuleInTheWrongPlace_SaysSo(string path, string code)
    {
        using var folder = new TemporaryFolder();
        Write(folder, "lexicons/invitations.json", Lexicon);
        Write(folder, path, Rule());

        Assert.Equal([code], RuleBook.Load(folder.Path, []).Diagnostics.Select(d => d.Code));
    }

    [Fact]
    public void Load_BytesThatAreNotUtf8_SaysWhere()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "lexicons/invitations.json", Lexicon);
        Write(folder, "off-channel/move.json", System.Text.Encoding.Latin1.GetBytes(Rule().Replace("A reason", "A räson")));
        Write(folder, "off-channel/wide.json", System.Text.Encoding.Unicode.GetPreamble());

        var result = RuleBook.Load(folder.Path, []);

        Assert.Equal(["this is not UTF-8", "the file is UTF-16, rule files are UTF-8"], result.Diagnostics.Select(d => d.Message));
        Assert.Null(result.Book);
    }

    [Fact]
    public void Load_TheRepositorysOwnBook_HasNoError()
    {
        var result = RuleBook.Load(Repository.At("rules"), ["marketing"]);

        Assert.Empty(DiagnosticRenderer.Render(result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        Assert.NotEmpty(result.Book!.Rules);
    }

    [Fact]
    public void Load_NoFolder_SaysSo()
    {
        var result = RuleBook.Load(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), []);

        Assert.Equal(["E028"], result.Diagnostics.Select(d => d.Code));
        Assert.NotEmpty(DiagnosticRenderer.Render(result.Diagnostics));
    }

    [Fact]
    public void Load_EmptyFolder_GivesAnEmptyBook()
    {
        using var folder = new TemporaryFolder();

        Assert.Empty(RuleBook.Load(folder.Path, []).Book!.Rules);
    }

    private static Rule Only(string rule, string lexicon = Lexicon)
    {
        var result = Load(rule, lexicon);
        Assert.DoesNotContain(result.Diagnostics, d => d.Severity == DiagnosticSeverity.Error);
        return Assert.Single(result.Book!.Rules);
    }

    private static RuleBookResult Load(string rule, string lexicon = Lexicon) => RuleBook.FromFiles(Files(rule, lexicon), []);

    private static List<SourceFile> Files(string rule, string lexicon) => [new("rules/off-channel/move.json", rule), new("rules/lexicons/invitations.json", lexicon)];

    private static string Rule(string extra = "", string firesOn = "\"text me\"") => $$"""
        { "id": "move", "version": 2, "family": "off-channel", "severity": "high", "title": "A title", "why": "A reason", "owner": "compliance", {{extra}}
          "when": { "lexicon": "invitations" },
          "tests": { "firesOn": [ {{firesOn}}, "text me", "text me" ], "silentOn": [ "a", "b", "c" ] } }
        """;

    private static void Write(TemporaryFolder folder, string path, string text) => Write(folder, path, System.Text.Encoding.UTF8.GetBytes(text));

    private static void Write(TemporaryFolder folder, string path, byte[] bytes)
    {
        var whole = folder.File(path);
        Directory.CreateDirectory(Path.GetDirectoryName(whole)!);
        File.WriteAllBytes(whole, bytes);
    }
}
