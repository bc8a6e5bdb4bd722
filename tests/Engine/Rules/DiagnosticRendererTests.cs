using System.Text;
using Surveillance.Rules.Source;

namespace Surveillance.Engine.Tests.Rules;

public sealed class DiagnosticRendererTests
{
    [Theory]
    [InlineData("ab[cd]ef", "ab", "^^")]
    [InlineData("加微[信私]聊", "    ", "^^^^")]
    [InlineData("👍👍[x]", "    ", "^")]
    [InlineData("e\u0301[x]", " ", "^")]
    [InlineData("x\u200D[y]z", " ", "^")]
    [InlineData("\t[x]", "    ", "^")]
    [InlineData("[]x", "", "^")]
    [InlineData("x[]", " ", "^")]
    [InlineData("[\u202E]x", "", "^")]
    public void Render_WideAndNarrowCharacters_UnderlinesWhatIsMeant(string marked, string indent, string marks)
    {
        var rendered = Render(marked);

        Assert.Equal("    | " + new string(' ', indent.Length) + marks, rendered[3]);
    }

    [Fact]
    public void Render_HostileCharacters_ReachNoTerminal()
    {
        var rendered = string.Concat(Render("\u001B[31m\u202E\u0007[x]\u2028"));

        Assert.DoesNotContain(rendered, c => char.IsControl(c) || c is '\u202E' or '\u2028');
    }

    [Fact]
    public void Render_VeryLongLine_ShowsTheStretchAroundThePlace()
    {
        var rendered = Render(new string('a', 100_000) + "[bad]" + new string('c', 100_000));

        Assert.InRange(rendered[2].Length, 100, 160);
        Assert.Equal("bad", rendered[2].Substring(rendered[3].IndexOf('^'), rendered[3].Count(c => c == '^')));
        Assert.Contains(":100001", rendered[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Render_SpanOverLines_UnderlinesTheFirst()
    {
        var file = new SourceFile("x.json", "{\n  \"a\": [\n  1 ]\n}");

        var rendered = DiagnosticRenderer.Render(new Diagnostic("E006", DiagnosticSeverity.Error, new SourceSpan(file, 9, 16), "x")).Split('\n');

        Assert.Equal("  2 |   \"a\": [", rendered[2]);
        Assert.Equal("    |        ^", rendered[3]);
    }

    [Fact]
    public void ToJson_Finding_CountsInUtf16Units()
    {
        var file = new SourceFile("x.json", "{ \"👍\": 5,\n\"b\": [ true ] }");

        var json = DiagnosticRenderer.ToJson([new Diagnostic("E006", DiagnosticSeverity.Error, new SourceSpan(file, 8, 9), "m", "n", "h", new RelatedPlace(new SourceSpan(file, 18, 22), "r"))]);

        Assert.Equal(
            """[{"code":"E006","severity":"error","pointer":"/👍","file":"x.json","line":1,"column":9,"endLine":1,"endColumn":10,"message":"m","note":"n","help":"h","related":[{"file":"x.json","line":2,"column":8,"endLine":2,"endColumn":12,"message":"r"}]}]""",
            System.Text.RegularExpressions.Regex.Unescape(json));
    }

    private static string[] Render(string marked)
    {
        var start = marked.LastIndexOf('[');
        var end = marked.LastIndexOf(']') - 1;
        var file = new SourceFile("x.json", new StringBuilder(marked).Remove(end + 1, 1).Remove(start, 1).ToString());
        return DiagnosticRenderer.Render(new Diagnostic("E006", DiagnosticSeverity.Error, new SourceSpan(file, start, end), "x")).Split('\n');
    }
}
