using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Surveillance.Text;

namespace Surveillance.Engine.Tests.Text;

public sealed class PreparedTextTests
{
    [Theory]
    [InlineData("Hello World", "hello world")]
    [InlineData("ＨＥＬＬＯ　１２３！", "hello 123!")]
    [InlineData("Çà et là: crème brûlée", "ca et la: creme brulee")]
    [InlineData("Cre\u0301me", "creme")]
    [InlineData("Straße Łódź Øresund", "strasse lodz oresund")]
    [InlineData("ﬁle №5 ™", "file no5 tm")]
    [InlineData("what\u200Bs\u00ADapp\uFEFF", "whatsapp")]
    [InlineData("line\u2028break\r\nnext", "line\nbreak \nnext")]
    [InlineData("tab\tand\u00A0blank\u2003wide", "tab and blank wide")]
    [InlineData("“quoted” – it’s ‘so’", "\"quoted\" - it's 'so'")]
    [InlineData("٠١٢٣ ९९२५ ７", "0123 9925 7")]
    [InlineData("①②③ ⑳", "123 20")]
    [InlineData("1\uFE0F\u20E3", "1")]
    [InlineData("\U0001D41A\U0001D7CF\U0001F130", "a1a")]
    [InlineData("👍 ok", "👍 ok")]
    [InlineData("\uD83D lone", "\uD83D lone")]
    [InlineData("加我微信，号是１２３", "加我微信,号是123")]
    [InlineData("раураl", "paypal")]
    [InlineData("привет", "привет")]
    [InlineData("İstanbul", "istanbul")]
    [InlineData("\u0000a\u007Fb", "a b")]
    [InlineData("whats\uFFFFapp \uFFFE\uFDD0me", "whatsapp me")]
    public void Fold_Character_BecomesPlain(string text, string folded) => Assert.Equal(folded, Folding.Fold(text));

    [Fact]
    public void Fold_FullWidthForms_BecomeAscii()
    {
        for (var c = '!'; c <= '~'; c++)
        {
            Assert.Equal(char.ToLowerInvariant(c).ToString(), Folding.Fold(((char)(c - '!' + '\uFF01')).ToString()));
        }
    }

    [Theory]
    [InlineData("text me", "text|me")]
    [InlineData("don't stop", "don't|stop")]
    [InlineData("rock 'n' roll'", "rock|n|roll")]
    [InlineData("加我 wechat号", "加|我|wechat|号")]
    [InlineData("3pm-ish, №7", "3pm|ish|no7")]
    [InlineData("मेरा फोन", "मेरा|फोन")]
    [InlineData("👍👍", "")]
    [InlineData("a_b", "a|b")]
    public void Tokens_Text_AreItsWords(string text, string words)
    {
        var prepared = PreparedText.Of(text);
        var found = new List<string>();
        foreach (var token in prepared.Tokens) { found.Add(prepared.Folded[token.Start..token.End].ToString()); }
        Assert.Equal(words, string.Join('|', found));
    }

    [Theory]
    [InlineData("wh@tsapp me", "whatsapp")]
    [InlineData("pure r1sk", "risk")]
    [InlineData("gu@r4nteed", "guaranteed")]
    [InlineData("@ll in", "all")]
    [InlineData("w h a t s a p p", "whatsapp")]
    [InlineData("g.u.a.r.a.n.t.e.e", "guarantee")]
    public void Alternates_DisguisedWord_IsRead(string text, string word)
    {
        var hashes = new List<ulong>();
        foreach (var alternate in PreparedText.Of(text).Alternates) { hashes.Add(alternate.Hash); }
        Assert.Contains(Folding.HashToken(word), hashes);
    }

    [Theory]
    [InlineData("pay 100 now")]
    [InlineData("a b c")]
    [InlineData("plain words")]
    [InlineData("2026")]
    public void Alternates_PlainText_AreNone(string text) => Assert.Equal(0, PreparedText.Of(text).Alternates.Length);

    [Theory]
    [InlineData("caf\u00E9", 3, 4, 3, 4)]
    [InlineData("cafe\u0301!", 3, 4, 3, 5)]
    [InlineData("a\u200Bb", 1, 2, 2, 3)]
    [InlineData("a\u200Bb", 0, 2, 0, 3)]
    [InlineData("ﬁx", 0, 2, 0, 1)]
    [InlineData("ﬁx", 1, 3, 0, 2)]
    [InlineData("👍é", 0, 1, 0, 2)]
    [InlineData("é", 1, 1, 1, 1)]
    public void ToOriginal_FoldedSpan_CoversItsOrigin(string text, int foldedStart, int foldedEnd, int start, int end) =>
        Assert.Equal(new TextSpan(start, end), PreparedText.Of(text).ToOriginal(foldedStart, foldedEnd));

    [Theory]
    [InlineData("one two", true)]
    [InlineData("one. two", false)]
    [InlineData("one.two", true)]
    [InlineData("one\ntwo", false)]
    [InlineData("one? two", false)]
    [InlineData("一。二", false)]
    [InlineData("1.5", true)]
    public void SameSentence_FirstAndLastToken_AreParted(string text, bool same)
    {
        var prepared = PreparedText.Of(text);
        Assert.Equal(same, prepared.SameSentence(0, prepared.Tokens.Length - 1));
        Assert.Equal(same, prepared.SameSentence(prepared.Tokens.Length - 1, 0));
    }

    private static readonly string[] Pieces =
    [
        "\uFFFF",
        "a", "B", "zebra", "'", "’", " ", "\n", "\r\n", "\t", "0", "12", "@", "$", "!", "|", "é", "e\u0301", "ß", "ﬁ", "Ａ", "１", "٣", "\u200B", "\u00AD", "\uFE0F", "\u0301",
        "中", "文", "カ", "я", "привет", "а", "Δ", "👍", "\uD83D", "\uDE00", "\U0001D41A", "№", ".", "x y z w", "\u007F", "\u0001", "\u2028", "फो", "İ",
    ];

    private static Arbitrary<string> Texts => Gen.ArrayOf(Gen.Elements(Pieces)).Select(p => string.Concat(p)).ToArbitrary();

    [Fact]
    public void Reset_AnyText_EqualsTheSlowTwin() => Prop.ForAll(Texts, text =>
    {
        var prepared = PreparedText.Of(text);
        var (folded, starts, ends) = SlowFold(text);
        var tokens = SlowTokens(folded);
        Assert.Equal(new string([.. folded]), prepared.Folded.ToString());
        Assert.Equal(tokens.Count, prepared.Tokens.Length);
        for (var i = 0; i < tokens.Count; i++)
        {
            var (start, end) = tokens[i];
            Assert.Equal((start, end), (prepared.Tokens[i].Start, prepared.Tokens[i].End));
            Assert.Equal(Folding.HashToken(new string([.. folded[start..end]])), prepared.Tokens[i].Hash);
            Assert.Equal(new TextSpan(starts[start], ends[end - 1]), prepared.SpanOfTokens(i, i));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Reset_AnyText_KeepsSpansInOrderAndInside() => Prop.ForAll(Texts, text =>
    {
        var prepared = PreparedText.Of(text);
        var last = 0;
        for (var i = 0; i < prepared.Folded.Length; i++)
        {
            var span = prepared.ToOriginal(i, i + 1);
            Assert.True(span.Start >= last && span.End > span.Start && span.End <= text.Length);
            last = span.Start;
        }
        var end = 0;
        foreach (var token in prepared.Tokens)
        {
            Assert.True(token.Start >= end && token.End > token.Start);
            end = token.End;
        }
        var first = 0;
        foreach (var alternate in prepared.Alternates)
        {
            Assert.True(alternate.First >= first && alternate.Count >= 1 && alternate.First + alternate.Count <= prepared.Tokens.Length);
            first = alternate.First;
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Reset_AsciiText_EqualsTheSlowPath() => Prop.ForAll(Gen.ArrayOf(Gen.Choose(0, 127)).Select(c => new string([.. c.Select(i => (char)i)])).ToArbitrary(), text =>
    {
        // An accent at the end sends the same text down the slow path.
        var fast = PreparedText.Of(text);
        var slow = PreparedText.Of(text + "\u00E9");
        Assert.Equal(fast.Folded.ToString() + "e", slow.Folded.ToString());
        for (var i = 0; i < fast.Folded.Length; i++)
        {
            Assert.Equal(fast.ToOriginal(i, i + 1), slow.ToOriginal(i, i + 1));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Reset_SecondText_ForgetsTheFirst()
    {
        var prepared = PreparedText.Of("wh@tsapp café 電話 and much else besides");
        prepared.Reset("ok");
        Assert.Equal("ok", prepared.Folded.ToString());
        Assert.Equal(1, prepared.Tokens.Length);
        Assert.Equal(0, prepared.Alternates.Length);
        Assert.Equal(new TextSpan(0, 2), prepared.SpanOfTokens(0, 0));
        Assert.Equal(Zones.Authored, prepared.ZoneAt(0));
    }

    [Fact]
    public void Rent_SecondTextOfTheSameSize_AllocatesNothing()
    {
        const string text = "Could you send the café's invoice, please? Ping me at 3.";
        for (var i = 0; i < 3; i++) { PreparedText.Return(PreparedText.Rent(text)); }
        var before = GC.GetAllocatedBytesForCurrentThread();
        PreparedText.Return(PreparedText.Rent(text));
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static (List<char> Folded, List<int> Starts, List<int> Ends) SlowFold(string text)
    {
        List<char> folded = [];
        List<int> starts = [], ends = [];
        for (var i = 0; i < text.Length; i++)
        {
            var width = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? 2 : 1;
            var plain = width == 2 ? Folding.Plain(char.ConvertToUtf32(text, i)) : '\0';
            var becomes = width == 2
                ? (plain == '\0' ? text.Substring(i, 2) : plain.ToString())
                : Folding.Map[text[i]] switch { Folding.Dropped => "", Folding.Several => Folding.SeveralOf[text[i]], var c => c.ToString() };
            if (becomes.Length == 0 && Folding.IsMark(text[i]) && ends.Count > 0 && ends[^1] == i) { ends[^1] = i + 1; }
            foreach (var c in becomes)
            {
                folded.Add(c);
                starts.Add(i);
                ends.Add(i + width);
            }
            i += width - 1;
        }
        // Words that mix Latin with Greek or Cyrillic letters are written with look-alikes.
        foreach (var (start, end) in SlowTokens(folded))
        {
            var word = folded[start..end];
            if (word.Any(c => c is >= 'a' and <= 'z') && word.Any(c => c is >= '\u0370' and <= '\u052F'))
            {
                for (var i = start; i < end; i++) { folded[i] = Folding.Lookalike(folded[i]); }
            }
        }
        return (folded, starts, ends);
    }

    private static List<(int Start, int End)> SlowTokens(List<char> folded)
    {
        static bool IsWord(char c) => char.IsLetterOrDigit(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
        List<(int, int)> tokens = [];
        var text = new StringBuilder().Append([.. folded]).ToString();
        for (var i = 0; i < text.Length;)
        {
            if (!IsWord(text[i])) { i++; continue; }
            var start = i++;
            if (!Folding.IsUnspaced(text[start]))
            {
                while (i < text.Length && ((IsWord(text[i]) && !Folding.IsUnspaced(text[i])) || (text[i] == '\'' && i + 1 < text.Length && IsWord(text[i + 1]) && !Folding.IsUnspaced(text[i + 1]))))
                {
                    i++;
                }
            }
            tokens.Add((start, i));
        }
        return tokens;
    }
}
