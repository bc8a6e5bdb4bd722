using Surveillance.Archive.Search;
using Surveillance.Messages;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Archive.Search;

public sealed class SearchEvidenceTests
{
    [Theory]
    [InlineData("offer", "a special [offer] and an [OFFER]")]
    [InlineData("off*", "an [offer], [off] and [OFFICE]")]
    [InlineData("\"special offer\"", "a [special,  offer] but offer special")]
    [InlineData("dont", "I [don't], [don’t], [dont]")]
    [InlineData("利率", "今天[利率]多少，利 x 率")]
    [InlineData("cafe", "at the [café] and the [caf\u00ADe\u0301]")]
    [InlineData("nothing", "of this")]
    public void Find_Words_MarksThemAsCaptured(string query, string marked)
    {
        var text = marked.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
        var spans = SearchEvidence.Find(text, SearchQueryParser.Parse(query).Query!.Words);
        var shown = text;
        foreach (var span in spans.Reverse())
        {
            shown = shown.Insert(span.End, "]").Insert(span.Start, "[");
        }
        Assert.Equal(marked, shown);
    }

    [Fact]
    public void Find_WordsInSeveralParts_TakesTheFirstPartThatHasOne()
    {
        var message = A.Message("hello", subject: "rates", attachments: [new Attachment("rates.xlsx", Text: "tea")]);
        Assert.Equal("subject", Of(message, "rates")?.Part);
        Assert.Equal("attachments/0/text", Of(message, "tea")?.Part);
        Assert.Null(Of(message, "hello")!.Part);
        Assert.Null(Of(message, "channel:whatsapp"));
        Assert.Null(Of(message, "coffee"));
    }

    [Fact]
    public void Find_OneWordOverAndOver_StopsLooking()
    {
        var text = new string('理', 400_000);
        Assert.Equal(100, SearchEvidence.Find(text, SearchQueryParser.Parse("理").Query!.Words).Count);
        Assert.Empty(SearchEvidence.Find(text, SearchQueryParser.Parse(new string('理', 60) + "x").Query!.Words));
    }

    private static SearchEvidence? Of(CapturedMessage message, string query) => SearchEvidence.Find(message, SearchQueryParser.Parse(query).Query!.Words);
}
