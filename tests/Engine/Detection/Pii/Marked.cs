using System.Text;
using Surveillance.Detection;
using Surveillance.Detection.Pii;
using Surveillance.Messages;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Detection.Pii;

/// <summary>Texts in which brackets mark what must be found; <c>⟦ ⟧</c> where the text has brackets of its own.</summary>
internal static class Marked
{
    private static readonly PiiDetector Detector = new();

    /// <summary>The hits of a text that a client of no known country writes.</summary>
    /// <param name="text">The text.</param>
    internal static IReadOnlyList<PiiHit> Detect(string text) =>
        Detect(A.Message(text, account: null, direction: Direction.Inbound, from: new Participant("client", Role.Client), to: [new Participant("adviser", Role.Employee)]));

    /// <summary>The hits of a message.</summary>
    /// <param name="message">The message.</param>
    internal static IReadOnlyList<PiiHit> Detect(CapturedMessage message)
    {
        using var prepared = new PreparedMessage(message);
        return Detector.Detect(prepared);
    }

    /// <summary>Checks that what is marked, and nothing else, is found of a type at the default threshold.</summary>
    /// <param name="type">Name of the type.</param>
    /// <param name="marked">The text with its marks.</param>
    internal static void AssertFinds(string type, string marked)
    {
        var (open, close) = marked.Contains('⟦') ? ('⟦', '⟧') : ('[', ']');
        var text = marked.Replace(open.ToString(), "").Replace(close.ToString(), "");
        Assert.Equal(marked, Mark(text, Detect(text).Where(h => h.Type == type && h.Confidence >= PiiDetector.DefaultThreshold), open, close));
    }

    /// <summary>Checks that nothing of a type is found at the default threshold.</summary>
    /// <param name="type">Name of the type.</param>
    /// <param name="text">The text.</param>
    internal static void AssertFindsNothing(string type, string text) =>
        Assert.Equal(text, Mark(text, Detect(text).Where(h => h.Type == type && h.Confidence >= PiiDetector.DefaultThreshold), '⟦', '⟧'));

    private static string Mark(string text, IEnumerable<PiiHit> hits, char open, char close)
    {
        var marked = new StringBuilder(text);
        foreach (var hit in hits.Reverse())
        {
            marked.Insert(hit.Span.End, close).Insert(hit.Span.Start, open);
        }
        return marked.ToString();
    }
}
