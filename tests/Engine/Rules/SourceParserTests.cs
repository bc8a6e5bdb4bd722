using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Surveillance.Rules.Source;

namespace Surveillance.Engine.Tests.Rules;

public sealed class SourceParserTests
{
    [Fact]
    public void Parse_RandomJson_AgreesWithTheFrameworksReader()
    {
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), seed =>
        {
            var json = RandomJson(new Random(seed));
            var diagnostics = new Diagnostics();

            var parsed = SourceParser.Parse(new SourceFile("x.json", json), diagnostics);

            Assert.DoesNotContain(diagnostics.Items, d => d.Severity == DiagnosticSeverity.Error);
            Assert.Null(parsed.BrokenAt);
            using var expected = JsonDocument.Parse(json);
            AssertSame(expected.RootElement, parsed.Root!, "");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(2026, 5));
    }

    [Fact]
    public void Parse_RandomMutation_NeverThrowsAndFindsWhatTheFrameworkFinds()
    {
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), seed =>
        {
            var json = Mutate(RandomJson(new Random(seed)), new Random(seed));
            var diagnostics = new Diagnostics();

            var parsed = SourceParser.Parse(new SourceFile("x.json", json), diagnostics);

            foreach (var finding in diagnostics.Items)
            {
                Assert.InRange(finding.Span.Start, 0, json.Length);
                Assert.InRange(finding.Span.End, finding.Span.Start, json.Length);
            }
            _ = DiagnosticRenderer.Render(diagnostics.Items);
            using var rendered = JsonDocument.Parse(DiagnosticRenderer.ToJson(diagnostics.Items));
            if (!diagnostics.HasErrors)
            {
                using var expected = JsonDocument.Parse(json);
                AssertSame(expected.RootElement, parsed.Root!, "");
            }
            else if (IsJson(json))
            {
                Assert.All(diagnostics.Items, d => Assert.True(d.Code is "E005" or "E007" or "E011" or "E028" or "W011"));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(4_000).WithReplay(2026, 5));
    }

    [Theory]
    [InlineData("\"abc\"", "abc", new[] { 1, 2, 3, 4 })]
    [InlineData("\"a\\nb\"", "a\nb", new[] { 1, 2, 4, 5 })]
    [InlineData("\"\\u00e9x\"", "éx", new[] { 1, 7, 8 })]
    [InlineData("\"\\ud83d\\udc4d!\"", "👍!", new[] { 1, 7, 13, 14 })]
    [InlineData("\"\"", "", new[] { 1 })]
    public void Parse_Text_KnowsWhereEachUnitStands(string json, string value, int[] offsets)
    {
        var text = Assert.IsType<SourceString>(Parse(json).Root);

        Assert.Equal(value, text.Value);
        Assert.Equal(offsets, text.Offsets);
    }

    [Fact]
    public void Parse_Nested_GivesPointersAsRfc6901()
    {
        var root = (SourceObject)Parse("""{ "a/b": { "~": [ 1, { "": true } ] } }""").Root!;

        var list = (SourceArray)((SourceObject)root.Members[0].Value).Members[0].Value;
        Assert.Equal("/a~1b/~0/1", list.Items[1].Pointer);
        Assert.Equal("/a~1b/~0/1/", ((SourceObject)list.Items[1]).Members[0].Value.Pointer);
        Assert.Equal("", root.Pointer);
    }

    [Theory]
    [InlineData("[1,]", "E001")]
    [InlineData("{\"a\":1,}", "E001")]
    [InlineData("[1", "E002")]
    [InlineData("{\"a\": [1}", "E002")]
    [InlineData("[{\"a\": 1]", "E002")]
    [InlineData("[\"a\n]", "E002")]
    [InlineData("{\"a: 1\n}", "E002")]
    [InlineData("{\"a: \"b\"\n}", "E002")]
    [InlineData("[ 'a', 'don't', 'b' ]", "E003")]
    [InlineData("[ “a”, ‘b’ ]", "E003")]
    [InlineData("[ \"a\u0001b\" ]", "E003")]
    [InlineData("[\u200B1]", "E003")]
    [InlineData("{\"a\":1,\"a\":2}", "E005")]
    [InlineData("[1e999]", "E007")]
    [InlineData("\"\\x\"", "E011")]
    [InlineData("\"\\u12\"", "E011")]
    [InlineData("\"\\ud800\"", "E011")]
    [InlineData("[\"a \"b\" c\"\n]", "E011")]
    [InlineData("", "E026")]
    [InlineData("[1 2]", "E026")]
    [InlineData("[1,,2]", "E026")]
    [InlineData("[1;2]", "E026")]
    [InlineData("{\"a\" 1}", "E026")]
    [InlineData("{\"a\" = 1}", "E026")]
    [InlineData("{\"a\": }", "E026")]
    [InlineData("{\"a\"}", "E026")]
    [InlineData("{a: 1}", "E026")]
    [InlineData("{5: 1}", "E026")]
    [InlineData("{@ \"a\": 1}", "E026")]
    [InlineData("[\"a\": 1]", "E026")]
    [InlineData("[01]", "E026")]
    [InlineData("[.5]", "E026")]
    [InlineData("[+1]", "E026")]
    [InlineData("[5%]", "E026")]
    [InlineData("[NaN]", "E026")]
    [InlineData("[nope]", "E026")]
    [InlineData("[@]", "E026")]
    [InlineData("[1 @]", "E026")]
    [InlineData("[1] }", "E026")]
    [InlineData("[1] [2]", "E026")]
    [InlineData("[}]", "E026")]
    [InlineData("# x\n[1]", "E026")]
    [InlineData("/* x */[1]", "E026")]
    public void Parse_OneMistake_SaysItOnce(string json, string code)
    {
        var diagnostics = new Diagnostics();

        _ = SourceParser.Parse(new SourceFile("x.json", json), diagnostics);

        Assert.Equal([code], diagnostics.Items.Select(d => d.Code));
    }

    [Fact]
    public void Parse_SixtyFourDeep_IsReadAndOneMoreIsNot()
    {
        Assert.Empty(Findings(new string('[', 64) + new string(']', 64)));
        Assert.Equal(["E027"], Findings(new string('[', 65) + new string(']', 65)));
        Assert.Equal(["E027"], Findings(new string('[', 200_000)));
    }

    [Fact]
    public void Parse_FourMegabytes_IsReadAndMoreIsNot()
    {
        Assert.Empty(Findings("\"" + new string('a', SourceParser.MaxLength - 2) + "\""));
        Assert.Equal(["E027"], Findings("\"" + new string('a', SourceParser.MaxLength - 1) + "\""));
    }

    /// <summary>Shapes that would take a careless reader quadratic time, which is hours at this length; each takes well under a second here.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData("[", "1,")]
    [InlineData("[", "\"a\",")]
    [InlineData("", "\"")]
    [InlineData("", "{")]
    [InlineData("[", "]")]
    [InlineData("", "[\n")]
    [InlineData("[", "'")]
    [InlineData("[\"", "\\d")]
    [InlineData("[", "“ ")]
    [InlineData("[", "\"a\n")]
    [InlineData("{", "\"a\":1,")]
    [InlineData("[", "[\n],")]
    [InlineData("[", "//\n")]
    [InlineData("[\"", "\\b")]
    [InlineData("", " ")]
    public async Task Parse_HostileFile_TakesLinearTime(string start, string repeated)
    {
        var json = start + string.Concat(Enumerable.Repeat(repeated, (SourceParser.MaxLength - 1) / repeated.Length));

        await Task.Run(() => Findings(json), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Parse_LongNameOverManyItems_KeepsMemoryLinear()
    {
        var name = new string('n', 1_000_000);
        var json = "{\"" + name + "\":[" + string.Join(',', Enumerable.Repeat("1", 1_000_000)) + "]}";
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Empty(Findings(json));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400_000_000);
    }

    [Fact]
    public void Parse_ThousandMistakes_StopsAfterAHundred()
    {
        var codes = Findings("[" + string.Concat(Enumerable.Repeat("nope,", 1_000)) + "1]");

        Assert.Equal(100, codes.Count);
        Assert.Equal("E027", codes[^1]);
    }

    private static bool IsJson(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return true;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return false;
        }
    }

    private static List<string> Findings(string json)
    {
        var diagnostics = new Diagnostics();
        _ = SourceParser.Parse(new SourceFile("x.json", json), diagnostics);
        return [.. diagnostics.Items.Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.Code)];
    }

    private static ParsedSource Parse(string json) => SourceParser.Parse(new SourceFile("x.json", json), new Diagnostics());

    private static void AssertSame(JsonElement expected, SourceNode actual, string pointer)
    {
        Assert.Equal(pointer, actual.Pointer);
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                var members = Assert.IsType<SourceObject>(actual).Members;
                Assert.Equal(expected.EnumerateObject().Select(p => p.Name), members.Select(m => m.Name));
                foreach (var (property, member) in expected.EnumerateObject().Zip(members))
                {
                    AssertSame(property.Value, member.Value, pointer + "/" + property.Name.Replace("~", "~0").Replace("/", "~1"));
                }
                break;
            case JsonValueKind.Array:
                var items = Assert.IsType<SourceArray>(actual).Items;
                Assert.Equal(expected.GetArrayLength(), items.Count);
                for (var i = 0; i < items.Count; i++)
                {
                    AssertSame(expected[i], items[i], pointer + "/" + i.ToString(CultureInfo.InvariantCulture));
                }
                break;
            case JsonValueKind.String:
                var text = Assert.IsType<SourceString>(actual);
                Assert.Equal(expected.GetString(), text.Value);
                Assert.Equal(text.Value.Length + 1, text.Offsets.Count);
                Assert.Equal('"', text.Span.File.Text[text.Offsets[^1]]);
                break;
            case JsonValueKind.Number:
                Assert.Equal(expected.GetDouble(), Assert.IsType<SourceNumber>(actual).Value);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                Assert.Equal(expected.GetBoolean(), Assert.IsType<SourceBoolean>(actual).Value);
                break;
            default:
                Assert.IsType<SourceNull>(actual);
                break;
        }
    }

    private static string RandomJson(Random random)
    {
        var json = new StringBuilder();
        Value(random, json, 0);
        return json.ToString();
    }

    private static void Value(Random random, StringBuilder json, int depth)
    {
        Space(random, json);
        switch (random.Next(depth > 5 ? 6 : 9))
        {
            case 0: json.Append("true"); break;
            case 1: json.Append("false"); break;
            case 2: json.Append("null"); break;
            case 3: json.Append(random.Next(-1000, 1000).ToString(CultureInfo.InvariantCulture)); break;
            case 4: json.Append((random.NextDouble() * Math.Pow(10, random.Next(-20, 20))).ToString(random.Next(2) == 0 ? "R" : "E6", CultureInfo.InvariantCulture)); break;
            case 5: Text(random, json, ""); break;
            case 6 or 7:
                json.Append('{');
                for (var i = random.Next(5); i > 0; i--)
                {
                    Space(random, json);
                    Text(random, json, i.ToString(CultureInfo.InvariantCulture));
                    Space(random, json);
                    json.Append(':');
                    Value(random, json, depth + 1);
                    json.Append(i > 1 ? "," : "");
                }
                json.Append('}');
                break;
            default:
                json.Append('[');
                for (var i = random.Next(5); i > 0; i--)
                {
                    Value(random, json, depth + 1);
                    json.Append(i > 1 ? "," : "");
                }
                json.Append(']');
                break;
        }
        Space(random, json);
    }

    private static void Space(Random random, StringBuilder json)
    {
        for (var i = random.Next(3); i > 0; i--)
        {
            json.Append(" \n\r\t"[random.Next(4)]);
        }
    }

    private static void Text(Random random, StringBuilder json, string prefix)
    {
        string[] pieces = ["a", "B", "é", "加", "👍", "\\n", "\\\"", "\\\\", "\\/", "\\b", "\\t", "\\u00e9", "\\ud83d\\udc4d", "/", "~", "“", "'", " ", "{", "]", ",", ":", "#", "//"];
        json.Append('"').Append(prefix);
        for (var i = random.Next(8); i > 0; i--)
        {
            json.Append(pieces[random.Next(pieces.Length)]);
        }
        json.Append('"');
    }

    private static string Mutate(string json, Random random)
    {
        const string characters = "{}[],:\"'\\ \n\t0123.-+eEtfnu/*#“”\uFEFF\u00A0\uD83D\u0001=;a@";
        var text = new StringBuilder(json);
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var at = random.Next(text.Length + 1);
            switch (random.Next(3))
            {
                case 0: text.Insert(at, characters[random.Next(characters.Length)]); break;
                case 1 when at < text.Length: text.Remove(at, Math.Min(text.Length - at, random.Next(1, 4))); break;
                default: text.Insert(at, text.ToString(Math.Min(at, text.Length / 2), text.Length / 4)); break;
            }
        }
        return text.ToString();
    }
}
