using Surveillance.Consent;
using Surveillance.Detection;
using Surveillance.Evaluation;
using Surveillance.Messages;
using Surveillance.Rules;
using Surveillance.Rules.Source;
using Surveillance.Tests;
using Surveillance.Text;

namespace Surveillance.Engine.Tests.Rules.Operators;

/// <summary>Judges messages by a condition written as JSON.</summary>
internal static class Judged
{
    internal static readonly IdMaker Ids = new(new byte[32]);

    internal const string Invitations =
        """{ "id": "invitations", "version": 1, "title": "Invitations", "phrases": [ "text me", "ping me", { "text": "sign up", "stem": true }, "personal whatsapp", "加我微信" ] }""";

    internal const string Captured = """
        { "id": "captured", "version": 1, "title": "Captured", "entries": [ "+44 20 7946 0000", "example.com", { "value": "old@example.org", "until": "2026-01-31" } ] }
        """;

    /// <summary>The text of a rule file.</summary>
    internal static SourceFile RuleFile(string when, string? unless = null, string id = "r", string? appliesTo = null) => new($"rules/off-channel/{id}.json", $$"""
        { "id": "{{id}}", "version": 1, "family": "off-channel", "severity": "low", "title": "t", "why": "w", "owner": "compliance",
          {{(appliesTo is null ? "" : $"\"appliesTo\": {appliesTo},")}}
          "when": {{when}},
          {{(unless is null ? "" : $"\"unless\": {unless},")}}
          "tests": { "firesOn": [ "a long enough example" ], "silentOn": [ "another example" ] } }
        """);

    internal static RuleBookResult Read(params SourceFile[] rules) => RuleBook.FromFiles(
        [.. rules, new SourceFile("rules/lexicons/invitations.json", Invitations), new SourceFile("rules/lists/captured.json", Captured)], ["marketing"]);

    internal static RuleBook Book(params SourceFile[] rules)
    {
        var result = Read(rules);
        return result.Book ?? throw new ArgumentException(string.Join("\n", result.Diagnostics.Select(d => $"{d.Code} {d.Message}")));
    }

    internal static Revision Revision(string when, string? unless = null, string? appliesTo = null) => new(Book(RuleFile(when, unless, appliesTo: appliesTo)), DetectorSet.Empty);

    /// <summary>The findings of a rule with this condition, without warnings.</summary>
    internal static IReadOnlyList<Diagnostic> Errors(string when) => [.. Read(RuleFile(when)).Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)];

    /// <summary>What became of a rule.</summary>
    internal static (Truth State, RuleMatch Why) By(Revision revision, CapturedMessage message, MessageHits? hits = null, IConversationView? before = null, IConsentView? ledger = null)
    {
        using var prepared = new PreparedMessage(message);
        hits ??= revision.Detectors.Detect(prepared);
        before ??= EmptyConversation.Instance;
        ledger ??= new ConsentLedger(Ids.Person).At(long.MaxValue);
        var alone = Evaluator.EvaluateRule(revision.Rules[0], prepared, hits, 10, before, ledger, revision);
        var result = Evaluator.Evaluate(prepared, hits, 10, before, ledger, revision);
        // Whatever is judged here is judged the same among candidates: a necessary key holds nothing back.
        Assert.Equal(alone.State == Truth.Matched, result.Matches.Count == 1);
        Assert.Equal(alone.State == Truth.NotEvaluated, result.NotEvaluated.Count == 1);
        if (alone.State == Truth.NotEvaluated)
        {
            Assert.NotEmpty(result.NotEvaluated[0].Reasons);
        }
        if (revision.Rules[0].Unless is null && revision.Rules[0].AppliesTo == AppliesTo.Everything)
        {
            Assert.Equal(alone.State, alone.Explained.Proof.When.State); // the quick way and the explaining way agree
        }
        return alone;
    }

    internal static (Truth State, RuleMatch Why) By(string when, CapturedMessage message, MessageHits? hits = null, IConversationView? before = null, IConsentView? ledger = null) =>
        By(Revision(when), message, hits, before, ledger);

    /// <summary>The text with the evidence in brackets.</summary>
    internal static string Mark(string when, string text, MessageHits? hits = null)
    {
        var (_, why) = By(when, A.Message(text), hits);
        foreach (var evidence in why.Evidence.Reverse())
        {
            text = text.Insert(evidence.Span.End, "]").Insert(evidence.Span.Start, "[");
        }
        return text;
    }

    /// <summary>Hits on marked text: the words in brackets are of a type.</summary>
    internal static (string Text, MessageHits Hits) Pii(string marked, string type = "phone", double confidence = 0.9, bool validated = false, bool masked = false)
    {
        var hits = new List<PiiHit>();
        var text = "";
        foreach (var c in marked)
        {
            if (c == '[') { hits.Add(new PiiHit(type, new TextSpan(text.Length, -1), confidence, null, validated, masked)); }
            else if (c == ']') { hits[^1] = hits[^1] with { Span = hits[^1].Span with { End = text.Length } }; }
            else { text += c; }
        }
        return (text, new MessageHits { Pii = hits });
    }

    internal static MessageHits Score(double? marketing) => marketing is { } score ? new MessageHits { Scores = [new ClassifierScore("marketing", score)] } : MessageHits.None;

    /// <summary>Messages before, oldest first, positions from 1.</summary>
    internal static IConversationView Before(bool complete, params CapturedMessage[] messages) =>
        new Listed([.. messages.Select((m, i) => new ConversationEntry(i + 1, m, MessageHits.None)).Reverse()], complete);

    private sealed class Listed(IReadOnlyList<ConversationEntry> newestFirst, bool complete) : IConversationView
    {
        public int Count => newestFirst.Count;

        public bool IsComplete => complete;

        public ConversationEntry this[int index] => newestFirst[index];
    }
}
