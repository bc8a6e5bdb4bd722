using System.Text;
using Surveillance.Consent;
using Surveillance.Detection;
using Surveillance.Messages;
using Surveillance.Rules;

namespace Surveillance.Evaluation;

/// <summary>What came of one case of a rule's tests.</summary>
/// <param name="Name">The name of the case, or the beginning of its first message.</param>
/// <param name="ShouldFire">Whether the rule must match on at least one message; else it must match on none.</param>
/// <param name="Passed">Whether it did as it should.</param>
/// <param name="Explanation">For a failed case the tree of conditions with what was found, a line each; empty for a passed one.</param>
/// <param name="Case">The case.</param>
public sealed record RuleTestResult(string Name, bool ShouldFire, bool Passed, string Explanation, RuleTestCase Case);

/// <summary>Runs the tests inside rule files.</summary>
public static class RuleTester
{
    /// <summary>Runs every case of a rule, the firing ones first; a pure function of rule and revision.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="revision">A revision that holds it.</param>
    /// <exception cref="ArgumentException">The revision does not hold the rule.</exception>
    public static IReadOnlyList<RuleTestResult> Run(Rule rule, Revision revision)
    {
        if (revision.Find(rule.Id)?.Hash != rule.Hash)
        {
            throw new ArgumentException($"The revision does not hold this version of the rule {rule.Id}.", nameof(rule));
        }
        return [.. rule.Tests.FiresOn.Select(c => Run(rule, c, true, revision)), .. rule.Tests.SilentOn.Select(c => Run(rule, c, false, revision))];
    }

    private static RuleTestResult Run(Rule rule, RuleTestCase test, bool shouldFire, Revision revision)
    {
        var ids = new IdMaker(new byte[32]); // ids of a test never leave it
        var ledger = new ConsentLedger(ids.Person);
        long position = 0;
        foreach (var consent in test.Consent)
        {
            ledger.Add(consent, ++position);
        }
        var memory = new ConversationMemory();
        var fired = false;
        var explanations = new List<(Truth State, string Tree)>();
        foreach (var message in test.Messages)
        {
            using var prepared = new PreparedMessage(message);
            var hits = revision.Detectors.Detect(prepared);
            var entry = new ConversationEntry(++position, message, hits);
            var conversation = ids.Conversation(message);
            var (state, explained) = Evaluator.EvaluateRule(rule, prepared, hits, position, memory.View(conversation, entry), ledger.At(position), revision);
            memory.Add(conversation, entry);
            fired |= state == Truth.Matched;
            explanations.Add((state, Tree(message, state, explained)));
        }
        var passed = fired == shouldFire;
        var wanted = passed ? [] : explanations.Where(e => shouldFire || e.State == Truth.Matched).ToList();
        var text = string.Concat(wanted.Select((e, i) => (test.Messages.Count > 1 && shouldFire ? $"message {i + 1}:\n" : "") + e.Tree));
        return new RuleTestResult(test.Name ?? Beginning(test.Messages), shouldFire, passed, text, test);
    }

    private static string Beginning(IReadOnlyList<CapturedMessage> messages)
    {
        var text = (messages.Count > 0 ? messages[0].Text : null)?.ReplaceLineEndings(" ") ?? "(no text)";
        return text.Length <= 80 ? text : text[..(char.IsHighSurrogate(text[78]) ? 78 : 79)] + "…";
    }

    /// <summary>The trees of a judgement as indented lines: state, condition, and what was found against what was asked for.</summary>
    private static string Tree(CapturedMessage message, Truth state, RuleMatch explained)
    {
        var lines = new StringBuilder();
        if (!explained.Rule.AppliesTo.Covers(message))
        {
            return lines.Append("not looked at: the rule applies to other channels, directions or kinds (this is ")
                .Append(Names<Channel>.Of(message.Channel)).Append(", ").Append(Names<Direction>.Of(message.Direction)).Append(", ").Append(Names<MessageKind>.Of(message.Kind)).Append(")\n").ToString();
        }
        lines.Append(Word(state)).Append(": ").Append(explained.Rule.Id).Append('\n');
        Node(explained.Proof.When, 1, "when");
        if (explained.Proof.Unless is not null)
        {
            Node(explained.Proof.Unless, 1, "unless");
        }
        return lines.ToString();

        void Node(ConditionProof node, int depth, string label)
        {
            lines.Append(' ', depth * 2).Append(Word(node.State).PadRight(14)).Append(label).Append(' ').Append(node.Operator).Append(": ").Append(node.Says);
            if (node.Value is not null)
            {
                lines.Append(" [").Append(node.Value).Append(node.Threshold is null ? "" : ", asked for " + node.Threshold).Append(']');
            }
            if (node.Note is not null)
            {
                lines.Append(" (").Append(node.Note).Append(')');
            }
            foreach (var evidence in node.Evidence.Take(3))
            {
                var words = evidence.MessageId is null ? message.TextOf(evidence.Part) : null;
                if (words is not null)
                {
                    lines.Append(" \"").Append(words.AsSpan(evidence.Span.Start, evidence.Span.Length)).Append('"');
                }
            }
            lines.Append('\n');
            for (var i = 0; i < node.Parts.Count; i++)
            {
                Node(node.Parts[i], depth + 1, (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture) + ".");
            }
        }
    }

    private static string Word(Truth state) => state switch { Truth.Matched => "matched", Truth.NotMatched => "not matched", _ => "not evaluated" };
}
