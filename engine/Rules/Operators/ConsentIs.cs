using Surveillance.Messages;
using Surveillance.Rules.Source;

namespace Surveillance.Rules.Operators;

/// <summary>A client's consent to a purpose is in one of some states.</summary>
internal sealed class ConsentIs : Condition
{
    private const string NothingRecorded = "none";

    internal static readonly Operator Definition = new(
        "consent",
        "For any client or outsider on the other side of the message (recipients of an outbound one, the sender of an inbound one), consent to the purpose is in one of these states "
            + "when it was sent, as far as was known when it came in; `none` stands for nothing recorded. Consent is kept per channel and account; an objection holds on every channel.",
        """{ "consent": { "purpose": "marketing", "state": ["withdrawn", "objected", "none"] } }""",
        $$"""
        { "type": "object", "additionalProperties": false, "required": ["purpose", "state"], "properties": {
            "purpose": { "type": "string", "pattern": "^[a-z][a-z-]*$" },
            "state": { "oneOf": [ {{StateSchema()}}, { "type": "array", "minItems": 1, "uniqueItems": true, "items": {{StateSchema()}} } ] } } }
        """,
        Read);

    private readonly string _purpose;
    private readonly string[] _states;

    private ConsentIs(SourceNode node, string purpose, string[] states)
        : base(node)
    {
        _purpose = purpose;
        _states = states;
    }

    public override string Operator => Definition.Name;

    public override string Says => $"consent to {_purpose} is {Options.Join([.. _states.Select(s => s == NothingRecorded ? "not recorded" : s)], "or")} for a client on the other side";

    internal override int Cost => 10;

    private static string[] States => [.. Names<ConsentState>.All, NothingRecorded];

    internal override Outcome Evaluate(Facts facts)
    {
        var message = facts.Message;
        var matched = false;
        List<ConsentLookup>? lookups = null;
        switch (message.Direction)
        {
            case Direction.Inbound:
                Look(message.From);
                break;
            case Direction.Outbound:
                foreach (var recipient in message.To)
                {
                    Look(recipient);
                }
                break;
        }
        if (!facts.Explaining)
        {
            return Outcome.Of(matched);
        }
        var state = matched ? Truth.Matched : Truth.NotMatched;
        return new Outcome(state, ProofOf(state) with
        {
            Value = lookups is null ? "nobody on the other side" : string.Join(", ", lookups.Select(l => l.State)),
            Threshold = Options.Join(_states, "or"),
            Consent = lookups ?? [],
        });

        void Look(Participant participant)
        {
            if (participant.Role == Role.Employee)
            {
                return;
            }
            var person = facts.Ledger.PersonOf(participant.Address);
            var finding = facts.Ledger.Find(person, _purpose, message.Channel, message.Account, message.SentAt);
            var state = finding is null ? NothingRecorded : Names<ConsentState>.Of(finding.State);
            matched |= _states.Contains(state);
            var lookup = new ConsentLookup(person, _purpose, state, finding?.At, finding?.Position);
            facts.Lookups.Add(lookup);
            (lookups ??= []).Add(lookup);
        }
    }

    private static ConsentIs? Read(SourceNode value, SourceObject node, ConditionContext context)
    {
        if (Options.Object(value, Definition.Name, "an object with \"purpose\" and \"state\"", context, "purpose", "state") is not { } fields)
        {
            return null;
        }
        var states = Options.SomeOf(fields, "state", States, context, required: true);
        if (fields.TextNode("purpose", required: true) is not { } purpose)
        {
            return null;
        }
        if (!char.IsAsciiLetterLower(purpose.Value[0]) || !purpose.Value.All(c => char.IsAsciiLetterLower(c) || c == '-'))
        {
            context.Diagnostics.Error("E024", purpose.Span, $"\"{Shown.Clip(purpose.Value)}\" is not a value of \"purpose\"", note: "a purpose is a lower-case word such as `marketing` or `service`");
            return null;
        }
        if (states is not null && States.All(states.Contains))
        {
            context.Diagnostics.Error("E015", fields.Node("state")!.Span, "every state is named, so this always holds", help: "name the states that matter");
            return null;
        }
        return states is null ? null : new ConsentIs(node, purpose.Value, states);
    }

    private static string StateSchema() => $$"""{ "enum": [{{string.Join(", ", States.Select(s => $"\"{s}\""))}}] }""";
}
