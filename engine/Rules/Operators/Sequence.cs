using Surveillance.Messages;
using Surveillance.Rules.Source;

namespace Surveillance.Rules.Operators;

/// <summary>Something held on an earlier message of the conversation, and something holds on this one.</summary>
internal sealed class Sequence : Condition
{
    internal static readonly Operator Definition = new(
        "sequence",
        "`then` holds on this message and `first` on an earlier one of the conversation, sent at most `within` before by the same sender, by another or by anybody. "
            + "Not evaluated where earlier messages that could decide it are not at hand.",
        """{ "sequence": { "first": { "phrase": "delete this chat" }, "then": { "phrase": "done" }, "within": "24h", "by": "other" } }""",
        """
        { "type": "object", "additionalProperties": false, "required": ["first", "then", "within"], "properties": {
            "first": { "$ref": "#/$defs/condition" },
            "then": { "$ref": "#/$defs/condition" },
            "within": { "$ref": "#/$defs/duration" },
            "by": { "enum": ["any", "same", "other"], "description": "Who sent the earlier message, seen from the sender of this one. Default: any." } } }
        """,
        Read);

    private readonly Condition _first, _then;
    private readonly TimeSpan _within;
    private readonly string _by;

    private Sequence(SourceNode node, Condition first, Condition then, TimeSpan within, string by)
        : base(node)
    {
        _first = first;
        _then = then;
        _within = within;
        _by = by;
    }

    public override string Operator => Definition.Name;

    public override string Says =>
        $"the first of these holds on an earlier message{_by switch { "same" => " of the same sender", "other" => " of somebody else", _ => "" }}, at most {Options.Say(_within)} before, and the second on this one";

    public override IReadOnlyList<Condition> Children => [_first, _then];

    internal override NecessaryKey Key => _then.Key;

    internal override AttributeMask Mask => _then.Mask;

    internal override int Cost => 50 + _then.Cost;

    internal override TimeSpan? Reach => new[] { _within + (_first.Reach ?? TimeSpan.Zero), _then.Reach ?? TimeSpan.Zero }.Max();

    internal override Outcome Evaluate(Facts facts)
    {
        var then = _then.Evaluate(facts);
        if (then.State == Truth.NotMatched && !facts.Explaining)
        {
            return then;
        }
        var (state, found, note) = LookBack(facts);
        var both = then.State == Truth.NotMatched || state == Truth.NotMatched ? Truth.NotMatched
            : then.State == Truth.NotEvaluated || state == Truth.NotEvaluated ? Truth.NotEvaluated : Truth.Matched;
        if (!facts.Explaining)
        {
            return new Outcome(both);
        }
        var first = found?.Proof ?? new ConditionProof(_first.Pointer, _first.Operator, _first.Says, state) { Note = note };
        return new Outcome(both, ProofOf(both) with
        {
            Value = found is { } held ? Ago(facts.Message.SentAt - held.SentAt) : "on no earlier message",
            Threshold = "at most " + Options.Say(_within) + " before",
            Parts = [first, then.Proof!],
        });
    }

    /// <summary>The newest earlier message on which the first condition holds.</summary>
    private (Truth State, (ConditionProof? Proof, DateTimeOffset SentAt)? Found, string? Note) LookBack(Facts facts)
    {
        var from = facts.Message.SentAt - _within;
        var sender = _by == "any" ? "" : PersonKey.Of(facts.Message.From.Address);
        var open = false;
        for (var i = 0; i < facts.Conversation.Count; i++)
        {
            var entry = facts.Conversation[i];
            if (entry.Message.SentAt < from)
            {
                return open ? (Truth.NotEvaluated, null, "it could not be evaluated on an earlier message") : (Truth.NotMatched, null, null);
            }
            if (_by != "any" && PersonKey.Of(entry.Message.From.Address) == sender != (_by == "same"))
            {
                continue;
            }
            if (!_first.Mask.Covers(entry.Message))
            {
                continue;
            }
            var outcome = _first.Evaluate(facts.Earlier(i));
            if (outcome.State == Truth.Matched)
            {
                return (Truth.Matched, (outcome.Proof, entry.Message.SentAt), null);
            }
            open |= outcome.State == Truth.NotEvaluated;
        }
        return open ? (Truth.NotEvaluated, null, "it could not be evaluated on an earlier message")
            : facts.Conversation.IsComplete ? (Truth.NotMatched, null, null)
            : (Truth.NotEvaluated, null, "earlier messages of the conversation are not at hand");
    }

    private static string Ago(TimeSpan time) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalMinutes):0} minutes before");

    private static Sequence? Read(SourceNode value, SourceObject node, ConditionContext context)
    {
        if (Options.Object(value, Definition.Name, "an object with \"first\", \"then\" and \"within\"", context, "first", "then", "within", "by") is not { } fields)
        {
            return null;
        }
        var first = fields.Node("first", required: true) is { } f ? ConditionParser.Read(f, context) : null;
        var then = fields.Node("then", required: true) is { } t ? ConditionParser.Read(t, context) : null;
        var within = fields.Duration("within", required: true);
        var by = fields.Node("by") is null ? "any" : fields.OneOf("by", ["any", "same", "other"]);
        if (first?.Tree.OfType<Sequence>().FirstOrDefault() is { } nested)
        {
            context.Diagnostics.Error("E009", nested.Node.Span, "a sequence cannot stand in the `first` of another", help: "write the longer chain as a sequence in `then`");
            return null;
        }
        return first is null || then is null || within is null || by is null ? null : new Sequence(node, first, then, within.Value, by);
    }
}
