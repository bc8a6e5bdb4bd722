using Surveillance.Archive.Search;
using Surveillance.Messages;

namespace Surveillance.Engine.Tests.Archive.Search;

public sealed class SearchQueryParserTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  \t\n ", "")]
    [InlineData("Offer", "\"offer\"")]
    [InlineData("offer  RATE", "\"offer\" \"rate\"")]
    [InlineData("\"special offer\" x", "\"special offer\" \"x\"")]
    [InlineData("„special offer“", "\"special offer\"")]
    [InlineData("\"OR\" and or not", "\"or\" \"and\" \"or\" \"not\"")]
    [InlineData("\"-spam\" -5", "\"spam\" \"5\"")]
    [InlineData("off*", "\"off\"*")]
    [InlineData("sign-upper*", "\"sign upper\"*")]
    [InlineData("don't", "\"dont\"")]
    [InlineData("wh@tsapp", "\"wh tsapp\"")]
    [InlineData("利率", "\"利 率\"")]
    [InlineData("foo\"bar baz\"", "\"foo\" \"bar baz\"")]
    [InlineData("https://bank.example/x", "\"https bank example x\"")]
    [InlineData("10:30", "\"10 30\"")]
    [InlineData("\"re: rates\"", "\"re rates\"")]
    [InlineData("channel:email CHANNEL:Sms", "channel:email channel:sms")]
    [InlineData("direction:\"inbound\"", "direction:inbound")]
    [InlineData("from:Shah", "from:\"shah\"/shah")]
    [InlineData("to:\"+44 20 7946 0000\"", "to:\"44 20 7946 0000\"/+442079460000")]
    [InlineData("with:vog*", "with:\"vog\"*/vog")]
    [InlineData("conversation:aaaaaaaaaaaaaaaaaaaaaaaaaa", "conversation:aaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Parse_WellFormed_IsRead(string text, string expected)
    {
        var parsed = SearchQueryParser.Parse(text);
        Assert.Empty(parsed.Errors);
        Assert.Equal(expected, parsed.Query!.ToString());
    }

    [Fact]
    public void Parse_Times_AreUtcAndADayBeginsAtMidnight()
    {
        var query = SearchQueryParser.Parse("after:2026-05-04 before:2026-05-05T10:00:00+02:00").Query!;
        Assert.Equal(new DateTimeOffset(2026, 5, 4, 0, 0, 0, TimeSpan.Zero), query.After);
        Assert.Equal(new DateTimeOffset(2026, 5, 5, 8, 0, 0, TimeSpan.Zero), query.Before);
    }

    [Theory]
    [InlineData("form:shah", 1, 4, "there is no field `form`; a field with a similar name is `from`")]
    [InlineData("offer chanel:email", 7, 6, "there is no field `chanel`; a field with a similar name is `channel`")]
    [InlineData("re:rates", 1, 2, "there is no field `re`; there are channel, from, to, with, conversation, after, before, direction. Words with a colon are put in quotation marks")]
    [InlineData("x channel:emial", 11, 5, "there is no channel `emial`; one with a similar name is `email`")]
    [InlineData("direction:sideways", 11, 8, "there is no direction `sideways`; there are inbound, outbound, internal")]
    [InlineData("a \"b c", 3, 1, "this quotation is never closed; put a quotation mark at its end")]
    [InlineData("from:\"b c", 6, 1, "this quotation is never closed; put a quotation mark at its end")]
    [InlineData("from: shah", 1, 5, "`from:` needs a value right after the colon")]
    [InlineData("from:", 1, 5, "`from:` needs a value right after the colon")]
    [InlineData("from:\"\"", 6, 2, "there is no letter or digit in it to search for")]
    [InlineData("ok 😀", 4, 2, "there is no letter or digit in it to search for")]
    [InlineData("offer -spam", 7, 5, "there is no exclusion. Leave the hyphen out, or put the words in quotation marks to search for them")]
    [InlineData("-\"special offer\"", 1, 1, "there is no exclusion. Leave the hyphen out")]
    [InlineData("-channel:email", 1, 14, "there is no exclusion. Leave the hyphen out, or put the words in quotation marks to search for them")]
    [InlineData("a AND b", 3, 3, "there is no `AND`: all words are searched for anyway. Leave it out, or put it in quotation marks to search for the word")]
    [InlineData("a OR b", 3, 2, "there is no `OR`: search once for each word. Put it in quotation marks to search for the word")]
    [InlineData("NOT a", 1, 3, "there is no exclusion. Leave `NOT` out, or put it in quotation marks to search for the word")]
    [InlineData("ab*", 1, 3, "`*` needs at least 3 letters right before it")]
    [InlineData("*", 1, 1, "there is no letter or digit in it to search for")]
    [InlineData("abc-*", 1, 5, "`*` needs at least 3 letters right before it")]
    [InlineData("利率*", 1, 3, "`*` needs at least 3 letters right before it")]
    [InlineData("a*b", 2, 1, "`*` stands at the end of a word only")]
    [InlineData("after:yesterday", 7, 9, "`yesterday` is no date; write it as 2026-05-04, or with a time as 2026-05-04T09:00:00Z")]
    [InlineData("after:2026-02-30", 7, 10, "`2026-02-30` is no date; write it as 2026-05-04, or with a time as 2026-05-04T09:00:00Z")]
    [InlineData("after:2026-05-04 after:2026-05-05", 24, 10, "`after:` stands twice; write it once")]
    [InlineData("before:2026-05-04 after:2026-05-04", 25, 10, "nothing can be sent after the one time and before the other")]
    [InlineData("conversation:c-17", 14, 4, "`conversation:` takes the 26 characters at the end of a conversation's address")]
    public void Parse_Mistake_IsToldWithItsPlace(string text, int column, int length, string detail)
    {
        var parsed = SearchQueryParser.Parse(text);
        Assert.Null(parsed.Query);
        Assert.Equal([new SearchError(column, length, detail)], parsed.Errors);
    }

    [Fact]
    public void Parse_SeveralMistakes_TellsEachInOrder()
    {
        var errors = SearchQueryParser.Parse("form:x ab* channel:emial \"").Errors;
        Assert.Equal([1, 8, 20, 26], errors.Select(e => e.Column));
    }

    [Fact]
    public void Parse_TooMuch_IsRefused()
    {
        Assert.Equal([501], SearchQueryParser.Parse(new string('a', 501)).Errors.Select(e => e.Column));
        Assert.Empty(SearchQueryParser.Parse(new string('a', 500)).Errors);
        Assert.Equal("a query has at most 32 terms", Assert.Single(SearchQueryParser.Parse(string.Join(' ', Enumerable.Repeat("a", 33))).Errors).Detail);
        Assert.Equal("a phrase has at most 64 words, this one has 65", Assert.Single(SearchQueryParser.Parse(new string('理', 65)).Errors).Detail);
    }

    [Fact]
    public void Parse_AnyCharacters_NeverThrowsAndPlacesLieInTheText()
    {
        var random = new Random(7);
        const string alphabet = "ab:\"*“ \t\n-'理😀\uD83D\uE000from:to:after:2026-05-04channel:\0\u202E";
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => alphabet[random.Next(alphabet.Length)]));
            var parsed = SearchQueryParser.Parse(text);
            Assert.Equal(parsed.Errors.Count == 0, parsed.Query is not null);
            Assert.All(parsed.Errors, e => Assert.InRange(e.Column - 1 + e.Length, 1, text.Length));
        }
    }

    [Fact]
    public void IdOf_AnIdOrAnAddress_IsThePerson()
    {
        var ids = new IdMaker(new byte[32]);
        var id = ids.Person("+442079460000");
        Assert.Equal(id, SearchQueryParser.Parse("from:" + id).Query!.Persons[0].IdOf(ids));
        Assert.Equal(id, SearchQueryParser.Parse("from:\"+44 (20) 7946-0000\"").Query!.Persons[0].IdOf(ids));
    }
}
