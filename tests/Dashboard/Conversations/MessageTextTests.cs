using Surveillance.Dashboard.Conversations;
using Surveillance.Text;

namespace Surveillance.Dashboard.Tests.Conversations;

public sealed class MessageTextTests
{
    /// <summary>The pieces as text: marks in brackets with their numbers, signs in angle brackets, gaps as dots.</summary>
    private static string Shown(IEnumerable<TextPiece> pieces) => string.Concat(pieces.Select(p =>
        p.Left > 0 ? $"…{p.Left}…" : (p.IsSign ? $"<{p.Text}>" : p.Text) is var text && p.Marks.Count > 0 ? $"[{string.Join(',', p.Marks.Select(m => m.Number))}:{text}]" : text));

    private static string Cut(string text, params Mark[] marks) => Shown(MessageText.Cut(text, [], marks).SelectMany(b => b.Pieces));

    [Fact]
    public void Cut_OneMark_CutsAroundIt() => Assert.Equal("please [1:text me] now", Cut("please text me now", new Mark(7, 14, 1)));

    [Fact]
    public void Cut_OverlappingMarks_ShowsBothWhereTheyOverlap() =>
        Assert.Equal("[1:ab][1,2:cd][2:ef]g", Cut("abcdefg", new Mark(0, 4, 1), new Mark(2, 6, 2)));

    [Fact]
    public void Cut_NestedMarks_TellsWhereEachBeginsAndEnds()
    {
        var pieces = MessageText.Cut("abcdef", [], [new Mark(0, 6, 1, "e-0"), new Mark(2, 4, 2, "e-1")])[0].Pieces;
        Assert.Equal(["e-0", "e-1"], pieces.SelectMany(p => p.Starting).Select(m => m.Anchor));
        Assert.Equal([2, 1], pieces.SelectMany(p => p.Ending).Select(m => m.Number));
    }

    [Theory]
    [InlineData(-5, 3)]
    [InlineData(0, 3)]
    [InlineData(0, 999)]
    public void Cut_MarkBeyondTheText_KeepsWhatLiesInside(int start, int end) => Assert.StartsWith("[1:abc", Cut("abcdef", new Mark(start, end, 1)), StringComparison.Ordinal);

    [Fact]
    public void Cut_MarkWhollyOutside_MarksNothing() => Assert.Equal("abc", Cut("abc", new Mark(7, 9, 1), new Mark(2, 2, 1)));

    [Fact]
    public void Cut_MarkInsideAPairOfSurrogates_TakesTheWholeCharacter() => Assert.Equal("a[1:😀]b", Cut("a😀b", new Mark(2, 3, 1)));

    [Theory]
    [InlineData("a\u202Eb", "a<RLO>b")]
    [InlineData("a\u200Bb", "a<ZWSP>b")]
    [InlineData("a\u2066b\u2069", "a<LRI>b<PDI>")]
    [InlineData("a\0b", "a<NUL>b")]
    [InlineData("a\u001bb", "a<ESC>b")]
    [InlineData("a\u0085b", "a<C1>b")]
    [InlineData("a\uFEFFb", "a<BOM>b")]
    [InlineData("a\r\nb", "a\nb")]
    [InlineData("a\rb", "a<CR>b")]
    [InlineData("a\tb\nc", "a\tb\nc")]
    [InlineData("👩‍👩‍👧 é שלום", "👩‍👩‍👧 é שלום")]
    public void Cut_SignsThatCannotBeSeen_AreNamed(string text, string shown) => Assert.Equal(shown, Cut(text));

    [Fact]
    public void Cut_HalfACharacter_IsNamed() => Assert.Equal("a<half a character>b<half a character>", Cut("a\uD83Db" + '\uDE00'));

    [Fact]
    public void Cut_Zones_GivesOneBlockEachWithItsLines()
    {
        const string text = "hello\n> old\n> older\n";
        var blocks = MessageText.Cut(text, [new ZonedSpan(new TextSpan(0, 6), Zones.Authored), new ZonedSpan(new TextSpan(6, 20), Zones.Quoted)], [new Mark(8, 11, 1)]);
        Assert.Equal([(Zones.Authored, 1, false), (Zones.Quoted, 2, true)], blocks.Select(b => (b.Zone, b.Lines, b.HasMarks)));
        Assert.Equal("hello", Shown(blocks[0].Shown));
        Assert.Equal("> [1:old]\n> older", Shown(blocks[1].Shown));
    }

    [Fact]
    public void Cut_MegabyteOfText_ShowsTheStartAndWhatSurroundsMarks()
    {
        var text = new string('x', 1_000_000);
        var shown = Cut(text, new Mark(500_000, 500_004, 1));
        Assert.Contains("[1:xxxx]", shown, StringComparison.Ordinal);
        Assert.InRange(shown.Length, MessageText.ShownUnits, MessageText.ShownUnits + 2_000);
        Assert.Equal(text.Length, MessageText.Cut(text, [], [new Mark(500_000, 500_004, 1)]).SelectMany(b => b.Pieces).Sum(p => p.Left > 0 ? p.Left : p.Text.Length));
    }

    [Fact]
    public void Cut_AnyMarks_LoseNothingOfTheText()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => random.Next(5) switch { 0 => "😀", 1 => "é", 2 => " ", 3 => "\n", _ => ((char)random.Next('a', 'z')).ToString() }));
            var marks = Enumerable.Range(0, random.Next(6)).Select(i => random.Next(text.Length + 1) is var start ? new Mark(start, start + random.Next(9), i + 1) : null!).ToArray();
            var pieces = MessageText.Cut(text, [], marks).SelectMany(b => b.Pieces).ToList();
            Assert.Equal(text, string.Concat(pieces.Select(p => p.Text)));
            Assert.All(pieces, p => Assert.Equal(p.Text, text.Substring(p.Start, p.Text.Length)));
        }
    }

    [Fact]
    public void Snippet_EvidenceFarIn_StartsShortlyBeforeIt()
    {
        var text = string.Join(' ', Enumerable.Repeat("word", 100)) + " text me\nplease " + string.Join(' ', Enumerable.Repeat("more", 100));
        var shown = Shown(MessageText.Snippet(text, [new Mark(500, 507, 1)]));
        Assert.Matches("^…[0-9]+…word (word )+\\[1:text me\\] please more.*…[0-9]+…$", shown);
    }

    [Fact]
    public void Snippet_ShortText_IsTheText() => Assert.Equal("ok [1:then]", Shown(MessageText.Snippet("ok then", [new Mark(3, 7, 1)])));
}
